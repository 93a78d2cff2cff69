"""What happened, as the ledger tells it: one numbered line for each act on a case's tasks and on the case itself, with the entries it stands on.

Nothing is told that no entry tells. The many reminders of one day are one line; what the house prepared and nobody issued is its own business.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row
from sqlmodel import Session, col

from models.account import Account
from models.ledger import LedgerEntry
from models.notice import NoticeLevel
from models.task import Target
from models.unit import Unit
from reports.case import CaseFact, EntryRef
from rules.case_transitions import CaseEvent, case_event_name
from rules.rights import Act, role_name
from rules.target_words import figure
from rules.texts import _
from rules.words import day_words
from services.ledger import HOUSE
from services.notice_list import is_inside
from services.notice_record import said_words, words_of_acts
from services.notices import PREPARE_NOTICE
from services.occasion import SYSTEM

_REMIND = "remind"


def chronology(session: Session, case_id: int, task_ids: Sequence[int], day: date) -> tuple[CaseFact, ...]:
    """Return the lines up to the end of `day`, in the order of days and of their writing, numbered from 1."""
    names, measures = acts_told(), _measures(session, task_ids)
    rows = [row for row in _entries(session, case_id, task_ids, day) if row.act in names and not _is_idle(row)]
    lines = [
        _line(list(same), names[act], measures)
        for (_day, act, _task, _single), same in groupby(
            rows, key=lambda row: (row.acted_on, row.act, row.task_id, row.id * (row.act != _REMIND))
        )
    ]
    return tuple(replace(line, number=number) for number, line in enumerate(lines, start=1))


def acts_told() -> dict[str, str]:
    """Return the words for every act that a case file tells of."""
    return {
        **words_of_acts(),
        **{event.value: case_event_name(event) for event in CaseEvent},
        Act.OPEN_CASE.value: _("立案"),
        PREPARE_NOTICE: _("列出问责建议"),
        "accept-report": _("审核进展"),
        "withdraw-request": _("撤回申请"),
        "amend-task": _("调整任务"),
        "reach-milestone": _("完成节点"),
        "hand-in": _("配合单位提交"),
        "add-evidence": _("补交佐证材料"),
        "decompose": _("分解给下级"),
    }


def _entries(session: Session, case_id: int, task_ids: Sequence[int], day: date) -> Sequence[Row[Any]]:
    names = ("id", "chain", "seq", "hash", "acted_on", "act", "task_id", "actor", "after")
    wanted = sa.select(*(getattr(LedgerEntry, name) for name in names), col(Unit.name).label("unit"), col(Account.role))
    of_tasks = col(LedgerEntry.task_id).in_(task_ids)
    of_case = sa.and_(col(LedgerEntry.chain) == HOUSE, col(LedgerEntry.subject) == f"case {case_id}")
    wanted = wanted.outerjoin(Unit, col(Unit.id) == col(LedgerEntry.unit_id))
    wanted = wanted.outerjoin(Account, col(Account.name) == col(LedgerEntry.actor))
    wanted = wanted.where(sa.or_(of_tasks, of_case), col(LedgerEntry.acted_on) <= day)
    return session.execute(wanted.order_by(col(LedgerEntry.acted_on), col(LedgerEntry.id))).all()


def _line(rows: Sequence[Row[Any]], what: str, measures: Mapping[int, tuple[str, str | None]]) -> CaseFact:
    first = rows[0]
    is_reminder, is_system = first.act == _REMIND, first.actor == SYSTEM.name
    return CaseFact(
        number=0,
        day=first.acted_on,
        task_id=first.task_id,
        what=what,
        who=_("系统") if is_reminder or is_system else first.unit or (role_name(first.role) if first.role else first.actor),
        words=_("{count}条").format(count=len(rows)) if is_reminder else _("；").join(_words(first.after, measures)),
        entries=tuple(EntryRef(row.chain, row.seq, row.hash) for row in rows),
        files=tuple(_files(first.after)),
        person=first.actor if first.role and not (first.unit or is_reminder or is_system) else "",
        is_inside=first.task_id is None or is_inside(first.act, first.after),
    )


def _is_idle(row: Row[Any]) -> bool:
    """Tell whether an entry says only that a notice was prepared; one that proposes a case is the case's source."""
    return bool(row.act == PREPARE_NOTICE and row.after.get("level") != NoticeLevel.ACCOUNTABILITY.value)


def _words(said: Mapping[str, Any], measures: Mapping[int, tuple[str, str | None]]) -> Iterator[str]:
    values = said.get("values")
    if isinstance(values, dict):
        yield from (words for key, value in values.items() for words in _value_words(key, value, measures))
    told = said_words({name: value for name, value in said.items() if name not in ("due_on", "receiver")})
    if told:
        yield told
    if said.get("due_on"):
        yield _("办结时限{day}").format(day=day_words(date.fromisoformat(said["due_on"])))
    if said.get("receiver"):
        yield _("{name}签收").format(name=said["receiver"])
    granted = said.get("granted")
    if isinstance(granted, dict) and granted.get("due_on"):
        yield _("期限改为{day}").format(day=day_words(date.fromisoformat(granted["due_on"])))
    if said.get("limit_on"):
        yield _("时限{day}").format(day=day_words(date.fromisoformat(said["limit_on"])))


def _value_words(key: str, value: float, measures: Mapping[int, tuple[str, str | None]]) -> Iterator[str]:
    target_id, _at, part = key.partition("@")
    if int(target_id) in measures:
        measure, unit_of_measure = measures[int(target_id)]
        yield _("{part}{measure}{value}").format(part=part, measure=measure, value=figure(value, unit_of_measure))


def _files(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the files that an entry names, each with its hash: evidence, a notice's paper, what was served."""
    yield from ((one["name"], one["sha256"]) for one in said.get("evidence") or () if isinstance(one, dict))
    if said.get("doc_no") and said.get("sha256"):
        yield said["doc_no"], said["sha256"]
    files = said.get("files")
    # The other faces of a paper that was served are the same paper.
    yield from ((name, digest) for name, digest in files.items() if name.endswith(".docx")) if isinstance(files, dict) else ()


def _measures(session: Session, task_ids: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    rows = sa.select(col(Target.id), col(Target.measure), col(Target.unit_of_measure)).where(col(Target.task_id).in_(task_ids))
    return {target_id or 0: (measure, unit) for target_id, measure, unit in session.execute(rows).tuples()}
