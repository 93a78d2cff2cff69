"""Nothing lost, nothing doubled: whatever stops a delivery, wherever, however often, on both databases."""

import multiprocessing
import signal
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.notice import Delivery, Message, MessageState
from models.unit import Contact
from notify.channel import ChannelDownError, DeliveryError
from notify.mail_folder import MailFolder
from rules.errors import DubanError
from services.claims import MAX_ATTEMPTS
from services.ledger import first_break
from services.occasion import SYSTEM, Occasion
from services.outbox import deliver
from services.resending import resend_message
from tests.builders import keep
from tests.databases import about_sqlite, new_database
from tests.homes import new_home, url_of
from tests.services import doomed_run
from tests.services.outbox_fixtures import (
    TODAY,
    Arrivals,
    add_tasks,
    add_units,
    courier_for,
    messages,
    noon,
    open_house,
    run,
    states,
)

# Each doomed run is a process of its own, forked from one that has imported the program once.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([doomed_run.__name__])
NOW = Occasion(SYSTEM, TODAY, noon(TODAY))


@pytest.fixture
def house(tmp_path):
    return filled(open_house(url_of(new_home(tmp_path))), 3)


@pytest.fixture
def arrivals(tmp_path):
    return Arrivals(tmp_path / "arrivals.txt")


@pytest.fixture
def on_postgresql(postgres_template):
    """The URL of a database on PostgreSQL."""
    return new_database(postgres_template, "migrated")


def filled(house, count):
    add_units(house, {f"单位{number}": f"u{number}@example.cn" for number in range(count)})
    add_tasks(house, list(house.units))
    return house


def start(house, kind, target, point="never", owner="here:7"):
    process = FORKS.Process(
        target=doomed_run.main, args=(house.engine.url.render_as_string(hide_password=False), kind, str(target), point, owner)
    )
    process.start()
    return process


def killed(house, kind, target, point):
    process = start(house, kind, target, point)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


# A run over three messages: the transactions are 1 name the chunks, 2 look through the one, 3 queue, 4 take up, 5 enter what was left, 6 claim, 7 begin the first,
# 8 and 9 end one and begin the next, 10 end the last, 11 enter.
OUTSIDE_HANDING_OVER = ["commit:3", "commit:5", "commit:6", "commit:10", "commit:11"]
IN_HANDING_OVER = ["commit:7", "before:3", "after:1", "commit:8", "after:3"]


@pytest.mark.parametrize("point", OUTSIDE_HANDING_OVER)
def test_killed_outside_handing_over(house, arrivals, point):
    killed(house, "arrivals", arrivals.path, point)
    report = run(house, arrivals, owner="here:8")
    assert sorted(arrivals.addresses) == ["u0@example.cn", "u1@example.cn", "u2@example.cn"]
    assert states(house) == ["sent"] * 3
    assert not report.uncertain


@pytest.mark.parametrize("point", IN_HANDING_OVER)
def test_killed_in_handing_over_is_uncertain(house, arrivals, point):
    killed(house, "arrivals", arrivals.path, point)
    report = run(house, arrivals, owner="here:8")
    assert Counter(states(house)) == {"sent": 2, "uncertain": 1}
    assert max(Counter(arrivals.addresses).values()) == 1
    assert [(message.code, len(message.lines)) for message in report.uncertain] == [("uncertain", 2)]
    again = run(house, arrivals, owner="here:9")
    assert len(again.uncertain) == 1
    with house.session() as session:
        resend_message(session, report.uncertain[0].message_id, NOW)
    run(house, arrivals, owner="here:10")
    assert states(house) == ["sent"] * 3
    assert set(arrivals.addresses) == {"u0@example.cn", "u1@example.cn", "u2@example.cn"}


@pytest.mark.parametrize("point", ["commit:7", "before:2", "after:2"])
def test_killed_over_a_folder_repairs_itself(house, tmp_path, point):
    folder = tmp_path / "outbox"
    killed(house, "folder", folder, point)
    report = run(house, MailFolder(folder, "duban@example.cn"), owner="here:8")
    assert len(list(folder.glob("*.eml"))) == 3
    assert states(house) == ["sent"] * 3
    assert not report.uncertain


def two_at_once(house, arrivals):
    run_by_hand = [start(house, "arrivals", arrivals.path, owner=f"host{n}:1") for n in range(2)]
    for process in run_by_hand:
        process.join(120)
        assert process.exitcode == 0
    assert max(Counter(arrivals.addresses).values()) == 1
    assert states(house) == ["sent"] * len(arrivals.addresses) == ["sent"] * 40
    with house.session() as session:
        assert first_break(session) is None
        entries = session.exec(select(LedgerEntry.after).where(LedgerEntry.act == "deliver")).all()
        assert sorted(message["message"] for said in entries for message in said["messages"]) == list(range(1, 41))
        assert len(session.exec(select(LedgerEntry.id).where(LedgerEntry.act == "remind")).all()) == 80


@about_sqlite("the same on PostgreSQL is the next one")
def test_two_at_once(tmp_path, arrivals):
    two_at_once(filled(open_house(url_of(new_home(tmp_path))), 40), arrivals)


def test_two_at_once_on_postgresql(on_postgresql, arrivals):
    two_at_once(filled(open_house(on_postgresql), 40), arrivals)


@pytest.mark.parametrize(("point", "uncertain"), [("commit:3", 0), ("commit:6", 0), ("after:2", 1)])
def test_killed_on_postgresql(on_postgresql, arrivals, point, uncertain):
    house = filled(open_house(on_postgresql), 3)
    killed(house, "arrivals", arrivals.path, point)
    assert len(run(house, arrivals, owner="here:8").uncertain) == uncertain
    assert Counter(states(house))["sent"] == 3 - uncertain
    assert max(Counter(arrivals.addresses).values()) == 1


def test_a_claim_of_another_host_is_left_alone_for_its_lease(house, arrivals):
    killed(house, "arrivals", arrivals.path, "commit:6")
    assert [message.code for message in run(house, arrivals, owner="there:8").not_sent] == ["waiting"] * 3
    assert len(run(house, arrivals, owner="there:8", later=timedelta(minutes=11)).sent) == 3


def test_one_taken_for_dead_may_still_say_it_sent(house, arrivals):
    run(house, Arrivals(arrivals.path, error=ChannelDownError("down")))

    class Slow(Arrivals):
        def send(self, mail):
            super().send(mail)
            deliver(courier_for(house, arrivals, owner="there:8", later=timedelta(minutes=11)), TODAY)

    deliver(courier_for(house, Slow(arrivals.path)), TODAY)
    assert states(house) == ["sent"] * 3
    assert max(Counter(arrivals.addresses).values()) == 1


def test_a_broken_channel_leaves_messages_untouched(house, arrivals):
    arrivals.error = ChannelDownError("连不上")
    report = run(house, arrivals)
    assert states(house) == ["pending"] * 3
    assert [message.attempts for message in messages(house)] == [0] * 3
    assert {message.reason for message in report.not_sent} == {"连不上"}
    with house.session() as session:
        assert len(session.exec(select(Delivery)).all()) == 1


def test_passing_errors_wait_longer_each_time_and_end(house, arrivals):
    arrivals.error = DeliveryError("451 稍后再试")
    run(house, arrivals)
    waits = []
    for _attempt in range(MAX_ATTEMPTS):
        first = messages(house)[0]
        waits.append(first.next_attempt_at and (first.next_attempt_at - noon(TODAY)).total_seconds() / 60)
        later = timedelta(minutes=waits[-1] or 0)
        assert deliver(courier_for(house, arrivals, later=later - timedelta(seconds=1)), TODAY).postponed == []
        deliver(courier_for(house, arrivals, later=later), TODAY)
    assert waits == [5, 15, 35, 75, 155, None]
    assert states(house) == ["failed"] * 3
    assert messages(house)[0].error == "451 稍后再试"


def test_a_permanent_error_fails_at_once_and_can_be_put_right(house, arrivals):
    arrivals.error = DeliveryError("550 没有此人", permanent=True)
    report = run(house, arrivals)
    assert [message.code for message in report.not_sent] == ["failed"] * 3
    arrivals.error = None
    assert run(house, arrivals).notes[-1].startswith("此前有 3 封消息发送失败（消息 1、2、3）")
    with house.session() as session:
        contact = session.get(Contact, 1)
        contact.address = "new@example.cn"
        keep(session, contact)
        resend_message(session, 1, NOW)
    run(house, arrivals)
    assert arrivals.addresses == ["new@example.cn"]


def test_a_bug_in_one_message_does_not_stop_the_others(house, arrivals):
    class Buggy(Arrivals):
        def send(self, mail):
            if mail.id == 2:
                raise ZeroDivisionError
            super().send(mail)

    report = run(house, Buggy(arrivals.path))
    assert states(house) == ["sent", "uncertain", "sent"]
    assert "ZeroDivisionError" in report.uncertain[0].reason


def test_only_uncertain_and_failed_messages_are_resent(house, arrivals):
    run(house, arrivals)
    with house.session() as session, pytest.raises(DubanError, match="not-to-resend"):
        resend_message(session, 1, NOW)


def test_each_attempt_is_a_row(house, arrivals):
    run(house, arrivals)
    with house.session() as session:
        rows = session.exec(select(Delivery.message_id, Delivery.outcome).order_by(Delivery.id)).all()
    assert rows == [(1, "sent"), (2, "sent"), (3, "sent")]


def test_threads_of_one_process_do_not_double(house, arrivals):
    run(house, Arrivals(arrivals.path, error=ChannelDownError("down")))
    threads = [threading.Thread(target=deliver, args=(courier_for(house, arrivals, owner=f"h{n}:1"), TODAY)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(arrivals.addresses) == ["u0@example.cn", "u1@example.cn", "u2@example.cn"]


def test_every_state_of_a_message_is_reported(house, arrivals):
    run(house, arrivals)
    for state in MessageState:
        with house.session() as session:
            message = session.get(Message, 1)
            message.state = state
            session.add(message)
        report = run(house, Arrivals(arrivals.path, error=ChannelDownError("down")), owner="elsewhere:1")
        listed = [m.message_id for m in (*report.sent, *report.not_sent, *report.uncertain)]
        assert (1 in listed) == (state not in (MessageState.SENT, MessageState.FAILED, MessageState.BOUNCED))
