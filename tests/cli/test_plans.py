"""`duban plan`: units against the register where there is one, a second reading against the first, and a long table in good time."""

import json
from hashlib import sha256
from pathlib import Path
from time import process_time

import openpyxl
import pytest

from cli.drafting import DraftJob
from intake.draft import UnitDraft, draft_as_json
from tests.builders import SCIENCE, draft, item

NOTICE = """关于推进示范工程的通知
测政发〔2012〕3号

一、推进示范园区建设，2013年底前建成示范园区10个。（牵头单位：省科技厅）
二、建设实训基地，2014年底前建成实训基地20个。（牵头单位：省教育厅；配合单位：省财政局）
{more}"""


@pytest.fixture
def notice(tmp_path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE.format(more=""), encoding="utf-8")
    return path


def codes(outcome) -> list[tuple[str, str]]:
    found = json.loads(outcome.out)["findings"]
    return [(one["code"], one["severity"]) for one in found if one["code"].endswith("-unit")]


def test_without_a_database_nothing_is_held_against_a_register(duban, notice, tmp_path):
    place = tmp_path / "draft.json"
    assert duban("plan", "draft", str(notice), "-o", str(place)).code == 0
    assert codes(duban("plan", "check", str(place), "--json")) == []
    assert not duban.home.exists()


def test_a_database_that_was_never_set_up_is_told_and_passed_over(duban, notice, tmp_path):
    duban.home.mkdir()
    (duban.home / "duban.db").touch()
    outcome = duban("plan", "draft", str(notice), "-o", str(tmp_path / "draft.json"))
    assert outcome.code == 0
    assert "没有核对单位名册" in outcome.err


def test_an_empty_register_is_only_said(duban, notice):
    assert duban("init").code == 0
    assert codes(duban("plan", "draft", str(notice))) == [("unknown-unit", "info")]


def test_unknown_names_are_told_with_a_proposal(house, notice, tmp_path):
    place = tmp_path / "review.xlsx"
    assert house("plan", "draft", str(notice), "-o", str(place)).code == 0
    outcome = house("plan", "check", str(place), "--json")
    assert codes(outcome) == [("unknown-unit", "warning")] * 2
    assert "“省财政局”没有登记过，是否即“省财政厅”" in outcome.out
    assert "省财政厅" in {row[0] for row in openpyxl.load_workbook(place)["单位名册"].iter_rows(values_only=True)}


def write(place: Path, *names: str) -> str:
    units = tuple(UnitDraft(name=name, as_written=name, role="lead" if at == 0 else "support") for at, name in enumerate(names))
    made = draft(item(1, units=units), doc_no=f"测政办发〔2013〕{place.stem}号")
    made = made.model_copy(update={"source": made.source.model_copy(update={"sha256": sha256(place.stem.encode()).hexdigest()})})
    place.write_text(json.dumps(draft_as_json(made), ensure_ascii=False), encoding="utf-8")
    return str(place)


def test_a_name_that_fits_several_units_is_not_issued(house, tmp_path):
    place = write(tmp_path / "new.json", "甲市教育局", "乙市教育局")
    assert house("plan", "issue", place, "--as", "office", "--on", "2013-01-04").code == 0
    second = write(tmp_path / "second.json", "教育局")
    checked = house("plan", "check", second, "--json")
    assert (checked.code, codes(checked)) == (3, [("ambiguous-unit", "error")])
    refused = house("plan", "issue", second, "--as", "office", "--on", "2013-01-04")
    assert (refused.code, refused.err.startswith("error[ambiguous-unit]")) == (1, True)


def test_an_organ_in_other_words_is_not_registered_twice(house, tmp_path):
    assert house("unit", "alias", SCIENCE, "省科学技术委员会", "--as", "office").code == 0
    before = len(json.loads(house("unit", "list", "--json").out))
    place = write(tmp_path / "new.json", "省科技委", SCIENCE)
    assert house("plan", "issue", place, "--as", "office", "--on", "2013-01-04").code == 0
    assert len(json.loads(house("unit", "list", "--json").out)) == before


def test_a_second_reading_tells_what_differs_and_keeps_the_review(duban, notice, tmp_path):
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    assert duban("plan", "draft", str(notice), "-o", str(first)).code == 0
    book = openpyxl.load_workbook(first)
    at = {cell.value: cell.column for cell in book["事项"][1]}
    book["事项"].cell(2, at["是否交办"]).value = "否"
    book.save(first)
    notice.write_text(NOTICE.format(more="三、清理证明事项，2014年6月底前完成。（牵头单位：省司法厅）\n"), encoding="utf-8")
    outcome = duban("plan", "draft", str(notice), "-o", str(second), "--against", str(first))
    assert outcome.code == 0
    lines = [line.split("\t")[0] for line in outcome.out.splitlines()]
    assert lines == ["变化", "新增"]
    assert "沿用上次审核的修改：1 个事项，1 处" in outcome.err
    book = openpyxl.load_workbook(second)
    assert [row[at["是否交办"] - 1] for row in book["事项"].iter_rows(min_row=2, values_only=True)] == ["否", "是", "是"]


def test_a_second_reading_as_json_is_the_pure_reading(duban, notice, tmp_path):
    first = tmp_path / "first.json"
    assert duban("plan", "draft", str(notice), "-o", str(first)).code == 0
    outcome = duban("plan", "draft", str(notice), "--against", str(first))
    assert json.loads(outcome.out)["items"] == json.loads(first.read_text(encoding="utf-8"))["items"]
    assert "与上次读取的相同" in outcome.err


def test_against_something_that_is_no_draft(duban, notice, tmp_path):
    outcome = duban("plan", "draft", str(notice), "-o", str(tmp_path / "new.xlsx"), "--against", str(notice))
    assert (outcome.code, outcome.err.startswith("error[draft-not-json]")) == (1, True)
    assert not (tmp_path / "new.xlsx").exists()


def test_a_table_of_300_rows_ends_within_seconds(tmp_path, monkeypatch):
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "house"))
    rows = [f"{n},推进第{n}号示范工程,新建示范点{n}个，培训{n}0人次,2014年底前,省科技厅、省财政厅" for n in range(1, 301)]
    place = tmp_path / "分工表.csv"
    place.write_text("\n".join(["序号,工作任务,目标,完成时限,责任单位", *rows]), encoding="utf-8")
    job = DraftJob(place, None, None, tmp_path / "review.xlsx", is_workbook=True)
    started = process_time()
    for step in job.steps():
        step()
    assert len(job.done.items) == 300
    assert process_time() - started < 30
