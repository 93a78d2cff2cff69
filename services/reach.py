"""How far units reach: the tree of units, read once, and the parties of tasks that rights are asked with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from models.task import Assignment, AssignmentRole
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import Act, Actor, Parties, may
from rules.texts import _
from services.answers import answer_once
from services.changes import table_of
from services.prepared import Prepared


@dataclass(frozen=True)
class UnitTree:
    """Every unit's superior. A circle, which the register refuses, would end where it closes."""

    parent_of: Mapping[int, int | None]

    def above(self, unit_id: int) -> frozenset[int]:
        """Return the unit itself and all units above it."""
        chain: set[int] = set()
        following: int | None = unit_id
        while following is not None and following not in chain:
            chain.add(following)
            following = self.parent_of.get(following)
        return frozenset(chain)

    def is_below(self, unit_id: int, upper_id: int) -> bool:
        """Tell whether the unit lies anywhere below `upper_id`, at whatever depth; no unit lies below itself."""
        return unit_id != upper_id and upper_id in self.above(unit_id)

    def parties(self, lead_id: int, support_ids: Iterable[int] = ()) -> Parties:
        """Return the parties of a task that these units are responsible for."""
        supports = frozenset(support_ids)
        above_support = frozenset(upper for unit_id in supports for upper in self.above(unit_id))
        return Parties(lead_id, supports, self.above(lead_id), above_support)


def read_tree(session: Session) -> UnitTree:
    """Read the whole tree in one query."""
    unit = table_of(Unit).c
    return answer_once(session, "unit tree", lambda: UnitTree(dict(session.execute(select(unit.id, unit.parent_id)).tuples().all())))


def units_from(unit_id: int) -> Select[tuple[int]]:
    """Return the selection of a unit and of all below it."""
    below = select(col(Unit.id).label("id")).where(col(Unit.id) == unit_id).cte("below", recursive=True)
    below = below.union(select(col(Unit.id)).join(below, col(Unit.parent_id) == below.c.id))
    return select(below.c.id)


def readable(actor: Actor) -> Select[tuple[int]] | None:
    """Return the selection of the tasks that an actor bound to a unit may read: those of his unit and of all below it. None: all."""
    if actor.unit_id is None:
        return None
    return select(col(Assignment.task_id)).where(col(Assignment.unit_id).in_(units_from(actor.unit_id)))


def parties_of_all(session: Session, task_ids: Select[Any]) -> dict[int, Parties]:
    """Return the parties of every task that `task_ids` selects, in two queries whatever their number."""
    parts = select(col(Assignment.task_id), col(Assignment.unit_id), col(Assignment.role)).where(col(Assignment.task_id).in_(task_ids))
    leads: dict[int, int] = {}
    supports: dict[int, list[int]] = defaultdict(list)
    for task_id, unit_id, role in session.execute(parts).tuples():
        if role is AssignmentRole.LEAD:
            leads[task_id] = unit_id
        else:
            supports[task_id].append(unit_id)
    tree = read_tree(session)
    return {task_id: tree.parties(lead_id, supports[task_id]) for task_id, lead_id in leads.items()}


def _climb() -> Select[Any]:
    parts: Select[Any] = select(
        col(Assignment.unit_id).label("below"), col(Assignment.unit_id).label("unit"), col(Assignment.role).label("role")
    )
    climb = parts.where(col(Assignment.task_id) == bindparam("task")).cte("climb", recursive=True)
    upper = select(climb.c.below, col(Unit.parent_id), climb.c.role).join(Unit, col(Unit.id) == climb.c.unit)
    climb = climb.union(upper.where(col(Unit.parent_id).is_not(None)))
    return select(climb.c.below, climb.c.unit, climb.c.role)


_CLIMB = Prepared(_climb())


def parties_of(session: Session, task_id: int) -> Parties:
    """Return the parties of one task in one query, which climbs from its units to the top; an unknown task is refused."""
    return answer_once(session, ("parties", task_id), lambda: _parties_of(session, task_id))


def _parties_of(session: Session, task_id: int) -> Parties:
    above: dict[bool, set[int]] = {True: set(), False: set()}
    units: dict[bool, set[int]] = {True: set(), False: set()}
    for below, unit_id, role in _CLIMB.rows(session, {"task": task_id}):
        leads = role is AssignmentRole.LEAD
        units[leads].add(below)
        above[leads].add(unit_id)
    if not units[True]:
        raise unknown_task(task_id)
    (lead_id,) = units[True]
    return Parties(lead_id, frozenset(units[False]), frozenset(above[True]), frozenset(above[False]))


def unknown_task(task_id: int) -> DubanError:
    """Return the refusal of a task that does not exist or must not be seen; the two are told alike."""
    return DubanError("unknown-task", _("没有任务 {id}，请用 duban task list 查看").format(id=task_id))


def refuse_unseen(session: Session, actor: Actor, task_id: int) -> None:
    """Refuse a task that the actor may not read as if it did not exist. Codes: unknown-task."""
    if not may(actor, Act.READ, parties_of(session, task_id)):
        raise unknown_task(task_id)
