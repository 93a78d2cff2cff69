"""A stored plan read back as the draft it came from, for plans issued before their versions were kept."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from intake.draft import DraftPlan, ItemDraft, PlanDraft, Source, SourcePlace, TargetDraft, TaskDraft, UnitDraft
from models.plan import Plan, PlanItem
from models.task import Assignment, Target, Task
from models.unit import Unit


def draft_of_rows(session: Session, plan: Plan, rows: Sequence[PlanItem]) -> DraftPlan:
    """Return the draft that the plan's rows came from, as far as they tell."""
    facts = PlanDraft(**{name: getattr(plan, name) for name in PlanDraft.model_fields})
    items = tuple(_item(session, row) for row in rows)
    return DraftPlan(source=Source(name=plan.source_name, sha256=plan.source_sha256, kind="txt"), plan=facts, items=items)


def _item(session: Session, row: PlanItem) -> ItemDraft:
    """Return the item with its tasks as they are stored, units and targets as of today, days as issued."""
    tasks = select(Task).where(col(Task.item_id) == row.id, col(Task.parent_id).is_(None)).order_by(col(Task.starts_on), col(Task.id))
    stored = list(session.execute(tasks).scalars())
    return ItemDraft(
        id=row.key,
        number=row.number,
        path=tuple(row.path),
        title=row.title,
        text=row.text,
        place=row.place,
        units=_units(session, stored[0].id) if stored else (),
        targets=_targets(session, col(Target.item_id) == row.id),
        tasks=tuple(_task(session, task) for task in stored),
        source=SourcePlace(**row.source),
    )


def _task(session: Session, task: Task) -> TaskDraft:
    targets = _targets(session, col(Target.task_id) == task.id)
    return TaskDraft(label=task.label, starts_on=task.starts_on, due_on=task.original_due_on, text=task.text, targets=targets)


def _targets(session: Session, owned: object) -> tuple[TargetDraft, ...]:
    rows = session.execute(select(Target).where(owned).order_by(col(Target.id))).scalars()  # type: ignore[arg-type]
    return tuple(TargetDraft(**{name: getattr(row, name) for name in TargetDraft.model_fields}) for row in rows)


def _units(session: Session, task_id: int | None) -> tuple[UnitDraft, ...]:
    parts = select(col(Unit.name), col(Assignment.role), col(Unit.is_open)).join(Unit, col(Unit.id) == col(Assignment.unit_id))
    rows = session.execute(parts.where(col(Assignment.task_id) == task_id).order_by(col(Assignment.id)))
    return tuple(UnitDraft(name=name, as_written=name, role=role.value, open=is_open) for name, role, is_open in rows)
