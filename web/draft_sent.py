"""What a form of a draft sent, read back into a correction's values. What was not touched comes back exactly as it was read.

Rows have numbers in their names (`unit-0-name`); an empty name or label takes the row away.
"""

import re
from collections.abc import Mapping

from intake.celltimes import period_of
from intake.draft import ItemDraft, PlanDraft, Recurrence, TargetDraft, TaskDraft, UnitDraft
from intake.review.differences import field_name
from intake.units import units_in
from rules.errors import DubanError
from rules.texts import _
from web.draft_forms import Choices, said
from web.draft_words import basis_choices, comparator_choices, every_choices, role_choices
from web.forms import SentForm

PLAN_TEXTS, PLAN_DAYS = ("title", "doc_no", "issuer"), ("signed_on", "issued_on", "starts_on", "ends_on")
NUMBERS = ("value", "low", "high", "baseline")
LONGEST_LABEL = 60


def plan_values(sent: SentForm, plan: PlanDraft) -> dict[str, object]:
    """Return the plan's facts as they were sent. Codes: bad-date."""
    texts = {name: _text(sent.text(name), getattr(plan, name)) or None for name in PLAN_TEXTS}
    return {**texts, **{name: sent.day(name) for name in PLAN_DAYS}}


def item_values(sent: SentForm, item: ItemDraft) -> dict[str, object]:
    """Return an item's fields as they were sent; `item` is how it stands. Codes: bad-date, bad-number, task-without-days."""
    every = _among(sent.text("every"), every_choices())
    at_least = sent.number("at_least")
    tasks = _tasks(sent, item)
    owned = _targets(sent, item)
    path = tuple(line.strip() for line in sent.text("path").split("\n") if line.strip())
    return {
        "issue": sent.flag("issue"),
        "title": _text(sent.text("title"), item.title),
        "text": _text(sent.text("text"), item.text),
        **{name: _text(sent.text(name), getattr(item, name)) or None for name in ("number", "place")},
        "path": item.path if path == tuple(_as_sent(line) for line in item.path) else path,
        "starts_on": sent.day("starts_on"),
        "due_on": sent.day("due_on"),
        "recurrence": Recurrence.model_validate({"every": every, "at_least": at_least}) if every else None,
        "units": _units(sent, item),
        "targets": tuple(owned.get("", ())),
        "tasks": tuple(task.model_copy(update={"targets": tuple(owned.get(number, ()))}) for number, task in tasks.items()),
    }


def differing(item: ItemDraft, values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return, of an item that others changed meanwhile, the fields that stand otherwise now than they were sent: name and the value now."""
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        now = getattr(item, name)
        if now == value or name == "path":
            continue
        found.append((field_name(name) if name != "number" else _("序号"), _in_words(now)))
    return tuple(found)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, tuple):
        words = [str(getattr(one, "name", "") or getattr(one, "label", "") or getattr(one, "text", "")) for one in value]
        return _("、").join(words) or _("（空）")
    return said(value) or _("（空）")


def _text(sent: str, before: str | None) -> str:
    """Return a text as sent; where nothing but signs that no form can carry differs, the text as it was."""
    return before if before is not None and sent == _as_sent(before) else sent


def _as_sent(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or sign.isprintable()).strip()


def _numbers(sent: SentForm, kind: str) -> list[str]:
    """Return the numbers of the rows that were sent, in their order."""
    found = {match[1] for name in sent.fields if (match := re.fullmatch(rf"{kind}-(\d{{1,4}})-[a-z_]+", name))}
    return sorted(found, key=int)


def _units(sent: SentForm, item: ItemDraft) -> tuple[UnitDraft, ...]:
    """Return the units: a name that stood there keeps what the document wrote, a new one is read like a note (A局、B局)."""
    before = {_as_sent(unit.name): unit for unit in item.units}
    found: dict[str, UnitDraft] = {}
    for number in _numbers(sent, "unit"):
        name, role = sent.text(f"unit-{number}-name"), _among(sent.text(f"unit-{number}-role"), role_choices()) or "support"
        known = before.get(name)
        if known is not None:
            found.setdefault(known.name, known.model_copy(update={"role": role}))
            continue
        for unit in units_in(name, "responsible"):
            # The role chosen beside the name decides, whatever a word inside it says.
            found.setdefault(unit.name, unit.model_copy(update={"role": role}))
    return tuple(found.values())


def _tasks(sent: SentForm, item: ItemDraft) -> dict[str, TaskDraft]:
    found: dict[str, TaskDraft] = {}
    for number in _numbers(sent, "task"):
        label = sent.text(f"task-{number}-label")
        if not label:
            continue
        before = item.tasks[int(number)] if int(number) < len(item.tasks) else None
        period = period_of(label)
        starts_on = sent.day(f"task-{number}-starts_on") or (period.starts_on if period else None)
        due_on = sent.day(f"task-{number}-due_on") or (period.ends_on if period else None)
        if starts_on is None or due_on is None:
            raise DubanError("task-without-days", _("“{label}”没有起止日期，从名称也看不出来；请填写").format(label=label))
        text = _text(sent.text(f"task-{number}-text"), before.text if before else None)
        label = _text(label, before.label if before else None)
        if len(label) > LONGEST_LABEL:
            raise DubanError(
                "text-too-long", _("填写的内容有 {count} 字，最多 {most} 字，请精简").format(count=len(label), most=LONGEST_LABEL)
            )
        found[number] = TaskDraft(label=label, starts_on=starts_on, due_on=due_on, text=text)
    return found


def _targets(sent: SentForm, item: ItemDraft) -> dict[str, list[TargetDraft]]:
    """Return the figures by the number of their task, those of the whole item under the empty number."""
    before = [*item.targets, *(target for task in item.tasks for target in task.targets)]
    tasks = {number for number in _numbers(sent, "task") if sent.text(f"task-{number}-label")}
    found: dict[str, list[TargetDraft]] = {}
    for number in _numbers(sent, "target"):
        known = before[int(number)] if int(number) < len(before) else None
        target = _target(sent, f"target-{number}", known)
        if target is None:
            continue
        owner = sent.text(f"target-{number}-task")
        found.setdefault(owner if owner in tasks else "", []).append(target)
    return found


def _target(sent: SentForm, row: str, before: TargetDraft | None) -> TargetDraft | None:
    """Return one figure, None where the row is empty or marked to be taken out."""
    texts = {
        name: _text(sent.text(f"{row}-{name}"), getattr(before, name) if before else None)
        for name in ("measure", "unit_of_measure", "scope", "text")
    }
    numbers = {name: sent.number(f"{row}-{name}") for name in NUMBERS}
    is_empty = not texts["measure"] and not texts["text"] and all(value is None for value in numbers.values())
    if is_empty or sent.flag(f"{row}-gone"):
        return None
    year = sent.number(f"{row}-year")
    return TargetDraft.model_validate(
        {
            **{name: value or None for name, value in texts.items()},
            **numbers,
            "text": texts["text"] or texts["measure"],
            "comparator": _among(sent.text(f"{row}-comparator"), comparator_choices()) or "eq",
            "basis": _among(sent.text(f"{row}-basis"), basis_choices()) or None,
            "year": int(year) if year is not None else None,
        }
    )


def _among(sent: str, choices: Choices) -> str:
    return sent if any(sent == key for key, _word in choices) else ""
