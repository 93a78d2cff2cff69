"""The rows of the sheets put together again into items: tasks, targets and units find their item by its 标识.

The column a unit stands in says its role. A unit that was in the workbook before keeps what the document wrote; a new one is read like a note.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from intake.celltimes import period_of
from intake.draft import Finding, ItemDraft, Recurrence, SourcePlace, TargetDraft, TaskDraft, UnitDraft, UnitRole
from intake.phrases import pieces
from intake.review.cells import Mistakes
from intake.review.columns import FINDINGS, ITEMS, SOURCE_FIELDS, TARGETS, TASKS, UNITS, task_names
from intake.review.reshaping import with_first_lead
from intake.units import is_open_set, units_in
from rules.texts import _

# In which cells an item's units stand, and as what.
CELLS: tuple[tuple[UnitRole, str], ...] = (("lead", "lead"), ("responsible", "responsible"), ("support", "support"), ("support", "added"))


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: its sheet, its number as the program shows it, its values by field."""

    sheet: str
    number: int
    values: dict[str, object]

    def text(self, field: str) -> str:
        """Return a value as text, "" where the cell is empty."""
        value = self.values.get(field)
        return "" if value is None else str(value)


Rows = dict[str, list[Row]]


def joined_items(rows: Rows, known_ids: set[str], mistakes: Mistakes, *, first_leads: bool) -> tuple[ItemDraft, ...]:
    """Return the items in the order of their rows. `known_ids` are those the workbook was written with; `first_leads` makes the first unit lead where an
    item to be issued has none.
    """
    items = [row for row in rows[ITEMS] if row.text("title") or row.text("text") or row.text("id")]
    ids = _ids(items, known_ids, mistakes)
    parts = {name: _by_item(rows[name], set(ids), known_ids, mistakes) for name in (TASKS, TARGETS, UNITS)}
    found: list[ItemDraft] = []
    for item_id, row in zip(ids, items, strict=True):
        tasks = _tasks(parts[TASKS].get(item_id, []), mistakes)
        targets = _targets(parts[TARGETS].get(item_id, []), task_names([task.label for task in tasks]), mistakes)
        named = zip(task_names([task.label for task in tasks]), tasks, strict=True)
        item = _item(item_id, row, mistakes).model_copy(
            update={
                "units": _units(row, parts[UNITS].get(item_id, [])),
                "targets": tuple(targets.get("", [])),
                "tasks": tuple(task.model_copy(update={"targets": tuple(targets.get(name, []))}) for name, task in named),
            }
        )
        found.append(with_first_lead(item) if first_leads else item)
    return tuple(found)


def kept_findings(rows: Rows, ids: set[str]) -> list[Finding]:
    """Return the findings of the sheet 检查意见, without those of items that are gone."""
    found: list[Finding] = []
    for row in rows[FINDINGS]:
        item = row.text("item") or None
        if item is None or item in ids:
            values = {
                "code": row.text("code"),
                "severity": row.values.get("severity") or "info",
                "message": row.text("message"),
                "item": item,
            }
            found.append(Finding.model_validate(values))
    return found


def _ids(items: list[Row], known_ids: set[str], mistakes: Mistakes) -> list[str]:
    used = {row.text("id") for row in items} | known_ids
    ids: list[str] = []
    for row in items:
        item_id = row.text("id")
        if not item_id:
            item_id = next(f"n{number}" for number in range(1, len(used) + 2) if f"n{number}" not in used)
            used.add(item_id)
        elif item_id in ids:
            mistakes.add(row.sheet, row.number, "标识", _("“{id}”重复；复制出来的行请把标识清空").format(id=item_id))
        ids.append(item_id)
    return ids


def _by_item(rows: list[Row], ids: set[str], known_ids: set[str], mistakes: Mistakes) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        item_id = row.text("item")
        if item_id in ids:
            found.setdefault(item_id, []).append(row)
        elif item_id and item_id not in known_ids:
            message = _("“事项”页没有标识“{id}”；请改成已有的标识，或删去本行").format(id=item_id)
            mistakes.add(row.sheet, row.number, "事项标识", message)
    return found


def _item(item_id: str, row: Row, mistakes: Mistakes) -> ItemDraft:
    values = row.values
    every, at_least = values.get("every"), values.get("at_least")
    if at_least is not None and every is None:
        mistakes.add(row.sheet, row.number, "周期", _("填了“每期至少几次”却没有周期；请选周期"))
    confidence = values.get("confidence")
    if isinstance(confidence, float) and confidence > 1:
        mistakes.add(row.sheet, row.number, "可信度", _("应在 0 与 1 之间；请改回原值"))
        confidence = None
    return ItemDraft.model_validate(
        {
            "id": item_id,
            **{field: values.get(field) for field in ("number", "place", "starts_on", "due_on")},
            "title": row.text("title") or "—",
            "text": row.text("text"),
            "path": tuple(line.strip() for line in row.text("path").split("\n") if line.strip()),
            "recurrence": Recurrence.model_validate({"every": every, "at_least": at_least}) if every else None,
            "source": SourcePlace.model_validate({field: values.get(field) for field in SOURCE_FIELDS}),
            "confidence": 1.0 if confidence is None else confidence,
            "issue": values.get("issue") is True,
        }
    )


def _tasks(rows: list[Row], mistakes: Mistakes) -> list[TaskDraft]:
    found: list[TaskDraft] = []
    for row in rows:
        period = period_of(row.text("label"))
        starts_on = row.values.get("starts_on") or (period.starts_on if period else None)
        due_on = row.values.get("due_on") or (period.ends_on if period else None)
        for head, day in (("开始日期", starts_on), ("截止日期", due_on)):
            if day is None:
                mistakes.add(row.sheet, row.number, head, _("没有填，从“{label}”也看不出来；请填日期").format(label=row.text("label")))
        if starts_on is not None and due_on is not None:
            values = {"label": row.text("label"), "starts_on": starts_on, "due_on": due_on, "text": row.text("text")}
            found.append(TaskDraft.model_validate(values))
    return found


def _targets(rows: list[Row], names: list[str], mistakes: Mistakes) -> dict[str, list[TargetDraft]]:
    found: dict[str, list[TargetDraft]] = {}
    for row in rows:
        name = row.text("label")
        if name and name not in names:
            message = _("这个事项没有年度任务“{name}”；请改“所属年度”，或在“年度任务”页补上").format(name=name)
            mistakes.add(row.sheet, row.number, "所属年度", message)
            continue
        values = {key: value for key, value in row.values.items() if key in TargetDraft.model_fields and key not in ("text", "comparator")}
        comparator = row.values.get("comparator") or "eq"
        found.setdefault(name, []).append(TargetDraft.model_validate({**values, "comparator": comparator, "text": row.text("text")}))
    return found


def _units(row: Row, details: list[Row]) -> tuple[UnitDraft, ...]:
    """Return the units of an item's cells: known ones in the order they had, new ones behind them."""
    left = dict(enumerate(details))
    known: dict[int, UnitDraft] = {}
    new: list[UnitDraft] = []
    wanted = _without_moved([(role, line) for role, field in CELLS for line in _lines(row.text(field))], details)
    for same_role in (True, False):
        rest: list[tuple[UnitRole, str]] = []
        for role, line in wanted:
            at = _detail_at(left, line, role if same_role else None)
            if at is None:
                rest.append((role, line))
            else:
                known[at] = _known(left.pop(at), line, role)
        wanted = rest
    for role, line in wanted:
        new.extend(unit for start, end in pieces(line, "；;") for unit in units_in(line[start:end], role))
    return (*(known[at] for at in sorted(known)), *new)


def _without_moved(wanted: list[tuple[UnitRole, str]], details: list[Row]) -> list[tuple[UnitRole, str]]:
    """Return the units without those left where they stood after the same name was chosen in another column: the choice holds."""
    before = {(detail.values.get("role"), detail.text("name")) for detail in details}
    chosen: dict[str, UnitRole] = {}
    for role, name in wanted:
        if (role, name) not in before:
            chosen.setdefault(name, role)
    kept = [(role, name) for role, name in wanted if chosen.get(name, role) == role]
    return [one for at, one in enumerate(kept) if one in before or one not in kept[:at]]


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip())


def _detail_at(left: dict[int, Row], name: str, role: UnitRole | None) -> int | None:
    return next((at for at, row in left.items() if row.text("name") == name and role in (None, row.values.get("role"))), None)


def _known(detail: Row, name: str, role: UnitRole) -> UnitDraft:
    is_open = detail.values.get("open")
    return UnitDraft(
        name=name, as_written=detail.text("as_written") or name, role=role, open=is_open_set(name) if is_open is None else is_open is True
    )
