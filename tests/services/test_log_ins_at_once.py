"""Many at the same instant: no more guesses than one after the other, and a link opens for one of two."""

from concurrent.futures import ThreadPoolExecutor

import pyotp
from sqlmodel import Session, select

from models.account import Account, AccountRole, AccountState
from rules.errors import DubanError
from runtime.database import transaction
from services.access.account_changes import lock_account
from services.access.entering import Admitted, LogInInput, admit
from services.access.invitations import invite, use_invitation
from services.access.passwords import locked_account
from services.access.second_factors import use_code
from tests.services.access_fixtures import ASVS, HOME, NOW, administrator, household, on_access

TYPED = LogInInput("science", "not this one", "", HOME)


def test_guesses_made_at_once_are_all_counted(engine):
    with transaction(engine) as session:
        household(session)

    def guess(_number):
        with transaction(engine) as session:
            return admit(session, TYPED, ASVS, NOW)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guess, range(12)))
    assert [isinstance(one, Admitted) for one in outcomes].count(True) == 5


def test_a_link_opens_for_one_of_two(engine):
    with transaction(engine) as session:
        secret = invite(session, "science", on_access(household(session).office))

    def use(number):
        try:
            with transaction(engine) as session:
                return use_invitation(session, (secret, f"一句谁也不知道的话{number}"), HOME, ASVS, NOW)
        except DubanError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == ["science", "unknown-invitation"]


def test_two_administrators_do_not_lock_each_other_out(engine):
    with transaction(engine) as session:
        household(session)
        pair = [administrator(session, name, AccountRole.SECURITY_ADMINISTRATOR) for name in ("first", "second")]

    def lock(number):
        try:
            with transaction(engine) as session:
                lock_account(session, pair[1 - number].name, on_access(pair[number]))
        except DubanError as error:
            return error.code
        return "locked"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lock, range(2)))
    assert told.count("locked") == 1
    with Session(engine) as session:
        left = select(Account).where(Account.role == AccountRole.SECURITY_ADMINISTRATOR, Account.state == AccountState.ACTIVE)
        assert len(session.exec(left).all()) == 1


def test_a_code_is_taken_from_one_of_two(engine):
    secret = pyotp.random_base32()
    with transaction(engine) as session:
        account_id = administrator(session, "first", AccountRole.SECURITY_ADMINISTRATOR).account_id
        session.get(Account, account_id).totp_secret = secret
    code = pyotp.TOTP(secret).at(NOW)

    def use(_number):
        with transaction(engine) as session:
            return use_code(locked_account(session, account_id), code, NOW)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, range(2))) == [False, True]
