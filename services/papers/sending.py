"""Papers sent to units: whom a paper reaches, with which remarks for whoever sends it, and the messages that carry its files.

Formal notices go the same way. Nothing is sent here: messages are queued in the caller's transaction, and the next delivery carries them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import MessageFile
from models.publication import PublicationFile
from models.unit import ContactDuty
from notify.channel import Routes
from notify.letterhead import Rendered
from notify.messages import Addressee
from notify.papers import PaperLetter, render_paper
from reports.words import listed
from rules.texts import _
from rules.words import duty_word
from services.contacts import Reach, Recipient, reach_of
from services.occasion import Occasion
from services.queueing import Envelope, queue_message

_STAND_INS = (ContactDuty.OFFICE, ContactDuty.LIAISON, ContactDuty.HANDLER)

Wanted = tuple[Recipient, bool]
"""Somebody who should get a paper, and whether as a copy."""


@dataclass(frozen=True)
class Posting:
    """One message to be: to whom, by which channel and address, as an original or a copy."""

    recipient: Recipient
    channel: str
    address: str
    is_copy: bool = False


@dataclass(frozen=True)
class PostingPlan:
    """Who gets a paper, and what the sending person should know: a duty nobody holds, a recipient nobody can reach."""

    postings: tuple[Posting, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enclosure:
    """A file that goes along, as it lies in the store."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Sending:
    """A paper on its way: `about` names it in the outbox (`paper-12`), `words` are the paragraphs of the message that carries it."""

    about: str
    title: str
    doc_no: str
    office: str | None
    words: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]


def plan_sending(session: Session, unit_ids: Sequence[int], duties: Sequence[ContactDuty], day: date, routes: Routes) -> PostingPlan:
    """Return who gets a paper for these units on `day`: whoever holds one of the duties. A duty nobody holds is stood in for by the office, then the liaison.

    Units without any contact are remarked on in one line.
    """
    reach = reach_of(session, unit_ids, day)
    unknown = {unit_id: reach[unit_id].unit for unit_id in unit_ids if not _is_known(reach[unit_id], duties)}
    is_told_at_once = len(unknown) > 1
    remarks = [_unknown_units(list(unknown.values()))] if is_told_at_once else []
    wanted = [
        one for unit_id in unit_ids for one in originals(reach[unit_id], duties, [] if is_told_at_once and unit_id in unknown else remarks)
    ]
    return reachable(wanted, routes, remarks)


def originals(reach: Reach, duties: Sequence[ContactDuty], remarks: list[str]) -> Iterator[Wanted]:
    """Give those who hold these duties at the unit, or stand in for nobody holding one; `remarks` takes what the sender should know."""
    if not _is_known(reach, duties):
        remarks.append(_nobody_holds(reach, duties[0], None))
        yield reach.nobody(*duties), False
        return
    for duty in duties:
        holders = reach.holding(duty)
        if not holders:
            stand_in = next((stand_in for stand_in in _STAND_INS if reach.holding(stand_in)), None)
            holders = reach.holding(stand_in) if stand_in else [reach.nobody(duty)]
            remarks.append(_nobody_holds(reach, duty, stand_in))
        yield from ((recipient, False) for recipient in holders)


def _is_known(reach: Reach, duties: Sequence[ContactDuty]) -> bool:
    return bool(reach.holding(*duties, *_STAND_INS))


def reachable(wanted: Iterable[Wanted], routes: Routes, remarks: list[str]) -> PostingPlan:
    """Return a posting for each of them, everybody once; whom no channel reaches is remarked on."""
    postings: dict[str, Posting] = {}
    for recipient, is_copy in wanted:
        way = _way(recipient, routes)
        if way is None:
            remarks.append(_("没有可用的渠道送达{person}，请另行送达纸质件").format(person=recipient.person or recipient.unit))
        elif recipient.key not in postings:
            postings[recipient.key] = Posting(recipient, *way, is_copy=is_copy)
    return PostingPlan(tuple(postings.values()), tuple(dict.fromkeys(remarks)))


def _unknown_units(names: Sequence[str]) -> str:
    return _("{count}个单位没有登记联系人：{names}；请用 duban unit contact 登记").format(count=len(names), names=listed(names))


def _nobody_holds(reach: Reach, duty: ContactDuty, stand_in: ContactDuty | None) -> str:
    if stand_in is None:
        return _("没有登记{unit}的任何联系人，请用 duban unit contact 登记{duty}").format(unit=reach.unit, duty=duty_word(duty))
    text = _("没有可以送达的{unit}{duty}，改发{stand_in}")
    return text.format(unit=reach.unit, duty=duty_word(duty), stand_in=duty_word(stand_in))


def _way(recipient: Recipient, routes: Routes) -> tuple[str, str] | None:
    """Return the name of the channel and the address the recipient is reached by: its own, else its fallback."""
    for way, address in ((recipient.channel, recipient.address), *([recipient.fallback] if recipient.fallback else [])):
        channel = routes.reaching(way, address)
        if channel is not None:
            return channel.name, address
    return None


def enclosures_of(session: Session, publication_id: int, formats: Collection[str]) -> tuple[Enclosure, ...]:
    """Return the files of these formats that a paper was filed with."""
    files = sa.select(PublicationFile).where(col(PublicationFile.publication_id) == publication_id).order_by(col(PublicationFile.id))
    rows = session.execute(files).scalars()
    return tuple(Enclosure(row.name, row.sha256, row.size_bytes) for row in rows if row.format in formats)


def queue_paper(session: Session, sending: Sending, plan: PostingPlan, occasion: Occasion) -> list[int]:
    """Put a message for each posting into the outbox, with the paper's files, and return their numbers. The caller enters them with the paper's issue."""
    letter = PaperLetter(
        title=sending.title,
        doc_no=sending.doc_no,
        office=sending.office,
        words=sending.words,
        files=tuple(enclosure.name for enclosure in sending.enclosures),
        issued_on=occasion.day,
    )
    numbers = []
    for posting in plan.postings:
        rendered = render_paper(addressee_of(posting.recipient), letter)
        numbers.append(queue_enclosing(session, posting, rendered, (sending.about, sending.enclosures), occasion))
    return numbers


def addressee_of(recipient: Recipient) -> Addressee:
    """Return how a recipient is written to."""
    return Addressee(recipient.unit, recipient.person, recipient.language, recipient.deputy_for)


def queue_enclosing(
    session: Session, posting: Posting, rendered: Rendered, carried: tuple[str, Sequence[Enclosure]], occasion: Occasion
) -> int:
    """Put one message with its files into the outbox and return its number. `carried` is what the message is about, and the files."""
    about, enclosures = carried
    seed = f"{about}|{posting.recipient.key}|{posting.channel}|{occasion.at.isoformat()}"
    envelope = Envelope(posting.channel, posting.address, occasion.day, seed, about)
    number = queue_message(session, posting.recipient, rendered, envelope)
    session.add_all(
        MessageFile(message_id=number, name=enclosure.name, sha256=enclosure.sha256, size_bytes=enclosure.size_bytes)
        for enclosure in enclosures
    )
    return number
