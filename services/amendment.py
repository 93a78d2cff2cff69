"""What an amended document means for a plan in force: which item is which, what becomes of every task. Nothing is written here.

The one thing to know: the old version of the document is compared with the new one, not the tasks with the document. What was decided since (an extension, another
lead) stays unless the document itself changed just that.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from intake.draft import DraftPlan, ItemDraft, PlanDraft, TargetDraft, TaskDraft, UnitDraft, draft_from_json
from intake.review.differences import Difference, differences
from intake.review.pairing import paired
from models.plan import Plan, PlanItem, PlanVersion
from models.task import AssignmentRole, Task
from models.unit import Unit
from services.children import ENDED
from services.decomposing import tasks_of
from services.plan_reading import draft_of_rows
from services.plan_rows import assigned_roles, named_organs
from services.units import units_by_name


class Fate(StrEnum):
    """What an amendment does to a task. One that is done, or ended otherwise, stays as it was."""

    ISSUE = "issue"
    AMEND = "amend"
    CANCEL = "cancel"
    STAY = "stay"


@dataclass(frozen=True)
class TaskStep:
    """What happens to one task: `old` and `new` are what the two versions of the document say of it, `fields` where they differ."""

    fate: Fate
    task: Task | None
    old: TaskDraft | None
    new: TaskDraft | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemStep:
    """What happens to one item. `row` is None where the item is new, `new` where it is dropped; roles are by the units' registered names."""

    row: PlanItem | None
    new: ItemDraft | None
    tasks: tuple[TaskStep, ...]
    old_roles: Mapping[str, AssignmentRole]
    new_roles: Mapping[str, AssignmentRole]


@dataclass(frozen=True)
class Amendment:
    """An amendment worked out. `draft` has the new items under the keys they are or will be stored by."""

    plan: Plan
    draft: DraftPlan
    items: tuple[ItemStep, ...]
    differences: tuple[Difference, ...]


def work_out(session: Session, plan: Plan, draft: DraftPlan) -> Amendment:
    """Return what amending `plan` to `draft` would do. Units must have been settled; only items marked to be issued count."""
    rows = list(session.execute(_standing(plan)).scalars())
    by_key = {row.key: row for row in rows}
    old = _last_version(session, plan, rows)
    chosen = draft.model_copy(update={"items": tuple(item for item in draft.items if item.issue), "findings": ()})
    old_items = tuple(item for item in old.items if item.issue and item.id in by_key)
    names = registered_names(session, (*old_items, *chosen.items))
    tasks = _tasks_of(session, plan)
    taken = set(session.execute(select(col(PlanItem.key)).where(col(PlanItem.plan_id) == plan.id)).scalars())
    steps, kept = [], []
    for before, after in paired(old_items, chosen.items):
        row = by_key[before.id] if before else None
        if after:
            after = after.model_copy(update={"id": row.key if row else _free_key(after.id, taken, plan.version + 1)})
            kept.append(after)
        found = tasks.get(row.id or 0, []) if row else []
        steps.append(_item_step((row, found), (before, old.plan), (after, chosen.plan), names))
    facts = _facts(old.plan, chosen.plan)
    said = differences(old.model_copy(update={"items": old_items}), chosen.model_copy(update={"plan": facts}))
    return Amendment(plan, chosen.model_copy(update={"items": tuple(kept), "plan": facts}), tuple(steps), said)


def _standing(plan: Plan) -> Any:
    return select(PlanItem).where(col(PlanItem.plan_id) == plan.id, col(PlanItem.until_version).is_(None)).order_by(col(PlanItem.position))


def _facts(old: PlanDraft, new: PlanDraft) -> PlanDraft:
    # An amending document seldom repeats everything about itself; what it leaves out stays.
    return old.model_copy(update=new.model_dump(exclude_none=True))


def _last_version(session: Session, plan: Plan, rows: Sequence[PlanItem]) -> DraftPlan:
    last = select(col(PlanVersion.draft)).where(col(PlanVersion.plan_id) == plan.id, col(PlanVersion.version) == plan.version)
    content = session.execute(last).scalar_one_or_none()
    if content:
        return draft_from_json(content, plan.source_name)
    return draft_of_rows(session, plan, rows)


def registered_names(session: Session, items: Sequence[ItemDraft]) -> Mapping[str, str]:
    """Return the registered name, or the one that would be registered, of every unit name in the items."""
    organs = named_organs(items)
    ids = units_by_name(session, [name for organ in organs for name in (organ.name, *organ.other_names)])
    registered = dict(session.execute(select(col(Unit.id), col(Unit.name)).where(col(Unit.id).in_(set(ids.values())))).tuples().all())
    names: dict[str, str] = {}
    for organ in organs:
        spelt = (organ.name, *organ.other_names)
        known = next((registered[ids[name]] for name in spelt if name in ids), organ.name)
        names |= {name: registered[ids[name]] if name in ids else known for name in spelt}
    return names


def _tasks_of(session: Session, plan: Plan) -> Mapping[int, list[Task]]:
    found: dict[int, list[Task]] = defaultdict(list)
    tasks = select(Task).where(col(Task.plan_id) == plan.id, col(Task.parent_id).is_(None)).order_by(col(Task.starts_on), col(Task.id))
    for task in session.execute(tasks).scalars():
        found[task.item_id].append(task)
    return found


def _free_key(key: str, taken: set[str], version: int) -> str:
    free = key if key not in taken else f"{key[:50]}~{version}"
    taken.add(free)
    return free


def _item_step(
    found: tuple[PlanItem | None, Sequence[Task]],
    before: tuple[ItemDraft | None, PlanDraft],
    after: tuple[ItemDraft | None, PlanDraft],
    names: Mapping[str, str],
) -> ItemStep:
    row, tasks = found
    old, new = before[0], after[0]
    old_roles, new_roles = _roles(old, names), _roles(new, names)
    old_tasks = tasks_of(old, before[1]) if old else ()
    new_tasks = tasks_of(new, after[1]) if new else ()
    by_label: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        by_label[task.label].append(task)
    steps = []
    for was, now in _task_pairs(old_tasks, new_tasks):
        stored = by_label[was.label].pop(0) if was and by_label[was.label] else None
        steps.append(_task_step(stored, was, now, old_roles != new_roles))
    # No version of the document knows these; they end only with their item.
    unknown = [task for rest in by_label.values() for task in rest]
    steps += [_task_step(task, None, None, False) if new is None else TaskStep(Fate.STAY, task, None, None) for task in unknown]
    return ItemStep(row, new, tuple(steps), old_roles, new_roles)


def _task_step(task: Task | None, old: TaskDraft | None, new: TaskDraft | None, roles_differ: bool) -> TaskStep:
    if task is None:
        return TaskStep(Fate.ISSUE if new else Fate.STAY, None, old, new)
    if task.state in ENDED:
        return TaskStep(Fate.STAY, task, old, new)
    if old is None or new is None:
        return TaskStep(Fate.CANCEL, task, old, None)
    fields = tuple(field for field in ("label", "text", "starts_on", "due_on") if getattr(old, field) != getattr(new, field))
    fields += ("units",) if roles_differ else ()
    fields += ("targets",) if _figures(old.targets) != _figures(new.targets) else ()
    return TaskStep(Fate.AMEND if fields else Fate.STAY, task, old, new, fields)


def _figures(targets: Sequence[TargetDraft]) -> list[dict[str, Any]]:
    return [target.model_dump(exclude={"text"} if target.measure else None) for target in targets]


def _roles(item: ItemDraft | None, names: Mapping[str, str]) -> Mapping[str, AssignmentRole]:
    units: tuple[UnitDraft, ...] = item.units if item else ()
    return assigned_roles(units, names) if units else {}


_TASK_KEYS: tuple[Callable[[TaskDraft], Hashable], ...] = (
    lambda task: task.label,
    lambda task: (task.starts_on, task.due_on),
    lambda task: task.starts_on.year,
    lambda task: task.due_on.year,
)


def _task_pairs(old: Sequence[TaskDraft], new: Sequence[TaskDraft]) -> list[tuple[TaskDraft | None, TaskDraft | None]]:
    """Return the new tasks, each with the old one it was, then the old ones that are gone. The only one left on each side is the same task with another span."""
    found: dict[int, int] = {}
    for key in _TASK_KEYS:
        left = [at for at in range(len(old)) if at not in found.values()]
        for at, task in enumerate(new):
            same = next((other for other in left if key(old[other]) == key(task)), None)
            if at not in found and same is not None:
                found[at] = same
                left.remove(same)
    gone = [at for at in range(len(old)) if at not in found.values()]
    added = [at for at in range(len(new)) if at not in found]
    if len(gone) == len(added) == 1:
        found[added[0]] = gone.pop()
    pairs: list[tuple[TaskDraft | None, TaskDraft | None]] = [
        (old[found[at]] if at in found else None, task) for at, task in enumerate(new)
    ]
    return pairs + [(old[at], None) for at in gone]
