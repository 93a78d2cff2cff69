"""The named members of an item's quotas, read for the rules: as they stand now for acts, as they were on a day for readers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from models.roster import EligibleList, EligibleMember, Quota, RosterEntry
from models.task import Target, Task, TaskState
from rules.quotas import ItemRoster, Member, QuotaTerms, YearTarget, shortfall_words
from services.lives import lives_of
from services.past import Past, past_on
from services.prepared import Prepared

Row = dict[str, Any]
_QUOTAS = Prepared(sa.select(col(Quota.id)).where(col(Quota.target_id) == sa.bindparam("target")))


def read_item_roster(session: Session, task: Task, day: date | None = None) -> ItemRoster:
    """Return the quotas and members of the task's item; with `day` as they were at its end. Cancelled tasks count nowhere, so their members are free."""
    past = Past() if day is None else past_on(session, day, [task.plan_id])
    rows = past.rows(Task, _rows(session, Task, _TASK, col(Task.item_id) == task.item_id))
    tasks = {row["id"]: row for row in rows if row["item_id"] == task.item_id}
    cancelled = _cancelled(session, task, tasks, day)
    tasks = {task_id: row for task_id, row in tasks.items() if task_id not in cancelled}
    targets = _targets(session, past, tasks)
    quotas = _quotas(session, past, targets)
    return ItemRoster(tuple(targets.values()), tuple(quotas), _members(session, past, quotas), _lists(session, past, quotas))


def roster_shortfalls(session: Session, task_id: int, day: date) -> list[str]:
    """Return in words what the members of the task's quotas lack that later years of the item cannot make up; empty where it has no quota."""
    has_quota = sa.select(col(Quota.id)).join(Target, col(Target.id) == col(Quota.target_id)).where(col(Target.task_id) == task_id)
    if session.execute(has_quota.limit(1)).first() is None:
        return []
    task = session.execute(sa.select(Task).where(col(Task.id) == task_id)).scalar_one()
    return shortfall_words(read_item_roster(session, task, day), task_id)


def target_has_quota(session: Session, target_id: int) -> bool:
    """Tell whether the target is counted by its confirmed members, so that nobody types its value."""
    return bool(_QUOTAS.rows(session, {"target": target_id}))


def list_names(session: Session, list_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of these lists by their id."""
    return dict(
        session.execute(sa.select(col(EligibleList.id), col(EligibleList.name)).where(col(EligibleList.id).in_(list_ids))).tuples().all()
    )


_TASK = ("id", "item_id", "label", "due_on", "parent_id", "state")
_TARGET = ("id", "task_id", "measure", "text", "comparator", "value", "high", "basis")
_QUOTA = ("id", "target_id", "eligible_list_ids", "least_per_region", "whole_list_id", "least_coverage")
_MEMBER = ("id", "quota_id", "name", "region", "state", "nominated_on", "confirmed_on", "withdrawn_on", "replaces_id", "note")


def _cancelled(session: Session, task: Task, tasks: Mapping[int, Row], day: date | None) -> set[int]:
    if day is None:
        return {task_id for task_id, row in tasks.items() if row["state"] is TaskState.CANCELLED}
    # What moves a task along is not taken back from its row; the ledger tells the state of a day.
    lives = lives_of(session, day, day, [task.plan_id])
    return {task_id for task_id in tasks if task_id not in lives or lives[task_id].state is TaskState.CANCELLED}


def _targets(session: Session, past: Past, tasks: Mapping[int, Row]) -> dict[int, YearTarget]:
    rows = past.rows(Target, _rows(session, Target, _TARGET, col(Target.task_id).in_(tasks)))
    found = {}
    for row in sorted(rows, key=lambda row: cast(int, row["id"])):
        task = tasks.get(row["task_id"])
        if task is not None:
            said = {name: row[name] for name in _TARGET}
            found[row["id"]] = YearTarget(**said, label=task["label"], due_on=task["due_on"], is_child=task["parent_id"] is not None)
    return found


def _quotas(session: Session, past: Past, targets: Mapping[int, YearTarget]) -> list[QuotaTerms]:
    rows = past.rows(Quota, _rows(session, Quota, _QUOTA, col(Quota.target_id).in_(targets)))
    return [
        QuotaTerms(
            row["id"],
            targets[row["target_id"]],
            tuple(row["eligible_list_ids"]),
            row["least_per_region"],
            row["whole_list_id"],
            row["least_coverage"],
        )
        for row in sorted(rows, key=lambda row: cast(int, row["id"]))
        if row["target_id"] in targets
    ]


def _members(session: Session, past: Past, quotas: Sequence[QuotaTerms]) -> tuple[Member, ...]:
    ids = {quota.id for quota in quotas}
    rows = past.rows(RosterEntry, _rows(session, RosterEntry, _MEMBER, col(RosterEntry.quota_id).in_(ids)))
    members = [Member(**{name: row[name] for name in _MEMBER}) for row in rows if row["quota_id"] in ids]
    return tuple(sorted(members, key=lambda member: member.id))


def _lists(session: Session, past: Past, quotas: Sequence[QuotaTerms]) -> dict[int, dict[str, str | None]]:
    ids = {list_id for quota in quotas for list_id in (*quota.list_ids, quota.whole_list_id) if list_id is not None}
    found: dict[int, dict[str, str | None]] = {list_id: {} for list_id in sorted(ids)}
    columns = ("id", "list_id", "name", "region")
    for row in past.rows(EligibleMember, _rows(session, EligibleMember, columns, col(EligibleMember.list_id).in_(ids))):
        if row["list_id"] in ids:
            found[row["list_id"]][row["name"]] = row["region"]
    return found


def _rows(session: Session, kind: type[SQLModel], names: Sequence[str], condition: Any) -> list[Row]:
    rows = sa.select(*(getattr(kind, name) for name in names)).where(condition).order_by(kind.id)  # type: ignore[attr-defined]  # every table has one
    return cast(list[Row], session.execute(rows).mappings().all())
