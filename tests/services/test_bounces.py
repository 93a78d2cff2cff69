"""Returned mail held against what was sent: marked once, entered in the ledger, sent again where a fallback is named; addresses that fail are listed."""

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.notice import Message, MessageState, Reminder
from models.unit import Contact, Unit
from notify.channel import Routes
from rules.errors import DubanError
from services.bounces import failing_addresses, note_bounces
from services.ledger import first_break
from services.rebuilding import differences
from tests.builders import ISSUED_ON, SCIENCE, TODAY, issued, keep, on, people
from tests.notify.returned import plain, report
from tests.services.outbox_fixtures import Arrivals

OURS = "20131226.contact-5.abc"


@pytest.fixture
def office(session):
    actors = people(session)
    issued(session, actors.office)
    return actors.office


@pytest.fixture
def routes(tmp_path):
    return Routes(Arrivals(tmp_path / "mail", "arrivals"), {"group": Arrivals(tmp_path / "group", "group", needs_address=False)})


def sent(session, office, message_id=OURS, *, state=MessageState.SENT, day=TODAY, contact=None, line=True):
    """Write a message to a contact as it is after it left; with `contact` to that one again."""
    if contact is None:
        contact = Contact(unit_id=office_unit(session), name="张联络", address=f"{message_id.rpartition('.')[2]}@kjt.example.cn")
        keep(session, contact, day=ISSUED_ON)
    message = Message(
        recipient=f"contact-{contact.id}",
        unit_id=contact.unit_id,
        channel="arrivals",
        name=contact.name,
        address=contact.address,
        day=day,
        subject="提醒",
        text="正文",
        html="<p>正文</p>",
        message_id=message_id,
        state=state,
    )
    session.add(message)
    session.flush()
    if line:
        session.add(Reminder(message_id=message.id, task_id=1, rule="due-3", period="x", recipient=message.recipient, channel="arrivals"))
    session.flush()
    return message, contact


def office_unit(session):
    return session.exec(select(Unit.id).where(Unit.name == SCIENCE)).one()


def entries(session, act):
    return session.exec(select(LedgerEntry).where(LedgerEntry.act == act)).all()


def back(message_id, content=None):
    return (content or report()).replace(OURS.encode(), message_id.encode())


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.UNCERTAIN])
def test_a_returned_message_is_marked_and_entered_once(session, office, routes, state):
    message, _contact = sent(session, office, state=state)
    noted = note_bounces(session, [("a.eml", report())], routes, on(TODAY, office))
    assert [(one.file, one.message_id, one.address, one.fallback_id) for one in noted.bounced] == [
        ("a.eml", message.id, message.address, None)
    ]
    assert (message.state, message.bounced_at is not None) == (MessageState.BOUNCED, True)
    assert "User unknown" in message.error
    (entry,) = entries(session, "bounce")
    assert (entry.plan_id, entry.before, entry.after["tasks"]) == (1, {"state": state.value}, [1])
    again = note_bounces(session, [("a.eml", report()), ("copy.eml", report())], routes, on(TODAY, office))
    assert (len(again.bounced), [one.file for one in again.known]) == (0, ["a.eml", "copy.eml"])
    assert len(entries(session, "bounce")) == 1
    assert differences(session) == []
    assert first_break(session) is None


def test_what_is_about_no_task_is_entered_in_the_house(session, office, routes):
    sent(session, office, line=False)
    note_bounces(session, [("a.eml", report())], routes, on(TODAY, office))
    (entry,) = entries(session, "bounce")
    assert (entry.plan_id, entry.chain) == (None, "house")


def test_what_is_delayed_or_strange_changes_nothing(session, office, routes):
    message, _contact = sent(session, office)
    files = [
        ("slow.eml", report("delayed", "4.4.1", "timed out")),
        ("strange.eml", back("20131226.contact-99.zzz")),
        ("answer.eml", plain("已办理", "回复", "zhang@kjt.example.cn")),
    ]
    noted = note_bounces(session, files, routes, on(TODAY, office))
    assert ([one.file for one in noted.delayed], noted.not_ours, noted.no_bounce) == (["slow.eml"], ["strange.eml"], ["answer.eml"])
    assert (message.state, entries(session, "bounce")) == (MessageState.SENT, [])


@pytest.mark.parametrize("state", [MessageState.PENDING, MessageState.CLAIMED, MessageState.FAILED])
def test_what_has_not_left_cannot_come_back(session, office, routes, state):
    message, _contact = sent(session, office, state=state)
    noted = note_bounces(session, [("a.eml", report())], routes, on(TODAY, office))
    assert (len(noted.known), message.state) == (1, state)


def test_the_fallback_takes_over(session, office, routes):
    message, contact = sent(session, office)
    contact.fallback_channel, contact.fallback_address = "group", "zhang.san"
    keep(session, contact, day=ISSUED_ON)
    noted = note_bounces(session, [("a.eml", report())], routes, on(TODAY, office))
    second = session.get_one(Message, noted.bounced[0].fallback_id)
    assert (second.channel, second.address, second.instead_of_id, second.state) == ("group", "zhang.san", message.id, MessageState.PENDING)
    assert len(note_bounces(session, [("a.eml", report())], routes, on(TODAY, office)).bounced) == 0


def test_who_may_not_is_refused(session, routes):
    actors = people(session)
    with pytest.raises(DubanError, match="no-right"):
        note_bounces(session, [("a.eml", report())], routes, on(TODAY, actors.science))


def test_addresses_that_fail(session, office, routes):
    """One whose last message came back or failed; not one that was reached since, nor one that nobody has any more."""
    later = TODAY.replace(day=TODAY.day + 1)
    bounced, _one = sent(session, office, "1.a", state=MessageState.BOUNCED)
    _old, reached = sent(session, office, "1.b", state=MessageState.FAILED)
    sent(session, office, "2.b", contact=reached, day=later, line=False)
    _old, failing = sent(session, office, "1.c")
    failed, _same = sent(session, office, "2.c", contact=failing, day=later, state=MessageState.FAILED, line=False)
    sent(session, office, "3.c", contact=failing, day=later.replace(day=later.day + 1), state=MessageState.PENDING, line=False)
    _gone, left = sent(session, office, "1.d", state=MessageState.BOUNCED)
    left.address = "new@kjt.example.cn"
    keep(session, left, day=ISSUED_ON)
    found = [(one.message_id, one.address, one.unit, one.state) for one in failing_addresses(session)]
    assert found == [
        (failed.id, "c@kjt.example.cn", SCIENCE, MessageState.FAILED),
        (bounced.id, "a@kjt.example.cn", SCIENCE, MessageState.BOUNCED),
    ]
