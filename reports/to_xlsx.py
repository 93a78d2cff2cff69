"""The bulletin as a workbook for those who sort, filter and sum: one sheet for each table, with real numbers and days.

A text is always written as text, so a unit's name that begins with an equals sign stays a name. Percentages are fractions with a percent format.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports import grids, sentences
from reports.bulletin import BUCKETS, Bulletin
from reports.grids import Column, Grid
from reports.imprint import PREVIEW, Imprint
from reports.layout import width_in_characters
from reports.readable import readable
from reports.words import Cell, Kind
from rules.texts import _
from rules.words import day_words, period_words

A4 = 9
# A millimetre of a grid's column in Excel's character widths, and the widths between which a column is still read and still fits.
CHARACTERS_PER_MM = 0.55
NARROWEST, WIDEST = 6.5, 46.0
LINE_PT = 15.0
# The first sheet: title, place, an empty row, then the table; the text below begins under the chart and is 11 columns wide.
OVERALL_FIRST_ROW = 3
TEXT_FIRST_ROW = 14
TEXT_LAST_COLUMN = 10
TEXT_CHARACTERS = 56


@dataclass(frozen=True)
class Styles:
    """The workbook's formats: one for each kind of cell, and those of titles and heads."""

    title: Format
    note: Format
    head: Format
    cells: dict[Kind, Format]
    total: dict[Kind, Format]


def bulletin_xlsx(bulletin: Bulletin, imprint: Imprint = PREVIEW) -> bytes:
    """Return the bulletin as an .xlsx file; the imprint stands in the head of the first sheet."""
    bulletin = readable(bulletin)
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    day = bulletin.written_on
    created = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (Excel keeps no time zone here)
    book.set_properties({"title": sentences.title(bulletin), "created": created})
    styles = _styles(book)
    _add_overall(book, styles, bulletin, imprint)
    for grid in (grids.items_grid(bulletin), grids.units_grid(bulletin), grids.lagging_grid(bulletin), grids.next_grid(bulletin)):
        _add_grid(book, styles, grid)
    book.close()
    return target.getvalue()


def _styles(book: Workbook) -> Styles:
    cell = {"border": 1, "border_color": "#9A9A9A", "valign": "vcenter", "font_size": 10.5, "font_name": "宋体"}
    numbers: dict[Kind, str] = {
        "text": "@",
        "count": "0",
        "change": '+0;-0;"—"',
        "quantity": "General",
        "percent": "0.0%",
        "gap": _('"落后"0.0;"超前"0.0;"持平"'),
        "date": "yyyy-mm-dd",
    }
    shapes: dict[Kind, dict[str, object]] = {
        kind: {**cell, "num_format": number, "align": "left" if kind == "text" else "center", "text_wrap": kind == "text"}
        for kind, number in numbers.items()
    }
    return Styles(
        title=book.add_format({"bold": True, "font_size": 16, "font_name": "宋体"}),
        note=book.add_format({"text_wrap": True, "valign": "top", "font_size": 10.5, "font_name": "宋体"}),
        head=book.add_format({**cell, "bold": True, "bg_color": "#E7E6E6", "align": "center", "text_wrap": True}),
        cells={kind: book.add_format(shape) for kind, shape in shapes.items()},
        total={kind: book.add_format({**shape, "bold": True, "top": 2}) for kind, shape in shapes.items()},
    )


def _add_overall(book: Workbook, styles: Styles, bulletin: Bulletin, imprint: Imprint) -> None:
    """Write the head, the seven buckets with their chart, and below them the sentences and the proof."""
    grid = grids.overall_grid(bulletin)
    sheet = book.add_worksheet(grid.title)
    sheet.write_string(0, 0, sentences.title(bulletin), styles.title)
    place = _("、").join(
        part for part in (imprint.office, imprint.issue, period_words(bulletin.period), day_words(bulletin.written_on)) if part
    )
    sheet.write_string(1, 0, place)
    first = OVERALL_FIRST_ROW
    _write_rows(sheet, styles, grid, first, lambda row: styles.total if row == len(grid.rows) - 1 else styles.cells)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, len(grid.columns) - 1, 11)
    sheet.set_column(len(grid.columns), len(grid.columns) + 6, 10)
    if bulletin.totals.tasks:
        _add_chart(book, sheet, grid, first)
    texts = [sentences.lead(bulletin), *sentences.overall(bulletin), *sentences.lagging(bulletin), *sentences.proof(bulletin)]
    for row, text in enumerate(texts, start=TEXT_FIRST_ROW):
        sheet.merge_range(row, 0, row, TEXT_LAST_COLUMN, "", styles.note)
        sheet.write_string(row, 0, text, styles.note)
        sheet.set_row(row, _line_count(text, TEXT_CHARACTERS) * LINE_PT + 4)
    _set_print(sheet, None)


def _add_chart(book: Workbook, sheet: Worksheet, grid: Grid, first: int) -> None:
    last = first + len(BUCKETS)
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "categories": [grid.title, first + 1, 0, last, 0],
            "values": [grid.title, first + 1, 1, last, 1],
            "fill": {"color": "#595959"},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": grid.columns[1].heading, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "major_tick_mark": "none"})
    chart.set_size({"width": 500, "height": 205})
    sheet.insert_chart(first, len(grid.columns), chart, {"x_offset": 16, "description": grid.title})


def _add_grid(book: Workbook, styles: Styles, grid: Grid) -> None:
    sheet = book.add_worksheet(grid.title)
    _write_rows(sheet, styles, grid, 0, lambda _row: styles.cells)
    widths = [min(max(column.width * CHARACTERS_PER_MM, NARROWEST), WIDEST) for column in grid.columns]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.set_row(
        0, max(_line_count(column.heading, (width - 1) / 2) for column, width in zip(grid.columns, widths, strict=True)) * LINE_PT + 6
    )
    for row, cells in enumerate(grid.rows, start=1):
        # Not every program finds the height of wrapped text by itself. A full character takes two of Excel's widths.
        lines = (_line_count(cell, (width - 1.5) / 2) for cell, width in zip(cells, widths, strict=True) if isinstance(cell, str))
        sheet.set_row(row, max([1, *lines]) * LINE_PT + 2)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(grid.rows), 1), len(grid.columns) - 1)
    _set_print(sheet, 0)


def _write_rows(sheet: Worksheet, styles: Styles, grid: Grid, first: int, styles_of: Callable[[int], dict[Kind, Format]]) -> None:
    for index, column in enumerate(grid.columns):
        sheet.write_string(first, index, column.heading, styles.head)
    for row, cells in enumerate(grid.rows):
        for index, (column, cell) in enumerate(zip(grid.columns, cells, strict=True)):
            _write_cell(sheet, (first + 1 + row, index), column, cell, styles_of(row)[column.kind])


def _write_cell(sheet: Worksheet, place: tuple[int, int], column: Column, cell: Cell, style: Format) -> None:
    if cell is None or cell == "":
        sheet.write_blank(*place, None, style)
    elif isinstance(cell, str):
        sheet.write_string(*place, cell, style)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, style)
    else:
        sheet.write_number(*place, round(cell / 100, 6) if column.kind == "percent" else cell, style)


def _line_count(text: str, characters: float) -> int:
    return ceil(max(width_in_characters(text), 1) / characters)


def _set_print(sheet: Worksheet, head_row: int | None) -> None:
    """Print on A4 landscape, one page wide, the head repeated, the page number below."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.set_footer("&C— &P —")
    if head_row is not None:
        sheet.repeat_rows(head_row)
