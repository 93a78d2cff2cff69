"""The ledger of tasks as a workbook: one row a task and measure, filters, frozen panes, real days and numbers; then the counts, then what the columns mean.

Rows go to the file as they come, so a hundred thousand take no more memory than ten. That is why this is no face of `reports.faces`: a paper is whole in memory.
A text is always written as text, whatever it begins with.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.task_book import BookCounts, BookFacts, BookTask
from reports.task_book_columns import BookColumn, MeasureColumn, TaskColumn, measure_columns, name_columns, record_columns
from reports.task_book_sheets import A3, Styles, add_counts, add_legend, set_print, styles_of
from reports.words import Cell, Kind
from reports.xlsx_cells import FIRST_YEAR, fitting, lines_of
from rules.errors import DubanError
from rules.texts import _
from rules.words import light_word

ROWS_IN_A_SHEET = 1_048_575
# 首行, 任务编号, 序号, 事项 and 任务 stay in sight and stand on every printed sheet.
FROZEN_COLUMNS = 5
SHEETS_WIDE = 4
LINE_PT, MOST_LINES = 13.5, 12

Write = Callable[[int, int, Cell, Format], object]


# A column of the main sheet: how its cells are written and what they look like; of texts also how wide it is.
_Place = tuple[Write, Format]


def write_task_book(place: Path, facts: BookFacts, tasks: Iterable[BookTask]) -> BookCounts:
    """Write the workbook at `place`, task by task, and return what was counted.

    Codes: file-not-written, and book-too-long for more rows than a sheet can hold; then nothing is left at `place`.
    """
    part = place.with_name(f"{place.name}.part")
    _refuse_unwritable(part, place)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(str(part), options)
    try:
        day = facts.as_of
        book.set_properties({"title": _("任务台账"), "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001 (Excel keeps no time zone here)
        styles = styles_of(book)
        counts = _add_tasks(book, styles, tasks)
        add_counts(book, styles, _("按单位"), [_("牵头单位")], counts.by_unit)
        add_counts(book, styles, _("按事项"), [_("计划"), _("序号"), _("事项")], counts.by_item)
        add_legend(book, styles, facts)
        _finish(book, part, place)
    except BaseException:
        # Closing takes its temporary files away.
        with suppress(OSError, XlsxWriterException):
            book.close()
        part.unlink(missing_ok=True)
        raise
    return counts


def _refuse_unwritable(part: Path, place: Path) -> None:
    """Refuse a place that cannot be written before a long reading, not after it."""
    try:
        part.touch()
    except OSError as error:
        raise _not_written(place, error) from None


def _finish(book: Workbook, part: Path, place: Path) -> None:
    try:
        book.close()
        part.replace(place)
    except (OSError, XlsxWriterException) as error:
        raise _not_written(place, error) from None


def _not_written(place: Path, error: Exception) -> DubanError:
    why = getattr(error, "strerror", None) or str(error)
    return DubanError("file-not-written", _("不能写入 {place}：{why}").format(place=place, why=why))


def _add_tasks(book: Workbook, styles: Styles, tasks: Iterable[BookTask]) -> BookCounts:
    sheet = book.add_worksheet(_("台账"))
    names, measures, records = name_columns(), measure_columns(), record_columns()
    first_row = TaskColumn(_("首行"), "count", 6, "", lambda _task: 1)
    columns: tuple[BookColumn, ...] = (first_row, *names, *measures, *records)
    for at, column in enumerate(columns):
        # Set before the rows: the file is written from its top.
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(1, FROZEN_COLUMNS)
    sheet.set_row(0, 30)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.heading, styles.head)
    places = [(_writer(sheet, column.kind), styles.cells[column.kind]) for column in columns]
    widths = {at: column.width for at, column in enumerate(columns) if column.kind == "text"}
    counts, row = BookCounts(), 0
    for task in tasks:
        counts.add(task)
        before, after = [column.cell(task) for column in names], [column.cell(task) for column in records]
        for first, middle in _measure_rows(task, measures):
            row += 1
            if row > ROWS_IN_A_SHEET:
                raise _too_long()
            cells = [first, *before, *middle, *after]
            # Not every program finds the height of wrapped text by itself.
            sheet.set_row(row, LINE_PT * min(_lines(cells, widths), MOST_LINES) + 2)
            _write_row(row, places, cells)
    sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    _colour_lights(sheet, styles, [column.heading for column in columns].index(_("灯号")), max(row, 1))
    set_print(sheet, A3, sheets_wide=SHEETS_WIDE)
    sheet.repeat_columns(0, FROZEN_COLUMNS - 1)
    sheet.print_across()
    return counts


def _measure_rows(task: BookTask, columns: Sequence[MeasureColumn]) -> list[tuple[int, list[Cell]]]:
    if not task.measures:
        return [(1, [None] * len(columns))]
    return [(int(number == 0), [column.cell(measure) for column in columns]) for number, measure in enumerate(task.measures)]


def _write_row(row: int, places: Sequence[_Place], cells: Sequence[Cell]) -> None:
    for at, ((write, style), cell) in enumerate(zip(places, cells, strict=True)):
        # An empty cell without a border needs no place in the file.
        if cell is not None and cell != "":
            write(row, at, cell, style)


def _write_day(sheet: Worksheet, place: tuple[int, int], day: Cell, style: Format) -> None:
    if isinstance(day, date) and day.year < FIRST_YEAR:
        sheet.write_string(*place, day.isoformat(), style)
    else:
        sheet.write_datetime(*place, day, style)


def _lines(cells: Sequence[Cell], widths: Mapping[int, float]) -> int:
    """Return how many lines the longest text of a row takes in its column."""
    most = 1
    for at, width in widths.items():
        text = cells[at]
        if isinstance(text, str) and (len(text) * 2 >= width or "\n" in text):
            most = max(most, lines_of(text, width - 1.5))
    return most


def _writer(sheet: Worksheet, kind: Kind) -> Write:
    """Return how a cell of this kind is written."""
    if kind == "text":
        return lambda row, at, cell, style: sheet.write_string(row, at, fitting(str(cell)), style)
    if kind == "date":
        return lambda row, at, cell, style: _write_day(sheet, (row, at), cell, style)
    if kind == "percent":
        return lambda row, at, cell, style: sheet.write_number(row, at, round(cell / 100, 6), style)  # type: ignore[operator]
    write_number: Write = sheet.write_number
    return write_number


def _colour_lights(sheet: Worksheet, styles: Styles, at: int, last: int) -> None:
    for light, style in styles.lights.items():
        sheet.conditional_format(1, at, last, at, {"type": "cell", "criteria": "==", "value": f'"{light_word(light)}"', "format": style})


def _too_long() -> DubanError:
    text = _("台账超过{rows}行，一张工作表放不下；请用 --plan、--unit 或 --year 分开导出")
    return DubanError("book-too-long", text.format(rows=ROWS_IN_A_SHEET))
