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

from flows.gate import day_of_run
from flows.publish_bulletin import publish_bulletin
from flows.send_reminders import send_reminders
from models.ledger import LedgerEntry
from models.publication import JobSlot, SlotState
from runtime.context import Context
from runtime.database import reading
from tests.flows.conftest import WEEK_BEFORE_DUE

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
    assert (state.name, state.message, state.is_completed()) == ("Skipped", "2013-10-01 不是工作日，不催办", True)
    assert slots(context) == {}
    assert not (home / "outbox").exists()


def test_the_bulletin_is_published_once(home: Path, context: Context, plan: None) -> None:
    early = publish_bulletin(as_of=date(2013, 10, 11), return_state=True)
    assert (early.name, early.message) == ("Skipped", "2013Q3 的通报自 2013-10-12 起办理")
    assert slots(context) == {}

    state = publish_bulletin(as_of=date(2013, 10, 12), return_state=True)
    assert (state.name, state.is_completed()) == ("Completed", True)
    assert slots(context) == {"2013Q3": SlotState.DONE}
    assert {path.suffix for path in (home / "bulletins").iterdir()} >= {".docx", ".html", ".xlsx"}
    assert "publish-bulletin-2013q3" in artifact_keys()

    again = publish_bulletin(period="2013q3", as_of=date(2013, 10, 14), return_state=True)
    assert (again.name, again.message) == ("Skipped", "2013Q3 已办理过")
    assert acts(context, "publish-bulletin") == 1


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
