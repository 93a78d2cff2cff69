"""Requests as the API tells of them and takes them."""

from datetime import date
from typing import Any

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from models.request import RequestKind, RequestState
from rules.requests import LONGEST_PAUSE_DAYS, Figure, Terms
from web.api.shapes import Said, Told
from web.api.values import Day, Line, Quantity, Reason, Words


class TermsOut(Told):
    """The values a request is about; only that of its kind is given."""

    due_on: date | None = Field(description="Extension: the new last day.")
    unit: str | None = Field(description="Reassignment: the unit that is to lead.")
    days: int | None = Field(description="Suspension: its length in calendar days.")
    targets: dict[str, float | tuple[float, float]] = Field(description="Target change: the new figure, or a range's two ends, by measure.")

    @field_validator("targets", mode="before")
    @classmethod
    def _plain(cls, targets: Any) -> dict[str, Any]:
        return dict(targets)


class RequestLine(Told):
    """A request, as it stood at the end of the day asked for."""

    id: int = Field(description="The request's number.", examples=[3])
    task: int = Field(description="The task it is on.", examples=[7])
    title: str = Field(description="What that task is called.")
    unit: str = Field(description="The unit that filed it.")
    kind: RequestKind = Field(description="What kind of thing is asked for.")
    state: RequestState = Field(description="How far it has got.")
    reason: str = Field(description="Why.")
    progress: str = Field(description="How far the work had got when it was filed.")
    wanted: TermsOut = Field(description="What was asked for.")
    granted: TermsOut = Field(description="What it was approved with.")
    filed_on: date = Field(description="The day it was filed; filing does not stop the clock.")
    filed_by: str = Field(description="The account that filed it.")
    decided_on: date | None = Field(description="The day it was answered.")
    decided_by: str | None = Field(description="The account that answered.")
    decision: str | None = Field(description="The words of the answer.")


class RequestFiled(Told):
    """A request that was filed."""

    request_id: int = Field(description="Its number.", examples=[3])
    state: RequestState = Field(description="It waits for an answer; until then the task is judged as before.")


class RequestDecided(Told):
    """A request that was answered or taken back."""

    request_id: int = Field(description="Its number.", examples=[3])
    state: RequestState = Field(description="How it stands now.")
    granted: TermsOut | None = Field(default=None, description="What it was approved with.")


class TargetAsked(Said):
    """A target's new figure, or both ends of a range."""

    measure: Line = Field(
        min_length=1, description="The target's measure, or a part of its name that fits one target only.", examples=["示范县"]
    )
    value: Quantity | None = Field(default=None, description="The new figure.", examples=[8])
    low: Quantity | None = Field(default=None, description="A range's low end, with `high`.")
    high: Quantity | None = Field(default=None, description="A range's high end, with `low`.")

    @model_validator(mode="after")
    def _either(self) -> "TargetAsked":
        ends = (self.low is not None) + (self.high is not None)
        if (self.value is None) == (ends == 0) or ends == 1 or (self.low or 0) > (self.high or 0):
            raise PydanticCustomError("figure_or_range", "either value, or low and high in order")
        return self

    @property
    def figure(self) -> Figure:
        """Return the figure, or the range."""
        return (self.low or 0.0, self.high or 0.0) if self.value is None else self.value


class TermsIn(Said):
    """The value of the request's kind; the others stay out."""

    due_on: Day | None = Field(default=None, description="Extension: the new last day.", examples=["2014-03-31"])
    unit: Line | None = Field(
        default=None, min_length=1, description="Reassignment: the unit that is to lead; it may be left to the office."
    )
    days: int | None = Field(
        default=None, ge=1, le=LONGEST_PAUSE_DAYS, description="Suspension: its length in calendar days.", examples=[60]
    )
    targets: list[TargetAsked] = Field(default=[], max_length=200, description="Target change: the new figures.")

    @property
    def terms(self) -> Terms:
        """Return the values as services take them."""
        return Terms(self.due_on, self.unit, self.days, {one.measure: one.figure for one in self.targets})


class RequestIn(TermsIn):
    """What a unit asks for."""

    kind: RequestKind = Field(description="What kind of thing is asked for.")
    reason: Reason = Field(description="Why.", examples=["汛期道路中断，设备未能进场"])
    progress: Words = Field(default="", description="How far the work has got. Without it: what the last report said.")


class ApprovalIn(TermsIn):
    """How a request is granted: values only where they differ from those asked for."""

    words: Words = Field(default="", description="Words to the answer.")
    keep_as_support: bool = Field(default=False, description="Reassignment: whether the old lead unit stays beside the new one.")


class RefusalIn(Said):
    """Why a request is refused."""

    reason: Reason = Field(description="Why.", examples=["资金已到位，可按期完成"])
