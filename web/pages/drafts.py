"""`/drafts`: documents become plans in the making. The list with the upload, one draft beside its document, what is done to it as a whole, and giving it up."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from intake.draft import draft_from_json
from intake.review.correcting import ChangePlan, Correction, FirstLeads, RenameUnit
from intake.safety import KINDS_READ, MAX_BYTES
from models.draft_document import DraftDocument
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.draft_correcting import correct, undo, unwaive, waive
from services.draft_documents import Received, discard, draft_document, draft_in_words, draft_of_row, page_of_drafts, read_upload, receive
from services.draft_issuing import proposed_unit
from services.keyset import PageAsk
from services.occasion import Occasion
from services.unit_matching import register_of
from services.units import add_alias
from web.acting import Deed, act, refused
from web.asked import After
from web.draft_blocks import DocumentPane, document_pane
from web.draft_sent import plan_values
from web.draft_view import draft_page
from web.drafts_view import DraftList, PlanForm, UnitForm, WaiverForm
from web.forms import Sent, SentForm
from web.papers import file_answer
from web.rendering import Page, show, url
from web.visiting import Visiting, Visitor, reading

router = APIRouter()
# Target of a swap that replaces the right pane only.
PANE = "draft"
MOST_NAMES = 300


@router.get("/drafts")
def drafts(request: Request, visitor: Visiting, after: After = None) -> Response:
    """Show the plans in the making, a page at a time, and where a document is handed in."""
    with reading(visitor) as session:
        page = _list_page(session, visitor, after)
    return show(request, visitor, page)


@router.post("/drafts")
def upload(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Read a document and keep its draft. Reading takes seconds, so it is done before the database is asked for anything but the right."""

    def again(session: Session) -> Page:
        return _list_page(session, visitor)

    try:
        refuse_without_right(visitor.actor, Act.ISSUE_PLAN)
        files = sent.files("document")
        if not files:
            raise DubanError("no-file", _("没有选择文件，请选择或拖入一份计划文件"))
        year = sent.number("base_year")
        if year is not None and not 1949 <= year <= 2100:
            raise DubanError("bad-year", _("年份应在 1949 与 2100 之间，请改正或留空"))
        read = read_upload(files[0], int(year) if year is not None else None)
    except DubanError as error:
        return refused(request, visitor, sent, again, error)
    deed = Deed(lambda session, occasion: receive(session, read, occasion, visitor.context.store), _place_of, _received, again)
    return act(request, visitor, sent, deed)


@router.get("/drafts/{draft_id:int}")
def draft(request: Request, visitor: Visiting, draft_id: int) -> Response:
    """Show a draft beside its document; asked for the right pane only, that."""
    with reading(visitor) as session:
        page = page_of(session, request, visitor, draft_id)
    return show(request, visitor, page)


@router.get("/drafts/{draft_id:int}/document")
def original(visitor: Visiting, draft_id: int) -> Response:
    """Hand the document out as it came in."""
    with reading(visitor) as session:
        row = draft_document(session, draft_id, visitor.actor)
    return file_answer(row.name, visitor.context.store.read(row.file_sha256))


@router.get("/drafts/{draft_id:int}/plan")
def plan_form(request: Request, visitor: Visiting, draft_id: int) -> Response:
    """Show the plan's own facts to be corrected."""
    with reading(visitor) as session:
        page = _plan_page(session, visitor, draft_id)
    return show(request, visitor, page)


@router.post("/drafts/{draft_id:int}/plan")
def correct_plan(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Correct the plan's own facts."""
    with reading(visitor) as session:
        plan = draft_of_row(draft_document(session, draft_id, visitor.actor)).plan
    try:
        values = plan_values(sent, plan)
    except DubanError as error:
        return refused(request, visitor, sent, lambda session: _plan_page(session, visitor, draft_id), error)
    return _corrected(request, visitor, sent, (draft_id, ChangePlan(values)), lambda session: _plan_page(session, visitor, draft_id))


@router.post("/drafts/{draft_id:int}/first-leads")
def first_leads(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Let the first unit lead wherever nobody does."""
    return _corrected(request, visitor, sent, (draft_id, FirstLeads()))


@router.get("/drafts/{draft_id:int}/units")
def unit_form(request: Request, visitor: Visiting, draft_id: int, name: Annotated[str, Query(max_length=200)]) -> Response:
    """Ask which registered unit a name stands for."""
    with reading(visitor) as session:
        page = _unit_page(session, visitor, draft_id, name)
    return show(request, visitor, page)


@router.post("/drafts/{draft_id:int}/units")
def rename_unit(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Give a unit the name it is registered by, in all items; where asked, the register learns the other name for good."""
    name, to = sent.text("name"), sent.text("to")

    def do(session: Session, occasion: Occasion) -> object:
        if not to:
            raise DubanError("unknown-unit", _("请填写登记的单位名称"))
        done = correct(session, draft_id, revision_of(sent), RenameUnit(name, to), occasion)
        if sent.flag("remember"):
            add_alias(session, to, name, occasion)
        return done

    back = sent.text("back")
    to_page = f"/drafts/{draft_id}/issue" if back == "issue" else f"/drafts/{draft_id}"
    deed = Deed(do, to_page, _("已统一为“{unit}”").format(unit=to), lambda session: _unit_page(session, visitor, draft_id, name))
    return act(request, visitor, sent, deed)


@router.post("/drafts/{draft_id:int}/undo")
def take_back(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Take the last correction back."""
    deed = Deed(
        lambda session, occasion: undo(session, draft_id, revision_of(sent), occasion),
        f"/drafts/{draft_id}",
        _("已撤销上一步"),
        lambda session: page_of(session, request, visitor, draft_id),
    )
    return act(request, visitor, sent, deed)


@router.get("/drafts/{draft_id:int}/waive")
def waiver_form(
    request: Request,
    visitor: Visiting,
    draft_id: int,
    code: Annotated[str, Query(max_length=60)],
    item: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Ask for the reason that a finding is let pass."""
    with reading(visitor) as session:
        page = _waiver_page(session, request, visitor, draft_id, (code, item))
    return show(request, visitor, page)


@router.post("/drafts/{draft_id:int}/waive")
def let_pass(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Let a finding pass with its reason."""
    code, item = sent.text("code"), sent.text("item")
    deed = Deed(
        lambda session, occasion: waive(session, draft_id, code, item or None, sent.text("reason"), occasion),
        _after_waiver(draft_id, item),
        _("已放行，理由随计划下达记入台账"),
        lambda session: _waiver_page(session, request, visitor, draft_id, (code, item)),
    )
    return act(request, visitor, sent, deed)


@router.post("/drafts/{draft_id:int}/unwaive")
def hold_again(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Take a waiver back."""
    item = sent.text("item")
    deed = Deed(
        lambda session, occasion: unwaive(session, draft_id, sent.text("code"), item or None, occasion),
        _after_waiver(draft_id, item),
        _("已取消放行"),
        lambda session: page_of(session, request, visitor, draft_id),
    )
    return act(request, visitor, sent, deed)


@router.post("/drafts/{draft_id:int}/discard")
def give_up(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Give the draft up."""
    deed = Deed(
        lambda session, occasion: discard(session, draft_id, occasion),
        "/drafts",
        _("草案已作废；需要时可以重新读入文件"),
        lambda session: page_of(session, request, visitor, draft_id),
    )
    return act(request, visitor, sent, deed)


def page_of(session: Session, request: Request, visitor: Visitor, draft_id: int) -> Page:
    """Return the draft's page, or its right pane where only that is to be replaced."""
    row = draft_document(session, draft_id, visitor.actor)
    view = draft_page(row, pane_of_row(visitor, row), register_of(session))
    template = "draft/right.html.j2" if request.headers.get("HX-Target") == PANE else "draft/page.html.j2"
    return Page(template, view, view.title)


def pane_of_row(visitor: Visitor, row: DraftDocument) -> DocumentPane:
    """Return the document's pane."""
    return document_pane(visitor.context.store, draft_from_json(row.as_read, row.name), row.base_year)


def revision_of(sent: SentForm) -> int:
    """Return the revision that the form was shown with; a form without one is never the newest."""
    written = sent.text("revision")
    return int(written) if written.isdecimal() and len(written) < 10 else -1


def _corrected(request: Request, visitor: Visitor, sent: SentForm, doing: tuple[int, Correction], again: object = None) -> Response:
    draft_id, correction = doing
    deed = Deed(
        lambda session, occasion: correct(session, draft_id, revision_of(sent), correction, occasion),
        f"/drafts/{draft_id}",
        _("已保存"),
        again if callable(again) else lambda session: page_of(session, request, visitor, draft_id),
    )
    return act(request, visitor, sent, deed)


def _list_page(session: Session, visitor: Visitor, after: int | None = None) -> Page:
    page = page_of_drafts(session, PageAsk(after), visitor.actor)
    formats = _("可读 {kinds}；不超过 {most} MB").format(kinds=KINDS_READ, most=MAX_BYTES // 2**20)
    return Page(
        "draft/list.html.j2", DraftList(page.rows, formats, url("/drafts", after=page.next) if page.next else ""), _("导入计划文件")
    )


def _plan_page(session: Session, visitor: Visitor, draft_id: int) -> Page:
    row = draft_document(session, draft_id, visitor.actor)
    plan = draft_of_row(row).plan
    values = {name: "" if value is None else str(value) for name, value in plan.model_dump().items()}
    return Page("draft/plan.html.j2", PlanForm(draft_id, row.name, row.revision, values), _("修改计划信息"))


def _unit_page(session: Session, visitor: Visitor, draft_id: int, name: str) -> Page:
    row, register = draft_document(session, draft_id, visitor.actor), register_of(session)
    count = sum(any(unit.name == name for unit in item.units) for item in draft_of_row(row).items)
    told = _("“{name}”在 {count} 个事项里出现。若是已登记单位的另一种写法，请改用登记的名称；各事项一起改。").format(name=name, count=count)
    view = UnitForm(draft_id, row.revision, name, told, proposed_unit(register, name) or "", register.names[:MOST_NAMES])
    return Page("draft/unit.html.j2", view, _("统一单位名称"))


def _waiver_page(session: Session, request: Request, visitor: Visitor, draft_id: int, about: tuple[str, str]) -> Page:
    code, item = about
    row = draft_document(session, draft_id, visitor.actor)
    view = WaiverForm.of(row, draft_in_words(row, register_of(session)), code, item)
    is_fragment = bool(item) and request.headers.get("HX-Target", "").startswith("i-")
    return Page("draft/waive_fragment.html.j2" if is_fragment else "draft/waive.html.j2", view, _("写明理由放行"))


def _after_waiver(draft_id: int, item: str) -> str:
    return f"/drafts/{draft_id}/items/{item}" if item else f"/drafts/{draft_id}"


def _place_of(received: object) -> str:
    assert isinstance(received, Received)
    return f"/drafts/{received.id}"


def _received(received: object) -> str:
    assert isinstance(received, Received)
    return _("这份文件已经有人在核对，打开的就是那份草案") if received.is_known else _("已读入，请对照原文核对")
