"""What the published rules propose on a day: cases to hold to account and to praise, each with the entries it fired on. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseKind
from models.ledger import LedgerEntry
from models.notice import Notice, NoticeLevel, NoticeState
from models.unit import Unit
from rules.case_rules import CaseRule, NoticeFacts, Proposal, TaskYear, Trace, proposals_of
from rules.case_words import fact_words, rule_words
from rules.rights import RIGHTS, Act, Actor, may, refuse_without_right
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.notice_list import NoticeFilter, list_notices
from services.notices import ISSUE_NOTICE, PREPARE_NOTICE
from services.past import past_on
from services.reach import read_tree
from services.rule_sets import rule_set_on

_TASK_ACTS = ("report", "submit", "complete", "report-missed")
_TRACE = tuple(getattr(LedgerEntry, name) for name in ("chain", "seq", "hash", "acted_on", "act", "task_id"))


@dataclass(frozen=True)
class ProposalRow:
    """A proposal as it is listed: its key to open a case by, unit and tasks by name, the rule as published, and the facts that met it."""

    key: str
    kind: CaseKind
    rule: CaseRule
    rule_words: str
    fact_words: str
    year: int
    unit_id: int
    unit: str
    tasks: tuple[tuple[int, str], ...]
    numbers: Mapping[str, Any]
    traces: tuple[Trace, ...]
    notice_id: int | None


@dataclass(frozen=True)
class _Register:
    """The units as they were on a day: their names, and which unit goes on where one has ended."""

    names: Mapping[int, str]
    successors: Mapping[int, int]

    def standing_for(self, unit_id: int) -> int:
        """Return the unit itself, or the last of those that took over from it."""
        seen = {unit_id}
        while (following := self.successors.get(unit_id)) is not None and following not in seen:
            seen.add(following)
            unit_id = following
        return unit_id


def list_proposals(session: Session, day: date, year: int | None = None, actor: Actor | None = None) -> list[ProposalRow]:
    """Return what is proposed on `day` for a year (not said: the day's own), but for what a case was opened of already, however it ended.

    Nobody named (None) is whoever holds the database: all. Code: no-right.
    """
    if actor is not None and actor.role not in RIGHTS[Act.OPEN_CASE]:
        refuse_without_right(actor, Act.OPEN_CASE)
    wanted = year or day.year
    rules = rule_set_on(session, day)
    records = {one.name.id: one for one in read_tasks(session, Viewpoint(min(day, date(wanted, 12, 31)), day), rules)}
    traces = _traces(session, wanted, day)
    tasks = [TaskYear(one.facts, one.name.lead_id, traces.get(one.name.id, {})) for one in records.values()]
    register = _register(session, day)
    found = proposals_of(wanted, tasks, [*_issued(session, day, register), *_prepared(session, day, register)], rules)
    taken, tree = _taken(session), read_tree(session)
    return [
        _listed(one, records, register)
        for one in found
        if one.key not in taken and (actor is None or may(actor, Act.OPEN_CASE, tree.parties(one.unit_id)))
    ]


def _register(session: Session, day: date) -> _Register:
    columns = sa.select(col(Unit.id), col(Unit.name), col(Unit.successor_id))
    rows = past_on(session, day, []).rows(Unit, [dict(row) for row in session.execute(columns).mappings()])
    return _Register({row["id"]: row["name"] for row in rows}, {row["id"]: row["successor_id"] for row in rows if row["successor_id"]})


def _listed(one: Proposal, records: Mapping[int, TaskRecord], register: _Register) -> ProposalRow:
    return ProposalRow(
        key=one.key,
        kind=one.kind,
        rule=one.rule,
        rule_words=rule_words(one.rule, one.numbers),
        fact_words=fact_words(one.rule, one.year, one.numbers),
        year=one.year,
        unit_id=one.unit_id,
        unit=register.names[one.unit_id],
        tasks=tuple((task_id, records[task_id].name.title) for task_id in one.task_ids if task_id in records),
        numbers=one.numbers,
        traces=one.traces,
        notice_id=one.notice_id,
    )


def _taken(session: Session) -> set[str]:
    """Return what cases were opened of, later ones too: a second is not opened by going back a day."""
    return {said["key"] for said in session.execute(sa.select(col(AccountabilityCase.grounds))).scalars() if said.get("key")}


def _traces(session: Session, year: int, day: date) -> dict[int, dict[str, list[Trace]]]:
    """Return the entries of the tasks since the year began, by task and act, oldest first."""
    entries = sa.select(*_TRACE).where(
        *(col(LedgerEntry.act).in_(_TASK_ACTS), col(LedgerEntry.acted_on) >= date(year, 1, 1), col(LedgerEntry.acted_on) <= day)
    )
    found: dict[int, dict[str, list[Trace]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(entries.order_by(col(LedgerEntry.chain), col(LedgerEntry.seq))).tuples():
        trace = Trace(*row)
        if trace.task_id is not None:
            found[trace.task_id][trace.act].append(trace)
    return found


def _issued(session: Session, day: date, register: _Register) -> Iterator[NoticeFacts]:
    units = _units_of_notices(session, register)
    for trace, after in _entries(session, ISSUE_NOTICE, day):
        if after["level"] != NoticeLevel.ACCOUNTABILITY.value and trace.task_id is not None:
            limit = date.fromisoformat(after["limit_on"]) if after.get("limit_on") else None
            unit_id, matter = units[after["notice"]]
            level = NoticeLevel(after["level"])
            yield NoticeFacts(after["notice"], trace.task_id, unit_id, level, matter, trace.day, trace, after["doc_no"], limit)


def _prepared(session: Session, day: date, register: _Register) -> Iterator[NoticeFacts]:
    """Give the ladder's proposals that stand: not set aside, and not without ground any more."""
    rows = list_notices(session, NoticeFilter(level=NoticeLevel.ACCOUNTABILITY), day)
    standing = {row.id: row for row in rows if row.state is not NoticeState.SET_ASIDE and not row.is_stale}
    if not standing:
        return
    units = _units_of_notices(session, register)
    for trace, after in _entries(session, PREPARE_NOTICE, day):
        row = standing.get(after["notice"])
        if row is not None:
            unit_id, matter = units[row.id]
            yield NoticeFacts(row.id, row.task_id, unit_id, row.level, matter, row.prepared_on, trace, row.doc_no, grounds=row.grounds)


def _entries(session: Session, act: str, day: date) -> Sequence[tuple[Trace, Mapping[str, Any]]]:
    wanted = sa.select(*_TRACE, col(LedgerEntry.after)).where(col(LedgerEntry.act) == act, col(LedgerEntry.acted_on) <= day)
    return [(Trace(*row[:-1]), row[-1]) for row in session.execute(wanted.order_by(col(LedgerEntry.id)))]


def _units_of_notices(session: Session, register: _Register) -> dict[int, tuple[int, str]]:
    """Return unit and matter of each notice; where the unit has ended, the one that goes on with its work."""
    rows = session.execute(sa.select(col(Notice.id), col(Notice.unit_id), col(Notice.matter))).tuples()
    return {notice_id or 0: (register.standing_for(unit_id), matter) for notice_id, unit_id, matter in rows}
