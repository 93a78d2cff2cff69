"""Invitations by mail: each unit's link to its own liaison, nothing through a robot, and nobody else reads the words."""

from dataclasses import replace

import pytest
from sqlmodel import select

from models.notice import Message
from models.unit import Contact, ContactDuty, Unit
from rules.errors import DubanError
from services.access.invitations import find_invitation, invite_units
from services.access.sending_invitations import InvitationPost, send_invitations
from services.fallbacks import fall_back
from services.message_list import show_message
from tests.builders import keep
from tests.databases import on_one_kind
from tests.services.access_fixtures import ASVS, NOW, household, on_access

pytestmark = pytest.mark.usefixtures("kept_whole")

PAGES = "https://duban.example"


@pytest.fixture
def invited(session):
    """Three units just invited: one with a liaison's mail, one reached by a robot only, one without contact."""
    team = household(session)
    units = [Unit(name=name) for name in ("甲局", "乙局", "丙局")]
    keep(session, *units)
    keep(
        session,
        Contact(unit_id=units[0].id, name="王联络", duty=ContactDuty.LIAISON, address="wang@jia.example", fallback_channel="群"),
        Contact(unit_id=units[1].id, name="赵联络", duty=ContactDuty.LIAISON, channel="群", address="zhao"),
    )
    made = invite_units(session, None, ASVS, on_access(team.office))
    return team, [one for one in made if one.unit in ("甲局", "乙局", "丙局")]


def test_each_link_goes_to_its_units_liaison_by_mail(session, post, invited):
    team, made = invited
    sent = send_invitations(session, made, InvitationPost(post.routes, PAGES, "县督查室"), on_access(team.office))
    (message,) = session.exec(select(Message)).all()
    assert (sent.messages, [unit for unit, _why in sent.unreached]) == (1, ["乙局", "丙局"])
    assert (message.address, message.channel) == ("wang@jia.example", "mail-folder")
    secret = message.text.partition(f"{PAGES}/invitations/")[2].split()[0]
    assert find_invitation(session, secret, NOW).unit == "甲局"
    assert secret not in show_message(session, message.id).text
    assert fall_back(session, message.id, post.routes, on_access()) is None


@on_one_kind
def test_links_that_nobody_could_open_are_not_sent(session, post, invited):
    team, made = invited
    nowhere = InvitationPost(post.routes, None, None)
    with pytest.raises(DubanError, match="no-public-url"):
        send_invitations(session, made, nowhere, on_access(team.office))
    with pytest.raises(DubanError, match="no-right"):
        send_invitations(session, made, replace(nowhere, pages=PAGES), on_access(team.supervisor))
