"""Forms and the burden meter through the command line."""

import json

import openpyxl
import pytest

from tests.builders import FINANCE, SCIENCE

OFFICE = ("--as", "office", "--on", "2013-03-29")
SHEET = "进展填报"


@pytest.fixture
def form(house, tmp_path):
    assert house("task", "acknowledge", "1", "--as", "kjt", "--on", "2013-01-07").code == 0
    made = house("form", "export", "--period", "2013Q1", "-o", str(tmp_path / "forms"), "--json", *OFFICE)
    assert made.code == 0
    (told,) = json.loads(made.out)
    return told


def filled(form, tmp_path, name="returned.xlsx", **cells):
    book = openpyxl.load_workbook(form["file"])
    for cell, value in cells.items():
        book[SHEET][cell] = value
    book.save(tmp_path / name)
    return str(tmp_path / name)


def test_one_workbook_for_each_unit_that_owes_something(house, form, tmp_path):
    assert (form["unit"], form["fields"]) == (SCIENCE, 2 + 4)
    assert [place.name for place in (tmp_path / "forms").iterdir()] == ["省科技厅-2013Q1-第1号.xlsx"]


def test_units_may_be_named_and_one_that_owes_nothing_is_told(house, form, tmp_path):
    told = house("form", "export", "--period", "2013Q1", "--unit", FINANCE, "-o", str(tmp_path / "more"), *OFFICE)
    assert (told.code, told.err.split("]")[0]) == (1, "error[nothing-asked")
    assert house("form", "export", "--period", "2013Q1", "--unit", "没有的单位", "-o", str(tmp_path), *OFFICE).err.startswith(
        "error[unknown-unit]"
    )


def test_a_form_is_tried_taken_and_taken_again(house, form, tmp_path):
    place = filled(form, tmp_path, I4=3, K4="三县")
    tried = house("form", "import", place, "--dry-run", *OFFICE)
    assert (tried.code, "试收：可收 1 行" in tried.out) == (0, True)
    taken = house("form", "import", place, *OFFICE)
    assert (taken.code, "已收 1 行，不收 0 行" in taken.out) == (0, True)
    again = house("form", "import", place, *OFFICE)
    assert (again.code, "没有新的内容" in again.out) == (0, True)
    assert json.loads(house("task", "show", "1", "--json", "--on", "2013-03-29").out)["targets"][0]["actual"] == 3
    assert "逐条相符" in house("ledger", "verify").out


def test_mistakes_end_with_their_exit_code_and_a_bad_file_stops_no_other(house, form, tmp_path):
    bad, good = filled(form, tmp_path, "bad.xlsx", I4="不少"), filled(form, tmp_path, "good.xlsx", I4=3)
    (tmp_path / "note.txt").write_text("没有表", encoding="utf-8")
    assert house("form", "import", bad, "--dry-run", *OFFICE).code == 3
    outcome = house("form", "import", bad, *OFFICE)
    assert (outcome.code, outcome.err.startswith("error[form-rows-refused]")) == (1, True)
    assert "第 4 行“本期末累计数”（I4）：应填数字，现在是“不少”" in outcome.out
    both = house("form", "import", str(tmp_path / "note.txt"), good, "--json", *OFFICE)
    assert (both.code, both.err.startswith("error[not-a-form]")) == (1, True)
    assert [one["is_kept"] for one in json.loads(both.out)["forms"]] == [True]


def test_a_unit_makes_and_enters_its_own_form_only(house, form, tmp_path):
    place = filled(form, tmp_path, I4=3)
    assert house("form", "import", place, "--as", "czt", "--on", "2013-03-29").err.startswith("error[not-your-task]")
    assert house("form", "import", place, "--as", "kjt", "--on", "2013-03-29").code == 0
    own = ("form", "export", "--period", "2013Q2", "-o", str(tmp_path / "own"), "--on", "2013-04-12")
    assert house(*own, "--as", "kjt").code == 0
    assert house(*own, "--as", "czt").err.startswith("error[nothing-asked]")
    assert house(*own, "--as", "admin").err.startswith("error[no-right]")


def test_the_burden_of_a_quarter(house, form):
    (row,) = json.loads(house("burden", "2013Q1", "--json", "--on", "2013-04-08").out)
    assert (row["unit"], row["fields"], row["forms"], row["change"]) == (SCIENCE, 6, 6, 3)
    assert "省科技厅\t6\t+3\t1" in house("burden", "2013Q1", "--on", "2013-04-08").out
    assert house("burden", "2013").err.startswith("error[bad-period]")
