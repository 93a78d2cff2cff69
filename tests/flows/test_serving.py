"""`duban serve` as a whole, in a process of its own: a schedule that never fires is the worst failure, since nothing complains."""

import re
import shutil
import signal
import socket
import sqlite3
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from flows.embedding import run_server
from models.notice import Message, MessageState
from models.publication import JobSlot, SlotState
from models.unit import Contact, Unit
from rules.calendar import is_working_day
from rules.errors import DubanError
from runtime.clock import now, today
from runtime.context import Context
from runtime.database import reading, transaction
from runtime.jobs import job_named, moment_on
from runtime.settings import read_settings
from runtime.submitting import submit
from services.job_slots import is_slot_done
from tests import builders
from tests.cli.running import Duban
from tests.flows.conftest import WEEK_BEFORE_DUE
from tests.flows.served import Served, free_port, is_group_alive, wait_for
from tests.notify.mail_server import Mailbox, mail_server

# What is waited for takes seconds on a quiet machine.
MOST_SECONDS = 240
PEOPLE = [f"lianluo{number}@kjt.example" for number in range(4)]
# Just after midnight: whenever the test runs, today's time has passed.
PASSED_CRON = "1 0 * * *"


def refused_start(home: Path) -> str:
    """Start a server that must not come up; return its one line."""
    outcome = Duban(home)("serve", DUBAN_PORT=str(free_port()))
    assert (outcome.code, outcome.out, len(outcome.err.splitlines())) == (1, "", 1)
    return outcome.err


@pytest.fixture
def house(home: Path, context: Context, plan: None, migrated_prefect: Path) -> Context:
    """A house whose lead unit has four contacts. Today's reminders are done, until three days have passed."""
    (home / "prefect").mkdir()
    shutil.copy(migrated_prefect, home / "prefect" / "prefect.db")
    with transaction(context.engine) as session:
        unit_id = session.exec(select(Unit.id).where(Unit.name == builders.SCIENCE)).one()
        session.add(JobSlot(flow="send-reminders", slot=today().isoformat(), state=SlotState.DONE, owner="one", started_at=now()))
        builders.keep(session, *(Contact(unit_id=unit_id, name=address[:8], address=address) for address in PEOPLE))
    return context


@pytest.mark.prefect
@pytest.mark.timeout(1200)
def test_a_killed_server_heals_itself_runs_its_schedule_and_stops_clean(home: Path, house: Context) -> None:
    with mail_server() as mailbox:
        chosen = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port), "SMTP_SECURITY": "none", "REMIND_CRON": PASSED_CRON}
        first = Served(home, **chosen, PREFECT_SERVER_UI_ENABLED="true")
        try:
            answers_as_it_should(first)
            mailbox.slow_seconds = 1.0
            killed = first.ask_for(WEEK_BEFORE_DUE)
            wait_for(lambda: mailbox.received.total(), MOST_SECONDS)
        finally:
            first.kill()
        mailbox.slow_seconds = 0
        let_three_days_pass(home, house)

        second = Served(home, **chosen, DELIVER_CRON="* * * * *")
        try:
            wait_for(lambda: second.get("/healthz").json()["status"] == "ok", MOST_SECONDS)
            the_past_is_settled(second, killed)
            one_slot_makes_one_run(second)
            each_got_one_digest(house, mailbox)
            assert wait_for(second.fired_run, MOST_SECONDS)["state_name"] in ("Completed", "Skipped")
            stops_clean(second)
        finally:
            second.kill()


def answers_as_it_should(served: Served) -> None:
    assert "登录" in wait_for(lambda: served.get("/log-in"), MOST_SECONDS).text
    assert served.get("/").headers["Location"] == "/log-in?next=/"
    assert served.get("/readyz").json()["checks"]["database"] == "ok"
    assert refused_start(served.home).startswith("error[already-serving]")

    wait_for(lambda: served.get("/prefect/api/health").status_code == 200, MOST_SECONDS)
    assert served.get("/prefect/api/flow_runs/count").status_code == 401
    assert served.get("/prefect/").status_code == 200
    assert served.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
    assert served.get("/prefect/api/health", headers={"Host": "elsewhere.example"}).status_code == 400
    wait_for(lambda: served.get("/healthz").json()["status"] == "ok", MOST_SECONDS)


def let_three_days_pass(home: Path, house: Context) -> None:
    """Set the clock forward where it cannot be set: the runs planned for the coming days are put back to the last three, and today is one without its slot."""
    with sqlite3.connect(home / "prefect" / "prefect.db") as prefect:
        columns = ("next_scheduled_start_time", "expected_start_time")
        back = ", ".join(f"{column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, '-4 days')" for column in columns)
        planned = "state_type = 'SCHEDULED' AND flow_id = (SELECT id FROM flow WHERE name = 'send-reminders')"
        assert prefect.execute(f"UPDATE flow_run SET {back} WHERE {planned}").rowcount >= 3
    with transaction(house.engine) as session:
        session.execute(delete(JobSlot).where(col(JobSlot.slot) == today().isoformat()))


def the_past_is_settled(served: Served, killed: str) -> None:
    """The run that was killed is over, the missed ones are cancelled, and one run makes up for today."""
    asked = {"flows": {"name": {"any_": ["send-reminders"]}}}
    runs = {run["id"]: run for run in served.api("/flow_runs/filter", asked)}
    assert runs[killed]["state_type"] == "CRASHED"
    missed = [run for run in runs.values() if run["auto_scheduled"] and run["state_type"] == "CANCELLED"]
    assert len({run["expected_start_time"] for run in missed}) == len(missed) >= 3

    [made_up] = (run for run in runs.values() if run["name"].startswith("make-up-"))
    assert made_up["parameters"] == {"as_of": today().isoformat()}
    ended = wait_for(partial(served.ended_run, made_up["id"]), MOST_SECONDS)
    assert ended["state_name"] == ("Completed" if is_working_day(today()) else "Skipped")
    waiting = served.api("/flow_runs/filter", {**asked, "flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}})
    assert waiting == []


def each_got_one_digest(house: Context, mailbox: Mailbox) -> None:
    """Nobody got two; whose message was being handed over when the server was killed is shown, and not guessed about."""
    with reading(house.engine) as session:
        assert is_slot_done(session, "send-reminders", WEEK_BEFORE_DUE.isoformat())
        messages = session.exec(select(Message).where(Message.day == WEEK_BEFORE_DUE)).all()
    states = Counter(message.state for message in messages)
    assert sorted(message.address for message in messages) == PEOPLE
    assert states[MessageState.SENT] + states[MessageState.UNCERTAIN] == len(PEOPLE)
    assert states[MessageState.UNCERTAIN] <= 1
    arrived = letters_of(mailbox, WEEK_BEFORE_DUE)
    assert max(arrived.values()) == 1
    assert {message.message_id for message in messages if message.state is MessageState.SENT} <= set(arrived)


def letters_of(mailbox: Mailbox, day: date) -> Counter[str]:
    """How often each message of a day arrived, by its Message-ID; other days' are another matter."""
    return Counter(re.findall(rf"^Message-ID: <({day:%Y%m%d}\.[^@]+)@", "".join(map(bytes.decode, mailbox.contents)), re.MULTILINE))


def one_slot_makes_one_run(served: Served) -> None:
    settings, when = read_settings(home=served.home, port=served.port), moment_on(WEEK_BEFORE_DUE, now())
    asked = [submit(settings, job_named("send-reminders"), when) for _time in range(2)]
    assert asked[0] is not None
    assert asked[1] is not None
    assert asked[0].run_id == asked[1].run_id
    assert wait_for(partial(served.ended_run, asked[0].run_id), MOST_SECONDS)["state_name"] == "Completed"


def stops_clean(served: Served) -> None:
    told = len(served.log.read_text())
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(60) == 0
    assert not is_group_alive(served.process.pid)
    assert "Traceback" not in served.log.read_text()[told:]


@pytest.mark.parametrize(
    ("host", "code"),
    [
        pytest.param("0.0.0.0", "open-address", id="every-address"),
        pytest.param("192.0.2.7", "open-address", id="an-outer-address"),
        pytest.param("example.org", "open-address", id="a-foreign-name"),
        pytest.param("127.0.0.1", "port-unusable", id="port-in-use"),
        pytest.param("::1", "port-unusable", id="port-in-use-ipv6"),
    ],
)
def test_an_address_that_cannot_be_served_is_refused(home: Path, host: str, code: str) -> None:
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    with socket.create_server(("::1" if host == "::1" else "127.0.0.1", 0), family=family) as taken:
        settings = read_settings(host=host, port=taken.getsockname()[1])
        with pytest.raises(DubanError) as refusal:
            run_server(settings, "web.app:create_app", lambda _address: None)
    assert refusal.value.code == code


def test_a_home_that_was_never_set_up_is_refused(tmp_path: Path) -> None:
    assert refused_start(tmp_path).startswith("error[database-outdated]")
