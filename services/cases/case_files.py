"""A case file put together as of a day: the case's row as it was then, its tasks as they stood, and what the ledger tells of both."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import AccountRole
from models.case import AccountabilityCase
from models.ledger import LedgerEntry
from models.plan import Plan
from models.unit import Unit
from reports.case import SCHEMA, CaseDuty, CaseFile, CaseTarget, CaseWords, EntryRef
from rules.case_rules import CaseRule
from rules.case_words import case_no, fact_words, rule_words
from rules.lights import days_overdue, gap_of, is_done, light_of, pace_of
from rules.rights import Act, Actor, may
from rules.rule_set import RuleSet
from rules.target_words import actual_words, missing_words, wanted_words
from rules.targets import gap_pp
from services.cases.case_rows import last_objection_day, parties_of_unit, plans_of, tasks_of, unknown_case
from services.cases.chronicle import chronology
from services.changes import table_of
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.ledger import chain_of
from services.past import Past, past_on
from services.rule_sets import rule_set_on
from services.target_lines import shown
from services.task_rows import Row, columns_of

COLUMNS = tuple(column.key for column in table_of(AccountabilityCase).columns)


def compile_case_file(session: Session, case_id: int, day: date, actor: Actor | None = None) -> CaseFile:
    """Return the case file as of the end of `day`. It is the office's own paper: a unit gets the conclusion, not the file. Code: unknown-case."""
    past = past_on(session, day, [])
    row = _row_on(session, past, case_id)
    if row is None or not _may_see(session, row, actor):
        raise unknown_case(case_id)
    task_ids, rules = tasks_of(session, case_id), rule_set_on(session, day)
    records = read_tasks(session, Viewpoint(day, day), rules, plans_of(session, case_id))
    duties = tuple(_duty(session, one, records, day, rules) for one in records if one.name.id in task_ids)
    rule = CaseRule(row["rule"]) if row["rule"] else None
    grounds = row["grounds"]
    plan_ids = sorted({one.name.plan_id for one in records if one.name.id in task_ids})
    return CaseFile(
        schema=SCHEMA,
        id=case_id,
        number=case_no(row["year"], row["number"]),
        kind=row["kind"],
        state=row["state"],
        as_of=day,
        opened_on=row["opened_on"],
        unit=_unit_name(session, past, row["unit_id"]),
        basis=row["basis"],
        rule_code=rule.value if rule else None,
        rule=rule_words(rule, grounds["numbers"]) if rule else "",
        fact=fact_words(rule, grounds["year"], grounds["numbers"]) if rule else "",
        fired_on=tuple(EntryRef(one["chain"], one["seq"], one["hash"]) for one in grounds.get("entries", ())),
        tasks=duties,
        chronology=chronology(session, case_id, task_ids, day),
        words=_words(session, row),
        objection_days=rules.objection_days,
        rule_set=rules.version,
        rule_sha256=rules.sha256,
        ledger_heads=_heads(session, plan_ids, day),
    )


def _row_on(session: Session, past: Past, case_id: int) -> Row | None:
    rows = session.execute(columns_of(AccountabilityCase, *COLUMNS).where(col(AccountabilityCase.id) == case_id)).mappings()
    return next(iter(past.rows(AccountabilityCase, [dict(row) for row in rows])), None)


def _may_see(session: Session, row: Row, actor: Actor | None) -> bool:
    if actor is None:
        return True
    return actor.role is not AccountRole.UNIT and may(actor, Act.READ, parties_of_unit(session, row["unit_id"]))


def _unit_name(session: Session, past: Past, unit_id: int) -> str:
    rows = session.execute(columns_of(Unit, "id", "name").where(col(Unit.id) == unit_id)).mappings()
    return str(past.rows(Unit, [dict(row) for row in rows])[0]["name"])


def _duty(session: Session, record: TaskRecord, records: Sequence[TaskRecord], day: date, rules: RuleSet) -> CaseDuty:
    name, facts = record.name, record.facts
    plan = session.execute(sa.select(col(Plan.title), col(Plan.doc_no)).where(col(Plan.id) == name.plan_id)).one()
    reading = light_of(facts, day, rules)
    completed_on = facts.completed_on if is_done(facts) else None
    early = (min(facts.due_on, facts.original_due_on) - completed_on).days if completed_on else 0
    return CaseDuty(
        id=name.id,
        plan=plan.title,
        plan_doc_no=plan.doc_no,
        number=name.number,
        item=name.item_title,
        label=name.label,
        text=name.text,
        lead=name.lead,
        since=facts.handed_on,
        supports=_names(session, name.support_ids),
        starts_on=facts.starts_on,
        due_on=facts.due_on,
        original_due_on=facts.original_due_on,
        state=facts.state.value,
        light=reading.light.value,
        reasons=tuple(text for _code, text in reading.reasons),
        completed_on=completed_on,
        days_overdue=days_overdue(facts, day),
        days_early=max(0, early),
        targets=_targets(record, day),
        missing=tuple(words for words in map(missing_words, facts.targets) if words),
        **_dependents(record, records),
    )


def _targets(record: TaskRecord, day: date) -> tuple[CaseTarget, ...]:
    pace = pace_of(record.facts, day)
    told = record.facts.targets
    lines = tuple(CaseTarget(one.measure, wanted_words(one), actual_words(one), shown(pace), shown(gap_pp(one, pace))) for one in told)
    if not lines and record.facts.milestones:
        return (CaseTarget("", "", None, shown(pace), shown(gap_of(record.facts, day))),)
    return lines


def _dependents(record: TaskRecord, records: Sequence[TaskRecord]) -> dict[str, tuple[str, ...]]:
    others = [one for one in records if one.name.id != record.name.id and not is_done(one.facts)]
    same_item = [one for one in others if one.name.item_id == record.name.item_id and one.name.parent_id == record.name.parent_id]
    return {
        "follows": tuple(one.name.label for one in same_item if one.facts.starts_on > record.facts.due_on),
        "handed_down": tuple(f"{one.name.lead}（{one.name.title}）" for one in others if one.name.parent_id == record.name.id),
    }


def _names(session: Session, unit_ids: Sequence[int]) -> tuple[str, ...]:
    names = dict(session.execute(sa.select(col(Unit.id), col(Unit.name)).where(col(Unit.id).in_(unit_ids))).tuples().all())
    return tuple(names[unit_id] for unit_id in unit_ids)


def _words(session: Session, row: Mapping[str, Any]) -> CaseWords:
    until = last_objection_day(session, row["served_on"])
    return CaseWords(objection_until=until, **{name: row[name] for name in CaseWords.__dataclass_fields__ if name != "objection_until"})


def _heads(session: Session, plan_ids: Sequence[int], day: date) -> tuple[EntryRef, ...]:
    """Return where each plan's chain ended on the day, so that the file made again for the day says the same."""
    chains = [chain_of(plan_id) for plan_id in plan_ids]
    until = (col(LedgerEntry.chain).in_(chains), col(LedgerEntry.acted_on) <= day)
    last = sa.select(col(LedgerEntry.chain), sa.func.max(col(LedgerEntry.seq)).label("seq")).where(*until).group_by(col(LedgerEntry.chain))
    ends = last.subquery()
    columns = sa.select(col(LedgerEntry.chain), col(LedgerEntry.seq), col(LedgerEntry.hash))
    heads = columns.join(ends, sa.and_(ends.c.chain == col(LedgerEntry.chain), ends.c.seq == col(LedgerEntry.seq)))
    return tuple(EntryRef(*row) for row in session.execute(heads.order_by(col(LedgerEntry.chain))).tuples())
