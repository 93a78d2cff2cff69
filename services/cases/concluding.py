"""A conclusion, from draft to approval, and dropping a case. Every word of it is a person's; the program only cautions where a person or a penalty stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import Account, AccountRole
from models.case import AccountabilityCase, CaseKind
from models.unit import Contact
from rules.case_transitions import CaseEvent, case_state_after
from rules.case_words import cautions
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from services.cases.case_rows import given, locked_case, move_case
from services.occasion import Occasion


@dataclass(frozen=True)
class Conclusion:
    """What a person concludes: on the matter, what is proposed to which competent body, and the rectification demanded until a day."""

    words: str
    effect: str = ""
    proposal: str = ""
    competent_body: str = ""
    demand: str = ""
    demand_by: date | None = None


def conclude_case(session: Session, case_id: int, said: Conclusion, occasion: Occasion) -> tuple[str, ...]:
    """Draft a conclusion, or draft it anew, which takes back an approval; return what its author should look at again.

    Codes: unknown-case, case-not-now, no-words, no-competent-body, demand-incomplete, limit-passed, praise-demands.
    """
    case = locked_case(session, case_id, occasion, Act.CONCLUDE_CASE)
    case_state_after(case.state, CaseEvent.CONCLUDE, case.kind)
    words = given(said.words, _("结论"))
    _refuse_incomplete(case, said, occasion.day)
    people = _people(session, case.unit_id)
    case.conclusion, case.proposal, case.competent_body = words, said.proposal.strip(), said.competent_body.strip()
    case.demand, case.demand_by, case.effect = said.demand.strip(), said.demand_by, said.effect.strip() or case.effect
    case.drafted_on, case.drafter, case.approved_on, case.approver = occasion.day, occasion.actor.name, None, None
    told = {"text": words, "proposal": case.proposal, "competent_body": case.competent_body, "effect": case.effect, "demand": case.demand}
    found = (*_unheard(case), *cautions(_all_words(case), people))
    move_case(session, case, CaseEvent.CONCLUDE, {**told, "demand_by": case.demand_by and case.demand_by.isoformat()}, occasion)
    return found


def approve_case(session: Session, case_id: int, occasion: Occasion) -> None:
    """Approve a drafted conclusion; whoever drafted it cannot. Codes: unknown-case, case-not-now, own-conclusion."""
    case = locked_case(session, case_id, occasion, Act.APPROVE_CASE)
    case_state_after(case.state, CaseEvent.APPROVE, case.kind)
    refuse_own_conclusion(case, occasion)
    case.approved_on, case.approver = occasion.day, occasion.actor.name
    move_case(session, case, CaseEvent.APPROVE, {}, occasion)


def drop_case(session: Session, case_id: int, reason: str, occasion: Occasion) -> None:
    """End a case that was not served, with the reason; the same is not proposed again. Codes: unknown-case, case-not-now, no-words."""
    case = locked_case(session, case_id, occasion, Act.OPEN_CASE)
    case_state_after(case.state, CaseEvent.DROP, case.kind)
    case.reason = given(reason, _("撤销案卷的理由"))
    move_case(session, case, CaseEvent.DROP, {"reason": case.reason}, occasion)


def refuse_own_conclusion(case: AccountabilityCase, occasion: Occasion) -> None:
    """Refuse, with own-conclusion, whoever drafted the conclusion he is to judge."""
    if case.drafter == occasion.actor.name:
        raise DubanError(
            "own-conclusion", _("结论由账号 {name} 拟写，不能由同一人批准或答复异议，请由另一人办理").format(name=case.drafter)
        )


def _refuse_incomplete(case: AccountabilityCase, said: Conclusion, day: date) -> None:
    if bool(said.proposal.strip()) != bool(said.competent_body.strip()):
        raise DubanError("no-competent-body", _("提出建议须同时写明建议内容（--proposal）和有权机关（--body）"))
    refuse_unclear_demand(said.demand, said.demand_by, day)
    if case.kind is CaseKind.PRAISE and said.demand.strip():
        raise DubanError("praise-demands", _("表扬案卷不提整改要求"))


def refuse_unclear_demand(demand: str, demand_by: date | None, day: date) -> None:
    """Refuse a demand without its day, or a day without a demand (demand-incomplete), or a day that has passed (limit-passed)."""
    if bool(demand.strip()) != (demand_by is not None):
        raise DubanError("demand-incomplete", _("整改要求须同时写明内容（--demand）和时限（--demand-by）"))
    if demand_by is not None and demand_by < day:
        raise DubanError("limit-passed", _("新的时限 {day} 已经过去").format(day=demand_by))


def _all_words(case: AccountabilityCase) -> str:
    return "\n".join((case.conclusion or "", case.demand, case.effect))


def _unheard(case: AccountabilityCase) -> Iterator[str]:
    if case.kind is CaseKind.ACCOUNTABILITY and not case.statement:
        yield _("单位还没有陈述；请先听取单位的说明和申辩（duban case statement）")


def _people(session: Session, unit_id: int) -> list[str]:
    """Return the names of the unit's people that the house knows."""
    contacts = session.execute(sa.select(col(Contact.name)).where(col(Contact.unit_id) == unit_id)).scalars()
    of_unit = (col(Account.unit_id) == unit_id, col(Account.role) == AccountRole.UNIT)
    return [*contacts, *session.execute(sa.select(col(Account.name)).where(*of_unit)).scalars()]
