"""From the rows of a responsibility table to items: texts, units and times; what figures the cells set is read in `cellfigures` and `schedule`.

An item has one source: its row, completed by `inheriting` where the format lost the merging of cells.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from intake.cellfigures import figures_in_words, is_figure, is_number, lone_columns, whole_figures
from intake.celltimes import head_period, term
from intake.columns import UNIT_ROLES, Column
from intake.deadlines import NO_FRAME, own_days, recurrence_of
from intake.document import Cell
from intake.draft import ItemDraft, SourcePlace, UnitDraft, UnitRole
from intake.inheriting import whole_rows
from intake.matrix import MARKS, meanings
from intake.periods import Period
from intake.phrases import TERMINAL, split_outside, squeeze, tidy
from intake.quantities import targets_in
from intake.schedule import named_alike, tasks_of
from intake.sections import section_unit
from intake.spans import Frame
from intake.tables import NOTHING, HeadedTable, Row, rows_of
from intake.units import units_in

TITLE_LENGTH = 40
NAMES_PERSONS = re.compile("责任人|负责人|联系人|领导")
PERSON = re.compile(r"[/／（(][一-龥]{2,3}[)）]?(?=[、，；,;\n]|$)")
TIME_BESIDE = re.compile("时间|时限|期限|进度")
FIRST_IN_HEAD = re.compile(r"[（(].*(?:第一|首[位家个]|排[在前]|列前).*(?:牵|主|总)")
LOST_ZERO = re.compile(r"(?P<year>\d{4})\.1")
SURE, UNSURE, DOUBTFUL = 0.95, 0.75, 0.7


@dataclass(frozen=True, slots=True)
class Settings:
    """What the document says about all rows: the year that bare months belong to, the first year that is not history, the plan's own days, and
    `given`, the time that the head of a list or a phase gives to all that stands in it. `texts` are the lines around the tables, in which the marks of
    a matrix are explained; `merges_lost` says that the format keeps no merged cells.
    """

    base_year: int | None
    not_before: int | None
    first_leads: bool = False
    frame: Frame = NO_FRAME
    given: Period | None = None
    texts: tuple[str, ...] = ()
    merges_lost: bool = False


def items_of(headed: HeadedTable, settings: Settings) -> list[ItemDraft]:
    """Return one item a row. An item that took its units from the row above, though it has a number of its own, is less sure."""
    settings = replace(settings, base_year=headed.year or settings.base_year)
    roles = _roles_of_marks(headed, settings)
    items: list[ItemDraft] = []
    before: Row | None = None
    for row in whole_rows(headed, merges_lost=settings.merges_lost):
        item = _item(headed, row, before, settings, roles)
        items.append(item.model_copy(update={"confidence": UNSURE}) if row.takes_units else item)
        before = row
    return items


def _item(headed: HeadedTable, row: Row, before: Row | None, settings: Settings, roles: dict[str, UnitRole]) -> ItemDraft:
    title, content = _title_and_text(headed, row, before)
    starts_on, due_on = _days(headed, row, content, settings)
    figures, ends_on = whole_figures(headed, row, title, settings.not_before)
    tasks = tasks_of(headed, row, title, settings.base_year, settings.not_before)
    totals, tasks = named_alike((*targets_in(_said(headed, row, before, content), settings.base_year), *figures), tasks)
    units = _units(headed, row, settings, roles)
    lines = [cell.line for cell in row.cells if cell.line is not None]
    return ItemDraft(
        id=f"t{headed.number}-{row.row}",
        number=headed.text(row, "number") or None,
        path=tuple(text for text in (headed.caption, *row.sections, headed.text(row, "class")) if text),
        title=title,
        text=content,
        place=headed.text(row, "place").rstrip("。") or None,
        units=units,
        starts_on=starts_on,
        due_on=due_on or ends_on,
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
        confidence=DOUBTFUL if not units else UNSURE if headed.is_guessed else SURE,
        issue=bool(units),
    )


def _title_and_text(headed: HeadedTable, row: Row, before: Row | None) -> tuple[str, str]:
    """Return title and text; a title left empty under another is that one's (a merged cell of a format that keeps no merging)."""
    title, content = headed.text(row, "title"), _content(headed, row)
    if not title and content and before is not None:
        title = headed.text(before, "title")
    if not content and not title and (figures := figures_in_words(headed, row)):
        return headed.text(row, "responsible") or headed.text(row, "lead") or figures, figures
    if not content:
        content = title or next((tidy(cell.text) for cell in row.cells if len(cell.text) > 3), "") or _first_words(row)
    title = title or next(iter(split_outside(content, "，。；：\n")), content)[:TITLE_LENGTH]
    return title.strip(TERMINAL) or content[:TITLE_LENGTH] or "—", content


def _first_words(row: Row) -> str:
    return next((text for cell in row.cells if (text := tidy(cell.text))), "")


def _content(headed: HeadedTable, row: Row, is_left_out: Callable[[str], bool] = is_number) -> str:
    """Return the words of all columns that say what is to be done, one a line; a cell merged over several is read once, a bare figure is none."""
    says = [column for column in headed.columns if column.role in ("content", "figure")] + lone_columns(headed, row, None)
    cells = {id(row.cells[column.at]): row.cells[column.at] for column in says}
    return "\n".join(text for cell in cells.values() if not NOTHING.match(text := tidy(cell.text)) and not is_left_out(text))


def _said(headed: HeadedTable, row: Row, before: Row | None, content: str) -> str:
    """Return the words that may set figures beside those that stand alone in a cell: the content, and above it a title that is a task itself; one merged
    over several rows is said once.
    """
    column = headed.column("title")
    is_said = column is not None and before is not None and before.cells[column.at] is row.cells[column.at]
    title = "" if is_said else headed.text(row, "title")
    words = _content(headed, row, is_figure) or (title if column or figures_in_words(headed, row) else content)
    if column is None or not column.says_work or is_said:
        return words
    title = tidy(row.cells[column.at].text)
    return words if title in words else f"{title}\n{words}"


def _days(headed: HeadedTable, row: Row, content: str, settings: Settings) -> tuple[date | None, date | None]:
    """Return the row's own days: those of its time columns, else those its text names."""
    written = headed.text(row, "due") or _time_beside_units(headed, row)
    if _lost_a_nought(headed, row):
        return None, None
    due_text = term(written, settings.base_year)
    not_before = None if due_text else settings.not_before
    first, last = own_days(due_text or content, settings.base_year, not_before, settings.frame)
    start = head_period(term(headed.text(row, "start"), settings.base_year), settings.base_year)
    return (start.starts_on if start else first), last


def _time_beside_units(headed: HeadedTable, row: Row) -> str:
    """Return the words of a cell whose head asks for units and their time together (责任单位及完成时限)."""
    both = [column for column in headed.columns if column.role in UNIT_ROLES and TIME_BESIDE.search(column.head)]
    return next((text for column in both if (text := tidy(row.cells[column.at].text))), "")


def _lost_a_nought(headed: HeadedTable, row: Row) -> bool:
    """Return whether the row's time may be a tenth month: a sheet shows the number 2026.10 as 2026.1, unless it is typed as text or the column has both."""
    column = headed.column("due")
    if column is None or headed.table.sheet is None or row.cells[column.at].is_typed:
        return False
    return LOST_ZERO.fullmatch(row.cells[column.at].text) is not None and not _has_tenth_months(headed, column.at)


@lru_cache(maxsize=2)
def _has_tenth_months(headed: HeadedTable, at: int) -> bool:
    """Return whether a column has times such as 2026.10 in full. Kept for the table that is read, since every row may ask and the answer looks at all."""
    return any(re.fullmatch(r"\d{4}\.10", row[at].text.strip()) for row in headed.table.rows)


def _units(headed: HeadedTable, row: Row, settings: Settings, roles: dict[str, UnitRole]) -> tuple[UnitDraft, ...]:
    """Return the units of all unit columns, leads first; one cell merged over several columns is read once. Units that head columns of marks follow."""
    found: list[UnitDraft] = []
    seen: set[int] = set()
    for wanted in UNIT_ROLES:
        for column in headed.columns:
            cell: Cell = row.cells[column.at]
            if column.role != wanted or id(cell) in seen or NOTHING.match(cell.text.strip()):
                continue
            seen.add(id(cell))
            role = wanted if wanted in ("lead", "support") else "responsible"
            text = PERSON.sub("", cell.text) if NAMES_PERSONS.search(column.head) else cell.text
            found.extend(units_in(text, role, first_leads=_first_leads(headed, column, settings)))
    marked = [
        UnitDraft(name=unit.name, as_written=unit.as_written, role=roles[mark], open=unit.open)
        for column in headed.columns
        if column.acting and (mark := squeeze(row.cells[column.at].text)) in roles
        for unit in units_in(column.acting)
    ]
    if not found and not marked and headed.has_units_in_sections and row.sections:
        return units_in(section_unit(row.sections[-1]), first_leads=settings.first_leads)
    return (*found, *sorted(marked, key=lambda unit: UNIT_ROLES.index(unit.role)))


def _first_leads(headed: HeadedTable, column: Column, settings: Settings) -> bool:
    """Return whether the first unit of a column leads, because the document says so for all, or the column's own head does (部门（第一家牵头）)."""
    said = settings.first_leads or FIRST_IN_HEAD.search(squeeze(column.head)) is not None
    return said and column.role == "responsible" and headed.column("lead") is None


def _roles_of_marks(headed: HeadedTable, settings: Settings) -> dict[str, UnitRole]:
    acting = [column.at for column in headed.columns if column.acting]
    if not acting:
        return {}
    used = {squeeze(row.cells[at].text) for row in rows_of(headed) for at in acting} & MARKS
    cells = [cell.text for row in headed.table.rows for cell in row]
    return meanings([headed.caption or "", *cells, *settings.texts], used)
