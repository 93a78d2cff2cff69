"""Many at the same instant: no more guesses than one after the other, and a link opens for one of two."""

from concurrent.futures import ThreadPoolExecutor

from rules.errors import DubanError
from runtime.database import transaction
from services.access.entering import Admitted, LogInInput, admit
from services.access.invitations import invite, use_invitation
from tests.services.access_fixtures import ASVS, HOME, NOW, household, on_access

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
