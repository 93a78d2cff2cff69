"""`/invitations`: accounts and links for units that have none. `/invitations/{secret}`: the page behind such a link, where somebody sets his password."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from rules.errors import DubanError
from rules.rights import ADMINISTRATORS, Act, refuse_without_right
from rules.texts import _
from runtime.channels import routes_of
from runtime.clock import now
from runtime.context import Context
from runtime.database import reading as plain_reading
from runtime.database import transaction
from services.access.invitations import LIVES_DAYS, Invited, find_invitation, invite_units, units_to_invite, use_invitation
from services.access.sending_invitations import InvitationPost, SentInvitations, send_invitations
from services.occasion import Occasion
from web.access_view import InvitationView, InvitingView, ShownOnce, invitation_view
from web.forms import OpenForm, Sent
from web.pages.own_account import refuse_unequal
from web.refusals import refusal_of, status_of
from web.rendering import Page, show
from web.secret_acts import act_in_secret
from web.visiting import Visiting, Visitor, client_address, reading

router = APIRouter()


@router.get("/invitations", response_class=HTMLResponse)
def ask(request: Request, visitor: Visiting, below: Annotated[str, Query(max_length=120)] = "") -> Response:
    """Show which units have no account yet, and would get one with a link."""
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor, below))


@router.post("/invitations", response_class=HTMLResponse)
def invite(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Make the accounts and show their links once; where it was asked for, the links go to the units' contacts by mail."""
    below = sent.text("below")

    def do(session: Session, occasion: Occasion) -> ShownOnce:
        post = InvitationPost(routes_of(visitor.settings), visitor.settings.public_url, visitor.settings.office)
        made = invite_units(session, below or None, visitor.context.policy, occasion)
        if not made:
            raise DubanError("nobody-to-invite", _("要邀请的单位都已有账号"))
        gone = send_invitations(session, made, post, occasion) if sent.flag("send") else None
        return _shown(request, visitor, made, gone)

    return act_in_secret(request, visitor, sent, do, lambda session: _page(session, visitor, below))


@router.get("/invitations/{secret}", response_class=HTMLResponse)
def open_link(request: Request, secret: str) -> Response:
    """Show whose password is set here. A link that was used, ended or never was is told alike."""
    return _quiet(_link_page(request, secret, None))


@router.post("/invitations/{secret}", response_class=HTMLResponse)
def set_password(request: Request, sent: OpenForm, secret: str) -> Response:
    """Set the password, and go on to the log-in."""
    context: Context = request.app.state.context
    try:
        refuse_unequal(sent)
        with transaction(context.engine) as session:
            use_invitation(session, (secret, sent.raw("password_new")), client_address(request), context.policy, now())
    except DubanError as error:
        return _quiet(_link_page(request, secret, error))
    return _quiet(RedirectResponse("/log-in?fresh=true", 303))


def _link_page(request: Request, secret: str, error: DubanError | None) -> Response:
    context: Context = request.app.state.context
    with plain_reading(context.engine) as session:
        invitation = find_invitation(session, secret, now())
    view: InvitationView = invitation_view(request.url.path, invitation, context.policy)
    status = 404 if invitation is None else status_of(error) if error else 200
    refusal = refusal_of(error) if error and invitation else None
    return show(request, None, Page("access/invitation.html.j2", view, _("设置口令"), status, refusal=refusal))


def _quiet(answer: Response) -> Response:
    # The address holds the secret: no other page is told where its reader came from.
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _page(session: Session, visitor: Visitor, below: str) -> Page:
    if visitor.actor.unit_id is None:
        refuse_without_right(visitor.actor, Act.INVITE)
    upper = below or (visitor.unit if visitor.actor.unit_id else "") or ""
    units = [unit.name for unit in units_to_invite(session, upper or None, visitor.actor)]
    words = _("{count} 个单位还没有账号").format(count=len(units)) if units else _("要邀请的单位都已有账号")
    return Page(
        "access/invitations.html.j2",
        InvitingView(upper, tuple(units), words, visitor.settings.public_url is not None, visitor.role in ADMINISTRATORS),
        _("邀请单位"),
    )


def _one_name(one: Invited) -> str:
    """Name the unit, and the account where it is called otherwise."""
    return one.unit if one.unit == one.account else _("{unit}（账号 {account}）").format(unit=one.unit, account=one.account)


def _shown(request: Request, visitor: Visitor, made: Sequence[Invited], gone: SentInvitations | None) -> ShownOnce:
    base = (visitor.settings.public_url or str(request.base_url)).rstrip("/")
    links = tuple((_one_name(one), f"{base}/invitations/{one.secret}") for one in made)
    after = _("{days} 天内有效，用一次即作废。").format(days=LIVES_DAYS)
    if visitor.context.policy.new_accounts_wait:
        after += _("账号还须经安全管理员批准才能登录。")
    if gone is not None:
        after += _("{count} 封邮件已放入发件箱，稍后送出。").format(count=gone.messages)
        after += "".join(_("{unit}：{why}。").format(unit=unit, why=why) for unit, why in gone.unreached)
    return ShownOnce(
        _("已为 {count} 个单位建立账号，链接只显示这一次：").format(count=len(made)), links, after, ("/invitations", _("记好了，返回"))
    )
