"""Plans side by side as a paper: what they are, how they stand in figures, and, of two, their items one by one on landscape annexes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from reports.bulletin import BUCKETS
from reports.comparison import Comparison, FieldDifference, Figures, ItemSide, Pair, PlanFigures, Side, Standing, as_json
from reports.paper import Annex, Block, Column, Heading, Paper, Row, Table, Text
from reports.words import NOTHING, Cell
from rules.texts import _
from rules.words import bucket_word, day_words, quoted


def figures_paper(view: Figures) -> Paper:
    """Return plans side by side in figures."""
    named = _("；").join(_("计划{mark}为{title}").format(mark=plan.mark, title=quoted(plan.title)) for plan in view.plans)
    lead = Text(
        _("截至{day}，{count}个计划的情况如下。其中{named}。").format(day=day_words(view.as_of), count=len(view.plans), named=named)
    )
    return Paper(
        kind="plan-figures",
        name=_("计划情况比较-{day}").format(day=view.as_of.isoformat()),
        written_on=view.as_of,
        title=(_("计划情况比较"),),
        blocks=(lead, *_figure_blocks(view)),
        data=as_json(view),
        proof=_proof(view),
    )


def comparison_paper(view: Comparison) -> Paper:
    """Return two documents side by side."""
    title = _("计划两个版本对照") if view.is_of_versions else _("两个计划对照")
    return Paper(
        kind="plan-comparison",
        name=_("计划对照-{a}-{b}-{day}").format(a=_file_mark(view.a), b=_file_mark(view.b), day=view.as_of.isoformat()),
        written_on=view.as_of,
        title=(title,),
        blocks=tuple(_blocks(view)),
        data=as_json(view),
        annexes=tuple(_annexes(view)),
        proof=_proof(view.figures) if view.figures else (),
    )


def overall_words(view: Comparison) -> str:
    """Return how many items are in both, how many of these differ, and how many only one has."""
    a, b = side_name(view, view.a), side_name(view, view.b)
    counts = [
        _("{a}有{a_count}个事项，{b}有{b_count}个").format(a=a, a_count=view.a.items, b=b, b_count=view.b.items),
        _("两者都有{both}个，其中{differing}个内容不同").format(
            both=len(view.pairs), differing=sum(bool(pair.differences) for pair in view.pairs)
        ),
        _("只有{side}有的{count}个").format(side=a, count=len(view.only_a)) if view.only_a else "",
        _("只有{side}有的{count}个").format(side=b, count=len(view.only_b)) if view.only_b else "",
    ]
    return _("{counts}。").format(counts=_("；").join(part for part in counts if part))


def side_name(view: Comparison, side: Side) -> str:
    """Return what a document is called in the tables: 计划A, or 第2版 of one plan."""
    return _version(side) if view.is_of_versions else _("计划{mark}").format(mark=side.mark)


def standing_words(standing: Standing | None) -> str:
    """Return how an item stands: its tasks, those done and behind, and the figures reached."""
    if standing is None or not standing.tasks:
        return _("没有已启动的任务")
    parts = [
        _("任务{count}项").format(count=standing.tasks),
        _("办结{count}项").format(count=standing.done) if standing.done else "",
        _("滞后、逾期或未启动{count}项").format(count=standing.behind) if standing.behind else "",
    ]
    words = _("，").join(part for part in parts if part)
    return _("；").join((words, *standing.measures))


def _blocks(view: Comparison) -> Iterator[Block]:
    yield Heading(_("总体情况"))
    yield Text(overall_words(view))
    yield _sides_table(view)
    if view.figures:
        yield Heading(_("进展情况（截至{day}）").format(day=day_words(view.as_of)))
        yield from _figure_blocks(view.figures)


def _sides_table(view: Comparison) -> Table:
    columns = (Column(_("项目"), "text", 24), Column(side_name(view, view.a), "text", 66), Column(side_name(view, view.b), "text", 66))
    pairs: list[tuple[str, Cell, Cell]] = [
        (_("名称"), view.a.title, view.b.title),
        (_("发文字号"), view.a.doc_no, view.b.doc_no),
        (_("发文机关"), view.a.issuer, view.b.issuer),
        (_("起止日期"), _span(view.a.starts_on, view.a.ends_on), _span(view.b.starts_on, view.b.ends_on)),
        (_("版本"), _version(view.a), _version(view.b)),
        (_("事项数"), str(view.a.items), str(view.b.items)),
    ]
    return Table(_("对照的文件"), columns, tuple(Row(cells) for cells in pairs if cells[1] or cells[2]))


def _version(side: Side) -> str:
    return _("第{version}版").format(version=side.version)


def _span(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return ""
    return _("{first}至{last}").format(first=day_words(first) if first else NOTHING, last=day_words(last) if last else NOTHING)


def _figure_blocks(view: Figures) -> Iterator[Block]:
    counts = (
        Column("", "text", 8),
        Column(_("计划"), "text", 40),
        Column(_("任务"), "count", 12),
        *(Column(bucket_word(bucket), "count", 12) for bucket in BUCKETS),
        Column(_("未到启动日"), "count", 12),
    )
    yield Table(_("任务数"), counts, tuple(Row(_count_cells(plan)) for plan in view.plans))
    shares = (
        Column("", "text", 8),
        *(Column(bucket_word(bucket), "percent", 14) for bucket in BUCKETS),
        Column(_("按期办结"), "count", 12),
        Column(_("应报进展"), "count", 13),
        Column(_("按时报送"), "count", 13),
        Column(_("未报"), "count", 12),
    )
    yield Table(_("占比和报送"), shares, tuple(Row(_share_cells(plan)) for plan in view.plans))


def _count_cells(plan: PlanFigures) -> tuple[Cell, ...]:
    buckets = (getattr(plan.counts, bucket) for bucket in BUCKETS)
    return (plan.mark, plan.title, plan.counts.tasks, *buckets, plan.later)


def _share_cells(plan: PlanFigures) -> tuple[Cell, ...]:
    shares = (getattr(plan.shares, bucket) for bucket in BUCKETS)
    return (plan.mark, *shares, plan.done_on_time, plan.reports_due, plan.reports_on_time, plan.reports_missing)


def _annexes(view: Comparison) -> Iterator[Annex]:
    differing = [pair for pair in view.pairs if pair.differences]
    alike = [pair for pair in view.pairs if not pair.differences]
    has_standing = view.figures is not None
    if differing:
        yield _annex(_("内容不同的事项"), _pairs_table(view, differing, has_standing=has_standing))
    if alike:
        yield _annex(_("内容相同的事项"), _alike_table(view, alike, has_standing=has_standing))
    for side, items in ((view.a, view.only_a), (view.b, view.only_b)):
        if items:
            title = _("只有{side}有的事项").format(side=side_name(view, side))
            yield _annex(title, _single_table(title, items, has_standing=has_standing))


def _annex(title: str, table: Table) -> Annex:
    return Annex(title, (table,), is_landscape=True)


def _pairs_table(view: Comparison, pairs: Iterable[Pair], *, has_standing: bool) -> Table:
    columns = (Column(_("项目"), "text", 25), Column(side_name(view, view.a), "text", 100), Column(side_name(view, view.b), "text", 100))
    rows: list[Row] = []
    for pair in pairs:
        rows.append(Row((_pair_title(pair), None, None), "group"))
        rows += [Row((one.name, one.before, one.after)) for one in pair.differences if not _says_its_title(one, pair)]
        if has_standing:
            rows.append(Row((_("进展"), standing_words(pair.a.standing), standing_words(pair.b.standing))))
    return Table(_("内容不同的事项"), columns, tuple(rows))


def _says_its_title(one: FieldDifference, pair: Pair) -> bool:
    return one.field == "title" and pair.a.title != pair.b.title


def _pair_title(pair: Pair) -> str:
    if pair.a.title != pair.b.title:
        return _("{a}　↔　{b}").format(a=_named(pair.a), b=_named(pair.b))
    numbers = [number for number in dict.fromkeys((pair.a.number, pair.b.number)) if number]
    return _("{number} {title}").format(number=_("／").join(numbers), title=pair.b.title).strip()


def _named(item: ItemSide) -> str:
    return _("{number} {title}").format(number=item.number or "", title=item.title).strip()


def _alike_table(view: Comparison, pairs: Iterable[Pair], *, has_standing: bool) -> Table:
    columns = [Column(_("事项"), "text", 65)]
    rows: list[list[Cell]] = [[_pair_title(pair)] for pair in pairs]
    if has_standing:
        columns += [Column(_("{side}的进展").format(side=side_name(view, side)), "text", 80) for side in (view.a, view.b)]
        rows = [[*row, standing_words(pair.a.standing), standing_words(pair.b.standing)] for row, pair in zip(rows, pairs, strict=True)]
    return Table(_("内容相同的事项"), tuple(columns), tuple(Row(tuple(row)) for row in rows))


def _single_table(title: str, items: Sequence[ItemSide], *, has_standing: bool) -> Table:
    columns = [Column(_("事项"), "text", 50), Column(_("内容"), "text", 85), Column(_("单位"), "text", 40)]
    columns += [Column(_("进展"), "text", 50)] if has_standing else []
    rows = []
    for item in items:
        cells: list[Cell] = [_named(item), item.text, _("、").join(item.units)]
        rows.append(Row((*cells, standing_words(item.standing)) if has_standing else tuple(cells)))
    return Table(title, tuple(columns), tuple(rows))


def _file_mark(side: Side) -> str:
    return f"{side.id}v{side.version}"


def _proof(view: Figures) -> tuple[str, ...]:
    return (_("评定规则{version}版，台账哈希{head}").format(version=view.rule_version, head=view.ledger_head),)
