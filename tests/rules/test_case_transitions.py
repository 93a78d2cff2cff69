"""A case's table is total: each pair of state and event either leads somewhere or says why not; every open state has a way out."""

import re
from itertools import product
from pathlib import Path

import pytest

from models.case import CaseKind, CaseState
from rules.case_transitions import TRANSITIONS, CaseEvent, case_event_name, case_state_after, case_state_name, is_over, why_not
from rules.errors import DubanError

ENDS = (CaseState.VERIFIED, CaseState.DROPPED)


@pytest.mark.parametrize(("state", "event"), list(product(CaseState, CaseEvent)))
def test_every_pair_is_decided(state, event):
    if (state, event) in TRANSITIONS:
        assert case_state_after(state, event) is TRANSITIONS[state, event]
        return
    with pytest.raises(DubanError) as refused:
        case_state_after(state, event)
    assert refused.value.code == "case-not-now"
    assert why_not(state, event) in refused.value.message
    assert case_state_name(state) in refused.value.message
    assert case_event_name(event) in refused.value.message


@pytest.mark.parametrize("state", [state for state in CaseState if state not in ENDS])
def test_every_open_state_leads_to_an_end(state):
    reached, waiting = set(), [state]
    while waiting:
        now = waiting.pop()
        reached.add(now)
        waiting += [after for (before, _event), after in TRANSITIONS.items() if before is now and after not in reached]
    assert reached & set(ENDS)


@pytest.mark.parametrize("event", [CaseEvent.OBJECT, CaseEvent.RECTIFY])
def test_praise_is_over_with_its_service(event):
    with pytest.raises(DubanError, match="表扬"):
        case_state_after(CaseState.SERVED, event, CaseKind.PRAISE)


OVER = [
    (CaseState.OPENED, CaseKind.ACCOUNTABILITY, False, False),
    (CaseState.SERVED, CaseKind.ACCOUNTABILITY, True, False),
    (CaseState.SERVED, CaseKind.ACCOUNTABILITY, False, True),
    (CaseState.SERVED, CaseKind.PRAISE, False, True),
    (CaseState.OBJECTED, CaseKind.ACCOUNTABILITY, False, False),
    (CaseState.VERIFIED, CaseKind.ACCOUNTABILITY, True, True),
    (CaseState.DROPPED, CaseKind.PRAISE, False, True),
]


@pytest.mark.parametrize(("state", "kind", "demands", "expected"), OVER)
def test_is_over(state, kind, demands, expected):
    assert is_over(state, kind, demands=demands) is expected


def test_the_table_is_the_documented_one():
    text = (Path(__file__).resolve().parents[2] / "docs" / "cases.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \| `([\w-]+)` \| (\S+) \|", text, re.MULTILINE)
    assert {(before, event): after for before, event, after, _name in rows} == {
        (before.value, event.value): after.value for (before, event), after in TRANSITIONS.items()
    }
    assert all(case_event_name(CaseEvent(event)) == name for _before, event, _after, name in rows)
