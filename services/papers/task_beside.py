"""What is known of a plan's tasks beside the facts that rules judge: places, reminders, notices, requests, evidence, and the last ledger entry on each.

Each is one query for the whole plan, whatever the number of its tasks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.notice import Message, MessageState, Notice, NoticeLevel, Reminder
from models.plan import Plan, PlanItem
from models.progress import Evidence, ProgressReport, SupportPart
from models.request import Request
from models.task import Task
from services.ledger import chain_of
from services.past import past_on
from services.task_rows import columns_of, selected


@dataclass(frozen=True)
class Beside:
    """What is known of a plan's tasks beside their facts, each in one query: by task id, but for places by item id."""

    plan: Mapping[str, Any]
    places: Mapping[int, str | None]
    reminders: Mapping[int, int]
    notices: Mapping[int, int]
    requests: Mapping[int, tuple[int, int]]
    evidence: Mapping[int, int]
    entries: Mapping[int, tuple[int, str]]

    @classmethod
    def read(cls, session: Session, plan_id: int, day: date) -> "Beside":
        """Read it for one plan, as it was known at the end of `day`."""
        past = past_on(session, day, [plan_id])
        plan = past.rows(Plan, selected(session, columns_of(Plan, "id", "title", "doc_no"), col(Plan.id), [plan_id]))
        items = past.rows(PlanItem, selected(session, columns_of(PlanItem, "id", "place"), col(PlanItem.plan_id), [plan_id]))
        own = sa.select(col(Task.id)).where(col(Task.plan_id) == plan_id)
        return cls(
            plan=plan[0],
            places={row["id"]: row["place"] for row in items},
            reminders=_count_reminders(session, own, day),
            notices=_count_notices(session, own, day),
            requests=_count_requests(session, own, day),
            evidence=_count_evidence(session, own, day),
            entries=_last_entries(session, plan_id, day),
        )


def _count_reminders(session: Session, own: Any, day: date) -> Mapping[int, int]:
    sent = sa.select(col(Reminder.task_id), sa.func.count()).join(Message, col(Message.id) == col(Reminder.message_id))
    sent = sent.where(col(Reminder.task_id).in_(own), col(Message.state) == MessageState.SENT, col(Message.day) <= day)
    return _pairs(session, sent.where(col(Message.unit_id).is_not(None)).group_by(col(Reminder.task_id)))


def _count_notices(session: Session, own: Any, day: date) -> Mapping[int, int]:
    # A proposal to hold to account stays in the house.
    issued = sa.select(col(Notice.task_id), sa.func.count()).where(
        col(Notice.task_id).in_(own), col(Notice.issued_on) <= day, col(Notice.level) != NoticeLevel.ACCOUNTABILITY
    )
    return _pairs(session, issued.group_by(col(Notice.task_id)))


def _count_requests(session: Session, own: Any, day: date) -> Mapping[int, tuple[int, int]]:
    is_waiting = col(Request.decided_on).is_(None) | (col(Request.decided_on) > day)
    waiting = sa.func.sum(sa.case((is_waiting, 1), else_=0))
    filed = sa.select(col(Request.task_id), sa.func.count(), waiting).where(col(Request.task_id).in_(own), col(Request.filed_on) <= day)
    rows = session.execute(filed.group_by(col(Request.task_id))).tuples()
    return {task_id: (count, int(open_count)) for task_id, count, open_count in rows}


def _count_evidence(session: Session, own: Any, day: date) -> Mapping[int, int]:
    with_reports = sa.select(col(ProgressReport.task_id), sa.func.count()).join(Evidence, col(Evidence.report_id) == col(ProgressReport.id))
    with_reports = with_reports.where(col(ProgressReport.task_id).in_(own), col(ProgressReport.filed_on) <= day)
    with_parts = sa.select(col(SupportPart.task_id), sa.func.count()).join(Evidence, col(Evidence.part_id) == col(SupportPart.id))
    with_parts = with_parts.where(col(SupportPart.task_id).in_(own), col(SupportPart.handed_in_on) <= day)
    counted = _pairs(session, with_reports.group_by(col(ProgressReport.task_id)))
    for task_id, count in _pairs(session, with_parts.group_by(col(SupportPart.task_id))).items():
        counted[task_id] = counted.get(task_id, 0) + count
    return counted


def _last_entries(session: Session, plan_id: int, day: date) -> Mapping[int, tuple[int, str]]:
    chain = col(LedgerEntry.chain) == chain_of(plan_id)
    last = sa.select(sa.func.max(col(LedgerEntry.seq))).where(
        chain, col(LedgerEntry.task_id).is_not(None), col(LedgerEntry.acted_on) <= day
    )
    rows = sa.select(col(LedgerEntry.task_id), col(LedgerEntry.seq), col(LedgerEntry.hash)).where(
        chain, col(LedgerEntry.seq).in_(last.group_by(col(LedgerEntry.task_id)))
    )
    return {task_id: (seq, hashed) for task_id, seq, hashed in session.execute(rows).tuples().all() if task_id is not None}


def _pairs(session: Session, counted: Any) -> dict[int, int]:
    return dict(session.execute(counted).tuples().all())
