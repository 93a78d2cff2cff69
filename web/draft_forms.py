"""The form of a draft's item: its fields, units, years and figures as rows to fill in. `web.draft_sent` reads back what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.draft import ItemDraft, TargetDraft, TaskDraft
from rules.texts import _
from web.draft_words import basis_choices, comparator_choices, every_choices, role_choices

BLANK_UNITS, BLANK_TASKS, BLANK_TARGETS = 2, 1, 1

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class UnitRow:
    """One unit to fill in."""

    name: str = ""
    role: str = "support"


@dataclass(frozen=True)
class TaskRow:
    """One year or phase to fill in."""

    label: str = ""
    starts_on: str = ""
    due_on: str = ""
    text: str = ""


@dataclass(frozen=True)
class TargetRow:
    """One figure to fill in. `task` is the number of the task it belongs to, empty for the whole item."""

    task: str = ""
    measure: str = ""
    comparator: str = "eq"
    value: str = ""
    low: str = ""
    high: str = ""
    unit_of_measure: str = ""
    year: str = ""
    basis: str = ""
    scope: str = ""
    baseline: str = ""
    text: str = ""


@dataclass(frozen=True)
class ItemForm:
    """All that an item's form shows. `now` are the fields that others changed since it was opened: name, the value now."""

    id: int
    item: str
    after: str
    name: str
    revision: int
    values: Mapping[str, str]
    is_issued: bool
    units: tuple[UnitRow, ...]
    tasks: tuple[TaskRow, ...]
    targets: tuple[TargetRow, ...]
    every: Choices
    comparators: Choices
    bases: Choices
    roles: Choices
    owners: Choices
    unit_names: tuple[str, ...]
    is_fragment: bool
    now: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shown:
    """Where a form is shown: the draft, its revision, the register's names, whether in place of a card, and for a new item the one it follows."""

    draft_id: int
    revision: int
    unit_names: tuple[str, ...]
    is_fragment: bool
    after: str = ""
    now: tuple[tuple[str, str], ...] = ()


def item_form(item: ItemDraft | None, shown: Shown) -> ItemForm:
    """Return the form of an item, of a new one without."""
    known = item or ItemDraft(id="", title="", text="")
    owners = [("", _("整个事项")), *((str(number), task.label) for number, task in enumerate(known.tasks))]
    targets = [_target_row("", target) for target in known.targets]
    targets += [_target_row(str(number), target) for number, task in enumerate(known.tasks) for target in task.targets]
    recurrence = known.recurrence
    return ItemForm(
        id=shown.draft_id,
        item=known.id,
        after=shown.after,
        name=f"{known.number or ''} {known.title}".strip(),
        revision=shown.revision,
        values={
            **{name: said(getattr(known, name)) for name in ("number", "title", "text", "place", "starts_on", "due_on")},
            "path": "\n".join(known.path),
            "every": recurrence.every if recurrence else "",
            "at_least": said(recurrence.at_least) if recurrence else "",
        },
        is_issued=known.issue,
        units=(*(UnitRow(unit.name, unit.role) for unit in known.units), *[UnitRow()] * BLANK_UNITS),
        tasks=(*(_task_row(task) for task in known.tasks), *[TaskRow()] * BLANK_TASKS),
        targets=(*targets, *[TargetRow()] * BLANK_TARGETS),
        every=every_choices(),
        comparators=comparator_choices(),
        bases=basis_choices(),
        roles=role_choices(),
        owners=owners,
        unit_names=shown.unit_names,
        is_fragment=shown.is_fragment,
        now=shown.now,
    )


def _task_row(task: TaskDraft) -> TaskRow:
    return TaskRow(task.label, task.starts_on.isoformat(), task.due_on.isoformat(), task.text)


def _target_row(task: str, target: TargetDraft) -> TargetRow:
    return TargetRow(task, **{name: said(getattr(target, name)) for name in TargetRow.__dataclass_fields__ if name != "task"})


def said(value: object) -> str:
    """Return a value as a field shows it."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
