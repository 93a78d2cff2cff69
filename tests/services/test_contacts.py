"""Whom a message reaches on a day: who is away is stood in for; nobody is written to twice; a unit all of whose people are away is said to be so."""

from datetime import date, timedelta

import pytest

from models.unit import Absence, Contact, ContactDuty
from services.contacts import reach_of
from tests.builders import TODAY, keep, people

D = ContactDuty


@pytest.fixture
def unit_id(session):
    return people(session).science.unit_id


def contacts(session, unit_id, *duties):
    """People named A, B, C … with these duties; their ids by name."""
    rows = [
        Contact(unit_id=unit_id, name=name, duty=duty, address=f"{name}@kjt.example") for name, duty in zip("ABCDE", duties, strict=False)
    ]
    keep(session, *rows)
    return {row.name: row.id for row in rows}


def away(session, ids, *absences, from_on=TODAY, until_on=TODAY):
    """`AB`: A is away and B stands in; `A`: A is away."""
    rows = [Absence(contact_id=ids[one[0]], deputy_id=ids.get(one[1:]), from_on=from_on, until_on=until_on) for one in absences]
    keep(session, *rows)


def said(session, unit_id, day=TODAY, urging=False):
    found = reach_of(session, [unit_id], day)[unit_id].recipients(urging)
    return [f"{one.person}({one.deputy_for})" if one.deputy_for else str(one.person) for one in found]


STANDING_IN = [
    pytest.param((D.LIAISON, D.HANDLER), [], ["A", "B"], id="everybody there"),
    pytest.param((D.LIAISON, D.HANDLER), ["A"], ["B"], id="no deputy: the others"),
    pytest.param((D.LIAISON, D.HANDLER), ["AB"], ["B(A)"], id="a deputy who is written to anyway: once"),
    pytest.param((D.LIAISON, D.OFFICE), ["AB"], ["B(A)"], id="a deputy who is not written to every day"),
    pytest.param((D.LIAISON, D.OFFICE), ["A"], ["B"], id="nobody of every day: the office"),
    pytest.param((D.LIAISON, D.LEADER, D.OFFICE), ["AB"], ["B(A)"], id="a leader may stand in"),
    pytest.param((D.LIAISON, D.HANDLER, D.OFFICE), ["AC", "BC"], ["C(A、B)"], id="one deputy for two"),
    pytest.param((D.LIAISON, D.OFFICE, D.OFFICE), ["AB", "BC"], ["C(A、B)"], id="the deputy is away too: his own"),
    pytest.param((D.LIAISON, D.OFFICE, D.OFFICE), ["AB", "BA"], ["C"], id="two who stand in for each other: the office"),
    pytest.param((D.LIAISON, D.OFFICE), ["A", "B"], ["None"], id="nobody left"),
    pytest.param((D.LIAISON, D.LEADER), ["A"], ["None"], id="a leader is not written to by himself"),
]


@pytest.mark.parametrize(("duties", "absences", "expected"), STANDING_IN)
def test_who_stands_in(session, unit_id, duties, absences, expected):
    away(session, contacts(session, unit_id, *duties), *absences)
    assert said(session, unit_id) == expected


def test_one_who_stands_in_is_the_same_recipient_for_every_line(session, unit_id):
    away(session, contacts(session, unit_id, D.LIAISON, D.OFFICE, D.HANDLER), "AB")
    reach = reach_of(session, [unit_id], TODAY)[unit_id]
    assert set(reach.recipients(urging=False)) <= set(reach.recipients(urging=True))
    assert [one.key for one in reach.recipients(urging=True)] == ["contact-2", "contact-3"]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        pytest.param(-1, ["A", "B"], id="the day before"),
        pytest.param(0, ["B(A)"], id="the first day"),
        pytest.param(4, ["B(A)"], id="the last day"),
        pytest.param(5, ["A", "B"], id="back"),
    ],
)
def test_only_on_the_days_away(session, unit_id, offset, expected):
    away(session, contacts(session, unit_id, D.LIAISON, D.HANDLER), "AB", until_on=TODAY + timedelta(days=4))
    assert said(session, unit_id, TODAY + timedelta(days=offset)) == expected


def test_until_further_notice(session, unit_id):
    away(session, contacts(session, unit_id, D.LIAISON, D.HANDLER), "AB", until_on=None)
    assert said(session, unit_id, date(2020, 1, 2)) == ["B(A)"]


def test_all_away_is_another_matter_than_nobody_named(session, unit_id):
    (nobody,) = reach_of(session, [unit_id], TODAY)[unit_id].recipients(urging=False)
    assert (nobody.key, nobody.is_away, nobody.address) == (f"unit-{unit_id}", False, "")
    away(session, contacts(session, unit_id, D.LIAISON), "A")
    (nobody,) = reach_of(session, [unit_id], TODAY)[unit_id].recipients(urging=False)
    assert (nobody.key, nobody.is_away) == (f"unit-{unit_id}", True)


def test_leaders_are_asked_for_by_their_duty(session, unit_id):
    away(session, contacts(session, unit_id, D.LEADER, D.HEAD, D.OFFICE), "AC")
    reach = reach_of(session, [unit_id], TODAY)[unit_id]
    assert [one.person for one in reach.holding(D.LEADER)] == ["C"]
    assert [one.person for one in reach.holding(D.LEADER, D.HEAD)] == ["C", "B"]


def test_channel_and_fallback_come_with_the_recipient(session, unit_id):
    places = {"channel": "grid", "address": "139", "fallback_channel": "mail", "fallback_address": "a@kjt.example", "language": "en"}
    keep(session, Contact(unit_id=unit_id, name="A", **places))
    (one,) = reach_of(session, [unit_id], TODAY)[unit_id].recipients(urging=False)
    assert (one.channel, one.address, one.fallback, one.language) == ("grid", "139", ("mail", "a@kjt.example"), "en")
