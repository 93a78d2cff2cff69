import pytest

from models.task import TaskState
from rules.errors import DubanError
from rules.transitions import TRANSITIONS, TaskEvent, event_name, events_from, state_after, state_name, why_not

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


# What stands in the way, for every pair that is not in the table: no event without its reason.
WHY_NOT = {
    S.DRAFT: {event: "还没有下达" for event in E if event is not E.ISSUE},
    S.ASSIGNED: {
        E.ISSUE: "已经下达过",
        E.RESUME: "没有挂起",
        **dict.fromkeys((E.REPORT, E.SUBMIT, E.RETURN, E.COMPLETE, E.CLOSE, E.REOPEN), "先签收"),
    },
    S.IN_PROGRESS: {
        E.ISSUE: "已经下达过",
        E.ACKNOWLEDGE: "已经签收过",
        E.RESUME: "没有挂起",
        **dict.fromkeys((E.RETURN, E.COMPLETE), "还没有申请办结"),
        **dict.fromkeys((E.CLOSE, E.REOPEN), "须先由督查部门办结"),
    },
    S.SUBMITTED: {
        E.ISSUE: "已经下达过",
        E.ACKNOWLEDGE: "已经签收过",
        E.SUBMIT: "已在等待",
        E.RESUME: "没有挂起",
        **dict.fromkeys((E.REPORT, E.CLOSE, E.REOPEN, E.REASSIGN), "先审核"),
    },
    S.COMPLETED: {
        E.ISSUE: "已经下达过",
        E.ACKNOWLEDGE: "已经签收过",
        E.COMPLETE: "已经办结",
        E.RESUME: "没有挂起",
        **dict.fromkeys((E.REPORT, E.SUBMIT, E.RETURN, E.SUSPEND, E.CANCEL, E.REASSIGN), "回头看"),
    },
    S.CLOSED: {
        E.ISSUE: "已经下达过",
        E.ACKNOWLEDGE: "已经签收过",
        E.CLOSE: "已经销号",
        E.RESUME: "没有挂起",
        **dict.fromkeys((E.REPORT, E.SUBMIT, E.RETURN, E.COMPLETE, E.SUSPEND, E.CANCEL, E.REASSIGN), "回头看"),
    },
    S.SUSPENDED: {
        E.ISSUE: "已经下达过",
        E.SUSPEND: "已经挂起",
        **dict.fromkeys((E.ACKNOWLEDGE, E.REPORT, E.SUBMIT, E.RETURN, E.COMPLETE, E.CLOSE, E.REOPEN, E.REASSIGN), "先恢复"),
    },
    S.CANCELLED: dict.fromkeys(E, "不再变动") | {E.ISSUE: "已经下达过", E.CANCEL: "已经终止"},
}


def test_every_pair_outside_the_table_has_its_reason_and_no_other():
    assert {(state, event) for state, reasons in WHY_NOT.items() for event in reasons} == {
        (state, event) for state in S for event in E if (state, event) not in TRANSITIONS
    }


@pytest.mark.parametrize(
    ("state", "event", "why"), [(state, event, why) for state, reasons in WHY_NOT.items() for event, why in reasons.items()]
)
def test_a_refusal_says_what_stands_in_the_way(state, event, why):
    assert why in why_not(state, event)


def test_the_events_of_a_state_are_those_of_the_table():
    assert events_from(S.SUBMITTED) == (E.RETURN, E.COMPLETE, E.SUSPEND, E.CANCEL)
    assert events_from(S.CANCELLED) == ()


def test_the_main_way_leads_to_the_end():
    state = S.DRAFT
    for event in (E.ISSUE, E.ACKNOWLEDGE, E.REPORT, E.SUBMIT, E.RETURN, E.SUBMIT, E.COMPLETE, E.CLOSE):
        state = state_after(state, event)
    assert state is S.CLOSED


@pytest.mark.parametrize("state", [state for state in TaskState if state is not S.CANCELLED])
def test_every_state_but_the_last_has_a_way_out(state):
    assert any(before is state and after is not state for (before, _event), after in TRANSITIONS.items())
