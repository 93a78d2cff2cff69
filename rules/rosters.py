"""The life of a quota's member: one table that decides every pair of state and event, and how members are named.

`nominated → selected → confirmed`, or `withdrawn`; None is a name that does not stand in the quota. Replacing changes nothing on the member that left: it says
that another was nominated for its place.
"""

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from types import MappingProxyType

from models.roster import RosterState as S
from rules.errors import DubanError
from rules.texts import _

LONGEST_NAME = 120
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# More figures than any place or base has in its name: somebody's identity card or telephone.
_PERSONAL_FIGURES = 7
_NEAR = 0.5
_KINDS = ("自治县", "自治州", "自治旗", "开发区", "县", "市", "区", "旗", "州")
_PROPOSED = 3


class RosterEvent(StrEnum):
    """What can happen to a member."""

    NOMINATE = "nominate"
    SELECT = "select"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    REPLACE = "replace"


E = RosterEvent

TRANSITIONS: Mapping[tuple[S | None, RosterEvent], S] = MappingProxyType(
    {
        (None, E.NOMINATE): S.NOMINATED,
        (S.WITHDRAWN, E.NOMINATE): S.NOMINATED,
        (S.NOMINATED, E.SELECT): S.SELECTED,
        (S.SELECTED, E.CONFIRM): S.CONFIRMED,
        (S.NOMINATED, E.WITHDRAW): S.WITHDRAWN,
        (S.SELECTED, E.WITHDRAW): S.WITHDRAWN,
        (S.CONFIRMED, E.WITHDRAW): S.WITHDRAWN,
        (S.WITHDRAWN, E.REPLACE): S.WITHDRAWN,
    }
)


def roster_state_after(name: str, state: S | None, event: RosterEvent) -> S:
    """Return the member's state after the event; a pair outside the table is refused with roster-not-now and why."""
    after = TRANSITIONS.get((state, event))
    if after is None:
        text = _("不能{event}“{name}”：{why}")
        raise DubanError("roster-not-now", text.format(name=name, why=why_not(state, event), event=roster_event_name(event)))
    return after


def why_not(state: S | None, event: RosterEvent) -> str:
    """Return what stands in the way of a pair outside the table."""
    assert (state, event) not in TRANSITIONS
    if state is None:
        return _("不在这份名单中，请先用 duban roster add 提名")
    if state is S.WITHDRAWN:
        return _("已经退出，如要重新列入请再次提名")
    if event is E.REPLACE:
        return _("还在名单中，要换人请先用 duban roster withdraw 让它退出")
    if event is E.CONFIRM and state is S.NOMINATED:
        return _("还没有入选，请先用 duban roster select 遴选")
    return {S.NOMINATED: _("已经提名"), S.SELECTED: _("已经入选"), S.CONFIRMED: _("已经确认")}[state]


def roster_state_name(state: S) -> str:
    """Return the state's name for users."""
    return {S.NOMINATED: _("已提名"), S.SELECTED: _("已入选"), S.CONFIRMED: _("已确认"), S.WITHDRAWN: _("已退出")}[state]


def roster_event_name(event: RosterEvent) -> str:
    """Return the event's name for users."""
    return {E.NOMINATE: _("提名"), E.SELECT: _("遴选"), E.CONFIRM: _("确认"), E.WITHDRAW: _("退出"), E.REPLACE: _("接替")}[event]


def written_name(written: str) -> str:
    """Return a name without the blanks people set into it; blanks between words of other scripts stay single."""
    words = written.split()
    is_latin = any(word.isascii() and word.isalpha() for word in words)
    return " ".join(words) if is_latin else "".join(words)


def bad_name_words(name: str) -> str | None:
    """Return what is wrong with a name as such, None where nothing is: nothing that a spreadsheet would work out, no number of a person's card or telephone."""
    if not name:
        return _("没有写名称")
    if len(name) > LONGEST_NAME:
        return _("名称超过 {most} 个字").format(most=LONGEST_NAME)
    if name.startswith(_FORMULA) or not name.isprintable():
        return _("“{name}”像公式，不像名称").format(name=name[:20])
    if sum(sign.isdigit() for sign in name) >= _PERSONAL_FIGURES:
        return _("只写名称或姓名，不要写证件号码、电话")
    return None


def near_names(name: str, names: Collection[str]) -> list[str]:
    """Return up to three of `names` that `name` may be meant for, the likest first: a slip of the pen, a shorter form (三江县 for 三江侗族自治县)."""
    likeness = {other: _likeness(name, other) for other in names}
    return sorted((other for other in names if likeness[other] >= _NEAR), key=lambda other: (-likeness[other], other))[:_PROPOSED]


def _likeness(name: str, other: str) -> float:
    stem, other_stem = _stem(name), _stem(other)
    shorter, longer = sorted((stem, other_stem), key=len)
    if len(shorter) >= 2 and (longer.startswith(shorter) or longer.endswith(shorter)):
        return 0.9
    # Two counties that share no more than the word 县 are not alike, so only what stands before it counts.
    return 0.0 if len(shorter) < 2 else SequenceMatcher(None, stem, other_stem).ratio()


def _stem(name: str) -> str:
    return next((name.removesuffix(kind) for kind in _KINDS if name.endswith(kind) and len(name) > len(kind) + 1), name)
