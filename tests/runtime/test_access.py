"""The policy that settings make: a profile, shortened freely, lengthened only where the profile lets it be."""

from datetime import timedelta

import pytest

from models.account import AccountRole
from rules.errors import DubanError
from runtime.access import policy_of
from runtime.settings import read_settings


@pytest.mark.parametrize(
    ("given", "minutes", "hours"),
    [
        ({}, 30, 12),
        ({"policy": "dengbao"}, 10, 12),
        ({"policy": "dengbao", "session_idle_minutes": 5}, 5, 12),
        ({"session_idle_minutes": 60, "session_hours": 8}, 60, 8),
    ],
)
def test_limits_follow_the_profile_and_the_settings(given, minutes, hours):
    policy = policy_of(read_settings(**given))
    assert (policy.idle, policy.absolute) == (timedelta(minutes=minutes), timedelta(hours=hours))


def test_roles_that_need_a_second_factor_are_read_however_they_are_parted():
    policy = policy_of(read_settings(second_factor_roles="administrator，supervisor , "))
    assert policy.second_factor_roles == {AccountRole.ADMINISTRATOR, AccountRole.SUPERVISOR}
    assert policy.needs_second_factor(AccountRole.UNIT, asked=True)
    assert not policy.needs_second_factor(AccountRole.UNIT, asked=False)


@pytest.mark.parametrize(
    ("code", "given"),
    [("bad-setting", {"second_factor_roles": "boss"}), ("unsafe-setting", {"policy": "dengbao", "session_idle_minutes": 11})],
)
def test_what_cannot_be_is_refused(code, given):
    with pytest.raises(DubanError) as refused:
        policy_of(read_settings(**given))
    assert refused.value.code == code
