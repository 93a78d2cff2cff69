"""Invitations sent to the units' contacts: by mail only, since a link that opens an account belongs to one person and not into a group's robot."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session

from models.unit import ContactDuty
from notify.channel import MAIL, Routes
from notify.invitations import ABOUT, InvitationLetter, render_invitation
from rules.access_acts import day_here
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.access.invitations import Invited
from services.contacts import reach_of
from services.ledger import Event, record
from services.occasion import Occasion
from services.papers.sending import Posting, addressee_of, originals, queue_enclosing, reachable
from services.reach import read_tree

_DUTIES = (ContactDuty.LIAISON,)


@dataclass(frozen=True)
class InvitationPost:
    """How invitations go out: `pages` is the address of the house's pages as units reach it, `office` signs."""

    routes: Routes
    pages: str | None
    office: str | None

    def link(self, secret: str) -> str:
        """Return the address that a secret is opened at. Codes: no-public-url."""
        if self.pages is None:
            raise DubanError("no-public-url", _("没有设置网页对外的地址，邀请链接发出去打不开；请先设置 DUBAN_PUBLIC_URL"))
        return f"{self.pages.rstrip('/')}/invitations/{secret}"


@dataclass(frozen=True)
class SentInvitations:
    """How many messages wait in the outbox, and the units that nothing could be sent to, each with the reason."""

    messages: int
    unreached: tuple[tuple[str, str], ...]


def send_invitations(
    session: Session,
    invited: Sequence[Invited],
    post: InvitationPost,
    occasion: Occasion,
    along: Callable[[Sequence[Invited]], Iterable[Invited]] = iter,
) -> SentInvitations:
    """Queue a message with its link for each unit's liaison, or who stands in for him; in the transaction that made them. Codes: no-right, no-public-url."""
    tree = read_tree(session)
    numbers: list[int] = []
    unreached = []
    for one in along(invited):
        refuse_without_right(occasion.actor, Act.INVITE, tree.parties(one.unit_id))
        postings, why = _postings(session, one.unit_id, post, occasion)
        numbers += [_queued(session, one, posting, post, occasion) for posting in postings]
        if not postings:
            unreached.append((one.unit, why))
    if numbers:
        after = {"messages": numbers, "units": len(invited) - len(unreached)}
        record(session, occasion, Event("send-invitations", f"{len(numbers)} messages", after=after))
    return SentInvitations(len(numbers), tuple(unreached))


def _postings(session: Session, unit_id: int, post: InvitationPost, occasion: Occasion) -> tuple[Sequence[Posting], str]:
    remarks: list[str] = []
    reach = reach_of(session, [unit_id], occasion.day)[unit_id]
    wanted = [
        (replace(recipient, fallback=None), is_copy)
        for recipient, is_copy in originals(reach, _DUTIES, remarks)
        if recipient.channel == MAIL and recipient.address
    ]
    plan = reachable(wanted, post.routes, [])
    return plan.postings, remarks[0] if remarks else _("联系人没有邮件地址")


def _queued(session: Session, one: Invited, posting: Posting, post: InvitationPost, occasion: Occasion) -> int:
    until_on = day_here(one.expires_at - timedelta(days=1))
    letter = InvitationLetter(one.account, post.link(one.secret), until_on, post.office, occasion.day)
    rendered = render_invitation(addressee_of(posting.recipient), letter)
    return queue_enclosing(session, posting, rendered, (f"{ABOUT}-{one.unit_id}", ()), occasion)
