"""What belongs to tasks, as it was on a day: targets, members counted, planned curves, milestones. One query each, whatever the number of tasks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from models.plan import PlanItem
from models.roster import EligibleMember, Quota, RosterEntry
from models.task import Milestone, PlannedPoint, Target, Task
from models.unit import Unit
from rules.pace import MilestoneFacts, Point
from services.changes import table_of
from services.past import Past

Row = dict[str, Any]


TARGET = ("id", "task_id", "text", "measure", "value", "low", "high", "unit_of_measure", "comparator", "basis", "scope", "baseline")
LINKS = ("indicator_id", "against_id")
_REGISTER: Mapping[type[SQLModel], tuple[str, ...]] = {Unit: ("id", "name", "is_open"), EligibleMember: ("id", "list_id", "region")}


def columns_of(kind: type[SQLModel], *names: str) -> sa.Select[Any]:
    """Return a query for these columns of a table, as Core reads it: twice as fast as by way of the model."""
    return sa.select(*(table_of(kind).c[name] for name in names))


def selected(session: Session, rows: sa.Select[Any], plan_id: Any, plan_ids: Sequence[int] | None) -> list[Row]:
    """Run a query, cut down to these plans by the column `plan_id`."""
    found = session.execute(rows if plan_ids is None else rows.where(plan_id.in_(plan_ids)))
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


TASK, ITEM = table_of(Task), table_of(PlanItem)
_TARGETS = columns_of(Target, *TARGET, *LINKS).join(TASK, TASK.c.id == table_of(Target).c.task_id)
_QUOTAS = (
    columns_of(Quota, "id", "target_id", "eligible_list_ids", "whole_list_id")
    .join(table_of(Target), table_of(Target).c.id == table_of(Quota).c.target_id)
    .join(TASK, TASK.c.id == table_of(Target).c.task_id)
)
_ENTRIES = columns_of(RosterEntry, "id", "quota_id", "region", "confirmed_on", "withdrawn_on").join(
    TASK, TASK.c.id == table_of(RosterEntry).c.task_id
)
_POINTS = columns_of(PlannedPoint, "id", "task_id", "day", "percent").join(TASK)
_MILESTONES = columns_of(Milestone, "id", "task_id", "title", "due_on", "weight", "done_on").join(TASK)


class _Numbers(sa.types.UserDefinedType[Iterable[int]]):
    """Whole numbers written out in a statement as they are."""

    cache_ok = True

    def literal_processor(self, dialect: sa.Dialect) -> Callable[[Iterable[int]], str]:  # noqa: ARG002  (SQLAlchemy's signature)
        """Return what writes them."""
        return lambda numbers: f"({', '.join(str(int(number)) for number in numbers) or 'NULL'})"


def among(column: Any, numbers: Iterable[int | None]) -> sa.ColumnElement[bool]:
    """Return the condition that a column is one of these numbers. To bind hundreds of them, each by its name, would cost more than to find their rows."""
    chosen = sa.bindparam(None, [number for number in numbers if number is not None], type_=_Numbers(), literal_execute=True)
    condition: sa.ColumnElement[bool] = column.op("IN", is_comparison=True)(chosen)
    return condition


@dataclass(frozen=True)
class TaskScope:
    """Whose tasks are read: those of these plans, of them only those of these items, or (without either) all.

    What was reached by a year counts the years before, and what was handed down is of the same item: so items are whole, or cut down to `tasks` where it is
    known that no other task of theirs counts.
    """

    plan_ids: Sequence[int] | None = None
    item_ids: Sequence[int] | None = None
    tasks: Sequence[int] | None = None

    def cut(self, rows: sa.Select[Any], kind: type[PlanItem] | type[Task]) -> sa.Select[Any]:
        """Cut a query over items or tasks down to the scope."""
        if self.tasks is not None and kind is Task:
            return rows.where(among(TASK.c.id, self.tasks))
        if self.item_ids is not None:
            return rows.where(among(ITEM.c.id if kind is PlanItem else TASK.c.item_id, self.item_ids))
        return rows if self.plan_ids is None else rows.where(among(table_of(kind).c.plan_id, self.plan_ids))

    def task_ids(self) -> sa.Select[Any]:
        """Return the query for the ids of its tasks."""
        return self.cut(sa.select(TASK.c.id), Task)


class TaskSource:
    """The rows of the tasks of a scope: asked of the database once, however many days they are then seen from."""

    def __init__(self, session: Session, scope: TaskScope) -> None:
        self._session, self._scope = session, scope
        self._read: dict[type[SQLModel], list[Row]] = {}
        self._named: dict[type[SQLModel], dict[int, list[Row]]] = defaultdict(dict)

    def rows(self, kind: type[SQLModel], wanted: sa.Select[Any], of: type[PlanItem] | type[Task] = Task) -> list[Row]:
        """Return what the one query of this table finds, cut down by the items or tasks it is joined to."""
        if kind not in self._read:
            self._read[kind] = selected(self._session, self._scope.cut(wanted, of), None, None)
        return self._read[kind]

    def named(self, kind: type[Unit] | type[EligibleMember], owner: str, ids: Iterable[int]) -> list[Row]:
        """Return the rows of a register that `owner`, a column of it, names; of everybody's tasks the register is read whole."""
        wanted = columns_of(kind, *_REGISTER[kind])
        if self._scope != TaskScope():
            chosen, known = sorted(set(ids)), self._named[kind]
            missing = [one for one in chosen if one not in known]
            known.update({one: [] for one in missing})
            for row in selected(self._session, wanted, table_of(kind).c[owner], missing) if missing else ():
                known[row[owner]].append(row)
            return [row for one in chosen for row in known[one]]
        if kind not in self._read:
            self._read[kind] = selected(self._session, wanted, None, None)
        return self._read[kind]


def read_targets(source: TaskSource, past: Past, known: Past) -> Mapping[int, Sequence[Row]]:
    """Return the targets as they were on the day; which indicator speaks for them is told by what is known, as the values themselves are."""
    rows = source.rows(Target, _TARGETS)
    links = {row["id"]: {name: row[name] for name in LINKS} for row in known.rows(Target, rows)}
    return _by_task([{**row, **links.get(row["id"], {})} for row in past.rows(Target, rows)], lambda target: target["id"])


def count_confirmed(source: TaskSource, past: Past, known: Past, as_of: date) -> Mapping[int, Mapping[str, int]]:
    """Return the members confirmed and not withdrawn by `as_of`, as far as known, counted by target and region; every quota has its entry."""
    found = past.rows(Quota, source.rows(Quota, _QUOTAS))
    target_of = {quota["id"]: quota["target_id"] for quota in found}
    # A region of the lists without a member counts too: with none.
    regions = _regions(source, past, found) if found else {}
    counted: dict[int, dict[str, int]] = {
        quota["target_id"]: {name: 0 for id_ in (*quota["eligible_list_ids"], quota["whole_list_id"]) for name in regions.get(id_, ())}
        for quota in found
    }
    for entry in known.rows(RosterEntry, source.rows(RosterEntry, _ENTRIES)):
        is_confirmed = entry["confirmed_on"] is not None and entry["confirmed_on"] <= as_of
        is_withdrawn = entry["withdrawn_on"] is not None and entry["withdrawn_on"] <= as_of
        if is_confirmed and not is_withdrawn and entry["quota_id"] in target_of:
            of_target = counted[target_of[entry["quota_id"]]]
            of_target[entry["region"] or ""] = of_target.get(entry["region"] or "", 0) + 1
    return counted


def _regions(source: TaskSource, past: Past, quotas: Sequence[Row]) -> Mapping[int, set[str]]:
    regions: dict[int, set[str]] = defaultdict(set)
    lists = {id_ for quota in quotas for id_ in (*quota["eligible_list_ids"], quota["whole_list_id"]) if id_ is not None}
    for row in past.rows(EligibleMember, source.named(EligibleMember, "list_id", lists)):
        regions[row["list_id"]] |= {row["region"]} if row["region"] else set()
    return regions


def read_curves(source: TaskSource, past: Past) -> Mapping[int, tuple[Point, ...]]:
    """Return the planned points of each task in the order of their days."""
    found = _by_task(past.rows(PlannedPoint, source.rows(PlannedPoint, _POINTS)), lambda point: point["day"])
    return {task_id: tuple((point["day"], point["percent"]) for point in rows) for task_id, rows in found.items()}


def read_milestones(source: TaskSource, past: Past, known: Past, as_of: date) -> Mapping[int, tuple[MilestoneFacts, ...]]:
    """Return the milestones as they were planned on the day, reached as far as known since."""
    rows = source.rows(Milestone, _MILESTONES)
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
