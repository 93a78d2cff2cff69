import asyncio
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine

from rules.rule_set import DEFAULT_RULE_SET
from rules.texts import use_language
from runtime.context import Context, open_context
from runtime.database import reading, transaction
from runtime.flow_board import BoardView, FlowBoard, FlowLine, SchedulerState
from runtime.operators import note_well, report_failure
from runtime.settings import read_settings
from services.overview import overview_of
from tests import builders
from web.app import create_app
from web.front import Glance, front_page
from web.rendering import render

LINES = (
    FlowLine("send-reminders", datetime(2014, 1, 3, 1, tzinfo=UTC), datetime(2014, 1, 2, 1, tzinfo=UTC), "Skipped", "2014-01-02 已办理过"),
    FlowLine("publish-bulletin", None, datetime(2013, 10, 12, 1, tzinfo=UTC), "Failed", "磁盘已满"),
)


class Client:
    """Asks the application in process; Starlette's own client wants another library."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def request(self, method: str, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="http://127.0.0.1") as client:
                return await client.request(method, path)

        return asyncio.run(ask())


@pytest.fixture
def context(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    shutil.copy(migrated_file, tmp_path / "duban.db")
    monkeypatch.delenv("DUBAN_DATABASE_URL", raising=False)
    with open_context(read_settings(home=tmp_path, office="某县督查室", lang="zh")) as context:
        yield context


@pytest.fixture
def board() -> FlowBoard:
    return FlowBoard()


@pytest.fixture
def client(context: Context, board: FlowBoard) -> Client:
    return Client(create_app(context, board))


@pytest.fixture
def plan(context: Context) -> None:
    with transaction(context.engine) as session:
        builders.issued(session, builders.people(session).office)


def page(context: Context, day: date, view: BoardView | None = None) -> str:
    with reading(context.engine) as session:
        overview = overview_of(session, day, DEFAULT_RULE_SET)
    html = render("front.html.j2", front_page(Glance(day, overview, view or BoardView(), context.settings)))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_empty_house_is_told_what_to_do(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "duban plan draft" in answer.text
    assert "某县督查室" in answer.text
    assert '<html lang="zh-CN">' in answer.text


def test_the_plan_its_lights_and_what_falls_due(context: Context, plan: None) -> None:
    text = page(context, date(2014, 1, 2))
    assert "关于建设示范县的实施方案 测政办发〔2012〕1号，2013年1月1日 至 2015年12月31日" in text
    assert "已逾期 2 项" in text
    assert "2013年12月31日 超期 2 天" in text
    assert "2014年12月31日 还有 363 天" in text
    assert "6 任务" in text


def test_the_flows_with_their_next_and_last_runs(context: Context) -> None:
    text = page(context, date(2014, 1, 2), BoardView(SchedulerState.DEGRADED, LINES, "没有排定下次运行"))
    assert "时间表异常，流程不会自动运行 没有排定下次运行" in text
    assert "催办 2014年1月3日 09:00 2014年1月2日 09:00 无需办理：2014-01-02 已办理过 —" in text
    assert "通报 未排定 2013年10月12日 09:00 失败：磁盘已满 —" in text


def test_a_flow_that_failed_and_whether_the_operator_knows(context: Context) -> None:
    report_failure(context.settings, "back-up", "磁盘已满")
    assert "没有办成，也没能告诉运维人员（没有设置 DUBAN_OPERATOR）。 磁盘已满" in page(context, builders.TODAY)
    note_well(context.settings, "back-up")
    assert "没有办成" not in page(context, builders.TODAY)


def test_where_messages_and_bulletins_lie(context: Context) -> None:
    text = page(context, builders.TODAY)
    assert f"放在 {context.settings.home / 'outbox'}" in text
    assert f"放在 {context.settings.home / 'bulletins'}" in text
    mailing = replace(context, settings=read_settings(home=context.settings.home, smtp_host="mail.example"))
    assert "催办经邮件服务器 mail.example 发出" in page(mailing, builders.TODAY)


def test_what_people_wrote_is_shown_and_never_run(context: Context, client: Client) -> None:
    with transaction(context.engine) as session:
        builders.issued(session, builders.people(session).office, builders.draft(title="<script>alert(1)</script>“方案”"))
    text = client.get("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("query", "language"), [("", "zh-CN"), ("?lang=zh", "zh-CN"), ("?lang=en", "en")], ids=["default", "chinese", "english"]
)
def test_the_language_of_the_page(client: Client, query: str, language: str) -> None:
    assert f'<html lang="{language}">' in client.get(f"/{query}").text


def test_the_language_of_the_installation(context: Context, board: FlowBoard) -> None:
    english = replace(context, settings=context.settings.model_copy(update={"lang": "en"}))
    client = Client(create_app(english, board))
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="zh-CN">' in client.get("/?lang=zh").text


def test_an_unknown_language_is_refused(client: Client) -> None:
    assert client.get("/?lang=fr").status_code == 422


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/duban.css", "/nowhere"])
def test_every_answer_is_closed_to_scripts_and_frames(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_page_brings_nothing_from_outside(client: Client, plan: None) -> None:
    text = client.get("/").text
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text)
    assert " style=" not in text
    assert all(client.get(path).status_code == 200 for path in re.findall(r'href="(/[^"]+)"', text))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/static/duban.css"])
def test_nothing_can_be_changed(client: Client, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 405


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_further_pages(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (SchedulerState.READY, "ok"),
        (SchedulerState.OFF, "ok"),
        (SchedulerState.STARTING, "degraded"),
        (SchedulerState.DEGRADED, "degraded"),
    ],
)
def test_health_tells_of_the_scheduler(client: Client, board: FlowBoard, state: SchedulerState, status: str) -> None:
    board.show(BoardView(state, LINES, None))
    answer = client.get("/healthz")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["database"], told["scheduler"]) == (status, "ok", state.value)
    assert told["flows"] == {"send-reminders": "2014-01-03T01:00:00+00:00", "publish-bulletin": None}


def test_health_without_a_database(context: Context, board: FlowBoard, tmp_path: Path) -> None:
    empty: Engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    answer = Client(create_app(replace(context, engine=empty), board)).get("/healthz")
    empty.dispose()
    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_a_page_in_english_leaves_the_language_as_it_was(client: Client) -> None:
    with use_language("zh"):
        client.get("/?lang=en")
        assert '<html lang="zh-CN">' in client.get("/").text
