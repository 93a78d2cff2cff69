"""What a visitor may do on a task now, as links to the pages where it is done. Whether he really may is decided there, by the services, once more."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from models.roster import Quota
from models.task import Target
from models.task import TaskState as S
from rules.rights import Act, may
from rules.texts import _
from services.facts import TaskRecord
from services.reach import parties_of
from web.visiting import Visitor


@dataclass(frozen=True)
class Door:
    """One link: `is_main` is what is most likely meant now."""

    text: str
    to: str
    is_main: bool = False


# The acts, in the order of a task's life: the states they make sense in, and the page below the task's own.
_DOORS: tuple[tuple[Act, tuple[S, ...], str], ...] = (
    (Act.ACKNOWLEDGE, (S.ASSIGNED,), "acknowledge"),
    (Act.REPORT, (S.IN_PROGRESS,), "report"),
    (Act.SUBMIT, (S.IN_PROGRESS,), "submit"),
    (Act.REACH_MILESTONE, (S.IN_PROGRESS,), "milestones"),
    (Act.NOMINATE_MEMBER, (S.ASSIGNED, S.IN_PROGRESS), "members"),
    (Act.HAND_IN, (S.ASSIGNED, S.IN_PROGRESS), "part"),
    (Act.FILE_REQUEST, (S.ASSIGNED, S.IN_PROGRESS, S.SUSPENDED), "request"),
    (Act.DECOMPOSE, (S.ASSIGNED, S.IN_PROGRESS), "hand-down"),
    (Act.COMPLETE, (S.SUBMITTED,), "review"),
    (Act.REVIEW_REPORT, (S.IN_PROGRESS,), "review"),
    (Act.CLOSE, (S.COMPLETED,), "review"),
    (Act.REOPEN, (S.CLOSED,), "review"),
)


def doors_of(session: Session, visitor: Visitor, record: TaskRecord) -> tuple[Door, ...]:
    """Return the links for this visitor, the first one being the main one; each page once."""
    parties = parties_of(session, record.name.id)
    found: dict[str, Door] = {}
    for act, states, page in _DOORS:
        if page == "milestones" and not record.facts.milestones:
            continue
        if record.facts.state not in states or not may(visitor.actor, act, parties):
            continue
        if page != "members" or _has_quota(session, record.name.id):
            found.setdefault(page, Door(_text(act), f"/tasks/{record.name.id}/{page}", is_main=not found))
    return tuple(found.values())


def _has_quota(session: Session, task_id: int) -> bool:
    quota = select(col(Quota.id)).join(Target, col(Target.id) == col(Quota.target_id)).where(col(Target.task_id) == task_id)
    return session.execute(quota.limit(1)).first() is not None


def _text(act: Act) -> str:
    return {
        Act.ACKNOWLEDGE: _("签收"),
        Act.REPORT: _("填报进展"),
        Act.SUBMIT: _("申请办结"),
        Act.REACH_MILESTONE: _("填报节点"),
        Act.NOMINATE_MEMBER: _("办理名单"),
        Act.HAND_IN: _("交配合材料"),
        Act.FILE_REQUEST: _("申请延期或调整"),
        Act.DECOMPOSE: _("分解给下级"),
        Act.COMPLETE: _("审核办结申请"),
        Act.REVIEW_REPORT: _("审核进展"),
        Act.CLOSE: _("销号或回头看"),
        Act.REOPEN: _("回头看"),
    }[act]
