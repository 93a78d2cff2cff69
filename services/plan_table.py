"""The responsibility table of a plan on a day, as its document prints it: a row for each item, a column for each year, in every cell the task of that year.

One page of items is read whole; which items it holds follows from the plan's lights, which are kept (`services.plan_lights`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.plan import PlanItem
from models.task import TaskState
from models.unit import Unit, UnitLevel
from rules.lights import Light, light_of, pace_of, reached_of
from rules.periods import Period
from rules.rights import Actor
from rules.targets import TargetFacts
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.past import Past, past_on
from services.plan_lights import LightCounts, PlanLights, Standing, count_lights, seen_standings
from services.rule_sets import rule_set_on
from services.task_rows import Row, columns_of, selected

PAGE_ITEMS = 50
LEAD, SUPPORT = "lead", "support"
_WORDS = ("id", "position", "number", "path", "title", "text", "place")


@dataclass(frozen=True)
class TableFilter:
    """Which rows are wanted; what is empty lets all pass. `unit` is a part of a unit's name, or its id; `part` whether it leads or supports."""

    unit: str = ""
    part: str = ""
    level: UnitLevel | None = None
    light: Light | None = None
    quarter: Period | None = None
    text: str = ""


@dataclass(frozen=True)
class TableCell:
    """A task in its year. `is_wanted` is False for one that stands here only because its neighbour passed the filter; `reached` and `pace` are per cent."""

    task_id: int
    label: str
    text: str
    lead_id: int
    lead: str
    state: TaskState
    light: Light
    why: tuple[str, ...]
    due_on: date
    original_due_on: date
    targets: tuple[TargetFacts, ...]
    reached: float | None
    pace: float
    handed_down: int
    is_wanted: bool


@dataclass(frozen=True)
class TableRow:
    """An item with its tasks by column; None is the column of those that run over several years. `leads` and `supports` are in the document's order."""

    item_id: int
    number: str | None
    path: tuple[str, ...]
    title: str
    text: str
    place: str | None
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    cells: Mapping[int | None, tuple[TableCell, ...]]


@dataclass(frozen=True)
class PlanTable:
    """One page of the table.

    `counts` are of all tasks the reader sees, `found` of those that pass the filter; `item_count` is how many items pass, `unseen_count` how many of the plan's items
    belong to others alone.
    """

    day: date
    columns: tuple[int | None, ...]
    rows: tuple[TableRow, ...]
    counts: LightCounts
    found: LightCounts
    item_count: int
    unseen_count: int
    page: int
    page_count: int


def plan_table(session: Session, lights: PlanLights, wanted: TableFilter, page: int, actor: Actor) -> PlanTable:
    """Return a page of the plan's table for the actor; a page beyond the last is the last. Whoever sees no task of it gets a table without rows."""
    seen = seen_standings(session, lights, actor)
    past = past_on(session, lights.day, [lights.plan_id])
    passing = seen if wanted == TableFilter() else _passing(session, seen, wanted, past, lights.plan_id)
    item_ids = list(dict.fromkeys(one.item_id for one in passing))
    page_count = max(1, -(-len(item_ids) // PAGE_ITEMS))
    page = min(max(1, page), page_count)
    chosen = item_ids[PAGE_ITEMS * (page - 1) : PAGE_ITEMS * page]
    return PlanTable(
        day=lights.day,
        columns=_columns(seen),
        rows=_rows(session, _Page(lights, seen, frozenset(one.id for one in passing), chosen, past)),
        counts=count_lights(seen),
        found=count_lights(passing),
        item_count=len(item_ids),
        unseen_count=len({one.item_id for one in lights.standings}) - len({one.item_id for one in seen}),
        page=page,
        page_count=page_count,
    )


@dataclass(frozen=True)
class _Page:
    lights: PlanLights
    seen: Sequence[Standing]
    passing: frozenset[int]
    item_ids: Sequence[int]
    past: Past


def _columns(seen: Iterable[Standing]) -> tuple[int | None, ...]:
    years = {one.year for one in seen}
    return (*sorted(year for year in years if year is not None), *((None,) if None in years else ()))


def _passing(session: Session, seen: Sequence[Standing], wanted: TableFilter, past: Past, plan_id: int) -> list[Standing]:
    units = _units_wanted(session, wanted)
    items = _items_saying(session, wanted.text, past, plan_id) if wanted.text else None
    return [
        one
        for one in seen
        if (wanted.light is None or one.light is wanted.light)
        and (wanted.quarter is None or one.is_in(wanted.quarter))
        and (units is None or _has_part(one, wanted.part, units))
        and (items is None or one.item_id in items)
    ]


def _has_part(one: Standing, part: str, units: frozenset[int]) -> bool:
    return (part != SUPPORT and one.lead_id in units) or (part != LEAD and not units.isdisjoint(one.support_ids))


def _units_wanted(session: Session, wanted: TableFilter) -> frozenset[int] | None:
    if not wanted.unit and wanted.level is None:
        return None
    units = select(col(Unit.id))
    if wanted.unit:
        named = col(Unit.name).contains(wanted.unit, autoescape=True)
        units = units.where(named | (col(Unit.id) == int(wanted.unit)) if _is_id(wanted.unit) else named)
    if wanted.level is not None:
        units = units.where(col(Unit.level) == wanted.level)
    return frozenset(session.execute(units).scalars())


def _is_id(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) < 10


def _items_saying(session: Session, text: str, past: Past, plan_id: int) -> frozenset[int]:
    rows = past.rows(PlanItem, selected(session, columns_of(PlanItem, *_WORDS), col(PlanItem.plan_id), [plan_id]))
    return frozenset(
        row["id"] for row in rows if any(text in said for said in (row["title"], row["text"], row["place"] or "", *row["path"]))
    )


def _rows(session: Session, page: _Page) -> tuple[TableRow, ...]:
    chosen, day = set(page.item_ids), page.lights.day
    by_item: dict[int, list[Standing]] = defaultdict(list)
    for one in page.seen:
        if one.item_id in chosen:
            by_item[one.item_id].append(one)
    ids = [one.id for item_id in page.item_ids for one in by_item[item_id]]
    rules = rule_set_on(session, day)
    known = page.lights.records
    found = [known[id_] for id_ in ids] if known else read_tasks(session, Viewpoint(day, day), rules, task_ids=ids)
    records = {record.name.id: record for record in found}
    handed_down = Counter(one.parent_id for one in page.lights.standings if one.item_id in chosen)
    lit = {id_: (light_of(record.facts, day, rules).reasons, handed_down[id_], id_ in page.passing) for id_, record in records.items()}
    cells = {one.id: _cell(records[one.id], one, lit[one.id], day) for one in page.seen if one.id in records}
    words = {row["id"]: row for row in _read_words(session, page)}
    names = _unit_names(session, {unit_id for record in records.values() for unit_id in record.name.support_ids}, page.past)
    return tuple(_row(words[id_], by_item[id_], cells, names) for id_ in page.item_ids)


def _read_words(session: Session, page: _Page) -> list[Row]:
    return page.past.rows(PlanItem, selected(session, columns_of(PlanItem, *_WORDS), col(PlanItem.id), page.item_ids))


def _unit_names(session: Session, unit_ids: Iterable[int], past: Past) -> dict[int, str]:
    rows = past.rows(Unit, selected(session, columns_of(Unit, "id", "name"), col(Unit.id), sorted(unit_ids)))
    return {row["id"]: row["name"] for row in rows}


def _cell(record: TaskRecord, one: Standing, lit: tuple[tuple[tuple[str, str], ...], int, bool], day: date) -> TableCell:
    reasons, handed_down, is_wanted = lit
    facts, name = record.facts, record.name
    return TableCell(
        task_id=name.id,
        label=name.label,
        text=name.text,
        lead_id=name.lead_id,
        lead=name.lead,
        state=facts.state,
        light=one.light,
        why=tuple(text for _code, text in reasons),
        due_on=facts.due_on,
        original_due_on=facts.original_due_on,
        targets=facts.targets,
        reached=reached_of(facts),
        pace=pace_of(facts, day),
        handed_down=handed_down,
        is_wanted=is_wanted,
    )


def _row(words: Row, standings: Sequence[Standing], cells: Mapping[int, TableCell], names: Mapping[int, str]) -> TableRow:
    by_column: dict[int | None, list[TableCell]] = defaultdict(list)
    for one in standings:
        by_column[one.year].append(cells[one.id])
    leads = tuple(dict.fromkeys(cells[one.id].lead for one in standings))
    supports = dict.fromkeys(names[unit_id] for one in standings for unit_id in one.support_ids)
    return TableRow(
        item_id=words["id"],
        number=words["number"],
        path=tuple(words["path"]),
        title=words["title"],
        text=words["text"],
        place=words["place"],
        leads=leads,
        supports=tuple(name for name in supports if name not in leads),
        cells={column: tuple(found) for column, found in by_column.items()},
    )
