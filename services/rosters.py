"""Filling quotas with names: members are nominated, selected, confirmed with evidence, and withdrawn; each act takes several names, all or none.

The item is locked as well as the task, so that of two acts for different years of it one sees what the other did.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from models.plan import PlanItem
from models.progress import Evidence
from models.roster import RosterEntry, RosterState
from models.task import Task, TaskState
from rules.errors import DubanError
from rules.quotas import ItemRoster, Member, QuotaTerms, gap_words
from rules.rights import Act
from rules.rosters import RosterEvent, written_name
from rules.texts import _
from rules.transitions import TaskEvent, state_name, why_not
from services.evidence import as_told, keep_evidence, read_evidence
from services.ledger import Event, record
from services.many_rows import insert_rows
from services.occasion import Occasion
from services.roster_checks import Nominee, checked, eligible_region, nominees_of, refuse_overfull
from services.roster_facts import read_item_roster
from services.store import Store
from services.tasks import lead_task


@dataclass(frozen=True)
class Names:
    """Whom an act is about: names as people give them, those of a file, or both. `measure` is the target's name or a part of it, needed where several are
    quotas; `is_dry_run` only says what would be done.
    """

    given: Sequence[str] = ()
    file: Path | None = None
    measure: str | None = None
    is_dry_run: bool = False


@dataclass(frozen=True)
class RosterOutcome:
    """What was done, or would be: the names with their regions, the state they are in now, and what the members together still lack."""

    measure: str
    names: Mapping[str, str | None]
    state: RosterState
    confirmed: int
    places: int | None
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class _Desk:
    """A task's quota locked for an act, with everything named for its item."""

    task: Task
    quota: QuotaTerms
    roster: ItemRoster
    standing: Mapping[str, Member] = field(default_factory=dict)


def nominate(session: Session, task_id: int, names: Names, occasion: Occasion, replaces: str | None = None) -> RosterOutcome:
    """Nominate members; `replaces` is the withdrawn member whose place the one name takes.

    Refused per name: not-eligible (on none of the quota's lists; what is near is proposed), already-counted (confirmed in another year of the item),
    roster-not-now (stands here already), bad-name, name-twice, region-differs.
    """
    desk = _desk(session, task_id, names, occasion, Act.NOMINATE_MEMBER)
    nominees = nominees_of(names.given, names.file)
    replaced = _replaced(desk, nominees, replaces) if replaces is not None else None
    checked(desk.roster, desk.quota, nominees, RosterEvent.NOMINATE)
    regions = {nominee.name: eligible_region(desk.roster, desk.quota, nominee) for nominee in nominees}
    if not names.is_dry_run:
        replaces_id = replaced.id if replaced else None
        shared = {"task_id": task_id, "quota_id": desk.quota.id, "replaces_id": replaces_id, "nominated_on": occasion.day}
        insert_rows(session, RosterEntry, [{**shared, "name": name, "region": region} for name, region in regions.items()])
        _enter(
            session, desk, Act.NOMINATE_MEMBER, occasion, {"members": list(regions), **({"replaces": replaced.name} if replaced else {})}
        )
    return _outcome(session, desk, regions, RosterState.NOMINATED)


def select_members(session: Session, task_id: int, names: Names, occasion: Occasion) -> RosterOutcome:
    """Select nominated members, as many as the quota has places for (quota-full). Refused per name as in `nominate`."""
    desk = _desk(session, task_id, names, occasion, Act.SELECT_MEMBER)
    chosen = _chosen(desk, names, RosterEvent.SELECT)
    refuse_overfull(desk.roster, desk.quota, len(chosen), RosterState.SELECTED)
    return _moved(session, desk, chosen, _Step(Act.SELECT_MEMBER, RosterState.SELECTED, occasion, names.is_dry_run))


def confirm_members(
    session: Session, task_id: int, names: Names, evidence: Sequence[Path], store: Store, occasion: Occasion
) -> RosterOutcome:
    """Confirm selected members: from this day they count. Every one keeps the evidence given (no-evidence without any). Refused per name as in `nominate`."""
    desk = _desk(session, task_id, names, occasion, Act.CONFIRM_MEMBER)
    chosen = _chosen(desk, names, RosterEvent.CONFIRM)
    refuse_overfull(desk.roster, desk.quota, len(chosen), RosterState.CONFIRMED)
    if not evidence:
        raise DubanError("no-evidence", _("确认须附佐证材料，如批复文件：--evidence 文件"))
    read_evidence(evidence)
    files: dict[str, Evidence] = {}

    def confirm(entry: RosterEntry) -> None:
        entry.confirmed_on = occasion.day
        files.update({row.sha256: row for row in keep_evidence(session, entry, evidence, store)})

    step = _Step(Act.CONFIRM_MEMBER, RosterState.CONFIRMED, occasion, names.is_dry_run, confirm)
    return _moved(session, desk, chosen, step, lambda: {"evidence": as_told(list(files.values()))})


def withdraw_members(session: Session, task_id: int, names: Names, reason: str, occasion: Occasion) -> RosterOutcome:
    """Take members out, with the reason; from this day they no longer count, and are free to be named elsewhere. Days before keep them."""
    desk = _desk(session, task_id, names, occasion, Act.WITHDRAW_MEMBER)
    if not reason.strip():
        raise DubanError("no-reason", _("退出须写明理由"))
    chosen = _chosen(desk, names, RosterEvent.WITHDRAW)

    def withdraw(entry: RosterEntry) -> None:
        entry.withdrawn_on, entry.note = occasion.day, reason.strip()

    step = _Step(Act.WITHDRAW_MEMBER, RosterState.WITHDRAWN, occasion, names.is_dry_run, withdraw)
    return _moved(session, desk, chosen, step, lambda: {"reason": reason.strip()})


@dataclass(frozen=True)
class _Step:
    """One step of members that stand in the roster: into which state, and what else is written on each."""

    act: Act
    state: RosterState
    occasion: Occasion
    is_dry_run: bool
    write: Callable[[RosterEntry], None] = lambda _entry: None


def _moved(
    session: Session, desk: _Desk, chosen: Sequence[Member], step: _Step, told: Callable[[], Mapping[str, object]] = dict
) -> RosterOutcome:
    if not step.is_dry_run:
        ids = [member.id for member in chosen]
        for entry in session.execute(select(RosterEntry).where(col(RosterEntry.id).in_(ids)).order_by(col(RosterEntry.id))).scalars():
            entry.state = step.state
            session.add(entry)
            step.write(entry)
        _enter(session, desk, step.act, step.occasion, {"members": [member.name for member in chosen], **told()})
    return _outcome(session, desk, {member.name: member.region for member in chosen}, step.state)


def _desk(session: Session, task_id: int, names: Names, occasion: Occasion, act: Act) -> _Desk:
    task = lead_task(session, task_id, occasion, act).task
    if task.state is not TaskState.IN_PROGRESS:
        text = _("任务 {id} 现在是“{state}”，不能变动名单：{why}")
        raise DubanError("not-now", text.format(id=task_id, state=state_name(task.state), why=why_not(task.state, TaskEvent.REPORT)))
    session.execute(select(col(PlanItem.id)).where(col(PlanItem.id) == task.item_id).with_for_update())
    roster = read_item_roster(session, task)
    quota = quota_named(roster, task_id, names.measure)
    standing = {member.name: member for member in roster.of(quota) if member.state is not RosterState.WITHDRAWN}
    return _Desk(task, quota, roster, standing)


def quota_named(roster: ItemRoster, task_id: int, measure: str | None) -> QuotaTerms:
    """Return the task's quota of this measure, or its only one. Refused: no-quota, which-quota."""
    quotas = [quota for quota in roster.quotas if quota.target.task_id == task_id]
    if not quotas:
        text = _("任务 {id} 还没有设名额，请计划管理部门先用 duban roster quota {id} --measure 指标 设定")
        raise DubanError("no-quota", text.format(id=task_id))
    exact = [quota for quota in quotas if quota.target.measure == measure]
    fitting = exact or [quota for quota in quotas if measure is None or measure in quota.target.measure]
    if len(fitting) == 1:
        return fitting[0]
    names = _("、").join(quota.target.measure for quota in quotas)
    raise DubanError("which-quota", _("请用 --measure 说明是哪一项名额。本任务的名额：{names}").format(names=names))


def _chosen(desk: _Desk, names: Names, event: RosterEvent) -> list[Member]:
    nominees = nominees_of(names.given, names.file)
    checked(desk.roster, desk.quota, nominees, event)
    return [desk.standing[nominee.name] for nominee in nominees]


def _replaced(desk: _Desk, nominees: Sequence[Nominee], replaces: str) -> Member:
    """Return the withdrawn member whose place the one nominee takes. Refused: one-for-one, roster-not-now, already-replaced."""
    if len(nominees) != 1:
        raise DubanError("one-for-one", _("--replaces 一次只换一个，请逐个办理"))
    name = written_name(replaces)
    checked(desk.roster, desk.quota, [Nominee(name)], RosterEvent.REPLACE)
    left = [member for member in desk.roster.of(desk.quota) if member.name == name][-1]
    taker = next((member for member in desk.roster.of(desk.quota) if member.replaces_id == left.id), None)
    if taker is not None:
        raise DubanError("already-replaced", _("“{name}”已由“{taker}”接替").format(name=name, taker=taker.name))
    return left


def _enter(session: Session, desk: _Desk, act: Act, occasion: Occasion, told: Mapping[str, object]) -> None:
    after = {"measure": desk.quota.target.measure, **told}
    record(session, occasion, Event(act.value, f"task {desk.task.id}", desk.task.plan_id, desk.task.id, after=after))


def _outcome(session: Session, desk: _Desk, names: Mapping[str, str | None], state: RosterState) -> RosterOutcome:
    roster = read_item_roster(session, desk.task)
    confirmed = len(roster.confirmed([desk.quota]))
    return RosterOutcome(desk.quota.target.measure, names, state, confirmed, desk.quota.target.places, tuple(gap_words(roster, desk.quota)))
