"""Who at a unit gets a formal notice, and the messages it goes out with: queued at issue, in the same transaction; the next delivery carries them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from models.notice import MessageFile, NoticeLevel
from models.unit import ContactDuty
from notify.channel import Routes
from notify.messages import Addressee
from notify.notices import NoticeLetter, render_notice
from rules.texts import _
from rules.words import duty_word
from services.contacts import Reach, Recipient, reach_of
from services.occasion import Occasion
from services.queueing import Envelope, queue_message

_TO: Mapping[NoticeLevel, tuple[ContactDuty, ...]] = {
    NoticeLevel.BLUE: (ContactDuty.LEADER,),
    NoticeLevel.ORANGE: (ContactDuty.HEAD,),
    NoticeLevel.RED: (ContactDuty.HEAD, ContactDuty.LEADER),
    NoticeLevel.ACCOUNTABILITY: (),
}
_COPY: Mapping[NoticeLevel, tuple[ContactDuty, ...]] = {NoticeLevel.ORANGE: (ContactDuty.LEADER,)}
_STAND_INS = (ContactDuty.OFFICE, ContactDuty.LIAISON, ContactDuty.HANDLER)


@dataclass(frozen=True)
class Posting:
    """One message to be: to whom, by which channel and address, as an original or a copy, and with which language."""

    recipient: Recipient
    channel: str
    address: str
    is_copy: bool = False


@dataclass(frozen=True)
class PostingPlan:
    """Who gets a notice, and what the issuing person should know: a duty nobody holds, a recipient nobody can reach."""

    postings: tuple[Posting, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enclosure:
    """The file that goes with a notice, as it lies in the store."""

    name: str
    sha256: str
    size_bytes: int


def plan_postings(session: Session, unit_id: int, level: NoticeLevel, day: date, routes: Routes) -> PostingPlan:
    """Return who at the unit gets a notice of this level on `day`. A duty nobody holds is stood in for by the office, then the liaison; a proposal goes to nobody."""
    if level is NoticeLevel.ACCOUNTABILITY:
        return PostingPlan((), (_("问责建议供内部研究，不发给责任单位"),))
    reach = reach_of(session, [unit_id], day)[unit_id]
    remarks: list[str] = []
    wanted = [*_originals(reach, level, remarks), *_copies(reach, level)]
    postings: dict[str, Posting] = {}
    for recipient, is_copy in wanted:
        way = _way(recipient, routes)
        if way is None:
            remarks.append(_("没有可用的渠道送达{person}，请另行送达纸质件").format(person=recipient.person or recipient.unit))
        elif recipient.key not in postings:
            postings[recipient.key] = Posting(recipient, *way, is_copy=is_copy)
    return PostingPlan(tuple(postings.values()), tuple(dict.fromkeys(remarks)))


def _originals(reach: Reach, level: NoticeLevel, remarks: list[str]) -> Iterator[tuple[Recipient, bool]]:
    for duty in _TO[level]:
        holders = reach.holding(duty)
        if not holders:
            stand_in = next((stand_in for stand_in in _STAND_INS if reach.holding(stand_in)), None)
            holders = reach.holding(stand_in) if stand_in else [reach.nobody(duty)]
            remarks.append(_nobody_holds(reach, duty, stand_in))
        yield from ((recipient, False) for recipient in holders)


def _nobody_holds(reach: Reach, duty: ContactDuty, stand_in: ContactDuty | None) -> str:
    if stand_in is None:
        return _("没有登记{unit}的任何联系人，请用 duban unit contact 登记{duty}").format(unit=reach.unit, duty=duty_word(duty))
    text = _("没有可以送达的{unit}{duty}，改发{stand_in}")
    return text.format(unit=reach.unit, duty=duty_word(duty), stand_in=duty_word(stand_in))


def _copies(reach: Reach, level: NoticeLevel) -> Iterator[tuple[Recipient, bool]]:
    yield from ((recipient, True) for duty in _COPY.get(level, ()) for recipient in reach.holding(duty))


def _way(recipient: Recipient, routes: Routes) -> tuple[str, str] | None:
    """Return the name of the channel and the address the recipient is reached by: its own, else its fallback."""
    for way, address in ((recipient.channel, recipient.address), *([recipient.fallback] if recipient.fallback else [])):
        channel = routes.reaching(way, address)
        if channel is not None:
            return channel.name, address
    return None


def queue_messages(session: Session, letter: NoticeLetter, plan: PostingPlan, enclosure: Enclosure, occasion: Occasion) -> list[int]:
    """Put a message for each posting into the outbox, with the paper as its file, and return their numbers. The caller enters them with the issue."""
    return [_queue(session, letter, posting, enclosure, occasion) for posting in plan.postings]


def _queue(session: Session, letter: NoticeLetter, posting: Posting, enclosure: Enclosure, occasion: Occasion) -> int:
    recipient, about = posting.recipient, f"notice-{letter.notice_id}"
    copied = replace(letter, is_copy=posting.is_copy)
    rendered = render_notice(Addressee(recipient.unit, recipient.person, recipient.language, recipient.deputy_for), copied)
    seed = f"{about}|{recipient.key}|{posting.channel}|{occasion.at.isoformat()}"
    number = queue_message(session, recipient, rendered, Envelope(posting.channel, posting.address, occasion.day, seed, about))
    session.add(MessageFile(message_id=number, name=enclosure.name, sha256=enclosure.sha256, size_bytes=enclosure.size_bytes))
    return number
