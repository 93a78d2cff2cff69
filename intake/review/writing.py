"""Writing the review workbook with xlsxwriter: one sheet a kind of thing, laid out for a clerk who works in WPS or Excel.

Grey columns are the program's; everything else may be edited. Rows get explicit heights, because not every program fits them by itself.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from intake.draft import DraftPlan
from intake.review.columns import (
    FINDINGS,
    GUIDE,
    ITEMS,
    LOW_CONFIDENCE,
    MARKS,
    PLAN,
    ROSTER,
    SCHEMA_MARK,
    SEVERITIES,
    SHEET_COLUMNS,
    SOURCE_FIELDS,
    TARGETS,
    TASKS,
    UNITS,
    Column,
)
from intake.review.first import PLAN_KEY, first_marks
from intake.review.front import guide_sheet, page, plan_sheet
from intake.review.pen import Pen, row_height
from intake.review.records import Record, records_of
from intake.review.roster import offer_units, roster_of, roster_sheet

SPARE_ROWS = 500
LAST_PRINTED = "confidence"
DOUBTFUL = "#FCE4D6"
COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "info": "#DDEBF7"}
TABS = {
    PLAN: "#1F4E79",
    ITEMS: "#1F4E79",
    TASKS: "#2E75B6",
    TARGETS: "#2E75B6",
    UNITS: "#A6A6A6",
    FINDINGS: "#C55A11",
    ROSTER: "#A6A6A6",
    GUIDE: "#70AD47",
}
CENTRED = frozenset({"number", "id", "item", "year", "unit_of_measure", "at_least", "origin", "confidence"})
FROZEN_COLUMNS = {ITEMS: 4, TASKS: 3, TARGETS: 3, UNITS: 2, FINDINGS: 0}


def write(draft: DraftPlan, path: Path, registered: Sequence[str] = (), first_reading: DraftPlan | None = None) -> None:
    """Write `draft` to `path`; an older file there is replaced. See `workbook.write_workbook`."""
    import xlsxwriter  # here, because reading a document never needs it

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"title": draft.plan.title or draft.source.name, "comments": SCHEMA_MARK})
        pen = Pen(book)
        records = records_of(draft)
        sheets = {name: book.add_worksheet(name) for name in (PLAN, *SHEET_COLUMNS, ROSTER, GUIDE, MARKS)}
        for name, colour in TABS.items():
            sheets[name].set_tab_color(colour)
        plan_sheet(pen, sheets[PLAN], draft)
        for name, columns in SHEET_COLUMNS.items():
            _record_sheet(pen, sheets[name], name, columns, records[name])
        _link_findings(pen, sheets[FINDINGS], draft)
        roster = roster_of(draft, registered)
        roster_sheet(pen, sheets[ROSTER], roster)
        offer_units(sheets[ITEMS], len(roster), len(draft.items) + SPARE_ROWS)
        guide_sheet(pen, sheets[GUIDE])
        _marks_sheet(sheets[MARKS], draft, first_reading or draft)
        sheets[PLAN].activate()


def _record_sheet(pen: Pen, sheet: Any, name: str, columns: tuple[Column, ...], records: list[Record]) -> None:
    sheet.set_row(0, 32)
    for at, column in enumerate(columns):
        is_origin = name == ITEMS and column.field in SOURCE_FIELDS
        sheet.set_column(at, at, column.width, None, {"level": 1, "hidden": True} if is_origin else {})
        fill = "#7F7F7F" if column.is_grey else "#1F4E79"
        pen.put(sheet, 0, at, column.head, bold=True, bg_color=fill, font_color="#FFFFFF", valign="vcenter", align="center")
        if column.note:
            sheet.write_comment(0, at, column.note, {"x_scale": 1.6, "y_scale": 0.8, "author": "duban"})
        _restrict(sheet, at, column, len(records))
    for row, record in enumerate(records, start=1):
        sheet.set_row(row, row_height([(_word(column, record.get(column.field)), column.width) for column in columns]))
        for at, column in enumerate(columns):
            pen.put(sheet, row, at, _word(column, record.get(column.field)), **_look(column, record))
    sheet.freeze_panes(1, FROZEN_COLUMNS[name])
    sheet.autofilter(0, 0, max(len(records), 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    if name == ITEMS:
        last = [column.field for column in columns].index(LAST_PRINTED)
        sheet.print_area(0, 0, len(records) + SPARE_ROWS, last)
    page(sheet)


def _look(column: Column, record: Record) -> dict[str, object]:
    look: dict[str, object] = {}
    if column.is_grey:
        look |= {"bg_color": "#F2F2F2", "font_color": "#404040" if column.field == "origin" else "#7F7F7F"}
    if column.kind == "choice" or column.field in CENTRED:
        look["align"] = "center"
    if column.field == "severity":
        look |= {"bg_color": COLOURS[str(record["severity"])], "bold": True}
    if column.field == "remarks" and record.get("remarks"):
        gravest = next(one for one, word in SEVERITIES.items() if str(record["remarks"]).startswith(word))
        look |= {"bg_color": COLOURS[str(gravest)], "font_color": "#000000"}
    if column.field == "title" and column.kind == "long":
        look["bold"] = True
    if column.field == "issue" and record.get("issue") is False:
        look["font_color"] = "#C00000"
    return look | _doubt(column, record)


def _doubt(column: Column, record: Record) -> dict[str, object]:
    """Return how a cell looks whose row the reader was not sure of."""
    confidence = record.get("confidence")
    look: dict[str, object] = {"num_format": "0%"} if column.field == "confidence" else {}
    if isinstance(confidence, float) and confidence < LOW_CONFIDENCE and column.field in ("title", "text", "origin", "confidence"):
        look |= {"bg_color": DOUBTFUL}
        if column.is_grey:
            look |= {"font_color": "#C55A11"}
    return look


def _word(column: Column, value: object) -> object:
    return column.choices.get(value, value) if column.choices and value is not None else value


def _restrict(sheet: Any, at: int, column: Column, count: int) -> None:
    last = count + SPARE_ROWS
    rule: dict[str, object]
    if column.choices:
        rule = {
            "validate": "list",
            "source": [str(word) for word in column.choices.values()],
            "error_title": "请选择",
            "error_message": "请从下拉列表中选择",
        }
    elif column.kind == "date":
        rule = {
            "validate": "date",
            "criteria": ">=",
            "value": date(1949, 1, 1),
            "error_title": "日期不对",
            "error_message": "请填日期，如 2013-12-31",
        }
    elif column.kind in ("number", "count"):
        rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_title": "数字不对", "error_message": "请填不小于 0 的数字"}
    else:
        return
    sheet.data_validation(1, at, last, at, {"ignore_blank": True, **rule})


def _link_findings(pen: Pen, sheet: Any, draft: DraftPlan) -> None:
    at = [column.field for column in SHEET_COLUMNS[FINDINGS]].index("item")
    rows = {item.id: row for row, item in enumerate(draft.items, start=2)}
    style = pen.style(font_color="#0563C1", underline=1, align="center")
    for row, finding in enumerate(draft.findings, start=1):
        if finding.item in rows:
            sheet.write_url(row, at, f"internal:'{ITEMS}'!A{rows[finding.item]}", style, finding.item)


def _marks_sheet(sheet: Any, draft: DraftPlan, first: DraftPlan) -> None:
    """Write the hidden sheet by which a reader knows the workbook and tells a deleted item from an unknown one. Beside each item stands how it was
    first read, so that a later reading can tell what people changed.
    """
    marks = first_marks(first)
    ids = dict.fromkeys(item.id for item in (*draft.items, *first.items))
    rows = [[SCHEMA_MARK, *marks[PLAN_KEY]], *([item_id, *marks.get(item_id, [])] for item_id in ids)]
    for row, texts in enumerate(rows):
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text)
    sheet.very_hidden()
