"""What the review workbook shows and offers: findings in words beside their row, where it was read, doubt in colour, units to choose from."""

from pathlib import Path

import openpyxl
import pytest

from intake.draft import DraftPlan, Finding, SourcePlace
from intake.review.reading import readings_in
from intake.safety import load
from intake.workbook import read_workbook, write_workbook
from tests.intake.samples import draft, item, unit, year

TWO = (unit("省科技厅"), unit("省财政厅"))


@pytest.fixture
def place(tmp_path) -> Path:
    return tmp_path / "审核工作簿.xlsx"


def written(place: Path, made: DraftPlan, *registered: str):
    write_workbook(made, place, registered)
    return openpyxl.load_workbook(place)


def cell(book, head: str, row: int = 2, sheet: str = "事项"):
    return next(book[sheet].cell(row, one.column) for one in book[sheet][1] if one.value == head)


def test_findings_stand_beside_their_row_in_words_gravest_first(place):
    found = (
        Finding(code="open-unit-set", severity="info", message="有一类单位", item="t1-1"),
        Finding(code="no-due-date", severity="error", message="没有期限", item="t1-1"),
        Finding(code="duplicate-item", severity="warning", message="与前一项相同", item="t1-2"),
    )
    book = written(place, draft(item(), item("t1-2"), item("t1-3"), findings=found))
    assert [cell(book, "检查意见", row).value for row in (2, 3, 4)] == [
        "须处理：没有期限\n供参考：有一类单位",
        "请核对：与前一项相同",
        None,
    ]
    colours = [cell(book, "检查意见", row).fill.start_color.rgb for row in (2, 3, 4)]
    assert len(set(colours)) == 3
    assert cell(book, "检查意见").alignment.wrap_text


def test_a_finding_that_names_a_year_stands_beside_that_year(place):
    found = (Finding(code="outside-plan-period", severity="warning", message="2014年在计划期外", item="t1-1"),)
    book = written(place, draft(item(tasks=(year(2013), year(2014))), findings=found))
    assert [cell(book, "检查意见", row, "年度任务").value for row in (2, 3)] == [None, "请核对：2014年在计划期外"]


SOURCES = {
    "table": ({"source": SourcePlace(table=1, row=3)}, "表1第3行"),
    "sheet": ({"source": SourcePlace(sheet="分工", table=1, row=3)}, "工作表“分工”\n表1第3行"),
    "line": ({"source": SourcePlace(first_line=12, last_line=12)}, "第12行"),
    "lines": ({"source": SourcePlace(first_line=12, last_line=15)}, "第12至15行"),
    "heading": ({"path": ("一、任务", "（一）强基")}, "正文“（一）强基”之下"),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("values", "words"), SOURCES.values(), ids=SOURCES)
def test_where_a_row_was_read(place, values, words):
    assert cell(written(place, draft(item(**values))), "原文出处").value == words


def test_only_doubtful_rows_are_coloured(place):
    book = written(place, draft(item(confidence=0.79), item("t1-2", confidence=0.8)))
    assert cell(book, "标题", 2).fill.start_color.rgb == "FFFCE4D6"
    assert cell(book, "标题", 3).fill.fill_type is None
    assert cell(book, "可信度", 2).number_format == "0%"


def test_units_of_the_draft_and_of_the_register_are_offered(place):
    book = written(place, draft(item(units=TWO), item("t1-2", units=TWO[1:])), "省教育厅", "省科技厅")
    rows = [row[:3] for row in book["单位名册"].iter_rows(min_row=2, values_only=True)]
    assert rows == [("省财政厅", 2, None), ("省科技厅", 1, "已登记"), ("省教育厅", 0, "已登记")]
    assert book["单位名册"].sheet_state == "visible"
    rules = [rule for rule in book["事项"].data_validations.dataValidation if rule.formula1 == "'单位名册'!$A$2:$A$4"]
    assert all(any(cell(book, head).coordinate in rule.sqref for rule in rules) for head in ("牵头单位", "增列配合"))
    assert not any(rule.showErrorMessage for rule in rules)


MOVES = {
    "lead chosen from the list and left in it": ({"牵头单位": "省财政厅"}, [("省科技厅", "responsible"), ("省财政厅", "lead")]),
    "support chosen from the list and left in it": ({"增列配合": "省财政厅"}, [("省科技厅", "responsible"), ("省财政厅", "support")]),
    "a new one added": ({"增列配合": "省教育厅"}, [("省科技厅", "responsible"), ("省财政厅", "responsible"), ("省教育厅", "support")]),
    "chosen in both": ({"牵头单位": "省财政厅", "增列配合": "省财政厅"}, [("省科技厅", "responsible"), ("省财政厅", "lead")]),
}


@pytest.mark.parametrize(("choices", "units"), MOVES.values(), ids=MOVES)
def test_a_choice_from_the_dropdown_moves_the_unit(place, choices, units):
    book = written(place, draft(item(units=TWO)))
    for head, name in choices.items():
        cell(book, head).value = name
    book.save(place)
    assert [(one.name, one.role) for one in read_workbook(place).items[0].units] == units


def test_a_workbook_without_the_extra_column_is_read(place):
    book = written(place, draft(item(units=TWO)))
    book["事项"].delete_cols(cell(book, "增列配合").column)
    book.save(place)
    assert read_workbook(place).items[0].units == TWO


def test_every_sheet_prints_on_a4_across(place):
    book = written(place, draft(item()))
    assert {(sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) for sheet in book if sheet.sheet_state == "visible"} == {
        ("landscape", 9)
    }


def test_the_first_reading_is_kept_beside_what_people_made_of_it(place):
    made = draft(item(units=TWO), item("t1-2"))
    book = written(place, made)
    cell(book, "标题").value = "改过的标题"
    book["事项"].delete_rows(3)
    book.save(place)
    left, first = readings_in(load(place))
    assert [one.title for one in left.items] == ["改过的标题"]
    assert first == made


def test_a_first_reading_too_long_for_a_cell_is_kept_whole(place):
    made = draft(item(text="长 " * 15_990 + "完", path=("题" * 20_000,)), item("t1-2"))
    write_workbook(made, place)
    assert readings_in(load(place)) == (made, made)
