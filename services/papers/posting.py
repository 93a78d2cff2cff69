"""Issuing a paper to units: filed under its number and queued for their contacts, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session

from models.unit import ContactDuty
from notify.channel import Routes
from reports.imprint import Imprint
from services.occasion import Occasion
from services.papers.duties import Rolls
from services.papers.filing import Filed, Filing, Numbered, Press, file_paper
from services.papers.sending import PostingPlan, Sending, enclosures_of, plan_sending, queue_paper

FORMATS = ("docx",)


@dataclass(frozen=True)
class PostOffice:
    """What papers to units go out with: the press, the ways out of the house, and whom the units may ask. `rolls` are what the run has read so far."""

    press: Press
    routes: Routes
    contact: str | None = None
    rolls: Rolls = field(default_factory=Rolls)

    def draft_imprint(self, occasion: Occasion, to: Sequence[str]) -> Imprint:
        """Return what stands on a paper beside its figures while it has no number."""
        return Imprint(office=self.press.office, to=tuple(to), contact=self.contact, signed_on=occasion.day)


@dataclass(frozen=True)
class Mailing:
    """Which units' contacts a paper goes to, and the paragraphs of the message that carries it."""

    unit_ids: tuple[int, ...]
    duties: tuple[ContactDuty, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class IssuedPaper:
    """A paper that went out: as it is filed, who gets it, and the messages that wait in the outbox."""

    filed: Filed
    postings: PostingPlan
    message_ids: tuple[int, ...]

    @property
    def doc_no(self) -> str:
        """Return the paper's number."""
        return self.filed.place.doc_no

    def as_entry(self) -> dict[str, Any]:
        """Return what the ledger's entry says of it."""
        to = [
            {"recipient": one.recipient.key, "name": one.recipient.person or one.recipient.unit, "channel": one.channel}
            for one in self.postings.postings
        ]
        return {**self.filed.as_entry(), "to": to, "messages": list(self.message_ids)}


def numbered_imprint(draft: Imprint, place: Numbered) -> Imprint:
    """Return the imprint with the paper's number on it."""
    return replace(draft, year=place.year, number=place.number, doc_no=place.doc_no)


def issue_paper(session: Session, filing: Filing, mailing: Mailing, post: PostOffice, occasion: Occasion) -> IssuedPaper:
    """File the paper and queue it for the units' contacts; the caller has asked for the right, and enters it in the ledger with `as_entry`."""
    filed = file_paper(session, filing, post.press, occasion)
    plan = plan_sending(session, mailing.unit_ids, mailing.duties, occasion.day, post.routes)
    enclosures = enclosures_of(session, filed.publication_id, filing.formats)
    about = f"paper-{filed.publication_id}"
    sending = Sending(about, filed.paper.title_line, filed.place.doc_no, post.press.office, mailing.words, enclosures)
    return IssuedPaper(filed, plan, tuple(queue_paper(session, sending, plan, occasion)))
