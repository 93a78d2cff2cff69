"""What the pages of coming in show: the log-in, an invitation, one's own account."""

from dataclasses import dataclass
from typing import Any

from models.access import TokenScope
from rules.access_policy import ADVISED, LONGEST, SHORTEST, AccessPolicy
from rules.texts import _
from services.access.invitations import OpenInvitation
from services.access.log_ins import LogInRow
from services.access.tokens import LONGEST_DAYS, TokenRow
from web.words import moment_words

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LogInView:
    """The log-in: where it leads; whether it comes between a form and its sending, or after a password was set by invitation."""

    to: str
    is_lost: bool = False
    is_fresh: bool = False


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
    is_administrator: bool


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
    """One of the visitor's open log-ins. `end_words` say to a screen reader which one the button ends."""

    id: int
    place: str
    agent: str
    started: str
    seen: str
    is_this: bool
    end_words: str


@dataclass(frozen=True)
class TokenLine:
    """One of the visitor's tokens. `end_words` say to a screen reader which one the button ends."""

    id: int
    name: str
    scope: str
    made: str
    until: str
    seen: str
    end_words: str


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


def browser_words(agent: str) -> str:
    """Return which browser on which system this says to be, in two words; one that is not known is called so."""
    browsers = (("MicroMessenger", _("微信")), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((word for sign, word in browsers if sign in agent), _("其他浏览器"))
    system = next((word for sign, word in systems if sign in agent), "")
    return f"{browser} · {system}" if system else browser


def log_in_line(row: LogInRow, this: int) -> LogInLine:
    """Return a log-in as its holder reads it."""
    started = moment_words(row.started_at)
    end_words = _("退出 {started} 的登录").format(started=started)
    return LogInLine(row.id, row.address, browser_words(row.agent), started, moment_words(row.seen_at), row.id == this, end_words)


def token_line(row: TokenRow) -> TokenLine:
    """Return a token as its holder reads it."""
    seen = moment_words(row.seen_at) if row.seen_at else _("还没有用过")
    end_words = _("停用令牌“{name}”").format(name=row.name)
    return TokenLine(row.id, row.name, scope_word(row.scope), moment_words(row.made_at), moment_words(row.expires_at), seen, end_words)


def scope_word(scope: TokenScope) -> str:
    """Return what a token may do."""
    return {TokenScope.READ: _("只能查看"), TokenScope.WRITE: _("可以办理")}[scope]


def scope_choices() -> Choices:
    """Return the scopes to choose from, the smaller first."""
    return tuple((scope.value, scope_word(scope)) for scope in TokenScope)


def longest_token_days() -> int:
    """Return how long a token may live."""
    return LONGEST_DAYS


def picture_of(matrix: Any) -> tuple[str, int]:
    """Return a square code as the path of its dark modules, with a border of four, and how many modules a side has."""
    rows = [list(row) for row in matrix]
    dark = "".join(f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell)
    return dark, len(rows) + 8
