"""What else may go wrong while messages leave: the server, the robot, the clock, the database, the disk; and the other way out."""

import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event
from sqlmodel import select

from models.ledger import LedgerEntry
from models.notice import Delivery, Message, MessageState, Reminder
from models.unit import Contact
from notify.channel import DeliveryError, Routes
from notify.smtp import SmtpChannel, SmtpServer
from rules.errors import DubanError
from rules.rates import Rate
from rules.rule_set import DEFAULT_RULE_SET
from runtime import database
from runtime.database import open_engine
from services.due_lines import due_in_force
from services.ledger import first_break
from services.occasion import SYSTEM, Occasion
from services.outbox import deliver
from services.reminders import queue_reminders
from services.resending import resend_message
from tests.builders import keep
from tests.databases import KIND, KINDS, about_sqlite
from tests.homes import new_home, url_of
from tests.notify.mail_server import mail_server
from tests.services.outbox_fixtures import (
    TODAY,
    Arrivals,
    add_tasks,
    add_unit,
    add_units,
    courier_for,
    messages,
    noon,
    open_house,
    run,
    states,
)

NOW = Occasion(SYSTEM, TODAY, noon(TODAY))


# What Python alone decides is looked at on one kind of database.
in_one_house = pytest.mark.parametrize("house", [KIND], indirect=True)


@pytest.fixture(params=KINDS)
def house(request, tmp_path):
    if request.param == "sqlite":
        return filled(open_house(url_of(new_home(tmp_path))))
    engine = request.getfixturevalue("postgres_engine")
    # Written through another engine, which the fixture does not watch.
    request.getfixturevalue("postgres_opened").is_written = True
    return filled(open_house(engine.url.render_as_string(hide_password=False)))


@pytest.fixture
def home_house(tmp_path):
    return filled(open_house(url_of(new_home(tmp_path))))


@pytest.fixture
def arrivals(tmp_path):
    return Arrivals(tmp_path / "arrivals.txt")


def filled(house, number_of_units=3):
    add_units(house, {f"单位{number}": f"u{number}@example.cn" for number in range(number_of_units)})
    add_tasks(house, list(house.units))
    return house


def queue(house, routes):
    with house.session() as session:
        queue_reminders(session, NOW, routes, due_in_force(session, NOW.day, DEFAULT_RULE_SET), None)


def is_sound(house):
    with house.session() as session:
        return first_break(session) is None


def entries(house, act):
    with house.session() as session:
        return list(session.exec(select(LedgerEntry.after).where(LedgerEntry.act == act)))


def smtp(port, **server):
    return SmtpChannel(SmtpServer("127.0.0.1", port, "none", **server), "duban@example.cn")


def test_each_sent_message_is_entered_once_with_its_tasks(house, arrivals):
    run(house, arrivals)
    run(house, arrivals)
    (entry,) = entries(house, "deliver")
    at = noon(TODAY).isoformat()
    assert entry["messages"][0] == {"message": 1, "recipient": "contact-1", "channel": "arrivals", "at": at, "tasks": [1]}
    assert [said["message"] for said in entry["messages"]] == [1, 2, 3]
    assert all(message.is_entered for message in messages(house))
    assert is_sound(house)


in_lanes = pytest.mark.parametrize("connections", [1, 3])


@in_one_house
@in_lanes
def test_one_recipient_of_five_is_refused(house, connections):
    for number in (3, 4):
        add_unit(house, f"单位{number}", address=f"u{number}@example.cn")
        add_tasks(house, [f"单位{number}"])
    with mail_server() as mailbox:
        mailbox.rcpt["u3@example.cn"] = "550 no such user"
        report = run(house, smtp(mailbox.port, connections=connections))
    assert len(report.sent) == len(set(mailbox.contents)) == len(mailbox.contents) == 4
    assert [(message.code, message.address) for message in report.not_sent] == [("failed", "u3@example.cn")]


@in_lanes
def test_a_connection_cut_after_the_content_leaves_that_one_in_doubt(house, connections):
    with mail_server() as mailbox:
        mailbox.hang_up_in_data = True
        report = run(house, smtp(mailbox.port, connections=connections))
        assert len(run(house, smtp(mailbox.port), owner="here:2").uncertain) == 1
    assert (len(report.sent), len(report.uncertain)) == (2, 1)
    assert "交付途中连接中断" in report.uncertain[0].reason


@in_one_house
def test_a_robot_that_takes_a_few_a_minute(house, arrivals):
    clock = noon(TODAY)
    waited = []

    def pause(seconds):
        nonlocal clock
        waited.append(seconds)
        clock += timedelta(seconds=seconds)

    robot = replace(arrivals, rates=(Rate(2, 60.0),))
    queue(house, Routes(robot))
    courier = replace(courier_for(house, robot), now=lambda: clock, pause=pause)
    assert len(deliver(courier, TODAY).sent) == 3
    assert waited == [60.0]


def test_other_processes_count_for_the_rate(house, arrivals):
    robot = replace(arrivals, rates=(Rate(3, 60.0),))
    run(house, robot)
    add_unit(house, "另一单位", address="other@example.cn")
    add_tasks(house, ["另一单位"])
    clock = iter(noon(TODAY) + timedelta(seconds=59 + n / 10) for n in count())
    waited = []
    queue(house, Routes(robot))
    deliver(replace(courier_for(house, robot, owner="there:1"), now=lambda: next(clock), pause=waited.append), TODAY)
    assert len(waited) == 1 or 0 < sum(waited) < 3
    assert states(house) == ["sent"] * 4


@in_one_house
def test_rates_do_not_hold_a_run_for_ever(house, arrivals):
    slow = replace(arrivals, rates=(Rate(1, 3600.0),))
    report = run(house, slow)
    assert len(report.sent) == 1
    assert [message.code for message in report.not_sent] == ["waiting", "waiting"]
    assert len(run(house, slow, later=timedelta(hours=1)).sent) == 1


@in_one_house
def test_a_rate_forgets_what_was_handed_over_before_the_clock_was_put_back(house, arrivals):
    robot = replace(arrivals, rates=(Rate(1, 60.0),))
    run(house, replace(robot, rates=()), later=timedelta(days=3))
    add_unit(house, "另一单位", address="other@example.cn")
    add_tasks(house, ["另一单位"])
    assert len(run(house, robot).sent) == 1


@in_one_house
@pytest.mark.parametrize("jump", [timedelta(days=-10), timedelta(minutes=-30), timedelta(days=10)], ids=["far back", "back", "ahead"])
def test_a_clock_that_jumps_between_claim_and_lease(house, arrivals, jump):
    class Stuck(Arrivals):
        def send(self, _mail):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(house, Stuck(arrivals.path))
    report = run(house, arrivals, owner="there:1", later=jump)
    assert (len(report.sent), len(report.uncertain)) == (2, 1)
    assert len(arrivals.addresses) == 2


@in_one_house
def test_a_retry_is_not_forgotten_when_the_clock_is_put_back(house, arrivals):
    run(house, replace(arrivals, error=DeliveryError("451 later")))
    assert len(run(house, arrivals, later=timedelta(days=-10)).sent) == 3


@in_one_house
def test_ten_days_off_are_one_digest(house, arrivals):
    queue(house, Routes(arrivals))
    report = run(house, arrivals, day=TODAY + timedelta(days=11))
    assert sorted(arrivals.addresses) == [f"u{n}@example.cn" for n in range(3)]
    assert {message.day for message in messages(house)} == {TODAY + timedelta(days=11)}
    assert all(len(message.lines) > 1 for message in report.sent)


class Ways:
    """A house with mail and a robot `group`."""

    def __init__(self, house, arrivals, tmp_path, mail_error):
        self.mail = replace(arrivals, error=mail_error)
        self.robot = Arrivals(tmp_path / "robot.txt", name="wecom", needs_address=False)
        self.routes = Routes(self.mail, {"group": self.robot})
        with house.session() as session:
            contact = session.get(Contact, 1)
            contact.fallback_channel, contact.fallback_address = "group", "13900000000"
            keep(session, contact)


def test_what_fails_for_good_goes_the_other_way_once(house, arrivals, tmp_path):
    ways = Ways(house, arrivals, tmp_path, DeliveryError("550 gone", permanent=True))
    queue(house, ways.routes)
    report = deliver(courier_for(house, ways.routes), TODAY)
    assert (report.failed, report.replaced, report.sent) == ([1, 2, 3], {1: 4}, [4])
    assert ways.robot.addresses == ["13900000000"]
    first, second = messages(house)[0], messages(house)[3]
    assert (second.instead_of_id, second.channel, second.text, second.state) == (1, "wecom", first.text, MessageState.SENT)
    assert second.message_id != first.message_id
    assert entries(house, "fall-back")[0] == {"message": 4, "instead_of": 1, "recipient": "contact-1", "channel": "wecom", "tasks": [1]}
    with house.session() as session:
        assert len(session.exec(select(Reminder).where(Reminder.message_id == 4)).all()) == 2
        resend_message(session, 1, NOW)
    deliver(courier_for(house, ways.routes), TODAY)
    assert len(ways.robot.addresses) == 1
    assert is_sound(house)


def test_passing_errors_go_the_other_way_in_the_end(house, arrivals, tmp_path):
    ways = Ways(house, arrivals, tmp_path, DeliveryError("451 later"))
    queue(house, ways.routes)
    for hours in range(0, 12, 2):
        assert not ways.robot.addresses
        deliver(courier_for(house, ways.routes, later=timedelta(hours=hours)), TODAY)
    assert len(ways.robot.addresses) == 1


def test_a_failed_other_way_is_the_end(house, arrivals, tmp_path):
    ways = Ways(house, arrivals, tmp_path, DeliveryError("550 gone", permanent=True))
    ways.robot.error = DeliveryError("93000 invalid", permanent=True)
    queue(house, ways.routes)
    assert deliver(courier_for(house, ways.routes), TODAY).failed == [1, 2, 3, 4]
    assert len(messages(house)) == 4


ONE_WRITER = "one writer at a time, by a lock on the file; who waits on PostgreSQL is told in tests/runtime/test_database.py"


@contextmanager
def held_by_another(house, seconds):
    """Let another connection hold the write lock for so long."""
    other = sqlite3.connect(house.engine.url.database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, lambda: other.execute("ROLLBACK"))
    timer.start()
    yield
    timer.join()
    other.close()


@about_sqlite(ONE_WRITER)
def test_a_database_held_by_another_is_waited_for(home_house, arrivals, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    house = replace(home_house, engine=open_engine(str(home_house.engine.url)))
    queue(house, Routes(arrivals))

    class Slow(Arrivals):
        def send(self, mail):
            super().send(mail)
            if mail.id == 2:
                self.lock = held_by_another(house, 0.5)
                self.lock.__enter__()

    channel = Slow(arrivals.path)
    courier = replace(courier_for(house, channel), pause=lambda _seconds: threading.Event().wait(0.2))
    assert deliver(courier, TODAY).sent == [1, 2, 3]
    channel.lock.__exit__(None, None, None)
    house.engine.dispose()


@about_sqlite(ONE_WRITER)
def test_a_database_held_for_too_long_ends_the_run_with_a_clear_error(home_house, arrivals, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 10)
    house = replace(home_house, engine=open_engine(str(home_house.engine.url)))
    queue(house, Routes(arrivals))
    with held_by_another(house, 0.5), pytest.raises(DubanError) as refused:
        deliver(courier_for(house, arrivals), TODAY)
    house.engine.dispose()
    assert refused.value.code == "database-busy"
    assert len(run(home_house, arrivals, owner="here:2").sent) == 3


def in_little_room(house, pages):
    """Return the house in a database that can grow by so many pages."""
    engine = open_engine(str(house.engine.url))

    def limit(connection, _record):
        count = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {count + pages}")

    event.listen(engine, "connect", limit)
    return replace(house, engine=engine)


@about_sqlite("SQLite alone can be told how many pages there may be")
@pytest.mark.parametrize("pages", range(4))
def test_a_full_database_leaves_nothing_half_written(tmp_path, arrivals, pages):
    house = filled(open_house(url_of(new_home(tmp_path))), 60)
    queue(house, Routes(arrivals))
    little = in_little_room(house, pages)
    with pytest.raises(DubanError) as refused:
        deliver(courier_for(little, arrivals), TODAY)
    little.engine.dispose()
    assert refused.value.code == "database-full"
    arrived = {f"u{message.id - 1}@example.cn" for message in messages(house) if message.state is MessageState.SENT}
    assert arrived <= set(arrivals.addresses)
    report = run(house, arrivals, owner="here:2")
    assert len(report.uncertain) <= 1
    assert len(set(arrivals.addresses)) == len(arrivals.addresses) >= 60 - len(report.uncertain)
    assert is_sound(house)


def test_a_disk_that_fills_up_after_handing_over_is_seen_afterwards(home_house, arrivals):
    house = home_house
    queue(house, Routes(arrivals))
    is_full = False

    @contextmanager
    def with_a_full_disk():
        if is_full:
            raise DubanError("database-full", "full")
        with house.session() as session:
            yield session

    class Filling(Arrivals):
        def send(self, mail):
            nonlocal is_full
            super().send(mail)
            is_full = mail.id == 2

    with pytest.raises(DubanError, match="database-full"):
        deliver(replace(courier_for(house, Filling(arrivals.path)), open_transaction=with_a_full_disk), TODAY)
    report = run(house, arrivals, owner="here:2")
    assert [message.message_id for message in report.uncertain] == [2]
    assert len(arrivals.addresses) == 3
    with house.session() as session:
        assert len(session.exec(select(Delivery).where(Delivery.message_id == 2)).all()) == 1


def test_a_bounced_message_may_be_resent(house, arrivals):
    run(house, arrivals)
    with house.session() as session:
        message = session.get(Message, 1)
        message.state = MessageState.BOUNCED
        session.add(message)
    with house.session() as session:
        resend_message(session, 1, NOW)
    run(house, arrivals)
    assert arrivals.addresses.count("u0@example.cn") == 2
    assert [[said["message"] for said in entry["messages"]] for entry in entries(house, "deliver")] == [[1, 2, 3], [1]]
