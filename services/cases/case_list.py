"""Cases as they are listed and shown: as they stood on a day, to whoever may see them. A unit sees its own, without the conclusion until it is served."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import AccountRole
from models.case import AccountabilityCase, CaseKind, CaseState, CaseTask
from models.plan import PlanItem
from models.task import Task
from models.unit import Unit
from rules.case_words import case_no
from rules.rights import Act, Actor, may
from services.cases.case_files import COLUMNS
from services.cases.case_rows import last_objection_day, unknown_case
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.past import past_on
from services.reach import read_tree, units_from
from services.task_rows import Row, among, columns_of

_BEFORE_SERVICE = (CaseState.OPENED, CaseState.DRAFTED, CaseState.APPROVED, CaseState.DROPPED)


@dataclass(frozen=True)
class CaseFilter:
    """Which cases are wanted; None lets all pass. `ids` are their numbers, where a page of them was chosen before.

    `is_present`: the day is today, so that what is stored narrows the search.
    """

    state: CaseState | None = None
    kind: CaseKind | None = None
    unit_id: int | None = None
    ids: tuple[int, ...] | None = None
    is_present: bool = False


@dataclass(frozen=True)
class CaseRow:
    """A case as it is listed. `objection_until` is the last day to object; what a unit must not see yet is None or empty."""

    id: int
    number: str
    kind: CaseKind
    state: CaseState
    unit_id: int
    unit: str
    tasks: tuple[tuple[int, str], ...]
    rule: str | None
    basis: str
    opened_on: date
    statement: str | None
    statement_on: date | None
    conclusion: str | None
    demand: str
    demand_by: date | None
    drafter: str | None
    drafted_on: date | None
    approver: str | None
    approved_on: date | None
    served_on: date | None
    receiver: str | None
    objection_until: date | None
    objection: str | None
    objected_on: date | None
    decision: str | None
    rectification: str | None
    rectified_on: date | None
    verification: str | None
    verified_on: date | None
    reason: str | None

    @property
    def waits_since(self) -> date | None:
        """Return since when the office has the next step, None where the unit has it or nothing is left: to approve, to serve, to answer, to verify."""
        return {
            CaseState.DRAFTED: self.drafted_on,
            CaseState.APPROVED: self.approved_on,
            CaseState.OBJECTED: self.objected_on,
            CaseState.RECTIFIED: self.rectified_on,
        }.get(self.state)


def list_cases(session: Session, wanted: CaseFilter, day: date, actor: Actor | None = None) -> list[CaseRow]:
    """Return the cases that pass the filter as they stood at the end of `day`, the newest first. Nobody named (None) is whoever holds the database: all."""
    past = past_on(session, day, [])
    cases = columns_of(AccountabilityCase, *COLUMNS).where(*_conditions(wanted))
    rows = past.rows(AccountabilityCase, [dict(row) for row in session.execute(cases).mappings()])
    if not rows:
        return []
    units = columns_of(Unit, "id", "name").where(among(col(Unit.id), {row["unit_id"] for row in rows}))
    names = {unit["id"]: str(unit["name"]) for unit in past.rows(Unit, [dict(row) for row in session.execute(units).mappings()])}
    tree = read_tree(session) if actor else None
    seen = [row for row in rows if _passes(row, wanted)]
    if actor is not None and tree is not None:
        seen = [row for row in seen if may(actor, Act.READ, tree.parties(row["unit_id"]))]
        # What is proposed of a unit below is that unit's and the office's business.
        seen = [row for row in seen if actor.role is not AccountRole.UNIT or row["unit_id"] == actor.unit_id]
    tasks = _tasks(session, [row["id"] for row in seen])
    found = [_listed(session, row, names, tasks.get(row["id"], ())) for row in sorted(seen, key=lambda row: -row["id"])]
    return [_as_seen(row, actor) for row in found]


def case_page(session: Session, wanted: CaseFilter, day: date, ask: PageAsk, actor: Actor) -> KeyPage[CaseRow]:
    """Return a page of the cases that pass the filter as they stood at the end of `day` and that the actor may see."""
    numbers = sa.select(col(AccountabilityCase.id)).where(*_conditions(wanted))
    if wanted.is_present and actor.unit_id is not None:
        numbers = numbers.where(col(AccountabilityCase.unit_id).in_(units_from(actor.unit_id)))
    return page_of(session, numbers, ask, lambda ids: by_number(list_cases(session, replace(wanted, ids=tuple(ids)), day, actor)))


def show_case(session: Session, case_id: int, day: date, actor: Actor | None = None) -> CaseRow:
    """Return one case; an unknown one, or one the actor may not see, is refused alike."""
    found = next((row for row in list_cases(session, CaseFilter(ids=(case_id,)), day, actor) if row.id == case_id), None)
    if found is None:
        raise unknown_case(case_id)
    return found


def _passes(row: Row, wanted: CaseFilter) -> bool:
    asked = (("state", wanted.state), ("kind", wanted.kind), ("unit_id", wanted.unit_id))
    return all(value is None or row[name] == value for name, value in asked)


def _conditions(wanted: CaseFilter) -> Iterator[sa.ColumnElement[bool]]:
    """Give what keeps cases out that cannot pass; what has changed since the day asked for narrows nothing."""
    if wanted.ids is not None:
        yield among(col(AccountabilityCase.id), wanted.ids)
    if wanted.is_present:
        stored = {AccountabilityCase.state: wanted.state, AccountabilityCase.kind: wanted.kind, AccountabilityCase.unit_id: wanted.unit_id}
        yield from (col(column) == value for column, value in stored.items() if value is not None)


def _tasks(session: Session, case_ids: Iterable[int]) -> Mapping[int, Sequence[tuple[int, str]]]:
    rows = sa.select(col(CaseTask.case_id), col(Task.id), col(PlanItem.title), col(Task.label))
    rows = rows.join(Task, col(Task.id) == col(CaseTask.task_id)).join(PlanItem, col(PlanItem.id) == col(Task.item_id))
    rows = rows.where(among(col(CaseTask.case_id), case_ids))
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for case_id, task_id, title, label in session.execute(rows.order_by(col(Task.id))).tuples():
        found[case_id].append((task_id or 0, f"{title}（{label}）"))
    return found


def _listed(session: Session, row: Row, names: Mapping[int, str], tasks: Sequence[tuple[int, str]]) -> CaseRow:
    until = last_objection_day(session, row["served_on"])
    own = {"number", "unit", "tasks", "objection_until"}
    said = {name: row[name] for name in CaseRow.__dataclass_fields__ if name not in own}
    return CaseRow(
        number=case_no(row["year"], row["number"]), unit=names[row["unit_id"]], tasks=tuple(tasks), objection_until=until, **said
    )


def _as_seen(row: CaseRow, actor: Actor | None) -> CaseRow:
    if actor is None or actor.role is not AccountRole.UNIT or row.state not in _BEFORE_SERVICE:
        return row
    said = {**vars(row), "conclusion": None, "demand": "", "demand_by": None, "reason": None}
    said |= dict.fromkeys(("drafter", "drafted_on", "approver", "approved_on"))
    return CaseRow(**said)
