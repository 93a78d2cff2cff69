"""Several workers on a Prefect server of the house's own: one is killed in the middle of its work, another takes it up, and everybody gets one digest.

Alone in its file, since it starts a server, a database and two workers.
"""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import col, select

from models.notice import Message, MessageState
from models.plan import Plan
from models.publication import JobSlot, SlotState
from models.unit import Contact, Unit
from runtime.database import reading, transaction
from runtime.processes import is_gone
from services.rule_sets import adopt_rule_set
from services.verifying import verify
from tests import builders
from tests.cli.running import Duban
from tests.databases import is_waited_in
from tests.flows.prefect_server import PrefectServer, prefect_server
from tests.flows.served import NEVER, WEEK_BEFORE_DUE, environment, free_port, wait_for
from tests.notify.mail_server import mail_server

OURS = ("DUBAN_", "PREFECT_")
# What is waited for takes seconds on a quiet machine.
MOST_SECONDS = 240
PEOPLE = [f"lianluo{number}@kjt.example" for number in range(4)]


@pytest.fixture
def house(postgres_engine: Engine) -> Engine:
    """A house on PostgreSQL whose lead unit has four contacts, and which sends at any hour."""
    with transaction(postgres_engine) as session:
        people = builders.people(session)
        builders.issued(session, people.office)
        adopt = {"version": "any-hour", "sending_from": 0, "sending_until": 24}
        adopt_rule_set(session, adopt, date(2013, 1, 4), builders.on(date(2013, 1, 4), people.supervisor))
        unit_id = session.exec(select(Unit.id).where(Unit.name == builders.SCIENCE)).one()
        builders.keep(session, *(Contact(unit_id=unit_id, name=address[:8], address=address) for address in PEOPLE))
    return postgres_engine


@pytest.mark.prefect
@pytest.mark.timeout(1200)
def test_a_killed_workers_chunk_is_taken_up_by_another(house: Engine, migrated_prefect: Path, tmp_path: Path) -> None:
    with mail_server() as mailbox, prefect_server(tmp_path, migrated_prefect) as server:
        chosen = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mailbox.port), "SMTP_SECURITY": "none", "REMIND_CRON": NEVER}
        chosen |= {"COLLECT_CRON": "* * * * *", "PREFECT_WORKER_QUERY_SECONDS": "2"}
        url = house.url.render_as_string(hide_password=False)
        given = environment(tmp_path, free_port(), DATABASE_URL=url, **chosen) | server.environment
        deploy(server, tmp_path, given)
        workers = {name: start_worker(given, tmp_path, name) for name in ("first", "second")}
        try:
            run_id, dead = killed_in_its_chunk(house, server, workers)
            again = wait_for(lambda: taken_up(server, run_id), MOST_SECONDS)
            ended = wait_for(lambda: ended_run(server, again), MOST_SECONDS)
            assert (ended["state_name"], ended["parameters"]["as_of"]) == ("Completed", WEEK_BEFORE_DUE.isoformat())
            assert ended_run(server, run_id)["state_type"] == "CRASHED"
            each_got_one_digest(house, mailbox.contents)
            assert wait_for(lambda: scheduled_run(server), MOST_SECONDS)["state_name"] == "Completed"
            assert names_of_tasks(server, again) == ["chunk-1", "remind-units"]
            stops_clean(workers[next(name for name in workers if name != dead)])
            assert runs(server, {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}) == []
        finally:
            for worker in workers.values():
                kill(worker)


def deploy(server: PrefectServer, home: Path, given: Mapping[str, str]) -> None:
    with server.in_this_process():
        done = Duban(home)(
            "flows", "deploy", "--pool", "office", "--json", **{name: given[name] for name in given if name.startswith(OURS)}
        )
    assert len(json.loads(done.out)["deployments"]) == 7, done.err


def start_worker(given: Mapping[str, str], home: Path, name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cli.main", "flows", "worker", "--pool", "office", "--name", name, "--limit", "1"]
    with (home / f"{name}.log").open("w") as log:
        return subprocess.Popen(command, env=given, cwd=home, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def killed_in_its_chunk(house: Engine, server: PrefectServer, workers: Mapping[str, subprocess.Popen[bytes]]) -> tuple[str, str]:
    """Ask for a run, hold it up in its first chunk, and kill it there with its worker and all that this started, as a power cut would."""
    deployment: Any = server.ask("/deployments/name/send-reminders/daily-on-pool")
    with house.connect() as holder, holder.begin():
        holder.execute(sa.select(col(Plan.id)).with_for_update())
        asked: Any = server.ask(f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"as_of": WEEK_BEFORE_DUE.isoformat()}})
        owner = wait_for(lambda: owner_of_slot(house), MOST_SECONDS)
        number = int(owner.split(":")[1])
        wait_for(lambda: is_waited_in(house), MOST_SECONDS)
        [name] = [name for name, worker in workers.items() if worker.pid in ancestors(number)]
        groups = {os.getpgid(number), workers[name].pid}
        for group in groups:
            os.killpg(group, signal.SIGKILL)
        workers[name].wait()
        wait_for(lambda: is_gone(owner), MOST_SECONDS)
    return asked["id"], name


def owner_of_slot(house: Engine) -> str | None:
    with reading(house) as session:
        return session.exec(select(JobSlot.owner).where(JobSlot.flow == "send-reminders", JobSlot.state == SlotState.RUNNING)).one_or_none()


def ancestors(number: int) -> Iterator[int]:
    while number > 1:
        yield number
        number = int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])


def runs(server: PrefectServer, asked: dict[str, object]) -> list[dict[str, Any]]:
    found: Any = server.ask("/flow_runs/filter", asked)
    return [dict(run) for run in found]


def taken_up(server: PrefectServer, run_id: str) -> str | None:
    """Return the run that takes up the dead one: there is one, whoever found it."""
    found = [run for run in runs(server, {"flows": {"name": {"any_": ["send-reminders"]}}}) if run["idempotency_key"] == f"again-{run_id}"]
    assert len(found) <= 1
    return found[0]["id"] if found else None


def ended_run(server: PrefectServer, run_id: str) -> dict[str, Any] | None:
    run: Any = server.ask(f"/flow_runs/{run_id}")
    return dict(run) if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None


def scheduled_run(server: PrefectServer) -> dict[str, Any] | None:
    """Return a run that a schedule started and that ended: a schedule that never fires is the silent fault."""
    ended = runs(server, {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED"]}}}})
    return next((run for run in ended if run["auto_scheduled"]), None)


def names_of_tasks(server: PrefectServer, run_id: str) -> list[str]:
    """Return the run's tasks by name, which the server writes down a little later."""

    def recorded() -> list[str] | None:
        found: Any = server.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
        return sorted(re.sub(r"-\w{3}$", "", run["name"]) if run["name"].startswith("remind") else run["name"] for run in found) or None

    return list(wait_for(lambda: names if (names := recorded()) and len(names) > 1 else None, MOST_SECONDS))


def each_got_one_digest(house: Engine, contents: list[bytes]) -> None:
    with reading(house) as session:
        messages = session.exec(select(Message)).all()
        assert verify(session).is_whole
        slot = session.exec(select(JobSlot).where(JobSlot.flow == "send-reminders")).one()
    assert (slot.slot, slot.state) == (WEEK_BEFORE_DUE.isoformat(), SlotState.DONE)
    assert sorted(message.address for message in messages) == PEOPLE
    assert {message.state for message in messages} == {MessageState.SENT}
    arrived = Counter(re.findall(r"^Message-ID: <([^@]+)@", "".join(map(bytes.decode, contents)), re.MULTILINE))
    assert arrived == {message.message_id: 1 for message in messages}


def stops_clean(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0


def kill(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
