"""Every job without any scheduler: once for its slot, not on a rest day, and a failure that is told."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models.publication import JobSlot, SlotState
from rules.errors import DubanError
from runtime.context import Context, open_context
from runtime.database import open_engine, reading, transaction
from runtime.gate import MOST_ROWS, Outcome, OutcomeTable, Skipped
from runtime.job_work import When
from runtime.jobs import JOBS, Job, job_named, moment_on, run_here
from runtime.operators import failures
from services.actors import actor_named
from services.rule_sets import adopt_rule_set
from tests import builders
from tests.homes import new_home, settings_of

FRIDAY, REST_DAY, IN_OCTOBER = date(2013, 12, 20), date(2013, 10, 1), date(2013, 10, 14)
MORNING = datetime(2013, 12, 20, 1, 7, tzinfo=UTC)


@pytest.fixture
def context(tmp_path: Path):
    """A house with a plan, which sends at any hour."""
    settings = settings_of(new_home(tmp_path))
    engine = open_engine(settings.resolved_database_url)
    with transaction(engine) as session:
        builders.issued(session, builders.people(session).office)
        then = builders.on(date(2013, 1, 4), actor_named(session, "supervisor"))
        adopt_rule_set(session, {"version": "any-hour", "sending_from": 0, "sending_until": 24}, then.day, then)
    engine.dispose()
    with open_context(settings) as context:
        yield context


def slots(context: Context) -> list[tuple[str, str, SlotState]]:
    with reading(context.engine) as session:
        return [(slot.flow, slot.slot, slot.state) for slot in session.exec(select(JobSlot))]


@pytest.mark.parametrize("job", [job for job in JOBS if job.name != "publish-bulletin"], ids=lambda job: job.name)
def test_a_job_is_done_once_for_its_slot(context: Context, job: Job) -> None:
    when = moment_on(FRIDAY, MORNING)
    first = run_here(context, job, when)
    assert isinstance(first, Outcome)
    assert first.sentence
    assert slots(context) == [(job.name, job.slot_of(when), SlotState.DONE)]
    assert run_here(context, job, when) == Skipped(f"{job.slot_of(when)} 已办理过")


@pytest.mark.parametrize("name", ["send-reminders", "deliver-waiting", "escalate-overdue"])
def test_nobody_is_written_to_on_a_rest_day(context: Context, name: str) -> None:
    assert run_here(context, job_named(name), moment_on(REST_DAY, MORNING)) == Skipped("2013-10-01 不是工作日，不办理")
    assert slots(context) == []


def test_what_runs_several_times_a_day_has_a_slot_for_each_minute() -> None:
    deliver = job_named("deliver-waiting")
    assert [deliver.slot_of(moment_on(FRIDAY, MORNING)), deliver.slot_of(When(FRIDAY, MORNING.replace(minute=43)))] == [
        "2013-12-20T09:07",
        "2013-12-20T09:43",
    ]


def test_a_job_that_fails_says_so_and_can_be_done_again(context: Context) -> None:
    (context.settings.home / "backups").write_text("a file where the folder should be")
    job, when = job_named("back_up"), moment_on(FRIDAY, MORNING)
    with pytest.raises(DubanError) as refusal:
        run_here(context, job, when)
    assert refusal.value.code == "file-not-written"
    assert slots(context) == [("back-up", "2013-12-20", SlotState.FAILED)]
    assert [(failure.flow, failure.is_over) for failure in failures(context.settings)] == [("back-up", False)]
    (context.settings.home / "backups").unlink()
    assert isinstance(run_here(context, job, when), Outcome)
    assert [failure.is_over for failure in failures(context.settings)] == [True]


def test_a_channel_that_is_down_fails_the_delivery(context: Context) -> None:
    assert isinstance(run_here(context, job_named("deliver-waiting"), moment_on(FRIDAY, MORNING)), Outcome)
    (context.settings.home / "outbox").write_text("a file where the folder should be")
    with pytest.raises(DubanError) as refusal:
        run_here(context, job_named("send-reminders"), moment_on(FRIDAY, MORNING))
    assert refusal.value.code == "reminders-waiting"
    with pytest.raises(DubanError) as refusal:
        run_here(context, job_named("deliver-waiting"), moment_on(FRIDAY, MORNING.replace(minute=43)))
    assert refusal.value.code == "channel-down"


def test_an_unknown_job_is_refused() -> None:
    with pytest.raises(DubanError) as refusal:
        job_named("nothing")
    assert refusal.value.code == "unknown-flow"


def test_a_list_is_cut_and_says_how_long_it_was() -> None:
    table = OutcomeTable.of("rows", ("number",), [(number,) for number in range(1000)])
    assert (len(table.rows), table.total) == (MOST_ROWS, 1000)


def test_the_bulletin_is_drafted_and_its_slot_given_back_until_a_person_has_approved(context: Context) -> None:
    job, when = job_named("publish-bulletin"), moment_on(IN_OCTOBER, MORNING)
    first = run_here(context, job, when)
    assert isinstance(first, Outcome)
    assert (first.is_final, slots(context)) == (False, [])
    again = run_here(context, job, when)
    assert isinstance(again, Skipped)
    assert "等待批准" in again.why
