"""Tasks as the API tells of them."""

from datetime import date
from typing import Any

from pydantic import Field

from models.task import Basis, Comparator, TaskState
from rules.lights import Light
from web.api.shapes import Told


class TaskLine(Told):
    """A task in a listing, as it stood at the end of the day asked for."""

    id: int = Field(description="The task's number.", examples=[7])
    plan_id: int = Field(description="The number of its plan.", examples=[1])
    number: str | None = Field(description="The item's number in the document.", examples=["3"])
    title: str = Field(description="The item's title.", examples=["示范县建设"])
    label: str = Field(description="The year or phase.", examples=["2013年"])
    lead: str = Field(description="The lead unit's name.", examples=["省科技厅"])
    state: TaskState = Field(description="How far the task has got; overdue is not a state but a matter of days.")
    light: Light = Field(description="Its light on that day.")
    why: list[str] = Field(description="Why the light is not green, in the language asked for.")
    starts_on: date = Field(description="First day of the task, included.")
    due_on: date = Field(description="Last day of the task; it ends at 23:59:59 Asia/Shanghai.")
    pace: float = Field(description="Per cent that should be done by that day.", examples=[50.3])
    reached: float | None = Field(
        description="Per cent reached of its worst target; null where it has neither figures nor milestones.", examples=[40.0]
    )
    parent_id: int | None = Field(default=None, description="The task it was handed down from.")


class TaskUnit(Told):
    """A unit's part in a task."""

    name: str = Field(description="The unit's name.")
    role: str = Field(description="`lead`, `support` or `responsible` (named without a role; it supports the lead).", examples=["lead"])


class TargetNow(Told):
    """A target of a task, and what was reached of it."""

    measure: str = Field(description="What is counted; a report's figure names it.", examples=["示范县"])
    unit_of_measure: str | None = Field(description="The unit it is counted in; 人 and 人次 are different ones.", examples=["个"])
    comparator: Comparator = Field(description="How the figure is held against what was reached.")
    basis: Basis | None = Field(description="A flow within the year, a sum by its end, or a rate or state at its end.")
    wanted: float | None = Field(description="The figure that counts as fully reached; a range's low end.", examples=[10])
    high: float | None = Field(description="A range's high end.")
    baseline: float | None = Field(description="The value it starts from.")
    actual: float | None = Field(
        description="What was reached since the task's start; null where nobody has said anything yet, which is not 0."
    )
    scope: str | None = Field(description="Of what so much is asked in each, such as 每个县.")
    parts: list[tuple[str, float]] = Field(description="What was reached in each, where it is asked of each.")
    total: float | None = Field(description="What was reached altogether, where it is asked of each.")
    against: str | None = Field(description="The series it must exceed.")


class MilestoneNow(Told):
    """A step of a task."""

    title: str = Field(description="What is to be reached.")
    due_on: date = Field(description="Its last day.")
    weight: float = Field(description="Its weight among the task's milestones; only their ratio counts.")
    is_done: bool = Field(description="Whether it was reached by the day asked for.")


class PartNow(Told):
    """What a supporting unit handed to the lead unit."""

    unit: str = Field(description="The supporting unit.")
    period: str = Field(description="The quarter, such as 2013Q3.")
    revision: int = Field(description="Which word of that unit on the quarter it is, counted from 1.")
    handed_in_on: date = Field(description="The day it was handed in.")
    text: str = Field(description="Its words.")
    problem: str | None = Field(description="What stands in the way.")
    values: dict[str, float] = Field(description="What this unit alone has reached since the task's start, by measure.")
    files: list[str] = Field(description="The names of its files.")


class PartsNow(Told):
    """What supporting units handed in for a quarter. It is offered to the lead unit, which reports for all."""

    period: str = Field(description="The quarter, such as 2013Q3.")
    rows: list[PartNow] = Field(description="The latest word of each unit.")
    silent: list[str] = Field(description="Supporting units that have not handed in yet.")
    offered: dict[str, float] = Field(description="Their figures added up, by measure.")


class TaskOut(Told):
    """A task with everything a reader needs, as it stood at the end of the day asked for."""

    task: TaskLine = Field(description="The task as it is listed.", validation_alias="row")
    plan: str = Field(description="The plan's title.")
    text: str = Field(description="The item's own words.")
    units: list[TaskUnit] = Field(description="Its units.")
    targets: list[TargetNow] = Field(description="Its targets.")
    milestones: list[MilestoneNow] = Field(description="Its milestones.")
    criterion: str | None = Field(description="In words, when a task without figures is done.")
    last_text: str | None = Field(description="What the last report said.")
    problem: str | None = Field(description="The problem it named.")
    next_step: str | None = Field(description="What comes next, as it said.")
    children: list[TaskLine] = Field(description="The tasks that the lead unit handed down.")
    parts: PartsNow | None = Field(description="What supporting units handed in.")


class HistoryLine(Told):
    """One act on a task, as the ledger holds it."""

    seq: int = Field(description="The entry's number in its plan's chain.", examples=[12])
    acted_on: date = Field(description="The day it was done.")
    for_day: date = Field(description="The day it holds for: a completion holds for the day of its submission.")
    actor: str = Field(description="The account that did it, `system` for the program.")
    act: str = Field(description="The act's name in the ledger, which never changes.", examples=["acknowledge"])
    name: str = Field(description="What people call the act, in the language asked for.")
    said: dict[str, Any] = Field(description="What the entry says of it: its fields are the ledger's own.")
