"""From the rows of a responsibility table to items: texts, units, times, and the quantities of each year under the measures of the whole.

A quantity of a year is counted under the measure of the item's total it belongs to, so that the sums can be checked later by name alone.
"""

import re
from dataclasses import dataclass
from datetime import date

from intake.deadlines import NO_FRAME, own_days, recurrence_of
from intake.document import Cell
from intake.draft import Comparator, ItemDraft, SourcePlace, TargetDraft, TaskDraft, UnitDraft
from intake.headings import Role
from intake.periods import Period, period_of, year_end, year_start
from intake.phrases import TERMINAL, likeness, split_outside, tidy
from intake.quantities import targets_in
from intake.spans import Frame
from intake.tables import HeadedTable, Row, rows_of
from intake.units import units_in

NOTHING = re.compile(r"^(?:/|—+|-+|无|－+)?$")
YEAR_OR_MONTH = re.compile(r"^(?P<year>\d{4})(?:[-./](?P<month>\d{1,2}))?$")
BARE_FIGURE = re.compile(r"^(?P<sign>[≥≧≤≦><＞＜])?\s*(?P<value>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[%‰])?$")
UNIT_IN_TITLE = re.compile(r"[（(](?P<unit>[^（）()]{1,6})[）)]$")
SIGNS: dict[str, Comparator] = {"≥": "ge", "≧": "ge", "≤": "le", "≦": "le", ">": "gt", "＞": "gt", "<": "lt", "＜": "lt"}
UNIT_ROLES: tuple[Role, ...] = ("lead", "responsible", "support")
TITLE_LENGTH = 40
ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Settings:
    """What the document says about all rows: the year that bare months belong to, the first year that is not history, the plan's own days, and
    `given`, the time that the head of a list or a phase gives to all that stands in it.
    """

    base_year: int | None
    not_before: int | None
    first_leads: bool = False
    frame: Frame = NO_FRAME
    given: Period | None = None


def items_of(headed: HeadedTable, settings: Settings) -> list[ItemDraft]:
    """Return one item a row."""
    items: list[ItemDraft] = []
    before: Row | None = None
    for row in rows_of(headed):
        items.append(_item(headed, row, before, settings))
        before = row
    return items


def _item(headed: HeadedTable, row: Row, before: Row | None, settings: Settings) -> ItemDraft:
    title, content = _title_and_text(headed, row, before)
    starts_on, due_on = _days(headed, row, content, settings)
    tasks = _tasks(headed, row, settings)
    totals, tasks = named_alike(targets_in(content, settings.base_year), tasks)
    units = _units(headed, row, settings)
    lines = [cell.line for cell in row.cells if cell.line is not None]
    return ItemDraft(
        id=f"t{headed.number}-{row.row}",
        number=_text(headed, row, "number") or None,
        path=tuple(text for text in (headed.caption, row.section) if text),
        title=title,
        text=content,
        place=(_text(headed, row, "place").rstrip("。") or None),
        units=units,
        starts_on=starts_on,
        due_on=due_on,
        recurrence=recurrence_of(content),
        targets=totals,
        tasks=tasks,
        source=SourcePlace(
            first_line=min(lines, default=None),
            last_line=max(lines, default=None),
            sheet=headed.table.sheet,
            table=headed.number,
            row=row.place,
        ),
        confidence=0.95 if units else 0.7,
        issue=bool(units),
    )


def _text(headed: HeadedTable, row: Row, role: Role) -> str:
    column = headed.column(role)
    text = tidy(row.cells[column.at].text) if column else ""
    return "" if NOTHING.match(text) else text


def _title_and_text(headed: HeadedTable, row: Row, before: Row | None) -> tuple[str, str]:
    """Return title and text; a title left empty under another is that one's (a merged cell of a format that keeps no merging)."""
    title, content = _text(headed, row, "title"), _content(headed, row)
    if not title and content and before is not None:
        title = _text(headed, before, "title")
    if not content:
        content = title or next((tidy(cell.text) for cell in row.cells if len(cell.text) > 3), "") or tidy(row.cells[0].text)
    title = title or next(iter(split_outside(content, "，。；：\n")), content)[:TITLE_LENGTH]
    return title.strip(TERMINAL) or content[:TITLE_LENGTH] or "—", content


def _content(headed: HeadedTable, row: Row) -> str:
    """Return the words of all columns that say what is to be done, one a line; a cell merged over several is read once."""
    cells = {id(row.cells[column.at]): row.cells[column.at] for column in headed.columns if column.role == "content"}
    return "\n".join(text for cell in cells.values() if not NOTHING.match(text := tidy(cell.text)))


def _days(headed: HeadedTable, row: Row, content: str, settings: Settings) -> tuple[date | None, date | None]:
    """Return the row's own days: those of its time columns, else those its text names."""
    due_text = YEAR_OR_MONTH.sub(
        lambda match: f"{match['year']}年{match['month']}月" if match["month"] else f"{match['year']}年", _text(headed, row, "due")
    )
    not_before = None if due_text else settings.not_before
    first, last = own_days(due_text or content, settings.base_year, not_before, settings.frame)
    start = period_of(_text(headed, row, "start"), settings.base_year)
    return (start.starts_on if start else first), last


def _units(headed: HeadedTable, row: Row, settings: Settings) -> tuple[UnitDraft, ...]:
    """Return the units of all unit columns, leads first; one cell merged over several columns is read once."""
    found: list[UnitDraft] = []
    seen: set[int] = set()
    has_lead_column = headed.column("lead") is not None
    for wanted in UNIT_ROLES:
        for column in headed.columns:
            cell: Cell = row.cells[column.at]
            if column.role != wanted or id(cell) in seen or NOTHING.match(cell.text.strip()):
                continue
            seen.add(id(cell))
            role = wanted if wanted in ("lead", "support") else "responsible"
            found.extend(units_in(cell.text, role, first_leads=settings.first_leads and not has_lead_column and wanted == "responsible"))
    return tuple(found)


def _tasks(headed: HeadedTable, row: Row, settings: Settings) -> tuple[TaskDraft, ...]:
    tasks: list[TaskDraft] = []
    for column in headed.periods:
        text = tidy(row.cells[column.at].text)
        period = column.period
        if period is None or NOTHING.match(text):
            continue
        starts_on = period.starts_on or period.ends_on
        is_year = (starts_on, period.ends_on) == (year_start(starts_on.year), year_end(starts_on.year))
        label = f"{starts_on.year}年" if is_year and not column.short_year else _dated(period.text, starts_on.year)
        targets = _indicator(headed, row, text, period.ends_on.year) or targets_in(text, settings.base_year, year=period.ends_on.year)
        tasks.append(TaskDraft(label=label, starts_on=starts_on, due_on=period.ends_on, text=text, targets=targets))
    return tuple(tasks)


def _dated(words: str, year: int) -> str:
    """Return the words of a head with their year: 上半年 of a plan for 2026 is 2026年上半年."""
    return words if re.search(r"\d年|\d{4}", words) else f"{year}年{words}"


def _indicator(headed: HeadedTable, row: Row, text: str, year: int) -> tuple[TargetDraft, ...]:
    """Return the target of a cell that holds a bare figure: the row's title says what is counted, a column of its own or the title's bracket in what."""
    figure = BARE_FIGURE.match(text)
    if not figure:
        return ()
    title = _text(headed, row, "title") or _content(headed, row)
    named = UNIT_IN_TITLE.search(title)
    unit = figure["unit"] or _text(headed, row, "measure") or (named["unit"] if named else "")
    baseline = BARE_FIGURE.match(_text(headed, row, "baseline"))
    target = TargetDraft(
        text=text,
        measure=UNIT_IN_TITLE.sub("", title) or None,
        unit_of_measure=unit or None,
        comparator=SIGNS.get(figure["sign"] or "", "eq"),
        value=float(figure["value"].replace(",", "")),
        year=year,
        basis="level" if unit in ("%", "‰") or baseline else None,
        baseline=float(baseline["value"].replace(",", "")) if baseline else None,
    )
    return (target,)


def named_alike(totals: tuple[TargetDraft, ...], tasks: tuple[TaskDraft, ...]) -> tuple[tuple[TargetDraft, ...], tuple[TaskDraft, ...]]:
    """Return totals and tasks with one measure for each series: that of the total it belongs to, else that of the first year that has it."""
    totals = _distinct(totals)
    known = list(totals)
    named: list[TaskDraft] = []
    for task in tasks:
        targets = _named(task.targets, known)
        known += [target for target in targets if target.measure not in {one.measure for one in known}]
        named.append(task.model_copy(update={"targets": targets}))
    return totals, tuple(named)


def _named(targets: tuple[TargetDraft, ...], known: list[TargetDraft]) -> tuple[TargetDraft, ...]:
    """Give each target the measure of the known one most like it, best pairs first, each known one once."""
    pairs = sorted(
        ((-_alike(target, one, at, place), at, place) for at, target in enumerate(targets) for place, one in enumerate(known)),
    )
    chosen: dict[int, int] = {}
    for score, at, place in pairs:
        if at not in chosen and place not in chosen.values() and -score >= ALIKE:
            chosen[at] = place
    named = tuple(
        target.model_copy(update={"measure": known[chosen[at]].measure}) if at in chosen else target for at, target in enumerate(targets)
    )
    return _distinct(named)


def _alike(target: TargetDraft, known: TargetDraft, at: int, place: int) -> float:
    """Return how surely two quantities count the same thing; same order breaks ties, a rate never counts what a number counts."""
    if _is_rate(target) != _is_rate(known) or known.scope:
        return 0.0
    wording = max(likeness(_words(target), _words(known)), likeness(target.measure or "", known.measure or ""))
    same_unit = 0.1 if target.unit_of_measure == known.unit_of_measure else 0.0
    bare = 0.35 if not target.measure or len(target.measure) <= 3 or wording == 0 else 0.0
    return max(wording, bare if same_unit else 0.0) + same_unit + 0.05 / (1 + abs(at - place))


def _words(target: TargetDraft) -> str:
    return re.sub(r"支持|完成|开展|实施", "", target.text)


def _is_rate(target: TargetDraft) -> bool:
    return (target.unit_of_measure or "") in ("%", "‰", "个百分点", "百分点") or target.comparator == "exceeds-series"


def _distinct(targets: tuple[TargetDraft, ...]) -> tuple[TargetDraft, ...]:
    """Return the targets with measures that tell them apart: a measure used twice gets its scope, else a number."""
    used: dict[str | None, int] = {}
    found: list[TargetDraft] = []
    for target in targets:
        used[target.measure] = used.get(target.measure, 0) + 1
        if used[target.measure] > 1 and target.measure:
            target = target.model_copy(update={"measure": f"{target.measure}（{target.scope or used[target.measure]}）"})
        found.append(target)
    return tuple(found)
