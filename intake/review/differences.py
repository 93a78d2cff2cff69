"""What differs between two drafts: items added, gone and changed, field by field, in words a clerk reads.

Numbers, headings and places in the document are left out: they shift with every row put in and say nothing about the duty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from intake.draft import DraftPlan, ItemDraft, PlanDraft, Recurrence, TargetDraft, TaskDraft, UnitDraft
from intake.review.pairing import paired, squeezed
from rules.texts import _

Change = Literal["added", "gone", "changed"]
ITEM_FIELDS = ("issue", "title", "text", "place", "units", "starts_on", "due_on", "recurrence", "targets", "tasks")
SIGNS = {"eq": "", "ge": "≥", "gt": ">", "le": "≤", "lt": "<", "about": "≈", "range": "", "all": "", "exceeds-series": ">"}


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `item` is the later draft's id, the earlier one's where the item is gone, None for the plan's own facts; `field` is None
    where the whole item was added or is gone. `before` and `after` are words for people.
    """

    change: Change
    item: str | None
    title: str
    field: str | None
    before: str
    after: str


def differences(old: DraftPlan, new: DraftPlan) -> tuple[Difference, ...]:
    """Return what differs, the plan's facts first, then the items in the new draft's order, then those that are gone."""
    found = [_changed(None, "", field, getattr(old.plan, field), getattr(new.plan, field)) for field in PlanDraft.model_fields]
    for before, after in paired(old.items, new.items):
        if before and after:
            found += [_changed(after.id, _name(after), field, getattr(before, field), getattr(after, field)) for field in ITEM_FIELDS]
        elif after:
            found.append(Difference("added", after.id, _name(after), None, "", after.text or after.title))
        elif before:
            found.append(Difference("gone", before.id, _name(before), None, before.text or before.title, ""))
    return tuple(difference for difference in found if difference)


def field_name(field: str | None) -> str:
    """Return the word for a field, "" for a whole item."""
    words = {
        "title": _("标题"),
        "doc_no": _("发文字号"),
        "issuer": _("发文机关"),
        "signed_on": _("成文日期"),
        "issued_on": _("印发日期"),
        "issue": _("是否交办"),
        "text": _("内容"),
        "place": _("实施地点"),
        "units": _("单位"),
        "starts_on": _("开始日期"),
        "ends_on": _("结束日期"),
        "due_on": _("截止日期"),
        "recurrence": _("周期"),
        "targets": _("指标"),
        "tasks": _("年度任务"),
    }
    return words.get(field or "", field or "")


def change_name(change: Change) -> str:
    """Return the word for a kind of change."""
    return {"added": _("新增"), "gone": _("删去"), "changed": _("改动")}[change]


def _changed(item: str | None, title: str, field: str, old: object, new: object) -> Difference | None:
    """Return how a field differs; of lists only the members that do."""
    before, after = _words(old), _words(new)
    if [squeezed(word) for word in before] == [squeezed(word) for word in after]:
        return None
    gone, added = _without(before, after), _without(after, before)
    if not gone and not added:
        gone, added = before, after  # the same members in another order: the first unit may lead
    return Difference("changed", item, title, field, _("；").join(gone), _("；").join(added))


def _without(words: Sequence[str], others: Sequence[str]) -> list[str]:
    known = {squeezed(word) for word in others}
    return [word for word in words if squeezed(word) not in known]


def _name(item: ItemDraft) -> str:
    return f"{item.number or ''} {item.title}".strip()


def _words(value: object) -> list[str]:
    """Return a value as the words of its members."""
    if value is None or value == "":
        return []
    if isinstance(value, tuple):
        return [word for part in value for word in _part_words(part)]
    return _part_words(value)


def _part_words(value: object) -> list[str]:
    match value:
        case UnitDraft():
            return [_("{name}（{role}）").format(name=value.name, role=_role(value.role))]
        case TargetDraft():
            return [target_words(value)]
        case TaskDraft():
            return [_task(value), *(_("{label} {target}").format(label=value.label, target=target_words(one)) for one in value.targets)]
        case Recurrence():
            times = f" ≥{value.at_least:.12g}" if value.at_least is not None else ""
            return [f"{value.every}{times}"]
        case bool():
            return [_("是") if value else _("否")]
        case date():
            return [value.isoformat()]
    return [str(value)]


def _role(role: str) -> str:
    return {"lead": _("牵头"), "support": _("配合"), "responsible": _("责任")}[role]


def _task(task: TaskDraft) -> str:
    message = _("{label}（{starts_on}至{due_on}）{text}")
    return message.format(label=task.label, starts_on=task.starts_on, due_on=task.due_on, text=task.text)


def target_words(target: TargetDraft) -> str:
    """Return a target in one line: what is counted, how much, from which baseline, for which part and year."""
    figure = "–".join(f"{one:.12g}" for one in (target.low, target.high) if one is not None)
    if target.value is not None:
        figure = f"{target.value:.12g}"
    amount = f"{SIGNS[target.comparator]}{figure}{target.unit_of_measure or ''}"
    baseline = _("（基期{value}）").format(value=f"{target.baseline:.12g}") if target.baseline is not None else ""
    year = _("（{year}年）").format(year=target.year) if target.year is not None else ""
    return " ".join(word for word in (target.measure or target.text, amount + baseline, target.scope or "") if word) + year
