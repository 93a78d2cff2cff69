"""Lists that members are chosen from or counted against: those that passed an appraisal, all counties of a province. They belong to no plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.roster import EligibleList, EligibleMember, Quota, RosterEntry, RosterState
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.rosters import bad_name_words, written_name
from rules.texts import _
from services.ledger import Event, record
from services.many_rows import insert_rows
from services.occasion import Occasion
from services.row_files import FileRow, RowMistake, read_rows, refuse_mistakes

COLUMNS: Mapping[str, Sequence[str]] = {
    "名称": ("县（市、区）", "县(市、区)", "县市区", "单位", "单位名称", "基地", "基地名称", "园区", "姓名", "成员"),
    "地区": ("所在地区", "所属地区", "地级市", "设区市", "所在市", "地市", "市州", "市"),
}
LONGEST_REGION = 60


@dataclass(frozen=True)
class ListImport:
    """What an import makes, or would make, of a list: names added, names whose region changed, names taken out, and how many it has afterwards."""

    name: str
    is_new: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept_beside: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class ListRow:
    """A list as it is shown: `regions` counts its names by region."""

    id: int
    name: str
    basis: str
    made_on: str
    count: int
    regions: Mapping[str, int]


@dataclass(frozen=True)
class ListFile:
    """A list to be taken in: its name, the file with its names, the document or appraisal it rests on. `is_exact` takes out what is not in the file."""

    name: str
    path: Path
    basis: str = ""
    is_exact: bool = False


def import_eligible(session: Session, given: ListFile, occasion: Occasion, is_dry_run: bool = False) -> ListImport:
    """Take a list in, or only say what that would do. A list there already is completed and its regions are corrected; the same file again changes nothing.

    Refused whole: mistakes by row (row-mistakes), an empty list (list-empty), no name for it (no-list-name), taking out names that stand in a roster drawn from it
    (list-in-use).
    """
    refuse_without_right(occasion.actor, Act.KEEP_ELIGIBLE_LIST)
    name = written_name(given.name)
    if bad_name_words(name):
        raise DubanError("no-list-name", _("请给备选名单起个名称，如“2011年考核先进县”"))
    wanted = read_names(given.path)
    if not wanted:
        raise DubanError("list-empty", _("“{name}”里没有一个名称").format(name=given.path.name))
    found = session.execute(select(EligibleList).where(col(EligibleList.name) == name).with_for_update()).scalar_one_or_none()
    rows = {} if found is None else _member_rows(session, found)
    plan = _planned(name, found is None, wanted, rows, is_exact=given.is_exact)
    if found is not None:
        _refuse_used(session, found, plan.removed)
    is_same = not (plan.is_new or plan.added or plan.changed or plan.removed) and found is not None and given.basis in ("", found.basis)
    if not (is_dry_run or is_same):
        _write(session, given, found or EligibleList(name=name, made_on=occasion.day), (wanted, rows, plan))
        _enter(session, plan, given, occasion)
    return plan


def read_names(path: Path) -> dict[str, str | None]:
    """Return the names of a file with their regions; every mistake is refused with its row (row-mistakes)."""
    names: dict[str, str | None] = {}
    rows = read_rows(path, COLUMNS)
    refuse_mistakes(path.name, _mistakes(rows))
    for row in rows:
        names[written_name(row["名称"])] = written_name(row["地区"]) or None
    return names


def list_eligible(session: Session) -> list[ListRow]:
    """Return all lists in the order they were made."""
    counts: dict[int, dict[str, int]] = {}
    by_region = select(col(EligibleMember.list_id), col(EligibleMember.region), func.count()).group_by(
        col(EligibleMember.list_id), col(EligibleMember.region)
    )
    for list_id, region, count in session.execute(by_region.order_by(func.min(col(EligibleMember.id)))).tuples():
        counts.setdefault(list_id, {})[region or ""] = count
    lists = session.execute(select(EligibleList).order_by(col(EligibleList.id))).scalars()
    return [
        ListRow(
            one.id or 0,
            one.name,
            one.basis,
            one.made_on.isoformat(),
            sum(counts.get(one.id or 0, {}).values()),
            counts.get(one.id or 0, {}),
        )
        for one in lists
    ]


def eligible_names(session: Session, name: str) -> list[tuple[str, str | None]]:
    """Return the names of one list with their regions, in the file's order."""
    rows = select(col(EligibleMember.name), col(EligibleMember.region)).where(col(EligibleMember.list_id) == list_named(session, name).id)
    return list(session.execute(rows.order_by(col(EligibleMember.id))).tuples())


def list_named(session: Session, name: str) -> EligibleList:
    """Return the list of this name, else the only one whose name holds it; anything else is refused with the names there are (unknown-list)."""
    lists: Sequence[EligibleList] = session.execute(select(EligibleList).order_by(col(EligibleList.id))).scalars().all()
    wanted = written_name(name)
    fitting = [one for one in lists if one.name == wanted] or [one for one in lists if wanted and wanted in one.name]
    if len(fitting) == 1:
        return fitting[0]
    names = _("、").join(one.name for one in lists) or _("（还没有，请先用 duban roster eligible import 导入）")
    raise DubanError("unknown-list", _("“{name}”不能确定是哪一份备选名单。已有：{names}").format(name=name, names=names))


def _mistakes(rows: Sequence[FileRow]) -> Iterator[RowMistake]:
    first: dict[str, int] = {}
    for row in rows:
        name = written_name(row["名称"])
        wrong = bad_name_words(name)
        if wrong:
            yield RowMistake(row.number, wrong, "名称", row["名称"])
        elif name in first:
            yield RowMistake(row.number, _("“{name}”与第 {first} 行重复").format(name=name, first=first[name]), "名称", row["名称"])
        if len(row["地区"]) > LONGEST_REGION:
            yield RowMistake(row.number, _("地区超过 {most} 个字").format(most=LONGEST_REGION), "地区", row["地区"])
        first.setdefault(name, row.number)


def _member_rows(session: Session, found: EligibleList) -> dict[str, EligibleMember]:
    rows = select(EligibleMember).where(col(EligibleMember.list_id) == found.id).order_by(col(EligibleMember.id))
    return {row.name: row for row in session.execute(rows).scalars()}


def _planned(
    name: str, is_new: bool, wanted: Mapping[str, str | None], rows: Mapping[str, EligibleMember], *, is_exact: bool
) -> ListImport:
    added = tuple(one for one in wanted if one not in rows)
    # A file without regions says nothing about them.
    changed = tuple(one for one, region in wanted.items() if one in rows and region and rows[one].region != region)
    beside = tuple(one for one in rows if one not in wanted)
    removed, kept = (beside, ()) if is_exact else ((), beside)
    return ListImport(name, is_new, added, changed, removed, kept, len(rows) + len(added) - len(removed))


def _refuse_used(session: Session, found: EligibleList, removed: Sequence[str]) -> None:
    if not removed:
        return
    quotas = select(col(Quota.id), col(Quota.eligible_list_ids))
    ids = [quota_id for quota_id, list_ids in session.execute(quotas).tuples() if found.id in list_ids]
    standing = select(col(RosterEntry.name)).where(
        col(RosterEntry.quota_id).in_(ids), col(RosterEntry.state) != RosterState.WITHDRAWN, col(RosterEntry.name).in_(removed)
    )
    used = list(dict.fromkeys(session.execute(standing.order_by(col(RosterEntry.id))).scalars()))
    if used:
        text = _("“{list}”里的 {names} 已列入名额的名单，不能删去；请先让其退出，或不用 --exact")
        raise DubanError("list-in-use", text.format(list=found.name, names=_("、").join(used)))


def _write(
    session: Session,
    given: ListFile,
    kept: EligibleList,
    contents: tuple[Mapping[str, str | None], Mapping[str, EligibleMember], ListImport],
) -> None:
    wanted, rows, plan = contents
    kept.basis = given.basis.strip() or kept.basis
    session.add(kept)
    session.flush()
    assert kept.id is not None
    insert_rows(session, EligibleMember, [{"list_id": kept.id, "name": name, "region": wanted[name]} for name in plan.added])
    for name in plan.changed:
        rows[name].region = wanted[name]
    for name in plan.removed:
        session.delete(rows[name])


def _enter(session: Session, plan: ListImport, given: ListFile, occasion: Occasion) -> None:
    after = {
        "source": given.path.name,
        "basis": given.basis.strip(),
        "added": len(plan.added),
        "changed": len(plan.changed),
        "removed": list(plan.removed),
    }
    record(session, occasion, Event(Act.KEEP_ELIGIBLE_LIST.value, f"eligible list {plan.name}", after=after))
