"""What happened on a task, as the ledger tells it, in the words of a paper: the facts a proposal to hold to account rests on.

Every act counts once, whoever it speaks for; the many reminders of one day are one line.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.unit import Unit
from reports.notice import Happening
from rules.texts import _
from rules.transitions import TaskEvent, event_name
from rules.words import period_words

_REMIND = "remind"


def happenings(session: Session, task_id: int, day: date) -> Iterator[Happening]:
    """Give the task's record up to `day` in the order it was entered."""
    columns = (col(LedgerEntry.acted_on), col(LedgerEntry.act), col(LedgerEntry.actor), col(LedgerEntry.after), col(Unit.name))
    entries = sa.select(*columns).outerjoin(Unit, col(Unit.id) == col(LedgerEntry.unit_id))
    entries = entries.where(col(LedgerEntry.task_id) == task_id, col(LedgerEntry.acted_on) <= day).order_by(col(LedgerEntry.seq))
    told = [row for row in session.execute(entries).tuples() if row[1] in words_of_acts()]
    for (acted_on, act), rows in groupby(told, key=lambda row: (row[0], row[1])):
        same = list(rows)
        if act == _REMIND:
            yield Happening(acted_on, words_of_acts()[act], _("系统"), _("{count}条").format(count=len(same)))
            continue
        for _day, _act, actor, said, unit in same:
            yield Happening(acted_on, words_of_acts()[act], unit or (_("系统") if actor == "system" else actor), said_words(said))


def words_of_acts() -> Mapping[str, str]:
    """Return the words for every act that a paper tells of; others stay in the ledger."""
    return {event.value: event_name(event) for event in TaskEvent} | {
        _REMIND: _("提醒"),
        "report-missed": _("缺报进展"),
        "return-report": _("退回进展"),
        "file-request": _("提出申请"),
        "approve-request": _("批准申请"),
        "refuse-request": _("不批准申请"),
        "move-due-day": _("改期"),
        "issue-notice": _("签发通知单"),
        "receive-notice": _("签收通知单"),
        "answer-notice": _("答复通知单"),
        "urge": _("催办"),
        "urge-by-phone": _("电话催办"),
        "issue-reply": _("印发批复"),
    }


def said_words(said: Mapping[str, Any]) -> str:
    """Return what an entry says of its act, in one line."""
    parts = [period_words(str(said["period"]))] if said.get("period") else []
    parts += [
        str(said[name])
        for name in ("doc_no", "text", "problem", "reason", "decision", "basis", "due_on", "receiver", "reply", "person", "answer")
        if said.get(name)
    ]
    return _("；").join(parts)
