"""Whether names may go where they are wanted: every name is held against the quota, and all that is wrong is said at once, by row where a file gave them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.roster import RosterState
from rules.errors import DubanError
from rules.quotas import ItemRoster, QuotaTerms, counted_already, free_places
from rules.rosters import RosterEvent, bad_name_words, near_names, roster_state_after, written_name
from rules.texts import _
from services.eligible import COLUMNS
from services.row_files import SHOWN_MISTAKES, RowMistake, read_rows, refuse_mistakes

_COUNTING = (RosterEvent.NOMINATE, RosterEvent.SELECT, RosterEvent.CONFIRM)


@dataclass(frozen=True)
class Nominee:
    """A name as it was given; `source` and `row` say where in which file."""

    name: str
    region: str | None = None
    source: str | None = None
    row: int = 0


def nominees_of(given: Sequence[str], file: Path | None) -> list[Nominee]:
    """Return the names given, then those of the file; none at all is refused (no-names)."""
    found = [Nominee(written_name(name)) for name in given]
    if file is not None:
        rows = read_rows(file, COLUMNS)
        found += [Nominee(written_name(row["名称"]), written_name(row["地区"]) or None, file.name, row.number) for row in rows]
    if not found:
        raise DubanError("no-names", _("没有写名称；请写出名称，或用 --file 给出带“名称”一栏的文件"))
    return found


def checked(roster: ItemRoster, quota: QuotaTerms, nominees: Sequence[Nominee], event: RosterEvent) -> None:
    """Refuse the names that cannot have this happen to them: those of a file together as row-mistakes, others with the first one's code."""
    mistakes = list(_mistakes(roster, quota, nominees, event))
    sources = {nominee.source for nominee, _error in mistakes if nominee.source}
    if sources:
        refuse_mistakes(min(sources), [RowMistake(nominee.row, error.message, "名称", nominee.name) for nominee, error in mistakes])
    if mistakes:
        said = _("；").join(error.message for _nominee, error in mistakes[:SHOWN_MISTAKES])
        raise DubanError(mistakes[0][1].code, said)


def eligible_region(roster: ItemRoster, quota: QuotaTerms, nominee: Nominee) -> str | None:
    """Return the region the quota's lists know of the name, else the one given with it."""
    known = (roster.lists.get(list_id, {}).get(nominee.name) for list_id in (*quota.list_ids, quota.whole_list_id or 0))
    return next((region for region in known if region), nominee.region)


def refuse_overfull(roster: ItemRoster, quota: QuotaTerms, count: int, state: RosterState) -> None:
    """Refuse, with quota-full, more members than the quota has places; those that are confirmed hold theirs from their selection on."""
    states = (RosterState.CONFIRMED,) if state is RosterState.CONFIRMED else (RosterState.SELECTED, RosterState.CONFIRMED)
    free = free_places(roster, quota, states)
    if free is not None and count > free:
        text = _("“{measure}”共 {places} 个名额，还空 {free} 个，不能再加 {count} 个")
        said = {"measure": quota.target.measure, "places": quota.target.places, "free": max(0, free), "count": count}
        raise DubanError("quota-full", text.format(**said))


def _mistakes(
    roster: ItemRoster, quota: QuotaTerms, nominees: Sequence[Nominee], event: RosterEvent
) -> Iterator[tuple[Nominee, DubanError]]:
    states: dict[str, RosterState | None] = {member.name: member.state for member in roster.of(quota)}
    states |= {member.name: member.state for member in roster.of(quota) if member.state is not RosterState.WITHDRAWN}
    seen: set[str] = set()
    proposals = SHOWN_MISTAKES
    for nominee in nominees:
        try:
            _refuse_name(nominee, seen)
            if event is RosterEvent.NOMINATE:
                _refuse_ineligible(roster, quota, nominee, proposes=proposals > 0)
            roster_state_after(nominee.name, states.get(nominee.name), event)
            if event in _COUNTING:
                _refuse_counted(roster, quota, nominee)
        except DubanError as error:
            proposals -= 1
            yield nominee, error
        seen.add(nominee.name)


def _refuse_name(nominee: Nominee, seen: set[str]) -> None:
    wrong = bad_name_words(nominee.name)
    if wrong:
        raise DubanError("bad-name", wrong)
    if nominee.name in seen:
        raise DubanError("name-twice", _("“{name}”写了两次").format(name=nominee.name))


def _refuse_ineligible(roster: ItemRoster, quota: QuotaTerms, nominee: Nominee, *, proposes: bool) -> None:
    listed = [roster.lists.get(list_id, {}) for list_id in quota.list_ids]
    if listed and not any(nominee.name in names for names in listed):
        # Looking for near names takes time, so it is done for as many as are shown.
        near = near_names(nominee.name, list(dict.fromkeys(name for names in listed for name in names))) if proposes else []
        if near:
            text = _("“{name}”不在备选名单中，是不是指 {near}")
            raise DubanError("not-eligible", text.format(name=nominee.name, near=_("、").join(near)))
        raise DubanError("not-eligible", _("“{name}”不在备选名单中").format(name=nominee.name))
    known = eligible_region(roster, quota, nominee)
    if nominee.region and known != nominee.region:
        text = _("“{name}”在名单中属于{known}，这里写的是{region}")
        raise DubanError("region-differs", text.format(name=nominee.name, known=known, region=nominee.region))


def _refuse_counted(roster: ItemRoster, quota: QuotaTerms, nominee: Nominee) -> None:
    other = counted_already(roster, quota, nominee.name)
    if other is not None:
        text = _("“{name}”已在任务 {task}（{label}）的“{measure}”中确认，不能重复计算")
        raise DubanError("already-counted", text.format(name=nominee.name, task=other.task_id, label=other.label, measure=other.measure))
