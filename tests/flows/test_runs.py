"""The flows on Prefect's real engine: one happy path each, and what makes them skip."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect import flow, get_client
from prefect.client.schemas.objects import State
from prefect.flow_engine import run_flow
from prefect.states import Scheduled
from sqlmodel import select

from flows.back_up import back_up
from flows.gate import day_of_run
from flows.publish_bulletin import publish_bulletin
from flows.seal_ledger import seal_ledger
from flows.send_reminders import send_reminders
from models.ledger import LedgerEntry
from models.publication import JobSlot, Publication, SlotState
from runtime.context import Context
from runtime.database import reading, transaction
from runtime.job_work import When, advance_bulletin
from runtime.operators import failures
from services.actors import actor_named
from services.bulletins.drafting import approve_draft, draft_of
from tests.builders import on
from tests.flows.conftest import NOW
from tests.flows.served import WEEK_BEFORE_DUE

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect_server")]


def slots(context: Context) -> dict[str, SlotState]:
    with reading(context.engine) as session:
        return {row.slot: row.state for row in session.exec(select(JobSlot))}


def acts(context: Context, act: str) -> int:
    with reading(context.engine) as session:
        return len(session.exec(select(LedgerEntry.id).where(LedgerEntry.act == act)).all())


def artifact_keys() -> set[str]:
    async def read() -> set[str]:
        async with get_client() as client:
            return {artifact.key for artifact in await client.read_artifacts() if artifact.key}

    return asyncio.run(read())


def remind(day: date) -> State[Any]:
    return send_reminders(as_of=day, return_state=True)


def test_reminders_go_out_once_a_day(home: Path, context: Context, plan: None) -> None:
    first = remind(WEEK_BEFORE_DUE)
    assert (first.name, first.is_completed()) == ("Completed", True)
    letters = sorted(path.name for path in (home / "outbox").glob("*.eml"))
    assert letters
    assert slots(context) == {WEEK_BEFORE_DUE.isoformat(): SlotState.DONE}
    assert "send-reminders-2013-12-20" in artifact_keys()
    reminded = acts(context, "remind")

    second = remind(WEEK_BEFORE_DUE)
    assert (second.name, second.message) == ("Skipped", "2013-12-20 已办理过")
    assert sorted(path.name for path in (home / "outbox").glob("*.eml")) == letters
    assert acts(context, "remind") == reminded > 0


def test_nobody_is_reminded_on_a_holiday(home: Path, context: Context, plan: None) -> None:
    state = remind(date(2013, 10, 1))
    assert (state.name, state.message, state.is_completed()) == ("Skipped", "2013-10-01 不是工作日，不办理", True)
    assert slots(context) == {}
    assert not (home / "outbox").exists()


def approve(context: Context, day: date) -> None:
    with transaction(context.engine) as session:
        approve_draft(session, draft_of(session, "2013Q3"), on(day, actor_named(session, "supervisor")))


def test_the_bulletin_is_drafted_approved_by_a_person_and_published_once(home: Path, context: Context, plan: None) -> None:
    early = publish_bulletin(as_of=date(2013, 10, 11), return_state=True)
    assert (early.name, early.message) == ("Skipped", "2013Q3 的通报自 2013-10-12 起办理")
    assert slots(context) == {}

    drafted = publish_bulletin(as_of=date(2013, 10, 12), return_state=True)
    assert (drafted.name, drafted.is_completed()) == ("Waiting", True)
    assert (slots(context), acts(context, "draft-bulletin"), acts(context, "publish-bulletin")) == ({}, 1, 0)
    unapproved = publish_bulletin(as_of=date(2013, 10, 13), return_state=True)
    assert (unapproved.name, unapproved.message) == ("Skipped", "2013Q3 的通报稿已于 2013-10-12 拟好，等待批准")
    assert not (home / "bulletins").exists()

    approve(context, date(2013, 10, 14))
    state = publish_bulletin(as_of=date(2013, 10, 14), return_state=True)
    assert (state.name, state.is_completed()) == ("Completed", True)
    assert slots(context) == {"2013Q3": SlotState.DONE}
    assert {path.suffix for path in (home / "bulletins").iterdir()} >= {".docx", ".html", ".xlsx"}
    assert "publish-bulletin-2013q3" in artifact_keys()

    again = publish_bulletin(period="2013q3", as_of=date(2013, 10, 14), return_state=True)
    assert (again.name, again.message) == ("Skipped", "2013Q3 已办理过")
    assert acts(context, "publish-bulletin") == 1


def test_a_run_that_was_suspended_publishes_no_day_before_the_approval(context: Context, plan: None) -> None:
    drafted = When(date(2013, 10, 12), NOW)
    assert not advance_bulletin(context, drafted).is_final
    assert not advance_bulletin(context, drafted).is_final
    approve(context, date(2013, 10, 15))
    assert advance_bulletin(context, drafted).is_final
    with reading(context.engine) as session:
        assert session.exec(select(Publication.published_on)).all() == [date(2013, 10, 15)]


def test_the_ledger_is_sealed_and_the_result_shown(home: Path, context: Context, plan: None) -> None:
    state = seal_ledger(as_of=WEEK_BEFORE_DUE, return_state=True)
    assert (state.name, state.is_completed()) == ("Completed", True)
    assert (home / "seals" / "2013-12-20.json").exists()
    assert acts(context, "seal") == 1
    assert "seal-ledger-2013-12-20" in artifact_keys()


def test_a_run_that_fails_is_told_to_the_operator_and_leaves_its_slot_to_the_next(home: Path, context: Context, monkeypatch: Any) -> None:
    monkeypatch.setenv("DUBAN_OPERATOR", "ops@example.cn")
    (home / "backups").write_text("a file where the folder should be")
    for _time in range(2):
        state = back_up(as_of=WEEK_BEFORE_DUE, return_state=True)
        assert state.is_failed()
    assert slots(context) == {WEEK_BEFORE_DUE.isoformat(): SlotState.FAILED}
    [letter] = (home / "outbox").glob("*.eml")
    assert "ops@example.cn" in letter.read_text()

    (home / "backups").unlink()
    assert back_up(as_of=WEEK_BEFORE_DUE, return_state=True).is_completed()
    assert [failure.is_over for failure in failures(context.settings)] == [True]


def test_a_run_that_starts_after_its_day_leaves_the_work_to_todays(context: Context, plan: None) -> None:
    async def create() -> Any:
        async with get_client() as client:
            return await client.create_flow_run(send_reminders, state=Scheduled(scheduled_time=NOW))

    state = run_flow(send_reminders, flow_run=asyncio.run(create()), return_type="state")
    assert (state.name, state.message) == ("Skipped", "2013-12-20 已过，由当日的运行办理")
    assert slots(context) == {}


@flow(name="tell-the-day")
def tell_the_day() -> date:
    return day_of_run(None)


@pytest.mark.parametrize(
    ("scheduled", "day"),
    [
        pytest.param(datetime(2013, 10, 8, 15, 59, 59, tzinfo=UTC), date(2013, 10, 8), id="last-second-of-the-day"),
        pytest.param(datetime(2013, 10, 8, 16, 0, tzinfo=UTC), date(2013, 10, 9), id="midnight-in-shanghai"),
    ],
)
def test_a_late_run_works_for_the_day_it_was_scheduled_for(scheduled: datetime, day: date) -> None:
    async def create() -> Any:
        async with get_client() as client:
            return await client.create_flow_run(tell_the_day, state=Scheduled(scheduled_time=scheduled))

    assert run_flow(tell_the_day, flow_run=asyncio.run(create())) == day
