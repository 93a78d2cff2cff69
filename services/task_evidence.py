"""The files handed in on a task: with its reports, by its supporting units, for its roster's members. Who may read the task may read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.progress import Evidence, ProgressReport, SupportPart
from models.roster import RosterEntry
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.reach import refuse_unseen

_FILE = (Evidence.id, Evidence.name, Evidence.media_type, Evidence.size_bytes, Evidence.sha256)


@dataclass(frozen=True)
class TaskFile:
    """One file: what it is downloaded by, its kind as its content told, and with what it was handed in.

    `unit` handed it in on `day`, for `period` where it came with a report or a part; `member` is the roster's member it speaks for.
    """

    id: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    unit: str
    day: date
    period: str
    member: str = ""


def task_files(session: Session, task_id: int, day: date) -> list[TaskFile]:
    """Return the files handed in by the end of `day`, the earliest first; the same bytes handed in twice stand once for each time."""
    found = [*_of_reports(session, task_id, day), *_of_parts(session, task_id, day), *_of_members(session, task_id, day)]
    return sorted(found, key=lambda file: (file.day, file.id))


def task_file(session: Session, task_id: int, evidence_id: int, day: date, actor: Actor) -> TaskFile:
    """Return one file of a task. Codes: unknown-task, unknown-evidence (also a file of another task)."""
    refuse_unseen(session, actor, task_id)
    found = next((file for file in task_files(session, task_id, day) if file.id == evidence_id), None)
    if found is None:
        raise DubanError("unknown-evidence", _("没有这份佐证材料，或者它不属于这项任务"))
    return found


def _of_reports(session: Session, task_id: int, day: date) -> Iterator[TaskFile]:
    rows = _files(col(Unit.name), col(ProgressReport.filed_on), col(ProgressReport.period))
    rows = rows.join(ProgressReport, col(ProgressReport.id) == col(Evidence.report_id)).join(
        Unit, col(Unit.id) == col(ProgressReport.unit_id)
    )
    rows = rows.where(col(ProgressReport.task_id) == task_id, col(ProgressReport.filed_on) <= day)
    yield from (TaskFile(*row) for row in session.execute(rows).tuples())


def _of_parts(session: Session, task_id: int, day: date) -> Iterator[TaskFile]:
    rows = _files(col(Unit.name), col(SupportPart.handed_in_on), col(SupportPart.period))
    rows = rows.join(SupportPart, col(SupportPart.id) == col(Evidence.part_id)).join(Unit, col(Unit.id) == col(SupportPart.unit_id))
    rows = rows.where(col(SupportPart.task_id) == task_id, col(SupportPart.handed_in_on) <= day)
    yield from (TaskFile(*row) for row in session.execute(rows).tuples())


def _of_members(session: Session, task_id: int, day: date) -> Iterator[TaskFile]:
    # A member's files come with its confirmation.
    since = sa.func.coalesce(col(RosterEntry.confirmed_on), col(RosterEntry.nominated_on))
    rows = _files(sa.literal(""), since, sa.literal(""), col(RosterEntry.name).label("member"))
    rows = rows.join(RosterEntry, col(RosterEntry.id) == col(Evidence.roster_entry_id))
    rows = rows.where(col(RosterEntry.task_id) == task_id, since <= day)
    yield from (TaskFile(*row) for row in session.execute(rows).tuples())


def _files(*more: Any) -> sa.Select[Any]:
    return sa.select(*map(col, _FILE), *more).order_by(col(Evidence.id))
