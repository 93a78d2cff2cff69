"""Plans side by side as views: two documents item by item (`Comparison`), and any number of plans in figures (`Figures`).

A difference says what the first document has (`before`) and what the second has (`after`); with two versions of one plan they are the old and the new.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.bulletin import Counts, Shares
from reports.plain_values import plain

MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Side:
    """One of the documents compared. `mark` names it in the tables (A, B); `version` is the plan's."""

    mark: str
    id: int
    title: str
    doc_no: str | None
    issuer: str | None
    starts_on: date | None
    ends_on: date | None
    version: int
    items: int


@dataclass(frozen=True)
class Standing:
    """How an item stands in one plan: its tasks in force or done, how many are done, and the per cent reached of each measure against its pace."""

    tasks: int
    done: int
    behind: int
    measures: tuple[str, ...]


@dataclass(frozen=True)
class ItemSide:
    """An item as one of the plans has it."""

    number: str | None
    title: str
    text: str
    units: tuple[str, ...]
    standing: Standing | None


@dataclass(frozen=True)
class FieldDifference:
    """A field in which two items differ: its code and name, and in words what each document says where it says something else."""

    field: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Pair:
    """An item that both have, with what differs; nothing where they agree."""

    a: ItemSide
    b: ItemSide
    differences: tuple[FieldDifference, ...]


@dataclass(frozen=True)
class PlanFigures:
    """A plan in figures on the day: its tasks begun by then, by bucket, with shares adding up to exactly 100.0; `later` are not begun yet.

    `done_on_time` of the done ones were handed in by their due day. Reports are those due up to the day.
    """

    mark: str
    id: int
    title: str
    counts: Counts
    shares: Shares
    later: int
    done_on_time: int
    reports_due: int
    reports_on_time: int
    reports_missing: int


@dataclass(frozen=True)
class Figures:
    """Any number of plans side by side in figures."""

    as_of: date
    plans: tuple[PlanFigures, ...]
    rule_version: str
    rule_sha256: str
    ledger_head: str


@dataclass(frozen=True)
class Comparison:
    """Two documents side by side. `figures` is None between two versions of one plan, which stand alike."""

    as_of: date
    a: Side
    b: Side
    plan_differences: tuple[FieldDifference, ...]
    pairs: tuple[Pair, ...]
    only_a: tuple[ItemSide, ...]
    only_b: tuple[ItemSide, ...]
    figures: Figures | None

    @property
    def is_of_versions(self) -> bool:
        """Tell whether two versions of one plan are compared."""
        return self.a.id == self.b.id


def as_json(view: Comparison | Figures) -> dict[str, Any]:
    """Return the view as plain values, days as ISO text."""
    schema = "duban/comparison/1" if isinstance(view, Comparison) else "duban/plan-figures/1"
    return {"schema": schema, **plain(view)}
