"""What people do on a case: enter the unit's words, conclude, approve, serve, answer an objection, verify, drop. A paper is shown before it goes out."""

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.case import ObjectionOutcome
from rules.texts import _
from runtime.clock import today
from services.cases.case_list import show_case
from services.cases.concluding import Conclusion, approve_case, conclude_case, drop_case
from services.cases.deciding import Decision, decide_objection, preview_decision
from services.cases.rectifying import report_rectification, send_back_rectification, verify_rectification
from services.cases.serving import Prepared, Service, preview_service, serve_case
from services.cases.stating import object_to_case, state_on_case
from services.occasion import Occasion
from web.acting import Deed, act, occasion_of
from web.case_view import case_ask
from web.forms import Sent, SentForm
from web.office_views import Ask, remark_lines
from web.pages.cases import page_of_case
from web.papers import case_desk, paper_answer
from web.second_look import second_look
from web.visiting import Visiting, Visitor, reading

router = APIRouter()
Doing = Callable[[Session, Occasion], object]
_ENTERED = {"statement": state_on_case, "objection": object_to_case, "rectification": report_rectification}
_FIELDS = {
    "serve": ("receiver", "contact"),
    "decide": ("outcome", "words", "new_demand", "new_demand_by", "lifts_demand", "contact"),
}


@router.post("/cases/{case_id:int}/enter/{what}")
def enter(
    request: Request, visitor: Visiting, sent: Sent, case_id: int, what: Literal["statement", "objection", "rectification"]
) -> Response:
    """Enter what the unit said, on its behalf."""
    return _act(request, visitor, sent, case_id, (lambda session, at: _ENTERED[what](session, case_id, sent.text(what), at), _("已登记。")))


@router.post("/cases/{case_id:int}/conclude")
def conclude(request: Request, visitor: Visiting, sent: Sent, case_id: int) -> Response:
    """Draft the conclusion; what its author should look at again is told beside the result."""

    def do(session: Session, occasion: Occasion) -> object:
        words, effect, proposal = sent.text("conclusion"), sent.text("effect"), sent.text("proposal")
        said = Conclusion(words, effect, proposal, sent.text("body"), sent.text("demand"), sent.day("demand_by"))
        return conclude_case(session, case_id, said, occasion)

    return _act(request, visitor, sent, case_id, (do, _concluded))


@router.post("/cases/{case_id:int}/approve")
def approve(request: Request, visitor: Visiting, sent: Sent, case_id: int) -> Response:
    """Approve the conclusion."""
    return _act(request, visitor, sent, case_id, (lambda session, at: approve_case(session, case_id, at), _("结论已批准，可以送达。")))


@router.post("/cases/{case_id:int}/drop")
def drop(request: Request, visitor: Visiting, sent: Sent, case_id: int) -> Response:
    """End the case without a conclusion."""
    reason = sent.text("drop_reason")
    return _act(request, visitor, sent, case_id, (lambda session, at: drop_case(session, case_id, reason, at), _("案卷已撤销。")))


@router.post("/cases/{case_id:int}/verify")
def verify(request: Request, visitor: Visiting, sent: Sent, case_id: int) -> Response:
    """Enter that the rectification was verified, or send it back."""
    words = sent.text("verification")
    if sent.text("verdict") == "return":
        do: Doing = lambda session, at: send_back_rectification(session, case_id, words, at, sent.day("again_by"))  # noqa: E731
        return _act(request, visitor, sent, case_id, (do, _("已退回，请单位继续整改。")))
    return _act(
        request, visitor, sent, case_id, (lambda session, at: verify_rectification(session, case_id, words, at), _("整改已核查，结案。"))
    )


@router.post("/cases/{case_id:int}/serve")
def serve(request: Request, visitor: Visiting, sent: Sent, case_id: int) -> Response:
    """Ask once more with the paper and whom it goes to; after the yes serve the conclusion."""
    if not sent.flag("yes"):
        return _ask(request, visitor, sent, case_id, "serve")
    desk = case_desk(visitor)
    return _act(
        request, visitor, sent, case_id, (lambda session, at: serve_case(session, case_id, _service(sent), desk, at), _("结论已送达。"))
    )


@router.post("/cases/{case_id:int}/decide")
def decide(request: Request, visitor: Visiting, sent: Sent, case_id: int) -> Response:
    """Ask once more with the paper and whom it goes to; after the yes answer the objection."""
    if not sent.flag("yes"):
        return _ask(request, visitor, sent, case_id, "decide")
    desk = case_desk(visitor)
    do: Doing = lambda session, at: decide_objection(session, case_id, _decision(sent), desk, at)  # noqa: E731
    return _act(request, visitor, sent, case_id, (do, _("异议已答复并送达。")))


@router.post("/cases/{case_id:int}/paper/{what}", response_class=HTMLResponse)
def paper(visitor: Visiting, sent: Sent, case_id: int, what: Literal["serve", "decide"]) -> HTMLResponse:
    """Show the paper as it would go out with what was typed. Nothing is written or sent."""
    with reading(visitor) as session:
        return paper_answer(_prepared(session, visitor, sent, (case_id, what)).paper)


def _prepared(session: Session, visitor: Visitor, sent: SentForm, wanted: tuple[int, str]) -> Prepared:
    case_id, what = wanted
    occasion, desk = occasion_of(visitor), case_desk(visitor)
    show_case(session, case_id, occasion.day, visitor.actor)
    if what == "serve":
        return preview_service(session, case_id, _service(sent), desk, occasion)
    return preview_decision(session, case_id, _decision(sent), desk, occasion)


def _ask(request: Request, visitor: Visitor, sent: SentForm, case_id: int, what: str) -> Response:
    def look(session: Session) -> tuple[Ask, str]:
        prepared = _prepared(session, visitor, sent, (case_id, what))
        row = show_case(session, case_id, today(), visitor.actor)
        ask = case_ask(row, prepared, what, tuple((name, sent.text(name)) for name in _FIELDS[what]))
        return ask, _("送达：{title}").format(title=prepared.paper.title_line)

    return second_look(request, visitor, sent, look, lambda session: page_of_case(session, visitor, case_id))


def _act(request: Request, visitor: Visitor, sent: SentForm, case_id: int, deed: tuple[Doing, str | Callable[[object], str]]) -> Response:
    do, said = deed

    def seen(session: Session, occasion: Occasion) -> object:
        # The case of another area does not exist for the visitor, whatever he sends.
        show_case(session, case_id, occasion.day, occasion.actor)
        return do(session, occasion)

    return act(request, visitor, sent, Deed(seen, f"/cases/{case_id}", said, lambda session: page_of_case(session, visitor, case_id)))


def _concluded(cautions: object) -> str:
    found = remark_lines(cautions) if isinstance(cautions, tuple) else ()
    if not found:
        return _("结论已拟写，请另一人批准。")
    return _("结论已拟写，请另一人批准。请再核对：{remarks}").format(remarks=_("；").join(found))


def _service(sent: SentForm) -> Service:
    return Service(sent.text("receiver"), sent.text("contact") or None)


def _decision(sent: SentForm) -> Decision:
    outcome = ObjectionOutcome.CHANGED if sent.text("outcome") == ObjectionOutcome.CHANGED.value else ObjectionOutcome.UPHELD
    demand, demand_by = sent.text("new_demand"), sent.day("new_demand_by")
    return Decision(outcome, sent.text("words"), demand, demand_by, sent.flag("lifts_demand"), sent.text("contact") or None)
