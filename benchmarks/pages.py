"""A plan's page made anew, in houses of growing size: the page of a thousand tasks must not grow with the house. Usage: python -m benchmarks.pages [--sizes N…].

The limit is the raw SQL that reads the plan's own rows. How fast kept pages are handed over, and what an act costs, is measured by `benchmarks.web_load`.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import Engine, insert, text

from benchmarks.measuring import ENGINES, HEAD, Figure, by_turns, country_of, tell
from models.access import LogIn
from runtime.clock import now
from runtime.context import Context
from runtime.database import transaction
from runtime.flow_board import FlowBoard
from runtime.settings import read_settings
from services.access.secrets import hashed
from web.app import create_app

_SECRET, _OFFICE = "secret-of-a-benchmark", 1
_ROWS = (
    "SELECT t.*, i.title, i.number FROM task t JOIN plan_item i ON i.id = t.item_id WHERE t.plan_id = 1",
    "SELECT a.* , u.name FROM assignment a JOIN task t ON t.id = a.task_id JOIN unit u ON u.id = a.unit_id WHERE t.plan_id = 1",
    "SELECT g.* FROM target g JOIN task t ON t.id = g.task_id WHERE t.plan_id = 1",
    "SELECT r.*, v.value FROM progress_report r JOIN task t ON t.id = r.task_id JOIN reported_value v ON v.report_id = r.id WHERE t.plan_id = 1",
    "SELECT task_id, act, for_day FROM ledger_entry WHERE chain = 'plan-1' ORDER BY task_id, seq",
)


def main() -> None:
    """Print a line for each size and engine."""
    chosen = argparse.ArgumentParser()
    chosen.add_argument("--sizes", type=int, nargs="*", default=(1_000, 10_000))
    chosen.add_argument("--engines", nargs="*", default=ENGINES)
    chosen.add_argument("--keep", type=Path)
    given = chosen.parse_args()
    sys.stdout.write(HEAD)
    for name in given.engines:
        for tasks in given.sizes:
            with country_of(tasks, name, given.keep) as engine, TemporaryDirectory() as home:
                context = Context(read_settings(home=Path(home)), engine)
                _log_in(engine)
                tell(Figure("plan page made anew", tasks, name, *by_turns(lambda one=context: _page(one), lambda one=engine: _rows(one))))


def _log_in(engine: Engine) -> None:
    row = {"token_hash": hashed(_SECRET), "account_id": _OFFICE, "form_token": "x", "address": "127.0.0.1", "started_at": now()}
    with transaction(engine) as session:
        session.execute(text("DELETE FROM log_in"))
        session.execute(insert(LogIn), [{**row, "seen_at": now()}])


def _page(context: Context) -> None:
    app = create_app(context, FlowBoard())

    async def ask() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", cookies={"duban": _SECRET}) as client:
            answer = await client.get("/plans/1")
            assert answer.status_code == 200, answer.status_code
            # All of the plan is judged, its first fifty items are shown.
            assert "重点事项50" in answer.text

    asyncio.run(ask())


def _rows(engine: Engine) -> None:
    with engine.connect() as connection:
        for statement in _ROWS:
            connection.execute(text(statement)).all()


if __name__ == "__main__":
    main()
