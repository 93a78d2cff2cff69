"""`/work`: what is asked of the visitor's unit now. `/work/acknowledge`: all tasks that wait to be acknowledged, at once."""

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Connection
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseTask
from models.notice import Notice
from models.request import Request as Asking
from models.task import Assignment, Task
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import today
from services.my_work import my_work
from services.occasion import Occasion
from services.reach import refuse_unseen
from services.rule_sets import rule_set_on
from services.tasks import acknowledge_task
from web.acting import Deed, act
from web.forms import Sent
from web.kept import kept
from web.rendering import Page
from web.unit_pages import refuse_strangers
from web.visiting import Visiting, Visitor
from web.work_view import work_page

router = APIRouter()
_UNIT: sa.BindParameter[int] = sa.bindparam("unit")
# Plans whose acts change what is asked of a unit: where it has a part, and where a notice, a request or a case of its own is, though its part is another's by now.
_OWN_TASKS = sa.union(
    sa.select(col(Assignment.task_id)).where(col(Assignment.unit_id) == _UNIT),
    sa.select(col(Notice.task_id)).where(col(Notice.unit_id) == _UNIT),
    sa.select(col(Asking.task_id)).where(col(Asking.unit_id) == _UNIT),
    sa.select(col(CaseTask.task_id))
    .join(AccountabilityCase, col(AccountabilityCase.id) == col(CaseTask.case_id))
    .where(col(AccountabilityCase.unit_id) == _UNIT),
).subquery()
_OWN_PLANS = sa.select(col(Task.plan_id)).join(_OWN_TASKS, _OWN_TASKS.c.task_id == col(Task.id)).distinct().order_by(col(Task.plan_id))


@router.get("/work")
def work(request: Request, visitor: Visiting) -> HTMLResponse:
    """Show what is asked of the visitor's unit."""
    refuse_strangers(visitor)
    unit_id = visitor.actor.unit_id
    return kept(request, visitor, lambda connection: _own_plans(connection, unit_id), lambda session: _page(session, visitor))


@router.post("/work/acknowledge")
def acknowledge_all(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Acknowledge the tasks that the form names, all or none."""
    task_ids = [int(written) for written in sent.texts("task") if written.isdecimal() and len(written) < 12]

    def do(session: Session, occasion: Occasion) -> None:
        if not task_ids:
            raise DubanError("nothing-chosen", _("没有要签收的任务"))
        for task_id in task_ids:
            refuse_unseen(session, occasion.actor, task_id)
            acknowledge_task(session, task_id, occasion)

    said = _("已签收 {count} 项任务").format(count=len(task_ids))
    return act(request, visitor, sent, Deed(do=do, to="/work", said=said, again=lambda session: _page(session, visitor)))


def _page(session: Session, visitor: Visitor) -> Page:
    refuse_strangers(visitor)
    day = today()
    found = my_work(session, visitor.actor, day, rule_set_on(session, day))
    return Page("work/list.html.j2", work_page(visitor.unit or "", found), _("我的事项"))


def _own_plans(connection: Connection, unit_id: int | None) -> list[int]:
    return list(connection.execute(_OWN_PLANS, {"unit": unit_id}).scalars())
