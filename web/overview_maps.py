"""The overview's heat maps: by plan, by the actions of one plan, by level and by lead unit. Units stand in the register's order, never in that of their lights."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import PlanItem
from models.unit import Unit, UnitLevel
from rules.texts import _
from runtime.clock import today
from services.plan_boards import NOTHING, Counts, Look, PlanBoard, added
from services.plan_list import PlanLine
from web.board_shelf import Boards
from web.heat import HeatMap, HeatRow, cells_of, columns_of
from web.rendering import url

PAGE_ROWS = 40


@dataclass(frozen=True)
class Asked:
    """What the overview is asked for: a day, one plan or all, one level or all, from which row the maps of actions and units are shown, and after which unit the loads."""

    day: date
    plan: PlanLine | None = None
    level: UnitLevel | None = None
    units_from: int = 0
    items_from: int = 0
    loads_after: int = 0


@dataclass(frozen=True)
class Register:
    """The units as the register has them: name and level by id, in its order."""

    names: Mapping[int, str]
    levels: Mapping[int, UnitLevel]


def read_register(session: Session) -> Register:
    """Read the register of units."""
    rows = session.execute(sa.select(col(Unit.id), col(Unit.name), col(Unit.level)).order_by(col(Unit.id))).tuples().all()
    return Register({number or 0: name for number, name, _level in rows}, {number or 0: level for number, _name, level in rows})


@dataclass(frozen=True)
class Overview:
    """What the page is made from: what was asked, the plans followed, the looks, and the boards known so far."""

    asked: Asked
    plans: Sequence[PlanLine]
    looks: Sequence[Look]
    boards: Boards
    register: Register

    @property
    def followed(self) -> Sequence[PlanLine]:
        """Return the plans that are counted."""
        return [self.asked.plan] if self.asked.plan else self.plans

    def passes(self, unit_id: int) -> bool:
        """Tell whether a unit's tasks are counted."""
        return self.asked.level is None or self.register.levels.get(unit_id) is self.asked.level

    def counted(self, of: Callable[[int, int], Hashable]) -> Mapping[Hashable, Mapping[Look, Counts]]:
        """Return the counts of all looks by whatever `of` makes of plan and lead unit, as far as they are judged."""
        found: dict[Hashable, dict[Look, list[Counts]]] = defaultdict(lambda: defaultdict(list))
        for look in self.looks:
            for plan in self.followed:
                for unit_id, counts in self.boards.found.get((plan.id, look), PlanBoard()).units.items():
                    if self.passes(unit_id):
                        found[of(plan.id, unit_id)][look].append(counts)
        return {key: {look: added(counts) for look, counts in by_look.items()} for key, by_look in found.items()}

    def counted_items(self, plan_id: int) -> Mapping[int, Mapping[Look, Counts]]:
        """Return the counts of one plan's items."""
        found: dict[int, dict[Look, list[Counts]]] = defaultdict(lambda: defaultdict(list))
        for look in self.looks:
            for (item_id, unit_id), counts in self.boards.found.get((plan_id, look), PlanBoard()).counts.items():
                if self.passes(unit_id):
                    found[item_id][look].append(counts)
        return {item_id: {look: added(counts) for look, counts in by_look.items()} for item_id, by_look in found.items()}

    def is_whole(self, look: Look) -> bool:
        """Tell whether all plans are judged at the look."""
        return all((plan.id, look) in self.boards.found for plan in self.followed)


def level_word(level: UnitLevel) -> str:
    """Return a level of government in a word."""
    return {
        UnitLevel.STATE: _("国家"),
        UnitLevel.PROVINCE: _("省级"),
        UnitLevel.PREFECTURE: _("市级"),
        UnitLevel.COUNTY: _("县级"),
        UnitLevel.TOWNSHIP: _("乡级"),
        UnitLevel.UNKNOWN: _("未登记层级"),
    }[level]


def heat_maps(session: Session, seen: Overview) -> tuple[HeatMap, ...]:
    """Return the maps of the page: all plans, or the actions of the one that is asked for; the levels, unless one is asked for; the lead units."""
    first = _by_item(session, seen, seen.asked.plan) if seen.asked.plan else _by_plan(seen)
    levels = () if seen.asked.level else (_by_level(seen),)
    return (first, *levels, _by_unit(seen))


def address(seen: Overview, **other: object) -> str:
    """Return the address of this overview, with what is asked for otherwise."""
    asked = seen.asked
    query: dict[str, object] = {
        "plan": asked.plan.id if asked.plan else None,
        "level": asked.level.value if asked.level else None,
        "on": None if asked.day == today() else asked.day.isoformat(),
    }
    return url("/overview", **{**query, **other})


def _by_plan(seen: Overview) -> HeatMap:
    counted = seen.counted(lambda plan_id, _unit: plan_id)
    rows = []
    for plan in seen.plans:
        own = counted.get(plan.id, {})
        known = {look: own.get(look, NOTHING) if (plan.id, look) in seen.boards.found else None for look in seen.looks}
        rows.append(HeatRow(plan.title, plan.doc_no or "", address(seen, plan=plan.id), cells_of(seen.looks, known)))
    return HeatMap("by-plan", _("各计划"), _("计划"), columns_of(seen.looks), tuple(rows), _("还没有在办的计划。"))


def _by_item(session: Session, seen: Overview, plan: PlanLine) -> HeatMap:
    """Return the map of one plan's actions in the document's order; of all plans together there are too many to be seen at once."""
    counted = seen.counted_items(plan.id)
    found = sa.select(col(PlanItem.id), col(PlanItem.number), col(PlanItem.title)).where(col(PlanItem.plan_id) == plan.id)
    items = [row for row in session.execute(found.order_by(col(PlanItem.position))).tuples() if row[0] in counted]
    first = seen.asked.items_from
    rows = tuple(
        HeatRow(
            title, number or "", url("/tasks", plan=plan.id, text=title[:40]), cells_of(seen.looks, _filled(seen, counted[item_id or 0]))
        )
        for item_id, number, title in items[first : first + PAGE_ROWS]
    )
    more = address(seen, items_from=first + PAGE_ROWS) + "#by-item" if first + PAGE_ROWS < len(items) else ""
    return HeatMap("by-item", _("各项行动"), _("行动"), columns_of(seen.looks), rows, _("没有任务。"), more)


def _by_level(seen: Overview) -> HeatMap:
    counted = seen.counted(lambda _plan, unit_id: seen.register.levels.get(unit_id, UnitLevel.UNKNOWN))
    rows = tuple(
        HeatRow(level_word(level), "", address(seen, level=level.value), cells_of(seen.looks, _filled(seen, counted[level])))
        for level in UnitLevel
        if level in counted
    )
    return HeatMap("by-level", _("各级牵头单位"), _("层级"), columns_of(seen.looks), rows, _("没有任务。"))


def _by_unit(seen: Overview) -> HeatMap:
    counted = seen.counted(lambda _plan, unit_id: unit_id)
    names, levels, first = seen.register.names, seen.register.levels, seen.asked.units_from
    ids = [unit_id for unit_id in names if unit_id in counted]
    plan_id = seen.asked.plan.id if seen.asked.plan else None
    rows = tuple(
        HeatRow(
            names[unit_id],
            "" if levels[unit_id] is UnitLevel.UNKNOWN else level_word(levels[unit_id]),
            url("/tasks", plan=plan_id, unit=names[unit_id]),
            cells_of(seen.looks, _filled(seen, counted[unit_id])),
        )
        for unit_id in ids[first : first + PAGE_ROWS]
    )
    more = address(seen, units_from=first + PAGE_ROWS) + "#by-unit" if first + PAGE_ROWS < len(ids) else ""
    return HeatMap("by-unit", _("各牵头单位"), _("单位"), columns_of(seen.looks), rows, _("没有任务。"), more)


def _filled(seen: Overview, counted: Mapping[Look, Counts]) -> dict[Look, Counts | None]:
    """Return a row's counts where all plans are judged, None where one is still missing: half a count would mislead."""
    return {look: counted.get(look, NOTHING) if seen.is_whole(look) else None for look in seen.looks}
