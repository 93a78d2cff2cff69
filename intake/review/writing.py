"""Writing the review workbook with xlsxwriter: one sheet a kind of thing, laid out for a clerk who works in WPS or Excel.

Grey columns are the program's; everything else may be edited. Rows get explicit heights, because not every program fits them by itself.
"""

from datetime import date
from pathlib import Path
from typing import Any

from intake.draft import DraftPlan
from intake.review.columns import (
    FINDINGS,
    FIRST_LEADS,
    GUIDE,
    ITEMS,
    MARKS,
    ORIGIN_FIELDS,
    PLAN,
    PLAN_FIELDS,
    SCHEMA_MARK,
    SEVERITIES,
    SHEET_COLUMNS,
    SOURCE_ROWS,
    TARGETS,
    TASKS,
    UNITS,
    Column,
)
from intake.review.guide import GUIDE_LINES, HINTS
from intake.review.pen import Pen, row_height
from intake.review.records import Record, records_of

SPARE_ROWS = 500
A3, A4 = 8, 9
COLOURS = {"error": "#F8CBAD", "warning": "#FFE699", "info": "#DDEBF7"}
TABS = {PLAN: "#1F4E79", ITEMS: "#1F4E79", TASKS: "#2E75B6", TARGETS: "#2E75B6", UNITS: "#A6A6A6", FINDINGS: "#C55A11", GUIDE: "#70AD47"}
FROZEN_COLUMNS = {ITEMS: 4, TASKS: 3, TARGETS: 3, UNITS: 2, FINDINGS: 0}


def write(draft: DraftPlan, path: Path) -> None:
    """Write `draft` to `path`; an older file there is replaced."""
    import xlsxwriter  # here, because reading a document never needs it

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"title": draft.plan.title or draft.source.name, "comments": SCHEMA_MARK})
        pen = Pen(book)
        records = records_of(draft)
        sheets = {name: book.add_worksheet(name) for name in (PLAN, ITEMS, TASKS, TARGETS, UNITS, FINDINGS, GUIDE, MARKS)}
        for name, colour in TABS.items():
            sheets[name].set_tab_color(colour)
        _plan_sheet(pen, sheets[PLAN], draft)
        for name, columns in SHEET_COLUMNS.items():
            _record_sheet(pen, sheets[name], name, columns, records[name])
        _link_findings(pen, sheets[FINDINGS], draft)
        _guide_sheet(pen, sheets[GUIDE])
        _marks_sheet(sheets[MARKS], draft)
        sheets[PLAN].activate()


def _plan_sheet(pen: Pen, sheet: Any, draft: DraftPlan) -> None:
    head = {"bold": True, "bg_color": "#DDEBF7", "valign": "vcenter"}
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 64)
    sheet.set_column(2, 2, 52)
    sheet.set_row(0, 30)
    for at, text in enumerate(("计划", "内容（请在本栏修改）", "填写提示")):
        pen.put(sheet, 0, at, text, bold=True, bg_color="#1F4E79", font_color="#FFFFFF", valign="vcenter", align="center")
    row = 1
    for column in PLAN_FIELDS:
        pen.put(sheet, row, 0, column.head, **head)
        pen.put(sheet, row, 1, getattr(draft.plan, column.field), align="left")
        pen.put(sheet, row, 2, HINTS.get(column.field, ""), font_color="#7F7F7F")
        sheet.set_row(row, row_height([(getattr(draft.plan, column.field), 64), (HINTS.get(column.field), 52)]) + 4)
        row += 1
    sheet.set_row(row, row_height([(HINTS["first_leads"], 52)]) + 4)
    pen.put(sheet, row, 0, FIRST_LEADS, bold=True, bg_color="#FFE699", valign="vcenter")
    pen.put(sheet, row, 1, "否", bold=True, bg_color="#FFF2CC", font_size=12)
    pen.put(sheet, row, 2, HINTS["first_leads"], font_color="#7F7F7F")
    sheet.data_validation(
        row, 1, row, 1, {"validate": "list", "source": ["是", "否"], "error_title": "请选择", "error_message": "请填“是”或“否”"}
    )
    row += 1
    for column in SOURCE_ROWS:
        pen.put(sheet, row, 0, column.head, bg_color="#EDEDED", font_color="#7F7F7F")
        pen.put(sheet, row, 1, getattr(draft.source, column.field), bg_color="#EDEDED", font_color="#7F7F7F")
        pen.put(sheet, row, 2, HINTS["source"], font_color="#7F7F7F")
        row += 1
    sheet.freeze_panes(1, 0)
    _page(sheet, paper=A4)


def _record_sheet(pen: Pen, sheet: Any, name: str, columns: tuple[Column, ...], records: list[Record]) -> None:
    sheet.set_row(0, 32)
    for at, column in enumerate(columns):
        is_origin = name == ITEMS and column.field in ORIGIN_FIELDS
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
    _page(sheet, paper=A3 if name in (ITEMS, TARGETS) else A4)


def _look(column: Column, record: Record) -> dict[str, object]:
    look: dict[str, object] = {}
    if column.is_grey:
        look |= {"bg_color": "#F2F2F2", "font_color": "#7F7F7F"}
    if column.kind == "choice" or column.field in ("number", "id", "item", "year", "unit_of_measure", "at_least"):
        look["align"] = "center"
    if column.field == "severity":
        look |= {"bg_color": COLOURS[str(record["severity"])], "bold": True}
    if column.field == "remarks" and record.get("remarks"):
        severity = next(one for one, word in SEVERITIES.items() if str(word) in str(record["remarks"]))
        look |= {"bg_color": COLOURS[str(severity)], "font_color": "#000000", "align": "center"}
    if column.field == "title" and column.kind == "long":
        look["bold"] = True
    if column.field == "issue" and record.get("issue") is False:
        look["font_color"] = "#C00000"
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


def _guide_sheet(pen: Pen, sheet: Any) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    sheet.set_row(0, 30)
    pen.put(sheet, 0, 0, "页", bold=True, bg_color="#70AD47", font_color="#FFFFFF", valign="vcenter", align="center")
    pen.put(sheet, 0, 1, "怎样填", bold=True, bg_color="#70AD47", font_color="#FFFFFF", valign="vcenter", align="center")
    for row, (head, text) in enumerate(GUIDE_LINES, start=1):
        pen.put(sheet, row, 0, head, bold=True, bg_color="#E2EFDA")
        pen.put(sheet, row, 1, text)
        sheet.set_row(row, row_height([(text, 100)]) + 6)
    sheet.freeze_panes(1, 0)
    _page(sheet, paper=A4)


def _marks_sheet(sheet: Any, draft: DraftPlan) -> None:
    """Write the hidden sheet by which a reader knows the workbook and tells a deleted item from an unknown one."""
    sheet.write_string(0, 0, SCHEMA_MARK)
    for row, item in enumerate(draft.items, start=1):
        sheet.write_string(row, 0, item.id)
    sheet.very_hidden()


def _page(sheet: Any, *, paper: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&A  第 &P 页 / 共 &N 页")
