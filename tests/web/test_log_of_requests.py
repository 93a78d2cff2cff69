"""The whole log of a day's work with marked names, texts and secrets: every request is in it, and not one of the marks."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models.account import AccountRole as R
from runtime.clock import now
from runtime.database import transaction
from runtime.jobs import job_named, moment_on, run_here
from runtime.logs import start_logging
from runtime.settings import read_settings
from services.units import NewUnit, register_units
from tests import builders
from tests.databases import KIND
from tests.web.conftest import Home
from tests.web.guests import Guest, account_of, logged_in

MARK = "标记甲"
LATIN = "markedperson"
MARKS = (MARK, LATIN)


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root, level = logging.getLogger(), logging.getLogger("duban").level
    handlers, place = list(root.handlers), tmp_path / "duban.log"
    start_logging(read_settings(home=tmp_path, log="json", log_file=place, log_level="debug"))
    yield place
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers = handlers
    logging.getLogger("duban").setLevel(level)


def marked(home: Home) -> Guest:
    """Somebody whose name and unit are marked."""
    with transaction(home.context.engine) as session:
        (unit,) = register_units(session, [NewUnit(f"{MARK}局")], builders.occasion(day=builders.FOUNDED_ON)).values()
        account_id = account_of(session, f"{LATIN}-{MARK}", R.UNIT, unit)
    with transaction(home.context.engine) as session:
        return logged_in(session, home.app, account_id)


def a_days_work(home: Home) -> None:
    person, unit, planner = marked(home), home.guests["unit"], home.guests["plan_office"]
    home.nobody.post("/log-in", {"name": f"{LATIN}", "password": f"{LATIN}-{MARK}-password"})
    person.get(f"/tasks?word={MARK}&other={LATIN}")
    person.get(f"/nowhere/{LATIN}")
    person.get(f"/calendar/{LATIN}.ics")
    unit.post("/tasks/1/acknowledge")
    unit.post("/tasks/1/report", {"value-1": "5", "text": f"由{MARK}办理，{LATIN}@kjt.example"})
    unit.post("/tasks/1/report", {"value-1": LATIN, "text": MARK}, headers={"User-Agent": LATIN, "Referer": f"http://127.0.0.1/{LATIN}"})
    files = [("evidence", (f"{LATIN}{MARK}.txt", MARK.encode(), "text/plain"))]
    unit.post("/tasks/1/report", {"value-1": "6", "text": MARK}, files=files)
    planner.post("/tasks/1/complete", {"basis": MARK})
    home.nobody.get("/api/v1/tasks/1", headers={"Authorization": f"Bearer {LATIN}"})
    with home.context.engine.begin() as connection:
        connection.execute(text("DROP TABLE reported_value"))
    with pytest.raises(Exception, match="reported_value"):
        unit.post("/tasks/1/report", {"value-1": "7", "text": f"{MARK} {LATIN}"})


def test_a_days_work_leaves_no_name_and_no_text_in_the_log(home: Home, log_file: Path) -> None:
    a_days_work(home)
    with pytest.raises(Exception, match="reported_value"):
        run_here(home.context, job_named("back-up"), moment_on(builders.TODAY, now()))
    told = log_file.read_text(encoding="utf-8")
    assert not [mark for mark in MARKS if mark in told]
    lines = [json.loads(line) for line in told.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert {(line["route"], line["status"]) for line in requests} >= {
        ("/tasks/{task_id:int}/report", 303),
        ("/tasks/{task_id:int}/report", 422),
        ("/tasks/{task_id:int}/report", 500),
        ("/calendar/{secret}.ics", 404),
        ("/api/v1/tasks/{task_id}", 401),
        ("none", 404),
    }
    assert all(line["ms"] >= 0 and len(line["request"]) == 16 for line in requests)
    (failed,) = (line for line in lines if line["event"] == "failed")
    (answered,) = (line for line in requests if line["status"] == 500)
    assert failed["request"] == answered["request"]
    assert {"sqlite": "OperationalError", "postgresql": "ProgrammingError"}[KIND] in failed["fault"]["kind"]
    assert any("services/" in place for place in failed["fault"]["at"])
    (job,) = (line for line in lines if line["event"] == "job")
    assert (job["flow"], job["state"], job["slot"]) == ("back-up", "failed", builders.TODAY.isoformat())
