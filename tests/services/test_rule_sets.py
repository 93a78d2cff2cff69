"""Rule sets by day: adopted for days to come, never changed."""

from datetime import date

import pytest

from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from services.ledger import first_break
from services.rebuilding import differences
from services.rule_sets import adopt_rule_set, list_rule_sets, rule_set_on
from tests.builders import TODAY, on, people

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
