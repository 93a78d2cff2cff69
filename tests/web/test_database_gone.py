"""Pages and the interface for programs while their database is away: a sentence and 503, nothing of the machine's inside, and the next request works."""

from pathlib import Path

import pytest

from models.account import AccountRole
from runtime.context import open_context
from runtime.database import transaction
from runtime.flow_board import FlowBoard
from runtime.settings import read_settings
from tests.builders import issued, people
from tests.databases import new_database
from tests.runtime.test_database import stopped
from tests.web.guests import account_of, logged_in
from web.app import create_app


def test_a_server_away_is_said_and_the_next_request_works(postgres_template, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    settings = read_settings(home=tmp_path, database_url=new_database(postgres_template, "migrated"), lang="zh")
    with open_context(settings) as context:
        app = create_app(context, FlowBoard())
        with transaction(context.engine) as session:
            issued(session, people(session).office)
            guest = logged_in(session, app, account_of(session, "watcher", AccountRole.SUPERVISOR))
        asked = ("/tasks", "/plans/1", "/api/v1/tasks")
        before = [guest.get(path).status_code for path in asked]
        with stopped(context.engine):
            away = [guest.get(path, headers={"Authorization": "Bearer x"}) for path in (*asked, "/readyz")]
        after = [guest.get(path).status_code for path in asked]
    assert before == after == [200, 200, 401]
    assert [answer.status_code for answer in away] == [503] * 4
    told = "".join(answer.text for answer in away)
    assert "数据库暂时连不上" in told
    assert not any(word in told for word in ("Traceback", "socket", str(tmp_path), "psycopg", "connection"))
    assert "database-unreachable" in caplog.text
