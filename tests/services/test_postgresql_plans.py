"""On PostgreSQL, too, what is asked of tables that grow is found by an index.

The planner is told nothing of how small the house is, and to join by no other way than row by row: so it reads a table whole only where no index serves.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import select

from models.account import Account
from runtime.context import open_context
from runtime.database import transaction
from runtime.flow_board import FlowBoard
from runtime.settings import read_settings
from tests.counted_house import GROWING, fill
from tests.databases import new_database
from tests.web.guests import logged_in
from web.app import create_app

PAGES = {
    "watcher": (
        "/plans",
        "/plans/1",
        "/tasks",
        "/tasks/2",
        "/requests",
        "/requests/2",
        "/notices",
        "/notices/2",
        "/bulletins",
        "/desk",
        "/overview",
    ),
    "planner": ("/tasks?unit=科技&year=2026", "/requests?state=all", "/drafts"),
    "unit": ("/work", "/plans", "/tasks", "/tasks/1", "/requests", "/notices", "/bulletins"),
    "sysadmin": ("/accounts?q=局",),
    "auditor": ("/access-log",),
}
# A node that must have all its input before it gives the first row.
_TAKES_ALL = {"Sort", "Hash", "Aggregate", "WindowAgg", "SetOp", "Materialize"}
_FORGOTTEN = "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relnamespace = 'public'::regnamespace"
_PARTIAL = "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL"

Asked = dict[str, Any]


class _Cursor(psycopg.Cursor[Any]):
    asked: Asked = {}

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        if str(query).lstrip().startswith(("SELECT", "WITH")):
            self.asked[str(query)] = params
        return super().execute(query, params, **how)


@dataclass(frozen=True)
class Plans:
    """The plan of every statement that the pages asked, and the indexes that hold only some rows of their table."""

    of: Mapping[str, Mapping[str, Any]]
    partial: frozenset[str]


@pytest.fixture(scope="module")
def plans(postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plans]:

    def listen(_dialect: Any, _record: Any, _arguments: Any, given: dict[str, Any]) -> None:
        given["cursor_factory"] = _Cursor

    settings = read_settings(
        home=tmp_path_factory.mktemp("planned"), office="某县督查室", lang="zh", database_url=new_database(postgres_template, "migrated")
    )
    event.listen(Engine, "do_connect", listen)
    try:
        with open_context(settings) as context:
            fill(context, 3)
            app = create_app(context, FlowBoard())
            with transaction(context.engine) as session:
                accounts = {one.name: one for one in session.exec(select(Account)).all()}
                guests = {name: logged_in(session, app, accounts[name].id) for name in PAGES}
            _Cursor.asked.clear()
            assert {guests[name].get(page).status_code for name, pages in PAGES.items() for page in pages} == {200}
            yield _explained(context.engine, dict(_Cursor.asked))
    finally:
        event.remove(Engine, "do_connect", listen)


def _explained(engine: Engine, asked: Asked) -> Plans:
    with engine.begin() as connection:
        connection.execute(text(_FORGOTTEN))
        driver: Any = connection.connection.driver_connection
        for way in ("seqscan", "hashjoin", "mergejoin"):
            driver.execute(f"SET LOCAL enable_{way} = off")
        plans = {one: driver.execute(f"EXPLAIN (FORMAT JSON) {one}", values).fetchone()[0][0]["Plan"] for one, values in asked.items()}
        return Plans(plans, frozenset(connection.execute(text(_PARTIAL)).scalars()))


def _read_whole(node: Mapping[str, Any], partial: Collection[str], *, is_cut: bool = False) -> Iterator[str]:
    """Give the growing tables that a plan reads from end to end. `is_cut`: only as far as the page goes. An index that holds but a few rows, or all that is asked, is no table."""
    kind = node["Node Type"]
    is_cut = kind == "Limit" or (is_cut and kind not in _TAKES_ALL)
    is_whole = kind == "Seq Scan" or (kind == "Index Scan" and "Index Cond" not in node and node["Index Name"] not in partial)
    if is_whole and not is_cut and node["Relation Name"] in GROWING:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _read_whole(below, partial, is_cut=is_cut)


def test_no_page_reads_a_growing_table_whole(plans: Plans) -> None:
    found = {" ".join(one.split()): tables for one, plan in plans.of.items() if (tables := sorted(_read_whole(plan, plans.partial)))}
    assert found == {}
    assert len(plans.of) > 100


@pytest.mark.parametrize(
    ("above", "told"), [pytest.param("Sort", ["task"], id="sorted first"), pytest.param("Nested Loop", [], id="as it comes")]
)
def test_a_table_read_whole_is_told_of(above: str, told: list[str]) -> None:
    reading = {"Node Type": "Limit", "Plans": [{"Node Type": above, "Plans": [{"Node Type": "Seq Scan", "Relation Name": "task"}]}]}
    assert list(_read_whole(reading, ())) == told
