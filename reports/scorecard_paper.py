"""A year's scorecard as a paper: what counted, the table of all units, then, in one annex, each unit with every line, its formula and the entries behind it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from reports.imprint import PREVIEW, Imprint
from reports.paper import Annex, Block, Column, Heading, Masthead, Paper, Record, Row, Signature, Table, Text
from reports.scorecard import EntryMark, LineDetail, PartScore, Scorecard, ScoreLine, UnitCard, as_json
from reports.words import Cell, Figure, listed, number_words
from rules.rounding import round_half_up
from rules.texts import _
from rules.words import day_words, quoted

# A matter's lines are followed to the ledger by place and the first signs of the hash; the workbook has the whole of it.
_HASH_SIGNS = 8


def scorecard_paper(card: Scorecard, imprint: Imprint = PREVIEW) -> Paper:
    """Return the scorecard as it is read. Without a number in the imprint it says that it is a preview."""
    signed_on, office = imprint.signed_on or card.written_on, imprint.office or ""
    return Paper(
        kind="scorecard",
        name=_name(card, imprint),
        written_on=card.written_on,
        title=(_("{year}年度督查考评表").format(year=card.year),),
        blocks=tuple(_body(card, imprint)),
        data=as_json(card),
        masthead=Masthead(_("督查考评"), imprint.issue, office, day_words(signed_on)),
        signature=Signature(signed_on, office),
        annexes=(Annex(_("各单位得分明细"), tuple(_unit_blocks(card))),) if card.units else (),
        record=Record(imprint.copies_to, office, signed_on) if office else None,
        proof=tuple(_proof(card)),
        sheets=(overall_table(card), _lines_sheet(card), _details_sheet(card), _entries_sheet(card)),
    )


def _name(card: Scorecard, imprint: Imprint) -> str:
    name = f"scorecard-{card.scheme.code}-{card.year}"
    return name if imprint.number is None else f"{name}-{imprint.year}-{imprint.number}"


def _body(card: Scorecard, imprint: Imprint) -> Iterator[Block]:
    if imprint.corrects:
        yield Text(_("本表更正{doc_no}：{reason}。").format(doc_no=imprint.corrects, reason=imprint.reason.rstrip("。")))
    yield Heading(_("依据和范围"))
    yield from (Text(words) for words in _basis_words(card))
    yield Heading(_("各单位得分"))
    if not card.units:
        yield Text(_("没有可计分的单位。"))
        return
    yield overall_table(card)
    yield from (Text(words) for words in _order_words(card))


def _basis_words(card: Scorecard) -> Iterator[str]:
    scheme = card.scheme
    if scheme.first_year is None:
        yield _("本表按程序自带的示例办法{title}试算，该办法未经采用，分数不作考评依据。").format(title=quoted(scheme.title))
    else:
        text = _("按照{title}（{version}版，自{year}年起采用）计分。")
        yield text.format(title=quoted(scheme.title), version=scheme.version, year=scheme.first_year)
    if scheme.basis:
        yield _("办法依据：{basis}。").format(basis=scheme.basis.rstrip("。"))
    if scheme.guarded:
        text = _("办法将{parts}计入考评，依据：{basis}。")
        yield text.format(parts=_("、").join(f"“{title}”" for title in scheme.guarded), basis=scheme.guard_rail_basis.rstrip("。"))
    text = _("任务情况截至{as_of}，按{written_on}已记入台账的事实评定，涉及{count}个单位。")
    yield text.format(as_of=day_words(card.as_of), written_on=day_words(card.written_on), count=len(card.units))


def _order_words(card: Scorecard) -> Iterator[str]:
    if card.is_ranked:
        yield _("单位按总分排列，同分的先看只用于排序的加分，仍相同的并列。")
    else:
        yield _("单位按登记顺序排列，不排名次。")
    yield _("各项得分按原数相加，只在总分上四舍五入到两位小数；每一项的计算和台账记录见附件。")
    if any(unit.total is None for unit in card.units):
        yield _("没有事项可以计分的单位不计总分，不按零分计。")
    if card.unmarked:
        text = _("尚有{count}项人工评分没有填入，本表不能印发：{listed}。")
        yield text.format(count=len(card.unmarked), listed=listed(card.unmarked))


def overall_table(card: Scorecard) -> Table:
    """Return the table of all units: groups where the scheme has them, else the items together, then additions, deductions and the total."""
    has_base = any(unit.base for unit in card.units)
    has_tie_break = any(unit.tie_break for unit in card.units)
    columns = [Column(_("单位"), "text", 40), Column(_("牵头\n事项"), "count", 13), Column(_("配合\n事项"), "count", 13)]
    columns += [Column(_("基础分"), "quantity", 16)] if has_base else []
    columns += [Column(_part_heading(part), "quantity", 18) for part in (card.units[0].parts if card.units else ())] or [
        Column(_("计分项目"), "quantity", 18)
    ]
    columns += [Column(_("加分"), "quantity", 14), Column(_("扣分"), "quantity", 14)]
    columns += [Column(_("排序\n加分"), "quantity", 14)] if has_tie_break else []
    columns.append(Column(_("总分"), "quantity", 18))
    columns += [Column(_("名次"), "count", 13)] if card.is_ranked else []
    rows = []
    for unit in card.units:
        cells: list[Cell] = [unit.name, unit.lead_matters, unit.support_matters]
        cells += [_points(unit.base)] if has_base else []
        cells += [_points(part.points) if part.full else None for part in unit.parts] or [_points(unit.items)]
        cells += [_points(unit.additions), _points(unit.deductions)]
        cells += [_points(unit.tie_break)] if has_tie_break else []
        cells.append(unit.total if unit.total is None else _points(unit.total))
        cells += [unit.rank] if card.is_ranked else []
        rows.append(Row(tuple(cells)))
    return Table(_("{year}年度各单位得分").format(year=card.year), tuple(columns), tuple(rows))


def _part_heading(part: PartScore) -> str:
    return _("其中：\n{title}").format(title=part.title) if part.parent else part.title


def _points(value: float, places: int = 2) -> Figure:
    """Return points as they are read, with a true minus; a workbook holds the number itself."""
    return Figure(value, number_words(round_half_up(value, places)).replace("-", "−"))


def _unit_blocks(card: Scorecard) -> Iterator[Block]:
    """Give every unit's part of the one annex: an annex a unit would fill the list of annexes and push the signature onto a page of its own."""
    for unit in card.units:
        yield Heading(unit.name)
        yield from _sum_texts(unit)
        yield _unit_table(unit)


def _sum_texts(unit: UnitCard) -> Iterator[Text]:
    yield Text(_("牵头{led}项，配合{supported}项。").format(led=unit.lead_matters, supported=unit.support_matters))
    if unit.notes:
        yield Text(_("{notes}。").format(notes=_("；").join(unit.notes)))
    if unit.total is None:
        yield Text(_("没有事项可以计分，不计总分。"))


def _unit_table(unit: UnitCard) -> Table:
    columns = (
        Column(_("项目"), "text", 34),
        Column(_("计算"), "text", 84),
        Column(_("最多"), "quantity", 17),
        Column(_("得分"), "quantity", 21),
    )
    rows = tuple(_unit_rows(unit))
    total = Row((_("总分"), unit.formula or None, None, None if unit.total is None else _points(unit.total)), "total")
    return Table("", columns, (*rows, total))


def _unit_rows(unit: UnitCard) -> Iterator[Row]:
    parts = {part.title: part for part in unit.parts}
    for title, found in groupby(unit.lines, key=lambda line: line.part):
        yield Row((_part_words(title, parts.get(title)), None, None, None), "group")
        for line in found:
            has_points = line.is_counted or line.points
            yield Row((line.title, line.formula, line.full or None, _points(line.points, 4) if has_points else None))
            yield from (Row((_detail_words(detail), None, None, None), "detail") for detail in line.details)


def _part_words(title: str, part: PartScore | None) -> str:
    if part is None or not part.full:
        return title
    text = _("{title}（最多{full}分，得{points}分）")
    return text.format(title=title, full=number_words(part.full), points=number_words(part.points))


def _detail_words(detail: LineDetail) -> str:
    role = role_word(detail.role)
    title = _("{title}（{role}）").format(title=detail.title, role=role) if role else detail.title
    words = _("{title}：{formula}").format(title=title, formula=detail.formula)
    return _("{words}。台账：{entries}").format(words=words, entries=entry_words(detail.entries)) if detail.entries else words


def role_word(role: str) -> str:
    """Return the word for a unit's part in a matter; nothing where a mark has none."""
    return {"lead": _("牵头"), "support": _("配合")}.get(role, "")


def entry_words(entries: Sequence[EntryMark]) -> str:
    """Return entries by chain, place and the first signs of their hashes."""
    parts = []
    for chain, found in groupby(entries, key=lambda entry: entry.chain):
        places = _("、").join(_("第{seq}条（{hash}）").format(seq=entry.seq, hash=entry.hash[:_HASH_SIGNS]) for entry in found)
        parts.append(_("{chain}{places}").format(chain=_chain_words(chain), places=places))
    return _("；").join(parts)


def _chain_words(chain: str) -> str:
    _kind, _dash, number = chain.partition("-")
    return _("计划{number}").format(number=number) if number else _("总账")


def _lines_sheet(card: Scorecard) -> Table:
    columns = (
        *(Column(_("单位"), "text", 40), Column(_("类别"), "text", 30), Column(_("项目"), "text", 40), Column(_("计算"), "text", 100)),
        *(Column(_("最多"), "quantity", 20), Column(_("得分"), "quantity", 20)),
    )
    rows = [(unit.name, line.part, line.title, line.formula, line.full, line.points) for unit in card.units for line in unit.lines]
    return Table(_("各项得分"), columns, tuple(Row(cells) for cells in rows))


def _details_sheet(card: Scorecard) -> Table:
    columns = (
        *(Column(_("单位"), "text", 40), Column(_("项目"), "text", 40), Column(_("事项"), "text", 70), Column(_("角色"), "text", 16)),
        *(Column(_("计算"), "text", 100), Column(_("得分"), "quantity", 20)),
    )
    rows = [(unit.name, line.title, one.title, role_word(one.role), one.formula, one.points) for unit, line, one in _details(card)]
    return Table(_("各事项计分"), columns, tuple(Row(cells) for cells in rows))


def _entries_sheet(card: Scorecard) -> Table:
    columns = (
        *(Column(_("单位"), "text", 40), Column(_("项目"), "text", 40), Column(_("事项"), "text", 70)),
        *(Column(_("台账"), "text", 20), Column(_("序号"), "count", 16), Column(_("哈希"), "text", 120)),
    )
    rows = [
        (unit.name, line.title, one.title, mark.chain, mark.seq, mark.hash) for unit, line, one in _details(card) for mark in one.entries
    ]
    return Table(_("台账记录"), columns, tuple(Row(cells) for cells in rows))


def _details(card: Scorecard) -> Iterator[tuple[UnitCard, ScoreLine, LineDetail]]:
    for unit in card.units:
        for line in unit.lines:
            for detail in line.details:
                yield unit, line, detail


def _proof(card: Scorecard) -> Iterator[str]:
    scheme = card.scheme
    yield _("考评办法 {code} {version}版，哈希{sha256}").format(code=scheme.code, version=scheme.version, sha256=scheme.sha256)
    yield _("评定规则{version}版，哈希{sha256}").format(version=card.rule_set.version, sha256=card.rule_set.sha256)
    yield _("台账哈希{head}").format(head=card.ledger_head)
