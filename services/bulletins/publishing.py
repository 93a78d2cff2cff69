"""Publishing an approved draft: numbered, frozen with the ledger's heads, its files kept by hash, sent to its addressees in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message
from models.publication import BulletinDraft, DraftState, Publication, PublicationKind
from models.unit import ContactDuty
from notify.channel import Routes
from reports.bulletin import Bulletin
from reports.bulletin_edits import edits_from
from reports.bulletin_paper import bulletin_paper
from reports.faces import FACES
from reports.imprint import Imprint
from reports.paper import Paper
from rules.errors import DubanError
from rules.periods import parse_period
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.bulletins.compiling import compile_whole
from services.bulletins.counting import BulletinOrder
from services.bulletins.drafting import (
    approval_sha256,
    approve_draft,
    bulletin_of,
    doc_no_of_issue,
    draft_bulletin,
    first_published,
    open_draft,
    refuse_unfinished,
    refuse_unfit,
    scope_of,
)
from services.ledger import Event, heads_of, record
from services.notices import lock_plans
from services.occasion import Occasion
from services.papers.filing import Filing, Numbered, Press, file_paper
from services.papers.sending import PostingPlan, Sending, enclosures_of, plan_sending, queue_paper

# A PDF needs a font for Chinese; where there is none the bulletin goes out without it, and says so.
_IF_ABLE = ("pdf",)
_ENCLOSED = ("pdf", "docx")


@dataclass(frozen=True)
class Published:
    """A published bulletin: its number in its year, its figures, its files by name with the hash each is kept under, formats that were left out and why,
    and the messages that carry it.
    """

    number: int
    doc_no: str
    version: int
    view: Bulletin
    files: Mapping[str, str]
    left_out: Mapping[str, str]
    messages: tuple[int, ...] = ()


def publish_bulletin(
    session: Session, order: BulletinOrder, press: Press, occasion: Occasion, plan: PostingPlan | None = None
) -> Published:
    """Draft where nothing is drafted, approve and publish the bulletin of a period in one act of one person.

    A period is published once; doing it again is refused, naming the first. An unfinished period is refused, since its figures would still move. The plans are
    locked first, as in every step of it: two who publish come one after the other, and neither waits for the other for ever.
    """
    refuse_without_right(occasion.actor, Act.PUBLISH)
    lock_plans(session)
    draft = open_draft(session, order.period.code, order.plan_ids)
    if draft is None and first_published(session, scope_of(order.plan_ids), order.period.code) is None:
        refuse_unfinished(order.period, occasion)
    if draft is None:
        draft = draft_bulletin(session, order, occasion)
    if draft.state is not DraftState.APPROVED:
        approve_draft(session, draft, occasion)
    return publish_draft(session, draft, press, occasion, plan)


def preview_publishing(session: Session, order: BulletinOrder, routes: Routes, occasion: Occasion) -> PostingPlan:
    """Return whom `publish_bulletin` would send to, with its refusals: the open draft's units, else those of the day's figures. Nothing is written."""
    refuse_without_right(occasion.actor, Act.PUBLISH)
    draft = open_draft(session, order.period.code, order.plan_ids)
    if draft is None:
        refuse_unfit(session, order, "")
    refuse_unfinished(order.period, occasion)
    view = bulletin_of(draft) if draft else compile_whole(session, order, occasion.day)
    return addressees(session, view, routes, occasion.day)


def publish_draft(session: Session, draft: BulletinDraft, press: Press, occasion: Occasion, plan: PostingPlan | None = None) -> Published:
    """Number, freeze, file and send an approved draft.

    Codes: not-approved, draft-changed (what was approved is not what is there), draft-not-open, period-not-over.
    """
    refuse_without_right(occasion.actor, Act.PUBLISH)
    lock_plans(session)
    locked = _locked(session, draft)
    refuse_unfinished(parse_period(locked.period), occasion)
    bulletin = bulletin_of(locked)
    heads = heads_of(session, [one.id for one in bulletin.plans])
    filed = file_paper(session, _filing(locked, bulletin, press, occasion), press, occasion)
    named = (filed.paper.title_line, filed.place.doc_no, press.office)
    messages = _queue(session, filed.publication_id, named, plan, occasion) if plan else []
    locked.state, locked.publication_id = DraftState.PUBLISHED, filed.publication_id
    session.add(locked)
    session.flush()
    after = {**filed.as_entry(), "period": locked.period, "heads": heads, "draft": locked.id, "approver": locked.approver}
    after |= {"draft_sha256": locked.view_sha256, "corrects": locked.corrects_id, "messages": messages}
    said = {name: value for name, value in after.items() if value not in (None, [])}
    record(session, occasion, Event("publish-bulletin", f"bulletin {locked.period}", after=said))
    return Published(filed.place.number, filed.place.doc_no, filed.version, bulletin, filed.files, filed.left_out, tuple(messages))


def _locked(session: Session, draft: BulletinDraft) -> BulletinDraft:
    wanted = sa.select(BulletinDraft).where(col(BulletinDraft.id) == draft.id).with_for_update()
    locked: BulletinDraft = session.execute(wanted.execution_options(populate_existing=True)).scalar_one()
    if locked.state in (DraftState.PUBLISHED, DraftState.DISCARDED):
        text = _("{period} 的这份通报稿已经印发或不用了，请用 duban bulletin list 查看")
        raise DubanError("draft-not-open", text.format(period=locked.period))
    if locked.state is not DraftState.APPROVED:
        raise DubanError(
            "not-approved", _("{period} 的通报稿还没有批准，请用 duban bulletin approve {period}").format(period=locked.period)
        )
    if locked.approved_sha256 != approval_sha256(locked):
        text = _("{period} 的通报稿与批准时不同，请重新批准")
        raise DubanError("draft-changed", text.format(period=locked.period))
    return locked


def _filing(draft: BulletinDraft, bulletin: Bulletin, press: Press, occasion: Occasion) -> Filing:
    edits = edits_from(draft.edits)

    def compose(place: Numbered) -> Paper:
        imprint = Imprint(press.office, place.year, place.number, place.doc_no, signed_on=occasion.day)
        return bulletin_paper(bulletin, imprint, edits)

    return Filing(
        kind=PublicationKind.BULLETIN,
        scope=draft.scope,
        period=draft.period,
        compose=compose,
        formats=tuple(name for name in FACES if name not in _IF_ABLE),
        formats_if_able=_IF_ABLE,
        ledger_head=bulletin.ledger_head,
        edits=draft.edits,
        approver=draft.approver,
        corrects_id=draft.corrects_id,
    )


def addressees(session: Session, bulletin: Bulletin, routes: Routes, day: date) -> PostingPlan:
    """Return whom a bulletin would go to on `day`: the liaisons of the units that take part in its tasks."""
    return plan_sending(session, [unit.id for unit in bulletin.units if unit.id], (ContactDuty.LIAISON,), day, routes)


def _queue(session: Session, publication_id: int, named: tuple[str, str, str | None], plan: PostingPlan, occasion: Occasion) -> list[int]:
    """Queue a message for each addressee; `named` are the paper's title and number, and the office that signs."""
    carried = next(found for name in _ENCLOSED if (found := enclosures_of(session, publication_id, (name,))))
    title, doc_no, office = named
    sending = Sending(
        about=f"paper-{publication_id}",
        title=title,
        doc_no=doc_no,
        office=office,
        words=(_("现将督查通报发给你单位，请对照其中涉及本单位的任务和时限办理。"),),
        enclosures=carried,
    )
    return queue_paper(session, sending, plan, occasion)


def send_published(session: Session, publication_id: int, press: Press, plan: PostingPlan, occasion: Occasion) -> list[int]:
    """Send a bulletin that was published without being sent, once, and return the messages. Codes: unknown-paper, already-sent, nobody-to-send-to."""
    refuse_without_right(occasion.actor, Act.PUBLISH)
    lock_plans(session)
    paper = _published(session, publication_id)
    if session.execute(sa.select(col(Message.id)).where(col(Message.about) == f"paper-{publication_id}").limit(1)).first():
        raise DubanError("already-sent", _("{doc_no}通报已经发送，请用 duban message list 查看").format(doc_no=doc_no_of_issue(paper)))
    if not plan.postings:
        raise DubanError("nobody-to-send-to", _("没有可以发送的联系人，请用 duban unit contact 登记"))
    title = bulletin_paper(published_view(session, publication_id)).title_line
    messages = _queue(session, publication_id, (title, doc_no_of_issue(paper), press.office), plan, occasion)
    after = {"publication": publication_id, "doc_no": doc_no_of_issue(paper), "period": paper.period, "messages": messages}
    record(session, occasion, Event("send-bulletin", f"bulletin {paper.period}", after=after))
    return messages


def published_view(session: Session, publication_id: int) -> Bulletin:
    """Return the figures of a bulletin as they were published. Codes: unknown-paper, paper-too-old (published before drafts were kept)."""
    _published(session, publication_id)
    found = session.execute(sa.select(BulletinDraft).where(col(BulletinDraft.publication_id) == publication_id)).scalar_one_or_none()
    if found is None:
        raise DubanError("paper-too-old", _("印发件 {id} 是升级以前印发的，请另行发送").format(id=publication_id))
    return bulletin_of(found)


def _published(session: Session, publication_id: int) -> Publication:
    paper = session.get(Publication, publication_id)
    if paper is None or paper.kind is not PublicationKind.BULLETIN:
        raise DubanError("unknown-paper", _("没有印发件 {id}，请用 duban bulletin list 查看").format(id=publication_id))
    return paper


def is_published(session: Session, period: str, plan_ids: tuple[int, ...] | None = None) -> bool:
    """Tell whether the bulletin of the period has been published."""
    same = sa.select(col(Publication.id)).where(col(Publication.period) == period, col(Publication.scope) == scope_of(plan_ids))
    return session.execute(same.where(col(Publication.kind) == PublicationKind.BULLETIN)).first() is not None
