"""The players of the example: offices and units, each acting through the same services as real ones, on the days the story says."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from itertools import chain
from math import ceil
from pathlib import Path

from sqlmodel import Session

from cli.demo.review import reviewed_draft
from cli.demo.story import ISSUED_ON, YEAR, Action, Report, actions, note_reports
from models.account import AccountRole
from reports.bulletin_edits import Edits
from rules.access_policy import ASVS
from rules.periods import parse_period
from rules.texts import _, current_language
from runtime.clock import TIMEZONE
from runtime.context import Context
from runtime.database import transaction
from runtime.reminding import courier_of
from services.accounts import FIRST_ADMINISTRATOR, NewAccount, add_account, create_first_administrator
from services.actors import actor_named
from services.bulletins.counting import BulletinOrder
from services.bulletins.drafting import approve_draft, draft_bulletin, draft_of, edit_draft
from services.bulletins.publishing import publish_bulletin, publish_draft
from services.contact_register import ContactSaid, set_contact
from services.facts import TaskName, Viewpoint, read_tasks
from services.occasion import SYSTEM, Occasion
from services.papers.filing import write_files
from services.plans import issue_plan
from services.progress import ProgressInput, record_progress
from services.queries import show_task
from services.reminders import remind
from services.report_periods import closed_on
from services.report_values import Amount
from services.rule_sets import rule_set_on
from services.tasks import acknowledge_task, complete_task, return_task, submit_task

OFFICE, SUPERVISOR = "plan-office", "supervisor"

Act = Callable[[Session, date], None]


@dataclass(frozen=True)
class Players:
    """What happens on each day, in order, and the one-time passwords of the units' accounts."""

    days: Mapping[date, list[Act]]
    passwords: Mapping[str, str]


def at_nine(day: date) -> datetime:
    """Return nine in the morning of `day` in the office's time."""
    return datetime.combine(day, time(9), TIMEZONE)


def occasion_of(session: Session, name: str, day: date) -> Occasion:
    """Return `name` acting on `day`."""
    return Occasion(actor_named(session, name), day, at_nine(day))


def prepare_house(context: Context) -> dict[str, str]:
    """Make the first administrator and the accounts of the two offices; return their one-time passwords."""
    with transaction(context.engine) as session:
        password = create_first_administrator(session, Occasion(SYSTEM, ISSUED_ON, at_nine(ISSUED_ON)))
        first = occasion_of(session, FIRST_ADMINISTRATOR, ISSUED_ON)
        return {
            FIRST_ADMINISTRATOR: password or "",
            OFFICE: add_account(session, NewAccount(OFFICE, AccountRole.PLAN_OFFICE), ASVS, first),
            SUPERVISOR: add_account(session, NewAccount(SUPERVISOR, AccountRole.SUPERVISOR), ASVS, first),
        }


def issue_example(context: Context, home: Path) -> Players:
    """Read the shipped notice, review it, issue it, and give each lead unit an account and a contact."""
    passwords: dict[str, str] = {}
    draft = reviewed_draft(home)
    with transaction(context.engine) as session:
        issue_plan(session, draft, [], occasion_of(session, OFFICE, ISSUED_ON))
        tasks = [record.name for record in read_tasks(session, Viewpoint(ISSUED_ON, ISSUED_ON), context.rules_on(ISSUED_ON))]
        leads = dict.fromkeys(task.lead for task in tasks if not task.lead_is_open)
        for number, lead in enumerate(leads, 1):
            administrator = occasion_of(session, FIRST_ADMINISTRATOR, ISSUED_ON)
            passwords[lead] = add_account(session, NewAccount(lead, AccountRole.UNIT, lead), ASVS, administrator)
            contact = ContactSaid(f"liaison{number}@gx.example", _("联络员"), language=current_language())
            set_contact(session, lead, contact, administrator)
    return Players(_timetable(context, tasks), passwords)


def play_day(context: Context, players: Players, day: date) -> None:
    """Let everybody do what the story has for the day; then whoever is due is reminded."""
    with transaction(context.engine) as session:
        for act in players.days.get(day, []):
            act(session, day)
    courier = courier_of(context.settings, context.engine, partial(at_nine, day))
    remind(courier, Occasion(SYSTEM, day, at_nine(day)), context.rules_on(day), context.settings.office)


def publish(context: Context, period: str, day: date) -> None:
    """Let the supervisor publish a period's bulletin: drafted, approved and issued in one act."""
    order = BulletinOrder(parse_period(period), None, context.rules_on(day))
    with transaction(context.engine) as session:
        published = publish_bulletin(session, order, context.press, occasion_of(session, SUPERVISOR, day))
    write_files(published.files, context.store, context.bulletin_folder)


def approve(context: Context, period: str, day: date) -> None:
    """Let the supervisor word a sentence of the waiting draft, and approve it: the flow goes on by itself."""
    with transaction(context.engine) as session:
        draft, occasion = draft_of(session, period), occasion_of(session, SUPERVISOR, day)
        words = {"next.more": _("督查室将在下期对上述事项逐项复核。")}
        approve_draft(session, edit_draft(session, draft, Edits(words), occasion), occasion)


def correct(context: Context, period: str, reason: str, day: date) -> None:
    """Let the supervisor put a published bulletin right."""
    order = BulletinOrder(parse_period(period), None, context.rules_on(day))
    with transaction(context.engine) as session:
        occasion = occasion_of(session, SUPERVISOR, day)
        draft = approve_draft(session, draft_bulletin(session, order, occasion, reason), occasion)
        published = publish_draft(session, draft, context.press, occasion)
    write_files(published.files, context.store, context.bulletin_folder)


def _timetable(context: Context, tasks: list[TaskName]) -> Mapping[date, list[Act]]:
    days: dict[date, list[Act]] = defaultdict(list)
    for task in tasks:
        if task.lead_is_open:
            continue
        action = _action_of(task)
        for day, act in chain(_unit_acts(context, task, action), _review_acts(task, action)):
            days[day].append(act)
    return days


def _action_of(task: TaskName) -> Action:
    runs_over_years = "—" in task.label
    action = None if runs_over_years else actions().get(task.number or "")
    if action is None:
        action = Action(date(2012, 11, 8), note_reports())
    # The years after the first are taken over and rest until they begin.
    return action if runs_over_years or task.label == YEAR else Action(action.acknowledged_on)


def _unit_acts(context: Context, task: TaskName, action: Action) -> list[tuple[date, Act]]:
    def acknowledge(session: Session, day: date) -> None:
        acknowledge_task(session, task.id, occasion_of(session, task.lead, day))

    def report(filed: Report, session: Session, day: date) -> None:
        period = parse_period(filed.period)
        ends_on = period.ends_on
        sheet = show_task(session, task.id, ends_on, rule_set_on(session, ends_on))
        counted = [(target.measure, target.wanted) for target in sheet.targets if target.wanted is not None]
        figures = filed.values or tuple(ceil(wanted * sheet.row.pace / 100) for _measure, wanted in counted)
        values = {measure: Amount(figure) for (measure, _wanted), figure in zip(counted, figures, strict=True)}
        # A report that comes after its quarter's bulletin says why it is late.
        late = _("县级材料迟到，逾期补报") if closed_on(session, task.plan_id, period) else None
        files = (_evidence(context, task, filed),)
        said = ProgressInput(values, filed.text, filed.problem, filed.next_step, filed.period, files, correction=late)
        record_progress(session, task.id, said, context.store, occasion_of(session, task.lead, day))

    def submit(session: Session, day: date) -> None:
        submit_task(session, task.id, None, occasion_of(session, task.lead, day))

    acts: list[tuple[date, Act]] = [(action.acknowledged_on, acknowledge)] if action.acknowledged_on else []
    acts += [(filed.day, partial(report, filed)) for filed in action.reports]
    return acts + [(day, submit) for day in action.submitted_on]


def _review_acts(task: TaskName, action: Action) -> list[tuple[date, Act]]:
    def send_back(session: Session, day: date) -> None:
        return_task(session, task.id, _("缺少入选名单和公示材料"), occasion_of(session, SUPERVISOR, day), date(2013, 9, 27))

    def complete(session: Session, day: date) -> None:
        complete_task(session, task.id, occasion_of(session, SUPERVISOR, day))

    acts: list[tuple[date, Act]] = [(action.returned_on, send_back)] if action.returned_on else []
    return acts + ([(action.completed_on, complete)] if action.completed_on else [])


def _evidence(context: Context, task: TaskName, filed: Report) -> Path:
    folder = context.settings.home / "evidence"
    folder.mkdir(exist_ok=True)
    sheet = folder / f"{task.id}-{filed.period}.txt"
    sheet.write_text(f"{task.title}\n{filed.day.isoformat()}\n{filed.text}\n", encoding="utf-8")
    return sheet
