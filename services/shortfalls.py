"""What a task still lacks to be handed in: figures that are not met, milestones still open, members its quotas are short of.

Most tasks have only figures that their own reports tell: of these nothing else is read. All others are seen whole, as every reader sees them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.roster import Quota
from models.task import IS_INTRICATE, Milestone, Target, Task
from rules.pace import MilestoneFacts
from rules.periods import quarter_of
from rules.target_words import missing_words
from rules.targets import TargetFacts
from rules.texts import _
from services.actuals import Sources
from services.facts import Viewpoint, read_tasks
from services.observed import Observed
from services.prepared import Prepared
from services.report_values import latest_values
from services.reported import Reported
from services.roster_facts import roster_shortfalls
from services.rule_sets import rule_set_on
from services.task_rows import LINKS, TARGET

_OF_TASK = col(Target.task_id) == sa.bindparam("task")
_ASKED = Prepared(
    sa.select(
        sa.exists().where(col(Quota.target_id) == col(Target.id), _OF_TASK),
        sa.or_(
            sa.exists().where(_OF_TASK, sa.text(f"({IS_INTRICATE})")),
            sa.exists().where(col(Task.parent_id) == sa.bindparam("task")),
            # Rows as they stand do not tell of a day gone by.
            sa.exists().where(col(LedgerEntry.acted_on) > sa.bindparam("day")),
        ),
    )
)
_TARGETS = Prepared(sa.select(*(getattr(Target, name) for name in (*TARGET, *LINKS))).where(_OF_TASK).order_by(col(Target.id)))
_MILESTONES = Prepared(
    sa.select(col(Milestone.title), col(Milestone.due_on), col(Milestone.weight), col(Milestone.done_on))
    .where(col(Milestone.task_id) == sa.bindparam("task"))
    .order_by(col(Milestone.due_on), col(Milestone.id))
)


def lacking_on(session: Session, task_id: int, day: date) -> list[str]:
    """Return everything the task lacks on `day`, in words."""
    has_quota, is_intricate = _asked(session, task_id, day)
    missing = _missing(session, task_id, day, is_intricate=has_quota or is_intricate)
    return [*missing, *roster_shortfalls(session, task_id, day)] if has_quota else missing


def missing_on(session: Session, task_id: int, day: date) -> list[str]:
    """Return what is missing on `day` for the task to be done, in words: figures that are not met, or, where it has none, open milestones."""
    return _missing(session, task_id, day, is_intricate=any(_asked(session, task_id, day)))


def _asked(session: Session, task_id: int, day: date) -> tuple[bool, bool]:
    """Tell whether the task has quotas, and whether something else than its own rows as they stand tells of it."""
    ((has_quota, is_intricate),) = _ASKED.rows(session, {"task": task_id, "day": day})
    return has_quota, is_intricate


def _missing(session: Session, task_id: int, day: date, *, is_intricate: bool) -> list[str]:
    if is_intricate:
        (found,) = read_tasks(session, Viewpoint(day, day), rule_set_on(session, day), task_ids=[task_id])
        return _words(found.facts.targets, found.facts.milestones)
    targets = _own_targets(session, task_id, day)
    return _words(targets, () if targets else _own_milestones(session, task_id, day))


def _words(targets: Sequence[TargetFacts], milestones: Sequence[MilestoneFacts]) -> list[str]:
    if targets:
        return [words for words in map(missing_words, targets) if words]
    return [_("节点“{title}”尚未完成").format(title=one.title) for one in milestones if not one.is_done]


def _own_targets(session: Session, task_id: int, day: date) -> Sequence[TargetFacts]:
    rows: list[dict[str, Any]] = [dict(zip((*TARGET, *LINKS), row, strict=True)) for row in _TARGETS.rows(session, {"task": task_id})]
    if not rows:
        return ()
    latest = latest_values(session, task_id, before=quarter_of(day).ends_on + timedelta(days=1))
    reported = Reported(values={target_id: value for (target_id, part), value in latest.items() if not part})
    sources = Sources(tasks=(), targets={task_id: rows}, reports={task_id: reported}, confirmed={}, observed=Observed())
    return sources.facts_of({"id": task_id})


def _own_milestones(session: Session, task_id: int, day: date) -> Sequence[MilestoneFacts]:
    rows = _MILESTONES.rows(session, {"task": task_id})
    return [MilestoneFacts(title, due_on, weight, done_on is not None and done_on <= day) for title, due_on, weight, done_on in rows]
