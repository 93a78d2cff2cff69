"""What becomes of accounts: powers stay apart, changes log out, passwords and invitations and tokens open only what they should."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from models.access import TokenScope
from models.account import Account, AccountRole, AccountState
from models.ledger import LedgerEntry
from models.unit import Unit
from rules.errors import DubanError
from services.access.access_log import EVERYTHING, LogFilter, export_access_log, read_access_log
from services.access.account_changes import (
    approve_account,
    give_password,
    lock_account,
    remove_second_factor,
    require_second_factor,
    set_role,
    unlock_account,
)
from services.access.entering import Begun
from services.access.invitations import find_invitation, invite, invite_units, use_invitation
from services.access.log_ins import FirstOf, find_log_in
from services.access.passwords import OwnPassword, change_own_password
from services.access.tokens import NewToken, end_token, find_token, list_tokens, make_token, note_token_seen
from services.accounts import NewAccount, add_account, list_accounts
from services.actors import actor_named
from tests.builders import FINANCE, SCIENCE, keep
from tests.databases import on_one_kind
from tests.services.access_fixtures import ASVS, DENGBAO, HOME, NOW, PASSWORD, Typed, administrator, household, later, log_in, on_access
from tests.services.tree_fixtures import NORTH, lower_units

pytestmark = pytest.mark.usefixtures("kept_whole")

NEW = "另一句谁也猜不到的话"


def refused(code, act, *given, **more):
    with pytest.raises(DubanError) as caught:
        act(*given, **more)
    assert caught.value.code == code


def account(session, name):
    return session.exec(select(Account).where(Account.name == name)).one()


@pytest.fixture
def security(session):
    team = household(session)
    return team, administrator(session, "guard", AccountRole.SECURITY_ADMINISTRATOR)


def test_an_account_lives_through_its_changes(session, security):
    team, guard = security
    begun = log_in(session)
    token = make_token(session, team.science, NewToken("报表程序", TokenScope.READ, 30), NOW)
    set_role(session, "science", AccountRole.UNIT, FINANCE, on_access(guard))
    assert find_log_in(session, begun.secret, NOW, ASVS) is None
    assert find_token(session, token, NOW) is None
    lock_account(session, "science", on_access(team.administrator))
    refused("account-locked", actor_named, session, "science")
    unlock_account(session, "science", on_access(guard))
    require_second_factor(session, "science", True, on_access(guard))
    given = give_password(session, "science", on_access(team.administrator))
    begun = log_in(session, Typed(password=given))
    assert find_log_in(session, begun.secret, NOW, ASVS).first is FirstOf.PASSWORD
    typed = OwnPassword(team.science.account_id, given, NEW, HOME, begun.log_in_id)
    change_own_password(session, typed, ASVS, on_access(team.science))
    assert find_log_in(session, begun.secret, NOW, ASVS).first is FirstOf.SECOND_FACTOR
    row = next(row for row in list_accounts(session) if row.name == "science")
    assert (row.unit, row.state, row.needs_second_factor, row.has_second_factor) == (FINANCE, AccountState.ACTIVE, True, False)


@on_one_kind
@pytest.mark.parametrize(
    ("code", "act", "who", "given"),
    [
        ("no-right", set_role, "administrator", ("science", AccountRole.SUPERVISOR, None)),
        ("own-account", set_role, "guard", ("guard", AccountRole.SUPERVISOR, None)),
        ("role-apart", set_role, "guard", ("admin", AccountRole.SUPERVISOR, None)),
        ("role-apart", set_role, "guard", ("office", AccountRole.AUDIT_ADMINISTRATOR, None)),
        ("role-apart", set_role, "guard", ("office", AccountRole.SYSTEM, None)),
        ("unit-needed", set_role, "guard", ("office", AccountRole.UNIT, None)),
        ("unknown-account", set_role, "guard", ("nobody", AccountRole.SUPERVISOR, None)),
        ("last-administrator", lock_account, "guard", ("admin",)),
        ("last-administrator", lock_account, "administrator", ("guard",)),
        ("no-right", lock_account, "office", ("science",)),
        ("not-locked", unlock_account, "guard", ("science",)),
        ("own-account", unlock_account, "guard", ("guard",)),
        ("not-waiting", approve_account, "guard", ("science",)),
        ("no-right", approve_account, "administrator", ("science",)),
        ("no-right", give_password, "administrator", ("guard",)),
        ("no-right", give_password, "guard", ("science",)),
        ("no-right", give_password, "office", ("science",)),
        ("no-second-factor", remove_second_factor, "guard", ("science",)),
        ("no-right", remove_second_factor, "administrator", ("science",)),
        ("no-right", require_second_factor, "administrator", ("science", True)),
        ("unknown-account", invite, "office", ("supervisor",)),
        ("unknown-account", invite, "administrator", ("guard",)),
        ("no-right", invite, "supervisor", ("science",)),
        ("not-your-area", invite, "bound", ("science",)),
        ("not-your-area", invite, "bound", ("nobody",)),
        ("not-your-area", invite_units, "bound", (None, ASVS)),
        ("not-your-area", invite_units, "bound", (FINANCE, ASVS)),
    ],
)
def test_powers_stay_apart(session, security, code, act, who, given):
    team, guard = security
    session.add(Account(name="bound", role=AccountRole.PLAN_OFFICE, unit_id=team.science.unit_id, created_at=NOW))
    keep(session)
    actor = {"guard": guard, "bound": actor_named(session, "bound")}.get(who) or getattr(team, who)
    if act is invite and given == ("science",) and who == "bound":
        given = ("finance",)
    refused(code, act, session, *given, on_access(actor))


@on_one_kind
@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("bad-role", NewAccount("程序", AccountRole.SYSTEM)),
        ("account-exists", NewAccount("science", AccountRole.SUPERVISOR)),
        ("unit-needed", NewAccount("新", AccountRole.UNIT)),
        ("unit-needed", NewAccount("新", AccountRole.AUDIT_ADMINISTRATOR, SCIENCE)),
        ("unknown-unit", NewAccount("新", AccountRole.UNIT, "没有的局")),
        ("bad-account-name", NewAccount("", AccountRole.SUPERVISOR)),
        ("bad-account-name", NewAccount("-", AccountRole.SUPERVISOR)),
        ("bad-account-name", NewAccount("两行\n日志", AccountRole.SUPERVISOR)),
        ("bad-account-name", NewAccount("长" * 61, AccountRole.SUPERVISOR)),
    ],
)
def test_an_account_that_cannot_be_made_is_refused(session, code, wanted):
    refused(code, add_account, session, wanted, ASVS, on_access(household(session).administrator))


def test_who_waits_for_approval(session):
    team = household(session)

    def made(name, role, policy):
        add_account(session, NewAccount(name, role), policy, on_access(team.administrator))
        return account(session, name).state

    assert made("安全员", AccountRole.SECURITY_ADMINISTRATOR, DENGBAO) is AccountState.ACTIVE
    assert made("审计员", AccountRole.AUDIT_ADMINISTRATOR, ASVS) is AccountState.WAITING
    assert made("督查员", AccountRole.SUPERVISOR, ASVS) is AccountState.ACTIVE
    assert made("办事员", AccountRole.SUPERVISOR, DENGBAO) is AccountState.WAITING
    refused("account-waiting", actor_named, session, "办事员")
    approve_account(session, "办事员", on_access(actor_named(session, "安全员")))
    assert actor_named(session, "办事员").role is AccountRole.SUPERVISOR


@on_one_kind
@pytest.mark.parametrize(
    ("code", "new", "policy"),
    [
        ("password-short", "abc4567", ASVS),
        ("password-long", "长" * 129, ASVS),
        ("password-common", "password1", ASVS),
        ("password-common", "aaaabbbbaaaa", ASVS),
        ("password-of-names", "science2026", ASVS),
        ("password-of-names", "省科技厅12345", ASVS),
        ("password-of-names", "Duban-2026!", ASVS),
        ("password-plain", "lowercaseonly77", DENGBAO),
        ("password-same", PASSWORD, ASVS),
        ("password-used", "Earlier-One-1", DENGBAO),
        ("wrong-password", NEW, ASVS),
    ],
)
def test_a_password_that_is_not_taken(session, code, new, policy):
    team = household(session)
    old = PASSWORD
    if code == "password-used":
        for following in ("Earlier-One-1", "Earlier-Two-2"):
            change_own_password(session, OwnPassword(team.science.account_id, old, following), policy, on_access(team.science))
            old = following
    typed = OwnPassword(team.science.account_id, "不对" if code == "wrong-password" else old, new)
    refused(code, change_own_password, session, typed, policy, on_access(team.science))
    assert isinstance(log_in(session, Typed(password=old), policy=policy), Begun)


@on_one_kind
def test_a_password_of_long_ago_is_taken_again(session):
    team = household(session)
    passwords = [PASSWORD, *(f"Number-{number}-of-Six" for number in range(6)), "Number-0-of-Six"]
    for old, new in pairwise(passwords):
        change_own_password(session, OwnPassword(team.science.account_id, old, new), DENGBAO, on_access(team.science))


def test_changing_ones_password_ends_the_other_log_ins_only(session):
    team = household(session)
    here, there = log_in(session), log_in(session)
    change_own_password(session, OwnPassword(team.science.account_id, PASSWORD, NEW, HOME, here.log_in_id), ASVS, on_access(team.science))
    assert find_log_in(session, here.secret, NOW, ASVS)
    assert find_log_in(session, there.secret, NOW, ASVS) is None


def test_an_invitation_opens_once_and_a_new_one_ends_the_old(session):
    team = household(session)
    old = invite(session, "science", on_access(team.office))
    secret = invite(session, "science", on_access(team.administrator))
    assert find_invitation(session, old, NOW) is None
    assert find_invitation(session, secret, later(7 * 24 * 60)) is None
    refused("password-short", use_invitation, session, (secret, "短"), HOME, ASVS, NOW)
    begun = log_in(session)
    assert use_invitation(session, (secret, NEW), HOME, ASVS, later(1)) == "science"
    assert find_log_in(session, begun.secret, later(1), ASVS) is None
    refused("unknown-invitation", use_invitation, session, (secret, NEW), HOME, ASVS, later(2))
    assert isinstance(log_in(session, Typed(password=NEW), later(3)), Begun)
    told = [entry.act for entry in read_access_log(session, LogFilter(account="science"), None, 9, None)]
    assert told == ["log-in", "use-invitation", "log-in"]


def test_units_without_an_account_are_invited_at_once(session):
    team = household(session)
    lower_units(session)
    units = [Unit(name=name, parent_id=team.science.unit_id) for name in ("甲处", "乙处", "science")]
    keep(session, *units)
    keep(session, Unit(name="丙科", parent_id=units[0].id), Unit(name="有关县", parent_id=units[0].id, is_open=True))
    bound = Account(name="bound", role=AccountRole.PLAN_OFFICE, unit_id=units[0].id, created_at=NOW)
    keep(session, bound)
    seen = []
    made = invite_units(session, "甲处", DENGBAO, on_access(actor_named(session, "bound")), lambda found: seen.append(len(found)) or found)
    assert ([one.account for one in made], seen) == (["丙科"], [1])
    assert account(session, "丙科").state is AccountState.WAITING
    names = [one.account for one in invite_units(session, None, ASVS, on_access(team.office))]
    assert {"甲处", "乙处", "science-2"} <= set(names)
    assert NORTH not in names
    assert invite_units(session, None, ASVS, on_access(team.office)) == []
    assert use_invitation(session, (made[0].secret, NEW), HOME, ASVS, NOW) == "丙科"
    assert not isinstance(log_in(session, Typed(name="丙科", password=NEW)), Begun)


def test_a_token_opens_until_it_ends(session):
    team = household(session)
    secret = make_token(session, team.science, NewToken("报表程序", TokenScope.WRITE, 10), NOW)
    found = find_token(session, secret, NOW)
    assert (found.actor, found.scope, found.is_first_use) == (team.science, TokenScope.WRITE, True)
    note_token_seen(session, found, HOME, NOW)
    note_token_seen(session, found, HOME, NOW)
    assert not find_token(session, secret, later(0.5)).is_seen_stale
    assert find_token(session, secret, NOW + timedelta(days=10)) is None
    (row,) = list_tokens(session, team.science.account_id, NOW)
    refused("unknown-token", end_token, session, row.id, team.finance, HOME, NOW)
    end_token(session, row.id, team.science, HOME, NOW)
    assert find_token(session, secret, NOW) is None
    told = [entry.act for entry in read_access_log(session, EVERYTHING, None, 10, None)]
    assert told == ["end-token", "use-token", "make-token"]


@on_one_kind
@pytest.mark.parametrize(
    ("code", "name", "days"), [("bad-token-name", " \n", 3), ("bad-token-days", "甲", 0), ("bad-token-days", "甲", 367)]
)
def test_a_token_that_is_not_made(session, code, name, days):
    refused(code, make_token, session, household(session).science, NewToken(name, TokenScope.READ, days), NOW)


def test_the_access_log_is_read_by_its_administrator_in_pages_and_exported_harmlessly(session):
    team = household(session)
    auditor = administrator(session, "auditor", AccountRole.AUDIT_ADMINISTRATOR)
    for number in range(5):
        log_in(session, Typed(name="finance", address=f"10.0.0.{number}"), later(number))
    newest = read_access_log(session, EVERYTHING, None, 2, auditor)
    older = read_access_log(session, EVERYTHING, newest[-1].seq, 10, auditor)
    assert [row.address for row in (*newest, *older)] == [f"10.0.0.{number}" for number in (4, 3, 2, 1, 0)]
    assert len(read_access_log(session, LogFilter(address="10.0.0.3", account="finance"), None, 9, auditor)) == 1
    assert read_access_log(session, LogFilter(until_on=NOW.date() - timedelta(days=1)), None, 9, auditor) == []
    refused("no-right", read_access_log, session, EVERYTHING, None, 2, team.administrator)
    add_account(session, NewAccount("=1+1", AccountRole.SUPERVISOR), ASVS, on_access(team.administrator))
    log_in(session, Typed(name="=1+1"))
    lines = list(export_access_log(session, EVERYTHING, on_access(auditor)))
    assert len(lines) == 8
    assert ",'=1+1," in lines[6]
    assert "export-access-log" in lines[7]


def test_an_entry_of_coming_and_going_tells_of_no_row(session):
    household(session)
    log_in(session)
    (entry,) = session.exec(select(LedgerEntry).where(LedgerEntry.chain == "access")).all()
    assert (entry.seq, entry.changes, entry.actor, entry.subject) == (1, None, "science", HOME)
