"""The ledger of tasks as a workbook, read back with another program than the one that wrote it."""

from datetime import date

import pytest
from openpyxl import load_workbook

from reports.task_book import COUNTED
from reports.task_book_columns import measure_columns, name_columns, record_columns
from reports.task_book_xlsx import write_task_book
from reports.xlsx_cells import LONGEST_CELL
from rules.errors import DubanError
from tests.reports.overviews import book_facts, book_task, measure
from tests.reports.papers import HOSTILE

TASKS = (book_task(1), book_task(2, measures=()), book_task(3, lead="省财政厅", light="green", bucket="done", measures=(measure(),)))


@pytest.fixture
def place(tmp_path):
    return tmp_path / "台账.xlsx"


@pytest.fixture
def book(place):
    write_task_book(place, book_facts(), iter(TASKS))
    return load_workbook(place)


def column(sheet, heading):
    heads = [cell.value for cell in sheet[1]]
    return heads.index(heading) + 1


def cells(sheet, heading):
    at = column(sheet, heading)
    return [sheet.cell(row, at) for row in range(2, sheet.max_row + 1)]


def test_a_row_is_a_task_and_measure_with_its_task_repeated(book):
    sheet = book["台账"]
    assert [cell.value for cell in cells(sheet, "首行")] == [1, 0, 1, 1]
    assert [cell.value for cell in cells(sheet, "任务编号")] == [1, 1, 2, 3]
    assert [cell.value for cell in cells(sheet, "牵头单位")] == ["省科技厅", "省科技厅", "省科技厅", "省财政厅"]
    assert [cell.value for cell in cells(sheet, "指标")] == ["示范县", "培训人次", None, "示范县"]


def test_days_are_days_and_figures_are_numbers(book):
    sheet = book["台账"]
    for heading, value, shown in (
        ("期限", date(2013, 12, 31), "yyyy-mm-dd"),
        ("原定期限", date(2013, 9, 30), "yyyy-mm-dd"),
        ("最近填报", date(2013, 3, 29), "yyyy-mm-dd"),
        ("目标", 10, "General"),
        ("实际", 4, "General"),
        ("应达进度", 0.551, "0.0%"),
        ("指标差距（百分点）", 15.1, '"落后"0.0;"超前"0.0;"持平"'),
        ("任务编号", 1, "0"),
        ("文号", "测政办发〔2012〕1号", "@"),
    ):
        cell = cells(sheet, heading)[0]
        found = cell.value.date() if isinstance(value, date) else cell.value
        assert (found, cell.number_format) == (value, shown), heading
    assert cells(sheet, "实际")[1].value is None


def test_filters_panes_and_print_titles(book):
    sheet = book["台账"]
    last = column(sheet, "记录哈希")
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(5, last).coordinate}"
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols) == ("F2", "$1:$1", "$A:$E")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape",
        0,
        True,
    )
    assert all(sheet.column_dimensions[cell.column_letter].width > 5 for cell in sheet[1])


@pytest.mark.parametrize("sheet_name", ["按单位", "按事项"])
def test_counts_follow_the_filter_and_open_with_the_sum_of_all(book, place, sheet_name):
    values = load_workbook(place, data_only=True)[sheet_name]
    first = values.max_column - len(COUNTED) + 1
    for at in range(first, values.max_column + 1):
        below = [values.cell(row, at).value for row in range(3, values.max_row + 1)]
        assert values.cell(1, at).value == sum(below)
        letter = values.cell(1, at).column_letter
        assert book[sheet_name].cell(1, at).value == f"=SUBTOTAL(109,{letter}3:{letter}{values.max_row})"
    assert values.cell(1, first).value == 3
    assert values.auto_filter.ref.startswith("A2:")


def test_the_legend_explains_every_column_and_says_what_it_rests_on(book):
    lines = {row[0].value: row[1].value for row in book["说明"].iter_rows(min_row=3)}
    explained = {column.heading for column in (*name_columns(), *measure_columns(), *record_columns())}
    assert explained <= set(lines)
    assert all(lines[heading] for heading in explained)
    assert "2013-1" in lines["评定规则"]
    assert lines["台账链 plan-1"].startswith("至第12条")
    assert {cell.value for cell in book["台账"][1]} - explained == {"首行"}


@pytest.mark.parametrize("words", HOSTILE)
def test_a_text_never_becomes_a_formula(place, words):
    task = book_task(1, text=words, item=words, lead=words, last_text=words, measures=(measure(measure=words),))
    write_task_book(place, book_facts(), [task])
    book = load_workbook(place)
    for heading in ("任务内容", "事项", "牵头单位", "进展情况", "指标"):
        cell = cells(book["台账"], heading)[0]
        assert cell.data_type in ("s", "n"), heading
        assert cell.value in (words, None) or words.strip() != words or not words.isprintable()
    assert book["按单位"].cell(3, 1).data_type == "s"


def test_a_text_beyond_a_cell_is_cut_and_says_so(place):
    write_task_book(place, book_facts(), [book_task(1, last_text="字" * 40_000)])
    text = cells(load_workbook(place)["台账"], "进展情况")[0].value
    assert (len(text), text[-1]) == (LONGEST_CELL, "…")


def test_an_empty_book_has_its_heads(place):
    counts = write_task_book(place, book_facts(), [])
    book = load_workbook(place)
    assert (counts.by_unit, book["台账"].max_row, book["按单位"].cell(2, 1).value) == ({}, 1, "牵头单位")


def test_the_same_book_again_is_the_same(place, tmp_path):
    again = tmp_path / "again.xlsx"
    for where in (place, again):
        write_task_book(where, book_facts(), iter(TASKS))
    assert place.read_bytes() == again.read_bytes()


def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(DubanError) as refused:
        write_task_book(tmp_path / "nowhere" / "book.xlsx", book_facts(), TASKS)
    assert refused.value.code == "file-not-written"


def test_a_failure_midway_leaves_nothing(place):
    def broken():
        yield book_task(1)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 (whatever the reading throws comes through)
        write_task_book(place, book_facts(), broken())
    assert list(place.parent.iterdir()) == []


def test_rows_beyond_a_sheet_are_refused(place, monkeypatch):
    monkeypatch.setattr("reports.task_book_xlsx.ROWS_IN_A_SHEET", 3)
    with pytest.raises(DubanError) as refused:
        write_task_book(place, book_facts(), [book_task(1), book_task(2)])
    assert (refused.value.code, list(place.parent.iterdir())) == ("book-too-long", [])
