"""Corrections of a draft, as pure steps: what each changes, what it leaves alone, and where each item was read."""

import json
from pathlib import Path

import pytest

from intake.draft import ItemDraft, draft_as_json
from intake.origins import origins_of
from intake.reading import document_of, read_document
from intake.review.correcting import (
    AddItem,
    ChangeItem,
    ChangePlan,
    DeleteItem,
    FirstLeads,
    MergeItem,
    MoveItem,
    RenameUnit,
    SplitItem,
    corrected,
)
from intake.review.reshaping import cut_points
from intake.safety import load
from rules.errors import DubanError
from tests.intake.samples import EXAMPLES, draft, item, unit, year

CONTRACT = Path(__file__).resolve().parents[2].parent / "shared" / "contracts" / "draft-plan.schema.json"
TEXT = "修好水渠3条。建成泵站2座。"
PLAN = draft(
    item("a", title="修渠", text=TEXT, units=(unit("水利局"), unit("财政局", "support")), tasks=(year(2026),)),
    item("b", title="种树", text="种树一千亩。", units=(unit("林业局", "lead"),), tasks=(year(2026), year(2027))),
    item("c", title="修路", text="修路。", units=()),
)


def ids(made):
    return [one.id for one in made.items]


@pytest.mark.parametrize(
    ("correction", "expected"),
    [
        pytest.param(ChangeItem("b", {"title": "造林"}), ["a", "b", "c"], id="change"),
        pytest.param(ChangePlan({"title": "三年计划"}), ["a", "b", "c"], id="plan"),
        pytest.param(AddItem("a", {"title": "挖井"}), ["a", "n1", "b", "c"], id="add-behind"),
        pytest.param(AddItem(None, {"title": "挖井"}), ["n1", "a", "b", "c"], id="add-in-front"),
        pytest.param(DeleteItem("b"), ["a", "c"], id="delete"),
        pytest.param(SplitItem("a", cut_points(TEXT)[0]), ["a", "a_1", "b", "c"], id="split"),
        pytest.param(MergeItem("b"), ["a", "c"], id="merge"),
        pytest.param(MoveItem("a", 1), ["b", "a", "c"], id="down"),
        pytest.param(MoveItem("a", -1), ["a", "b", "c"], id="up-at-the-top"),
        pytest.param(RenameUnit("水利局", "县水利局"), ["a", "b", "c"], id="rename"),
        pytest.param(FirstLeads(), ["a", "b", "c"], id="first-leads"),
    ],
)
def test_every_correction_leaves_a_draft_that_the_contract_allows(correction, expected):
    made = corrected(PLAN, correction)
    assert ids(made) == expected
    if CONTRACT.exists():
        import jsonschema

        jsonschema.validate(draft_as_json(made), json.loads(CONTRACT.read_text(encoding="utf-8")), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        pytest.param(ChangeItem("x", {"title": "无"}), "unknown-item", id="gone"),
        pytest.param(ChangeItem("a", {"title": " "}), "item-without-title", id="no-title"),
        pytest.param(ChangeItem("a", {"title": "长" * 301}), "text-too-long", id="too-long"),
        pytest.param(ChangeItem("a", {"due_on": "哪天"}), "draft-not-valid", id="no-day"),
        pytest.param(SplitItem("c", 3), "nothing-to-split", id="split-at-the-end"),
        pytest.param(MergeItem("a"), "nothing-above", id="merge-the-first"),
    ],
)
def test_what_cannot_be_corrected_is_refused(correction, code):
    with pytest.raises(DubanError) as refused:
        corrected(PLAN, correction)
    assert refused.value.code == code


def test_a_part_keeps_units_and_days_and_the_figures_that_its_words_say():
    first, second = corrected(PLAN, SplitItem("a", cut_points(TEXT)[0])).items[:2]
    assert (first.text, second.text, second.title) == ("修好水渠3条。", "建成泵站2座。", "建成泵站2座")
    assert second.units == first.units
    assert second.number is None


def test_merging_joins_units_with_their_higher_role_and_years_with_their_words():
    merged = corrected(PLAN, MergeItem("b")).items[0]
    assert [(one.name, one.role) for one in merged.units] == [("水利局", "responsible"), ("财政局", "support"), ("林业局", "lead")]
    assert [task.label for task in merged.tasks] == ["2026年", "2027年"]
    assert merged.text == f"{TEXT}\n种树一千亩。"


def test_a_unit_that_becomes_another_of_the_item_stands_once():
    made = corrected(PLAN, RenameUnit("财政局", "水利局"))
    assert [(one.name, one.role) for one in made.items[0].units] == [("水利局", "responsible")]


@pytest.mark.parametrize("name", ["guangxi-2012-269.docx", "guangxi-2012-269.txt", "guangxi-2012-269.xlsx"])
def test_every_item_is_found_where_it_was_read(name):
    path = EXAMPLES / name
    document, made = document_of(load(path)), read_document(path)
    found = origins_of(document, made.items)
    assert set(found) == {one.id for one in made.items}
    for one in made.items:
        origin = found[one.id]
        block = document.blocks[origin.block]
        words = "".join(cell.text for cell in block.rows[origin.row]) if origin.row is not None else block.text
        assert one.title[:6] in words.replace(" ", "")


def test_an_item_that_people_added_was_read_nowhere():
    document = document_of(load(EXAMPLES / "guangxi-2012-269.docx"))
    assert origins_of(document, [ItemDraft(id="n1", title="挖井", text="到2015年，力争70%以上")]) == {}
