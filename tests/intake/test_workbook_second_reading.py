"""A second reading: what differs from the first, and what people had confirmed carried on where the document stayed as it was."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.draft import DraftPlan, PlanDraft, Recurrence
from intake.opening import read_earlier
from intake.review.carrying import Earlier, carried_on
from intake.review.differences import ITEM_FIELDS, change_name, differences, field_name
from intake.review.pairing import paired
from intake.workbook import read_workbook, write_workbook
from rules.texts import use_language
from tests.intake.samples import EXAMPLE, PLAN, draft, item, target, unit, year

TWO = (unit("省科技厅"), unit("省财政厅"))
ONE, OTHER, THIRD = item("t1-1", units=TWO), item("t1-2", units=TWO), item("t1-3", units=TWO)


def told(old: DraftPlan, new: DraftPlan) -> list[tuple[str, str | None, str | None, str, str]]:
    return [(one.change, one.item, one.field, one.before, one.after) for one in differences(old, new)]


CHANGES = {
    "text": ({"text": "另外的内容"}, ("text", "内容t1-1", "另外的内容")),
    "title": ({"title": "改名行动"}, ("title", "行动t1-1", "改名行动")),
    "due date": ({"due_on": date(2014, 6, 30)}, ("due_on", "", "2014-06-30")),
    "issue": ({"issue": False}, ("issue", "是", "否")),
    "place": ({"place": "全省"}, ("place", "", "全省")),
    "round": ({"recurrence": Recurrence(every="year", at_least=4)}, ("recurrence", "", "year ≥4")),
    "unit more": ({"units": (*TWO, unit("省教育厅", "support"))}, ("units", "", "省教育厅（配合）")),
    "lead": (
        {"units": (unit("省科技厅", "lead"), TWO[1])},
        ("units", "省科技厅（责任）", "省科技厅（牵头）"),
    ),
    "order of units": ({"units": TWO[::-1]}, ("units", "省科技厅（责任）；省财政厅（责任）", "省财政厅（责任）；省科技厅（责任）")),
    "target": ({"targets": (target(5.0), target(3.0, comparator="ge"))}, ("targets", "", "示范县 5个；示范县 ≥3个")),
    "task": (
        {"tasks": (year(2013, target(10.0, baseline=2.0)),)},
        ("tasks", "", "2013年（2013-01-01至2013-12-31）；2013年 示范县 10个（基期2）"),
    ),
}


@pytest.mark.parametrize(("values", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_changed_is_told_field_by_field(values, expected):
    assert told(draft(ONE, OTHER), draft(ONE.model_copy(update=values), OTHER)) == [("changed", "t1-1", *expected)]


def test_a_row_put_in_is_one_item_added_though_all_ids_shift():
    first = draft(ONE, OTHER, THIRD)
    shifted = [item(f"t1-{at}", title=one.title, text=one.text, units=TWO) for at, one in ((1, ONE), (3, OTHER), (4, THIRD))]
    new = draft(shifted[0], item("t1-2", title="新的一行", text="全新的工作", units=TWO), *shifted[1:])
    assert [(one.change, one.item) for one in differences(first, new)] == [("added", "t1-2")]
    assert [(one.change, one.title) for one in differences(new, first)] == [("gone", "新的一行")]


def test_facts_of_the_plan_and_spaces():
    new = draft(ONE.model_copy(update={"text": "内 容\nt1-1"}), plan=PLAN.model_copy(update={"doc_no": "测政〔2013〕2号"}))
    assert told(draft(ONE), new) == [("changed", None, "doc_no", "", "测政〔2013〕2号")]


def test_an_item_reworded_is_the_same_item():
    old = item("t1-1", title="推进示范园区建设工作", text="三年内建成示范园区十个")
    new = item("t1-2", title="推进示范园区建设", text="三年内建成示范园区十二个")
    assert paired([old], [new]) == [(old, new)]
    assert len(paired([old], [item("t1-9", title="别的事", text="毫不相干")])) == 2


@pytest.mark.parametrize("field", [*ITEM_FIELDS, *PlanDraft.model_fields])
def test_every_field_has_a_word_in_both_languages(field):
    assert not field_name(field).isascii()
    with use_language("en"):
        assert field_name(field).isascii()


def test_every_change_has_a_word_in_both_languages():
    with use_language("en"):
        assert all(change_name(change).isascii() for change in ("added", "gone", "changed"))


@pytest.fixture
def reviewed(tmp_path) -> Path:
    """A workbook of three items in which people confirmed a lead, took one item out, corrected a date and added a row."""
    path = tmp_path / "审核工作簿.xlsx"
    write_workbook(draft(ONE, OTHER, THIRD), path)
    book = openpyxl.load_workbook(path)
    sheet = book["事项"]
    at = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, at["牵头单位"]).value = "省财政厅"
    sheet.cell(2, at["截止日期"]).value = "2014-06-30"
    sheet.cell(3, at["是否交办"]).value = "否"
    sheet.delete_rows(4)
    sheet.cell(4, at["是否交办"]).value, sheet.cell(4, at["标题"]).value = "是", "补充的事项"
    book.save(path)
    return path


def facts(made: DraftPlan) -> dict[str, tuple[bool, str | None, date | None]]:
    return {one.title: (one.issue, next((unit.name for unit in one.units if unit.role == "lead"), None), one.due_on) for one in made.items}


def test_a_review_is_carried_on_where_the_document_is_the_same(reviewed):
    result = carried_on(read_earlier(reviewed), draft(ONE, OTHER, THIRD))
    assert facts(result.draft) == {
        "行动t1-1": (True, "省财政厅", date(2014, 6, 30)),
        "行动t1-2": (False, None, None),
        "行动t1-3": (False, None, None),
        "补充的事项": (True, None, None),
    }
    assert result.to_review_again == ()
    assert {(one.change, one.field) for one in result.carried} >= {("changed", "due_on"), ("changed", "units"), ("added", None)}


def test_an_item_whose_words_changed_is_reviewed_again(reviewed):
    new = draft(ONE.model_copy(update={"text": "内容改了一个数"}), OTHER, THIRD)
    result = carried_on(read_earlier(reviewed), new)
    assert facts(result.draft)["行动t1-1"] == (True, None, None)
    assert result.to_review_again == ("行动t1-1",)


def test_where_people_and_the_document_changed_the_same_field_the_document_holds(reviewed):
    new = draft(ONE.model_copy(update={"due_on": date(2015, 1, 31)}), OTHER, THIRD)
    result = carried_on(read_earlier(reviewed), new)
    assert facts(result.draft)["行动t1-1"] == (True, "省财政厅", date(2015, 1, 31))
    assert result.to_review_again == ("行动t1-1",)


def test_what_the_document_changed_is_never_put_back(reviewed):
    new = draft(ONE, OTHER.model_copy(update={"tasks": (year(2013, target(12.0)),)}), THIRD)
    result = carried_on(read_earlier(reviewed), new)
    assert result.draft.items[1].tasks == (year(2013, target(12.0)),)
    assert result.draft.items[1].issue is False


def test_of_a_json_draft_only_leads_and_what_is_issued_go_on():
    corrected = ONE.model_copy(update={"units": (unit("省科技厅", "lead"), TWO[1]), "due_on": date(2014, 6, 30)})
    result = carried_on(Earlier(draft(corrected, OTHER.model_copy(update={"issue": False}))), draft(ONE, OTHER))
    assert facts(result.draft) == {"行动t1-1": (True, "省科技厅", None), "行动t1-2": (False, None, None)}


def test_the_next_workbook_still_knows_the_reading_and_the_review(reviewed, tmp_path):
    new = draft(ONE, OTHER, THIRD)
    result = carried_on(read_earlier(reviewed), new)
    write_workbook(result.draft, tmp_path / "二.xlsx", first_reading=new)
    again = read_earlier(tmp_path / "二.xlsx")
    assert (again.reviewed, again.first) == (result.draft, new)
    assert facts(carried_on(again, new).draft) == facts(result.draft)


def test_the_example_read_again_is_the_same(tmp_path):
    path = tmp_path / "审核工作簿.xlsx"
    made = read_workbook_of_example(path)
    result = carried_on(read_earlier(path), made)
    assert (result.draft, result.carried, result.to_review_again) == (made, (), ())


def read_workbook_of_example(path: Path) -> DraftPlan:
    from intake.reading import read_document

    made = read_document(EXAMPLE)
    write_workbook(made, path)
    assert read_workbook(path) == made
    return made


SOME = st.lists(
    st.builds(item, st.from_regex(r"t1-[0-9]", fullmatch=True), title=st.sampled_from("甲乙丙"), text=st.sampled_from("一二三"))
)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(SOME.map(lambda items: draft(*items)), SOME.map(lambda items: draft(*items)))
def test_pairs_lose_nothing_and_a_draft_does_not_differ_from_itself(old, new):
    pairs = paired(old.items, new.items)
    assert [after for _before, after in pairs if after] == list(new.items)
    assert len([before for before, _after in pairs if before]) == len(old.items)
    assert differences(new, new) == ()
