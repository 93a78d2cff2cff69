"""One's own account: `/profile`, `/password`, `/second-factor`, one's log-ins and tokens."""

import re

import segno
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.access import TokenScope
from rules.errors import DubanError
from rules.rights import RIGHTS, Act, role_name
from rules.texts import _
from runtime.clock import now
from runtime.database import transaction
from services.access.entering import admit_own_proof
from services.access.lock_outs import mark_success
from services.access.log_ins import FirstOf, end_own_log_in, list_own_log_ins, mark_second_factor
from services.access.passwords import OwnPassword, change_own_password, refuse_wrong_password
from services.access.second_factors import new_factor_secret, provisioning_uri, remove_own_second_factor, set_up_second_factor
from services.access.tokens import NewToken, end_token, list_tokens, make_token
from services.accounts import has_second_factor
from services.occasion import Occasion
from web.access_view import (
    FactorView,
    PasswordView,
    ProfileView,
    ShownOnce,
    log_in_line,
    longest_token_days,
    password_rules,
    picture_of,
    scope_choices,
    token_line,
)
from web.acting import Deed, act, refused
from web.forms import Sent, SentForm
from web.rendering import Page, show
from web.secret_acts import act_in_secret
from web.visiting import Visiting, Visitor, client_address, reading

router = APIRouter()
_FACTOR_SECRET = re.compile(r"[A-Z2-7]{32}")


@router.get("/profile", response_class=HTMLResponse)
def profile(request: Request, visitor: Visiting) -> Response:
    """Show one's own account."""
    with reading(visitor) as session:
        return show(request, visitor, _profile_page(session, visitor))


@router.post("/profile/log-ins/{log_in_id:int}/end")
def end_log_in(request: Request, visitor: Visiting, sent: Sent, log_in_id: int) -> Response:
    """End another of one's own log-ins."""

    def do(session: Session, occasion: Occasion) -> None:
        end_own_log_in(session, log_in_id, visitor.actor, occasion.at)

    return act(request, visitor, sent, Deed(do, "/profile", _("那个登录已经退出。"), lambda session: _profile_page(session, visitor)))


@router.post("/profile/tokens", response_class=HTMLResponse)
def new_token(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Make a token, with the password, and show it this once."""

    def again(session: Session) -> Page:
        return _profile_page(session, visitor)

    proof = _admitted(request, visitor)
    if isinstance(proof, DubanError):
        return refused(request, visitor, sent, again, proof)

    def do(session: Session, occasion: Occasion) -> ShownOnce:
        refuse_wrong_password(session, visitor.account_id, sent.raw("password"))
        scope = TokenScope.WRITE if sent.text("scope") == TokenScope.WRITE.value else TokenScope.READ
        wanted = NewToken(sent.text("name"), scope, int(sent.number("days") or 0), client_address(request))
        secret = make_token(session, visitor.actor, wanted, occasion.at)
        mark_success(session, proof)
        after = _("程序在每个请求的 Authorization 中写 Bearer 和这个令牌。令牌等于您的账号，请勿发给他人；泄露了，回到上一页停用。")
        return ShownOnce(_("接口令牌只显示这一次："), ((wanted.name, secret),), after, ("/profile", _("记好了，返回")))

    return act_in_secret(request, visitor, sent, do, again)


@router.post("/profile/tokens/{token_id:int}/end")
def drop_token(request: Request, visitor: Visiting, sent: Sent, token_id: int) -> Response:
    """End one of one's own tokens."""

    def do(session: Session, occasion: Occasion) -> None:
        end_token(session, token_id, visitor.actor, client_address(request), occasion.at)

    return act(request, visitor, sent, Deed(do, "/profile", _("令牌已停用。"), lambda session: _profile_page(session, visitor)))


@router.get("/password", response_class=HTMLResponse)
def ask_password(request: Request, visitor: Visiting) -> Response:
    """Ask for the old password and a new one."""
    return show(request, visitor, _password_page(visitor))


@router.post("/password")
def set_password(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Set one's own password; all other log-ins end."""

    def again(_session: Session) -> Page:
        return _password_page(visitor)

    proof = _admitted(request, visitor)
    if isinstance(proof, DubanError):
        return refused(request, visitor, sent, again, proof)

    def do(session: Session, occasion: Occasion) -> None:
        refuse_unequal(sent)
        typed = OwnPassword(visitor.account_id, sent.raw("password"), sent.raw("password_new"), client_address(request), visitor.log_in_id)
        change_own_password(session, typed, visitor.context.policy, occasion)
        mark_success(session, proof)

    return act(request, visitor, sent, Deed(do, "/", _("口令已换好，其他地方的登录都已退出。"), again))


def _admitted(request: Request, visitor: Visitor) -> int | DubanError:
    """Count that a password is tried in an open log-in: whoever finds a browser left open must not guess on."""
    with transaction(visitor.context.engine) as session:
        return admit_own_proof(session, visitor.actor, client_address(request), visitor.context.policy, now())


def refuse_unequal(sent: SentForm) -> None:
    """Refuse a new password that was not typed twice alike. Codes: password-unequal."""
    if sent.raw("password_new") != sent.raw("password_again"):
        raise DubanError("password-unequal", _("两次输入的新口令不一样，请重新输入"))


@router.get("/second-factor", response_class=HTMLResponse)
def ask_factor(request: Request, visitor: Visiting) -> Response:
    """Show the second factor, or a new secret to set it up with."""
    with reading(visitor) as session:
        return show(request, visitor, _factor_page(session, visitor, new_factor_secret()))


@router.post("/second-factor")
def set_factor(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Set the second factor up, with the password and a code made from the secret that was shown."""
    shown = sent.text("code_secret")
    secret = shown if _FACTOR_SECRET.fullmatch(shown) else new_factor_secret()

    def again(session: Session) -> Page:
        return _factor_page(session, visitor, secret)

    proof = _admitted(request, visitor)
    if isinstance(proof, DubanError):
        return refused(request, visitor, sent, again, proof)

    def do(session: Session, occasion: Occasion) -> None:
        refuse_wrong_password(session, visitor.account_id, sent.raw("password"))
        set_up_second_factor(session, visitor.account_id, (secret, sent.text("code")), client_address(request), occasion)
        mark_second_factor(session, visitor.log_in_id)
        mark_success(session, proof)

    return act(request, visitor, sent, Deed(do, "/", _("动态码已启用，今后登录时要填。"), again))


@router.post("/second-factor/remove")
def drop_factor(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Take one's own second factor away, with password and code."""

    def again(session: Session) -> Page:
        return _factor_page(session, visitor, new_factor_secret())

    admitted = _admitted(request, visitor)
    if isinstance(admitted, DubanError):
        return refused(request, visitor, sent, again, admitted)

    def do(session: Session, occasion: Occasion) -> None:
        proof = (sent.raw("password"), sent.text("code"))
        remove_own_second_factor(session, visitor.account_id, proof, client_address(request), occasion)
        mark_success(session, admitted)

    return act(request, visitor, sent, Deed(do, "/second-factor", _("动态码已停用。"), again))


def _profile_page(session: Session, visitor: Visitor) -> Page:
    at = now()
    rows = list_own_log_ins(session, visitor.account_id, at, visitor.context.policy)
    view = ProfileView(
        name=visitor.name,
        role=role_name(visitor.role),
        unit=visitor.unit or "",
        has_second_factor=has_second_factor(session, visitor.account_id),
        log_ins=tuple(log_in_line(row, visitor.log_in_id) for row in rows),
        tokens=tuple(token_line(row) for row in list_tokens(session, visitor.account_id, at)),
        scopes=scope_choices(),
        longest_days=longest_token_days(),
        may_invite=visitor.role in RIGHTS[Act.INVITE],
    )
    return Page("access/profile.html.j2", view, _("本人账号"))


def _password_page(visitor: Visitor) -> Page:
    is_asked = visitor.log_in.first is FirstOf.PASSWORD
    why = _("您现在用的是一次性口令，或者口令已到期。请先设置自己的口令，再办理其他事项。") if is_asked else ""
    return Page("access/password.html.j2", PasswordView(password_rules(visitor.context.policy), why), _("设置口令"))


def _factor_page(session: Session, visitor: Visitor, secret: str) -> Page:
    is_needed = visitor.log_in.first is FirstOf.SECOND_FACTOR
    if has_second_factor(session, visitor.account_id):
        return Page("access/second_factor.html.j2", FactorView(is_set=True, is_needed=is_needed), _("动态码"))
    uri = provisioning_uri(secret, visitor.name)
    picture, size = picture_of(segno.make(uri, micro=False).matrix)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    view = FactorView(is_set=False, is_needed=is_needed, secret=secret, spaced=spaced, picture=picture, size=size)
    return Page("access/second_factor.html.j2", view, _("动态码"))
