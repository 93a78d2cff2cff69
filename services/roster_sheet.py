"""The roster of a task as it is shown: members with their evidence, how far each has got, and what they together cover."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.progress import Evidence
from models.roster import RosterState
from models.task import Task
from rules.quotas import Coverage, ItemRoster, Member, QuotaTerms, coverage_of, gap_words
from rules.rights import Act, Actor, may
from services.reach import parties_of, unknown_task
from services.roster_facts import list_names, read_item_roster


@dataclass(frozen=True)
class MemberRow:
    """A member as it is listed; `replaces` is the member whose place it took."""

    name: str
    region: str | None
    state: RosterState
    nominated_on: date
    confirmed_on: date | None
    withdrawn_on: date | None
    reason: str
    replaces: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class QuotaSheet:
    """A quota opened. `over_years` are the members confirmed for the same thing in all years of the item; `gaps` say what all of them still lack."""

    measure: str
    places: int | None
    lists: tuple[str, ...]
    confirmed: int
    over_years: int
    coverage: Coverage | None
    whole: str | None
    members: tuple[MemberRow, ...]
    gaps: tuple[str, ...]


def show_rosters(session: Session, task_id: int, day: date, actor: Actor | None = None) -> list[QuotaSheet]:
    """Return the task's quotas as they were at the end of `day`; a task the actor may not see is refused like an unknown one."""
    task = session.execute(select(Task).where(col(Task.id) == task_id)).scalar_one_or_none()
    if task is None or (actor is not None and not may(actor, Act.READ, parties_of(session, task_id))):
        raise unknown_task(task_id)
    roster = read_item_roster(session, task, day)
    quotas = [quota for quota in roster.quotas if quota.target.task_id == task_id]
    names = list_names(session, [list_id for quota in quotas for list_id in (*quota.list_ids, quota.whole_list_id) if list_id is not None])
    files = _files(session, [member.id for quota in quotas for member in roster.of(quota) if member.confirmed_on])
    return [_sheet(roster, quota, names, files) for quota in quotas]


def _sheet(roster: ItemRoster, quota: QuotaTerms, names: Mapping[int, str], files: Mapping[int, Sequence[str]]) -> QuotaSheet:
    members = roster.of(quota)
    by_id = {member.id: member.name for member in members}
    return QuotaSheet(
        measure=quota.target.measure,
        places=quota.target.places,
        lists=tuple(names[list_id] for list_id in quota.list_ids),
        confirmed=len(roster.confirmed([quota])),
        over_years=len(roster.confirmed(roster.like(quota))),
        coverage=coverage_of(roster, quota),
        whole=names[quota.whole_list_id] if quota.whole_list_id is not None else None,
        members=tuple(_row(member, by_id, files) for member in members),
        gaps=tuple(gap_words(roster, quota)),
    )


def _row(member: Member, by_id: Mapping[int, str], files: Mapping[int, Sequence[str]]) -> MemberRow:
    return MemberRow(
        name=member.name,
        region=member.region,
        state=member.state,
        nominated_on=member.nominated_on,
        confirmed_on=member.confirmed_on,
        withdrawn_on=member.withdrawn_on,
        reason=member.note,
        replaces=by_id.get(member.replaces_id or 0),
        evidence=tuple(files.get(member.id, ())),
    )


def _files(session: Session, entry_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    rows = select(col(Evidence.roster_entry_id), col(Evidence.name)).where(col(Evidence.roster_entry_id).in_(entry_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for entry_id, name in session.execute(rows.order_by(col(Evidence.id))).tuples():
        found[entry_id or 0].append(name)
    return found
