"""Acts on tasks: a unit acknowledges, reports and hands in; a supervisor returns, completes, closes and reopens."""

from fastapi import Response
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session

from models.task import Task, TaskState
from services.occasion import Occasion
from services.progress import ProgressInput, record_progress
from services.report_values import PART_MARK, Amount
from services.tasks import acknowledge_task, close_task, complete_task, reopen_task, return_task, submit_task
from web.api.acting import Done, TaskActing, mark_of
from web.api.routing import REPLAYED, guarded
from web.api.shapes import Said, Told
from web.api.values import Day, Line, Quantity, Reason, TaskId, Words

router = guarded("acts on tasks")


class ActDone(Told):
    """How the task stands after the act."""

    task_id: int = Field(description="The task's number.", examples=[7])
    state: TaskState = Field(description="Its state now.")
    etag: str = Field(description="What to send as If-Match with the next act.", examples=['"13-"'])


class ReportDone(ActDone):
    """A report that was recorded."""

    report_id: int = Field(description="The report's number.")
    period: str = Field(description="The quarter it is on.", examples=["2013Q3"])
    revision: int = Field(description="Which report on that quarter it is, counted from 1; the latest counts.", ge=1)


class ReportedFigure(Said):
    """A figure of a report."""

    measure: Line = Field(
        description="The target's measure, or a part of its name that fits one target only.", examples=["示范县"], min_length=1
    )
    part: Line | None = Field(default=None, description="The unit or region it holds for, where the target is asked of each.", min_length=1)
    value: Quantity = Field(
        description="The sum reached since the task's start; with `is_more`, what came on top of the last report.", examples=[4]
    )
    is_more: bool = Field(default=False, description="Whether `value` is added to what was reported last.")


class ReportIn(Said):
    """What a unit reports. It says at least something: figures, words, a problem, or that nothing has changed."""

    values: list[ReportedFigure] = Field(default=[], max_length=200, description="Its figures, each measure once.")
    text: Words = Field(default="", description="What was done.", examples=["已建成 4 个县"])
    problem: Words | None = Field(default=None, description="What stands in the way.")
    next_step: Words | None = Field(default=None, description="What comes next.")
    period: str | None = Field(
        default=None,
        pattern=r"^(19[5-9]|20[0-9]|21[0-9])[0-9]Q[1-4]$",
        description="The quarter. Without it: that of today, or within the reporting days the one before while it is unreported.",
        examples=["2013Q3"],
    )
    no_change: bool = Field(default=False, description="Nothing has changed: the last figures are carried on. Not together with `values`.")
    correction: Reason | None = Field(default=None, description="Why a quarter is reported again whose bulletin is out.")
    confirmed: bool = Field(default=False, description="A figure far above its target was checked and is right.")

    @model_validator(mode="after")
    def _once(self) -> "ReportIn":
        keys = [(one.measure, one.part) for one in self.values]
        if len(set(keys)) < len(keys):
            raise PydanticCustomError("measure_twice", "a measure stands twice")
        return self


class SubmitIn(Said):
    """Why a task is handed in although something is missing."""

    reason: Reason | None = Field(default=None, description="Needed where a target is not met, or a part handed down is still open.")


class ReturnIn(Said):
    """Why a submission goes back."""

    reason: Reason = Field(description="What is to be done better.", examples=["缺少验收文件"])
    limit_on: Day | None = Field(default=None, description="Last day for the answer; the task's due day stays.", examples=["2013-11-15"])


class ReopenIn(Said):
    """Why a completed task is taken up again."""

    reason: Reason = Field(description="What was found.", examples=["回访发现设备未投入使用"])


@router.post(
    "/tasks/{task_id}/acknowledge", operation_id="acknowledgeTask", response_model=ActDone, responses={200: REPLAYED}, summary="Acknowledge"
)
def acknowledge(acting: TaskActing, task_id: TaskId) -> Response:
    """Acknowledge receipt of a task; its lead unit does."""

    def deed(session: Session, occasion: Occasion) -> Done:
        acknowledge_task(session, task_id, occasion)
        return _stands(session, task_id)

    return acting.act(deed, task_id)


@router.post(
    "/tasks/{task_id}/report",
    operation_id="reportProgress",
    status_code=201,
    response_model=ReportDone,
    responses={201: REPLAYED},
    summary="Report",
)
def report(acting: TaskActing, task_id: TaskId, said: ReportIn) -> Response:
    """Report on a task; its lead unit does. A second report on a quarter is a new revision, none is overwritten. Evidence follows by itself."""
    values = {_key(one): Amount(one.value, one.is_more) for one in said.values}
    same = {name: getattr(said, name) for name in ("text", "problem", "next_step", "period", "correction")}
    given = ProgressInput(values=values, is_unchanged=said.no_change, is_confirmed=said.confirmed, **same)

    def deed(session: Session, occasion: Occasion) -> Done:
        filed = record_progress(session, task_id, given, acting.caller.context.store, occasion)
        stands = _standing(session, task_id)
        told = ReportDone(**stands.model_dump(), report_id=filed.id, period=filed.period, revision=filed.revision)
        return Done(201, told, f"/tasks/{task_id}")

    return acting.act(deed, task_id)


@router.post("/tasks/{task_id}/submit", operation_id="submitTask", response_model=ActDone, responses={200: REPLAYED}, summary="Hand in")
def submit(acting: TaskActing, task_id: TaskId, said: SubmitIn | None = None) -> Response:
    """Hand a task in for review; its lead unit does. It is locked until a supervisor has accepted or returned it."""

    def deed(session: Session, occasion: Occasion) -> Done:
        submit_task(session, task_id, said.reason if said else None, occasion)
        return _stands(session, task_id)

    return acting.act(deed, task_id)


@router.post("/tasks/{task_id}/return", operation_id="returnTask", response_model=ActDone, responses={200: REPLAYED}, summary="Return")
def send_back(acting: TaskActing, task_id: TaskId, said: ReturnIn) -> Response:
    """Send a submission back for rework; a supervisor of another unit does."""

    def deed(session: Session, occasion: Occasion) -> Done:
        return_task(session, task_id, said.reason, occasion, said.limit_on)
        return _stands(session, task_id)

    return acting.act(deed, task_id)


@router.post(
    "/tasks/{task_id}/complete", operation_id="completeTask", response_model=ActDone, responses={200: REPLAYED}, summary="Complete"
)
def complete(acting: TaskActing, task_id: TaskId) -> Response:
    """Accept a submission; a supervisor of another unit does. The task is done on the day it was handed in, not today."""

    def deed(session: Session, occasion: Occasion) -> Done:
        complete_task(session, task_id, occasion)
        return _stands(session, task_id)

    return acting.act(deed, task_id)


@router.post("/tasks/{task_id}/close", operation_id="closeTask", response_model=ActDone, responses={200: REPLAYED}, summary="Write off")
def close(acting: TaskActing, task_id: TaskId) -> Response:
    """Write a completed task off the ledger; a supervisor or the plan office does."""

    def deed(session: Session, occasion: Occasion) -> Done:
        close_task(session, task_id, occasion)
        return _stands(session, task_id)

    return acting.act(deed, task_id)


@router.post(
    "/tasks/{task_id}/reopen", operation_id="reopenTask", response_model=ActDone, responses={200: REPLAYED}, summary="Take up again"
)
def reopen(acting: TaskActing, task_id: TaskId, said: ReopenIn) -> Response:
    """Take a completed or closed task up again after re-inspection; a supervisor does. The earlier completion stays in its history."""

    def deed(session: Session, occasion: Occasion) -> Done:
        reopen_task(session, task_id, said.reason, occasion)
        return _stands(session, task_id)

    return acting.act(deed, task_id)


def _key(figure: ReportedFigure) -> str:
    return f"{figure.measure}{PART_MARK}{figure.part}" if figure.part else figure.measure


def _stands(session: Session, task_id: int) -> Done:
    return Done(200, _standing(session, task_id))


def _standing(session: Session, task_id: int) -> ActDone:
    state = session.get_one(Task, task_id).state
    return ActDone(task_id=task_id, state=state, etag=f'"{mark_of(session, task_id)}"')
