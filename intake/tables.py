"""Responsibility tables: which rows are the head, what each column holds, which rows carry items.

A head may be two rows (进度安排 over 2013年, 2014年, 2015年) with title rows above; its words are looked up in `headings`, its columns made in `columns`. A table
without a head goes on with the head of the table before it when it is as wide; one that has a second head further down is two tables, and one whose
heads stand in its first column is turned round.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from intake.cards import turned, unfolded, written_out
from intake.cellkinds import share_of
from intake.columns import UNIT_ROLES, Column, column_of, settled, unit_said
from intake.days import is_known_year
from intake.document import Cell, Document, Table
from intake.guessing import SURE_SHARE, WIDEST, carries_duties, guessed, likely_head
from intake.headings import Role
from intake.heads import body_start, head_row, head_text, is_another_head, is_turned, spans_all, with_titles
from intake.matrix import acting_columns
from intake.phrases import squeeze, tidy
from intake.sections import above, section_name, section_unit

TITLE_LINES, TITLE_LENGTH = 5, 60
Years = tuple[int | None, int | None]
NOTHING = re.compile(r"^(?:/|—+|-+|无|－+)?$")
SUM_ROW = re.compile(r"^.{0,12}?(?:合计|总计|小计|共计)(?:（.*|[:：].*)?$")
NO_TITLE = re.compile(r"^(?:单位[:：]|金额单位|填报|注|[（(]\s*\d{4})")
ANNEX = re.compile(r"^附\s*(?:件|表)\s*[\d一二三四五六七八九十]{0,3}\s*[:：.．、]?\s*")
# （2022年） below the title of a table.
YEARS_LINE = re.compile(r"^[（(]\d{4}年?(?:[-—－–~～至到]{1,2}\d{4}年?)?(?:度|版)?[）)]$")
NOTE_ROW = re.compile(r"^(?:注|备注|说明|填表说明|附注)\s*[:：\d]|^(?:填表人|审核人|制表人|单位负责人|联系人)\s*[:：]")


@dataclass(frozen=True, eq=False)
class HeadedTable:
    """A table whose columns are known. `number` counts the document's tables from 1; `body` is the index of the first row below the head;
    `unit` the unit of measure said above the head for all figures, `year` that of its bare months.
    """

    table: Table
    number: int
    columns: tuple[Column, ...]
    body: int
    caption: str | None
    unit: str | None = None
    year: int | None = None

    @cached_property
    def of_role(self) -> dict[Role | None, list[Column]]:
        """Return the columns by role, in order; asked for once a cell, so kept."""
        found: dict[Role | None, list[Column]] = defaultdict(list)
        for column in self.columns:
            found[column.role].append(column)
        return found

    def column(self, role: Role) -> Column | None:
        """Return the first column of `role`."""
        return next(iter(self.of_role.get(role, ())), None)

    def text(self, row: "Row", role: Role) -> str:
        """Return the words of the row's first filled cell under a column of `role`; a dash or 无 is nothing."""
        texts = (tidy(row.cells[column.at].text) for column in self.of_role.get(role, ()))
        return next((text for text in texts if not NOTHING.match(text)), "")

    @cached_property
    def is_guessed(self) -> bool:
        """Return whether no head says what is to be done or who answers, so that the cells told it."""
        return self.has_units_in_sections or any(column.is_guess and column.role in ("content", *UNIT_ROLES) for column in self.columns)

    @cached_property
    def periods(self) -> tuple[Column, ...]:
        """Return the columns of the schedule, in order; a year's column of money stands beside the year's own."""
        return tuple(column for column in self.columns if column.period)

    @cached_property
    def has_units_in_sections(self) -> bool:
        """Return whether no column names units but the rows between the items do: 市教育局（3项）."""
        if any(column.role in UNIT_ROLES or column.acting for column in self.columns):
            return False
        names = {section_unit(row.sections[-1]) for row in self.rows if row.sections}
        return share_of("units", sorted(names)) >= SURE_SHARE

    @cached_property
    def rows(self) -> list["Row"]:
        """Return the rows that carry items."""
        return _rows_of(self)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with items in it. `row` counts the rows below the head from 1; `sections` are the rows above that name a part of the table;
    `takes_units` says that its units were those of the row above."""

    cells: tuple[Cell, ...]
    row: int
    place: int
    sections: tuple[str, ...]
    takes_units: bool = False


def parts_of(table: Table) -> Iterator[Table]:
    """Yield the tables that stand in one grid, as sheets hold several: each begins with its head and the title rows right above it."""
    starts = [0]
    first = head_row(table)
    for at in range(body_start(table, first) + 1 if first is not None else len(table.rows), len(table.rows)):
        if is_another_head(table, at, first or 0):
            first = at
            starts.append(with_titles(table, at, starts[-1]))
    for start, end in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        yield replace(table, rows=table.rows[start:end], first_row=table.first_row + start)


def headed_table(table: Table, number: int, caption: str | None, years: Years, unit: str | None = None) -> HeadedTable | None:
    """Return `table` with its columns known, or None where no row of it is a head. A head without a year takes the first of `years` (what the user
    says), else the year of the table's title, else the second (the document's own). `unit` is a unit of measure said before the table.
    """
    table = written_out(unfolded(table) or table)
    at = None if is_turned(table) and table.width == 2 else head_row(table)
    if at is None and is_turned(table):
        table = turned(table)
        at = head_row(table)
    if at is not None:
        return _under_head(table, number, at, caption, years, unit)
    for way in (table, turned(table)):
        at = likely_head(way)
        headed = None if at is None else _if_duties(_under_head(way, number, at, caption, years, unit))
        if headed:
            return headed
    return None


def headless_table(table: Table, number: int, caption: str | None, years: Years, unit: str | None = None) -> HeadedTable | None:
    """Return `table` with its columns told by their cells alone, or None where they are not those of duties, or its first row is a head that gave none. The
    arguments are those of `headed_table`.
    """
    return (
        None
        if table.width > WIDEST or likely_head(table) is not None
        else _if_duties(_under_head(written_out(table), number, None, caption, years, unit))
    )


def _if_duties(headed: HeadedTable) -> HeadedTable | None:
    below = _texts_below(headed.table, headed.body)
    return headed if carries_duties(list(headed.columns), below, headed.caption or "") else None


def _under_head(table: Table, number: int, at: int | None, caption: str | None, years: Years, unit: str | None) -> HeadedTable:
    """Return `table` under the head that begins in row `at`; None: it has none, and begins below its title rows."""
    body = _below_titles(table) if at is None else body_start(table, at)
    head = body if at is None else at
    heads = [head_text(table, head, body, column) for column in range(table.width)]
    title = _title_above(table, head) or caption
    above = [cell.text for row in table.rows[:head] for cell in row]
    year = years[0] or next((year for text in (title, *above) if (year := _year_in(text))), None) or years[1]
    below = _texts_below(table, body)
    columns = acting_columns([column_of(position, texts, year) for position, texts in enumerate(heads)], heads, below)
    said = next((said for line in (*above, caption or "") if (said := unit_said(line))), None)
    return HeadedTable(table, number, tuple(settled(guessed(columns, below), below)), body, title, said or unit, year)


def _texts_below(table: Table, body: int) -> list[list[str]]:
    rows = [row for row in table.rows[body:] if not spans_all(row)]
    return [[squeeze(row[column].text) for row in rows] for column in range(table.width)]


def _below_titles(table: Table) -> int:
    return next((at for at, row in enumerate(table.rows) if len({id(cell) for cell in row if cell.text}) > 1), 0)


def continued(table: Table, number: int, before: HeadedTable) -> HeadedTable | None:
    """Return `table` under the head of the table before it: a table that a page break cut in two."""
    if table.width != before.table.width:
        return None
    return replace(before, table=table, number=number, body=0)


def rows_of(headed: HeadedTable) -> list[Row]:
    """Return the rows that carry items."""
    return headed.rows


def _rows_of(headed: HeadedTable) -> list[Row]:
    """Return the rows that carry items; heads repeated on a later page, sums, notes, empty rows and section rows are left out."""
    found: list[Row] = []
    sections: tuple[str, ...] = ()
    heads = {squeeze(column.head) for column in headed.columns if column.head}
    for at in range(headed.body, len(headed.table.rows)):
        cells = headed.table.rows[at]
        texts = list(dict.fromkeys(squeeze(cell.text) for cell in cells if cell.text))
        if not texts or any(SUM_ROW.match(text) for text in texts[:2]) or sum(text in heads for text in texts) >= 2:
            continue
        if NOTE_ROW.match(texts[0]):
            continue
        if name := section_name(headed.columns, cells):
            sections = (*above(sections, name), name)
            continue
        found.append(Row(cells, len(found) + 1, headed.table.first_row + at, sections))
    return found


def _title_above(table: Table, head: int) -> str | None:
    texts = [cell.text for row in table.rows[:head] for cell in row if cell.text]
    plain = [text for text in texts if not ANNEX.match(text)]
    titles = [text for text in (*plain, *(ANNEX.sub("", text) for text in texts)) if len(squeeze(text)) >= 4 and not NO_TITLE.match(text)]
    if not titles:
        return None
    years = next((text for text in texts if YEARS_LINE.match(squeeze(text))), "")
    return titles[0] + years


def _year_in(title: str | None) -> int | None:
    match = re.search(r"(?<![\d—–~～至-])(\d{4})年(?!\s*[-—–~～至])", title or "")
    year = int(match[1]) if match else 0
    return year if is_known_year(year) else None


def titled_year(document: Document) -> int | None:
    """Return the first year that a short line or a row of one cell names near the head of a document: its title, a cover sheet."""
    lines = [block.text for block in document.paragraphs[:TITLE_LINES]]
    lines += [
        row[0].text for table in document.tables for row in table.rows[:TITLE_LINES] if len({id(cell) for cell in row if cell.text}) == 1
    ]
    return next((year for line in lines if len(line) <= TITLE_LENGTH and (year := _year_in(line))), None)


def first_and_last(headed: list[HeadedTable]) -> tuple[date | None, date | None]:
    """Return the first and the last day over all schedules; none where one has an impossible year, which may be the last one's misprint."""
    periods = [column.period for table in headed for column in table.periods if column.period]
    if not all(is_known_year(period.ends_on.year) for period in periods):
        return None, None
    starts = [period.starts_on for period in periods if period.starts_on]
    return min(starts, default=None), max((period.ends_on for period in periods), default=None)
