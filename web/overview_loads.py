"""What each unit has in hand, for the overview: sums of kept counts, so that they are there before any light is judged."""

from dataclasses import dataclass

from sqlmodel import Session

from models.unit import UnitLevel
from rules.rights import Actor
from rules.texts import _
from runtime.clock import today
from services.unit_loads import DUE_WITHIN, LoadsAsked, UnitLoad, unit_loads
from web.overview_maps import PAGE_ROWS, Overview, address, level_word
from web.rendering import url


@dataclass(frozen=True)
class LoadRow:
    """One unit and its counts, in the order of the columns."""

    name: str
    note: str
    to: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class LoadTable:
    """The units of one page. `more` leads to the next ones."""

    columns: tuple[str, ...]
    rows: tuple[LoadRow, ...]
    more: str


def loads_of(session: Session, seen: Overview, reader: Actor) -> LoadTable | None:
    """Return the table; None for a day gone by or one plan alone, which the counts do not tell of."""
    asked = seen.asked
    if asked.day != today() or asked.plan is not None:
        return None
    found = unit_loads(session, asked.day, LoadsAsked(reader, PAGE_ROWS + 1, asked.loads_after, asked.level))
    shown = found[:PAGE_ROWS]
    more = address(seen, loads_after=shown[-1].unit_id) + "#loads" if len(found) > PAGE_ROWS else ""
    due_soon = _("{days} 天内到期").format(days=DUE_WITHIN.days)
    columns = (_("单位"), _("在办"), due_soon, _("已超期"), _("已申请办结"), _("已办结"))
    return LoadTable(columns, tuple(_row(load) for load in shown), more)


def _row(load: UnitLoad) -> LoadRow:
    note = "" if load.level is UnitLevel.UNKNOWN else level_word(load.level)
    counts = (load.in_hand, load.due_soon, load.overdue, load.handed_in, load.done)
    return LoadRow(load.unit, note, url("/tasks", unit=load.unit), counts)
