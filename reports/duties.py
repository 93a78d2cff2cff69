"""A task as papers to units tell it: what is to be reached, by when and with whom. A frozen view, made by `services.papers.duties`."""

from dataclasses import dataclass
from datetime import date

from rules.texts import _

Quarters = tuple[float | None, float | None, float | None, float | None]
NO_QUARTERS: Quarters = (None, None, None, None)


@dataclass(frozen=True)
class Goal:
    """A figure to be reached. `words` say it as people do (≥10个); `is_held` marks one that is to be kept and not worked towards (不超过3起)."""

    measure: str
    unit_of_measure: str | None
    wanted: float | None
    words: str
    is_held: bool = False


@dataclass(frozen=True)
class Step:
    """A milestone and the day by which it is to be reached."""

    title: str
    due_on: date


@dataclass(frozen=True)
class Duty:
    """A task with its units. `quarters` are the per cents that should be reached at the ends of a year's quarters, None where nothing is measured.

    `criterion` says when a task without figures is done.
    """

    task: int
    plan_id: int
    plan: str
    doc_no: str | None
    number: str | None
    item: str
    label: str
    text: str
    starts_on: date
    due_on: date
    original_due_on: date
    lead: str
    supports: tuple[str, ...]
    goals: tuple[Goal, ...]
    steps: tuple[Step, ...]
    criterion: str | None
    quarters: Quarters = NO_QUARTERS

    @property
    def title(self) -> str:
        """Return how the task is named in lists."""
        return _("{item}（{label}）").format(item=self.item, label=self.label)

    @property
    def aim(self) -> str:
        """Return all that is to be reached in one line: the figures, else the written criterion, else that it is done in time."""
        goals = _("；").join(_("{measure} {wanted}").format(measure=goal.measure, wanted=goal.words) for goal in self.goals)
        return goals or self.criterion or _("按期完成")

    @property
    def content(self) -> str:
        """Return what the task says beyond its title, empty where that is nothing, or where figures say it."""
        return "" if self.goals else self.text.strip().removeprefix(self.item).lstrip("。．.：:，,；; ").rstrip()
