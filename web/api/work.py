"""What is asked of the caller's unit now."""

from datetime import date

from fastapi import Request, Response
from pydantic import Field

from models.task import TaskState
from rules.lights import Light
from services.my_work import my_work
from services.rule_sets import rule_set_on
from services.work_asked import Ask
from web.api.answers import shown
from web.api.caller import Calling, day_asked
from web.api.request_shapes import RequestLine
from web.api.routing import UNCHANGED, guarded
from web.api.shapes import Told

router = guarded("my work")


class WorkTaskOut(Told):
    """A task as the unit's list names it."""

    id: int = Field(description="The task's number.", examples=[7])
    title: str = Field(description="What it is called.")
    plan: str = Field(description="The plan's title.")
    state: TaskState = Field(description="How far it has got.")
    due_on: date = Field(description="Its last day.")
    light: Light = Field(description="Its light today.")
    why: list[str] = Field(description="Why the light is not green.")
    pace: float = Field(description="Per cent that should be done by that day.")
    reached: float | None = Field(description="Per cent reached of its worst target.")


class FigureOut(Told):
    """A figure of a task, in words."""

    measure: str = Field(description="What is counted.")
    wanted: str = Field(description="What is wanted.")
    actual: str | None = Field(description="What was reached; null where nobody has said anything yet.")
    planned: str | None = Field(description="What is planned for the day.")


class AskedOut(Told):
    """One thing that is asked of the unit now."""

    ask: Ask = Field(description="What is asked.")
    about: int = Field(description="The number of the notice or the case for these two, else of the task.", examples=[7])
    title: str = Field(description="What it is about.")
    by: date | None = Field(description="The last day for it.")
    words: list[str] = Field(description="Why, or what is missing.")
    task: WorkTaskOut | None = Field(description="The task, where it is about one.")
    period: str | None = Field(description="The quarter of a report or part.", examples=["2013Q3"])
    figures: list[FigureOut] = Field(description="The figures that a report is asked on.")


class ComingOut(Told):
    """Something that falls due soon."""

    on: date = Field(description="The day.")
    what: str = Field(description="What falls due, in the language asked for.")
    task: WorkTaskOut = Field(description="Of which task.")


class WorkOut(Told):
    """A unit's work on a day: what is asked first, in the order in which it should be done."""

    day: date = Field(description="Today, in Asia/Shanghai.")
    asked: list[AskedOut] = Field(description="What is asked now, and nothing else.")
    requests: list[RequestLine] = Field(description="The unit's requests that wait, and those answered lately.")
    coming: list[ComingOut] = Field(description="What falls due within the next days.")
    led: list[WorkTaskOut] = Field(description="All open tasks that the unit leads.")
    supported: list[WorkTaskOut] = Field(description="All open tasks that it supports.")
    done_count: int = Field(description="How many tasks it has done.", ge=0)


@router.get("/my-work", operation_id="getMyWork", response_model=WorkOut, responses=UNCHANGED, summary="What is asked of one's unit")
def get_my_work(request: Request, caller: Calling) -> Response:
    """Tell what is asked of the caller's unit today; an account that acts for no unit has no work of this kind (403 `no-unit`)."""
    with caller.reading() as session:
        day = day_asked(None)
        return shown(request, WorkOut.model_validate(my_work(session, caller.actor, day, rule_set_on(session, day))))
