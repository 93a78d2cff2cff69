"""Schemes read from plain values: what is refused, with its path, and what the guard-rails of the handbook keep out."""

import json
import re
from pathlib import Path

import pytest

from rules.errors import DubanError
from rules.scheme_reading import guarded_parts, scheme_from
from rules.scoring_scheme import Band, Bonus, Counted, Deductions, EventKind, EventRule, Group, Item, ItemKind, Scheme, SmallUnits, Step

ITEM = {"code": "done", "title": "办结", "kind": "threshold", "weight": 2, "of": "done"}
EVENT = {"code": "late", "title": "逾期", "on": ["overdue"], "points": -5}


def scheme(**changes):
    return {"code": "ours", "version": "1", "title": "年度考评办法", "items": [ITEM], **changes}


def refused(content):
    with pytest.raises(DubanError) as error:
        scheme_from(content)
    return error.value


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": [{**ITEM, "weight": 0}]}, "items[0].weight：须大于 0"),
        ({"items": [{**ITEM, "weight": "2"}]}, "items[0].weight：应为数字"),
        ({"items": [{**ITEM, "weight": True}]}, "items[0].weight：应为数字"),
        ({"base": float("inf")}, "base：应为数字"),
        ({"items": [{**ITEM, "kind": "magic"}]}, "items[0].kind：应为 'growth'、"),
        ({"items": [{**ITEM, "wight": 2}]}, "items[0].wight：没有这一项"),
        ({"code": "Ours"}, "code：应为小写字母开头"),
        ({"items": {}}, "items：应为列表"),
        ({"items": []}, "items：没有计分项目"),
        ({"items": [ITEM, ITEM]}, "code：“done”用了两次"),
        ({"items": [{**ITEM, "group": "none"}]}, "items[0].group：没有“none”这一组"),
        ({"groups": [{"code": "g", "title": "组", "weight": 1}]}, "groups[0]：“g”里没有项目"),
        (
            {
                "groups": [
                    {"code": "a", "title": "甲", "weight": 1, "parent": "b"},
                    {"code": "b", "title": "乙", "weight": 1, "parent": "a"},
                ]
            },
            "groups[0].parent：绕回到了自己",
        ),
        ({"groups": [{"code": "a", "title": "甲", "weight": 1, "parent": "z"}]}, "groups[0].parent：没有“z”这一组"),
        ({"items": [{**ITEM, "kind": "ratio", "of": "reached"}]}, "items[0].of：比率"),
        ({"items": [{**ITEM, "kind": "growth"}]}, "items[0].of：只用于"),
        ({"items": [{**ITEM, "out_of": 100}]}, "items[0].out_of：只用于"),
        ({"items": [{**ITEM, "kind": "manual", "of": "reached", "over": "each"}]}, "items[0].over：逐项计分"),
        ({"items": [{**ITEM, "kind": "growth", "of": "reached", "contribution_percent": 20}]}, "items[0].contribution_percent"),
        ({"items": [{**ITEM, "cap": 1, "floor": 2}]}, "items[0].floor：不能大于 cap"),
        ({"items": [{**ITEM, "steps": [{"at": 90, "percent": 50}, {"at": 60, "percent": 20}]}]}, "items[0].steps：应按"),
        ({"events": [{**EVENT, "points": 0}]}, "events[0].points：加分写正数"),
        ({"events": [{**EVENT, "bands": [{"at": 1, "points": -1}]}]}, "events[0].bands：只用于"),
        ({"events": [{**EVENT, "on": ["done-early"], "bands": [{"at": 1, "points": 1}]}]}, "events[0].bands：与 points 一加一扣"),
        ({"events": [{**EVENT, "levels": ["red"]}]}, "events[0].levels：只用于 notice"),
        ({"events": [{**EVENT, "on": ["notice"], "levels": ["accountability"]}]}, "events[0].levels：问责建议"),
        ({"events": [{**EVENT, "on": []}]}, "events[0].on：不能空着"),
        ({"cap": 50, "floor": 60}, "floor：不能大于 cap"),
        ({"groups": [{"code": f"g{n}", "title": "组", "weight": 1, "parent": f"g{n + 1}"} for n in range(5000)]}, "groups：最多 40 条"),
    ],
)
def test_what_does_not_fit_is_named_by_its_path(changes, said):
    error = refused(scheme(**changes))
    assert error.code == "bad-scheme"
    assert said in str(error)


def test_every_fault_is_told_at_once():
    told = str(refused({"code": "ours", "items": [{}]}))
    assert all(path in told for path in ("version：没有写", "title：没有写", "items[0].code：没有写", "items[0].weight：没有写"))


@pytest.mark.parametrize(
    "changes",
    [
        {"events": [{**EVENT, "on": ["instruction"]}]},
        {"events": [{**EVENT, "on": ["overdue", "media"]}]},
        {"items": [{**ITEM, "counts": {"sources": ["instruction", "plan"]}}]},
    ],
    ids=["instructions", "media", "matters-from-instructions"],
)
def test_instructions_and_media_are_refused_without_a_stated_basis(changes):
    assert refused(scheme(**changes)).code == "guard-rail"
    assert refused(scheme(**changes, guard_rail_basis="  ")).code == "guard-rail"
    assert guarded_parts(scheme_from(scheme(**changes, guard_rail_basis="某办法第三条")))


def test_a_plain_scheme_is_guarded_in_nothing_and_its_hash_covers_its_defaults():
    plain = scheme_from(scheme())
    assert guarded_parts(plain) == ()
    assert plain.sha256 == scheme_from(scheme(floor=0, support_percent=50)).sha256 != scheme_from(scheme(floor=1)).sha256


PAGE = Path(__file__).resolve().parents[2] / "docs" / "scorecards.md"


def test_the_page_names_every_field_kind_and_event():
    page = PAGE.read_text(encoding="utf-8")
    parts = (Scheme, Group, Item, EventRule, Counted, Bonus, Deductions, SmallUnits, Step, Band)
    names = {name for part in parts for name in part.model_fields} | {*ItemKind} | {*EventKind}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_the_pages_examples_are_schemes():
    examples = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert [scheme_from(json.loads(example)).code for example in examples] == ["county-example", "city-example"]
