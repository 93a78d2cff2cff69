from datetime import date

import pytest

from models.request import RequestKind as K
from models.request import RequestState
from models.task import TaskState as S
from rules.errors import DubanError
from rules.requests import (
    EVENT_OF,
    TERM_OF,
    Terms,
    definite_terms,
    is_moot,
    kind_name,
    may_be_granted,
    refuse_filing,
    refuse_granting,
    request_state_name,
    terms_from,
    terms_words,
)
from rules.transitions import TaskEvent

FILED_IN = {
    K.EXTENSION: {S.ASSIGNED, S.IN_PROGRESS, S.SUSPENDED},
    K.REASSIGNMENT: {S.ASSIGNED, S.IN_PROGRESS},
    K.SUSPENSION: {S.ASSIGNED, S.IN_PROGRESS},
    K.CANCELLATION: {S.ASSIGNED, S.IN_PROGRESS, S.SUSPENDED},
    K.TARGET_CHANGE: {S.ASSIGNED, S.IN_PROGRESS, S.SUSPENDED},
}
GRANTED_IN = {
    K.EXTENSION: {S.ASSIGNED, S.IN_PROGRESS, S.SUBMITTED, S.SUSPENDED},
    K.REASSIGNMENT: {S.ASSIGNED, S.IN_PROGRESS},
    K.SUSPENSION: {S.ASSIGNED, S.IN_PROGRESS, S.SUBMITTED},
    K.CANCELLATION: {S.ASSIGNED, S.IN_PROGRESS, S.SUBMITTED, S.SUSPENDED},
    K.TARGET_CHANGE: {S.ASSIGNED, S.IN_PROGRESS, S.SUBMITTED, S.SUSPENDED},
}
WHOLE = {
    K.EXTENSION: Terms(due_on=date(2014, 3, 31)),
    K.REASSIGNMENT: Terms(unit="省农业厅"),
    K.SUSPENSION: Terms(days=60),
    K.CANCELLATION: Terms(),
    K.TARGET_CHANGE: Terms(targets={"示范县": 8.0, "基地": (4.0, 6.0)}),
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("kind", list(K))
def test_every_kind_in_every_state_is_decided(kind, state):
    for act, states in ((refuse_filing, FILED_IN), (refuse_granting, GRANTED_IN)):
        if state in states[kind]:
            act(kind, state)
        else:
            with pytest.raises(DubanError, match=kind_name(kind)) as refused:
                act(kind, state)
            assert refused.value.code == "not-now"


@pytest.mark.parametrize("kind", list(K))
def test_what_may_be_filed_may_be_granted(kind):
    assert all(may_be_granted(kind, state) for state in FILED_IN[kind])
    assert set(TERM_OF) == set(K)
    assert set(EVENT_OF) <= set(K)


@pytest.mark.parametrize("event", list(TaskEvent))
def test_only_ends_leave_nothing_of_any_kind_to_decide(event):
    moot = {kind for kind in K if is_moot(kind, event)}
    if event in (TaskEvent.COMPLETE, TaskEvent.CLOSE, TaskEvent.CANCEL, TaskEvent.REASSIGN):
        assert moot == set(K)
    else:
        assert moot == ({K.SUSPENSION, K.REASSIGNMENT} if event is TaskEvent.SUSPEND else set())


@pytest.mark.parametrize("kind", list(K))
def test_terms_are_kept_as_json_and_said_in_words(kind):
    terms = WHOLE[kind]
    assert terms_from(terms.as_json()) == terms
    assert bool(terms_words(terms)) is (kind is not K.CANCELLATION)


@pytest.mark.parametrize("kind", list(K))
def test_the_decisions_values_come_before_those_asked_for(kind):
    assert definite_terms(kind, WHOLE[kind], Terms()) == definite_terms(kind, Terms(), WHOLE[kind]) == WHOLE[kind]


@pytest.mark.parametrize("kind", [kind for kind in K if kind is not K.CANCELLATION])
def test_neither_saying_it_is_refused(kind):
    with pytest.raises(DubanError) as refused:
        definite_terms(kind, Terms(), Terms())
    assert refused.value.code == "not-definite"


def test_every_kind_and_state_has_its_word():
    assert len({kind_name(kind) for kind in K}) == len(K)
    assert len({request_state_name(state) for state in RequestState}) == len(RequestState)
