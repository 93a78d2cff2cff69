"""A form's face: what is open and what is not, what its cells allow, and that nothing in it is a formula."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from reports.form_sheets import MARKS, FormLine, FormSheet, FormView, Role, columns_of
from reports.form_workbook import form_xlsx


def line(task="=示范行动", **cells):
    whole = {column.name: None for column in columns_of(Role.REPORT)}
    return FormLine("0-abc", {**whole, "plan": "方案", "task": task, "due_on": date(2013, 12, 31), "measure": "示范县（个）", **cells})


def view(*lines, role=Role.REPORT):
    marks = (("duban-form/1", "7", "house", "2", "2013Q1", "1"),)
    return FormView(7, 1, "省科技厅\x07", "2013Q1", date(2013, 3, 29), date(2013, 4, 3), 4, (FormSheet(role, lines or (line(),)),), marks)


@pytest.fixture
def book():
    following = FormLine("1-abc", {"measure": "培训（人次）", "wanted": "1500人次", "last": 2.5, "value": None}, begins_task=False)
    wordy = line("另一任务")
    del wordy.cells["value"]
    return openpyxl.load_workbook(BytesIO(form_xlsx(view(line(), following, wordy))))


def test_only_answer_cells_are_open(book):
    sheet = book["进展填报"]
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert {"I4", "I5", "J4", "K4", "N4"} <= open_cells
    assert {"I6", "C4", "H5", "K3", "A4"}.isdisjoint(open_cells)
    assert all(one.protection.sheet for one in book.worksheets)
    assert "K4:K5" in {str(merged) for merged in sheet.merged_cells.ranges}


def test_cells_say_what_they_want_and_refuse_what_they_cannot_be(book):
    rules = {str(one.sqref): one for one in book["进展填报"].data_validations.dataValidation}
    assert (rules["I4"].type, rules["J4"].type, rules["J4"].formula1, rules["K4"].type) == ("decimal", "list", '"是"', "textLength")
    assert all(rule.error and rule.prompt for rule in rules.values())
    assert "I6" not in rules


def test_nothing_is_a_formula_a_macro_or_a_link(book):
    assert book["进展填报"]["C4"].value == "=示范行动"
    assert book["进展填报"]["C4"].data_type == "s"
    assert book["进展填报"]["C4"].quotePrefix
    with ZipFile(BytesIO(form_xlsx(view()))) as parts:
        assert not [name for name in parts.namelist() if "vba" in name.lower() or "external" in name.lower()]
        assert not [name for name in parts.namelist() if name.startswith("xl/worksheets/") and b"<f>" in parts.read(name)]


def test_it_prints_on_a4_across_with_its_heads_on_every_page(book):
    sheet = book["进展填报"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.column_dimensions["A"].hidden


def test_the_marks_are_hidden_and_the_guide_tells_the_limit(book):
    assert book[MARKS].sheet_state == "veryHidden"
    assert [cell.value for cell in book[MARKS][1]] == ["duban-form/1", "7", "house", "2", "2013Q1", "1"]
    told = "\n".join(str(row[1].value) for row in book["填表说明"].iter_rows())
    assert "2013年4月3日" in told
    assert "共问 4 项" in told


def test_control_characters_never_reach_the_file(book):
    assert book["填表说明"]["A1"].value == "省科技厅 2013年第一季度任务填报表"
