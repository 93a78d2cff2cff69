"""Reading tasks: listed, those of one plan, one opened, its history."""

from dataclasses import asdict
from typing import Annotated

from fastapi import Query, Request, Response

from models.task import TaskState
from rules.lights import Light
from services.act_names import act_name
from services.keyset import PageAsk
from services.queries import HistoryRow, TaskFilter, history_page, show_task
from services.reach import refuse_unseen
from services.readable_plans import refuse_unreadable_plan
from services.rule_sets import rule_set_on
from services.task_pages import TaskQuestion, task_page
from web.api.acting import mark_of
from web.api.answers import PageOf, listed, page_out, shown
from web.api.caller import Calling, day_asked
from web.api.routing import UNCHANGED, guarded
from web.api.task_shapes import HistoryLine, TaskLine, TaskOut
from web.api.values import USUAL_ROWS, After, Limit, Line, OnDay, PlanId, PlanQuery, TaskId

router = guarded("tasks")

UnitQuery = Annotated[Line | None, Query(description="The lead unit's name, or a part of it.", examples=["科技"])]
YearQuery = Annotated[int | None, Query(ge=1949, le=2199, description="Tasks that touch this year.", examples=[2013])]
StateQuery = Annotated[TaskState | None, Query(description="Tasks in this state.")]
LightQuery = Annotated[Light | None, Query(description="Tasks with this light.")]


@router.get("/tasks", operation_id="listTasks", response_model=PageOf[TaskLine], summary="List tasks")
def list_tasks(
    request: Request,
    caller: Calling,
    plan: PlanQuery = None,
    unit: UnitQuery = None,
    year: YearQuery = None,
    state: StateQuery = None,
    light: LightQuery = None,
    on: OnDay = None,
    after: After = None,
    limit: Limit = USUAL_ROWS,
) -> Response:
    """List the tasks that the caller may see, in the order of their numbers: an office's all, a unit's own and those of units below it.

    Lights are worked out for each row, so a filter that few tasks pass may give a page with few rows and a `next`.
    """
    wanted = TaskFilter(plan, unit, year, state, light)
    with caller.reading() as session:
        day = day_asked(on)
        asked = TaskQuestion(wanted, day, rule_set_on(session, day), caller.actor, is_present=day == day_asked(None))
        found = task_page(session, asked, after or 0, limit)
    return listed(request, page_out(found, TaskLine.model_validate))


@router.get("/plans/{plan_id}/tasks", operation_id="listTasksOfPlan", response_model=PageOf[TaskLine], summary="List the tasks of a plan")
def list_tasks_of_plan(
    request: Request, caller: Calling, plan_id: PlanId, on: OnDay = None, after: After = None, limit: Limit = USUAL_ROWS
) -> Response:
    """List those of a plan's tasks that the caller may see, in the order of their numbers."""
    with caller.reading() as session:
        refuse_unreadable_plan(session, caller.actor, plan_id)
        day = day_asked(on)
        asked = TaskQuestion(TaskFilter(plan_id=plan_id), day, rule_set_on(session, day), caller.actor)
        found = task_page(session, asked, after or 0, limit)
    return listed(request, page_out(found, TaskLine.model_validate))


@router.get("/tasks/{task_id}", operation_id="getTask", response_model=TaskOut, responses=UNCHANGED, summary="Open a task")
def get_task(request: Request, caller: Calling, task_id: TaskId, on: OnDay = None) -> Response:
    """Open a task. Its ETag is what an act on it takes as If-Match: the act is refused where somebody else acted meanwhile."""
    with caller.reading() as session:
        day = day_asked(on)
        refuse_unseen(session, caller.actor, task_id)
        sheet = show_task(session, task_id, day, rule_set_on(session, day), caller.actor)
        return shown(request, TaskOut.model_validate(sheet), mark_of(session, task_id))


@router.get("/tasks/{task_id}/history", operation_id="listHistory", response_model=PageOf[HistoryLine], summary="A task's history")
def list_history(
    request: Request, caller: Calling, task_id: TaskId, on: OnDay = None, after: After = None, limit: Limit = USUAL_ROWS
) -> Response:
    """List every act on a task in the order it was entered; what stays inside the house no unit sees."""
    with caller.reading() as session:
        page = history_page(session, task_id, day_asked(on), PageAsk(after, limit, is_rising=True), caller.actor)
    return listed(request, page_out(page, _line))


def _line(row: HistoryRow) -> HistoryLine:
    return HistoryLine(**asdict(row), name=act_name(row.act))
