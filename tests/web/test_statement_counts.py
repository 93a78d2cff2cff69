"""Every page and every operation of the interface asks the database as often for a large house as for a small one: nothing is asked per row."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from models.access import TokenScope
from models.account import Account
from rules.rights import Actor
from runtime.clock import now
from runtime.context import open_context
from runtime.database import transaction
from runtime.flow_board import FlowBoard
from services.access.tokens import NewToken, make_token
from tests.counted_house import PLANNED_ELSEWHERE, add_bulletins, counting, fill, more_of, read_whole, statements
from tests.databases import about_sqlite
from tests.homes import new_home, settings_of
from tests.web.guests import Guest, logged_in
from tests.web.routes import ROUTES
from web.api.app import create_api
from web.app import create_app

SMALL, LARGE = 4, 12
Asked = tuple[int, list[str]]
PEOPLE = ("watcher", "planner", "unit", "support", "sysadmin", "secadmin", "auditor", "nobody")

# What stands in a page only where somebody first made it (a secret, a file, a paper), or only sends on.
NOT_SHOWN = {
    *("/", "/language/{language}", "/calendar/{secret}.ics", "/invitations/{secret}"),
    *("/tasks/{task_id:int}/evidence/{evidence_id:int}", "/tasks/{task_id:int}/acknowledge"),
    *("/bulletins/drafts/{draft_id:int}", "/bulletins/drafts/{draft_id:int}/paper"),
    *("/bulletins/{paper_id:int}/paper", "/bulletins/{paper_id:int}/files/{name}", "/drafts/{draft_id:int}/waive"),
    *("/drafts/{draft_id:int}/items/{item}", "/notices/{notice_id:int}/file"),
}

# What is about all of it, and so reads all of it.
# What is proposed, and what comes due, is worked out over every task.
PAGES_OF_ALL = ("/cases", "/desk/later")

OPERATIONS = (
    *("/plans", "/plans/1", "/plans/1/tasks", "/tasks", "/tasks/2", "/tasks/2/history", "/tasks/2/evidence", "/requests", "/requests/2"),
    *("/notices", "/notices/2", "/bulletins", "/my-work", "/units", "/ledger/head"),
)


@dataclass(frozen=True)
class House:
    """The pages and the interface of one house, and who asks for them."""

    database: Path
    guests: dict[str, Guest]
    api: Guest
    tokens: dict[str, str]

    def page(self, path: str) -> Asked:
        """Return the statements of a page, asked for by the first who gets it."""
        for name in PEOPLE:
            statements()
            answer = self.guests[name].get(path)
            if answer.status_code == 200:
                return 200, statements()
        return 0, []

    def operation(self, path: str) -> Asked:
        """Return the statements of an operation."""
        for token in self.tokens.values():
            statements()
            answer: httpx.Response = self.api.ask("GET", path, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code == 200:
                return 200, statements()
        return 0, []


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, House]]:
    with ExitStack() as stack:
        stack.enter_context(counting())
        yield tuple(_house(stack, tmp_path_factory.mktemp("counted"), size) for size in (SMALL, LARGE))  # type: ignore[misc]


def _house(stack: ExitStack, folder: Path, size: int) -> House:
    context = stack.enter_context(open_context(settings_of(new_home(folder), office="某县督查室", lang="zh")))
    fill(context, size)
    add_bulletins(context, size)
    app = create_app(context, FlowBoard())
    with transaction(context.engine) as session:
        accounts = {one.name: one for one in session.exec(select(Account)).all() if one.name in PEOPLE}
        guests = {name: logged_in(session, app, one.id) for name, one in accounts.items()}
        actors = (Actor(one.id, one.name, one.role, one.unit_id) for one in accounts.values())
        tokens = {actor.name: make_token(session, actor, NewToken("测试程序", TokenScope.READ, 30), now()) for actor in actors}
    ordered = {name: tokens[name] for name in PEOPLE if name in tokens}
    return House(folder / "duban.db", {**guests, "nobody": Guest(app)}, Guest(create_api(context)), ordered)


PAGES = sorted(path for method, path in ROUTES if method == "GET" and path not in NOT_SHOWN)


@pytest.fixture(scope="module")
def pages(houses: tuple[House, House]) -> dict[str, tuple[Asked, Asked]]:
    """What each page asked of the small house and of the large one when it was shown first."""
    return {route: (houses[0].page(ROUTES["GET", route].asked), houses[1].page(ROUTES["GET", route].asked)) for route in PAGES}


@pytest.fixture(scope="module")
def operations(houses: tuple[House, House]) -> dict[str, tuple[Asked, Asked]]:
    return {path: (houses[0].operation(path), houses[1].operation(path)) for path in OPERATIONS}


@pytest.mark.parametrize("route", PAGES)
def test_a_page_asks_as_often_for_a_large_house(pages: dict[str, tuple[Asked, Asked]], route: str) -> None:
    refuse_growth(*pages[route])


@pytest.mark.parametrize("path", OPERATIONS)
def test_an_operation_asks_as_often_for_a_large_house(operations: dict[str, tuple[Asked, Asked]], path: str) -> None:
    refuse_growth(*operations[path])
    assert operations[path][1][1]


@about_sqlite(PLANNED_ELSEWHERE)
@pytest.mark.parametrize("route", [route for route in PAGES if route not in PAGES_OF_ALL])
def test_a_page_reads_no_growing_table_whole(houses: tuple[House, House], pages: dict[str, tuple[Asked, Asked]], route: str) -> None:
    assert read_whole(houses[1].database, pages[route][1][1]) == {}


@about_sqlite(PLANNED_ELSEWHERE)
@pytest.mark.parametrize("path", OPERATIONS)
def test_an_operation_reads_no_growing_table_whole(
    houses: tuple[House, House], operations: dict[str, tuple[Asked, Asked]], path: str
) -> None:
    assert read_whole(houses[1].database, operations[path][1][1]) == {}


def refuse_growth(small: Asked, large: Asked) -> None:
    assert (small[0], large[0]) == (200, 200), "nobody is shown it: the house lacks something, or the route is not in NOT_SHOWN"
    assert len(large[1]) <= len(small[1]), more_of(small[1], large[1])
