"""What watches the machine: alive, ready, in figures, and with a number for every request."""

import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from models.publication import JobSlot, SlotState
from runtime.clock import now
from runtime.context import Context
from runtime.database import open_engine, transaction
from runtime.flow_board import BoardView, FlowBoard, SchedulerState
from runtime.jobs import JOBS
from runtime.settings import read_settings
from services.store import Store
from tests.homes import url_of
from tests.web.conftest import Home
from tests.web.guests import Guest
from web.app import create_app
from web.measured import Measured
from web.metrics import Metrics

TOKEN = "a-token-for-monitoring"


def lost_database(context: Context) -> Context:
    return replace(context, engine=open_engine(url_of(context.settings.home / "empty")))


def old_database(context: Context) -> Context:
    with context.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    return context


def lost_store(context: Context) -> Context:
    (context.settings.home / "file").write_text("")
    broken = replace(context)
    broken.__dict__["store"] = Store(context.settings.home / "file" / "store")
    return broken


READY = {"database": "ok", "store": "ok", "scheduler": "ok"}
TROUBLES: dict[str, tuple[Callable[[Context], Context], SchedulerState, dict[str, str]]] = {
    "none": (lambda context: context, SchedulerState.READY, {}),
    "no-schedule-wanted": (lambda context: context, SchedulerState.OFF, {"scheduler": "off"}),
    "schedule-starting": (lambda context: context, SchedulerState.STARTING, {"scheduler": "starting"}),
    "schedule-degraded": (lambda context: context, SchedulerState.DEGRADED, {"scheduler": "degraded"}),
    "database": (lost_database, SchedulerState.READY, {"database": "database-outdated"}),
    "old-database": (old_database, SchedulerState.READY, {"database": "database-outdated"}),
    "store": (lost_store, SchedulerState.READY, {"store": "store-unreachable"}),
}


@pytest.mark.parametrize("case", list(TROUBLES))
def test_readiness_names_what_is_wrong_and_life_goes_on(home: Home, case: str) -> None:
    spoil, state, wrong = TROUBLES[case]
    board = FlowBoard()
    board.show(BoardView(state))
    context = spoil(home.context)
    guest = Guest(create_app(context, board))
    answer = guest.get("/readyz")
    assert answer.json()["checks"] == {**READY, **wrong}
    assert (answer.status_code, answer.json()["status"]) == (
        (200, "ready") if case in ("none", "no-schedule-wanted") else (503, "not-ready")
    )
    assert str(context.settings.home) not in answer.text
    assert guest.get("/healthz").status_code == 200
    context.engine.dispose()


def figures(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name, tuple(value for name, value in sorted(sample.labels.items()) if name != "le")] = sample.value
    return found


def test_the_figures_tell_of_requests_and_of_the_house(home: Home) -> None:
    with transaction(home.context.engine) as session:
        session.add(JobSlot(flow="back-up", slot="2013-01-01", state=SlotState.DONE, owner="one", started_at=now(), finished_at=now()))
        session.add(
            JobSlot(flow="seal-ledger", slot="2013-01-01", state=SlotState.FAILED, owner="one", started_at=now(), finished_at=now())
        )
    unit = home.guests["unit"]
    unit.get("/tasks/1")
    unit.get("/tasks/1")
    unit.get("/tasks/999?word=secret")
    home.nobody.get("/no/such/page")
    home.nobody.get("/static/duban.css")
    home.nobody.get("/api/v1/tasks/1")
    told = figures(home.nobody.get("/metrics").text)
    counted = {labels: value for (name, labels), value in told.items() if name == "duban_http_requests_total"}
    assert counted == {
        ("GET", "/tasks/{task_id:int}", "200"): 2,
        ("GET", "/tasks/{task_id:int}", "404"): 1,
        ("GET", "none", "404"): 1,
        ("GET", "/static", "200"): 1,
        ("GET", "/api/v1/tasks/{task_id}", "401"): 1,
    }
    assert told["duban_http_request_seconds_count", ("GET", "/tasks/{task_id:int}")] == 3
    assert told["duban_database_up", ()] == 1
    assert told["duban_tasks_overdue", ()] > 0
    assert told["duban_acts_total", ("issue-plan",)] == 1
    acts = sum(value for (name, _labels), value in told.items() if name == "duban_acts_total")
    assert acts == told["duban_ledger_entries", ()] > 10
    assert told["duban_flow_last_success_timestamp_seconds", ("back-up",)] > 1e9
    assert told["duban_ledger_verified", ()] == 0
    assert ("process_resident_memory_bytes", ()) in told


def test_acts_are_counted_on_from_where_the_last_count_ended(home: Home) -> None:
    from services.house_figures import ActTally

    tally = ActTally()
    with transaction(home.context.engine) as session:
        before = dict(tally.count_on(session))
    home.guests["unit"].post("/tasks/1/acknowledge")
    with transaction(home.context.engine) as session:
        grown = dict(tally.count_on(session))
        assert {act: count - before.get(act, 0) for act, count in grown.items() if count != before.get(act, 0)} == {"acknowledge": 1}
        assert dict(ActTally().count_on(session)) == grown
        assert dict(tally.count_on(session)) == grown


READERS = {
    "this machine": ({}, "127.0.0.1", 200),
    "a proxy on this machine": ({"X-Forwarded-For": "10.0.0.9"}, "127.0.0.1", 401),
    "another machine": ({}, "10.0.0.9", 401),
    "another machine with the token": ({"Authorization": f"Bearer {TOKEN}"}, "10.0.0.9", 200),
    "another machine with another token": ({"Authorization": "Bearer another-token-of-length"}, "10.0.0.9", 401),
    "another machine with a password": ({"Authorization": f"Basic {TOKEN}"}, "10.0.0.9", 401),
}


@pytest.mark.parametrize("case", list(READERS))
@pytest.mark.parametrize("token", [TOKEN, None])
def test_the_figures_are_for_this_machine_and_for_who_has_the_token(quiet_home: Home, case: str, token: str | None) -> None:
    headers, address, status = READERS[case]
    settings = read_settings(home=quiet_home.context.settings.home, metrics_token=token)
    app = create_app(replace(quiet_home.context, settings=settings), FlowBoard())

    async def from_there(scope, receive, send):
        await app({**scope, "client": (address, 5000)}, receive, send)

    assert Guest(from_there).get("/metrics", headers=headers).status_code == (401 if token is None and address != "127.0.0.1" else status)


def test_labels_stay_few_whatever_is_asked(quiet_home: Home) -> None:
    guest = Guest(create_app(quiet_home.context, FlowBoard()))
    for number in range(30):
        guest.ask("GET", f"/nowhere/{number}?name={number}")
        guest.ask(f"ODD{number}", "/tasks")
        guest.ask("GET", f"/calendar/secret-{number}.ics")
    labels = {labels for name, labels in figures(guest.get("/metrics").text) if name == "duban_http_requests_total"}
    assert len(labels) == 3
    assert not any("secret-" in part for of_one in labels for part in of_one)


def test_a_fault_page_shows_the_number_that_the_answer_carries(home: Home) -> None:
    answer = home.guests["unit"].get("/tasks/999", headers={"Accept": "text/html", "X-Request-ID": "chosen-by-a-visitor"})
    number = answer.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", number)
    assert f"编号 {number}" in answer.text


PROXIED = {
    "of the proxy": ("10.0.0.9", 0, "7f3a-00c1.proxy", "7f3a-00c1.proxy"),
    "of a visitor": ("10.0.0.9", 52_000, "7f3a-00c1.proxy", None),
    "too long": ("10.0.0.9", 0, "a" * 65, None),
    "with blanks": ("10.0.0.9", 0, "a number of words", None),
}


@pytest.mark.parametrize("case", list(PROXIED))
def test_a_number_is_taken_over_from_a_trusted_proxy_alone(quiet_home: Home, case: str) -> None:
    address, port, told, kept = PROXIED[case]
    app = create_app(
        replace(quiet_home.context, settings=read_settings(home=quiet_home.context.settings.home, proxies="10.0.0.1")), FlowBoard()
    )

    async def forwarded(scope, receive, send):
        await app({**scope, "client": (address, port)}, receive, send)

    number = Guest(forwarded).get("/healthz", headers={"X-Request-ID": told}).headers["x-request-id"]
    assert (number == told) if kept else (number != told and len(number) == 16)


def test_what_it_costs_to_be_counted(quiet_home: Home) -> None:
    """Some ten microseconds a request; a busy machine may take a few times as long, a mistake takes milliseconds."""
    metrics = Metrics(quiet_home.context, FlowBoard())
    rounds = []
    for _round in range(5):
        began = time.process_time()
        for _number in range(2_000):
            metrics.count("GET", "/tasks/{task_id:int}", 200, 0.012)
        rounds.append((time.process_time() - began) / 2_000)
    assert min(rounds) < 250e-6


def test_every_flow_can_be_watched() -> None:
    assert all(re.fullmatch("[a-z-]+", job.name) for job in JOBS)
    assert Measured.__doc__
