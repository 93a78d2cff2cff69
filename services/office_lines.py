"""What waits for the house's own people on a day, and who of them is told of which: whoever may do what is asked, as far as his right reaches.

A matter is told once to each; what was told before and still waits is only counted.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import Account, AccountRole, AccountState
from models.ledger import LedgerEntry
from models.notice import UNDELIVERED, Message, Notice, NoticeState
from models.plan import Plan, PlanItem
from models.publication import BulletinDraft, DraftState
from models.request import Request, RequestState
from models.task import Task, TaskState
from models.unit import Unit
from notify.messages import OfficeLine
from rules.office_matters import ASKED_OF, OfficeMatter
from rules.periods import parse_period
from rules.rights import Actor, Parties, may, role_name
from rules.rule_set import RuleSet
from rules.texts import use_language
from rules.transitions import TaskEvent
from services.asking_tasks import is_gone_by, last_act
from services.cases.case_list import CaseFilter, list_cases
from services.contacts import Recipient
from services.delivered import tasks_by_plan
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.notice_list import NoticeFilter, list_notices
from services.portions import portions
from services.reach import parties_of_all

SETTLE_MESSAGE = "settle-message"
RESEND = "resend"

_OFFICES = (AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR)

_DAY = sa.bindparam("day", type_=sa.Date)
_PLANS = sa.select(col(Plan.id), col(Plan.title), col(Plan.doc_no))
_PEOPLE = (
    sa.select(Account, col(Unit.name))
    .outerjoin(Unit, col(Unit.id) == Account.unit_id)
    .where(col(Account.role).in_(_OFFICES), col(Account.state) == AccountState.ACTIVE, col(Account.address).is_not(None))
    .order_by(col(Account.id))
)
_REQUESTS = (
    sa.select(*map(col, (Request.id, Request.task_id, Request.filed_on, Request.kind, Unit.name)))
    .join(Unit, col(Unit.id) == col(Request.unit_id))
    .where(col(Request.state) == RequestState.FILED, col(Request.filed_on) <= _DAY)
    .order_by(col(Request.id))
)
_HANDED_IN = (
    sa.select(col(Task.id), last_act(TaskEvent.SUBMIT))
    .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
    .where(col(Task.state) == TaskState.SUBMITTED, col(Task.plan_id).in_(sa.bindparam("plans", expanding=True)))
    .order_by(col(Task.plan_id), col(PlanItem.position), col(Task.starts_on), col(Task.id))
)
_FIRST = sa.select(sa.func.min(col(Task.id))).where(col(Task.plan_id) == col(Plan.id)).correlate(Plan).scalar_subquery()
_FIRSTS = sa.select(col(Plan.id), _FIRST).where(col(Plan.id).in_(sa.bindparam("plans", expanding=True)), _FIRST.is_not(None))
_PREPARED = sa.select(col(Notice.id)).where(col(Notice.state) == NoticeState.PREPARED).limit(1)
_DRAFTS = (
    sa.select(BulletinDraft)
    .where(col(BulletinDraft.state) == DraftState.DRAFT, col(BulletinDraft.drafted_on) <= _DAY)
    .order_by(col(BulletinDraft.id))
)
# What went out once more another way is told of only if that failed too.
_REPLACED = sa.select(col(Message.instead_of_id)).where(col(Message.instead_of_id).is_not(None))
_FAILED = (
    sa.select(Message, col(Unit.name))
    .outerjoin(Unit, col(Unit.id) == Message.unit_id)
    .where(col(Message.state).in_(UNDELIVERED), col(Message.day) <= _DAY, col(Message.id).not_in(_REPLACED))
    .order_by(col(Message.id))
)


@dataclass(frozen=True)
class OfficePerson:
    """One of the house's own people who is written to, and as whom he acts."""

    actor: Actor
    recipient: Recipient


@dataclass(frozen=True)
class OfficePart:
    """What one of the house's own people is told: what is new to him, and how much of each kind he was told before."""

    recipient: Recipient
    fresh: tuple[OfficeLine, ...]
    older: Mapping[OfficeMatter, int]


@dataclass(frozen=True)
class Unreached:
    """A unit that something is due for and nobody can be told: why, and one of its tasks."""

    unit_id: int
    unit: str
    code: str
    task_id: int


def office_people(session: Session) -> list[OfficePerson]:
    """Return the offices' accounts that have an address, or a robot that needs none."""
    return [_person(account, unit) for account, unit in session.execute(_PEOPLE).tuples()]


@dataclass(frozen=True)
class Standing:
    """What the house's own matters need to know of the tasks that are looked at: those that wait to be reviewed, with their day, and the first of each plan."""

    submitted: tuple[tuple[int, date], ...] = ()
    first_of_plan: Mapping[int, int] = field(default_factory=dict)


def standing_on(session: Session, day: date, rules: RuleSet, plan_ids: Sequence[int]) -> Standing:
    """Return what the tasks of these plans tell on `day`: as they stand, or, where something was done since, as they stood."""
    if is_gone_by(session, day):
        return standing_of(read_tasks(session, Viewpoint(day, day), rules, plan_ids))
    firsts = session.execute(_FIRSTS, {"plans": plan_ids}).tuples().all()
    handed_in = session.execute(_HANDED_IN, {"plans": plan_ids}).tuples()
    return Standing(tuple((task_id or 0, since) for task_id, since in handed_in), dict(firsts))


def standing_of(records: Sequence[TaskRecord]) -> Standing:
    """Return what these tasks tell."""
    firsts: dict[int, int] = {}
    for record in records:
        firsts[record.name.plan_id] = min(record.name.id, firsts.get(record.name.plan_id, record.name.id))
    return Standing(tuple(_submissions(records)), firsts)


def waiting_matters(
    session: Session, standing: Standing, unreached: Iterable[Unreached], day: date, read: Callable[[Collection[int]], Sequence[TaskRecord]]
) -> list[OfficeLine]:
    """Return everything that waits on `day` for anybody of the house; `read` gives those of some tasks that are looked at."""
    found = (
        *(_Waits(OfficeMatter.REVIEW, f"{task_id}@{since.isoformat()}", task_id, since) for task_id, since in standing.submitted),
        *_requests(session, day),
        *_notices(session, day),
        *_drafts(session, day, standing.first_of_plan),
        *_cases(session, day),
        *_undelivered(session, day),
        *_missing(unreached, day),
    )
    by_id = {record.name.id: record for record in read({waits.task_id for waits in found})}
    titles = _plans(session)
    return [_line(waits, by_id[waits.task_id], titles) for waits in found if waits.task_id in by_id]


def parts_of_office(
    session: Session, people: Sequence[OfficePerson], lines: Sequence[OfficeLine], said: Mapping[str, set[tuple[str, str]]]
) -> list[OfficePart]:
    """Return what each of the house's people is told; `said` gives by recipient the (rule, period) pairs he was told before."""
    task_ids = sorted({line.task_id for line in lines})
    parties = parties_of_all(session, sa.select(col(Task.id)).where(col(Task.id).in_(task_ids))) if people and lines else {}
    return [_part_of(person, lines, parties, said.get(person.recipient.key, set())) for person in people]


def _part_of(person: OfficePerson, lines: Sequence[OfficeLine], parties: Mapping[int, Parties], said: set[tuple[str, str]]) -> OfficePart:
    own = [
        line for line in lines if may(person.actor, ASKED_OF[line.matter], parties[line.task_id]) and line.period != person.recipient.key
    ]
    fresh = tuple(line for line in own if (line.rule, line.period) not in said)
    return OfficePart(person.recipient, fresh, Counter(line.matter for line in own if (line.rule, line.period) in said))


def _person(account: Account, unit: str | None) -> OfficePerson:
    with use_language(account.language):
        name = f"{unit or ''}{role_name(account.role)}"
    recipient = Recipient(
        key=f"account-{account.id}",
        unit_id=None,
        unit=name,
        person=account.name,
        address=account.address or "",
        language=account.language,
        channel=account.channel,
    )
    return OfficePerson(Actor(account.id, account.name, account.role, account.unit_id), recipient)


@dataclass(frozen=True)
class _Waits:
    matter: OfficeMatter
    period: str
    task_id: int
    since_on: date
    unit: str | None = None
    number: int = 0
    kind: str = ""
    person: str = ""
    error: str = ""


def _line(waits: _Waits, record: TaskRecord, plans: Mapping[int, tuple[str, str | None]]) -> OfficeLine:
    title, doc_no = plans[record.name.plan_id]
    same = {name: getattr(waits, name) for name in ("matter", "period", "task_id", "since_on", "number", "kind", "person", "error")}
    return OfficeLine(
        **same,
        task=record.name.title,
        plan_id=record.name.plan_id,
        plan=title,
        doc_no=doc_no,
        unit=record.name.lead if waits.unit is None else waits.unit,
    )


def _plans(session: Session) -> dict[int, tuple[str, str | None]]:
    return {plan_id or 0: (title, doc_no) for plan_id, title, doc_no in session.execute(_PLANS).tuples()}


def _submissions(records: Sequence[TaskRecord]) -> Iterator[tuple[int, date]]:
    for record in records:
        if record.facts.state is TaskState.SUBMITTED and record.life.submitted_on is not None:
            yield record.name.id, record.life.submitted_on


def _requests(session: Session, day: date) -> Iterator[_Waits]:
    for number, task_id, filed_on, kind, unit in session.execute(_REQUESTS, {"day": day}).tuples():
        yield _Waits(OfficeMatter.DECIDE, f"request-{number}", task_id, filed_on, unit, number or 0, kind.value)


def _notices(session: Session, day: date) -> Iterator[_Waits]:
    if session.execute(_PREPARED).first() is None:
        return
    for row in list_notices(session, NoticeFilter(state=NoticeState.PREPARED), day):
        if not row.is_stale:
            yield _Waits(OfficeMatter.ISSUE, f"notice-{row.id}", row.task_id, row.prepared_on, row.unit, row.id, row.level.value)


def _drafts(session: Session, day: date, first_of_plan: Mapping[int, int]) -> Iterator[_Waits]:
    """Give the bulletins that wait to be approved. A line stands on a task: the first of its plans."""
    for draft in session.execute(_DRAFTS, {"day": day}).scalars():
        tasks = [task_id for plan_id, task_id in first_of_plan.items() if draft.plan_ids is None or plan_id in draft.plan_ids]
        # Before the period's end it can not be approved.
        if tasks and day > parse_period(draft.period).ends_on:
            yield _Waits(
                OfficeMatter.APPROVE, f"bulletin-{draft.id}", min(tasks), draft.drafted_on, number=draft.id or 0, kind=draft.period
            )


def _cases(session: Session, day: date) -> Iterator[_Waits]:
    """Give the cases in which the office has the next step. A line stands on a task: the first of the case."""
    for row in list_cases(session, CaseFilter(), day):
        since = row.waits_since
        if since is not None and row.tasks:
            # The state is part of it: what was drafted and approved on one day waits twice.
            period = f"case-{row.id}{row.state.value[0]}{since:%Y%m%d}"
            yield _Waits(OfficeMatter.CASE, period, row.tasks[0][0], since, row.unit, row.id, row.state.value)


def _undelivered(session: Session, day: date) -> Iterator[_Waits]:
    found = session.execute(_FAILED, {"day": day}).tuples().all()
    settled = settled_messages(session, [message.id or 0 for message, _unit in found])
    rows = [(message, unit) for message, unit in found if message.id not in settled]
    tasks: dict[int, int] = {}
    for (_plan_id, message_id), task_ids in tasks_by_plan(session, [message.id or 0 for message, _unit in rows]).items():
        tasks |= {message_id: min([*task_ids, tasks.get(message_id, task_ids[0])])} if task_ids else {}
    for message, unit in rows:
        number = message.id or 0
        if number in tasks:
            # A digest of the house's own that fails every day must not make another one every day.
            period = message.recipient if message.recipient.startswith("account-") else f"message-{number}"
            said = {"unit": unit or "", "person": message.name if message.name != unit else "", "kind": message.state.value}
            yield _Waits(OfficeMatter.UNDELIVERED, period, tasks[number], message.day, number=number, error=message.error or "", **said)


def _missing(unreached: Iterable[Unreached], day: date) -> Iterator[_Waits]:
    for one in unreached:
        yield _Waits(OfficeMatter.UNREACHED, f"unit-{one.unit_id}", one.task_id, day, one.unit, kind=one.code)


def settled_messages(session: Session, among: Sequence[int]) -> frozenset[int]:
    """Return those of some messages that a person has settled since they were last sent again."""
    last: dict[str, str] = {}
    subjects = [f"message {number}" for number in among]
    for some in portions(subjects):
        acts = sa.select(col(LedgerEntry.act), col(LedgerEntry.subject)).where(
            col(LedgerEntry.act).in_((SETTLE_MESSAGE, RESEND)), col(LedgerEntry.subject).in_(some)
        )
        last |= {subject: act for act, subject in session.execute(acts.order_by(col(LedgerEntry.id))).tuples()}
    return frozenset(int(subject.removeprefix("message ")) for subject, act in last.items() if act == SETTLE_MESSAGE)
