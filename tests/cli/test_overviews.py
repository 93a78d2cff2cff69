"""Unit pages, the ledger of tasks and comparisons of plans through the command line."""

import json

import pytest
from openpyxl import load_workbook

from intake.draft import draft_as_json
from tests.builders import FINANCE, SCIENCE, draft, item

ON = ("--on", "2013-04-02")


@pytest.fixture
def two_plans(house_after):
    return house_after(issue_another)


def issue_another(house, folder):
    other = draft(item(1, text="扩大到全部县"), item(2), doc_no="测政办发〔2012〕2号", title="后续方案")
    other = other.model_copy(update={"source": other.source.model_copy(update={"sha256": "b" * 64})})
    place = folder / "other.json"
    place.write_text(json.dumps(draft_as_json(other), ensure_ascii=False), encoding="utf-8")
    assert house("plan", "issue", str(place), "--as", "office", "--on", "2013-01-07").code == 0


@pytest.mark.parametrize("ending", ["docx", "html", "xlsx", "md", "json"])
def test_a_unit_gets_its_page_in_every_format(house, tmp_path, ending):
    place = tmp_path / f"page.{ending}"
    outcome = house("unit", "page", SCIENCE, "-o", str(place), *ON)
    assert (outcome.code, outcome.out) == (0, f"已写入 {place}\n")
    assert place.stat().st_size > 300


def test_a_page_as_json_says_what_is_asked(house):
    page = json.loads(house("unit", "page", SCIENCE, "--json", *ON).out)
    assert (page["schema"], page["unit"], len(page["led"]), page["later"]) == ("duban/unit-page/1", SCIENCE, 1, 2)
    assert [ask["kind"] for ask in page["asks"]] == ["acknowledge", "report"]


def test_all_pages_go_into_a_folder(house, tmp_path):
    outcome = house("unit", "page", "--all", "-o", str(tmp_path / "pages"), "--format", "md", *ON)
    assert "2 个单位" in outcome.out
    names = {place.name for place in (tmp_path / "pages").iterdir()}
    assert names == {f"{unit}台账页-2013-04-02.md" for unit in (FINANCE, SCIENCE)}
    assert len(json.loads(house("unit", "page", "--all", "--json", *ON).out)) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "unit-or-all"),
        ((SCIENCE, "--all"), "unit-or-all"),
        (("没有这个单位",), "unknown-unit"),
        ((SCIENCE, "--as", "czt"), "not-your-unit"),
        ((SCIENCE, "--as", "admin"), "no-right"),
        ((SCIENCE, "--format", "odt"), "format-not-written"),
    ],
    ids=["neither", "both", "unknown", "another's", "no reader", "no such format"],
)
def test_a_page_is_refused(house, arguments, code):
    outcome = house("unit", "page", *arguments, *ON)
    assert (outcome.code, outcome.err.partition("]")[0]) == (1, f"error[{code}")


def test_a_unit_gets_the_pages_it_may_read(house, tmp_path):
    house("unit", "page", "--all", "-o", str(tmp_path / "own"), "--format", "md", "--as", "czt", *ON)
    assert [place.name for place in (tmp_path / "own").iterdir()] == [f"{FINANCE}台账页-2013-04-02.md"]


def test_the_ledger_of_tasks_is_a_workbook(house, tmp_path):
    place = tmp_path / "台账.xlsx"
    outcome = house("ledger", "book", "-o", str(place), *ON)
    assert outcome.out == f"台账已写入 {place}：任务 3 项，牵头单位 1 个（截至 2013-04-02）\n"
    assert load_workbook(place)["台账"].max_row == 4
    assert "任务 1 项" in house("ledger", "book", "-o", str(place), "--light", "red", *ON).out
    assert house("ledger", "book", "--plan", "9", "-o", str(place), *ON).err.startswith("error[unknown-plan]")
    assert house("ledger", "book", "-o", str(tmp_path / "no" / "where.xlsx"), *ON).err.startswith("error[file-not-written]")


def test_the_ledger_of_tasks_as_json(house):
    tasks = json.loads(house("ledger", "book", "--json", *ON).out)["tasks"]
    assert [(task["lead"], task["due_on"]) for task in tasks] == [(SCIENCE, f"{year}-12-31") for year in (2013, 2014, 2015)]
    assert json.loads(house("ledger", "book", "--json", "--as", "admin", *ON).out)["tasks"] == []


def test_two_plans_are_shown_side_by_side(two_plans, tmp_path):
    shown = two_plans("plan", "compare", "1", "2", *ON).out
    for words in ("计划A有1个事项，计划B有2个", "扩大到全部县", "只有计划B有", "示范行动2"):
        assert words in shown
    view = json.loads(two_plans("plan", "compare", "1", "2", "--json", *ON).out)
    assert (view["schema"], len(view["pairs"]), len(view["figures"]["plans"])) == ("duban/comparison/1", 1, 2)
    place = tmp_path / "compare.md"
    assert two_plans("plan", "compare", "1", "2", "-o", str(place), *ON).code == 0
    assert place.read_text(encoding="utf-8").startswith("# 两个计划对照")


def test_versions_are_told_apart(two_plans, tmp_path):
    amended = tmp_path / "amended.json"
    written = draft_as_json(draft(item(1, text="改为两年完成")))
    written["source"]["sha256"] = "c" * 64
    amended.write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    assert two_plans("plan", "amend", "1", str(amended), "--yes", "--as", "office", *ON).code == 0
    assert "改为两年完成" in two_plans("plan", "compare", "1", "--version", "1", *ON).out
    assert "第2版" in two_plans("plan", "compare", "1", "--version", "1", "--version", "2", *ON).out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("1",), "nothing-to-compare"),
        (("1", "1"), "nothing-to-compare"),
        (("1", "9"), "unknown-plan"),
        (("1", "--version", "5"), "unknown-version"),
        (("1", "2", "--version", "1"), "bad-version"),
        (("1", "2", "--as", "admin"), "no-right"),
    ],
    ids=["one plan", "the same", "unknown", "no such version", "a version of two plans", "no reader"],
)
def test_what_cannot_be_compared_is_refused(two_plans, arguments, code):
    outcome = two_plans("plan", "compare", *arguments, *ON)
    assert (outcome.code, outcome.err.partition("]")[0]) == (1, f"error[{code}")
