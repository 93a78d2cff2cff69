"""The life of a served office, in a process of its own so that it can be cut off from every network.

Run as a module with the office's folder and the URL of its database: `duban serve` is killed in the middle of a run, heals itself, runs its schedule, and meanwhile the office does a day's work.
"""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import col, select

from models.notice import Message, MessageState
from models.publication import JobSlot
from rules.calendar import is_working_day
from runtime.clock import now, today
from runtime.context import Context, open_context
from runtime.database import reading, transaction
from runtime.jobs import job_named, moment_on
from runtime.settings import read_settings
from runtime.submitting import submit
from services.job_slots import is_slot_done
from tests.cli.running import Duban
from tests.flows.served import WEEK_BEFORE_DUE, Served, environment, free_port, is_group_alive, wait_for
from tests.notify.mail_server import Mailbox, mail_server

# What is waited for takes seconds on a quiet machine.
MOST_SECONDS = 240
OVERDUE = "2014-01-02"
PEOPLE = [f"lianluo{number}@kjt.example" for number in range(4)]
# Just after midnight: whenever the test runs, today's time has passed.
PASSED_CRON = "1 0 * * *"


def live(home: Path, database_url: str) -> None:
    """Live through it all; whatever does not go as it should is an AssertionError, after the server's last lines."""
    try:
        with mail_server() as mailbox:
            _live(home, database_url, mailbox)
    except BaseException:
        sys.stderr.write((home / "serve.log").read_text()[-3000:])
        raise


def _live(home: Path, database_url: str, mailbox: Mailbox) -> None:
    chosen = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port), "SMTP_SECURITY": "none", "REMIND_CRON": PASSED_CRON}
    kept = spoil_prefects_database(home)
    first = Served(home, database_url, **chosen, PREFECT_SERVER_UI_ENABLED="true")
    try:
        wait_for(lambda: first.get("/healthz").json()["scheduler"] == "degraded", MOST_SECONDS)
        kept.replace(home / "prefect" / "prefect.db")
        answers_as_it_should(first)
        mailbox.slow_seconds = 1.0
        killed = first.ask_for(WEEK_BEFORE_DUE)
        wait_for(lambda: mailbox.received.total(), MOST_SECONDS)
    finally:
        first.kill()
    mailbox.slow_seconds = 0
    with open_context(read_settings(home=home, database_url=database_url)) as house:
        let_three_days_pass(home, house)
        second = Served(home, database_url, **chosen, DELIVER_CRON="* * * * *")
        try:
            wait_for(lambda: second.get("/healthz").json()["status"] == "ok", MOST_SECONDS)
            the_past_is_settled(second, killed)
            one_slot_makes_one_run(second)
            each_got_one_digest(house, mailbox)
            assert wait_for(second.fired_run, MOST_SECONDS)["state_name"] in ("Completed", "Skipped")
            the_office_works(second)
            stops_clean(second)
        finally:
            second.kill()


def spoil_prefects_database(home: Path) -> Path:
    """Put something else in the place of the database, and return where it is kept."""
    database = home / "prefect" / "prefect.db"
    kept = database.rename(database.with_name("kept"))
    database.write_text("words, and no database")
    return kept


def answers_as_it_should(served: Served) -> None:
    assert "登录" in wait_for(lambda: served.get("/log-in"), MOST_SECONDS).text
    assert served.get("/").headers["Location"] == "/log-in?next=/"
    assert served.get("/readyz").json()["checks"]["database"] == "ok"
    refused = Duban(served.home)("serve", DUBAN_PORT=str(free_port()), DUBAN_DATABASE_URL=served.database_url)
    assert (refused.code, refused.out, refused.err.startswith("error[already-serving]")) == (1, "", True), refused

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
        put_back = prefect.execute(f"UPDATE flow_run SET {back} WHERE {planned}").rowcount
    assert put_back >= 3, put_back
    with transaction(house.engine) as session:
        session.execute(delete(JobSlot).where(col(JobSlot.slot) == today().isoformat()))


def the_past_is_settled(served: Served, killed: str) -> None:
    """The run that was killed is over, the missed ones are cancelled, and one run makes up for today."""
    asked = {"flows": {"name": {"any_": ["send-reminders"]}}}
    runs = {run["id"]: run for run in served.api("/flow_runs/filter", asked)}
    assert runs[killed]["state_type"] == "CRASHED", runs[killed]
    missed = [run for run in runs.values() if run["auto_scheduled"] and run["state_type"] == "CANCELLED"]
    assert len({run["expected_start_time"] for run in missed}) == len(missed) >= 3, missed

    [made_up] = (run for run in runs.values() if run["name"].startswith("make-up-"))
    assert made_up["parameters"] == {"as_of": today().isoformat()}, made_up
    ended = wait_for(partial(served.ended_run, made_up["id"]), MOST_SECONDS)
    assert ended["state_name"] == ("Completed" if is_working_day(today()) else "Skipped"), ended
    waiting = served.api("/flow_runs/filter", {**asked, "flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}})
    assert waiting == []


def one_slot_makes_one_run(served: Served) -> None:
    """However a run is asked for again, it is the one that there is. A server that does not answer within half a second counts as none, so it is asked until it does."""
    settings, when = read_settings(home=served.home, port=served.port), moment_on(WEEK_BEFORE_DUE, now())
    run_id = wait_for(lambda: submit(settings, job_named("send-reminders"), when), MOST_SECONDS).run_id
    ended = wait_for(partial(served.ended_run, run_id), MOST_SECONDS)
    assert ended["state_name"] == "Completed", ended
    command = ("flows", "run", "send-reminders", "--as-of", WEEK_BEFORE_DUE.isoformat(), "--json")
    assert wait_for(lambda: json.loads(done(served, *command)).get("run"), MOST_SECONDS) == run_id


def each_got_one_digest(house: Context, mailbox: Mailbox) -> None:
    """Nobody got two; whose message was being handed over when the server was killed is shown, and not guessed about."""
    with reading(house.engine) as session:
        assert is_slot_done(session, "send-reminders", WEEK_BEFORE_DUE.isoformat())
        messages = session.exec(select(Message).where(Message.day == WEEK_BEFORE_DUE)).all()
    states = Counter(message.state for message in messages)
    assert sorted(message.address for message in messages) == PEOPLE
    assert states[MessageState.SENT] + states[MessageState.UNCERTAIN] == len(PEOPLE), states
    assert states[MessageState.UNCERTAIN] <= 1, states
    arrived = letters_of(mailbox, WEEK_BEFORE_DUE)
    assert max(arrived.values()) == 1, arrived
    assert {message.message_id for message in messages if message.state is MessageState.SENT} <= set(arrived), arrived


def letters_of(mailbox: Mailbox, day: date) -> Counter[str]:
    """How often each message of a day arrived, by its Message-ID; other days' are another matter."""
    return Counter(re.findall(rf"^Message-ID: <({day:%Y%m%d}\.[^@]+)@", "".join(map(bytes.decode, mailbox.contents)), re.MULTILINE))


def the_office_works(served: Served) -> None:
    """Remind in a process of its own, as people do, and write the bulletin on paper; with no mail server, letters lie in the outbox."""
    by_the_office = ("--as", "office", "--on", OVERDUE)
    given = environment(served.home, served.port, DATABASE_URL=served.database_url)
    subprocess.run([sys.executable, "-m", "cli.main", *by_the_office, "remind"], env=given, check=True, timeout=MOST_SECONDS)
    for face in ("docx", "pdf"):
        done(served, *by_the_office, "bulletin", "2013Q4", "-o", str(served.home / f"bulletin.{face}"))


def done(served: Served, *arguments: str) -> str:
    """Run a command in this process and return what it says; a failed one is the end."""
    outcome = Duban(served.home)(*arguments, DUBAN_PORT=str(served.port), DUBAN_DATABASE_URL=served.database_url)
    assert outcome.code == 0, outcome.err
    return outcome.out


def stops_clean(served: Served) -> None:
    told = len(served.log.read_text())
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(60) == 0
    assert not is_group_alive(served.process.pid)
    assert "Traceback" not in served.log.read_text()[told:]


if __name__ == "__main__":
    live(Path(sys.argv[1]), sys.argv[2])
