"""`/bulletins`: the archive, and what begins or corrects a bulletin. The editor of a draft is in `bulletin_drafts`."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session, col

from models.plan import Plan
from models.publication import PublicationFile, PublicationKind
from rules.errors import DubanError
from rules.periods import Period, parse_period, period_before, quarter_of
from rules.rights import RIGHTS, Act, may
from rules.texts import _
from runtime.clock import today
from services.bulletins.counting import BulletinOrder
from services.bulletins.drafting import draft_bulletin, open_drafts
from services.keyset import PageAsk
from services.occasion import Occasion
from services.papers.archive import PaperFilter, list_papers, paper_page
from services.papers.filing import Archived
from services.rule_sets import rule_set_on
from web.acting import Deed, act
from web.asked import After
from web.bulletin_view import bulletins_page, published_page
from web.forms import Sent
from web.papers import file_answer, framed
from web.rendering import Page, show
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@router.get("/bulletins", response_class=HTMLResponse)
def bulletins(request: Request, visitor: Visiting, period: Annotated[str, Query(max_length=8)] = "", after: After = None) -> HTMLResponse:
    """List what is published, a page at a time, and to whoever drafts what is in hand."""
    with reading(visitor) as session:
        return show(request, visitor, _list(session, visitor, period, after))


@router.post("/bulletins")
def begin(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Freeze a period's figures as a draft; with a reason it corrects what was published."""

    def do(session: Session, occasion: Occasion) -> int:
        wanted, plan = parse_period(sent.text("period")), sent.number("plan")
        order = BulletinOrder(wanted, (int(plan),) if plan else None, rule_set_on(session, wanted.ends_on))
        if sent.flag("corrects") and not sent.text("reason"):
            raise DubanError("no-reason", _("更正通报须写明原因"))
        return draft_bulletin(session, order, occasion, sent.text("reason")).id or 0

    deed = Deed(
        do, lambda draft: f"/bulletins/drafts/{draft}", _("已拟稿，数字按今天的台账冻结。"), lambda session: _list(session, visitor, "")
    )
    return act(request, visitor, sent, deed)


@router.get("/bulletins/{paper_id:int}", response_class=HTMLResponse)
def one(request: Request, visitor: Visiting, paper_id: int) -> HTMLResponse:
    """Show a published bulletin."""
    with reading(visitor) as session:
        paper = _published(session, visitor, paper_id)
        files = select(col(PublicationFile.name), col(PublicationFile.size_bytes)).where(col(PublicationFile.publication_id) == paper_id)
        sizes = dict(session.execute(files).tuples().all())
    view = published_page(paper, sizes, can_correct=may(visitor.actor, Act.DRAFT_BULLETIN))
    return show(request, visitor, Page("bulletin/published.html.j2", view, _("通报 {doc_no}").format(doc_no=paper.doc_no)))


@router.get("/bulletins/{paper_id:int}/paper", response_class=HTMLResponse)
def paper(visitor: Visiting, paper_id: int) -> HTMLResponse:
    """Show the bulletin as it was published."""
    with reading(visitor) as session:
        found = _published(session, visitor, paper_id)
    name = next((name for name in found.files if name.endswith(".html")), None)
    if name is None:
        raise _unknown(paper_id)
    return framed(visitor.context.store.read(found.files[name]).decode())


@router.get("/bulletins/{paper_id:int}/files/{name}")
def file(visitor: Visiting, paper_id: int, name: str) -> Response:
    """Give a file of a published bulletin, byte for byte."""
    with reading(visitor) as session:
        found = _published(session, visitor, paper_id)
    if name not in found.files:
        raise _unknown(paper_id)
    return file_answer(name, visitor.context.store.read(found.files[name]))


def _list(session: Session, visitor: Visitor, period: str, after: int | None = None) -> Page:
    actor = visitor.actor
    can_draft, published = may(actor, Act.DRAFT_BULLETIN), PaperFilter(PublicationKind.BULLETIN)
    page = paper_page(session, published, PageAsk(after), actor)
    corrected = tuple(row.corrects_id for row in page.rows if row.corrects_id)
    named = {row.id: row.doc_no for row in list_papers(session, replace(published, ids=corrected), actor)}
    drafts = open_drafts(session, actor) if can_draft else []
    plans = session.execute(select(col(Plan.id), col(Plan.title)).order_by(col(Plan.id))).tuples().all() if can_draft else []
    choices = (_periods(period, today()), [(plan_id or 0, title) for plan_id, title in plans])
    return Page("bulletin/list.html.j2", bulletins_page(drafts, (page, named), choices, can_draft=can_draft), _("督查通报"))


def _periods(asked: str, day: date) -> list[Period]:
    """Return the periods that a bulletin may be about: the one asked for first, then of each length those that ended last and the one that runs."""
    half = f"{day.year}H{(day.month + 5) // 6}"
    offered = [] if not asked else [parse_period(asked)]
    for now, count in ((quarter_of(day).code, 6), (half, 2), (str(day.year), 2), (f"{day.year}-{day.month:02}", 6)):
        one = parse_period(now)
        for _number in range(count):
            one = period_before(one)
            offered.append(one)
        offered.append(parse_period(now))
    return list(dict.fromkeys(offered))


def _published(session: Session, visitor: Visitor, paper_id: int) -> Archived:
    """Return a published bulletin; an unknown one, or one that the visitor may not see, is refused alike."""
    wanted = PaperFilter(PublicationKind.BULLETIN, ids=(paper_id,))
    found = list_papers(session, wanted, visitor.actor) if visitor.role in RIGHTS[Act.READ] else []
    if not found:
        raise _unknown(paper_id)
    return found[0]


def _unknown(paper_id: int) -> DubanError:
    return DubanError("unknown-paper", _("没有印发件 {id}，请用 duban bulletin list 查看").format(id=paper_id))
