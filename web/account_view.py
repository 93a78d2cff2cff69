"""What the administrators' pages show: the accounts of the house, and the access log."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.account import AccountRole, AccountState
from rules.access_acts import AccessAct, access_act_word
from rules.rights import ADMINISTRATORS, Act, Actor, may, role_name, state_name
from rules.texts import _
from services.access.access_log import AccessRow
from services.accounts import AccountRow
from web.words import moment_words

Choices = tuple[tuple[str, str], ...]


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
    """The list: what was asked for, a page of what is found, the address of the next."""

    rows: tuple[AccountLine, ...]
    wanted: dict[str, str]
    roles: Choices
    states: Choices
    may_add: bool
    more: str


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
    return (("", _("全部行为")), *((act.value, access_act_word(act)) for act in AccessAct))


def log_line(row: AccessRow) -> LogLine:
    """Return an entry as the audit administrator reads it."""
    return LogLine(row.seq, moment_words(row.at), row.words, row.account, row.address, row.detail_words)
