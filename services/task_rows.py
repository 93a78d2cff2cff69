"""What belongs to tasks, as it was on a day: targets, members counted, planned curves, milestones. One query each, whatever the number of tasks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from models.roster import EligibleMember, Quota, RosterEntry
from models.task import Milestone, PlannedPoint, Target, Task
from rules.pace import MilestoneFacts, Point
from services.past import Past

Row = dict[str, Any]


_TARGET = ("id", "task_id", "text", "measure", "value", "low", "high", "unit_of_measure", "comparator", "basis", "scope", "baseline")
LINKS = ("indicator_id", "against_id")


def columns_of(kind: type[SQLModel], *names: str) -> sa.Select[Any]:
    """Return a query for these columns of a table."""
    return sa.select(*(getattr(kind, name) for name in names))


def selected(session: Session, rows: sa.Select[Any], plan_id: Any, plan_ids: Sequence[int] | None) -> list[Row]:
    """Run a query, cut down to these plans by the column `plan_id`."""
    found = session.execute(rows if plan_ids is None else rows.where(plan_id.in_(plan_ids)))
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.all()]


class TaskSource:
    """The rows of tasks of these plans (None: all): asked of the database once, however many days they are then seen from."""

    def __init__(self, session: Session, plan_ids: Sequence[int] | None) -> None:
        self._session, self._plan_ids = session, plan_ids
        self._read: dict[type[SQLModel], list[Row]] = {}

    def rows(self, kind: type[SQLModel], wanted: sa.Select[Any], plan_id: Any = None) -> list[Row]:
        """Return what the one query of this table finds; without the column `plan_id` it is not cut down to plans."""
        if kind not in self._read:
            self._read[kind] = selected(self._session, wanted, plan_id, None if plan_id is None else self._plan_ids)
        return self._read[kind]


def read_targets(source: TaskSource, past: Past, known: Past) -> Mapping[int, Sequence[Row]]:
    """Return the targets as they were on the day; which indicator speaks for them is told by what is known, as the values themselves are."""
    targets = columns_of(Target, *_TARGET, *LINKS).join(Task, col(Task.id) == Target.task_id)
    rows = source.rows(Target, targets, col(Task.plan_id))
    links = {row["id"]: {name: row[name] for name in LINKS} for row in known.rows(Target, rows)}
    return _by_task([{**row, **links.get(row["id"], {})} for row in past.rows(Target, rows)], lambda target: target["id"])


def count_confirmed(source: TaskSource, past: Past, known: Past, as_of: date) -> Mapping[int, Mapping[str, int]]:
    """Return the members confirmed and not withdrawn by `as_of`, as far as known, counted by target and region; every quota has its entry."""
    quotas = (
        columns_of(Quota, "id", "target_id", "eligible_list_ids", "whole_list_id")
        .join(Target, col(Target.id) == Quota.target_id)
        .join(Task, col(Task.id) == Target.task_id)
    )
    found = past.rows(Quota, source.rows(Quota, quotas, col(Task.plan_id)))
    target_of = {quota["id"]: quota["target_id"] for quota in found}
    entries = columns_of(RosterEntry, "id", "quota_id", "region", "confirmed_on", "withdrawn_on").join(Task)
    # A region of the lists without a member counts too: with none.
    regions = _regions(source, past) if found else {}
    counted: dict[int, dict[str, int]] = {
        quota["target_id"]: {name: 0 for id_ in (*quota["eligible_list_ids"], quota["whole_list_id"]) for name in regions.get(id_, ())}
        for quota in found
    }
    for entry in known.rows(RosterEntry, source.rows(RosterEntry, entries, col(Task.plan_id))):
        is_confirmed = entry["confirmed_on"] is not None and entry["confirmed_on"] <= as_of
        is_withdrawn = entry["withdrawn_on"] is not None and entry["withdrawn_on"] <= as_of
        if is_confirmed and not is_withdrawn and entry["quota_id"] in target_of:
            of_target = counted[target_of[entry["quota_id"]]]
            of_target[entry["region"] or ""] = of_target.get(entry["region"] or "", 0) + 1
    return counted


def _regions(source: TaskSource, past: Past) -> Mapping[int, set[str]]:
    regions: dict[int, set[str]] = defaultdict(set)
    for row in past.rows(EligibleMember, source.rows(EligibleMember, columns_of(EligibleMember, "id", "list_id", "region"))):
        regions[row["list_id"]] |= {row["region"]} if row["region"] else set()
    return regions


def read_curves(source: TaskSource, past: Past) -> Mapping[int, tuple[Point, ...]]:
    """Return the planned points of each task in the order of their days."""
    points = columns_of(PlannedPoint, "id", "task_id", "day", "percent").join(Task)
    found = _by_task(past.rows(PlannedPoint, source.rows(PlannedPoint, points, col(Task.plan_id))), lambda point: point["day"])
    return {task_id: tuple((point["day"], point["percent"]) for point in rows) for task_id, rows in found.items()}


def read_milestones(source: TaskSource, past: Past, known: Past, as_of: date) -> Mapping[int, tuple[MilestoneFacts, ...]]:
    """Return the milestones as they were planned on the day, reached as far as known since."""
    wanted = columns_of(Milestone, "id", "task_id", "title", "due_on", "weight", "done_on").join(Task)
    rows = source.rows(Milestone, wanted, col(Task.plan_id))
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
