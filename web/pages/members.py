"""`/tasks/…/members`: the names that fill a task's quotas: nominated, selected, withdrawn by the unit; confirmed by the supervisor elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.roster import RosterState
from rules.errors import DubanError
from rules.rights import Act, may
from rules.rosters import roster_state_name
from rules.texts import _
from rules.words import day_words
from runtime.clock import today
from services.occasion import Occasion
from services.reach import parties_of
from services.roster_sheet import MemberRow, QuotaSheet, show_rosters
from services.rosters import Names, RosterOutcome, nominate, select_members, withdraw_members
from web.acting import Deed, act
from web.forms import Sent, SentForm
from web.rendering import Page, show
from web.task_head import TaskHead, open_task
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@dataclass(frozen=True)
class MemberLine:
    """A member in words."""

    name: str
    state: str
    note: str


@dataclass(frozen=True)
class QuotaBlock:
    """A quota with its members."""

    measure: str
    note: str
    gaps: tuple[str, ...]
    members: tuple[MemberLine, ...]
    withdrawn: tuple[str, ...]


@dataclass(frozen=True)
class MembersPage:
    """The roster of a task. `is_lead`: the visitor may also select and withdraw."""

    task: TaskHead
    quotas: tuple[QuotaBlock, ...]
    is_lead: bool


@router.get("/tasks/{task_id:int}/members")
def members(request: Request, visitor: Visiting, task_id: int) -> HTMLResponse:
    """Show the roster."""
    with reading(visitor) as session:
        return show(request, visitor, _members(session, visitor, task_id))


@router.post("/tasks/{task_id:int}/members")
def name_members(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Nominate names, or select or withdraw those that are ticked: all or none."""
    deed = Deed(
        do=lambda session, occasion: _done(session, task_id, sent, occasion),
        to=f"/tasks/{task_id}/members",
        said=_said,
        again=lambda session: _members(session, visitor, task_id, sent),
        task_id=task_id,
    )
    return act(request, visitor, sent, deed)


def _done(session: Session, task_id: int, sent: SentForm, occasion: Occasion) -> RosterOutcome:
    measure = sent.text("measure") or None
    ticked = Names(given=sent.texts("member"), measure=measure)
    acts: dict[str, Callable[[], RosterOutcome]] = {
        "nominate": lambda: nominate(session, task_id, Names(_written(sent), measure=measure), occasion, sent.text("replaces") or None),
        "select": lambda: select_members(session, task_id, ticked, occasion),
        "withdraw": lambda: withdraw_members(session, task_id, ticked, sent.text("reason"), occasion),
    }
    wanted = acts.get(sent.text("act"))
    if wanted is None or (sent.text("act") != "nominate" and not ticked.given) or (sent.text("act") == "nominate" and not _written(sent)):
        raise DubanError("nothing-chosen", _("请先写明或勾选名单中的名字"))
    return wanted()


def _written(sent: SentForm) -> list[str]:
    lines = sent.text("names").replace("、", "\n").replace("，", "\n").replace("；", "\n")
    return [line.strip() for line in lines.split("\n") if line.strip()]


def _said(outcome: object) -> str:
    assert isinstance(outcome, RosterOutcome)
    text = _("{count} 个名字{state}，已记入台账")
    return text.format(count=len(outcome.names), state=roster_state_name(outcome.state))


def _members(session: Session, visitor: Visitor, task_id: int, sent: SentForm | None = None) -> Page:
    head = open_task(session, visitor, task_id, Act.NOMINATE_MEMBER, today(), sent.seen if sent else None).head
    is_lead = may(visitor.actor, Act.SELECT_MEMBER, parties_of(session, task_id))
    quotas = tuple(_block(one) for one in show_rosters(session, task_id, today(), visitor.actor))
    return Page("task_acts/members.html.j2", MembersPage(head, quotas, is_lead), _("名单"))


def _block(quota: QuotaSheet) -> QuotaBlock:
    places = _("名额 {places} 个").format(places=quota.places) if quota.places is not None else _("名额不限")
    lists = _("从{lists}中选").format(lists=_("、").join(quota.lists)) if quota.lists else ""
    confirmed = _("已确认 {count} 个").format(count=quota.confirmed)
    standing = [member for member in quota.members if member.state is not RosterState.WITHDRAWN]
    gone = tuple(member.name for member in quota.members if member.state is RosterState.WITHDRAWN)
    note = _("；").join(part for part in (places, confirmed, lists) if part)
    return QuotaBlock(quota.measure, note, quota.gaps, tuple(_line(member) for member in standing), gone)


def _line(member: MemberRow) -> MemberLine:
    day = member.confirmed_on or member.nominated_on
    note = _("；").join(part for part in (member.region or "", day_words(day), *member.evidence) if part)
    return MemberLine(member.name, roster_state_name(member.state), note)
