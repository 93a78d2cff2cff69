"""Tasks as rules judge them and readers name them, read in a handful of queries whatever their number."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from models.plan import PlanItem
from models.task import Assignment, AssignmentRole, Target, Task, TaskState
from models.unit import Unit
from rules.lights import TaskFacts
from rules.pace import MilestoneFacts, Point
from rules.periods import Period
from rules.rule_set import RuleBook, RuleSet
from services.actuals import Sources, adds_up_over_years
from services.changes import table_of
from services.lives import Life, acts_until, lives_after
from services.observed import observed_on
from services.past import Past, past_on, pasts_on
from services.reported import Reported, ReportTally, owed_periods, read_reports, tally_reports
from services.rule_sets import rule_book_on
from services.task_rows import (
    LINKS,
    TASK,
    Row,
    TaskScope,
    TaskSource,
    among,
    columns_of,
    count_confirmed,
    read_curves,
    read_milestones,
    read_targets,
)

# More tasks than one statement can name are sought among all of them.
_NAMED_AT_ONCE = 10_000


@dataclass(frozen=True)
class TaskName:
    """What a task is called and who leads it; `support_ids` are the other responsible units, `lead_is_open` a set whose members are not named yet."""

    id: int
    plan_id: int
    item_id: int
    number: str | None
    item_title: str
    label: str
    text: str
    lead_id: int
    lead: str
    lead_is_open: bool
    support_ids: tuple[int, ...]
    parent_id: int | None = None

    @property
    def title(self) -> str:
        """Return how the task is named in lists: the item's title and the task's label."""
        return f"{self.item_title}（{self.label}）"


@dataclass(frozen=True)
class TaskRecord:
    """A task on a day: its names, the facts rules judge, its life, what was reported, the quarters it owed a report on by that day, and how those reports came.

    `rules` is the set that says when its plan is reminded and reports; it is judged by the house's, as every task is.
    """

    name: TaskName
    facts: TaskFacts
    life: Life
    reported: Reported
    owed: tuple[Period, ...]
    tally: ReportTally
    rules: RuleSet


@dataclass(frozen=True)
class Viewpoint:
    """From which days tasks are seen: judged at the end of `as_of`, by acts known at the end of `known_on`."""

    as_of: date
    known_on: date


def uppermost(records: Sequence[TaskRecord]) -> list[TaskRecord]:
    """Return the tasks to be counted: what was handed down counts in its parent, where the parent is among them."""
    ids = {record.name.id for record in records}
    return [record for record in records if record.name.parent_id not in ids]


@dataclass(frozen=True)
class _Gathered:
    names: Mapping[int, TaskName]
    lives: Mapping[int, Life]
    sources: Sources
    curves: Mapping[int, tuple[Point, ...]]
    milestones: Mapping[int, tuple[MilestoneFacts, ...]]
    book: RuleBook


def read_tasks(
    session: Session,
    view: Viewpoint,
    rules: RuleSet,
    plan_ids: Sequence[int] | None = None,
    task_ids: Sequence[int] | None = None,
) -> list[TaskRecord]:
    """Return every task issued by then, of these plans or of all, in the order of plans, items and start days. `rules` are the house's on the day judged.

    With `task_ids` only these are returned, and only what they need is read.
    """
    return TaskReader(session, view, plan_ids, task_ids, is_for_one_day=True).on(view.as_of, rules)


class TaskReader:
    """Tasks of these plans, or of all, seen from several days by what was known on one. Their rows are read once.

    `last.as_of` is the latest day of them, or, with `is_for_one_day`, the only one: then less may be read.
    """

    def __init__(
        self,
        session: Session,
        last: Viewpoint,
        plan_ids: Sequence[int] | None = None,
        task_ids: Sequence[int] | None = None,
        is_for_one_day: bool = False,
    ) -> None:
        self._session, self._known_on = session, last.known_on
        self._wanted = None if task_ids is None else frozenset(task_ids)
        self._scope = TaskScope(plan_ids) if task_ids is None else _scope_of(session, plan_ids, sorted(set(task_ids)))
        self._known = past_on(session, last.known_on, self._scope.plan_ids)
        if self._wanted is not None and is_for_one_day and last.known_on <= last.as_of and not self._known.undone:
            # What an item's other tasks count for is told by rows as they are now, so only where none was otherwise.
            self._scope = _narrowed(session, self._scope, self._wanted)
        self._source = TaskSource(session, self._scope)
        self._acts = acts_until(session, last.as_of, last.known_on, self._scope)
        self._reports = read_reports(session, last.as_of, last.known_on, self._known, self._scope)
        self._pasts: Mapping[date, Past] = {}

    def look_back(self, days: Collection[date]) -> None:
        """Read at once what was changed after each of these days, which tasks will be seen from."""
        self._pasts = pasts_on(self._session, days, self._scope.plan_ids)

    def on(self, as_of: date, rules: RuleSet) -> list[TaskRecord]:
        """Return every task issued by the end of `as_of`, as `read_tasks` does."""
        # Due days, units and targets are those of the day judged: what was changed later, or came to be known later, is taken back.
        past = self._known if self._known_on <= as_of else self._past_on(as_of)
        tasks = _tasks(self._source, past)
        names = _names(self._source, past, tasks)
        lives = lives_after(self._acts, as_of)
        targets = read_targets(self._source, past, self._known)
        indicator_ids = [row[name] for rows in targets.values() for row in rows for name in LINKS if row[name]]
        sources = Sources(
            tasks=[{**task, "lead": names[task["id"]].lead} for task in tasks if _counts(lives.get(task["id"]))],
            targets=targets,
            reports=self._reports.on(as_of),
            confirmed=count_confirmed(self._source, past, self._known, as_of),
            observed=observed_on(self._session, as_of, self._known_on, indicator_ids),
        )
        gathered = _Gathered(
            names=names,
            lives=lives,
            sources=sources,
            curves=read_curves(self._source, past),
            milestones=read_milestones(self._source, past, self._known, as_of),
            book=rule_book_on(self._session, as_of, rules),
        )
        view = Viewpoint(as_of, self._known_on)
        return [
            _record(task, gathered, view) for task in tasks if task["id"] in lives and (self._wanted is None or task["id"] in self._wanted)
        ]

    def _past_on(self, as_of: date) -> Past:
        return self._pasts[as_of] if as_of in self._pasts else past_on(self._session, as_of, self._scope.plan_ids)


def _scope_of(session: Session, plan_ids: Sequence[int] | None, task_ids: Sequence[int]) -> TaskScope:
    """Return the items of these tasks, and their plans, for what is told by plan."""
    if len(task_ids) > _NAMED_AT_ONCE:
        return TaskScope(plan_ids)
    found = session.execute(select(TASK.c.plan_id, TASK.c.item_id).where(among(TASK.c.id, task_ids)).distinct()).tuples().all()
    return TaskScope(sorted({plan_id for plan_id, _item_id in found}), sorted({item_id for _plan_id, item_id in found}))


def _narrowed(session: Session, scope: TaskScope, wanted: frozenset[int]) -> TaskScope:
    """Leave out the tasks of the items that count for no task wanted: items stay whole where tasks were handed down, or figures add up over the years."""
    if scope.item_ids is None:
        return scope
    target, of_items = table_of(Target), among(TASK.c.item_id, scope.item_ids)
    handed_down = select(TASK.c.item_id).where(of_items, TASK.c.parent_id.is_not(None))
    adding_up = select(TASK.c.item_id).join(target, target.c.task_id == TASK.c.id).where(of_items, adds_up_over_years())
    whole = session.execute(handed_down.union(adding_up)).scalars().all()
    others = session.execute(select(TASK.c.id).where(among(TASK.c.item_id, whole))).scalars().all() if whole else ()
    return replace(scope, tasks=sorted(wanted | set(others)))


def _counts(life: Life | None) -> bool:
    return life is not None and life.state is not TaskState.CANCELLED


def _record(task: Row, gathered: _Gathered, view: Viewpoint) -> TaskRecord:
    task_id, starts_on = task["id"], task["starts_on"]
    life = gathered.lives[task_id]
    reported = gathered.sources.reports.get(task_id, Reported())
    owed = tuple(owed_periods(starts_on, life, view.as_of))
    rules = gathered.book.of(task["plan_id"])
    tally = tally_reports(owed, reported, view.known_on, rules)
    facts = TaskFacts(
        task_id=task_id,
        state=life.state,
        starts_on=starts_on,
        due_on=task["due_on"],
        original_due_on=task["original_due_on"],
        handed_on=life.handed_on,
        targets=gathered.sources.facts_of(task),
        submitted_on=life.submitted_on,
        completed_on=life.completed_on,
        has_report=bool(reported.first_filed_on),
        return_count=life.return_count,
        missing_reports=tally.missing,
        late_reports=tally.late,
        curve=gathered.curves.get(task_id, ()),
        milestones=gathered.milestones.get(task_id, ()),
        criterion=task["criterion"],
    )
    return TaskRecord(gathered.names[task_id], facts, life, reported, owed, tally, rules)


def _tasks(source: TaskSource, past: Past) -> list[Row]:
    tasks = columns_of(
        Task, "id", "plan_id", "item_id", "label", "text", "starts_on", "due_on", "original_due_on", "parent_id", "criterion"
    )
    items = columns_of(PlanItem, "id", "position", "number", "title")
    item_of = {item["id"]: item for item in past.rows(PlanItem, source.rows(PlanItem, items, PlanItem))}
    rows = [{**item_of[task["item_id"]], **task} for task in past.rows(Task, source.rows(Task, tasks)) if task["item_id"] in item_of]
    return sorted(rows, key=lambda row: (row["plan_id"], row["position"], row["starts_on"], row["id"]))


def _names(source: TaskSource, past: Past, tasks: Sequence[Row]) -> dict[int, TaskName]:
    parts = columns_of(Assignment, "id", "task_id", "unit_id", "role").join(TASK, TASK.c.id == table_of(Assignment).c.task_id)
    ids = {task["id"] for task in tasks}
    found = [part for part in past.rows(Assignment, source.rows(Assignment, parts)) if part["task_id"] in ids]
    units = {row["id"]: row for row in past.rows(Unit, source.named(Unit, "id", (part["unit_id"] for part in found)))}
    lead: dict[int, tuple[int, str, bool]] = {}
    supports: dict[int, list[int]] = defaultdict(list)
    for part in sorted(found, key=lambda part: part["id"]):
        if part["role"] is AssignmentRole.LEAD:
            unit = units[part["unit_id"]]
            lead[part["task_id"]] = (unit["id"], unit["name"], unit["is_open"])
        else:
            supports[part["task_id"]].append(part["unit_id"])
    return {task["id"]: _name(task, lead[task["id"]], supports[task["id"]]) for task in tasks}


def _name(task: Row, lead: tuple[int, str, bool], supports: Sequence[int]) -> TaskName:
    lead_id, name, is_open = lead
    return TaskName(
        id=task["id"],
        plan_id=task["plan_id"],
        item_id=task["item_id"],
        number=task["number"],
        item_title=task["title"],
        label=task["label"],
        text=task["text"],
        lead_id=lead_id,
        lead=name,
        lead_is_open=is_open,
        support_ids=tuple(supports),
        parent_id=task["parent_id"],
    )
