"""What a unit's lower units must take on when it hands a task down: days and figures may be tightened, never loosened, and nothing may fall between them.

Counts add up over the children; a rate, a level or a figure that holds for each (每县至少1家) must be reached by every child by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.task import Basis, Comparator
from rules.targets import is_for_each

_CEILINGS = (Comparator.LE, Comparator.LT)
_RATES = ("%", "‰", "个百分点", "百分点")
# Sums of decimals written by people: 0.1 + 0.2 covers 0.3.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Figure:
    """What a target asks for; both ends are the same where it is no range."""

    low: float
    high: float


@dataclass(frozen=True)
class Measure:
    """A target that is handed down: what is counted, how it is held, and the parent's figure. `baseline` above the figure means that it is to fall."""

    name: str
    unit_of_measure: str | None
    comparator: Comparator
    figure: Figure
    basis: Basis | None = None
    scope: str | None = None
    baseline: float | None = None

    @property
    def adds_up(self) -> bool:
        """Tell whether the children's figures are added; otherwise each of them must do."""
        is_level = self.basis is Basis.LEVEL or self.unit_of_measure in _RATES
        return not is_level and not is_for_each(self.scope)

    @property
    def is_ceiling(self) -> bool:
        """Tell whether less is stricter: 不超过, or a level that is to fall."""
        return self.comparator in _CEILINGS or (self.baseline is not None and self.baseline > self.figure.low)


def short_by(measure: Measure, figures: Sequence[Figure]) -> float:
    """Return by how much the children's figures together miss a measure that adds up: what is missing, for a ceiling what is too much; 0 where it is covered."""
    low, high = sum(figure.low for figure in figures), sum(figure.high for figure in figures)
    missing = 0.0 if measure.is_ceiling else measure.figure.low - low
    is_capped = measure.is_ceiling or measure.comparator is Comparator.RANGE
    excess = high - measure.figure.high if is_capped else 0.0
    worst = max(missing, excess)
    return worst if worst > _ROUNDING else 0.0


def loosens(measure: Measure, figure: Figure) -> bool:
    """Tell whether a child's figure asks for less than the parent's, where each child must reach it by itself."""
    too_low = not measure.is_ceiling and figure.low < measure.figure.low - _ROUNDING
    is_capped = measure.is_ceiling or measure.comparator is Comparator.RANGE
    return too_low or (is_capped and figure.high > measure.figure.high + _ROUNDING)
