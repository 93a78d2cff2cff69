"""Answering an objection: the conclusion stands or is changed, in a person's words, filed as a paper that refers to the first and sent to the unit."""

from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from models.case import AccountabilityCase, ObjectionOutcome
from reports.conclusion import ConclusionForm, conclusion_of
from rules.case_transitions import CaseEvent, case_state_after
from rules.rights import Act
from rules.texts import _
from services.cases.case_files import compile_case_file
from services.cases.case_rows import given, locked_case, move_case
from services.cases.concluding import refuse_own_conclusion, refuse_unclear_demand
from services.cases.serving import CaseDesk, Going, Served, file_case_paper, first_conclusion, postings_of, send_case_paper
from services.occasion import Occasion


@dataclass(frozen=True)
class Decision:
    """What became of an objection, why, and the demand where it is changed (empty and None: as it was). `lifts_demand`: nothing is demanded any more."""

    outcome: ObjectionOutcome
    words: str
    demand: str = ""
    demand_by: date | None = None
    lifts_demand: bool = False
    contact: str | None = None


def decide_objection(session: Session, case_id: int, decision: Decision, desk: CaseDesk, occasion: Occasion) -> Served:
    """Answer the unit's objection; whoever drafted the conclusion cannot.

    Codes: unknown-case, case-not-now, own-conclusion, no-words, demand-incomplete, limit-passed.
    """
    case = locked_case(session, case_id, occasion, Act.APPROVE_CASE)
    case_state_after(case.state, CaseEvent.DECIDE, case.kind)
    refuse_own_conclusion(case, occasion)
    words = given(decision.words, _("答复的内容"))
    demand, demand_by = _demand_after(case, decision, occasion.day)
    first = first_conclusion(session, case_id)
    file = compile_case_file(session, case_id, occasion.day)
    said = replace(file.words, decision=words, decided_on=occasion.day, outcome=decision.outcome, demand=demand, demand_by=demand_by)
    view = conclusion_of(replace(file, words=said), ConclusionForm.DECISION, first.doc_no)
    going = Going(occasion, decision.contact, approver=occasion.actor.name, corrects_id=first.id)
    filed = file_case_paper(session, case, view, desk, going)
    postings = postings_of(session, case, desk, occasion.day)
    told = _("现送达对{doc_no}的复核决定，请查收附件。").format(doc_no=first.doc_no)
    message_ids = send_case_paper(session, filed, postings, (desk, told), occasion)
    case.decided_on, case.outcome, case.decision = occasion.day, decision.outcome, words
    case.demand, case.demand_by = demand, demand_by
    entry = {**filed.as_entry(), "outcome": decision.outcome.value, "text": words, "corrects": first.doc_no, "messages": list(message_ids)}
    move_case(session, case, CaseEvent.DECIDE, {**entry, "demand": demand, "demand_by": demand_by and demand_by.isoformat()}, occasion)
    return Served(filed, postings, message_ids)


def _demand_after(case: AccountabilityCase, decision: Decision, day: date) -> tuple[str, date | None]:
    """Return what is demanded from now on, and until when."""
    if decision.lifts_demand:
        return "", None
    if decision.demand.strip() or decision.demand_by:
        refuse_unclear_demand(decision.demand or case.demand, decision.demand_by or case.demand_by, day)
    return decision.demand.strip() or case.demand, decision.demand_by or case.demand_by
