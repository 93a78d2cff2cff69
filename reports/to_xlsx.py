"""A paper as a workbook for those who sort, filter and sum: its words on the first sheet, its charts on one, then a sheet for each table.

Where the paper brings tables made for a workbook (`sheets`), they stand in place of its own. Rows go to the file as they come once a table is long, so memory does not
grow with them. The same paper gives the same bytes.
"""

import re
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.paper import Chart, Column, Paper, Row, RowStyle, Table
from reports.readable import readable
from reports.words import cell_words
from reports.xlsx_cells import A4, LINE_PT, MOST_LINES, Styles, Write, cut, fitting, lines_of, styles_of, writer_of
from reports.xlsx_charts import add_chart, chart_rows
from reports.xlsx_words import add_words
from rules.texts import _

# From so many rows on, they are written as they come; a sheet holds not many more than a million.
LONG_TABLE = 3_000
ROWS_IN_A_SHEET = 1_000_000
LONGEST_NAME = 31
# A millimetre of a column in Excel's character widths, and the widths between which a column is still read and still fits.
CHARACTERS_PER_MM = 0.55
NARROWEST, WIDEST = 6.5, 46.0
ROWS_ON_A_PAGE = 44
_UNFIT_NAME = re.compile(r"[\[\]:*?/\\]")


def paper_xlsx(paper: Paper) -> bytes:
    """Return the paper as an .xlsx file."""
    paper = readable(paper)
    tables = paper.sheets or tuple(block for block in paper.all_blocks() if isinstance(block, Table))
    target = BytesIO()
    is_long = any(len(table.rows) >= LONG_TABLE for table in tables)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(target, {**options, "constant_memory": is_long, "in_memory": not is_long})
    day = paper.written_on
    created = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (Excel keeps no time zone here)
    book.set_properties({"title": fitting(paper.title_line)[:255], "created": created})
    styles, names = styles_of(book), _Names()
    add_words(book.add_worksheet(names.free(_("正文"))), styles, paper)
    charts = [block for block in paper.all_blocks() if isinstance(block, Chart)]
    if charts:
        _add_charts(book, names.free(_("图表")), styles, charts)
    for table in tables:
        _add_table(book, styles, names, table)
    book.close()
    return target.getvalue()


class _Names:
    """The names sheets have been given: at most 31 characters, none of []:*?/\\, each only once whatever its case."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}

    def free(self, wanted: str) -> str:
        bare = _UNFIT_NAME.sub("·", wanted).replace("\n", " ").strip("' ") or _("表")
        name, number = cut(bare, LONGEST_NAME).rstrip("' "), 1
        while name.lower() in self._taken:
            number += 1
            mark = f" ({number})"
            name = cut(bare, LONGEST_NAME - len(mark)) + mark
        self._taken.add(name.lower())
        return name


def _add_charts(book: Workbook, name: str, styles: Styles, charts: list[Chart]) -> None:
    """Write the tables behind the charts one below the other, each with its chart at its right."""
    sheet = book.add_worksheet(name)
    widest = max(len(chart.table.columns) for chart in charts)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, max(widest - 1, 1), 12)
    first = 0
    breaks: list[int] = []
    for chart in charts:
        if first + chart_rows(chart) - (breaks or [0])[-1] > ROWS_ON_A_PAGE:
            breaks.append(first)
        sheet.write_string(first, 0, fitting(chart.title), styles.heading)
        _write_rows(sheet, styles, chart.table, first + 1)
        add_chart(book, sheet, chart, first + 1, widest)
        first += max(len(chart.table.rows), chart_rows(chart)) + 4
    sheet.set_h_pagebreaks(breaks)
    _set_print(sheet, "")


def _add_table(book: Workbook, styles: Styles, names: _Names, table: Table) -> None:
    for start in range(0, max(len(table.rows), 1), ROWS_IN_A_SHEET):
        part = (
            table
            if len(table.rows) <= ROWS_IN_A_SHEET
            else Table(table.title, table.columns, table.rows[start : start + ROWS_IN_A_SHEET], table.over)
        )
        sheet = book.add_worksheet(names.free(table.title))
        for place, width in enumerate(_widths(part)):
            sheet.set_column(place, place, width)
        head = _write_rows(sheet, styles, part, 0)
        sheet.freeze_panes(head + 1, _frozen(part))
        if all(row.style in ("plain", "total") for row in part.rows):
            sheet.autofilter(head, 0, head + max(len(part.rows), 1), len(part.columns) - 1)
        sheet.repeat_rows(0, head)
        _set_print(sheet, table.title)


def _write_rows(sheet: Worksheet, styles: Styles, table: Table, first: int) -> int:
    """Write heads and rows from that row on and return the row of the heads."""
    widths = _widths(table)
    head = first
    if table.over:
        _write_over(sheet, styles, table, first)
        head += 1
    sheet.set_row(head, max(lines_of(column.heading, width - 1) for column, width in zip(table.columns, widths, strict=True)) * LINE_PT + 6)
    for place, column in enumerate(table.columns):
        sheet.write_string(head, place, column.heading, styles.head)
    pens = {style: _pens(sheet, styles, table.columns, style) for style in {row.style for row in table.rows} - {"group", "detail"}}
    for at, row in enumerate(table.rows, start=head + 1):
        if row.style in ("group", "detail"):
            _write_across(sheet, styles, row, (at, widths))
        else:
            _write_row(sheet, pens[row.style], row, at)
    return head


# A column's place, its width, and how its cells are written.
_Pen = tuple[int, float, Write]


def _pens(sheet: Worksheet, styles: Styles, columns: tuple[Column, ...], style: RowStyle) -> list[_Pen]:
    return [(place, _width(column), writer_of(sheet, column.kind, (styles, style))) for place, column in enumerate(columns)]


def _write_row(sheet: Worksheet, pens: list[_Pen], row: Row, at: int) -> None:
    lines = 1
    for (place, width, write), cell in zip(pens, row.cells, strict=True):
        if isinstance(cell, str) and (len(cell) * 2 > width or "\n" in cell):
            lines = max(lines, lines_of(cell, width - 1.5))
        write(at, place, cell)
    # Not every program finds the height of wrapped text by itself.
    sheet.set_row(at, min(lines, MOST_LINES) * LINE_PT + 2)


def _write_across(sheet: Worksheet, styles: Styles, row: Row, place: tuple[int, list[float]]) -> None:
    """Write the one text of a group or detail over all columns."""
    at, widths = place
    words = fitting(cell_words("text", row.cells[0]))
    look = styles.of(row.style, "text")
    if len(widths) > 1:
        sheet.merge_range(at, 0, at, len(widths) - 1, "", look)
    sheet.write_string(at, 0, words, look)
    sheet.set_row(at, min(lines_of(words, sum(widths) - 3), MOST_LINES) * LINE_PT + 2)


def _write_over(sheet: Worksheet, styles: Styles, table: Table, row: int) -> None:
    """Write the headings above groups of columns."""
    first = 0
    for words, count in table.over:
        if count > 1:
            sheet.merge_range(row, first, row, first + count - 1, "", styles.head)
        sheet.write_string(row, first, words, styles.head)
        first += count


def _widths(table: Table) -> list[float]:
    return [_width(column) for column in table.columns]


def _width(column: Column) -> float:
    return min(max(column.width * CHARACTERS_PER_MM, NARROWEST), WIDEST)


def _frozen(table: Table) -> int:
    """Return how many columns stay in sight: up to the first one of words, which says what the row is about."""
    first_words = next((place for place, column in enumerate(table.columns) if column.kind == "text"), 0)
    return first_words + 1 if first_words < 2 and len(table.columns) > 3 else 0


def _set_print(sheet: Worksheet, title: str) -> None:
    """Print on A4 landscape, one page wide, the title above and the page number below."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    if title:
        sheet.set_header(f"&L{title.replace('&', '&&')[:200]}")
    sheet.set_footer("&C— &P —")
