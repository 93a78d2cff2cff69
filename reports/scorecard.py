"""The frozen view of a yearly appraisal: every unit's points, each with its formula in words and the ledger's entries it rests on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.bulletin import RuleSetMark
from reports.plain_values import plain


@dataclass(frozen=True)
class EntryMark:
    """An entry of the ledger by its place and hash."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True)
class LineDetail:
    """One matter, event or mark under a line: how it counted in words (`formula`), its points where it brings its own, and its entries."""

    title: str
    role: str
    formula: str
    points: float | None
    entries: tuple[EntryMark, ...]


@dataclass(frozen=True)
class ScoreLine:
    """A line of a unit's score. `full` is the most it could bring (None: no fixed end), `points` what it brought, negative where it took.

    `part` is the group it belongs to; `is_counted` is False where the unit has nothing of the sort, or the points only break ties.
    """

    part: str
    code: str
    title: str
    formula: str
    full: float | None
    points: float
    is_counted: bool
    details: tuple[LineDetail, ...]


@dataclass(frozen=True)
class PartScore:
    """A group's points out of the most it could bring; `full` is 0 where a unit has nothing of it. `parent` is the group it is contained in."""

    code: str
    title: str
    parent: str
    full: float
    points: float


@dataclass(frozen=True)
class UnitCard:
    """A unit's score. `items` are the points of all items; `rank` is None unless ranking was asked for; `total` is None where nothing of the unit counts.

    `notes` say what moved the total away from the sum: a cap, a floor, deductions multiplied for a small unit.
    """

    unit_id: int
    name: str
    rank: int | None
    lead_matters: int
    support_matters: int
    base: float
    items: float
    additions: float
    deductions: float
    tie_break: float
    total: float | None
    formula: str
    parts: tuple[PartScore, ...]
    lines: tuple[ScoreLine, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SchemeMark:
    """Which scheme counted; `first_year` is None for an example of the program that nobody adopted. `guarded` are the parts the guard-rail basis is stated for."""

    code: str
    version: str
    title: str
    first_year: int | None
    sha256: str
    basis: str
    guard_rail_basis: str
    guarded: tuple[str, ...]


@dataclass(frozen=True)
class Scorecard:
    """A year's appraisal of all units, in the register's order, or by rank where that was asked for."""

    year: int
    as_of: date
    written_on: date
    scheme: SchemeMark
    is_ranked: bool
    units: tuple[UnitCard, ...]
    unmarked: tuple[str, ...]
    rule_set: RuleSetMark
    ledger_head: str


def as_json(card: Scorecard) -> dict[str, Any]:
    """Return the view as the document `duban/scorecard/1`."""
    data: dict[str, Any] = plain(card)
    return {"schema": "duban/scorecard/1", **data}
