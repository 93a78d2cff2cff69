"""The sheets of the review workbook that are no lists: 计划 with the plan's own facts, 说明, and how every page prints."""

from typing import Any

from intake.draft import DraftPlan
from intake.review.columns import FIRST_LEADS, PLAN_FIELDS, SOURCE_ROWS
from intake.review.guide import GUIDE_LINES, HINTS
from intake.review.pen import Pen, row_height

A4 = 9


def plan_sheet(pen: Pen, sheet: Any, draft: DraftPlan) -> None:
    """Write the plan's facts, the question who leads where nobody is marked, and the file the draft was read from."""
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
    page(sheet)


def guide_sheet(pen: Pen, sheet: Any) -> None:
    """Write how to fill in each sheet."""
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
    page(sheet)


def page(sheet: Any) -> None:
    """Let the sheet print on A4 across, as wide as the page, its head on every page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&A  第 &P 页 / 共 &N 页")
