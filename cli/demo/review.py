"""The example's document and its review: read, written as the workbook, the one open question answered in it, read back."""

from pathlib import Path

import openpyxl

from intake.draft import DraftPlan
from intake.opening import read_draft
from intake.reading import read_document
from intake.review.columns import FIRST_LEADS
from intake.workbook import write_workbook

NAME = "guangxi-2012-269.docx"


def example_file() -> Path:
    """Return the shipped notice: beside the packages in a checkout, inside the package where installed."""
    here = Path(__file__).resolve()
    places = (here.parents[2] / "examples" / NAME, here.parents[1] / "examples" / NAME)
    return next(place for place in places if place.exists())


def reviewed_draft(home: Path) -> DraftPlan:
    """Return the draft as a clerk would leave it: who leads where the document marks nobody is confirmed in the workbook."""
    workbook = home / "draft-review.xlsx"
    write_workbook(read_document(example_file()), workbook)
    _answer_lead_question(workbook)
    return read_draft(workbook)


def _answer_lead_question(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book.worksheets[0]
    row, column = next(
        (row, column)
        for row, cells in enumerate(sheet.iter_rows(values_only=True), 1)
        for column, value in enumerate(cells, 1)
        if str(value or "").startswith(FIRST_LEADS)
    )
    sheet.cell(row, column + 1, "是")
    book.save(workbook)
