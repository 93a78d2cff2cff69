"""A case locked for an act, and the act's entry: every act on a case is one entry in the house's chain, whatever plans its tasks are of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseTask
from models.task import Task
from rules.case_transitions import CaseEvent, case_state_after
from rules.case_words import case_no, objection_until
from rules.errors import DubanError
from rules.rights import Act, Parties, refuse_without_right
from rules.texts import _
from services.ledger import Event, record
from services.occasion import Occasion
from services.reach import read_tree
from services.rule_sets import rule_set_on

LONGEST_NAME = 60


def parties_of_unit(session: Session, unit_id: int) -> Parties:
    """Return whom rights on a case are asked of: its unit stands where a task's lead does."""
    return read_tree(session).parties(unit_id)


def locked_case(session: Session, case_id: int, occasion: Occasion, act: Act, *, is_read_only: bool = False) -> AccountabilityCase:
    """Return the case with its row locked, unless it is only read; refuse an actor without the right on its unit, or a number nobody gave (unknown-case)."""
    found = sa.select(AccountabilityCase).where(col(AccountabilityCase.id) == case_id).execution_options(populate_existing=True)
    case: AccountabilityCase | None = session.execute(found if is_read_only else found.with_for_update()).scalar_one_or_none()
    if case is None:
        refuse_without_right(occasion.actor, act)
        raise unknown_case(case_id)
    refuse_without_right(occasion.actor, act, parties_of_unit(session, case.unit_id))
    return case


def unknown_case(case_id: int) -> DubanError:
    """Return the refusal of a case that does not exist or must not be seen; the two are told alike."""
    return DubanError("unknown-case", _("没有案卷 {id}，请用 duban case list 查看").format(id=case_id))


def tasks_of(session: Session, case_id: int) -> list[int]:
    """Return the tasks a case is about."""
    rows = sa.select(col(CaseTask.task_id)).where(col(CaseTask.case_id) == case_id).order_by(col(CaseTask.task_id))
    return list(session.execute(rows).scalars())


def plans_of(session: Session, case_id: int) -> list[int]:
    """Return the plans that a case's tasks are of."""
    tasks = sa.select(col(CaseTask.task_id)).where(col(CaseTask.case_id) == case_id)
    found = sa.select(col(Task.plan_id)).where(col(Task.id).in_(tasks)).distinct().order_by(col(Task.plan_id))
    return list(session.execute(found).scalars())


def last_objection_day(session: Session, served_on: date | None) -> date | None:
    """Return the last day for an objection, by the rule set of the day of service; None before the conclusion was served."""
    return objection_until(served_on, rule_set_on(session, served_on).objection_days) if served_on else None


def given(words: str, what: str) -> str:
    """Return words that must be given, without the space around them; refused with no-words where there are none."""
    said = words.strip()
    if not said:
        raise DubanError("no-words", _("请写明{what}").format(what=what))
    return said


def move_case(session: Session, case: AccountabilityCase, event: CaseEvent, said: Mapping[str, Any], occasion: Occasion) -> None:
    """Move the case by its transition table and enter the act; the caller has checked everything and written what else changes."""
    before = case.state
    case.state = case_state_after(before, event, case.kind)
    session.add(case)
    after = {"state": case.state.value, **said}
    enter(session, case, event.value, (before.value, after), occasion)


def enter(session: Session, case: AccountabilityCase, act: str, told: tuple[str | None, Mapping[str, Any]], occasion: Occasion) -> None:
    """Enter an act on a case: `told` is the state before, and what holds now."""
    before, after = told
    known = {"case": case.id, "number": case_no(case.year, case.number), "kind": case.kind.value, "unit_id": case.unit_id}
    event = Event(act, f"case {case.id}", before={"state": before} if before else {}, after={**known, **after})
    record(session, occasion, event)
