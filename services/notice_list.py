"""Notices as they are listed and shown: as they stood on a day, to whoever may see them. What is only prepared, and what stays in the house, no unit sees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import Session, col

from models.account import AccountRole
from models.ledger import LedgerEntry
from models.notice import Notice, NoticeLevel, NoticeState
from models.plan import Plan, PlanItem
from models.task import Task
from models.unit import Unit
from reports.notice import NoticePaper
from rules.escalation import Matter, Moot
from rules.rights import Act, Actor, may
from services.changes import table_of
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.notice_climbs import climbs_on, moot_reason, plans_in_force
from services.notices import ISSUE_NOTICE, PREPARE_NOTICE, SET_ASIDE_NOTICE, unknown_notice
from services.past import past_on
from services.reach import parties_of_all, readable
from services.task_rows import Row, among, columns_of

_COLUMNS = tuple(column.key for column in table_of(Notice).columns)
GONE_OUT = (NoticeState.ISSUED, NoticeState.RECEIVED)


@dataclass(frozen=True)
class NoticeFilter:
    """Which notices are wanted; None lets all pass. `ids` are their numbers, where a page of them was chosen before.

    `is_present`: the day is today, so that what is stored narrows the search.
    """

    state: NoticeState | None = None
    level: NoticeLevel | None = None
    plan_id: int | None = None
    task_id: int | None = None
    ids: tuple[int, ...] | None = None
    is_present: bool = False


@dataclass(frozen=True)
class NoticeRow:
    """A notice as it is listed. `moot` says why a prepared one has no ground any more."""

    id: int
    doc_no: str | None
    level: NoticeLevel
    state: NoticeState
    unit: str
    task_id: int
    task: str
    plan_id: int
    plan: str
    matter: Matter
    due_on: date
    prepared_on: date
    issued_on: date | None
    limit_on: date | None
    received_on: date | None
    receiver: str | None
    reason: str | None
    demand: str
    sha256: str | None
    grounds: Mapping[str, Any] = field(default_factory=dict)
    moot: Moot | None = None
    reply: str | None = None
    replied_on: date | None = None

    @property
    def is_stale(self) -> bool:
        """Tell whether the notice was prepared and its ground is gone."""
        return self.moot is not None


def list_notices(session: Session, wanted: NoticeFilter, day: date, actor: Actor | None = None) -> list[NoticeRow]:
    """Return the notices that pass the filter as they stood at the end of `day`, the newest first. Nobody named (None) is whoever holds the database: all."""
    rows = [row for row in _rows(session, wanted, day) if _passes(row, wanted)]
    seen = _seen(session, rows, actor)
    moot = _moot(session, [row for row in seen if row["state"] is NoticeState.PREPARED], day)
    return [_listed(row, moot.get(row["id"])) for row in sorted(seen, key=lambda row: -row["id"])]


def notice_page(session: Session, wanted: NoticeFilter, day: date, ask: PageAsk, actor: Actor) -> KeyPage[NoticeRow]:
    """Return a page of the notices that pass the filter as they stood at the end of `day` and that the actor may see."""
    numbers, own = sa.select(col(Notice.id)).where(*_conditions(wanted)), readable(actor)
    if own is not None:
        numbers = numbers.where(col(Notice.task_id).in_(own))
    if actor.role is AccountRole.UNIT:
        numbers = numbers.where(col(Notice.state).in_(GONE_OUT), col(Notice.level) != NoticeLevel.ACCOUNTABILITY)
    return page_of(session, numbers, ask, lambda ids: by_number(list_notices(session, replace(wanted, ids=tuple(ids)), day, actor)))


def show_notice(session: Session, notice_id: int, day: date, actor: Actor | None = None) -> NoticeRow:
    """Return one notice; an unknown one, or one the actor may not see, is refused alike."""
    task_id = session.execute(sa.select(col(Notice.task_id)).where(col(Notice.id) == notice_id)).scalar_one_or_none()
    rows = [] if task_id is None else list_notices(session, NoticeFilter(task_id=task_id), day, actor)
    found = next((row for row in rows if row.id == notice_id), None)
    if found is None:
        raise unknown_notice(notice_id)
    return found


def is_inside(act: str, said: Mapping[str, Any]) -> bool:
    """Tell whether an entry is the house's own business, which a unit does not see in its task's history."""
    return act in (PREPARE_NOTICE, SET_ASIDE_NOTICE) or said.get("level") == NoticeLevel.ACCOUNTABILITY.value


def issued_view(session: Session, notice_id: int) -> NoticePaper | None:
    """Return what an issued notice says, as it was frozen in the entry of its issue; None before it was issued."""
    subject = f"notice {notice_id}"
    wanted = sa.select(col(LedgerEntry.after)).where(col(LedgerEntry.act) == ISSUE_NOTICE, col(LedgerEntry.subject) == subject)
    entry = session.execute(wanted).scalar()
    return TypeAdapter(NoticePaper).validate_python(entry["view"]) if entry else None


def _rows(session: Session, wanted: NoticeFilter, day: date) -> list[Row]:
    notices = (
        columns_of(Notice, *_COLUMNS)
        .add_columns(col(PlanItem.title), col(Task.label), col(Task.plan_id), col(Plan.title).label("plan"), col(Unit.name).label("unit"))
        .join(Task, col(Task.id) == col(Notice.task_id))
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Plan, col(Plan.id) == col(Task.plan_id))
        .join(Unit, col(Unit.id) == col(Notice.unit_id))
    )
    found = [dict(row) for row in session.execute(notices.where(*_conditions(wanted))).mappings()]
    return past_on(session, day, sorted({row["plan_id"] for row in found})).rows(Notice, found)


def _conditions(wanted: NoticeFilter) -> Iterator[sa.ColumnElement[bool]]:
    """Give what keeps notices out that cannot pass; what has changed since the day asked for narrows nothing."""
    if wanted.plan_id is not None:
        yield col(Notice.task_id).in_(sa.select(col(Task.id)).where(col(Task.plan_id) == wanted.plan_id))
    if wanted.task_id is not None:
        yield col(Notice.task_id) == wanted.task_id
    if wanted.ids is not None:
        yield among(col(Notice.id), wanted.ids)
    if wanted.is_present:
        stored = ((col(Notice.state), wanted.state), (col(Notice.level), wanted.level))
        yield from (column == value for column, value in stored if value is not None)


def _passes(row: Row, wanted: NoticeFilter) -> bool:
    return (wanted.state is None or row["state"] is wanted.state) and (wanted.level is None or row["level"] is wanted.level)


def _seen(session: Session, rows: Sequence[Row], actor: Actor | None) -> list[Row]:
    if actor is None:
        return list(rows)
    parties = parties_of_all(session, sa.select(col(Task.id)).where(among(col(Task.id), {row["task_id"] for row in rows})))
    return [row for row in rows if may(actor, Act.READ, parties[row["task_id"]]) and _may_know(actor, row)]


def _may_know(actor: Actor, row: Row) -> bool:
    return actor.role is not AccountRole.UNIT or (row["state"] in GONE_OUT and row["level"] is not NoticeLevel.ACCOUNTABILITY)


def _moot(session: Session, prepared: Iterable[Row], day: date) -> dict[int, Moot | None]:
    """Return why each of the prepared notices has no ground any more, by its id."""
    rows = list(prepared)
    in_force = set(plans_in_force(session)) if rows else set()
    standing = [row for row in rows if row["plan_id"] in in_force]
    task_ids = sorted({row["task_id"] for row in standing})
    climbs = climbs_on(session, day, sorted({row["plan_id"] for row in standing}), task_ids) if standing else {}
    return {row["id"]: moot_reason(Notice(**{name: row[name] for name in _COLUMNS}), climbs.get(row["task_id"]), day) for row in rows}


def _listed(row: Row, moot: Moot | None) -> NoticeRow:
    names = ("id", "doc_no", "level", "state", "unit", "task_id", "plan_id", "plan", "due_on", "prepared_on", "issued_on", "limit_on")
    said = {name: row[name] for name in (*names, "received_on", "receiver", "reason", "demand", "sha256", "grounds", "reply", "replied_on")}
    return NoticeRow(**said, task=f"{row['title']}（{row['label']}）", matter=Matter(row["matter"]), moot=moot)
