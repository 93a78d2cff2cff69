"""Rule sets by day: adopted for days to come, never changed."""

from dataclasses import asdict
from datetime import date

import pytest

from models.plan import SourceKind
from models.rule_set import RuleSetVersion
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.plans import issue_plan
from services.rebuilding import differences
from services.rule_sets import adopt_rule_set, list_rule_sets, plan_scope, rule_book_on, rule_set_on, source_scope
from tests.builders import TODAY, draft, issued, item, keep, on, people

STRICT = {"version": "2014-1", "yellow_gap_pp": 5.0}
FROM = date(2014, 1, 1)


@pytest.fixture
def team(session):
    yield people(session)
    assert differences(session) == []
    assert first_break(session) is None


def test_every_day_has_the_set_in_force_then(session, team):
    adopted = adopt_rule_set(session, STRICT, FROM, on(TODAY, team.supervisor))
    assert (adopted.yellow_gap_pp, adopted.red_gap_pp) == (5.0, DEFAULT_RULE_SET.red_gap_pp)
    assert rule_set_on(session, date(2013, 12, 31)) == DEFAULT_RULE_SET
    assert rule_set_on(session, FROM) == adopted
    later = adopt_rule_set(session, {"version": "2015-1", "red_gap_pp": 20.0}, date(2015, 1, 1), on(TODAY, team.supervisor))
    assert (later.yellow_gap_pp, later.red_gap_pp) == (5.0, 20.0)
    assert [row.effective_on for row in list_rule_sets(session)] == [None, FROM, date(2015, 1, 1)]
    assert [row.sha256 for row in list_rule_sets(session)] == [DEFAULT_RULE_SET.sha256, adopted.sha256, later.sha256]


REFUSED = [
    pytest.param(STRICT, date(2013, 1, 1), "rules-backwards", id="for days gone by"),
    pytest.param({"version": DEFAULT_RULE_SET.version}, FROM, "rules-taken", id="the program's own version"),
    pytest.param({"version": "x", "no_such_number": 1}, FROM, "bad-rules", id="unknown number"),
    pytest.param({"version": "x", "yellow_gap_pp": -1}, FROM, "bad-rules", id="below zero"),
    pytest.param({"version": " "}, FROM, "bad-rules", id="no version"),
]


@pytest.mark.parametrize(("content", "day", "code"), REFUSED)
def test_refused(session, team, content, day, code):
    with pytest.raises(DubanError) as refused:
        adopt_rule_set(session, content, day, on(TODAY, team.supervisor))
    assert refused.value.code == code


@pytest.mark.parametrize(("content", "day"), [(STRICT, date(2014, 2, 1)), ({**STRICT, "version": "other"}, FROM)])
def test_a_version_and_its_day_are_taken_once(session, team, content, day):
    adopt_rule_set(session, STRICT, FROM, on(TODAY, team.supervisor))
    with pytest.raises(DubanError) as refused:
        adopt_rule_set(session, content, day, on(TODAY, team.supervisor))
    assert refused.value.code == "rules-taken"


def test_only_supervisors_adopt(session, team):
    with pytest.raises(DubanError) as refused:
        adopt_rule_set(session, STRICT, FROM, on(TODAY, team.office))
    assert refused.value.code == "no-right"


@pytest.fixture
def plans(session, team):
    """A plan, and one that is the minutes of a meeting."""
    first = issued(session, team.office)
    other = draft(item(1), doc_no="测纪要〔2012〕2号")
    other = other.model_copy(update={"source": other.source.model_copy(update={"sha256": "b" * 64})})
    return first.id, issue_plan(session, other, [], on(TODAY, team.office), SourceKind.MINUTES).id


MINUTES = source_scope(SourceKind.MINUTES)

NARROW = [
    pytest.param([], 5, 5, id="the house's alone"),
    pytest.param([(MINUTES, {"acknowledge_days": 2})], 5, 2, id="a kind of source"),
    pytest.param([("plan", {"acknowledge_days": 1})], 1, 5, id="one plan"),
    pytest.param([(MINUTES, {"acknowledge_days": 2}), ("other", {"acknowledge_days": 1})], 5, 1, id="the plan before its kind"),
    pytest.param([(MINUTES, {"acknowledge_days": 2}), ("other", {"overdue_steps": [1, 3]})], 5, 2, id="each number by itself"),
    pytest.param([(MINUTES, {"acknowledge_days": 2}), (MINUTES, {"acknowledge_days": None})], 5, 5, id="taken back"),
    pytest.param([(MINUTES, {"acknowledge_days": 2}), (MINUTES, {"overdue_steps": [2]})], 5, 2, id="left out, it stays"),
    pytest.param([("house", {"acknowledge_days": 9}), (MINUTES, {"acknowledge_days": 2})], 9, 2, id="the house says another"),
    pytest.param([(MINUTES, {"overdue_steps": [2]}), ("house", {"acknowledge_days": 9})], 9, 9, id="a later change of the house"),
]


@pytest.mark.parametrize(("said", "first", "other"), NARROW)
def test_the_narrower_scope_goes_before_the_wider(session, team, plans, said, first, other):
    named = {"plan": plan_scope(plans[0]), "other": plan_scope(plans[1])}
    for number, (scope, content) in enumerate(said, 1):
        content = {"version": f"v{number}", **content}
        adopt_rule_set(session, content, date(2014, 1, number), on(TODAY, team.supervisor), named.get(scope, scope))
    book = rule_book_on(session, date(2014, 2, 3))
    assert [book.of(plan_id).acknowledge_days for plan_id in plans] == [first, other]
    assert rule_book_on(session, date(2013, 12, 31)).of(plans[0]) == DEFAULT_RULE_SET
    assert book.house.yellow_gap_pp == book.of(plans[1]).yellow_gap_pp


NARROW_REFUSED = [
    pytest.param({"version": "x", "yellow_gap_pp": 5}, MINUTES, "rules-too-wide", id="what judges"),
    pytest.param({"version": "x", "sending_from": 5}, MINUTES, "rules-too-wide", id="the sending window"),
    pytest.param({"version": "x", "overdue_steps": [3, 1]}, MINUTES, "bad-rules", id="steps out of order"),
    pytest.param({"acknowledge_days": 3}, MINUTES, "bad-rules", id="no version"),
    pytest.param({"version": "x", "acknowledge_days": 3}, "plan-99", "unknown-plan", id="no such plan"),
    pytest.param({"version": DEFAULT_RULE_SET.version}, MINUTES, "rules-taken", id="the program's own version"),
]


@pytest.mark.parametrize(("content", "scope", "code"), NARROW_REFUSED)
def test_refused_for_a_narrow_scope(session, team, content, scope, code):
    with pytest.raises(DubanError) as refused:
        adopt_rule_set(session, content, FROM, on(TODAY, team.supervisor), scope)
    assert refused.value.code == code


def test_one_day_may_bring_a_version_to_each_scope(session, team):
    adopt_rule_set(session, STRICT, FROM, on(TODAY, team.supervisor))
    adopt_rule_set(session, {"version": "m"}, FROM, on(TODAY, team.supervisor), MINUTES)
    with pytest.raises(DubanError) as refused:
        adopt_rule_set(session, {"version": "m2"}, FROM, on(TODAY, team.supervisor), MINUTES)
    assert refused.value.code == "rules-taken"
    assert [(row.version, row.scope) for row in list_rule_sets(session)][1:] == [("2014-1", "house"), ("m", MINUTES)]


def test_a_plan_s_own_limit_decides_when_its_report_is_late(session, team, plans):
    adopt_rule_set(session, {"version": "m", "report_limit_days": 1}, TODAY, on(TODAY, team.supervisor), MINUTES)
    view = Viewpoint(TODAY, TODAY)
    records = read_tasks(session, view, rule_set_on(session, TODAY))
    assert {(record.name.plan_id, record.rules.report_limit_days) for record in records} == {(plans[0], 3), (plans[1], 1)}


def test_a_version_from_before_there_were_steps_is_still_read(session, team):
    content = {name: value for name, value in asdict(DEFAULT_RULE_SET).items() if name not in ("overdue_steps", "sending_from")}
    old = {**content, "version": "2012-1", "yellow_gap_pp": 7.0}
    keep(session, RuleSetVersion(version="2012-1", effective_on=TODAY, adopted_on=TODAY, content=old, sha256="a" * 64))
    assert (rule_set_on(session, TODAY).yellow_gap_pp, rule_set_on(session, TODAY).overdue_steps) == (7.0, (1,))
    assert list_rule_sets(session)[1].sha256 == "a" * 64
