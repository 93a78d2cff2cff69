"""Making a target a quota: which lists its members are chosen from, and what they must cover together. From then on its value is their count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from models.roster import EligibleMember, Quota, RosterEntry, RosterState
from models.task import Comparator, Target, Task, TaskState
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent, state_name, why_not
from services.eligible import list_named
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.target_names import target_named
from services.tasks import lead_task

SHARES = ("%", "％", "‰", "百分点", "个百分点")
_OPEN = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)


@dataclass(frozen=True)
class QuotaInput:
    """What is asked of a quota's members. `lists` and `whole` are names of eligible lists; no list lets anyone in. `least_coverage` is in per cent of `whole`.

    `for_all_years` asks the same of the item's other tasks that count the same thing and are open.
    """

    measure: str
    lists: Sequence[str] = ()
    least_per_region: int | None = None
    whole: str | None = None
    least_coverage: float | None = None
    for_all_years: bool = False


@dataclass(frozen=True)
class QuotaSet:
    """A target that was made a quota."""

    task_id: int
    label: str
    measure: str


def set_quota(session: Session, task_id: int, asked: QuotaInput, occasion: Occasion) -> list[QuotaSet]:
    """Make the target a quota, or change what is asked of its members; return what was set, one entry each.

    Refused: unknown-measure, unknown-list, not-countable (a share, or a comparison), bad-quota, coverage-of-nothing, list-without-regions, members-not-listed
    (changed lists would leave out members), not-now (the task is not being worked on).
    """
    task = lead_task(session, task_id, occasion, Act.SET_QUOTA).task
    targets = session.execute(select(Target).where(col(Target.task_id) == task_id).order_by(col(Target.id))).scalars().all()
    target = target_named(targets, asked.measure)
    terms = _terms(session, asked)
    chosen = [(task, target), *(_other_years(session, task, target, occasion) if asked.for_all_years else [])]
    for one, wanted in chosen:
        _refuse_unfit(one, wanted)
        _refuse_left_out(session, wanted, terms["eligible_list_ids"])
    return _set_all(session, chosen, terms, occasion)


def _set_all(session: Session, chosen: Sequence[tuple[Task, Target]], terms: Mapping[str, object], occasion: Occasion) -> list[QuotaSet]:
    events = []
    for task, target in chosen:
        assert target.id is not None
        quota = session.execute(select(Quota).where(col(Quota.target_id) == target.id)).scalar_one_or_none() or Quota(target_id=target.id)
        before = {name: getattr(quota, name) for name in terms} if quota.id else {}
        for name, value in terms.items():
            setattr(quota, name, value)
        session.add(quota)
        said = {"measure": target.measure, **terms}
        events.append(Event(Act.SET_QUOTA.value, f"task {task.id}", task.plan_id, task.id, before, said))
    record_all(session, occasion, events)
    return [QuotaSet(task.id or 0, task.label, target.measure) for task, target in chosen]


def _terms(session: Session, asked: QuotaInput) -> dict[str, object]:
    """Return the quota's columns as asked for, once they fit together."""
    if asked.least_per_region is not None and asked.least_per_region < 1:
        raise DubanError("bad-quota", _("每个地区至少的个数应为 1 或更多"))
    if asked.least_coverage is not None and not 0 < asked.least_coverage <= 100:
        raise DubanError("bad-quota", _("覆盖率应大于 0、不超过 100"))
    if asked.least_coverage is not None and asked.whole is None:
        raise DubanError("coverage-of-nothing", _("写了 --coverage 须用 --of 说明覆盖哪份名单，如全部县（市、区）"))
    list_ids = [list_named(session, name).id or 0 for name in dict.fromkeys(asked.lists)]
    whole_id = list_named(session, asked.whole).id if asked.whole is not None else None
    if asked.least_per_region is not None:
        _refuse_without_regions(session, list_ids if whole_id is None else [whole_id])
    return {
        "eligible_list_ids": list(dict.fromkeys(list_ids)),
        "least_per_region": asked.least_per_region,
        "whole_list_id": whole_id,
        "least_coverage": asked.least_coverage,
    }


def _refuse_without_regions(session: Session, list_ids: Sequence[int]) -> None:
    with_region = select(col(EligibleMember.id)).where(col(EligibleMember.list_id).in_(list_ids), col(EligibleMember.region).is_not(None))
    if session.execute(with_region.limit(1)).first() is None:
        raise DubanError(
            "list-without-regions", _("每个地区至少几个须有写明“地区”的名单：请用 --eligible 或 --of 指明，或重新导入带“地区”一栏的名单")
        )


def _other_years(session: Session, task: Task, target: Target, occasion: Occasion) -> list[tuple[Task, Target]]:
    """Return the item's other open tasks, locked, with their target for the same thing."""
    same = (col(Task.item_id) == task.item_id, col(Task.id) != task.id, col(Task.state).in_(_OPEN))
    targets = select(Target).join(Task, col(Task.id) == col(Target.task_id)).where(*same, col(Target.measure) == target.measure)
    return [
        (lead_task(session, one.task_id or 0, occasion, Act.SET_QUOTA).task, one)
        for one in session.execute(targets.order_by(col(Target.task_id))).scalars()
    ]


def _refuse_unfit(task: Task, target: Target) -> None:
    if task.state not in _OPEN:
        text = _("任务 {id} 现在是“{state}”，不能再设名额：{why}")
        raise DubanError("not-now", text.format(id=task.id, state=state_name(task.state), why=why_not(task.state, TaskEvent.REPORT)))
    if target.comparator is Comparator.EXCEEDS_SERIES or target.unit_of_measure in SHARES:
        text = _("“{measure}”是比率或与其他指标的比较，不是数得清的名额")
        raise DubanError("not-countable", text.format(measure=target.measure))
    if target.indicator_id is not None:
        text = _("“{measure}”已关联指标，数值取自观测，不能再按名单计数")
        raise DubanError("not-countable", text.format(measure=target.measure))


def _refuse_left_out(session: Session, target: Target, list_ids: object) -> None:
    """Refuse lists on which members that stand in the roster already are not to be found."""
    assert isinstance(list_ids, list)
    standing = (
        select(col(RosterEntry.name))
        .join(Quota, col(Quota.id) == col(RosterEntry.quota_id))
        .where(col(Quota.target_id) == target.id, col(RosterEntry.state) != RosterState.WITHDRAWN)
    )
    names = list(session.execute(standing.order_by(col(RosterEntry.id))).scalars())
    if not (names and list_ids):
        return
    listed = set(session.execute(select(col(EligibleMember.name)).where(col(EligibleMember.list_id).in_(list_ids))).scalars())
    left_out = [name for name in names if name not in listed]
    if left_out:
        text = _("改用这些名单后，已列入的 {names} 不在其中；请先让其退出，或补充名单")
        raise DubanError("members-not-listed", text.format(names=_("、").join(left_out)))
