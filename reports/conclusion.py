"""The frozen view of a served conclusion, of the decision on an objection to it, and of a proposal of praise: what leaves the house of a case file.

It holds nothing that is the house's own business: no notice nobody issued, no proposal to hold to account, no name of an office's person.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from models.case import CaseKind, ObjectionOutcome
from reports.case import CaseDuty, CaseFact, CaseFile, EntryRef

SCHEMA = "duban/conclusion/1"


class ConclusionForm(StrEnum):
    """Which paper it is."""

    CONCLUSION = "conclusion"
    DECISION = "decision"
    PRAISE = "praise"


@dataclass(frozen=True)
class ConclusionView:
    """What the paper states. `objection_until` is the last day to object, None where there is none; `corrects` the number of the paper that a decision is about.

    `proposal` and `competent_body` are told for praise only; `facts` are the lines of the case file with its own evidence numbers.
    """

    schema: str
    form: ConclusionForm
    case: str
    unit: str
    on: date
    rule: str
    fact: str
    tasks: tuple[CaseDuty, ...]
    facts: tuple[CaseFact, ...]
    statement: str | None
    statement_on: date | None
    words: str
    effect: str
    proposal: str
    competent_body: str
    demand: str
    demand_by: date | None
    objection_days: int
    objection_until: date | None
    objected_on: date | None
    objection: str | None
    outcome: ObjectionOutcome | None
    receiver: str | None
    corrects: str
    rule_set: str
    rule_sha256: str
    ledger_heads: tuple[EntryRef, ...]


def conclusion_of(file: CaseFile, form: ConclusionForm, corrects: str = "") -> ConclusionView:
    """Return what goes out of a case file that was put together for the day it goes out."""
    words, is_decision = file.words, form is ConclusionForm.DECISION
    is_praise = file.kind is CaseKind.PRAISE
    return ConclusionView(
        schema=SCHEMA,
        form=form,
        case=file.number,
        unit=file.unit,
        on=file.as_of,
        rule=file.rule if is_praise else "",
        fact=file.fact if is_praise else "",
        tasks=file.tasks,
        facts=tuple(replace(line, person="") for line in file.chronology if not line.is_inside),
        statement=words.statement,
        statement_on=words.statement_on,
        words=(words.decision if is_decision else words.conclusion) or "",
        effect=words.effect,
        proposal=words.proposal if is_praise else "",
        competent_body=words.competent_body if is_praise else "",
        demand=words.demand,
        demand_by=words.demand_by,
        objection_days=file.objection_days,
        objection_until=words.objection_until if form is ConclusionForm.CONCLUSION else None,
        objected_on=words.objected_on,
        objection=words.objection,
        outcome=words.outcome if is_decision else None,
        receiver=None if is_decision else words.receiver,
        corrects=corrects,
        rule_set=file.rule_set,
        rule_sha256=file.rule_sha256,
        ledger_heads=file.ledger_heads,
    )
