import pytest

from models.task import TaskState
from rules.errors import DubanError
from rules.transitions import TRANSITIONS, TaskEvent, event_name, state_after, state_name

S, E = TaskState, TaskEvent


@pytest.mark.parametrize("event", list(TaskEvent))
@pytest.mark.parametrize("state", list(TaskState))
def test_every_pair_is_decided(state, event):
    if (state, event) in TRANSITIONS:
        assert state_after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(DubanError, match=state_name(state)) as refused:
            state_after(state, event)
        assert refused.value.code == "not-now"
        assert event_name(event) in refused.value.message


def test_the_main_way_leads_to_the_end():
    state = S.DRAFT
    for event in (E.ISSUE, E.ACKNOWLEDGE, E.REPORT, E.SUBMIT, E.RETURN, E.SUBMIT, E.COMPLETE, E.CLOSE):
        state = state_after(state, event)
    assert state is S.CLOSED


@pytest.mark.parametrize("state", [state for state in TaskState if state is not S.CANCELLED])
def test_every_state_but_the_last_has_a_way_out(state):
    assert any(before is state and after is not state for (before, _event), after in TRANSITIONS.items())
