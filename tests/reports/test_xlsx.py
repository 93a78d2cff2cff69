"""The Excel face: real numbers, days and percentages, print set-up, safe names, and texts that never become formulas."""

import tracemalloc
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports import to_xlsx
from reports.paper import Column, Row, Table
from reports.to_xlsx import paper_xlsx
from reports.words import Figure
from tests.reports.papers import HOSTILE, bare_paper, hostile_paper, lagging_table, long_table, sample_paper
from tests.reports.read_back import matches_golden, xlsx_sheets, xlsx_table, xlsx_text


def one_column(kind: str, *cells: object) -> Table:
    return Table("表", (Column("名称", "text", 30), Column("值", kind, 20)), tuple(Row(("甲", cell)) for cell in cells))


def cell_of(kind: str, cell: object) -> tuple[object, str]:
    found = xlsx_sheets(paper_xlsx(sample_paper(sheets=(one_column(kind, cell),))))["表"]["B2"]
    return found.value, found.number_format


def test_golden_cells():
    matches_golden("sample.xlsx.txt", xlsx_text(paper_xlsx(sample_paper())))


def test_a_sheet_of_words_one_of_charts_then_the_tables():
    assert list(xlsx_sheets(paper_xlsx(sample_paper()))) == ["正文", "图表", "滞后任务", "滞后任务一览表"]
    assert list(xlsx_sheets(paper_xlsx(sample_paper(sheets=(long_table(5),))))) == ["正文", "图表", "任务台账"]
    assert list(xlsx_sheets(paper_xlsx(bare_paper()))) == ["正文"]


def test_sheets_are_ready_to_print_and_filter():
    sheet = xlsx_sheets(paper_xlsx(sample_paper(sheets=(long_table(9),))))["任务台账"]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.auto_filter.ref) == ("$1:$1", "C2", "A1:G10")


def test_rows_that_belong_together_are_not_filtered():
    sheet = xlsx_sheets(paper_xlsx(sample_paper()))["滞后任务"]
    assert sheet.auto_filter.ref is None
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$2", "C3")
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A1:B1", "C1:D1", "E1:F1", "G1:H1", "A3:H3", "A5:H5"}


@pytest.mark.parametrize(
    ("kind", "cell", "value", "number_format"),
    [
        ("count", 20, 20, "0"),
        ("quantity", 1.45, 1.45, "General"),
        ("percent", 22.2, 0.222, "0.0%"),
        ("percent", Figure(74.8, "约75%"), 0.748, "0.0%"),
        ("gap", -0.5, -0.5, '"落后"0.0;"超前"0.0;"持平"'),
        ("change", -2, -2, '+0;-0;"—"'),
        ("date", date(2013, 9, 10), date(2013, 9, 10), "yyyy-mm-dd"),
        ("date", date(1899, 1, 2), "1899-01-02", "yyyy-mm-dd"),
        ("quantity", Figure(33.0, "33个"), 33, 'General"个"'),
        ("quantity", Figure(1.3, "≥1.3%"), 1.3, '"≥"General"%"'),
        ("quantity", Figure(3.0, "三个"), 3, "General"),
        ("quantity", Figure(None, "按年度确定"), "按年度确定", "@"),
        ("light", "red", "红灯", "@"),
        ("text", "=1+1", "=1+1", "@"),
        ("text", "2013-09-10", "2013-09-10", "@"),
    ],
)
def test_a_cell_holds_its_value(kind, cell, value, number_format):
    found, shown = cell_of(kind, cell)
    assert (found.date() if hasattr(found, "date") else found, shown) == (value, number_format)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_never_become_formulas(text):
    for sheet in xlsx_sheets(paper_xlsx(hostile_paper(text))).values():
        cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        assert all(cell.data_type in ("s", "inlineStr") and cell.hyperlink is None for cell in cells)
        assert any(text in cell.value for cell in cells)


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (("a[b]:c*?/\\d",), ["a·b··c····d"]),
        (("任务", "任务", "任务"), ["任务", "任务 (2)", "任务 (3)"]),
        (("Tasks", "TASKS"), ["Tasks", "TASKS (2)"]),
        (("长" * 40, "长" * 40), ["长" * 31, "长" * 27 + " (2)"]),
        (("'引号'", "", "History"), ["引号", "表", "History (2)"]),
        (("正文",), ["正文 (2)"]),
        (("𫖯" * 20, "𫖯" * 20), ["𫖯" * 15, "𫖯" * 13 + " (2)"]),
    ],
    ids=["signs", "twins", "case", "long", "empty-and-kept", "ours", "rare"],
)
def test_sheet_names_are_safe(titles, names):
    tables = tuple(replace(one_column("count", 1), title=title) for title in titles)
    assert list(xlsx_sheets(paper_xlsx(sample_paper(blocks=(), annexes=(), sheets=tables))))[1:] == names


def test_bytes_stay_the_same():
    assert paper_xlsx(sample_paper()) == paper_xlsx(sample_paper())
    assert paper_xlsx(sample_paper(sheets=(long_table(600),))) == paper_xlsx(sample_paper(sheets=(long_table(600),)))
    assert {entry.date_time[0] for entry in ZipFile(BytesIO(paper_xlsx(sample_paper()))).infolist()} == {1980}


def test_excel_draws_the_charts_itself():
    parts = ZipFile(BytesIO(paper_xlsx(sample_paper()))).namelist()
    assert len([name for name in parts if name.startswith("xl/charts/chart")]) == 3


def test_a_long_table_takes_little_memory_and_has_all_rows(monkeypatch):
    assert to_xlsx.LONG_TABLE <= 3_000
    monkeypatch.setattr(to_xlsx, "LONG_TABLE", 1_000)
    paper = sample_paper(sheets=(long_table(1_000),))
    tracemalloc.start()
    try:
        content = paper_xlsx(paper)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Kept until the end, the rows would take more than twice as much.
    assert peak < 2_000_000
    book = load_workbook(BytesIO(content), read_only=True)
    rows = list(book["任务台账"].iter_rows(values_only=True, min_row=2))
    book.close()
    assert len(rows) == 1_000
    assert [row[0] for row in rows[:3]] == [0, 1, 2]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(to_xlsx, "ROWS_IN_A_SHEET", 40)
    sheets = xlsx_sheets(paper_xlsx(sample_paper(sheets=(long_table(100),))))
    assert [len(xlsx_table(sheets[name])) for name in ("任务台账", "任务台账 (2)", "任务台账 (3)")] == [40, 40, 20]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    assert cell_of("text", "长" * 40_000)[0] == "长" * 32_766 + "…"
    assert cell_of("text", "𫖯" * 20_000)[0] == "𫖯" * 16_383 + "…"


def test_lines_in_a_cell_are_kept_and_have_room():
    sheet = xlsx_sheets(paper_xlsx(sample_paper(blocks=(lagging_table(),))))["滞后任务"]
    assert sheet["B7"].value == "建立\n联络员制度"
    assert sheet.row_dimensions[7].height > sheet.row_dimensions[6].height


@given(st.text(max_size=60))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_any_text_makes_a_workbook_that_opens(text):
    assert xlsx_sheets(paper_xlsx(hostile_paper(text)))
