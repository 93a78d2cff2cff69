"""A house in which every page has something to show: the small plan of years ago, late by now, with all that follows from it."""

from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from models.account import AccountRole
from models.draft_document import DraftDocument
from models.notice import Notice, NoticeLevel
from models.publication import BulletinDraft, Publication, PublicationKind
from models.request import RequestKind
from notify.channel import Routes
from notify.mail_folder import MailFolder
from rules.periods import parse_period
from rules.requests import Terms
from rules.rights import Actor
from runtime.clock import now, today
from runtime.context import Context
from runtime.database import transaction
from services.access.invitations import invite
from services.bulletins.compiling import BulletinOrder
from services.bulletins.drafting import approve_draft, draft_bulletin
from services.bulletins.publishing import publish_draft
from services.cases.opening import Ground, open_on_basis
from services.draft_documents import draft_of_row, kept_draft
from services.notice_issuing import IssueOrder, NoticePress, issue_notice
from services.notices import prepare_notices
from services.occasion import SYSTEM, Occasion
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.requests import RequestInput, file_request
from services.rule_sets import rule_set_on
from services.tasks import acknowledge_task, submit_task
from services.unit_matching import register_of
from tests.browser.pictures import picture
from tests.builders import People, issued
from tests.services.access_fixtures import administrator, household
from tests.web.conftest import draft_in_the_making

SUBMITTED, REQUESTED, TAKEN_UP, NEW = 1, 2, 3, 4
"""Tasks by what became of them."""

NAMES = {
    "administrator": "admin",
    "security_administrator": "secadmin",
    "audit_administrator": "auditor",
    "plan_office": "office",
    "supervisor": "supervisor",
    "unit": "science",
    "support": "finance",
}
"""Who is logged in where the table of routes names a role."""


def fill(context: Context, folder: Path) -> dict[str, str]:
    """Fill the house and return the address of each page that needs more than a number to be there."""
    with transaction(context.engine) as session:
        team = household(session)
        administrator(session, "secadmin", AccountRole.SECURITY_ADMINISTRATOR)
        administrator(session, "auditor", AccountRole.AUDIT_ADMINISTRATOR)
        issued(session, team.office)
        session.add(_draft_with_a_finding(session, context, team.office.account_id or 0))
        _report_and_ask(session, team, context, picture(folder / "现场.png", 60))
        prepare_notices(session, _now(SYSTEM))
        notice = (
            session.execute(select(col(Notice.id)).where(col(Notice.level) == NoticeLevel.RED).order_by(col(Notice.id))).scalars().first()
        )
        press = NoticePress(context.store, Routes(MailFolder(folder, "duban@example.cn")), "某省政府督查室")
        issue_notice(session, notice or 1, IssueOrder(), press, _now(team.supervisor))
        case = open_on_basis(session, TAKEN_UP, Ground("逾期多年没有办结"), _now(team.supervisor))
        paper, drafted = _bulletins(session, context, _now(team.supervisor))
        secret = invite(session, "finance", _now(team.office))
    return {
        "/notices/{notice_id:int}": f"/notices/{notice}",
        "/notices/{notice_id:int}/answer": f"/notices/{notice}/answer",
        "/cases/{case_id:int}": f"/cases/{case}",
        "/cases/{case_id:int}/answer": f"/cases/{case}/answer",
        "/requests/{request_id:int}": "/requests/1",
        "/bulletins/{paper_id:int}": f"/bulletins/{paper}",
        "/bulletins/drafts/{draft_id:int}": f"/bulletins/drafts/{drafted}",
        "/drafts/{draft_id:int}/waive": "/drafts/1/waive?code=no-due-date",
        "/invitations/{secret}": f"/invitations/{secret}",
    }


def _draft_with_a_finding(session: Session, context: Context, account_id: int) -> DraftDocument:
    row = draft_in_the_making(context, account_id)
    made = draft_of_row(row)
    late = made.items[0].model_copy(update={"tasks": ()})
    made = made.model_copy(update={"items": (late, *made.items[1:]), "plan": made.plan.model_copy(update={"ends_on": None})})
    row.draft = kept_draft(made, made, register_of(session))
    return row


def _now(actor: Actor) -> Occasion:
    return Occasion(actor, today(), now())


def _report_and_ask(session: Session, team: People, context: Context, file: Path) -> None:
    unit = _now(team.science)
    for task in (SUBMITTED, REQUESTED, TAKEN_UP):
        acknowledge_task(session, task, unit)
    said = ProgressInput({"示范县": Amount(8)}, "八个县已验收，其余两个县正在整改", "资金到位较晚", evidence=(file,))
    record_progress(session, SUBMITTED, said, context.store, unit)
    submit_task(session, SUBMITTED, "两个县结转到下一年度", unit)
    file_request(session, REQUESTED, RequestInput(RequestKind.SUSPENSION, "汛期停工", "六个县已开展", Terms(days=60)), unit)


def _bulletins(session: Session, context: Context, occasion: Occasion) -> tuple[int, int]:
    """Publish a bulletin on one quarter and draft one on the next; their numbers are returned."""

    def drafted(code: str) -> BulletinDraft:
        period = parse_period(code)
        return draft_bulletin(session, BulletinOrder(period, None, rule_set_on(session, period.ends_on)), occasion)

    year = today().year - 1
    first = drafted(f"{year}Q3")
    approve_draft(session, first, occasion)
    publish_draft(session, first, context.press, occasion)
    published = select(col(Publication.id)).where(col(Publication.kind) == PublicationKind.BULLETIN)
    return session.execute(published).scalar_one() or 0, drafted(f"{year}Q4").id or 0
