"""The life of a case: one table that decides every pair of state and event.

`opened → drafted → approved → served → (objected → decided) → rectified → verified`; `dropped` ends a case that was not served (domain handbook, part 3).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.case import CaseKind
from models.case import CaseState as S
from rules.errors import DubanError
from rules.texts import _


class CaseEvent(StrEnum):
    """What can happen to a case; the value is the act's name in the ledger."""

    STATE = "state-on-case"
    CONCLUDE = "conclude-case"
    APPROVE = "approve-case"
    SERVE = "serve-case"
    OBJECT = "object-to-case"
    DECIDE = "decide-objection"
    RECTIFY = "rectify-case"
    VERIFY = "verify-case"
    SEND_BACK = "send-back-rectification"
    DROP = "drop-case"


E = CaseEvent

TRANSITIONS: Mapping[tuple[S, CaseEvent], S] = MappingProxyType(
    {
        (S.OPENED, E.STATE): S.OPENED,
        # A conclusion was worded without what is said now: it is worded anew.
        (S.DRAFTED, E.STATE): S.OPENED,
        (S.APPROVED, E.STATE): S.OPENED,
        (S.OPENED, E.CONCLUDE): S.DRAFTED,
        (S.DRAFTED, E.CONCLUDE): S.DRAFTED,
        (S.APPROVED, E.CONCLUDE): S.DRAFTED,
        (S.DRAFTED, E.APPROVE): S.APPROVED,
        (S.APPROVED, E.SERVE): S.SERVED,
        (S.SERVED, E.OBJECT): S.OBJECTED,
        (S.OBJECTED, E.DECIDE): S.DECIDED,
        (S.SERVED, E.RECTIFY): S.RECTIFIED,
        (S.DECIDED, E.RECTIFY): S.RECTIFIED,
        (S.RECTIFIED, E.VERIFY): S.VERIFIED,
        (S.RECTIFIED, E.SEND_BACK): S.SERVED,
        **{(state, E.DROP): S.DROPPED for state in (S.OPENED, S.DRAFTED, S.APPROVED)},
    }
)

# Only an accountability case goes on after service: praise is over with it.
AFTER_SERVICE = frozenset({E.OBJECT, E.DECIDE, E.RECTIFY, E.VERIFY, E.SEND_BACK})


def case_state_after(state: S, event: CaseEvent, kind: CaseKind = CaseKind.ACCOUNTABILITY) -> S:
    """Return the state that `event` leads to from `state`; a pair outside the table is refused with case-not-now."""
    following = TRANSITIONS.get((state, event))
    if following is None or (kind is CaseKind.PRAISE and event in AFTER_SERVICE):
        text = _("案卷现在是“{state}”，不能“{event}”：{why}")
        why = _("表扬案卷送达后即办结") if kind is CaseKind.PRAISE and event in AFTER_SERVICE else why_not(state, event)
        raise DubanError("case-not-now", text.format(state=case_state_name(state), event=case_event_name(event), why=why))
    return following


def case_events_from(state: S, kind: CaseKind = CaseKind.ACCOUNTABILITY) -> frozenset[CaseEvent]:
    """Return the events that the table allows in `state`."""
    is_praise = kind is CaseKind.PRAISE
    return frozenset(event for event in CaseEvent if (state, event) in TRANSITIONS and not (is_praise and event in AFTER_SERVICE))


def is_over(state: S, kind: CaseKind, *, demands: bool) -> bool:
    """Tell whether nothing more is to come of a case: dropped, verified, or served and demanding nothing."""
    if state in (S.DROPPED, S.VERIFIED):
        return True
    is_served = state in (S.SERVED, S.DECIDED)
    return is_served and (kind is CaseKind.PRAISE or not demands)


def why_not(state: S, event: CaseEvent) -> str:
    """Return why a pair outside the table cannot be, in words that say what comes first."""
    if state in (S.VERIFIED, S.DROPPED):
        return _("它已经结案")
    if event in (E.CONCLUDE, E.APPROVE, E.SERVE, E.DROP, E.STATE) and state not in (S.OPENED, S.DRAFTED, S.APPROVED):
        return _("结论已经送达；单位有意见的，请在期限内提出异议")
    return {
        S.OPENED: _("请先拟出结论"),
        S.DRAFTED: _("结论还没有批准"),
        S.APPROVED: _("结论已经批准，还没有送达"),
        S.SERVED: _("请先由单位提出异议或者报送整改情况"),
        S.OBJECTED: _("异议还没有答复"),
        S.DECIDED: _("异议已经答复，请单位整改"),
        S.RECTIFIED: _("整改情况已经报送，等待核查"),
    }[state]


def case_state_name(state: S) -> str:
    """Return the state's name for users."""
    return {
        S.OPENED: _("已立案"),
        S.DRAFTED: _("已拟结论，待批准"),
        S.APPROVED: _("已批准，待送达"),
        S.SERVED: _("已送达"),
        S.OBJECTED: _("单位有异议，待答复"),
        S.DECIDED: _("异议已答复"),
        S.RECTIFIED: _("已报整改，待核查"),
        S.VERIFIED: _("整改已核查"),
        S.DROPPED: _("已撤销"),
    }[state]


def case_event_name(event: CaseEvent) -> str:
    """Return the event's name for users."""
    return {
        E.STATE: _("陈述"),
        E.CONCLUDE: _("拟结论"),
        E.APPROVE: _("批准结论"),
        E.SERVE: _("送达结论"),
        E.OBJECT: _("提出异议"),
        E.DECIDE: _("答复异议"),
        E.RECTIFY: _("报送整改"),
        E.VERIFY: _("核查整改"),
        E.SEND_BACK: _("退回整改"),
        E.DROP: _("撤销案卷"),
    }[event]
