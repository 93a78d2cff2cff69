"""Answering an objection: the conclusion stands or is changed, in a person's words, filed as a paper that refers to the first and sent to the unit."""

from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from models.case import AccountabilityCase, ObjectionOutcome
from models.publication import Publication
from reports.conclusion import ConclusionForm, ConclusionView, conclusion_of
from reports.conclusion_paper import conclusion_paper
from rules.case_transitions import CaseEvent, case_state_after
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from services.cases.case_files import compile_case_file
from services.cases.case_rows import given, locked_case, move_case
from services.cases.concluding import refuse_own_conclusion, refuse_unclear_demand
from services.cases.serving import (
    CaseDesk,
    Going,
    Prepared,
    Served,
    file_case_paper,
    first_conclusion,
    imprint_of,
    postings_of,
    send_case_paper,
)
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


@dataclass(frozen=True)
class _Answer:
    """An answer that was looked at: its words, what is demanded from now on and until when, the first paper, and the view of this one."""

    words: str
    demand: str
    demand_by: date | None
    first: Publication
    view: ConclusionView


def preview_decision(session: Session, case_id: int, decision: Decision, desk: CaseDesk, occasion: Occasion) -> Prepared:
    """Return what `decide_objection` would send, with the same refusals; nothing is written."""
    case = locked_case(session, case_id, occasion, Act.APPROVE_CASE, is_read_only=True)
    answer = _answer(session, case, decision, occasion)
    return Prepared(conclusion_paper(answer.view, imprint_of(desk, decision.contact, None)), postings_of(session, case, desk, occasion.day))


def decide_objection(session: Session, case_id: int, decision: Decision, desk: CaseDesk, occasion: Occasion) -> Served:
    """Answer the unit's objection; whoever drafted the conclusion cannot.

    Codes: unknown-case, case-not-now, own-conclusion, no-words, demand-incomplete, limit-passed, upheld-unchanged.
    """
    case = locked_case(session, case_id, occasion, Act.APPROVE_CASE)
    answer = _answer(session, case, decision, occasion)
    going = Going(occasion, decision.contact, approver=occasion.actor.name, corrects_id=answer.first.id)
    filed = file_case_paper(session, case, answer.view, desk, going)
    postings = postings_of(session, case, desk, occasion.day)
    told = _("现送达对{doc_no}的复核决定，请查收附件。").format(doc_no=answer.first.doc_no)
    message_ids = send_case_paper(session, filed, postings, (desk, told), occasion)
    case.decided_on, case.outcome, case.decision = occasion.day, decision.outcome, answer.words
    case.demand, case.demand_by = answer.demand, answer.demand_by
    entry = {**filed.as_entry(), "outcome": decision.outcome.value, "text": answer.words, "corrects": answer.first.doc_no}
    entry |= {"messages": list(message_ids), "demand": answer.demand, "demand_by": answer.demand_by and answer.demand_by.isoformat()}
    move_case(session, case, CaseEvent.DECIDE, entry, occasion)
    return Served(filed, postings, message_ids)


def _answer(session: Session, case: AccountabilityCase, decision: Decision, occasion: Occasion) -> _Answer:
    case_state_after(case.state, CaseEvent.DECIDE, case.kind)
    refuse_own_conclusion(case, occasion)
    words = given(decision.words, _("答复的内容"))
    demand, demand_by = _demand_after(case, decision, occasion.day)
    if decision.outcome is ObjectionOutcome.UPHELD and (demand, demand_by) != (case.demand, case.demand_by):
        raise DubanError("upheld-unchanged", _("维持结论时整改要求也不变；要改整改要求，请写 --outcome changed"))
    first = first_conclusion(session, case.id or 0)
    file = compile_case_file(session, case.id or 0, occasion.day)
    said = replace(file.words, decision=words, decided_on=occasion.day, outcome=decision.outcome, demand=demand, demand_by=demand_by)
    view = conclusion_of(replace(file, words=said), ConclusionForm.DECISION, first.doc_no)
    return _Answer(words, demand, demand_by, first, view)


def _demand_after(case: AccountabilityCase, decision: Decision, day: date) -> tuple[str, date | None]:
    """Return what is demanded from now on, and until when."""
    if decision.lifts_demand:
        return "", None
    if decision.demand.strip() or decision.demand_by:
        refuse_unclear_demand(decision.demand or case.demand, decision.demand_by or case.demand_by, day)
    return decision.demand.strip() or case.demand, decision.demand_by or case.demand_by
