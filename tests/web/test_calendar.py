"""Calendars over HTTP: for whoever knows the secret, and nothing at all for anybody else."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import icalendar
import pytest

from runtime.context import Context, open_context
from runtime.database import transaction
from runtime.flow_board import FlowBoard
from services.calendar_feeds import end_feed, open_feed
from tests import builders
from tests.homes import new_home, settings_of
from web.app import create_app


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with open_context(settings_of(new_home(tmp_path))) as context:
        yield context


@pytest.fixture
def secret(context: Context) -> str:
    with transaction(context.engine) as session:
        folk = builders.people(session)
        builders.issued(session, folk.office)
        return open_feed(session, builders.SCIENCE, None, builders.on(builders.TODAY, folk.science))


def ask(context: Context, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(context, FlowBoard()))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(answer())


def test_the_calendar_behind_its_secret(context: Context, secret: str) -> None:
    answer = ask(context, f"/calendar/{secret}.ics")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert str(calendar["X-WR-CALNAME"]) == f"督办：{builders.SCIENCE}"
    assert calendar.walk("VEVENT")
    # A proxy between keeps no copy, the program that subscribed asks whether its own still holds.
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("told", ["{tag}", "W/{tag}", '"other", {tag}', "*"], ids=["the tag", "weakened", "among others", "any"])
def test_what_a_program_has_already_is_not_sent_again(context: Context, secret: str, told: str) -> None:
    tag = ask(context, f"/calendar/{secret}.ics").headers["ETag"]
    answer = ask(context, f"/calendar/{secret}.ics", **{"If-None-Match": told.format(tag=tag)})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
    assert ask(context, f"/calendar/{secret}.ics", **{"If-None-Match": '"other"'}).status_code == 200


def test_a_program_may_ask_for_the_head_alone(context: Context, secret: str) -> None:
    assert ask(context, f"/calendar/{secret}.ics", "HEAD").status_code == 200


def test_a_wrong_secret_an_ended_one_and_no_page_at_all_are_answered_alike(context: Context, secret: str) -> None:
    with transaction(context.engine) as session:
        actor = builders.Actor(None, "office", builders.AccountRole.PLAN_OFFICE)
        end_feed(session, builders.SCIENCE, None, builders.on(builders.TODAY, actor))
    nowhere = ask(context, "/nowhere")
    for path in (f"/calendar/{secret}.ics", "/calendar/wrong.ics", f"/calendar/{'x' * 5000}.ics", "/calendar/%00.ics", "/calendar/"):
        answer = ask(context, path)
        assert (answer.status_code, answer.content) == (404, nowhere.content), path
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_log_tells_the_secret(context: Context, secret: str, caplog: pytest.LogCaptureFixture) -> None:
    # What asks here, httpx, writes its own requests down; the program must not.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with caplog.at_level(logging.DEBUG):
        ask(context, f"/calendar/{secret}.ics")
    assert not [record for record in caplog.records if secret in record.getMessage() and not record.name.startswith("http")]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_written_through_it(context: Context, secret: str, method: str) -> None:
    assert ask(context, f"/calendar/{secret}.ics", method).status_code == 405
