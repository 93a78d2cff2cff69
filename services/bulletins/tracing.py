"""Where a bulletin's figures come from: the tasks behind each, and the ledger's entries behind those."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.publication import Publication, PublicationKind
from reports.bulletin import BUCKETS
from rules.errors import DubanError
from rules.lights import bucket_of
from rules.texts import _
from services.bulletins.compiling import counted_tasks
from services.bulletins.counting import BulletinOrder
from services.bulletins.drafting import open_draft, scope_of
from services.facts import TaskRecord
from services.portions import portions


@dataclass(frozen=True)
class Entry:
    """An entry of the ledger that a task's standing rests on."""

    chain: str
    seq: int
    act: str
    day: date
    hash: str


@dataclass(frozen=True)
class Traced:
    """A task that counts in a figure: its bucket, and what was entered about it by the day of writing."""

    task_id: int
    title: str
    item_id: int
    unit: str
    bucket: str
    entries: tuple[Entry, ...]


def written_on(session: Session, order: BulletinOrder, day: date) -> date:
    """Return the day a period's bulletin was written on: of the draft in hand, else of the last one published, else `day`."""
    draft = open_draft(session, order.period.code, order.plan_ids)
    if draft is not None:
        return draft.drafted_on
    last = sa.select(col(Publication.view)).where(
        *(col(Publication.kind) == PublicationKind.BULLETIN, col(Publication.period) == order.period.code),
        col(Publication.scope) == scope_of(order.plan_ids),
    )
    view = session.execute(last.order_by(col(Publication.version).desc()).limit(1)).scalar_one_or_none()
    return date.fromisoformat(view["written_on"]) if view else day


def trace(session: Session, order: BulletinOrder, day: date, figure: str | None = None) -> list[Traced]:
    """Return the tasks behind a figure of the bulletin written on `day`: a bucket, `item-3`, `unit-2`, or all. Code: unknown-figure."""
    view, records = counted_tasks(session, order, day)
    found = [
        (record, bucket)
        for record in records
        if (bucket := bucket_of(record.facts, view.as_of, order.rules)) and _is_in(record, bucket, figure)
    ]
    entries = _entries(session, [record.name.id for record, _bucket in found], day)
    return [
        Traced(
            *(record.name.id, record.name.title, record.name.item_id, record.name.lead, bucket),
            tuple(entries.get(record.name.id, ())),
        )
        for record, bucket in found
    ]


def _is_in(record: TaskRecord, bucket: str, figure: str | None) -> bool:
    if figure is None or figure == "tasks":
        return True
    if figure in BUCKETS:
        return bucket == figure
    kind, _dash, number = figure.partition("-")
    if kind not in ("item", "unit") or not number.isdigit():
        text = _("没有“{figure}”这样的数字；可以写 {buckets}、item-事项编号 或 unit-单位编号")
        raise DubanError("unknown-figure", text.format(figure=figure, buckets=_("、").join(BUCKETS)))
    return int(number) == (record.name.item_id if kind == "item" else record.name.lead_id)


def _entries(session: Session, task_ids: Sequence[int], day: date) -> Mapping[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    columns = (LedgerEntry.task_id, LedgerEntry.chain, LedgerEntry.seq, LedgerEntry.act, LedgerEntry.acted_on, LedgerEntry.hash)
    for some in portions(task_ids):
        rows = sa.select(*map(col, columns)).where(col(LedgerEntry.task_id).in_(some), col(LedgerEntry.acted_on) <= day)
        for task_id, *entry in session.execute(rows.order_by(col(LedgerEntry.id))).tuples():
            found[task_id].append(Entry(*entry))
    return found
