"""Who at a unit gets a formal notice, and the messages it goes out with: queued at issue, in the same transaction; the next delivery carries them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from models.notice import NoticeLevel
from models.unit import ContactDuty
from notify.channel import Routes
from notify.notices import NoticeLetter, render_notice
from rules.texts import _
from services.contacts import Reach, reach_of
from services.occasion import Occasion
from services.papers.sending import Enclosure, Posting, PostingPlan, Wanted, addressee_of, originals, queue_enclosing, reachable

_TO: Mapping[NoticeLevel, tuple[ContactDuty, ...]] = {
    NoticeLevel.BLUE: (ContactDuty.LEADER,),
    NoticeLevel.ORANGE: (ContactDuty.HEAD,),
    NoticeLevel.RED: (ContactDuty.HEAD, ContactDuty.LEADER),
    NoticeLevel.ACCOUNTABILITY: (),
}
_COPY: Mapping[NoticeLevel, tuple[ContactDuty, ...]] = {NoticeLevel.ORANGE: (ContactDuty.LEADER,)}


def plan_postings(session: Session, unit_id: int, level: NoticeLevel, day: date, routes: Routes) -> PostingPlan:
    """Return who at the unit gets a notice of this level on `day`. A duty nobody holds is stood in for by the office, then the liaison; a proposal goes to nobody."""
    if level is NoticeLevel.ACCOUNTABILITY:
        return PostingPlan((), (_("问责建议供内部研究，不发给责任单位"),))
    reach = reach_of(session, [unit_id], day)[unit_id]
    remarks: list[str] = []
    return reachable([*originals(reach, _TO[level], remarks), *_copies(reach, level)], routes, remarks)


def _copies(reach: Reach, level: NoticeLevel) -> Iterator[Wanted]:
    yield from ((recipient, True) for duty in _COPY.get(level, ()) for recipient in reach.holding(duty))


def queue_messages(session: Session, letter: NoticeLetter, plan: PostingPlan, enclosure: Enclosure, occasion: Occasion) -> list[int]:
    """Put a message for each posting into the outbox, with the paper as its file, and return their numbers. The caller enters them with the issue."""
    return [_queue(session, letter, posting, enclosure, occasion) for posting in plan.postings]


def _queue(session: Session, letter: NoticeLetter, posting: Posting, enclosure: Enclosure, occasion: Occasion) -> int:
    rendered = render_notice(addressee_of(posting.recipient), replace(letter, is_copy=posting.is_copy))
    return queue_enclosing(session, posting, rendered, (f"notice-{letter.notice_id}", [enclosure]), occasion)
