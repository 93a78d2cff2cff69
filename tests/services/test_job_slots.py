from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.publication import JobSlot, SlotState
from runtime.database import reading, transaction
from services.job_slots import LEASE, SILENCE, SlotAnswer, SlotClaim, fail_slot, finish_slot, is_slot_done, show_life, take_slot

AT = datetime(2013, 10, 8, 1, 0, tzinfo=UTC)


def claim(owner: str = "one", minutes: int = 0, slot: str = "2013-10-08") -> SlotClaim:
    return SlotClaim("send-reminders", slot, owner, AT + timedelta(minutes=minutes))


def take(engine: Engine, wanted: SlotClaim, gone: frozenset[str] = frozenset()) -> SlotAnswer:
    with transaction(engine) as session:
        return take_slot(session, wanted, gone.__contains__)


def stored(engine: Engine) -> JobSlot:
    with reading(engine) as session:
        return session.exec(select(JobSlot)).one()


def test_a_free_slot_is_taken_and_then_held(engine: Engine) -> None:
    assert take(engine, claim("one")) is SlotAnswer.TAKEN
    assert take(engine, claim("two")) is SlotAnswer.HELD
    assert stored(engine).owner == "one"


def test_a_done_slot_stays_done(engine: Engine) -> None:
    take(engine, claim())
    with transaction(engine) as session:
        assert finish_slot(session, claim(), AT, {"sent": 3})
    assert take(engine, claim("two", minutes=10_000), frozenset({"one"})) is SlotAnswer.DONE
    found = stored(engine)
    assert (found.state, found.summary, found.finished_at) == (SlotState.DONE, {"sent": 3}, AT)


def test_another_day_is_another_slot(one_engine: Engine) -> None:
    take(one_engine, claim())
    assert take(one_engine, claim("two", slot="2013-10-09")) is SlotAnswer.TAKEN


def minutes_of(span: timedelta) -> int:
    return span // timedelta(minutes=1)


@pytest.mark.parametrize(
    ("heir", "minutes", "gone", "answer"),
    [
        pytest.param("here:2:2", 1, frozenset({"here:1:1"}), SlotAnswer.TAKEN, id="owner-gone"),
        pytest.param("here:2:2", minutes_of(SILENCE) + 1, frozenset(), SlotAnswer.HELD, id="owner-alive"),
        pytest.param("here:2:2", minutes_of(LEASE) - 1, frozenset(), SlotAnswer.HELD, id="just-within-the-lease"),
        pytest.param("here:2:2", minutes_of(LEASE), frozenset(), SlotAnswer.TAKEN, id="lease-over"),
        pytest.param("there:2:2", 3 + minutes_of(SILENCE) - 1, frozenset(), SlotAnswer.HELD, id="elsewhere-heard-of-just-now"),
        pytest.param("there:2:2", 3 + minutes_of(SILENCE), frozenset(), SlotAnswer.TAKEN, id="elsewhere-silent"),
    ],
)
def test_a_slot_left_running_is_taken_over(one_engine: Engine, heir: str, minutes: int, gone: frozenset[str], answer: SlotAnswer) -> None:
    take(one_engine, claim("here:1:1"))
    with transaction(one_engine) as session:
        assert show_life(session, claim("here:1:1"), AT + timedelta(minutes=3))
    assert take(one_engine, claim(heir, minutes), gone) is answer
    assert stored(one_engine).owner == (heir if answer is SlotAnswer.TAKEN else "here:1:1")


def test_a_failed_slot_is_taken_up_by_the_next_run(engine: Engine) -> None:
    take(engine, claim("one"))
    with transaction(engine) as session:
        assert fail_slot(session, claim("one"), AT, {"error": "channel down"})
    assert take(engine, claim("two", 1)) is SlotAnswer.TAKEN
    assert (stored(engine).state, stored(engine).summary, stored(engine).finished_at) == (SlotState.RUNNING, {}, None)


def test_who_lost_the_slot_cannot_end_it(one_engine: Engine) -> None:
    take(one_engine, claim("one"))
    take(one_engine, claim("two", 1), frozenset({"one"}))
    with transaction(one_engine) as session:
        assert not finish_slot(session, claim("one"), AT, {})
        assert not fail_slot(session, claim("one"), AT, {})
        assert not show_life(session, claim("one"), AT)
    assert (stored(one_engine).state, stored(one_engine).owner) == (SlotState.RUNNING, "two")


def test_only_one_of_two_heirs_inherits(engine: Engine) -> None:
    take(engine, claim("one"))
    answers = [take(engine, claim(owner, 1), frozenset({"one"})) for owner in ("two", "three")]
    assert answers == [SlotAnswer.TAKEN, SlotAnswer.HELD]


def test_only_done_counts_as_done(one_engine: Engine) -> None:
    take(one_engine, claim())
    with transaction(one_engine) as session:
        assert not is_slot_done(session, "send-reminders", "2013-10-08")
        finish_slot(session, claim(), AT, {})
        assert is_slot_done(session, "send-reminders", "2013-10-08")
        assert not is_slot_done(session, "send-reminders", "2013-10-09")
        assert not is_slot_done(session, "publish-bulletin", "2013-10-08")
