"""`/accounts`: the house's accounts, for the administrators who keep them and for those who say what they may do."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session, select

from models.account import Account, AccountRole, AccountState
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.access.account_changes import (
    approve_account,
    give_password,
    lock_account,
    remove_second_factor,
    require_second_factor,
    set_role,
    unlock_account,
)
from services.access.invitations import LIVES_DAYS, invite
from services.accounts import AccountFilter, NewAccount, account_page, account_with_id, add_account
from services.keyset import PageAsk
from services.occasion import Occasion
from web.access_view import ShownOnce
from web.account_view import AccountsView, NewAccountView, account_line, account_view, role_choices, state_choices
from web.acting import Deed, act
from web.asked import After
from web.forms import Sent, SentForm
from web.rendering import Page, show, url
from web.secret_acts import act_in_secret
from web.visiting import Visiting, Visitor, reading

router = APIRouter()
_ROLES = tuple(role for role in AccountRole if role is not AccountRole.SYSTEM)
Changed = Literal["lock", "unlock", "approve", "role", "second-factor", "remove-second-factor"]


class Asked(BaseModel):
    """Which accounts are asked for."""

    q: str = Field(default="", max_length=60)
    role: str = Field(default="", max_length=60)
    state: str = Field(default="", max_length=60)
    after: After = None


@router.get("/accounts", response_class=HTMLResponse)
def accounts(request: Request, visitor: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """List accounts, by words, role and state, a page at a time."""
    wanted = {"q": asked.q, "role": asked.role, "state": asked.state}
    role = AccountRole(asked.role) if asked.role in set(_ROLES) else None
    state = AccountState(asked.state) if asked.state in set(AccountState) else None
    with reading(visitor) as session:
        page = account_page(session, AccountFilter(asked.q, role, state), PageAsk(asked.after, is_rising=True), visitor.actor)
    view = AccountsView(
        rows=tuple(account_line(row) for row in page.rows),
        wanted=wanted,
        roles=role_choices(_ROLES, _("全部角色")),
        states=state_choices(),
        may_add=visitor.may(Act.MANAGE_ACCOUNTS),
        more=url("/accounts", **wanted, after=page.next) if page.next else "",
    )
    return show(request, visitor, Page("access/accounts.html.j2", view, _("账号")))


@router.get("/accounts/new", response_class=HTMLResponse)
def ask_new(request: Request, visitor: Visiting) -> Response:
    """Ask what a new account is to be."""
    with reading(visitor) as session:
        return show(request, visitor, _new_page(session, visitor))


@router.post("/accounts", response_class=HTMLResponse)
def make_new(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Make an account and show its one-time password."""

    def do(session: Session, occasion: Occasion) -> ShownOnce:
        wanted = NewAccount(sent.text("name"), _role(sent), sent.text("unit") or None)
        shown = _given(wanted.name, add_account(session, wanted, visitor.context.policy, occasion), "/accounts")
        state = session.exec(select(Account.state).where(Account.name == wanted.name)).one()
        waits = _("账号还须经安全管理员批准才能登录。") if state is AccountState.WAITING else ""
        return replace(shown, after=shown.after + waits)

    return act_in_secret(request, visitor, sent, do, lambda session: _new_page(session, visitor))


@router.get("/accounts/{account_id:int}", response_class=HTMLResponse)
def account(request: Request, visitor: Visiting, account_id: int) -> Response:
    """Show one account with what may be done with it."""
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor, account_id))


@router.post("/accounts/{account_id:int}/password", response_class=HTMLResponse)
def new_password(request: Request, visitor: Visiting, sent: Sent, account_id: int) -> Response:
    """Give a one-time password and show it."""

    def do(session: Session, occasion: Occasion) -> ShownOnce:
        name = account_with_id(session, account_id, visitor.actor).name
        return _given(name, give_password(session, name, occasion), f"/accounts/{account_id}")

    return act_in_secret(request, visitor, sent, do, lambda session: _page(session, visitor, account_id))


@router.post("/accounts/{account_id:int}/invitation", response_class=HTMLResponse)
def new_invitation(request: Request, visitor: Visiting, sent: Sent, account_id: int) -> Response:
    """Make an invitation and show its link."""

    def do(session: Session, occasion: Occasion) -> ShownOnce:
        name = account_with_id(session, account_id, visitor.actor).name
        secret = invite(session, name, occasion)
        after = _("{days} 天内有效，用一次即作废；再发一个，前一个随即作废。请只发给本人。").format(days=LIVES_DAYS)
        back = (f"/accounts/{account_id}", _("记好了，返回"))
        return ShownOnce(_("邀请链接只显示这一次："), ((name, link_of(request, visitor, secret)),), after, back)

    return act_in_secret(request, visitor, sent, do, lambda session: _page(session, visitor, account_id))


def link_of(request: Request, visitor: Visitor, secret: str) -> str:
    """Return the address of an invitation as others reach it: by the house's public address, else by the one this page was asked at."""
    base = visitor.settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/invitations/{secret}"


@router.post("/accounts/{account_id:int}/{deed}")
def change(request: Request, visitor: Visiting, sent: Sent, account_id: int, deed: Changed) -> Response:
    """Lock, unlock, approve, give another role, ask a second factor or take one away."""
    said = {
        "lock": _("账号已停用，已登录的随即退出。"),
        "unlock": _("账号已恢复使用。"),
        "approve": _("账号已批准。"),
        "role": _("角色已改，已登录的随即退出。"),
        "second-factor": _("对动态码的要求已改。"),
        "remove-second-factor": _("动态码已停用，本人可以重新启用。"),
    }

    def do(session: Session, occasion: Occasion) -> None:
        name = account_with_id(session, account_id, visitor.actor).name
        if deed == "role":
            set_role(session, name, _role(sent), sent.text("unit") or None, occasion)
        elif deed == "second-factor":
            require_second_factor(session, name, sent.flag("wanted"), occasion)
        else:
            acts = {
                "lock": lock_account,
                "unlock": unlock_account,
                "approve": approve_account,
                "remove-second-factor": remove_second_factor,
            }
            acts[deed](session, name, occasion)

    return act(request, visitor, sent, Deed(do, f"/accounts/{account_id}", said[deed], lambda session: _page(session, visitor, account_id)))


def _role(sent: SentForm) -> AccountRole:
    written = sent.text("role")
    if written not in set(AccountRole):
        raise DubanError("bad-role", _("请选择角色"))
    return AccountRole(written)


def _given(name: str, password: str, back: str) -> ShownOnce:
    after = _("请当面或用可靠的方式交给本人；首次登录后须换成自己的口令，7 天内不用即失效。")
    return ShownOnce(_("一次性口令只显示这一次："), ((name, password),), after, (back, _("记好了，返回")))


def _page(session: Session, visitor: Visitor, account_id: int) -> Page:
    row = account_with_id(session, account_id, visitor.actor)
    return Page("access/account.html.j2", account_view(row, visitor.actor, _unit_names(session)), row.name)


def _new_page(session: Session, visitor: Visitor) -> Page:
    refuse_without_right(visitor.actor, Act.MANAGE_ACCOUNTS)
    waits = visitor.context.policy.new_accounts_wait
    return Page("access/new_account.html.j2", NewAccountView(role_choices(_ROLES), _unit_names(session), waits), _("新建账号"))


def _unit_names(session: Session) -> tuple[str, ...]:
    named = select(Unit.name).where(Unit.is_open == False, Unit.successor_id == None)  # noqa: E711, E712  (SQL)
    return tuple(session.exec(named.order_by(Unit.name)))
