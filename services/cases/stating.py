"""What the unit says on a case: its statement before a conclusion, its objection after it was served. By its own account, or entered by the office."""

from sqlmodel import Session

from rules.case_transitions import CaseEvent, case_state_after
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from services.cases.case_rows import given, last_objection_day, locked_case, move_case
from services.occasion import Occasion


def state_on_case(session: Session, case_id: int, words: str, occasion: Occasion) -> None:
    """Enter the unit's statement of the occasion's day. A conclusion not served yet lapses by it; a later statement takes the place of an earlier, which the ledger keeps.

    Codes: unknown-case, case-not-now, no-words.
    """
    case = locked_case(session, case_id, occasion, Act.STATE_ON_CASE)
    case_state_after(case.state, CaseEvent.STATE, case.kind)
    said = given(words, _("陈述的内容"))
    case.statement, case.statement_on = said, occasion.day
    move_case(session, case, CaseEvent.STATE, {"text": said}, occasion)


def object_to_case(session: Session, case_id: int, words: str, occasion: Occasion) -> None:
    """Enter the unit's objection to a served conclusion, up to and with the last day of the rule set's days.

    Codes: unknown-case, case-not-now, no-words, objected-already, objection-late.
    """
    case = locked_case(session, case_id, occasion, Act.STATE_ON_CASE)
    case_state_after(case.state, CaseEvent.OBJECT, case.kind)
    said = given(words, _("异议的内容"))
    if case.objected_on is not None:
        raise DubanError("objected-already", _("单位已于 {day} 提出过异议并得到答复，不再受理").format(day=case.objected_on))
    until = last_objection_day(session, case.served_on)
    if until is not None and occasion.day > until:
        raise DubanError("objection-late", _("提出异议的期限到 {day} 为止，已经过了").format(day=until))
    case.objected_on, case.objection = occasion.day, said
    move_case(session, case, CaseEvent.OBJECT, {"text": said}, occasion)
