"""What belongs to tasks, as it was on a day: targets, members counted, planned curves, milestones. One query each, whatever the number of tasks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from models.plan import PlanItem
from models.roster import EligibleMember, Quota, RosterEntry
from models.task import Milestone, PlannedPoint, Target, Task
from models.unit import Unit
from rules.pace import MilestoneFacts, Point
from services.past import Past

Row = dict[str, Any]


_TARGET = ("id", "task_id", "text", "measure", "value", "low", "high", "unit_of_measure", "comparator", "basis", "scope", "baseline")
LINKS = ("indicator_id", "against_id")
_REGISTER: Mapping[type[SQLModel], tuple[str, ...]] = {Unit: ("id", "name", "is_open"), EligibleMember: ("id", "list_id", "region")}


def columns_of(kind: type[SQLModel], *names: str) -> sa.Select[Any]:
    """Return a query for these columns of a table."""
    return sa.select(*(getattr(kind, name) for name in names))


def selected(session: Session, rows: sa.Select[Any], plan_id: Any, plan_ids: Sequence[int] | None) -> list[Row]:
    """Run a query, cut down to these plans by the column `plan_id`."""
    found = session.execute(rows if plan_ids is None else rows.where(plan_id.in_(plan_ids)))
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


@dataclass(frozen=True)
class TaskScope:
    """Whose tasks are read: those of these plans, of them only those of these items, or (without either) all.

    Items are never cut: what was reached by a year counts the years before, and what was handed down is of the same item.
    """

    plan_ids: Sequence[int] | None = None
    item_ids: Sequence[int] | None = None

    def cut(self, rows: sa.Select[Any], kind: type[PlanItem] | type[Task]) -> sa.Select[Any]:
        """Cut a query over items or tasks down to the scope."""
        if self.item_ids is not None:
            return rows.where((col(PlanItem.id) if kind is PlanItem else col(Task.item_id)).in_(self.item_ids))
        return rows if self.plan_ids is None else rows.where(col(kind.plan_id).in_(self.plan_ids))

    def task_ids(self) -> sa.Select[Any]:
        """Return the query for the ids of its tasks."""
        return self.cut(sa.select(col(Task.id)), Task)


class TaskSource:
    """The rows of the tasks of a scope: asked of the database once, however many days they are then seen from."""

    def __init__(self, session: Session, scope: TaskScope) -> None:
        self._session, self._scope = session, scope
        self._read: dict[type[SQLModel], list[Row]] = {}

    def rows(self, kind: type[SQLModel], wanted: sa.Select[Any], of: type[PlanItem] | type[Task] = Task) -> list[Row]:
        """Return what the one query of this table finds, cut down by the items or tasks it is joined to."""
        if kind not in self._read:
            self._read[kind] = selected(self._session, self._scope.cut(wanted, of), None, None)
        return self._read[kind]

    def named(self, kind: type[Unit] | type[EligibleMember], owner: Any, ids: Iterable[int]) -> list[Row]:
        """Return the rows of a register that `owner`, a column of it, names; of everybody's tasks the register is read whole."""
        wanted = columns_of(kind, *_REGISTER[kind])
        if self._scope != TaskScope():
            return selected(self._session, wanted, owner, sorted(set(ids)))
        if kind not in self._read:
            self._read[kind] = selected(self._session, wanted, None, None)
        return self._read[kind]


def read_targets(source: TaskSource, past: Past, known: Past) -> Mapping[int, Sequence[Row]]:
    """Return the targets as they were on the day; which indicator speaks for them is told by what is known, as the values themselves are."""
    targets = columns_of(Target, *_TARGET, *LINKS).join(Task, col(Task.id) == Target.task_id)
    rows = source.rows(Target, targets)
    links = {row["id"]: {name: row[name] for name in LINKS} for row in known.rows(Target, rows)}
    return _by_task([{**row, **links.get(row["id"], {})} for row in past.rows(Target, rows)], lambda target: target["id"])


def count_confirmed(source: TaskSource, past: Past, known: Past, as_of: date) -> Mapping[int, Mapping[str, int]]:
    """Return the members confirmed and not withdrawn by `as_of`, as far as known, counted by target and region; every quota has its entry."""
    quotas = (
        columns_of(Quota, "id", "target_id", "eligible_list_ids", "whole_list_id")
        .join(Target, col(Target.id) == Quota.target_id)
        .join(Task, col(Task.id) == Target.task_id)
    )
    found = past.rows(Quota, source.rows(Quota, quotas))
    target_of = {quota["id"]: quota["target_id"] for quota in found}
    entries = columns_of(RosterEntry, "id", "quota_id", "region", "confirmed_on", "withdrawn_on").join(Task)
    # A region of the lists without a member counts too: with none.
    regions = _regions(source, past, found) if found else {}
    counted: dict[int, dict[str, int]] = {
        quota["target_id"]: {name: 0 for id_ in (*quota["eligible_list_ids"], quota["whole_list_id"]) for name in regions.get(id_, ())}
        for quota in found
    }
    for entry in known.rows(RosterEntry, source.rows(RosterEntry, entries)):
        is_confirmed = entry["confirmed_on"] is not None and entry["confirmed_on"] <= as_of
        is_withdrawn = entry["withdrawn_on"] is not None and entry["withdrawn_on"] <= as_of
        if is_confirmed and not is_withdrawn and entry["quota_id"] in target_of:
            of_target = counted[target_of[entry["quota_id"]]]
            of_target[entry["region"] or ""] = of_target.get(entry["region"] or "", 0) + 1
    return counted


def _regions(source: TaskSource, past: Past, quotas: Sequence[Row]) -> Mapping[int, set[str]]:
    regions: dict[int, set[str]] = defaultdict(set)
    lists = {id_ for quota in quotas for id_ in (*quota["eligible_list_ids"], quota["whole_list_id"]) if id_ is not None}
    for row in past.rows(EligibleMember, source.named(EligibleMember, col(EligibleMember.list_id), lists)):
        regions[row["list_id"]] |= {row["region"]} if row["region"] else set()
    return regions


def read_curves(source: TaskSource, past: Past) -> Mapping[int, tuple[Point, ...]]:
    """Return the planned points of each task in the order of their days."""
    points = columns_of(PlannedPoint, "id", "task_id", "day", "percent").join(Task)
    found = _by_task(past.rows(PlannedPoint, source.rows(PlannedPoint, points)), lambda point: point["day"])
    return {task_id: tuple((point["day"], point["percent"]) for point in rows) for task_id, rows in found.items()}


def read_milestones(source: TaskSource, past: Past, known: Past, as_of: date) -> Mapping[int, tuple[MilestoneFacts, ...]]:
    """Return the milestones as they were planned on the day, reached as far as known since."""
    wanted = columns_of(Milestone, "id", "task_id", "title", "due_on", "weight", "done_on").join(Task)
    rows = source.rows(Milestone, wanted)
    done_on = {row["id"]: row["done_on"] for row in known.rows(Milestone, rows)}
    found = _by_task(past.rows(Milestone, rows), lambda one: (one["due_on"], one["id"]))
    return {task_id: tuple(_milestone(one, done_on.get(one["id"]), as_of) for one in ones) for task_id, ones in found.items()}


def _milestone(row: Row, done_on: date | None, as_of: date) -> MilestoneFacts:
    return MilestoneFacts(row["title"], row["due_on"], row["weight"], done_on is not None and done_on <= as_of)


def _by_task(rows: Iterable[Row], order: Callable[[Row], Any]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=order):
        found[row["task_id"]].append(row)
    return found
