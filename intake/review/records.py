"""A draft as the rows of the review workbook's sheets: plain values by field, in the order of the columns.

The one thing to know: a unit's role is the column it stands in on the sheet 事项; the sheet 单位 only keeps what that cell cannot hold.
"""

from intake.draft import DraftPlan, Finding, ItemDraft, TargetDraft
from intake.review.columns import FINDINGS, ITEMS, SEVERITIES, SOURCE_FIELDS, TARGETS, TASKS, UNITS, task_names

Record = dict[str, object]


def records_of(draft: DraftPlan) -> dict[str, list[Record]]:
    """Return the rows of every sheet."""
    titles = {item.id: item.title for item in draft.items}
    about: dict[str, list[Finding]] = {}
    for finding in draft.findings:
        about.setdefault(finding.item or "", []).append(finding)
    return {
        ITEMS: [_item(item, about.get(item.id, [])) for item in draft.items],
        TASKS: [record for item in draft.items for record in _tasks(item, about.get(item.id, []))],
        TARGETS: [record for item in draft.items for record in _targets(item)],
        UNITS: [{"item": item.id, "title": item.title, **unit.model_dump()} for item in draft.items for unit in item.units],
        FINDINGS: [{**finding.model_dump(), "title": titles.get(finding.item or "")} for finding in draft.findings],
    }


def place_words(item: ItemDraft) -> str:
    """Return where an item was read, as a clerk would look it up: sheet, table and row, or lines; where the file has no lines, the heading above."""
    source = item.source
    words = [f"工作表“{source.sheet}”"] if source.sheet else []
    if source.row is not None:
        words.append(f"表{source.table}第{source.row}行" if source.table is not None else f"第{source.row}行")
    elif source.first_line is not None:
        is_one = source.last_line in (None, source.first_line)
        words.append(f"第{source.first_line}行" if is_one else f"第{source.first_line}至{source.last_line}行")
    elif item.path:
        words.append(f"正文“{item.path[-1]}”之下")
    return "\n".join(words)


def _item(item: ItemDraft, findings: list[Finding]) -> Record:
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
        "remarks": _remarks(findings),
        "origin": place_words(item),
        **{field: getattr(item.source, field) for field in SOURCE_FIELDS},
    }


def _remarks(findings: list[Finding]) -> str:
    """Return the findings of an item in words, the gravest first."""
    return "\n".join(f"{word}：{one.message}" for severity, word in SEVERITIES.items() for one in findings if one.severity == severity)


def _tasks(item: ItemDraft, findings: list[Finding]) -> list[Record]:
    return [
        {
            "item": item.id,
            "title": item.title,
            **{field: getattr(task, field) for field in ("label", "starts_on", "due_on", "text")},
            "remarks": _remarks([finding for finding in findings if task.label in finding.message]),
        }
        for task in item.tasks
    ]


def _targets(item: ItemDraft) -> list[Record]:
    names = task_names([task.label for task in item.tasks])
    whole = [_target(item, None, target) for target in item.targets]
    return whole + [_target(item, name, target) for name, task in zip(names, item.tasks, strict=True) for target in task.targets]


def _target(item: ItemDraft, label: str | None, target: TargetDraft) -> Record:
    return {"item": item.id, "title": item.title, "label": label, **target.model_dump()}
