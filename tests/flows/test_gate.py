from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from flows.gate import run_once
from models.publication import JobSlot, SlotState
from rules.errors import DubanError
from runtime.context import Context
from runtime.database import reading
from runtime.gate import Outcome
from runtime.job_work import bulletin_opens_on, bulletin_slot
from runtime.jobs import job_named, moment_on
from tests.flows.conftest import NOW
from tests.flows.served import WEEK_BEFORE_DUE


def slots(context: Context) -> list[tuple[str, SlotState, dict[str, object]]]:
    with reading(context.engine) as session:
        return [(row.slot, row.state, row.summary) for row in session.exec(select(JobSlot))]


def fail() -> Outcome:
    raise DubanError("channel-down", "邮件服务器没有应答")


def stop() -> Outcome:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("work", "error"), [(fail, DubanError), (stop, KeyboardInterrupt)], ids=["failed", "stopped"])
def test_work_that_did_not_end_well_gives_its_slot_back(context: Context, work: object, error: type[BaseException]) -> None:
    with pytest.raises(error):
        run_once("send-reminders", "2013-10-08", work)  # type: ignore[arg-type]
    [(slot, state, summary)] = slots(context)
    assert (slot, state) == ("2013-10-08", SlotState.FAILED)
    assert summary["error"]


def test_messages_that_wait_are_an_error(home: Path, context: Context, plan: None) -> None:
    (home / "outbox").write_text("a file where the folder should be")
    with pytest.raises(DubanError, match="没有发出") as error:
        job_named("send-reminders").work(context, moment_on(WEEK_BEFORE_DUE, NOW))
    assert error.value.code == "reminders-waiting"


@pytest.mark.parametrize(
    ("day", "period", "first"),
    [
        pytest.param(date(2013, 4, 30), "2013Q1", date(2013, 4, 8), id="first-quarter-after-qingming"),
        pytest.param(date(2013, 7, 1), "2013Q2", date(2013, 7, 5), id="second-quarter"),
        pytest.param(date(2013, 10, 31), "2013Q3", date(2013, 10, 12), id="third-quarter-on-a-make-up-saturday"),
        pytest.param(date(2014, 1, 8), "2013Q4", date(2014, 1, 8), id="fourth-quarter-after-new-year"),
    ],
)
def test_the_bulletin_is_that_of_the_quarter_before(day: date, period: str, first: date) -> None:
    assert bulletin_slot(moment_on(day, NOW)) == period
    assert bulletin_opens_on(period) == first
