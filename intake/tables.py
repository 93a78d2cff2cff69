"""Responsibility tables: which rows are the head, what each column holds, which rows carry items.

A head may be two rows (进度安排 over 2013年, 2014年, 2015年) with title rows above; its words are looked up in `headings`, its periods in `periods`. A table
without a head goes on with the head of the table before it when it is as wide.
"""

import re
from dataclasses import dataclass
from datetime import date

from intake.document import Cell, Table
from intake.headings import Role, role_of
from intake.outline import marker_of
from intake.periods import Period, is_known_year, period_of, short_year_of, year_end, year_start
from intake.phrases import squeeze

HEAD_SEARCH_ROWS = 12
SUM_ROW = re.compile(r"^(?:合计|总计|小计|共计)$")
CARRIES_WORK = {"title", "content", "either"}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a role, or a period of the schedule. `short_year` marks a head such as 13年, read in the century of the base year."""

    at: int
    head: str
    role: Role | None
    period: Period | None = None
    short_year: bool = False


@dataclass(frozen=True, slots=True)
class HeadedTable:
    """A table whose columns are known. `number` counts the document's tables from 1; `body` is the index of the first row below the head."""

    table: Table
    number: int
    columns: tuple[Column, ...]
    body: int
    caption: str | None

    def column(self, role: Role) -> Column | None:
        """Return the first column of `role`."""
        return next((column for column in self.columns if column.role == role), None)

    @property
    def periods(self) -> tuple[Column, ...]:
        """Return the columns of the schedule, in order."""
        return tuple(column for column in self.columns if column.period)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with items in it. `row` counts the rows below the head from 1; `section` is the last row that spanned the whole table."""

    cells: tuple[Cell, ...]
    row: int
    place: int
    section: str | None


def headed_table(table: Table, number: int, caption: str | None, years: tuple[int | None, int | None]) -> HeadedTable | None:
    """Return `table` with its columns known, or None where no row of it is a head. A head without a year takes the first of `years` (what the user
    says), else the year of the table's title, else the second (the document's own).
    """
    at = _head_row(table)
    if at is None:
        return None
    body = _body_start(table, at)
    heads = [_head_text(table, at, body, column) for column in range(table.width)]
    title = _title_above(table, at) or caption
    year = years[0] or _year_in(title) or years[1]
    columns = _settled([_column(position, texts, year) for position, texts in enumerate(heads)])
    return HeadedTable(table, number, tuple(columns), body, title)


def continued(table: Table, number: int, before: HeadedTable) -> HeadedTable | None:
    """Return `table` under the head of the table before it: a table that a page break cut in two."""
    if table.width != before.table.width:
        return None
    return HeadedTable(table, number, before.columns, 0, before.caption)


def rows_of(headed: HeadedTable) -> list[Row]:
    """Return the rows that carry items; heads repeated on a later page, sums, empty rows and section rows are left out."""
    found: list[Row] = []
    section: str | None = None
    heads = {squeeze(column.head) for column in headed.columns if column.head}
    for at in range(headed.body, len(headed.table.rows)):
        cells = headed.table.rows[at]
        texts = [squeeze(cell.text) for cell in cells if cell.text]
        if not texts or any(SUM_ROW.match(text) for text in texts[:2]) or sum(text in heads for text in set(texts)) >= 2:
            continue
        if _spans_all(cells):
            section = next(cell.text for cell in cells if cell.text)
            continue
        found.append(Row(cells, len(found) + 1, headed.table.first_row + at, section))
    return found


def _head_row(table: Table) -> int | None:
    """Return the first row with two known heads, one of which carries work and one of which is a unit, a time or a number."""
    for at, row in enumerate(table.rows[:HEAD_SEARCH_ROWS]):
        roles = {role_of(cell.text) for cell in row} - {None}
        if len(roles) >= 2 and roles & CARRIES_WORK:
            return at
    return None


def _body_start(table: Table, head: int) -> int:
    """Return the first row that is no head: heads go on while a cell is merged down from above, or all that is filled are periods or heads."""
    at = head + 1
    while at < len(table.rows):
        row = table.rows[at]
        fresh = [cell for column, cell in enumerate(row) if cell.text and cell is not table.rows[at - 1][column]]
        if fresh and any(_is_head(cell.text) for cell in fresh) and all(_is_head(cell.text) for cell in fresh):
            at += 1
        else:
            break
    return at


def _is_head(text: str) -> bool:
    return role_of(text) is not None or period_of(text, 2000) is not None or short_year_of(text) is not None


def _head_text(table: Table, head: int, body: int, column: int) -> list[str]:
    texts: list[str] = []
    for row in table.rows[head:body]:
        if row[column].text and row[column].text not in texts:
            texts.append(row[column].text)
    return texts


def _column(at: int, texts: list[str], base_year: int | None) -> Column:
    head = " ".join(texts)
    for text in reversed(texts):
        if short := short_year_of(text):
            year = (base_year or 2000) // 100 * 100 + short
            period = Period(year_start(year), year_end(year), 0, len(text), text, is_span=True)
            return Column(at, head, None, period, short_year=True)
        if said := period_of(text, base_year):
            return Column(at, head, None, said)
    for text in reversed(texts):
        if role := role_of(text):
            return Column(at, head, role)
    return Column(at, head, None)


def _settled(columns: list[Column]) -> list[Column]:
    """Return the columns with words such as 主要任务 settled: the title where a column beside it is the content, else content."""
    has = {column.role for column in columns}
    if not has & {"lead", "responsible", "support"}:
        # Where nobody else is named, a column headed 单位 names who answers.
        columns = [_as(column, "responsible") if column.role == "measure" else column for column in columns]
    if "group" in has and not any(column.period for column in columns):
        columns = [_as(column, "either") if column.role == "group" else column for column in columns]
    for position in range(len(columns) - 1, -1, -1):
        column = columns[position]
        if column.role != "either":
            continue
        role: Role = "title" if "content" in has and "title" not in has else "content"
        columns[position] = _as(column, role)
        has.add(role)
    return columns


def _as(column: Column, role: Role | None) -> Column:
    return Column(column.at, column.head, role, column.period, column.short_year)


def _title_above(table: Table, head: int) -> str | None:
    texts = [cell.text for row in table.rows[:head] for cell in row if cell.text]
    titles = [text for text in texts if len(squeeze(text)) >= 4 and not re.match(r"^(?:附件|附表|单位[:：])", text)]
    return titles[0] if titles else None


def _spans_all(cells: tuple[Cell, ...]) -> bool:
    filled = [cell for cell in cells if cell.text]
    if len({id(cell) for cell in filled}) != 1:
        return False
    return len(filled) >= len(cells) - 1 > 1 or (len(filled) == 1 and marker_of(filled[0].text)[0] in (1, 2, 3))


def _year_in(title: str | None) -> int | None:
    match = re.search(r"(?<!\d)(\d{4})年", title or "")
    year = int(match[1]) if match else 0
    return year if is_known_year(year) else None


def first_and_last(headed: list[HeadedTable]) -> tuple[date | None, date | None]:
    """Return the first and the last day over all schedules; none where one has an impossible year, which may be the last one's misprint."""
    periods = [column.period for table in headed for column in table.periods if column.period]
    if not all(is_known_year(period.ends_on.year) for period in periods):
        return None, None
    starts = [period.starts_on for period in periods if period.starts_on]
    return min(starts, default=None), max((period.ends_on for period in periods), default=None)
