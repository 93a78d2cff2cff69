"""The Excel face: real numbers, days and percentages, print set-up, and texts that never become formulas."""

from dataclasses import replace
from datetime import date

import pytest

from reports.imprint import Imprint
from reports.to_xlsx import bulletin_xlsx
from tests.reports.builders import NAUGHTY_UNIT, bulletin, empty_bulletin, lagging_task, large_bulletin, single_bulletin
from tests.reports.read_back import matches_golden, xlsx_sheets, xlsx_table, xlsx_text


@pytest.mark.parametrize(
    ("name", "view", "office"),
    [("bulletin", bulletin(), "自治区人民政府督查室"), ("empty", empty_bulletin(), None), ("single", single_bulletin(), None)],
    ids=["full", "empty", "single"],
)
def test_golden_cells(name, view, office):
    matches_golden(f"{name}.xlsx.txt", xlsx_text(bulletin_xlsx(view, Imprint(office, 2013, 3))))


def test_sheets_are_ready_to_print_and_filter():
    sheets = xlsx_sheets(bulletin_xlsx(bulletin()))
    assert list(sheets) == ["总览", "事项", "单位", "滞后任务", "下期任务"]
    for name, sheet in sheets.items():
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if name != "总览":
            assert sheet.print_title_rows == "$1:$1"
            assert sheet.freeze_panes == "C2"
            assert sheet.auto_filter.ref


def test_numbers_and_days_are_real():
    sheets = xlsx_sheets(bulletin_xlsx(bulletin()))
    first = xlsx_table(sheets["滞后任务"])[0]
    assert first["期限"].date() == date(2013, 9, 10)
    assert first["逾期天数"] == 20
    assert first["应达进度"] == 1.0
    share = sheets["总览"]["C5"]
    assert (share.value, share.number_format) == (0.222, "0.0%")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", NAUGHTY_UNIT, "{=1}", "http://example.org", "123"])
def test_texts_never_become_formulas(text):
    units = tuple(replace(unit, name=text) for unit in bulletin().units)
    content = bulletin_xlsx(bulletin(units=units, lagging=(lagging_task(unit=text, cause=text),)), Imprint(text))
    for sheet in xlsx_sheets(content).values():
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    assert xlsx_table(xlsx_sheets(content)["单位"])[0]["责任单位"] == text


def test_counts_of_an_item_stand_once():
    rows = xlsx_table(xlsx_sheets(bulletin_xlsx(bulletin()))["事项"])
    assert sum(row["任务数"] or 0 for row in rows) == bulletin().totals.tasks


def test_bytes_stay_the_same():
    assert bulletin_xlsx(bulletin()) == bulletin_xlsx(bulletin())


def test_a_large_bulletin_has_all_its_rows():
    view = large_bulletin()
    sheets = xlsx_sheets(bulletin_xlsx(view))
    assert len(xlsx_table(sheets["滞后任务"])) == len(view.lagging)
    assert len(xlsx_table(sheets["单位"])) == 60
