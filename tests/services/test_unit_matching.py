"""Names of a draft against the register: known ones pass, several fits need a person, near ones are proposed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.draft import UnitDraft
from intake.review.register import Register, RegisteredUnit, unit_findings, with_registered_names
from services.unit_matching import register_of
from services.units import NewUnit, add_alias, register_units
from tests.builders import COUNTIES, SCIENCE, draft, item, occasion, people

REGISTER = Register(
    tuple(
        RegisteredUnit(name, other)
        for name, other in {
            "甲市科技局": (),
            "乙市科技局": (),
            "甲市农业科技局": (),
            "甲市财政局": ("市财局",),
            "甲市人力资源和社会保障局": (),
            "自治区市场监督管理局": (),
            "甲市城市管理局": (),
            "甲市教育局": (),
            "税务总局": (),
            "财政部": (),
            "甲市防汛领导小组": (),
            "自治区民政厅": (),
        }.items()
    )
)


def named(*names: str, **changes):
    return item(units=tuple(UnitDraft(name=name, as_written=name) for name in names), **changes)


def found(*names: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity) for finding in unit_findings(draft(named(*names)), REGISTER)]


KNOWN = ["甲市科技局", "市财局", "甲市人社局", "甲市人力资源社会保障局", "自治区市场监管局"]


@pytest.mark.parametrize("name", KNOWN)
def test_names_other_names_and_short_forms_are_known(name):
    assert found(name) == []


def test_a_short_name_that_fits_several_units_is_for_a_person_to_settle():
    (finding,) = unit_findings(draft(named("科技局")), REGISTER)
    assert (finding.code, finding.severity, finding.item) == ("ambiguous-unit", "error", "row-1")
    assert "“乙市科技局”、“甲市科技局”" in finding.message
    assert "农业" not in finding.message
    assert found("市科技局") == [("ambiguous-unit", "error")]


PROPOSALS = {
    "short for the only one": ("城市管理局", "甲市城市管理局"),
    "city's own prefix": ("市教育局", "甲市教育局"),
    "kind of organ": ("甲市教育委员会", "甲市教育局"),
    "a letter wrong": ("甲市教肓局", None),
    "words left out": ("甲市城管局", "甲市城市管理局"),
    "another city": ("丙市教育局", None),
    "another organ": ("甲市林业局", None),
    "a ministry": ("丙县财政局", None),
    "a ministry without area": ("财政厅", None),
    "the office of a group": ("甲市防汛领导小组办公室", None),
    "any group": ("甲市科技领导小组", None),
    "a region's district": ("区民政局", None),
    "half the stem only": ("甲市体育局", None),
}


@pytest.mark.parametrize(("name", "proposal"), PROPOSALS.values(), ids=PROPOSALS)
def test_unknown_names_with_the_nearest_registered_one(name, proposal):
    (finding,) = unit_findings(draft(named(name)), REGISTER)
    assert (finding.code, finding.severity) == ("unknown-unit", "warning")
    assert (f"是否即“{proposal}”" in finding.message) if proposal else ("是否即" not in finding.message)


def test_each_name_is_told_once_and_only_of_items_to_be_issued():
    made = draft(named("丁局", id="a", issue=False), named("丙局", id="b"), named("丙局", id="c"))
    assert [finding.item for finding in unit_findings(made, REGISTER)] == ["b"]


def test_open_sets_are_not_held_against_the_register():
    made = draft(item(units=(UnitDraft(name=COUNTIES, as_written=COUNTIES, open=True),)))
    assert list(unit_findings(made, REGISTER)) == []


def test_an_empty_register_is_told_once():
    (finding,) = unit_findings(draft(named("甲局", "乙局"), named("丙局", id="b")), Register())
    assert (finding.code, finding.severity, finding.item) == ("unknown-unit", "info", None)
    assert "3个单位：甲局、乙局、丙局" in finding.message


def test_names_in_other_words_become_the_registered_ones():
    made = with_registered_names(draft(named("甲市人社局", "科技局", "丙局")), REGISTER)
    assert [(unit.name, unit.as_written) for unit in made.items[0].units] == [
        ("甲市人力资源和社会保障局", "甲市人社局"),
        ("科技局", "科技局"),
        ("丙局", "丙局"),
    ]


def test_the_register_in_the_database(session):
    office = people(session).office
    assert not list(unit_findings(draft(), register_of(session)))
    add_alias(session, SCIENCE, "省科委", occasion(office))
    register_units(session, [NewUnit("省林业厅")], occasion())
    assert [finding.code for finding in unit_findings(draft(named("省科委", "省农林厅", "省林业局")), register_of(session))] == [
        "unknown-unit"
    ] * 2
    assert COUNTIES not in register_of(session).names


def test_a_database_without_units(session):
    assert [finding.severity for finding in unit_findings(draft(), register_of(session))] == ["info"]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="省市县区甲科技局（）、 委", max_size=12), max_size=5))
def test_any_names_give_findings_never_an_exception(names):
    assert len(list(unit_findings(draft(named(*names)), REGISTER))) <= len(set(names))
