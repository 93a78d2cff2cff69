"""A unit's answers: `/notices/…/answer` signs for a notice and replies to it, `/cases/…/answer` states, objects and reports what was put right."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.case import CaseState
from models.notice import NoticeState
from rules.case_transitions import case_state_name
from rules.errors import DubanError
from rules.notice_words import level_name
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.words import day_words
from runtime.clock import today
from services.cases.case_list import CaseRow, show_case
from services.cases.rectifying import report_rectification
from services.cases.stating import object_to_case, state_on_case
from services.notice_answers import NoticeAnswer, answer_notice
from services.notice_list import NoticeRow, show_notice
from services.occasion import Occasion
from services.reach import parties_of, read_tree
from web.acting import Deed, act
from web.forms import Sent
from web.rendering import Page, show
from web.visiting import Visiting, Visitor, reading
from web.words import distance_words

router = APIRouter()


@dataclass(frozen=True)
class NoticeAnswerPage:
    """A notice to be answered. `signed` says who signed for it, empty while nobody has; `replied` what was answered before."""

    id: int
    name: str
    task_id: int
    task: str
    limit: str
    demand: str
    signed: str
    replied: str


@dataclass(frozen=True)
class Answering:
    """One kind of answer that may be given on a case now."""

    act: str
    heading: str
    label: str
    hint: str
    button: str


@dataclass(frozen=True)
class CaseAnswerPage:
    """A case as its unit sees it, with the answers that may be given."""

    id: int
    number: str
    state: str
    facts: tuple[tuple[str, str], ...]
    tasks: tuple[tuple[int, str], ...]
    answers: tuple[Answering, ...]


@router.get("/notices/{notice_id:int}/answer")
def notice(request: Request, visitor: Visiting, notice_id: int) -> HTMLResponse:
    """Show the notice and the form of its answer."""
    with reading(visitor) as session:
        return show(request, visitor, _notice(session, visitor, notice_id))


@router.post("/notices/{notice_id:int}/answer")
def answer(request: Request, visitor: Visiting, sent: Sent, notice_id: int) -> Response:
    """Sign for the notice, reply to it, or both."""

    def do(session: Session, occasion: Occasion) -> None:
        show_notice(session, notice_id, occasion.day, occasion.actor)
        answer_notice(session, notice_id, NoticeAnswer(sent.text("receiver"), sent.text("reply")), occasion)

    said = _("通知单已答复") if sent.text("reply") else _("通知单已签收")
    return act(request, visitor, sent, Deed(do=do, to="/work", said=said, again=lambda session: _notice(session, visitor, notice_id)))


def _notice(session: Session, visitor: Visitor, notice_id: int) -> Page:
    row = show_notice(session, notice_id, today(), visitor.actor)
    refuse_without_right(visitor.actor, Act.RECEIVE_NOTICE, parties_of(session, row.task_id))
    return Page("work/notice_answer.html.j2", _notice_page(row), _("签收并答复"))


def _notice_page(row: NoticeRow) -> NoticeAnswerPage:
    limit = (
        _("{day}，{distance}").format(day=day_words(row.limit_on), distance=distance_words(row.limit_on, today())) if row.limit_on else ""
    )
    signed = _("{name}，{day}").format(name=row.receiver, day=day_words(row.received_on)) if row.received_on else ""
    replied = _("{day}：{reply}").format(day=day_words(row.replied_on), reply=row.reply) if row.replied_on and row.reply else ""
    name = _("{level} {doc_no}").format(level=level_name(row.level), doc_no=row.doc_no or "")
    return NoticeAnswerPage(
        row.id, name, row.task_id, row.task, limit, row.demand, signed if row.state is NoticeState.RECEIVED else "", replied
    )


@router.get("/cases/{case_id:int}/answer")
def case(request: Request, visitor: Visiting, case_id: int) -> HTMLResponse:
    """Show the case and the answers that its unit may give now."""
    with reading(visitor) as session:
        return show(request, visitor, _case(session, visitor, case_id))


@router.post("/cases/{case_id:int}/answer")
def answer_case(request: Request, visitor: Visiting, sent: Sent, case_id: int) -> Response:
    """State, object, or report what was put right."""
    acts: dict[str, tuple[Callable[[Session, int, str, Occasion], None], str]] = {
        "state": (state_on_case, _("陈述已提交")),
        "object": (object_to_case, _("异议已提交")),
        "rectify": (report_rectification, _("整改情况已报送")),
    }
    wanted, said = acts.get(sent.text("act"), (None, ""))

    def do(session: Session, occasion: Occasion) -> None:
        show_case(session, case_id, occasion.day, occasion.actor)
        if wanted is None:
            raise DubanError("nothing-chosen", _("没有写明要办什么"))
        wanted(session, case_id, sent.text(f"words-{sent.text('act')}"), occasion)

    return act(request, visitor, sent, Deed(do=do, to="/work", said=said, again=lambda session: _case(session, visitor, case_id)))


def _case(session: Session, visitor: Visitor, case_id: int) -> Page:
    row = show_case(session, case_id, today(), visitor.actor)
    refuse_without_right(visitor.actor, Act.STATE_ON_CASE, read_tree(session).parties(row.unit_id))
    facts = tuple((name, said) for name, said in _facts(row) if said)
    page = CaseAnswerPage(row.id, row.number, case_state_name(row.state), facts, row.tasks, tuple(_answers(row)))
    return Page("work/case_answer.html.j2", page, row.number)


def _facts(row: CaseRow) -> list[tuple[str, str]]:
    return [
        (_("依据"), row.basis),
        (_("立案日期"), day_words(row.opened_on)),
        (_("本单位的陈述"), row.statement or ""),
        (_("结论"), row.conclusion or ""),
        (_("送达日期"), day_words(row.served_on) if row.served_on else ""),
        (_("异议"), row.objection or ""),
        (_("对异议的答复"), row.decision or ""),
        (_("整改要求"), row.demand),
        (_("整改期限"), day_words(row.demand_by) if row.demand_by else ""),
        (_("整改情况"), row.rectification or ""),
        (_("核查"), row.verification or ""),
    ]


def _answers(row: CaseRow) -> list[Answering]:
    found = []
    if row.state in (CaseState.OPENED, CaseState.DRAFTED, CaseState.APPROVED):
        hint = _("写清楚经过、原因和本单位的意见；提交以后结论要重新考虑。")
        found.append(Answering("state", _("陈述"), _("陈述的内容"), hint, _("提交陈述")))
    if row.state is CaseState.SERVED and row.objected_on is None and row.objection_until and today() <= row.objection_until:
        hint = _("最迟 {day}").format(day=day_words(row.objection_until))
        found.append(Answering("object", _("提出异议"), _("异议的内容"), hint, _("提出异议")))
    if row.state in (CaseState.SERVED, CaseState.DECIDED) and row.demand:
        hint = _("最迟 {day}").format(day=day_words(row.demand_by)) if row.demand_by else ""
        found.append(Answering("rectify", _("报送整改情况"), _("整改情况"), hint, _("报送")))
    return found
