"""What happened to a unit's tasks since its last form, told by others: new orders, other limits, reports returned. The unit's own acts are no news to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.form import Form
from models.ledger import LedgerEntry
from models.plan import Plan, PlanItem
from models.task import Task
from rules.texts import _
from rules.transitions import TaskEvent, event_name
from services.questions import Survey
from services.reviews import ACCEPT_REPORT, RETURN_REPORT

E = TaskEvent
_BATCH = 500


@dataclass(frozen=True)
class News:
    """One thing that happened to a task, in words."""

    day: date
    plan: str
    task: str
    what: str


def news_of(session: Session, survey: Survey) -> Mapping[int, Sequence[News]]:
    """Return the news of every unit that had a form before, by unit, in the order they happened. A first form has none: all of it is new."""
    last = _last_forms(session)
    if not last:
        return {}
    concerned = _concerned(survey, last)
    since = min((min(chains.values(), default=0) for chains, _tasks in last.values()), default=0)
    found: dict[int, list[News]] = defaultdict(list)
    names = _names(session)
    for entry in session.execute(_entries(since)):
        for unit_id in concerned.get(entry.task_id, ()):
            if entry.seq > last[unit_id][0].get(entry.chain, 0):
                plan, task = names[entry.task_id]
                found[unit_id].append(News(entry.acted_on, plan, task, _what(entry.act, entry.after)))
    return found


def _entries(since: int) -> Any:
    columns = [getattr(LedgerEntry, name) for name in ("chain", "seq", "task_id", "acted_on", "act", "after")]
    entries = select(*columns).where(col(LedgerEntry.seq) > since, col(LedgerEntry.task_id).is_not(None))
    return entries.where(col(LedgerEntry.act).in_(list(_act_words()))).order_by(col(LedgerEntry.id))


def _last_forms(session: Session) -> dict[int, tuple[dict[str, int], list[int]]]:
    """Return where the chains stood at each unit's last form, and the tasks it was about."""
    forms = select(col(Form.unit_id), col(Form.content)).order_by(col(Form.id))
    return {
        unit_id: (content["chains"], [int(task_id) for task_id in content["positions"]])
        for unit_id, content in session.execute(forms.execution_options(yield_per=_BATCH)).tuples()
    }


def _concerned(survey: Survey, last: Mapping[int, tuple[Mapping[str, int], Sequence[int]]]) -> Mapping[int, set[int]]:
    """Return the units that a task's news are for: the one that leads it now, and the one it was on a form of."""
    units: dict[int, set[int]] = defaultdict(set)
    for unit_id, (_chains, task_ids) in last.items():
        for task_id in (*task_ids, *(task.record.name.id for task in survey.tasks.get(unit_id, ()))):
            units[task_id].add(unit_id)
    return units


def _names(session: Session) -> dict[int, tuple[str, str]]:
    rows = (
        select(col(Task.id), col(Plan.title), col(PlanItem.title), col(Task.label))
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Plan, col(Plan.id) == col(Task.plan_id))
    )
    return {task_id: (plan, f"{title}（{label}）") for task_id, plan, title, label in session.execute(rows).tuples() if task_id is not None}


def _act_words() -> dict[str, str]:
    told = (E.ISSUE, E.RETURN, E.COMPLETE, E.CLOSE, E.REOPEN, E.SUSPEND, E.RESUME, E.CANCEL, E.REASSIGN)
    return {event.value: event_name(event) for event in told} | {
        "approve-request": _("批准申请"),
        "refuse-request": _("不批准申请"),
        "move-due-day": _("改期"),
        "amend-task": _("计划调整"),
        "hand-over": _("单位接续"),
        ACCEPT_REPORT: _("进展审核通过"),
        RETURN_REPORT: _("退回进展"),
    }


def _what(act: str, after: Mapping[str, Any]) -> str:
    """Return the act in words, with the new limit and what was said where it names them. What the unit asked for itself is not repeated to it."""
    due_on = after.get("granted", {}).get("due_on") or after.get("due_on")
    words = after.get("decision") if "request" in after else after.get("reason")
    said = [
        *([_("期限改为 {day}").format(day=due_on)] if isinstance(due_on, str) else []),
        *([words] if isinstance(words, str) and words else []),
    ]
    name = _act_words()[act]
    return _("{act}：{said}").format(act=name, said=_("；").join(said)) if said else name


def act_word(act: str) -> str:
    """Return an act's name for people; one without a name is shown as the ledger has it."""
    return ({event.value: event_name(event) for event in TaskEvent} | _act_words()).get(act, act)
