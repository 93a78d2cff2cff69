"""A year's scorecard numbered, frozen and kept. Issued again for the same year it is a correction that refers to the first."""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session, col

from models.publication import Publication, PublicationKind
from reports.imprint import Imprint
from reports.paper import Paper
from reports.scorecard import Scorecard
from reports.scorecard_paper import scorecard_paper
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.ledger import Event, record
from services.notices import lock_plans
from services.occasion import Occasion
from services.papers.filing import Filed, Filing, Numbered, Press, file_paper
from services.scoring.adopting import adopted_scheme, scope_of
from services.scoring.compiling import ScorecardOrder, compile_scorecard

ISSUE_SCORECARD = "issue-scorecard"
FORMATS = ("docx", "html", "xlsx", "md", "json")


@dataclass(frozen=True)
class Issue:
    """How a scorecard is issued: the scorecard asked for, why it corrects an earlier one, the formats that are kept, and those only where they can be written."""

    order: ScorecardOrder
    reason: str = ""
    formats: tuple[str, ...] = FORMATS
    formats_if_able: tuple[str, ...] = ("pdf",)


def issue_scorecard(session: Session, issue: Issue, press: Press, occasion: Occasion) -> Filed:
    """Number and freeze the year's scorecard.

    Codes: those of `compile_scorecard`, year-not-over, scheme-not-adopted, marks-missing, nothing-to-score, no-reason (a correction needs one).
    """
    refuse_without_right(occasion.actor, Act.ISSUE_SCORECARD)
    order = replace(issue.order, reader=None, unit_ids=None)
    if occasion.day.year <= order.year:
        raise DubanError("year-not-over", _("{year} 年还没有结束，现在只能预览，不能印发").format(year=order.year))
    lock_plans(session)
    scheme = adopted_scheme(session, order.scheme, order.year, occasion.day).scheme
    card = compile_scorecard(session, replace(order, scheme=scheme.code), occasion.day)
    _refuse_incomplete(card)
    first = _first(session, scope_of(scheme.code), str(order.year))
    if first is not None and not issue.reason.strip():
        text = _("{year} 年的考评已印发（{doc_no}），再印发是更正，须用 --reason 写明理由")
        raise DubanError("no-reason", text.format(year=order.year, doc_no=first.doc_no))
    filing = Filing(
        kind=PublicationKind.SCORECARD,
        scope=scope_of(scheme.code),
        period=str(order.year),
        compose=_Composer(card, press, first.doc_no if first else "", issue.reason.strip()),
        formats=issue.formats,
        formats_if_able=issue.formats_if_able,
        ledger_head=card.ledger_head,
        corrects_id=first.id if first else None,
    )
    filed = file_paper(session, filing, press, occasion)
    after = {**filed.as_entry(), "scheme": scheme.sha256, "ledger_head": card.ledger_head, "reason": issue.reason.strip() or None}
    record(session, occasion, Event(ISSUE_SCORECARD, f"scorecard {scheme.code} {order.year}", after=after))
    return filed


@dataclass(frozen=True)
class _Composer:
    """Composes the paper once its number is known."""

    card: Scorecard
    press: Press
    corrects: str
    reason: str

    def __call__(self, place: Numbered) -> Paper:
        imprint = Imprint(
            office=self.press.office,
            year=place.year,
            number=place.number,
            doc_no=place.doc_no,
            signed_on=self.card.written_on,
            corrects=self.corrects,
            reason=self.reason,
        )
        return scorecard_paper(self.card, imprint)


def _refuse_incomplete(card: Scorecard) -> None:
    if not card.units:
        raise DubanError("nothing-to-score", _("{year} 年没有可计分的单位").format(year=card.year))
    if card.unmarked:
        listed = _("、").join(card.unmarked[:5]) + (_("等") if len(card.unmarked) > 5 else "")
        text = _("还有 {count} 项没有评分：{listed}；请用 duban scorecard mark 评分")
        raise DubanError("marks-missing", text.format(count=len(card.unmarked), listed=listed))


def _first(session: Session, scope: str, period: str) -> Publication | None:
    found = sa.select(Publication).where(
        col(Publication.kind) == PublicationKind.SCORECARD, col(Publication.scope) == scope, col(Publication.period) == period
    )
    first: Publication | None = session.execute(found.order_by(col(Publication.version)).limit(1)).scalar_one_or_none()
    return first
