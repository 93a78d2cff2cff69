"""What runs by itself: each job once, with its schedule, its slot and its work. The flows and `duban flows run` both take it from here.

A job knows no scheduler. Its day and moment are those the run was scheduled for, and the gate lets one run of a slot work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from rules.errors import DubanError
from rules.texts import _
from runtime import job_work
from runtime.clock import TIMEZONE
from runtime.context import Context
from runtime.fans import COLLECTING, ESCALATING, REMINDING, Fan
from runtime.gate import Outcome, Skipped, pass_gate
from runtime.job_work import When
from runtime.operators import note_well, report_failure
from runtime.settings import Settings


@dataclass(frozen=True)
class Job:
    """A piece of work that runs by itself, under its flow's name.

    `deployment` names its schedule (`daily`), `cron` reads it. `slot_of` gives the slot of a moment. `refusal` says why there is nothing to do at a moment, None
    where there is. `is_made_up`: missed while the machine was off, it is run once for today; the others come round again soon. `is_for_its_day`: a run
    that starts after its day has nothing to do, since today's run does it all. `fan` is the work in chunks, for jobs that look at the whole house.
    """

    name: str
    deployment: str
    cron: Callable[[Settings], str]
    slot_of: Callable[[When], str]
    work: Callable[[Context, When], Outcome]
    refusal: Callable[[Context, When], str | None] = job_work.nothing_against
    is_made_up: bool = True
    is_for_its_day: bool = True
    fan: Fan | None = None


def day_slot(when: When) -> str:
    """Return the slot of work that is done once a day."""
    return when.day.isoformat()


def moment_slot(when: When) -> str:
    """Return the slot of work that is done several times a day: the minute it was scheduled for."""
    return f"{when.day.isoformat()}T{when.at.astimezone(TIMEZONE):%H:%M}"


JOBS = (
    Job(
        *("send-reminders", "daily", lambda settings: settings.remind_cron, day_slot, REMINDING.run, job_work.rest_day),
        fan=REMINDING,
    ),
    Job(
        *("deliver-waiting", "half-hourly", lambda settings: settings.deliver_cron, moment_slot, job_work.deliver_waiting),
        refusal=job_work.rest_or_quiet,
        is_made_up=False,
    ),
    Job(
        *("escalate-overdue", "daily", lambda settings: settings.escalate_cron, day_slot, ESCALATING.run, job_work.rest_day),
        fan=ESCALATING,
    ),
    Job(
        *("collect-forms", "hourly", lambda settings: settings.collect_cron, moment_slot, COLLECTING.run),
        is_made_up=False,
        fan=COLLECTING,
    ),
    Job("seal-ledger", "daily", lambda settings: settings.seal_cron, day_slot, job_work.seal_ledger),
    Job("back-up", "daily", lambda settings: settings.backup_cron, day_slot, job_work.back_up),
    Job(
        *("publish-bulletin", "quarterly", lambda settings: settings.bulletin_cron, job_work.bulletin_slot, job_work.advance_bulletin),
        refusal=job_work.no_bulletin_yet,
        is_for_its_day=False,
    ),
)


def pooled_name(job: Job) -> str:
    """Return the name of a job's schedule on a work pool."""
    return f"{job.deployment}-on-pool"


def job_named(name: str) -> Job:
    """Return the job of that name, which may be written with underscores. Refused with unknown-flow."""
    wanted = name.replace("_", "-")
    for job in JOBS:
        if job.name == wanted:
            return job
    known = _("、").join(job.name for job in JOBS)
    raise DubanError("unknown-flow", _("没有流程“{name}”，可用的有 {known}").format(name=name, known=known))


def moment_on(day: date, now: datetime) -> When:
    """Return the moment of a run asked for by hand: the day, at this time of day."""
    return When(day, datetime.combine(day, now.astimezone(TIMEZONE).time(), TIMEZONE))


def run_here(context: Context, job: Job, when: When) -> Outcome | Skipped:
    """Run a job in this process, without any scheduler, through the same gate; its failure is told to the operator as a flow's is."""
    refusal = job.refusal(context, when)
    if refusal is not None:
        return Skipped(refusal)
    try:
        outcome = pass_gate(context, job.name, job.slot_of(when), partial(job.work, context, when))
    except Exception as error:
        report_failure(context.settings, job.name, error)
        raise
    if isinstance(outcome, Outcome):
        note_well(context.settings, job.name)
    return outcome
