"""Rectification: reported by the unit, verified by the office or sent back with words."""

from datetime import date

from sqlmodel import Session

from rules.case_transitions import CaseEvent, case_state_after
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from services.cases.case_rows import given, locked_case, move_case
from services.occasion import Occasion


def report_rectification(session: Session, case_id: int, words: str, occasion: Occasion) -> None:
    """Enter what the unit has put right, on the occasion's day. Codes: unknown-case, case-not-now, no-demand (nothing was demanded), no-words."""
    case = locked_case(session, case_id, occasion, Act.RECTIFY_CASE)
    case_state_after(case.state, CaseEvent.RECTIFY, case.kind)
    if not case.demand:
        raise DubanError("no-demand", _("结论没有提出整改要求，不用报送整改情况"))
    case.rectification, case.rectified_on = given(words, _("整改情况")), occasion.day
    move_case(session, case, CaseEvent.RECTIFY, {"text": case.rectification}, occasion)


def verify_rectification(session: Session, case_id: int, words: str, occasion: Occasion) -> None:
    """Enter that the rectification was verified, and how; the case is over. Codes: unknown-case, case-not-now, no-words."""
    case = locked_case(session, case_id, occasion, Act.APPROVE_CASE)
    case_state_after(case.state, CaseEvent.VERIFY, case.kind)
    case.verification, case.verified_on = given(words, _("核查情况")), occasion.day
    move_case(session, case, CaseEvent.VERIFY, {"text": case.verification}, occasion)


def send_back_rectification(session: Session, case_id: int, words: str, occasion: Occasion, demand_by: date | None = None) -> None:
    """Send a rectification back, with what is still to be done and, where given, a new last day.

    Codes: unknown-case, case-not-now, no-words, limit-passed.
    """
    case = locked_case(session, case_id, occasion, Act.APPROVE_CASE)
    case_state_after(case.state, CaseEvent.SEND_BACK, case.kind)
    if demand_by is not None and demand_by < occasion.day:
        raise DubanError("limit-passed", _("新的时限 {day} 已经过去").format(day=demand_by))
    case.verification, case.demand_by = given(words, _("退回的理由")), demand_by or case.demand_by
    said = {"reason": case.verification, "demand_by": case.demand_by and case.demand_by.isoformat()}
    move_case(session, case, CaseEvent.SEND_BACK, said, occasion)
