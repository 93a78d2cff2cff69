"""What listings and pages ask for: rows of plain values, each made for its question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from models.account import AccountRole
from models.ledger import LedgerEntry
from models.plan import Plan
from models.task import Assignment, Task, TaskState
from models.unit import Unit
from rules.lights import Light, light_of, pace_of, reached_of
from rules.pace import MilestoneFacts
from rules.rights import Act, Actor, may
from rules.rule_set import RuleSet
from rules.targets import TargetFacts
from services.facts import TaskReader, TaskRecord, Viewpoint, read_tasks
from services.keyset import KeyPage, PageAsk, page_of
from services.reach import parties_of, read_tree, unknown_task

# Only a task that is opened has parts and notices; a list of tasks does not wait for what they are made of.
if TYPE_CHECKING:
    from services.parts import Parts


@dataclass(frozen=True)
class TaskRow:
    """A task as it is listed. `reached` is the per cent of its worst target, without figures of its milestones, None without either."""

    id: int
    plan_id: int
    number: str | None
    title: str
    label: str
    lead: str
    state: TaskState
    light: Light
    why: tuple[str, ...]
    starts_on: date
    due_on: date
    pace: float
    reached: float | None
    parent_id: int | None = None


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks are wanted; None lets all pass. `unit` is the lead unit's name or a part of it."""

    plan_id: int | None = None
    unit: str | None = None
    year: int | None = None
    state: TaskState | None = None
    light: Light | None = None


@dataclass(frozen=True)
class UnitPart:
    """A unit's part in a task."""

    name: str
    role: str


@dataclass(frozen=True)
class TaskSheet:
    """A task opened: its row, its words, its units and targets, what it was handed down as, and what supporting units handed in for it."""

    row: TaskRow
    plan: str
    text: str
    units: tuple[UnitPart, ...]
    targets: tuple[TargetFacts, ...]
    milestones: tuple[MilestoneFacts, ...]
    criterion: str | None
    last_text: str | None
    problem: str | None
    next_step: str | None
    parent_id: int | None = None
    children: tuple[TaskRow, ...] = ()
    parts: "Parts | None" = None


@dataclass(frozen=True)
class OpenedTask:
    """A task opened, with the record its sheet was made from and the reader that read it, which can look at other days too."""

    sheet: TaskSheet
    record: TaskRecord
    reader: TaskReader


@dataclass(frozen=True)
class HistoryRow:
    """One act on a task, as the ledger tells it."""

    seq: int
    acted_on: date
    for_day: date
    actor: str
    act: str
    said: dict[str, Any]


def list_tasks(session: Session, wanted: TaskFilter, day: date, rules: RuleSet, actor: Actor | None = None) -> list[TaskRow]:
    """Return the tasks that pass the filter as they stand on `day`, those the actor may see: what his unit or one below it leads or supports."""
    records = read_tasks(session, Viewpoint(day, day), rules, None if wanted.plan_id is None else [wanted.plan_id])
    return [row for row in (task_row(record, day, rules) for record in seen_by(session, actor, records)) if passes(row, wanted)]


def seen_by(session: Session, actor: Actor | None, records: Sequence[TaskRecord]) -> list[TaskRecord]:
    """Return the tasks that the actor may see; the tree of units is read once for all of them. Nobody named (None) is whoever holds the database: all."""
    if actor is None:
        return list(records)
    tree = read_tree(session)
    return [record for record in records if may(actor, Act.READ, tree.parties(record.name.lead_id, record.name.support_ids))]


def show_task(session: Session, task_id: int, day: date, rules: RuleSet, actor: Actor | None = None) -> TaskSheet:
    """Return a task with everything a reader needs; an unknown one, or one the actor may not see, is refused alike."""
    return open_task(session, task_id, day, rules, actor).sheet


def open_task(session: Session, task_id: int, day: date, rules: RuleSet, actor: Actor | None = None) -> OpenedTask:
    """Return what `show_task` does, and beside it what it was made from."""
    from services.parts import read_parts

    # Only it and what was handed down from it are read, whatever the size of its plan.
    ids = session.execute(select(col(Task.id)).where((col(Task.id) == task_id) | (col(Task.parent_id) == task_id))).scalars()
    reader = TaskReader(session, Viewpoint(day, day), None, [number for number in ids if number is not None])
    records = reader.on(day, rules)
    found = next((record for record in records if record.name.id == task_id), None)
    if found is None or not seen_by(session, actor, [found]):
        raise unknown_task(task_id)
    units = (
        select(col(Unit.name), col(Assignment.role)).join(Assignment).where(col(Assignment.task_id) == task_id).order_by(col(Assignment.id))
    )
    sheet = TaskSheet(
        row=task_row(found, day, rules),
        plan=session.execute(select(col(Plan.title)).where(col(Plan.id) == found.name.plan_id)).scalar_one(),
        text=found.name.text,
        units=tuple(UnitPart(name, role.value) for name, role in session.execute(units).tuples()),
        targets=found.facts.targets,
        milestones=found.facts.milestones,
        criterion=found.facts.criterion,
        last_text=found.reported.text,
        problem=found.reported.problem,
        next_step=found.reported.next_step,
        parent_id=found.name.parent_id,
        children=tuple(task_row(child, day, rules) for child in records if child.name.parent_id == task_id),
        parts=read_parts(session, task_id, day),
    )
    return OpenedTask(sheet, found, reader)


def task_history(session: Session, task_id: int, day: date, actor: Actor | None = None) -> list[HistoryRow]:
    """Return every act on the task up to `day` in the order it was entered; a task the actor may not see is refused like an unknown one."""
    _refuse_unseen(session, task_id, actor)
    return _acts(session, _entered(task_id, day).order_by(col(LedgerEntry.seq)), actor)


def history_page(session: Session, task_id: int, day: date, ask: PageAsk, actor: Actor) -> KeyPage[HistoryRow]:
    """Return a page of what `task_history` returns."""
    _refuse_unseen(session, task_id, actor)
    entered = _entered(task_id, day)
    numbers = entered.with_only_columns(col(LedgerEntry.seq))
    read = lambda ids: {act.seq: act for act in _acts(session, entered.where(col(LedgerEntry.seq).in_(ids)), actor)}  # noqa: E731
    return page_of(session, numbers, ask, read)


def _refuse_unseen(session: Session, task_id: int, actor: Actor | None) -> None:
    if actor is not None and not may(actor, Act.READ, parties_of(session, task_id)):
        raise unknown_task(task_id)


def _entered(task_id: int, day: date) -> Select[Any]:
    columns = (getattr(LedgerEntry, name) for name in ("seq", "acted_on", "for_day", "actor", "act", "after"))
    return select(*columns).where(col(LedgerEntry.task_id) == task_id, col(LedgerEntry.acted_on) <= day)


def _acts(session: Session, entries: Select[Any], actor: Actor | None) -> list[HistoryRow]:
    """Return what the actor may see of these entries."""
    from services.notice_list import is_inside

    acts = (HistoryRow(*row) for row in session.execute(entries))
    is_outside = actor is not None and actor.role is AccountRole.UNIT
    return [_without_view(act) for act in acts if not (is_outside and is_inside(act.act, act.said))]


def _without_view(act: HistoryRow) -> HistoryRow:
    """Return the act without the frozen view of a paper: its number is enough here."""
    return replace(act, said={name: value for name, value in act.said.items() if name != "view"})


def task_row(record: TaskRecord, day: date, rules: RuleSet) -> TaskRow:
    """Return a task's row as it stands on `day`."""
    facts, name, reading = record.facts, record.name, light_of(record.facts, day, rules)
    return TaskRow(
        id=name.id,
        plan_id=name.plan_id,
        number=name.number,
        title=name.item_title,
        label=name.label,
        lead=name.lead,
        state=facts.state,
        light=reading.light,
        why=tuple(text for _code, text in reading.reasons),
        starts_on=facts.starts_on,
        due_on=facts.due_on,
        pace=pace_of(facts, day),
        reached=reached_of(facts),
        parent_id=name.parent_id,
    )


def passes(row: TaskRow, wanted: TaskFilter) -> bool:
    """Tell whether a listed task is one of those wanted."""
    return (
        (wanted.unit is None or wanted.unit in row.lead)
        and (wanted.year is None or row.starts_on.year <= wanted.year <= row.due_on.year)
        and (wanted.state is None or row.state is wanted.state)
        and (wanted.light is None or row.light is wanted.light)
    )
