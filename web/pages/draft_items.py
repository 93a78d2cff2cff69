"""`/drafts/{id}/items`: one item of a draft, corrected in place. With script only what changed is swapped; without, every form is a page of its own.

A correction is sent with the revision that was seen. Of two people at one item the later finds his words still in the form, and beside them what stands there now.
"""

from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from intake.draft import ItemDraft
from intake.review.correcting import AddItem, ChangeItem, Correction, DeleteItem, MergeItem, MoveItem, SplitItem, item_of
from rules.errors import DubanError
from rules.texts import _
from services.draft_correcting import Corrected, changed_since, correct
from services.draft_documents import draft_document, draft_in_words, draft_of_row
from services.unit_matching import register_of
from web.acting import Deed, act, refused
from web.draft_findings import standing_of
from web.draft_forms import Shown, item_form
from web.draft_sent import differing, item_values
from web.draft_view import item_cards
from web.drafts_view import ChangedItems, SplitForm
from web.forms import Sent, SentForm
from web.pages.drafts import MOST_NAMES, PANE, page_of, pane_of_row, revision_of
from web.refusals import refusal_of, status_of
from web.rendering import Page, show
from web.visiting import Visiting, Visitor, reading

router = APIRouter()
_WHOLE_PANE = {"HX-Retarget": f"#{PANE}", "HX-Reswap": "outerHTML show:none"}


@router.get("/drafts/{draft_id:int}/items/new")
def new_item(request: Request, visitor: Visiting, draft_id: int, after: str = "") -> Response:
    """Show an empty form for an item that the reading missed."""
    with reading(visitor) as session:
        page = _form_page(session, request, visitor, (draft_id, ""), after=after)
    return show(request, visitor, page)


@router.get("/drafts/{draft_id:int}/items/{item}")
def item_card(request: Request, visitor: Visiting, draft_id: int, item: str, since: int | None = None) -> Response:
    """Show one item in place of its form, with all others that read otherwise since a revision; as a page it is the draft, scrolled there."""
    try:
        return _card(request, visitor, (draft_id, item), since)
    except DubanError as error:
        return _gone(request, visitor, draft_id, error)


def _card(request: Request, visitor: Visitor, about: tuple[int, str], since: int | None) -> Response:
    draft_id, item = about
    with reading(visitor) as session:
        if not _is_fragment(request):
            item_of(draft_of_row(draft_document(session, draft_id, visitor.actor)), item)
            return RedirectResponse(f"/drafts/{draft_id}#i-{item}", 303)
        changed = changed_since(session, draft_id, since, visitor.actor) if since is not None else Corrected(0, frozenset(), False)
        if changed is None or changed.is_reshaped:
            answer = show(request, visitor, replace(page_of(session, request, visitor, draft_id), template="draft/right.html.j2"))
            answer.headers.update(_WHOLE_PANE)
            return answer
        row = draft_document(session, draft_id, visitor.actor)
        register = register_of(session)
        draft = draft_in_words(row, register)
        item_of(draft, item)
        cards = item_cards(row, draft, pane_of_row(visitor, row), register, changed.items | {item})
        view = ChangedItems(draft_id, standing_of(row, draft), item, cards)
    return show(request, visitor, Page("draft/changed.html.j2", view, _("事项")))


@router.get("/drafts/{draft_id:int}/items/{item}/edit")
def edit_item(request: Request, visitor: Visiting, draft_id: int, item: str) -> Response:
    """Show an item's form."""
    try:
        with reading(visitor) as session:
            page = _form_page(session, request, visitor, (draft_id, item))
    except DubanError as error:
        return _gone(request, visitor, draft_id, error)
    return show(request, visitor, page)


@router.post("/drafts/{draft_id:int}/items")
def add_item(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Add an item that the reading missed."""
    after = sent.text("after")

    def again(session: Session) -> Page:
        return _form_page(session, request, visitor, (draft_id, ""), after=after)

    try:
        values = item_values(sent, ItemDraft(id="", title="", text=""))
    except DubanError as error:
        return refused(request, visitor, sent, again, error)
    return _corrected(request, visitor, sent, (draft_id, AddItem(after or None, values)), again)


@router.post("/drafts/{draft_id:int}/items/{item}")
def correct_item(request: Request, visitor: Visiting, sent: Sent, draft_id: int, item: str) -> Response:
    """Correct an item's fields."""
    try:
        with reading(visitor) as session:
            known = item_of(draft_of_row(draft_document(session, draft_id, visitor.actor)), item)
    except DubanError as error:
        return _gone(request, visitor, draft_id, error)
    values: dict[str, object] = {}

    def again(session: Session) -> Page:
        return _form_page(session, request, visitor, (draft_id, item), values=values, sent=sent)

    try:
        values = item_values(sent, known)
    except DubanError as error:
        return refused(request, visitor, sent, again, error)
    revision = revision_of(sent)
    deed = Deed(
        lambda session, occasion: correct(session, draft_id, revision, ChangeItem(item, values), occasion),
        f"/drafts/{draft_id}/items/{item}?since={revision}",
        _("已保存"),
        again,
    )
    return act(request, visitor, sent, deed)


@router.get("/drafts/{draft_id:int}/items/{item}/split")
def split_form(request: Request, visitor: Visiting, draft_id: int, item: str) -> Response:
    """Show an item's text with the places it may be split at."""
    with reading(visitor) as session:
        page = _split_page(session, request, visitor, (draft_id, item))
    return show(request, visitor, page)


@router.post("/drafts/{draft_id:int}/items/{item}/split")
def split_item(request: Request, visitor: Visiting, sent: Sent, draft_id: int, item: str) -> Response:
    """Make two items of one."""
    at = int(sent.text("at")) if sent.text("at").isdecimal() and len(sent.text("at")) < 10 else 0
    return _corrected(
        request, visitor, sent, (draft_id, SplitItem(item, at)), lambda session: _split_page(session, request, visitor, (draft_id, item))
    )


@router.post("/drafts/{draft_id:int}/items/{item}/shape")
def shape_item(request: Request, visitor: Visiting, sent: Sent, draft_id: int, item: str) -> Response:
    """Delete an item, put it together with the one above, or move it."""
    shapes: dict[str, Correction] = {
        "delete": DeleteItem(item),
        "merge": MergeItem(item),
        "up": MoveItem(item, -1),
        "down": MoveItem(item, 1),
    }
    wanted = shapes.get(sent.text("shape"))
    if wanted is None:
        error = DubanError("unknown-act", _("不认识这种操作，请刷新页面后再办"))
        return refused(request, visitor, sent, lambda session: page_of(session, request, visitor, draft_id), error)
    return _corrected(request, visitor, sent, (draft_id, wanted), lambda session: page_of(session, request, visitor, draft_id))


def _corrected(
    request: Request, visitor: Visitor, sent: SentForm, doing: tuple[int, Correction], again: Callable[[Session], Page]
) -> Response:
    """Carry out a correction that changes which items there are or their order; the right pane follows whole."""
    draft_id, correction = doing
    place = getattr(correction, "item", None) or getattr(correction, "after", None) or ""
    to = f"/drafts/{draft_id}" + (f"#i-{place}" if place and not isinstance(correction, DeleteItem | MergeItem) else "")
    said = {
        AddItem: _("已新增"),
        DeleteItem: _("已删去，可以撤销"),
        SplitItem: _("已拆成两项"),
        MergeItem: _("已并入上一项"),
        MoveItem: _("已移动"),
    }[type(correction)]
    revision = revision_of(sent)
    return act(
        request, visitor, sent, Deed(lambda session, occasion: correct(session, draft_id, revision, correction, occasion), to, said, again)
    )


def _is_fragment(request: Request) -> bool:
    """Tell whether the answer takes an item's place on the page that is open already."""
    return request.headers.get("HX-Target", "").startswith("i-")


def _gone(request: Request, visitor: Visitor, draft_id: int, error: DubanError) -> Response:
    """Tell that an item is not there any more: in its place on an open page stands the right pane as it is now."""
    if error.code != "unknown-item" or not _is_fragment(request):
        raise error
    with reading(visitor) as session:
        page = page_of(session, request, visitor, draft_id)
    answer = show(request, visitor, replace(page, template="draft/right.html.j2", status=status_of(error), refusal=refusal_of(error)))
    answer.headers.update(_WHOLE_PANE)
    return answer


def _form_page(
    session: Session,
    request: Request,
    visitor: Visitor,
    about: tuple[int, str],
    *,
    after: str = "",
    values: dict[str, object] | None = None,
    sent: SentForm | None = None,
) -> Page:
    """Return an item's form. After a refusal because of others, it says what stands there now, and counts from there."""
    draft_id, item_id = about
    row = draft_document(session, draft_id, visitor.actor)
    item = item_of(draft_of_row(row), item_id) if item_id else None
    now = differing(item, values) if item and values and sent and revision_of(sent) != row.revision else ()
    names = register_of(session).names[:MOST_NAMES]
    is_fragment = _is_fragment(request)
    view = item_form(item, Shown(draft_id, row.revision, names, is_fragment, after, now))
    return Page("draft/item_fragment.html.j2" if is_fragment else "draft/item_page.html.j2", view, _("修改事项") if item else _("新增事项"))


def _split_page(session: Session, request: Request, visitor: Visitor, about: tuple[int, str]) -> Page:
    draft_id, item_id = about
    row = draft_document(session, draft_id, visitor.actor)
    item = item_of(draft_of_row(row), item_id)
    is_fragment = _is_fragment(request)
    view = SplitForm.of(draft_id, row.revision, item, is_fragment=is_fragment)
    return Page("draft/split_fragment.html.j2" if is_fragment else "draft/split_page.html.j2", view, _("拆开事项"))
