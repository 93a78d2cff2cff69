"""The rules of `rules/targets.py` as expressions of the database, for targets whose value their own unit reports.

Every operation is Python's, in the same order: a float at a threshold falls on the same side. `tests/services/test_figures.py` holds the two against each other.
"""

from typing import Any

import sqlalchemy as sa

from models.task import Comparator, Target
from rules.targets import ABOUT, POINTS
from services.changes import table_of

Figure = sa.ColumnElement[float]
TARGET = table_of(Target)
# What a bulletin's line says of a target, in the order of its columns.
TOLD = ("measure", "unit_of_measure", "comparator", "basis", "wanted", "high", "baseline", "actual")

_HUNDRED, _NOTHING = sa.literal(100.0, sa.Float), sa.literal(0.0, sa.Float)


def wanted() -> Figure:
    """Return the figure that counts as fully reached; NULL where the target has none, and is not judged."""
    all_of_it = sa.case((TARGET.c.comparator == Comparator.ALL, _HUNDRED))
    return sa.func.coalesce(TARGET.c.value, all_of_it, TARGET.c.low, TARGET.c.high, type_=sa.Float())


def starts_from() -> Figure:
    """Return the value that the target starts from; a difference in points has none."""
    return sa.case((sa.func.coalesce(TARGET.c.unit_of_measure, "").in_(POINTS), sa.null()), else_=TARGET.c.baseline)


def gap(row: Any, pace: Figure) -> Figure:
    """Return the percentage points that a row with the columns `TOLD` is behind `pace`: NULL for a held value that nobody knows, and for no target."""
    falls = sa.and_(
        row.baseline > row.wanted,
        row.baseline > sa.func.coalesce(row.high, _NOTHING),
        row.comparator.not_in((Comparator.GE.value, Comparator.GT.value)),
    )
    is_bare_zero = sa.and_(row.wanted == _NOTHING, row.comparator.in_((Comparator.EQ.value, Comparator.ABOUT.value)))
    is_held = sa.or_(row.comparator.in_((Comparator.LE.value, Comparator.LT.value)), is_bare_zero)
    return sa.case(
        (row.wanted.is_(None), None),
        (falls, pace - _enough(row, _fallen(row), row.actual <= row.wanted + row.wanted * ABOUT)),
        (is_held, _held(row, pace)),
        else_=pace - _enough(row, _risen(row), row.actual >= row.wanted - row.wanted * ABOUT),
    )


def _held(row: Any, pace: Figure) -> Figure:
    holds = sa.case((row.comparator == Comparator.LT.value, row.actual < row.wanted), else_=row.actual <= row.wanted)
    return sa.case((row.actual.is_(None), None), (holds, _NOTHING), else_=pace)


def _fallen(row: Any) -> Figure:
    way = sa.func.coalesce(row.high, row.wanted, type_=sa.Float()) - row.baseline
    return sa.case((row.actual.is_(None), _NOTHING), else_=_HUNDRED * (row.actual - row.baseline) / way)


def _risen(row: Any) -> Figure:
    way = row.wanted - row.baseline
    return sa.case(
        (sa.and_(row.baseline.is_not(None), row.actual.is_(None)), _NOTHING),
        (way > _NOTHING, _HUNDRED * (row.actual - row.baseline) / way),
        (row.wanted != _NOTHING, _HUNDRED * sa.func.coalesce(row.actual, _NOTHING, type_=sa.Float()) / row.wanted),
        else_=_HUNDRED,
    )


def _enough(row: Any, share: Figure, is_met: sa.ColumnElement[bool]) -> Figure:
    """About the figure is as good as all of it."""
    is_about = sa.and_(row.comparator == Comparator.ABOUT.value, is_met, share < _HUNDRED)
    return sa.case((is_about, _HUNDRED), else_=share)
