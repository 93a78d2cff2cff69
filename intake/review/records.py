"""A draft as the rows of the review workbook's sheets: plain values by field, in the order of the columns.

The one thing to know: a unit's role is the column it stands in on the sheet 事项; the sheet 单位 only keeps what that cell cannot hold.
"""

from collections import Counter

from intake.draft import DraftPlan, ItemDraft, TargetDraft
from intake.review.columns import FINDINGS, ITEMS, SEVERITIES, SOURCE_FIELDS, TARGETS, TASKS, UNITS, task_names

Record = dict[str, object]


def records_of(draft: DraftPlan) -> dict[str, list[Record]]:
    """Return the rows of every sheet."""
    titles = {item.id: item.title for item in draft.items}
    return {
        ITEMS: [_item(item, draft) for item in draft.items],
        TASKS: [record for item in draft.items for record in _tasks(item)],
        TARGETS: [record for item in draft.items for record in _targets(item)],
        UNITS: [{"item": item.id, "title": item.title, **unit.model_dump()} for item in draft.items for unit in item.units],
        FINDINGS: [{**finding.model_dump(), "title": titles.get(finding.item or "")} for finding in draft.findings],
    }


def _item(item: ItemDraft, draft: DraftPlan) -> Record:
    names = {role: "\n".join(unit.name for unit in item.units if unit.role == role) for role in ("lead", "support", "responsible")}
    return {
        **{
            field: getattr(item, field)
            for field in ("id", "issue", "number", "title", "text", "place", "starts_on", "due_on", "confidence")
        },
        **names,
        "path": "\n".join(item.path),
        "every": item.recurrence.every if item.recurrence else None,
        "at_least": item.recurrence.at_least if item.recurrence else None,
        "remarks": _remarks(item, draft),
        **{field: getattr(item.source, field) for field in SOURCE_FIELDS},
    }


def _remarks(item: ItemDraft, draft: DraftPlan) -> str:
    counts: Counter[object] = Counter(finding.severity for finding in draft.findings if finding.item == item.id)
    return "\n".join(f"{word}{counts[severity]}条" for severity, word in SEVERITIES.items() if counts[severity])


def _tasks(item: ItemDraft) -> list[Record]:
    return [
        {"item": item.id, "title": item.title, "label": task.label, "starts_on": task.starts_on, "due_on": task.due_on, "text": task.text}
        for task in item.tasks
    ]


def _targets(item: ItemDraft) -> list[Record]:
    names = task_names([task.label for task in item.tasks])
    whole = [_target(item, None, target) for target in item.targets]
    return whole + [_target(item, name, target) for name, task in zip(names, item.tasks, strict=True) for target in task.targets]


def _target(item: ItemDraft, label: str | None, target: TargetDraft) -> Record:
    return {"item": item.id, "title": item.title, "label": label, **target.model_dump()}
