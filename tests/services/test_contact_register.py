"""Contacts registered, changed and removed: a contact that moves keeps its number."""

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.unit import Absence, CalendarFeed, Contact, ContactDuty
from rules.errors import DubanError
from services.absences import AbsenceRow, Leave, end_absence, list_absences, set_absence
from services.accounts import Way, list_accounts, set_account_address
from services.contact_register import ContactSaid, list_contacts, remove_contact, set_contact
from services.ledger import first_break
from services.rebuilding import differences
from services.unit_changes import Reorganisation, merge_units
from tests.builders import FINANCE, SCIENCE, TODAY, keep, on, people
from tests.databases import on_one_kind


@pytest.fixture
def team(session):
    yield people(session)
    assert differences(session) == []
    assert first_break(session) is None


@pytest.fixture
def pair(session, team):
    """Two contacts of one unit."""
    set_contact(session, SCIENCE, ContactSaid("a@kjt.example", "王科"), on(TODAY, team.office))
    set_contact(session, SCIENCE, ContactSaid("b@kjt.example", "赵办", ContactDuty.OFFICE), on(TODAY, team.office))
    return 1, 2


def test_said_again_it_is_changed_and_the_rest_stays(session, team, pair):
    again = set_contact(session, SCIENCE, ContactSaid("a@kjt.example", duty=ContactDuty.HANDLER), on(TODAY, team.office))
    assert (again.id, again.name, again.duty) == (pair[0], "王科", ContactDuty.HANDLER)
    assert len(list_contacts(session, SCIENCE)) == 2


@pytest.mark.parametrize("who", ["a@kjt.example", "王科"], ids=["by address", "by name"])
def test_one_who_moves_keeps_its_number(session, team, pair, who):
    moved = set_contact(session, SCIENCE, ContactSaid("new@kjt.example"), on(TODAY, team.office), who)
    assert (moved.id, moved.name, moved.address) == (pair[0], "王科", "new@kjt.example")
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "set-contact").order_by(LedgerEntry.seq.desc())).first()
    assert (entry.before["address"], entry.after["address"]) == ("a@kjt.example", "new@kjt.example")


def test_a_robot_calls_upon_somebody_or_nobody(session, team):
    set_contact(session, SCIENCE, ContactSaid(channel="grid"), on(TODAY, team.office))
    both = set_contact(
        session, SCIENCE, ContactSaid("139", "李", channel="grid", fallback=("mail", "a@kjt.example")), on(TODAY, team.office)
    )
    assert (both.channel, both.fallback_channel, both.fallback_address) == ("grid", "mail", "a@kjt.example")
    assert [row.name for row in list_contacts(session, SCIENCE)] == [SCIENCE, "李"]
    none = set_contact(session, SCIENCE, ContactSaid(fallback=("", "")), on(TODAY, team.office), "李")
    assert (none.address, none.fallback_channel, none.fallback_address) == ("139", None, None)


REFUSED = [
    pytest.param(ContactSaid("nobody"), None, "bad-address", id="no address"),
    pytest.param(ContactSaid(""), None, "bad-address", id="mail without address"),
    pytest.param(ContactSaid("two words", channel="grid"), None, "bad-address", id="a robot's address in two words"),
    pytest.param(ContactSaid("c@kjt.example", fallback=("mail", "x")), None, "bad-address", id="a fallback that is none"),
    pytest.param(ContactSaid("c@kjt.example", fallback=("mail", "c@kjt.example")), None, "bad-address", id="the same for a fallback"),
    pytest.param(ContactSaid("c@kjt.example"), "孙", "unknown-contact", id="nobody of that name"),
    pytest.param(ContactSaid("b@kjt.example"), "王科", "contact-taken", id="another's address"),
]


@on_one_kind
@pytest.mark.parametrize(("said", "replacing", "code"), REFUSED)
def test_refused(session, team, pair, said, replacing, code):
    with pytest.raises(DubanError) as refused:
        set_contact(session, SCIENCE, said, on(TODAY, team.office), replacing)
    assert refused.value.code == code
    assert [row.address for row in list_contacts(session, SCIENCE)] == ["a@kjt.example", "b@kjt.example"]


def test_two_of_one_name_are_told_apart_by_address(session, team, pair):
    set_contact(session, SCIENCE, ContactSaid("c@kjt.example", "王科"), on(TODAY, team.office))
    with pytest.raises(DubanError) as refused:
        remove_contact(session, SCIENCE, "王科", on(TODAY, team.office))
    assert refused.value.code == "contact-unclear"
    assert "c@kjt.example" in refused.value.message


def hung_on(session, unit_id, contact_id, deputy_of):
    keep(
        session,
        Absence(contact_id=contact_id, from_on=TODAY),
        Absence(contact_id=deputy_of, deputy_id=contact_id, from_on=TODAY),
        CalendarFeed(unit_id=unit_id, contact_id=contact_id, secret_sha256="a" * 64, made_on=TODAY),
        day=TODAY,
    )


def test_one_who_is_removed_leaves_nothing_hanging(session, team, pair):
    hung_on(session, team.science.unit_id, *pair)
    assert remove_contact(session, SCIENCE, "王科", on(TODAY, team.office)).id == pair[0]
    assert [row.name for row in list_contacts(session, SCIENCE)] == ["赵办"]
    assert [(row.contact_id, row.deputy_id) for row in session.exec(select(Absence))] == [(pair[1], None)]
    assert session.exec(select(CalendarFeed)).all() == []


def test_a_merged_unit_s_contacts_go_over_but_for_twins(session, team, pair):
    hung_on(session, team.science.unit_id, *pair)
    for said in (ContactSaid("a@kjt.example", "财"), ContactSaid("b@kjt.example", channel="grid")):
        set_contact(session, FINANCE, said, on(TODAY, team.office))
    keep(session, CalendarFeed(unit_id=team.science.unit_id, secret_sha256="b" * 64, made_on=TODAY), day=TODAY)
    merge_units(session, [SCIENCE], FINANCE, Reorganisation(TODAY), on(TODAY, team.office))
    assert sorted((row.channel, row.address) for row in session.exec(select(Contact).where(Contact.unit_id == team.finance.unit_id))) == [
        ("grid", "b@kjt.example"),
        ("mail", "a@kjt.example"),
        ("mail", "b@kjt.example"),
    ]
    assert session.exec(select(CalendarFeed.unit_id)).all() == [team.finance.unit_id]


def test_away_with_a_deputy_and_back(session, team, pair):
    leave = Leave(TODAY, TODAY.replace(day=20), pair[1])
    set_absence(session, pair[0], leave, on(TODAY, team.science))
    assert list_absences(session, team.science.unit_id, TODAY) == [AbsenceRow("王科", TODAY, leave.until_on, "赵办")]
    back_on = TODAY.replace(day=10)
    end_absence(session, pair[0], on(back_on, team.office))
    assert list_absences(session, team.science.unit_id, back_on) == []
    assert session.exec(select(Absence.until_on)).all() == [TODAY.replace(day=9)]
    set_absence(session, pair[0], Leave(back_on), on(back_on, team.office))
    end_absence(session, pair[0], on(back_on, team.office))
    assert len(session.exec(select(Absence)).all()) == 1


LEAVES = [
    pytest.param(Leave(TODAY.replace(day=20), TODAY.replace(day=10)), "absence-backwards", id="the wrong way round"),
    pytest.param(Leave(TODAY.replace(month=1), TODAY.replace(month=2)), "absence-backwards", id="over already"),
    pytest.param(Leave(TODAY, None, 1), "deputy-unfit", id="himself"),
    pytest.param(Leave(TODAY, None, 99), "deputy-unfit", id="nobody"),
    pytest.param(Leave(TODAY, None, 3), "deputy-unfit", id="of another unit"),
    pytest.param(Leave(TODAY.replace(month=6, day=3), TODAY.replace(month=6, day=3)), "absence-overlaps", id="on the last day of another"),
    pytest.param(Leave(TODAY), "absence-overlaps", id="until further notice, with another ahead"),
]


@on_one_kind
@pytest.mark.parametrize(("leave", "code"), LEAVES)
def test_absences_refused(session, team, pair, leave, code):
    set_contact(session, FINANCE, ContactSaid("c@czt.example"), on(TODAY, team.office))
    set_absence(session, pair[0], Leave(TODAY.replace(month=6, day=1), TODAY.replace(month=6, day=3)), on(TODAY, team.office))
    with pytest.raises(DubanError) as refused:
        set_absence(session, pair[0], leave, on(TODAY, team.office))
    assert refused.value.code == code
    assert len(session.exec(select(Absence)).all()) == 1


@on_one_kind
def test_only_the_unit_itself_and_the_plan_office_say_who_is_away(session, team, pair):
    for actor, contact_id, code in (
        (team.finance, pair[0], "not-your-task"),
        (team.supervisor, pair[0], "no-right"),
        (team.office, 99, "unknown-contact"),
    ):
        with pytest.raises(DubanError) as refused:
            set_absence(session, contact_id, Leave(TODAY), on(TODAY, actor))
        assert refused.value.code == code
    with pytest.raises(DubanError) as refused:
        end_absence(session, pair[0], on(TODAY, team.science))
    assert refused.value.code == "not-away"


def test_an_office_s_account_says_where_it_is_written_to(session, team):
    set_account_address(session, "office", Way("grid", "139", "en"), on(TODAY, team.administrator))
    set_account_address(session, "supervisor", Way("mail", "li@dcs.example"), on(TODAY, team.supervisor))
    found = {row.name: (row.channel, row.address) for row in list_accounts(session)}
    assert (found["office"], found["supervisor"]) == (("grid", "139"), ("mail", "li@dcs.example"))
    set_account_address(session, "office", None, on(TODAY, team.office))
    assert {row.name: row.address for row in list_accounts(session)}["office"] is None


ADDRESSES = [
    pytest.param("office", "office", Way("mail", "x"), "bad-address", id="no address"),
    pytest.param("office", "supervisor", Way("mail", "x@y.example"), "no-right", id="another's"),
    pytest.param("administrator", "science", Way("mail", "x@y.example"), "bad-role", id="a unit's account"),
    pytest.param("administrator", "nobody", Way("mail", "x@y.example"), "unknown-account", id="unknown"),
]


@on_one_kind
@pytest.mark.parametrize(("actor", "name", "way", "code"), ADDRESSES)
def test_addresses_refused(session, team, actor, name, way, code):
    with pytest.raises(DubanError) as refused:
        set_account_address(session, name, way, on(TODAY, getattr(team, actor)))
    assert refused.value.code == code
