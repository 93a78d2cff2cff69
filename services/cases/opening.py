"""Opening a case: from what a rule proposed, from a proposal of the ladder, or by a person on another basis. The program opens none by itself."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseKind, CaseTask
from models.notice import Notice, NoticeLevel
from rules.case_transitions import is_over
from rules.case_words import case_no
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.cases.case_rows import enter, given, parties_of_unit
from services.cases.proposals import ProposalRow, list_proposals
from services.notices import lock_plans, unknown_notice
from services.occasion import Occasion
from services.reach import parties_of
from services.rule_sets import rule_set_on
from services.units import unit_named

OPEN_CASE = "open-case"


@dataclass(frozen=True)
class Ground:
    """What a person opens a case on: its kind, the basis in words, the unit where it is not the lead, further tasks, and the effect."""

    basis: str
    kind: CaseKind = CaseKind.ACCOUNTABILITY
    unit: str | None = None
    more_tasks: tuple[int, ...] = ()
    effect: str = ""


def open_proposed(session: Session, key: str, occasion: Occasion, basis: str = "") -> int:
    """Open a case of what a rule proposes on the day and return its id; `basis` adds the office's own words to the rule's.

    Codes: unknown-proposal (not proposed today, or a case was opened of it), case-open.
    """
    lock_plans(session)
    found = _proposed(session, key, occasion.day)
    if found is None:
        refuse_without_right(occasion.actor, Act.OPEN_CASE)
        text = _("今天没有“{key}”这一建议，或者已经立案；请用 duban case propose 查看")
        raise DubanError("unknown-proposal", text.format(key=key))
    refuse_without_right(occasion.actor, Act.OPEN_CASE, parties_of_unit(session, found.unit_id))
    row = AccountabilityCase(
        kind=found.kind,
        year=occasion.day.year,
        number=0,
        unit_id=found.unit_id,
        notice_id=found.notice_id,
        rule=found.rule.value,
        grounds=_grounds(found, rule_set_on(session, occasion.day).version),
        basis=basis.strip() or _("{rule}；{fact}").format(rule=found.rule_words, fact=found.fact_words),
        opened_on=occasion.day,
    )
    return _open(session, row, [task_id for task_id, _title in found.tasks], occasion)


def open_from_notice(session: Session, notice_id: int, occasion: Occasion, basis: str = "") -> int:
    """Open a case of a proposal that the ladder made. Codes: unknown-notice, not-a-proposal, unknown-proposal (its ground is gone, or a case was opened)."""
    notice = session.execute(sa.select(Notice).where(col(Notice.id) == notice_id)).scalar_one_or_none()
    if notice is None:
        refuse_without_right(occasion.actor, Act.OPEN_CASE)
        raise unknown_notice(notice_id)
    refuse_without_right(occasion.actor, Act.OPEN_CASE, parties_of(session, notice.task_id))
    if notice.level is not NoticeLevel.ACCOUNTABILITY:
        raise DubanError("not-a-proposal", _("通知单 {id} 不是问责建议，不能据以立案").format(id=notice_id))
    return open_proposed(session, f"{notice.matter}/notice-{notice_id}", occasion, basis)


def open_on_basis(session: Session, task_id: int, ground: Ground, occasion: Occasion) -> int:
    """Open a case that no rule proposed, on a basis a person states; return its id.

    Codes: unknown-task, unknown-unit, no-words, not-responsible (the unit has no part in a task), case-open.
    """
    parties = parties_of(session, task_id)
    unit_id = parties.lead_id if ground.unit is None else unit_named(session, ground.unit)
    refuse_without_right(occasion.actor, Act.OPEN_CASE, parties_of_unit(session, unit_id))
    task_ids = list(dict.fromkeys((task_id, *ground.more_tasks)))
    for one in task_ids:
        _refuse_irresponsible(session, one, unit_id)
    basis = given(ground.basis, _("立案依据（--basis）"))
    lock_plans(session)
    row = AccountabilityCase(
        kind=ground.kind,
        year=occasion.day.year,
        number=0,
        unit_id=unit_id,
        basis=basis,
        effect=ground.effect.strip(),
        opened_on=occasion.day,
    )
    return _open(session, row, task_ids, occasion)


def _open(session: Session, row: AccountabilityCase, task_ids: Sequence[int], occasion: Occasion) -> int:
    """Number the case and write it with its tasks and its entry; the plans are locked, so that numbers are given one after the other."""
    _refuse_second(session, row, task_ids)
    last = sa.select(sa.func.coalesce(sa.func.max(col(AccountabilityCase.number)), 0)).where(col(AccountabilityCase.year) == row.year)
    row.number = int(session.execute(last).scalar_one()) + 1
    session.add(row)
    session.flush()
    assert row.id is not None
    session.add_all(CaseTask(case_id=row.id, task_id=task_id) for task_id in task_ids)
    said: dict[str, Any] = {"state": row.state.value, "rule": row.rule, "basis": row.basis, "tasks": list(task_ids), "grounds": row.grounds}
    enter(session, row, OPEN_CASE, (None, said), occasion)
    return row.id


def _refuse_second(session: Session, row: AccountabilityCase, task_ids: Sequence[int]) -> None:
    same = (
        col(AccountabilityCase.unit_id) == row.unit_id,
        col(AccountabilityCase.kind) == row.kind,
        col(AccountabilityCase.rule).is_not_distinct_from(row.rule),
        col(CaseTask.task_id).in_(task_ids),
    )
    about = sa.select(AccountabilityCase).join(CaseTask, col(CaseTask.case_id) == col(AccountabilityCase.id)).where(*same)
    for other in session.execute(about.order_by(col(AccountabilityCase.id))).scalars():
        if not is_over(other.state, other.kind, demands=bool(other.demand)):
            text = _("这个单位、这项任务同一事由已有案卷 {id}（{number}），请在其中办理")
            raise DubanError("case-open", text.format(id=other.id, number=case_no(other.year, other.number)))


def _proposed(session: Session, key: str, day: date) -> ProposalRow | None:
    written = re.search(r"/(\d{4})$", key or "")
    years = (int(written.group(1)),) if written else (day.year, day.year - 1)
    return next((one for year in years if year > 0 for one in list_proposals(session, day, year) if one.key == key), None)


def _grounds(found: ProposalRow, version: str) -> dict[str, Any]:
    entries = [{**asdict(trace), "day": trace.day.isoformat()} for trace in found.traces]
    return {"key": found.key, "year": found.year, "numbers": dict(found.numbers), "entries": entries, "rule_set": version}


def _refuse_irresponsible(session: Session, task_id: int, unit_id: int) -> None:
    parties = parties_of(session, task_id)
    if unit_id != parties.lead_id and unit_id not in parties.support_ids:
        raise DubanError("not-responsible", _("这个单位没有承担任务 {task}，不能就此立案").format(task=task_id))
