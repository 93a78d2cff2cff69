"""A unit's page as a paper: one sheet with what is asked now, what the unit leads, and what else concerns it; what does not fit goes to an annex, whole.

The tables share the sheet's lines: what is asked goes first, some lines are kept for the last table, and the most pressing rows come first in each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from math import ceil

from reports.layout import TABLE_PT, width_in_characters
from reports.paper import Annex, Block, Column, Pairs, Paper, Row, Table, Text
from reports.portfolio import Ask, AskKind, OwedTask, Portfolio, Reporting, as_json
from reports.words import Cell, cell_words
from rules.texts import _
from rules.words import day_words, light_word, period_words

# Lines of table type that fit on the sheet beside the heads, fewer where an annex is named below; the most that asks may take, and what others keep.
LINES, LINES_BEFORE_ANNEX = 17, 13
MOST_FOR_ASKS, KEPT_FOR_OTHERS = 8, 3
HASH_SHOWN = 12
_CHARACTER_MM = TABLE_PT * 25.4 / 72
_PADDING_MM = 3.8


def portfolio_paper(view: Portfolio) -> Paper:
    """Return a unit's page."""
    tables = [table for table in (_asks_table(view), _led_table(view), _beside_table(view)) if table.rows]
    shown, cut = _fitted(tables, LINES)
    if cut:
        shown, cut = _fitted(tables, LINES_BEFORE_ANNEX)
    blocks: list[Block] = [Pairs("", _standing(view)), *(shown or [Text(_("没有要办的任务。"))])]
    return Paper(
        kind="unit-page",
        name=_("{unit}台账页-{day}").format(unit=view.unit, day=view.as_of.isoformat()),
        written_on=view.as_of,
        title=(_("{unit}台账页").format(unit=view.unit),),
        blocks=tuple(blocks),
        data=as_json(view),
        annexes=(Annex(_("{unit}承担任务全表").format(unit=view.unit), tuple(cut), is_landscape=False),) if cut else (),
        # The whole hash is in the JSON; here it would take a second line.
        proof=(_("评定规则{version}版，台账哈希{head}").format(version=view.rule_version, head=view.ledger_head[:HASH_SHOWN]),),
        sheets=tuple(tables),
    )


def ask_words(ask: Ask) -> str:
    """Return what is asked, in a few words."""
    words = {
        AskKind.ACKNOWLEDGE: _("签收任务"),
        AskKind.RECEIVE_NOTICE: _("签收{about}"),
        AskKind.ANSWER_NOTICE: _("办理{about}"),
        AskKind.REPORT: _("填报{about}进展"),
        AskKind.SUBMIT: _("申请办结"),
    }
    return words[ask.kind].format(about=ask.about)


def left_words(days_left: int | None) -> str:
    """Return how long there is still time: a day in the past says by how much it passed."""
    if days_left is None:
        return _("即日")
    if days_left < 0:
        return _("已过{days}天").format(days=-days_left)
    return _("还有{days}天").format(days=days_left) if days_left else _("今天")


def _standing(view: Portfolio) -> tuple[tuple[str, str], ...]:
    """Return how the unit stands at a glance; what does not concern it is left out."""
    lit = [_("{light}{count}项").format(light=light_word(light), count=count) for light, count in view.lights.items() if count]
    led = _("{count}项").format(count=len(view.led))
    reports = _("应报{due}次，按时{on_time}次，未报{missing}次")
    pairs = [
        (_("截至"), day_words(view.as_of)),
        (_("在办牵头任务"), _("{led}：{lights}").format(led=led, lights=_("、").join(lit)) if lit else led),
        (_("在办配合任务"), _("{count}项").format(count=len(view.supported)) if view.supported else ""),
        (_("未到启动日"), _("{count}项").format(count=view.later) if view.later else ""),
        (_("已办结"), _("{count}项").format(count=view.done) if view.done else ""),
        (_("进展报送"), _reported(reports, view) if view.reports_due else ""),
        (_("下一季度到期"), _numbered([one.id for one in view.due_next]) if view.due_next else ""),
        (_("下次报送"), _reporting_words(view.reporting) if view.reporting else ""),
    ]
    return tuple(pair for pair in pairs if pair[1])


def _reported(text: str, view: Portfolio) -> str:
    return text.format(due=view.reports_due, on_time=view.reports_on_time, missing=view.reports_missing)


def _reporting_words(said: Reporting) -> str:
    text = _("{period}，{tasks}项，{limit}前")
    return text.format(period=period_words(said.period), tasks=said.tasks, limit=day_words(said.limit_on))


def _asks_table(view: Portfolio) -> Table:
    columns = (
        Column(_("要办的事"), "text", 46),
        Column(_("任务"), "text", 64),
        Column(_("最迟"), "date", 25),
        Column(_("时限"), "text", 21),
    )
    return Table(_("现在要办"), columns, tuple(Row(cells) for cells in _ask_rows(view.asks)))


def _ask_rows(asks: Iterable[Ask]) -> Iterator[tuple[Cell, ...]]:
    """Give a row for each thing asked; what is asked for several tasks until the same day is one row with their numbers."""
    alike: dict[tuple[str, date | None], list[Ask]] = defaultdict(list)
    for ask in asks:
        alike[ask_words(ask), ask.until].append(ask)
    for (words, until), found in alike.items():
        tasks = found[0].task if len(found) == 1 else _numbered([ask.task_id for ask in found])
        yield (words, tasks, until, left_words(found[0].days_left))


def _numbered(ids: Sequence[int]) -> str:
    return _("{count}项：任务{numbers}").format(count=len(ids), numbers=_("、").join(str(one) for one in sorted(ids)))


def _led_table(view: Portfolio) -> Table:
    columns = (
        Column(_("编号"), "count", 11),
        Column(_("牵头任务"), "text", 43),
        Column(_("期限"), "date", 25),
        Column(_("灯号"), "light", 14),
        Column(_("实际／目标"), "text", 28),
        Column(_("应达"), "percent", 16),
        Column(_("差距（百分点）"), "gap", 19),
    )
    return Table(_("牵头任务"), columns, tuple(Row(_led_cells(task)) for task in view.led))


def _led_cells(task: OwedTask) -> tuple[Cell, ...]:
    return (task.id, task.task, task.due_on, task.light, figures_words(task), task.pace, task.gap_pp)


def figures_words(task: OwedTask) -> str:
    """Return actual and target of a task's worst measure in words; without figures what part of its milestones is reached."""
    if task.wanted is not None:
        text = _("{actual}／{wanted}")
        return text.format(wanted=task.wanted, actual=task.actual or _("未填报"))
    return _("节点完成{reached}").format(reached=cell_words("percent", task.reached)) if task.reached is not None else _("未设量化目标")


def _beside_table(view: Portfolio) -> Table:
    """Return what else concerns the unit: notices, requests that wait, and what it supports, each under its heading."""
    columns = (
        Column(_("编号"), "count", 11),
        Column(_("其他事项"), "text", 74),
        Column(_("说明"), "text", 46),
        Column(_("日期"), "date", 25),
    )
    groups: list[tuple[str, list[tuple[Cell, ...]]]] = [
        (_("督办通知单（时限）"), [(one.id, one.task, f"{one.doc_no} {one.level}", one.limit_on) for one in view.notices]),
        (_("待批申请（提出日）"), [(one.id, one.task, _asked(one.kind, one.wanted), one.filed_on) for one in view.requests]),
        (_("配合任务（期限）"), [(one.id, one.task, _supported(one.lead, one.light), one.due_on) for one in view.supported]),
    ]
    rows = [row for title, found in groups if found for row in (_group_row(title, len(columns)), *(Row(cells) for cells in found))]
    return Table(_("其他"), columns, tuple(rows))


def _asked(kind: str, wanted: str) -> str:
    return _("{kind}：{wanted}").format(kind=kind, wanted=wanted) if wanted else kind


def _supported(lead: str, light: str) -> str:
    return _("{lead}牵头，{light}").format(lead=lead, light=light_word(light))


def _group_row(title: str, width: int) -> Row:
    return Row((title, *[None] * (width - 1)), "group")


def _fitted(tables: Sequence[Table], lines: int) -> tuple[list[Block], list[Block]]:
    """Return the tables as they fit on the sheet, and those that had to be cut, whole."""
    shown: list[Block] = []
    cut: list[Block] = []
    for number, table in enumerate(tables, start=1):
        is_first, is_last = number == 1, number == len(tables)
        most = lines if is_last else max(lines - KEPT_FOR_OTHERS, 1)
        kept, used = _kept(table, min(most, MOST_FOR_ASKS) if is_first and not is_last else most)
        lines -= used
        if len(kept) < len(table.rows):
            left = sum(row.style != "group" for row in table.rows[len(kept) :])
            kept = (*kept, Row((_("另有{count}项，见附件").format(count=left), *[None] * (len(table.columns) - 1)), "group"))
            cut.append(table)
        # The headings say what the tables are; a title above each would cost the sheet three lines.
        shown.append(Table("", table.columns, kept, table.over))
    return shown, cut


def _kept(table: Table, lines: int) -> tuple[tuple[Row, ...], int]:
    """Return the first rows that take no more than so many lines, and the lines they take; a heading is not kept without a row below it."""
    kept: list[Row] = []
    used = 0
    for row in table.rows:
        needed = 1 if row.style == "group" else _line_count(table.columns, row.cells)
        if used + needed > lines:
            break
        kept.append(row)
        used += needed
    if kept and kept[-1].style == "group" and len(kept) < len(table.rows):
        kept.pop()
    return tuple(kept), used


def _line_count(columns: Iterable[Column], cells: Iterable[Cell]) -> int:
    pairs = zip(columns, cells, strict=True)
    return max(
        ceil(width_in_characters(cell_words(column.kind, cell)) / ((column.width - _PADDING_MM) / _CHARACTER_MM)) for column, cell in pairs
    )
