"""`/tasks`: tasks looked for. `/tasks/7`: one task with its whole history, as of any day. `/tasks/7/evidence/3`: a file that was handed in on it."""

from typing import Annotated
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session, col

from models.notice import Message, Notice, Reminder
from models.task import Task
from rules.texts import _
from runtime.clock import today
from services.reach import unknown_task
from services.task_evidence import task_file
from web.chronology_view import PICTURES
from web.kept import kept
from web.rendering import Page
from web.task_list_view import task_list_page
from web.task_view import task_page
from web.visiting import Visiting, reading

router = APIRouter()

_ALONE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
_ON_TASK: sa.BindParameter[int] = sa.bindparam("task")
_COUNTED = (col(Message.state), sa.func.count(), sa.func.max(col(Message.id)))
_IN_LINES = sa.select(*_COUNTED).where(col(Message.id).in_(sa.select(col(Reminder.message_id)).where(col(Reminder.task_id) == _ON_TASK)))
_ON_NOTICES = (
    sa.select(*_COUNTED)
    .select_from(Notice)
    .join(Message, col(Message.about) == sa.literal("notice-").concat(sa.cast(col(Notice.id), sa.String)))
    .where(col(Notice.task_id) == _ON_TASK)
)
# Asked at every look at a task: made once.
_POST = sa.union_all(_IN_LINES.group_by(col(Message.state)), _ON_NOTICES.group_by(col(Message.state))).order_by(sa.literal_column("1"))


@router.get("/tasks", response_class=HTMLResponse)
def tasks(request: Request, visitor: Visiting) -> HTMLResponse:
    """Show the tasks that the filters let pass, a page at a time."""
    day = visitor.day(request)

    def make(session: Session) -> Page:
        return Page("task/list.html.j2", task_list_page(session, request, visitor.actor, day), _("任务"))

    return kept(request, visitor, None, make)


@router.get("/tasks/{task_id:int}", response_class=HTMLResponse)
def task(request: Request, visitor: Visiting, task_id: int) -> HTMLResponse:
    """Show a task as it stood on a day."""
    day = visitor.day(request)
    with reading(visitor) as session:
        plan_id = _plan_of(session, task_id)

    def make(session: Session) -> Page:
        view = task_page(session, visitor, task_id, day)
        return Page("task/task.html.j2", view, view.title)

    return kept(request, visitor, [plan_id], make, lambda connection: _post_of(connection, task_id))


@router.get("/tasks/{task_id:int}/evidence/{evidence_id:int}")
def evidence(request: Request, visitor: Visiting, task_id: int, evidence_id: int, inline: Annotated[bool, Query()] = False) -> Response:
    """Return a file as it was handed in: always as a download, a picture on request to be looked at in a page; nothing in it can run."""
    with reading(visitor) as session:
        file = task_file(session, task_id, evidence_id, today(), visitor.actor)
    tag = f'"{file.sha256}"'
    is_shown = inline and file.media_type in PICTURES
    headers = {
        "Content-Disposition": "inline" if is_shown else f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": _ALONE,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "ETag": tag,
    }
    if tag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return Response(visitor.context.store.read(file.sha256), media_type=file.media_type, headers=headers)


def _plan_of(session: Session, task_id: int) -> int:
    plan_id: int | None = session.scalar(sa.select(col(Task.plan_id)).where(col(Task.id) == task_id))
    if plan_id is None:
        raise unknown_task(task_id)
    return plan_id


def _post_of(connection: sa.Connection, task_id: int) -> tuple[object, ...]:
    """Return how far the messages about a task have got, which the ledger learns only later."""
    return tuple(tuple(row) for row in connection.execute(_POST, {"task": task_id}))
