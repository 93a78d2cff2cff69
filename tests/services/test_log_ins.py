"""Coming in: one sentence for every reason, lock-outs that end by themselves, log-ins that time and changes end."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from models.access import LogIn
from models.account import Account, AccountState
from rules.errors import DubanError
from services.access.access_log import EVERYTHING, LogFilter, read_access_log
from services.access.account_changes import lock_account
from services.access.entering import Begun
from services.access.log_ins import FirstOf, end_all, end_log_in, end_own_log_in, find_log_in, list_own_log_ins, note_seen
from services.access.second_factors import remove_own_second_factor, set_up_second_factor
from services.ledger import Event, record
from tests.databases import on_one_kind
from tests.services.access_fixtures import ASVS, DENGBAO, ELSEWHERE, HOME, NOW, PASSWORD, Typed, household, later, log_in, on_access

pytestmark = pytest.mark.usefixtures("kept_whole")

WRONG = Typed(password="不是这一句")


def code_of(outcome):
    return outcome.code if isinstance(outcome, DubanError) else "in"


def acts(session, account=None):
    return [row.act for row in reversed(read_access_log(session, LogFilter(account=account), None, 100, None))]


def alter(session, name, **values):
    account = session.exec(select(Account).where(Account.name == name)).one()
    for key, value in values.items():
        setattr(account, key, value)
    session.add(account)
    record(session, on_access(), Event("set-up", f"account {name}"))


def test_a_log_in_is_found_by_its_secret_until_it_is_left(session):
    team = household(session)
    begun = log_in(session)
    assert isinstance(begun, Begun)
    assert len(begun.secret) >= 43
    found = find_log_in(session, begun.secret, later(5), ASVS)
    assert (found.actor, found.unit, found.first) == (team.science, "省科技厅", None)
    assert session.get(LogIn, begun.log_in_id).token_hash != begun.secret
    end_log_in(session, begun.log_in_id, team.science, later(6))
    end_log_in(session, begun.log_in_id, team.science, later(7))
    assert find_log_in(session, begun.secret, later(8), ASVS) is None
    assert acts(session) == ["log-in", "log-out"]


@on_one_kind
@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        (Typed(name="nobody-of-that-name"), {}),
        (WRONG, {}),
        (Typed(password=""), {}),
        (Typed(password="长" * 5000), {}),
        (Typed(), {"state": AccountState.LOCKED}),
        (Typed(), {"state": AccountState.WAITING}),
        (Typed(), {"password_hash": None}),
        (Typed(), {"totp_secret": pyotp.random_base32()}),
        (Typed(code="000000"), {"totp_secret": pyotp.random_base32()}),
        (Typed(), {"must_change_password": True, "password_set_on": NOW.date() - timedelta(days=8)}),
        (Typed(name="'; drop table account; --"), {}),
    ],
    ids=[
        "unknown",
        "wrong",
        "empty",
        "endless",
        "locked",
        "waiting",
        "no password",
        "no code",
        "wrong code",
        "one-time, too late",
        "hostile",
    ],
)
def test_every_reason_is_refused_in_the_same_words(session, typed, changed):
    household(session)
    if changed:
        alter(session, "science", **changed)
    refusals = {str(log_in(session, typed)), str(log_in(session, WRONG))}
    assert len(refusals) == 1
    assert "log-in-refused" in refusals.pop()


def test_what_was_typed_as_an_unknown_name_is_kept_nowhere(session):
    household(session)
    log_in(session, Typed(name=f"science {PASSWORD}"))
    (row,) = read_access_log(session, EVERYTHING, None, 10, None)
    assert (row.account, row.address, row.details) == ("-", HOME, {"why": "unknown"})


@on_one_kind
def test_five_failures_lock_the_pair_out_for_five_minutes_and_no_longer(session):
    household(session)
    assert [code_of(log_in(session, WRONG, later(minute))) for minute in range(5)] == ["log-in-refused"] * 5
    assert code_of(log_in(session, Typed(), later(4.5))) == "locked-out"
    assert "5" in str(log_in(session, Typed(), later(4.5)))
    assert code_of(log_in(session, Typed(address=ELSEWHERE), later(4.5))) == "in"
    assert code_of(log_in(session, replace(WRONG, name="finance"), later(4.5))) == "log-in-refused"
    assert code_of(log_in(session, Typed(), later(9))) == "in"
    assert code_of(log_in(session, WRONG, later(9.5))) == "log-in-refused"
    assert code_of(log_in(session, Typed(), later(9.6))) == "in"


@on_one_kind
@pytest.mark.parametrize("gap", [2, 4], ids=["within the window", "spread out"])
def test_failures_count_within_a_quarter_of_an_hour(session, gap):
    household(session)
    for number in range(5):
        log_in(session, WRONG, later(number * gap))
    assert code_of(log_in(session, Typed(), later(4 * gap + 1))) == ("locked-out" if gap == 2 else "in")


@on_one_kind
def test_many_addresses_lock_a_name_out_but_not_where_its_holder_works(session):
    household(session)
    assert code_of(log_in(session)) == "in"
    for number in range(20):
        log_in(session, replace(WRONG, address=f"198.51.100.{number}"), later(seconds=number))
    assert code_of(log_in(session, Typed(address=ELSEWHERE), later(1))) == "locked-out"
    assert code_of(log_in(session, Typed(), later(1))) == "in"
    assert code_of(log_in(session, Typed(address=ELSEWHERE), later(6))) == "in"


@on_one_kind
def test_one_address_that_tries_many_names_is_locked_out_whatever_it_gets_right_between(session):
    household(session)
    assert code_of(log_in(session, Typed(name="finance"))) == "in"
    for number in range(20):
        log_in(session, Typed(name=f"name-{number}"), later(seconds=number))
    assert code_of(log_in(session, Typed(name="office"), later(1))) == "locked-out"
    assert code_of(log_in(session, Typed(name="finance"), later(1))) == "in"


@on_one_kind
def test_nobody_is_locked_out_for_good_by_tries_that_go_on(session):
    household(session)
    let_in = 0
    for second in range(0, 3600, 60):
        refused = code_of(log_in(session, WRONG, later(seconds=second)))
        let_in += refused == "log-in-refused"
    assert let_in >= 10
    assert code_of(log_in(session, Typed(), later(60 + 6))) == "in"


@on_one_kind
@pytest.mark.parametrize(
    ("policy", "steps", "is_open"),
    [
        (ASVS, [29], True),
        (ASVS, [30], False),
        (ASVS, [20, 45], True),
        (ASVS, list(range(20, 720, 20)), True),
        (ASVS, list(range(20, 740, 20)), False),
        (DENGBAO, [9], True),
        (DENGBAO, [10], False),
    ],
    ids=["used", "idle", "used twice", "to the end", "beyond", "strict, used", "strict, idle"],
)
def test_time_ends_a_log_in(session, policy, steps, is_open):
    household(session)
    alter(session, "science", password_set_on=NOW.date())
    begun = log_in(session, policy=policy)
    found = None
    for minute in steps:
        found = find_log_in(session, begun.secret, later(minute), policy)
        if found and found.is_seen_stale:
            note_seen(session, found.id, later(minute))
    assert (found is not None) is is_open


def test_what_time_ended_is_entered_at_the_next_log_in(session):
    team = household(session)
    log_in(session)
    log_in(session, at=later(31))
    assert acts(session, "science") == ["log-in", "log-in", "log-in-ended"]
    assert len(list_own_log_ins(session, team.science.account_id, later(31), ASVS)) == 1


def test_only_ones_own_log_ins_are_listed_and_ended(session):
    team = household(session)
    mine, other = log_in(session), log_in(session, Typed(name="finance"))
    assert [row.id for row in list_own_log_ins(session, team.science.account_id, NOW, ASVS)] == [mine.log_in_id]
    with pytest.raises(DubanError, match="unknown-log-in"):
        end_own_log_in(session, other.log_in_id, team.science, NOW)
    end_own_log_in(session, mine.log_in_id, team.science, NOW)
    assert find_log_in(session, other.secret, NOW, ASVS)
    assert end_all(session, team.finance.account_id, NOW) == 1


def test_a_locked_account_is_out_at_once(session):
    team = household(session)
    begun = log_in(session)
    lock_account(session, "science", on_access(team.administrator))
    assert find_log_in(session, begun.secret, NOW, ASVS) is None


@on_one_kind
@pytest.mark.parametrize(
    ("changed", "policy", "first"),
    [
        ({}, ASVS, None),
        ({"must_change_password": True}, ASVS, FirstOf.PASSWORD),
        ({}, DENGBAO, FirstOf.PASSWORD),
        ({"password_set_on": NOW.date() - timedelta(days=90)}, DENGBAO, None),
        ({"password_set_on": NOW.date() - timedelta(days=91)}, DENGBAO, FirstOf.PASSWORD),
        ({"needs_second_factor": True}, ASVS, FirstOf.SECOND_FACTOR),
    ],
    ids=["nothing", "one-time", "unknown age", "ninety days", "too old", "second factor asked"],
)
def test_what_comes_before_every_page(session, changed, policy, first):
    household(session)
    if changed:
        alter(session, "science", **changed)
    begun = log_in(session, policy=policy)
    assert find_log_in(session, begun.secret, NOW, policy).first is first


def test_a_code_opens_once_and_neighbouring_steps_are_taken(session):
    team = household(session)
    secret = pyotp.random_base32()
    generator = pyotp.TOTP(secret)
    set_up_second_factor(session, team.science.account_id, (secret, generator.at(NOW)), HOME, on_access(team.science))
    assert code_of(log_in(session, Typed(code=generator.at(NOW)))) == "log-in-refused"
    code = generator.at(later(1))
    assert code_of(log_in(session, Typed(code=f"{code[:3]} {code[3:]}"), later(1, seconds=29))) == "in"
    assert code_of(log_in(session, Typed(code=code), later(1, seconds=29))) == "log-in-refused"
    assert code_of(log_in(session, Typed(code=generator.at(NOW)), later(1.5))) == "log-in-refused"
    with pytest.raises(DubanError, match="wrong-password"):
        remove_own_second_factor(
            session, team.science.account_id, ("不对", generator.at(later(3))), HOME, on_access(team.science, later(3))
        )
    remove_own_second_factor(session, team.science.account_id, (PASSWORD, generator.at(later(3))), HOME, on_access(team.science, later(3)))
    assert code_of(log_in(session, Typed(), later(4))) == "in"
    assert acts(session, "science")[0] == "set-up-second-factor"


@on_one_kind
def test_a_factor_that_was_mistyped_is_not_set_up(session):
    team = household(session)
    with pytest.raises(DubanError, match="wrong-code"):
        set_up_second_factor(session, team.science.account_id, (pyotp.random_base32(), "123"), HOME, on_access(team.science))
    assert code_of(log_in(session)) == "in"


def test_a_password_hashed_more_weakly_is_hashed_anew(session):
    household(session)
    weak = PasswordHasher(time_cost=1, memory_cost=9, parallelism=1).hash(PASSWORD)
    alter(session, "science", password_hash=weak)
    assert code_of(log_in(session)) == "in"
    assert session.exec(select(Account.password_hash).where(Account.name == "science")).one() != weak
    assert code_of(log_in(session)) == "in"
