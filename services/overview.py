"""What the first page tells at a glance on a day: the plans followed, their lights, what falls due, and what went out."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.notice import Message, MessageState
from models.plan import Plan, PlanState
from models.publication import Publication, PublicationKind, SlotState
from models.task import TaskState
from rules.lights import Light
from rules.rights import Actor
from rules.rule_set import RuleSet
from services.job_slots import last_slots
from services.queries import TaskFilter, TaskRow, list_tasks

_DONE = (TaskState.COMPLETED, TaskState.CLOSED)
_WAITING = (*_DONE, TaskState.SUBMITTED, TaskState.SUSPENDED, TaskState.CANCELLED)


@dataclass(frozen=True)
class PlanStanding:
    """A plan in force: its tasks by light, the accepted ones counted apart, cancelled ones left out."""

    id: int
    title: str
    doc_no: str | None
    starts_on: date | None
    ends_on: date | None
    task_count: int
    done_count: int
    lights: Mapping[Light, int]


@dataclass(frozen=True)
class PaperRow:
    """A published bulletin."""

    period: str
    year: int
    number: int
    published_on: date


@dataclass(frozen=True)
class SlotRow:
    """The work of a flow for a day or period: how it stands and when it was last touched."""

    flow: str
    slot: str
    state: SlotState
    at: datetime


@dataclass(frozen=True)
class Overview:
    """The first page's facts. `overdue` and `due_next` are tasks still to be handed in, the nearest due day first; `overdue_count` counts them all."""

    plans: Sequence[PlanStanding]
    overdue_count: int
    overdue: Sequence[TaskRow]
    due_next: Sequence[TaskRow]
    messages: Mapping[MessageState, int]
    papers: Sequence[PaperRow]
    slots: Mapping[str, SlotRow]


def overview_of(session: Session, day: date, rules: RuleSet, length: int = 6, actor: Actor | None = None) -> Overview:
    """Return the overview at the end of `day`, its lists cut to `length` rows; an actor sees the tasks he may see, and plans that have any of them.

    What was handed down counts in its parent, where that is seen.
    """
    seen = list_tasks(session, TaskFilter(), day, rules, actor)
    ids = {row.id for row in seen}
    rows = [row for row in seen if row.parent_id not in ids]
    plans = [plan for plan in _plans(session, rows) if actor is None or plan.task_count]
    followed = {plan.id for plan in plans}
    open_rows = sorted((row for row in rows if row.plan_id in followed and row.state not in _WAITING), key=lambda row: row.due_on)
    overdue = [row for row in open_rows if row.due_on < day]
    return Overview(
        plans=plans,
        overdue_count=len(overdue),
        overdue=overdue[:length],
        due_next=[row for row in open_rows if row.due_on >= day][:length],
        messages=_messages(session),
        papers=_papers(session, length),
        slots=_slots(session),
    )


def _plans(session: Session, rows: Sequence[TaskRow]) -> list[PlanStanding]:
    columns = (col(Plan.id), col(Plan.title), col(Plan.doc_no), col(Plan.starts_on), col(Plan.ends_on))
    in_force = select(*columns).where(col(Plan.state) == PlanState.IN_FORCE).order_by(col(Plan.id))
    by_plan: dict[int, list[TaskRow]] = defaultdict(list)
    for row in rows:
        if row.state is not TaskState.CANCELLED:
            by_plan[row.plan_id].append(row)
    return [_standing(plan, by_plan[plan[0]]) for plan in session.execute(in_force).tuples()]


def _standing(plan: tuple[int | None, str, str | None, date | None, date | None], rows: Sequence[TaskRow]) -> PlanStanding:
    plan_id, title, doc_no, starts_on, ends_on = plan
    lights = Counter(row.light for row in rows if row.state not in _DONE)
    done = sum(row.state in _DONE for row in rows)
    assert plan_id is not None
    return PlanStanding(plan_id, title, doc_no, starts_on, ends_on, len(rows), done, {light: lights[light] for light in Light})


def _messages(session: Session) -> Mapping[MessageState, int]:
    counted = session.execute(select(col(Message.state), func.count()).group_by(col(Message.state))).tuples().all()
    return {state: dict(counted).get(state, 0) for state in MessageState}


def _papers(session: Session, length: int) -> list[PaperRow]:
    columns = (col(Publication.period), col(Publication.year), col(Publication.number), col(Publication.published_on))
    latest = select(*columns).where(col(Publication.kind) == PublicationKind.BULLETIN)
    latest = latest.order_by(col(Publication.published_at).desc()).limit(length)
    return [PaperRow(*row) for row in session.execute(latest).tuples()]


def _slots(session: Session) -> Mapping[str, SlotRow]:
    return {flow: SlotRow(flow, slot.slot, slot.state, slot.finished_at or slot.started_at) for flow, slot in last_slots(session).items()}
