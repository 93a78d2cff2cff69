"""What the pages of coming in show: log-in, one's own account, the accounts of the house, the access log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.access import TokenScope
from models.account import AccountRole, AccountState
from rules.access_acts import AccessAct, access_act_word
from rules.access_policy import ADVISED, LONGEST, SHORTEST, AccessPolicy
from rules.rights import ADMINISTRATORS, Act, Actor, may, role_name, state_name
from rules.texts import _
from services.access.access_log import AccessRow
from services.access.invitations import OpenInvitation
from services.access.log_ins import LogInRow
from services.access.tokens import LONGEST_DAYS, TokenRow
from services.accounts import AccountRow
from web.words import moment_words

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LogInView:
    """The log-in: where it leads, and whether it comes between a form and its sending."""

    to: str
    is_lost: bool = False


@dataclass(frozen=True)
class PasswordView:
    """Setting a password. `why` says why now, where somebody was sent here; `rules` what a password must be."""

    rules: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class InvitationView:
    """The page behind an invitation's link; `account` None where it opens nothing any more."""

    path: str
    account: str = ""
    unit: str = ""
    until: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class InvitingView:
    """Which units would be invited; `can_send`: links can go out by mail, since the house says where its pages are."""

    below: str
    units: tuple[str, ...]
    words: str
    can_send: bool


@dataclass(frozen=True)
class FactorView:
    """The second factor. `secret` and `picture` (the path of a square code of `size` modules a side) are there while it is being set up."""

    is_set: bool
    is_needed: bool
    secret: str = ""
    spaced: str = ""
    picture: str = ""
    size: int = 0


@dataclass(frozen=True)
class LogInLine:
    """One of the visitor's open log-ins."""

    id: int
    place: str
    agent: str
    started: str
    seen: str
    is_this: bool


@dataclass(frozen=True)
class TokenLine:
    """One of the visitor's tokens."""

    id: int
    name: str
    scope: str
    made: str
    until: str
    seen: str


@dataclass(frozen=True)
class ProfileView:
    """Somebody's own account."""

    name: str
    role: str
    unit: str
    has_second_factor: bool
    log_ins: tuple[LogInLine, ...]
    tokens: tuple[TokenLine, ...]
    scopes: Choices
    longest_days: int
    may_invite: bool


@dataclass(frozen=True)
class ShownOnce:
    """What is shown this once: a password, a token or links, and how to go on."""

    words: str
    secrets: tuple[tuple[str, str], ...]
    after: str
    back: tuple[str, str]


@dataclass(frozen=True)
class AccountLine:
    """An account in the list."""

    id: int
    name: str
    role: str
    unit: str
    state: str
    tone: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class AccountsView:
    """The list: what was asked for, what is found, how many are left out."""

    rows: tuple[AccountLine, ...]
    words: str
    wanted: dict[str, str]
    roles: Choices
    states: Choices
    may_add: bool


@dataclass(frozen=True)
class AccountView:
    """One account and what the visitor may do with it; each `can_` is one form."""

    row: AccountLine
    role_key: str
    offices: Choices
    units: tuple[str, ...]
    needs_second_factor: bool
    can_lock: bool
    can_unlock: bool
    can_approve: bool
    can_give_password: bool
    can_invite: bool
    can_set_role: bool
    can_ask_factor: bool
    can_remove_factor: bool


@dataclass(frozen=True)
class NewAccountView:
    """The form of a new account."""

    roles: Choices
    units: tuple[str, ...]
    is_waiting: bool


@dataclass(frozen=True)
class LogLine:
    """An entry of the access log."""

    seq: int
    at: str
    act: str
    account: str
    address: str
    details: str


@dataclass(frozen=True)
class AccessLogView:
    """A page of the access log; `older` is the query of the next page, empty at the end."""

    rows: tuple[LogLine, ...]
    wanted: dict[str, str]
    acts: Choices
    older: str


def password_rules(policy: AccessPolicy) -> tuple[str, ...]:
    """Return what a password must be, as sentences."""
    rules = [
        _("{least} 到 {most} 个字符，建议 {advised} 个以上；可以是一句只有自己知道的话，可以用汉字和空格").format(
            least=SHORTEST, most=LONGEST, advised=ADVISED
        ),
        _("不用人人都会想到的口令，也不用账号、单位、本系统的名称变化而来"),
    ]
    if policy.classes:
        rules.append(_("包含小写字母、大写字母、数字、其他字符中的至少 {count} 类").format(count=policy.classes))
    if policy.password_days:
        rules.append(_("每 {days} 天换一次，不用最近 {count} 个用过的").format(days=policy.password_days, count=policy.remembered))
    return tuple(rules)


def invitation_view(path: str, invitation: OpenInvitation | None, policy: AccessPolicy) -> InvitationView:
    """Return the page of an invitation."""
    if invitation is None:
        return InvitationView(path)
    return InvitationView(path, invitation.account, invitation.unit or "", moment_words(invitation.expires_at), password_rules(policy))


def log_in_line(row: LogInRow, this: int) -> LogInLine:
    """Return a log-in as its holder reads it."""
    return LogInLine(row.id, row.address, row.agent, moment_words(row.started_at), moment_words(row.seen_at), row.id == this)


def token_line(row: TokenRow) -> TokenLine:
    """Return a token as its holder reads it."""
    seen = moment_words(row.seen_at) if row.seen_at else _("还没有用过")
    return TokenLine(row.id, row.name, scope_word(row.scope), moment_words(row.made_at), moment_words(row.expires_at), seen)


def scope_word(scope: TokenScope) -> str:
    """Return what a token may do."""
    return {TokenScope.READ: _("只能查看"), TokenScope.WRITE: _("可以办理")}[scope]


def scope_choices() -> Choices:
    """Return the scopes to choose from, the smaller first."""
    return tuple((scope.value, scope_word(scope)) for scope in TokenScope)


def longest_token_days() -> int:
    """Return how long a token may live."""
    return LONGEST_DAYS


def account_line(row: AccountRow) -> AccountLine:
    """Return an account as administrators read it."""
    notes = [] if row.has_password else [_("还没有设置口令")]
    if row.has_second_factor:
        notes.append(_("已启用动态码"))
    elif row.needs_second_factor:
        notes.append(_("要求启用动态码，尚未启用"))
    tone = {AccountState.ACTIVE: "green", AccountState.WAITING: "yellow", AccountState.LOCKED: "grey"}[row.state]
    return AccountLine(row.id, row.name, role_name(row.role), row.unit or "", state_name(row.state), tone, tuple(notes))


def account_view(row: AccountRow, actor: Actor, units: Sequence[str]) -> AccountView:
    """Return an account with what this administrator may do with it; the services decide again."""
    grants, manages, is_own = may(actor, Act.GRANT_RIGHTS), may(actor, Act.MANAGE_ACCOUNTS), row.id == actor.account_id
    is_administrator = row.role in ADMINISTRATORS
    return AccountView(
        row=account_line(row),
        role_key=row.role.value,
        offices=tuple((role.value, role_name(role)) for role in (AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR, AccountRole.UNIT)),
        units=tuple(units),
        needs_second_factor=row.needs_second_factor,
        can_lock=row.state is not AccountState.LOCKED and not is_own,
        can_unlock=row.state is AccountState.LOCKED and not is_own,
        can_approve=grants and row.state is AccountState.WAITING and not is_own,
        can_give_password=(grants if is_administrator else manages) and not is_own,
        can_invite=manages and not is_administrator and row.state is not AccountState.LOCKED,
        can_set_role=grants and not is_administrator,
        can_ask_factor=grants,
        can_remove_factor=grants and row.has_second_factor and not is_own,
    )


def role_choices(roles: Sequence[AccountRole], all_word: str = "") -> Choices:
    """Return roles to choose from, behind a word for all of them where it is given."""
    chosen = tuple((role.value, role_name(role)) for role in roles)
    return (("", all_word), *chosen) if all_word else chosen


def state_choices() -> Choices:
    """Return states to choose from."""
    return (("", _("全部状态")), *((state.value, state_name(state)) for state in AccountState))


def act_choices() -> Choices:
    """Return the access log's acts to choose from."""
    return (("", _("全部事项")), *((act.value, access_act_word(act)) for act in AccessAct))


def log_line(row: AccessRow) -> LogLine:
    """Return an entry as the audit administrator reads it."""
    return LogLine(row.seq, moment_words(row.at), row.words, row.account, row.address, row.detail_words)


def picture_of(matrix: Any) -> tuple[str, int]:
    """Return a square code as the path of its dark modules, with a border of four, and how many modules a side has."""
    rows = [list(row) for row in matrix]
    dark = "".join(f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell)
    return dark, len(rows) + 8
