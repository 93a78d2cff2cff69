"""Counting a bulletin: what the database judges and what the rules judge in Python, put together.

The items arrive one by one; whoever counts keeps what he needs of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from models.plan import Plan, PlanItem
from models.progress import ProgressReport
from models.roster import Quota, RosterEntry
from models.task import Assignment, Milestone, PlannedPoint, Target, Task
from models.unit import Unit
from rules.errors import DubanError
from rules.periods import Period, period_after, period_before
from rules.rights import Act, Actor, may
from rules.rule_set import RuleSet
from rules.texts import _
from services.bulletins.figures import Figures, ItemCount, Place, count_items, merged
from services.bulletins.intricate import altered_items, intricate_items
from services.bulletins.judged import Asking, Due, Judged, places_of
from services.bulletins.plain_tasks import PlainTasks, Question, quarters_in
from services.bulletins.told import told_of
from services.changes import table_of
from services.facts import Viewpoint
from services.past import Past, pasts_on
from services.reach import read_tree
from services.reported import reporting_limit
from services.rule_sets import rule_book_on
from services.task_rows import columns_of, selected

_ROWS_AT_ONCE = 500
_TASK, _PART = table_of(Task), table_of(Assignment)
# The tables of which a bulletin asks what stood in them.
_ASKED_OF = (Unit, Plan, PlanItem, Task, Assignment, Target, Quota, RosterEntry, ProgressReport, PlannedPoint, Milestone)


@dataclass(frozen=True)
class BulletinOrder:
    """What a bulletin is asked to cover: a period, the plans (None: all), the rules that judge, and for whose eyes it is (None: everything)."""

    period: Period
    plan_ids: tuple[int, ...] | None
    rules: RuleSet
    reader: Actor | None = None


def viewpoint(period: Period, written_on: date) -> Viewpoint:
    """Return from when a bulletin written on a day sees: the period's end, or that day within it. Code: period-not-begun."""
    if written_on < period.starts_on:
        raise DubanError("period-not-begun", _("{code} 还没有开始，不能写通报").format(code=period.code))
    return Viewpoint(min(period.ends_on, written_on), written_on)


@dataclass
class Counting:
    """One bulletin being counted."""

    session: Session
    order: BulletinOrder
    written_on: date
    figures: Figures = field(default_factory=Figures)
    judged_plan_ids: set[int] = field(default_factory=set)
    _judged_due: list[Due] = field(default_factory=list)

    @cached_property
    def view(self) -> Viewpoint:
        """Return from when it is seen."""
        return viewpoint(self.order.period, self.written_on)

    def run(self, each: Callable[[ItemCount], object]) -> None:
        """Count everything, and hand each item on as it is counted."""
        judged = Judged(self.session, Asking(self.view, self.order.period, self.order.rules, self.order.reader), self._judged_places)
        plain = count_items(self._plain_rows(), self.order.rules, self.figures.before)
        self.figures.take(merged(plain, judged.items()), each)
        self.figures.before.update(judged.before)
        self.judged_plan_ids = judged.plan_ids
        self._judged_due = judged.due_next

    def due_next(self) -> list[int]:
        """Return the open tasks that fall due in the period after, in the order of their days; to be asked once all is counted."""
        plain = map(tuple, self._rows(self._now.due_in(period_after(self.order.period)))) if self._sees_all else ()
        return [due[-1] for due in sorted([*plain, *self._judged_due])]

    def plans_in_sight(self) -> set[int] | None:
        """Return the plans of which the reader sees a task on the day; None where nobody in particular reads."""
        if self.order.reader is None:
            return None
        plain = self._rows(self._now.plans()) if self._sees_all else ()
        return {plan_id for (plan_id,) in plain} | self.judged_plan_ids

    def unit_names(self) -> Mapping[int, str]:
        """Return the units' names as they were on the day judged."""
        rows = self._past.rows(Unit, selected(self.session, columns_of(Unit, "id", "name"), None, None))
        return {row["id"]: row["name"] for row in rows}

    @cached_property
    def _pasts(self) -> Mapping[date, Past]:
        days = {self._before.ends_on, self.view.as_of, self.view.known_on}
        return pasts_on(self.session, days, self.order.plan_ids, kinds=_ASKED_OF, altering_only=True)

    @property
    def _past(self) -> Past:
        return self._pasts[self.view.as_of]

    @property
    def known(self) -> Past:
        """Return what must be taken back to see what was known on the day of writing; new plans and tasks are passed over."""
        return self._pasts[self.view.known_on]

    @property
    def _before(self) -> Period:
        return period_before(self.order.period)

    @cached_property
    def _judged_places(self) -> list[Place]:
        altered = altered_items(self.session, self._past, self.known)
        altered |= altered_items(self.session, self._pasts[self._before.ends_on], self.known)
        intricate = intricate_items(self.session) if self._sees_all else self._items_in_sight()
        return places_of(self.session, intricate | altered, self._past, self.order.plan_ids)

    @property
    def _sees_all(self) -> bool:
        return self.order.reader is None or may(self.order.reader, Act.READ)

    def _items_in_sight(self) -> set[int]:
        """Return the items of which somebody who does not see everything may see a task: the rules judge them all."""
        tree, unit_id = read_tree(self.session), self.order.reader and self.order.reader.unit_id
        units = [below for below in tree.parent_of if unit_id in tree.above(below)]
        items = sa.select(_TASK.c.item_id).join(_PART, _PART.c.task_id == _TASK.c.id).where(_PART.c.unit_id.in_(units)).distinct()
        return set(self.session.execute(items).scalars())

    @cached_property
    def _now(self) -> PlainTasks:
        """Return the statements; nobody who does not see everything is answered by them."""
        before = Viewpoint(self._before.ends_on, self.written_on)
        told = (told_of(self.session, one, (self._pasts[one.as_of], self.known), self.order.plan_ids) for one in (self.view, before))
        item_ids = [place[2] for place in self._judged_places]
        question = Question(self.view, self.order.period, item_ids, self.order.plan_ids, self._limits(self.view, self.order.period))
        return PlainTasks(question, *told, is_sqlite=self.session.get_bind().dialect.name == "sqlite")

    def _limits(self, view: Viewpoint, period: Period) -> Mapping[str, Mapping[tuple[int, ...] | None, date]]:
        book = rule_book_on(self.session, view.as_of, self.order.rules)
        plans: dict[int, list[int]] = defaultdict(list)
        for plan_id, rules in book.by_plan.items():
            plans[rules.report_limit_days].append(plan_id)
        sets: list[tuple[tuple[int, ...] | None, RuleSet]] = [(None, book.house)]
        sets += [(tuple(some), book.of(some[0])) for some in plans.values()]
        return {quarter.code: {some: reporting_limit(quarter, rules) for some, rules in sets} for quarter in quarters_in(period)}

    def _rows(self, statement: sa.Select[Any]) -> Iterable[Any]:
        # In portions, each made at once: a row asked for by itself costs as much again as finding it.
        found = self.session.connection().execute(statement.execution_options(stream_results=True, max_row_buffer=_ROWS_AT_ONCE))
        return chain.from_iterable(found.partitions(_ROWS_AT_ONCE))

    def _plain_rows(self) -> Iterable[Sequence[Any]]:
        return self._rows(self._now.rows()) if self._sees_all else ()
