import asyncio
import inspect
import shlex
import sys
from datetime import date, datetime, timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.server.schemas.schedules import CronSchedule

from flows.deployments import Scheduled, deployment_of, scheduled_flows
from flows.starting import InstalledFlow
from rules.calendar import is_working_day
from runtime.clock import TIMEZONE, day_of
from runtime.job_work import When, bulletin_opens_on, bulletin_slot
from runtime.jobs import JOBS
from runtime.settings import Settings

FLOWS = scheduled_flows(Settings())
BY_NAME = {scheduled.flow.name: scheduled for scheduled in FLOWS}


def days(scheduled: Scheduled, first: date, last: date) -> list[date]:
    """The days on which a schedule fires, without a server."""
    return [day_of(moment) for moment in moments(scheduled, first, last)]


def moments(scheduled: Scheduled, first: date, last: date) -> list[datetime]:
    start, end = (datetime.combine(day, datetime.min.time(), TIMEZONE) for day in (first, last + timedelta(days=1)))
    schedule = CronSchedule(cron=scheduled.cron, timezone=TIMEZONE.key)
    return [moment.astimezone(TIMEZONE) for moment in asyncio.run(schedule.get_dates(n=1000, start=start, end=end))]


def at(day: date) -> When:
    return When(day, datetime.combine(day, datetime.min.time(), TIMEZONE))


@pytest.mark.parametrize("scheduled", FLOWS, ids=lambda scheduled: scheduled.flow.name)
def test_a_deployment_fits_its_flow(scheduled: Scheduled) -> None:
    deployment = asyncio.run(deployment_of(scheduled))
    module, _dot, name = str(deployment.entrypoint).rpartition(".")
    assert getattr(import_module(module), name) is scheduled.flow
    parameters = inspect.signature(scheduled.flow.fn).parameters
    # A scheduled run gives none of them, making up for a day gives this one.
    assert all(parameter.default is not inspect.Parameter.empty for parameter in parameters.values())
    assert "as_of" in parameters
    assert set(deployment.parameters or {}) <= set(parameters)
    assert all(set(schedule.parameters or {}) <= set(parameters) for schedule in deployment.schedules or [])


@pytest.mark.parametrize("scheduled", FLOWS, ids=lambda scheduled: scheduled.flow.name)
def test_a_deployment_runs_one_at_a_time_in_the_offices_time(scheduled: Scheduled) -> None:
    deployment = asyncio.run(deployment_of(scheduled))
    assert [schedule.schedule.timezone for schedule in deployment.schedules or []] == ["Asia/Shanghai"]
    assert deployment.concurrency_limit == 1
    assert deployment.concurrency_options is not None
    assert deployment.concurrency_options.collision_strategy.value == "CANCEL_NEW"


def test_slots_and_names_fit_their_columns() -> None:
    assert all(len(name) <= 40 and len(scheduled.job.slot_of(at(date(2013, 12, 31)))) <= 24 for name, scheduled in BY_NAME.items())
    assert list(BY_NAME) == [job.name for job in JOBS]


@pytest.mark.parametrize("scheduled", FLOWS, ids=lambda scheduled: scheduled.flow.name)
def test_nothing_runs_at_night_or_on_the_full_and_half_hours(scheduled: Scheduled) -> None:
    fired = moments(scheduled, date(2013, 10, 7), date(2013, 10, 9))
    assert fired
    assert all(7 <= moment.hour <= 20 and moment.minute not in (0, 30) for moment in fired)


def test_notices_are_prepared_before_the_digest_and_the_seal_goes_into_the_back_up() -> None:
    names = ("escalate-overdue", "send-reminders", "seal-ledger", "back-up")
    first = [moments(BY_NAME[name], date(2013, 10, 8), date(2013, 10, 8))[0] for name in names]
    assert first == sorted(first)


def test_what_a_pool_runs_has_names_of_its_own_and_waits_its_turn() -> None:
    for scheduled in FLOWS:
        served, pooled = (asyncio.run(deployment_of(scheduled, pool)) for pool in (None, "office"))
        assert served.name != pooled.name
        assert pooled.work_pool_name == "office"
        assert pooled.concurrency_options is not None
        assert pooled.concurrency_options.collision_strategy.value == "ENQUEUE"


@pytest.mark.parametrize("said", [None, "nice python -m prefect.engine"], ids=["nothing", "the-operators-own"])
def test_a_worker_starts_the_engine_at_once_unless_the_pool_says_how(said: str | None) -> None:
    run = InstalledFlow(command=said)
    run.prepare_for_flow_run(FlowRun(flow_id=uuid4(), name="run"))
    assert run.command == (said or shlex.join([sys.executable, "-m", "prefect.engine"]))
    assert run._command_configured, "Prefect would load itself once more, to find the flow's code"


@pytest.mark.parametrize(
    ("period", "published_on"),
    [("2013Q1", date(2013, 4, 8)), ("2013Q2", date(2013, 7, 5)), ("2013Q3", date(2013, 10, 12)), ("2013Q4", date(2014, 1, 8))],
)
def test_the_bulletin_of_each_quarter(period: str, published_on: date) -> None:
    fired = days(BY_NAME["publish-bulletin"], date(2013, 4, 1), date(2014, 3, 31))
    allowed = [day for day in fired if bulletin_slot(at(day)) == period and day >= bulletin_opens_on(period)]
    assert allowed[0] == published_on
    # Whenever the machine comes back within the month, there is another chance.
    assert len(allowed) >= 20


@pytest.mark.parametrize(
    ("first", "last", "working"),
    [
        pytest.param(date(2013, 9, 27), date(2013, 10, 9), [27, 29, 30, 8, 9], id="national-day-with-a-make-up-sunday"),
        pytest.param(date(2012, 12, 28), date(2013, 1, 7), [28, 31, 4, 5, 6, 7], id="new-year-with-a-make-up-weekend"),
        pytest.param(date(2013, 4, 26), date(2013, 5, 3), [26, 27, 28, 2, 3], id="labour-day-with-a-make-up-weekend"),
        pytest.param(date(2013, 6, 28), date(2013, 7, 2), [28, 1, 2], id="an-ordinary-weekend"),
    ],
)
def test_reminders_go_out_on_working_days(first: date, last: date, working: list[int]) -> None:
    fired = days(BY_NAME["send-reminders"], first, last)
    assert len(fired) == (last - first).days + 1
    assert [day.day for day in fired if is_working_day(day)] == working
