"""`/bulletins/drafts/…`: a bulletin in the making. The office's words are edited beside the frozen figures, approved as exactly that, and published after a second look."""

from collections.abc import Callable
from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session
from starlette.background import BackgroundTask

from models.publication import BulletinDraft
from reports.bulletin_edits import Edits
from reports.bulletin_paper import bulletin_paper
from reports.imprint import Imprint
from reports.paper import Paper
from rules.errors import DubanError
from rules.rights import Act, may
from rules.texts import _
from rules.words import period_words
from runtime.channels import routes_of
from runtime.clock import today
from runtime.jobs import job_named
from runtime.submitting import resume_suspended
from services.bulletins.drafting import (
    approve_draft,
    bulletin_of,
    discard_draft,
    draft_numbered,
    edit_draft,
    edits_of,
    refuse_other_than,
)
from services.bulletins.publishing import Published, addressees, publish_draft
from services.occasion import Occasion
from services.papers.filing import write_files
from web.acting import Deed, act
from web.bulletin_view import draft_page, edits_sent, publish_ask
from web.forms import Sent, SentForm
from web.office_views import Ask
from web.papers import paper_answer
from web.rendering import Page, show
from web.second_look import second_look
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@router.get("/bulletins/drafts/{draft_id:int}", response_class=HTMLResponse)
def one(request: Request, visitor: Visiting, draft_id: int) -> HTMLResponse:
    """Show a draft with its editor and how it looks."""
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor, draft_id))


@router.get("/bulletins/drafts/{draft_id:int}/paper", response_class=HTMLResponse)
def paper(visitor: Visiting, draft_id: int) -> HTMLResponse:
    """Show the draft as a paper, with the words that are kept."""
    with reading(visitor) as session:
        draft = draft_numbered(session, draft_id, visitor.actor)
        return paper_answer(_paper(visitor, draft, edits_of(draft)))


@router.post("/bulletins/drafts/{draft_id:int}/paper", response_class=HTMLResponse)
def typed_paper(visitor: Visiting, sent: Sent, draft_id: int) -> HTMLResponse:
    """Show the draft as a paper, with the words that were typed. Nothing is written."""
    with reading(visitor) as session:
        draft = draft_numbered(session, draft_id, visitor.actor)
        return paper_answer(_paper(visitor, draft, edits_sent(draft, sent)))


@router.post("/bulletins/drafts/{draft_id:int}")
def edit(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Keep the words that were typed; an approval given before lapses."""

    def do(session: Session, occasion: Occasion) -> None:
        draft = _shown(session, visitor, sent, draft_id)
        edit_draft(session, draft, edits_sent(draft, sent), occasion)

    return _act(request, visitor, sent, draft_id, (do, _("文字已保存。"), ""))


@router.post("/bulletins/drafts/{draft_id:int}/approve")
def approve(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Approve exactly the figures and words that were shown."""
    is_whole = False

    def do(session: Session, occasion: Occasion) -> None:
        nonlocal is_whole
        is_whole = approve_draft(session, _shown(session, visitor, sent, draft_id), occasion).plan_ids is None

    answer = _act(request, visitor, sent, draft_id, (do, _("已批准，可以印发。"), ""))
    if is_whole:
        # The timed run that waits for this approval goes on; without a server there is none, and a person publishes.
        answer.background = BackgroundTask(_resume, visitor)
    return answer


@router.post("/bulletins/drafts/{draft_id:int}/discard")
def discard(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Set the draft aside for good."""
    reason = sent.text("discard_reason")
    do = lambda session, at: discard_draft(session, _shown(session, visitor, sent, draft_id), reason, at)  # noqa: E731
    return _act(request, visitor, sent, draft_id, (do, _("这份通报稿已不用。"), "/bulletins"))


@router.post("/bulletins/drafts/{draft_id:int}/publish")
def publish(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Ask once more with the paper and whom it goes to; after the yes number, freeze and, where that is ticked, send it."""
    if not sent.flag("yes"):
        return _ask(request, visitor, sent, draft_id)
    done: list[Published] = []

    def do(session: Session, occasion: Occasion) -> None:
        draft = _shown(session, visitor, sent, draft_id)
        plan = addressees(session, bulletin_of(draft), routes_of(visitor.settings), occasion.day) if sent.flag("send") else None
        done.append(publish_draft(session, draft, visitor.context.press, occasion, plan if plan and plan.postings else None))

    answer = _act(request, visitor, sent, draft_id, (do, _("已编号印发并存档。"), "/bulletins"))
    for published in done:
        # The folder for people is a copy: the bulletin is published, and can be downloaded, whether or not it can be written.
        with suppress(DubanError):
            write_files(published.files, visitor.context.store, visitor.context.bulletin_folder)
    return answer


def _ask(request: Request, visitor: Visitor, sent: SentForm, draft_id: int) -> Response:
    def look(session: Session) -> tuple[Ask, str]:
        draft = _shown(session, visitor, sent, draft_id)
        postings = addressees(session, bulletin_of(draft), routes_of(visitor.settings), today())
        title = _paper(visitor, draft, edits_of(draft)).title_line
        ask = publish_ask(draft, title, postings, sent.text("shown"))
        return ask, _("印发{period}通报").format(period=period_words(draft.period))

    return second_look(request, visitor, sent, look, lambda session: _page(session, visitor, draft_id))


def _act(
    request: Request, visitor: Visitor, sent: SentForm, draft_id: int, deed: tuple[Callable[[Session, Occasion], object], str, str]
) -> Response:
    """Carry out an act: what is done, what is said afterwards, and where one goes on (empty: the draft)."""
    do, said, to = deed
    wanted = Deed(do, to or f"/bulletins/drafts/{draft_id}", said, lambda session: _page(session, visitor, draft_id, sent))
    return act(request, visitor, sent, wanted)


def _shown(session: Session, visitor: Visitor, sent: SentForm, draft_id: int) -> BulletinDraft:
    """Return the draft where it still is what the visitor was shown. Codes: unknown-bulletin, draft-changed."""
    draft = draft_numbered(session, draft_id, visitor.actor)
    refuse_other_than(draft, sent.text("shown"))
    return draft


def _page(session: Session, visitor: Visitor, draft_id: int, sent: SentForm | None = None) -> Page:
    draft = draft_numbered(session, draft_id, visitor.actor)
    typed: Edits | None = None
    if sent is not None:
        with suppress(DubanError):
            typed = edits_sent(draft, sent)
    actor = visitor.actor
    view = draft_page(draft, typed, may_edit=may(actor, Act.DRAFT_BULLETIN), may_approve=may(actor, Act.APPROVE_BULLETIN))
    return Page("bulletin/draft.html.j2", view, _("{period}通报稿").format(period=period_words(draft.period)))


def _paper(visitor: Visitor, draft: BulletinDraft, edits: Edits) -> Paper:
    return bulletin_paper(bulletin_of(draft), Imprint(visitor.settings.office), edits)


def _resume(visitor: Visitor) -> None:
    with suppress(DubanError):
        resume_suspended(visitor.settings, job_named("publish-bulletin"))
