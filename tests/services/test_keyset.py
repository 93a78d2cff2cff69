"""Pages of a list that grows: together they hold every row that may be seen, each once, in order; each kind of list in a house with a bit of everything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.account import Account, AccountRole
from models.case import CaseState
from models.notice import NoticeState
from models.publication import PublicationKind
from models.request import RequestState
from models.task import Task
from rules.rights import Actor
from runtime.clock import now, today
from runtime.context import open_context
from services.access.access_log import LogFilter, access_log_page
from services.accounts import AccountFilter, account_page
from services.cases.case_list import CaseFilter, case_page
from services.draft_documents import page_of_drafts
from services.keyset import KeyPage, PageAsk, page_of
from services.notice_list import NoticeFilter, list_notices, notice_page
from services.occasion import Occasion
from services.papers.archive import PaperFilter, paper_page
from services.queries import history_page
from services.readable_plans import readable_plan_page
from services.request_list import RequestFilter, list_requests, request_page
from services.requests import withdraw_request
from services.units import unit_page
from tests.counted_house import add_bulletins, fill
from tests.homes import new_home, settings_of

List = Callable[[Session, PageAsk, Actor], KeyPage[object]]
ALL = 1000

LISTS: dict[str, tuple[List, str]] = {
    "requests": (lambda session, ask, actor: request_page(session, RequestFilter(), ask, actor), "watcher"),
    "requests that wait": (lambda session, ask, actor: request_page(session, RequestFilter(state=RequestState.FILED), ask, actor), "unit"),
    "requests of a day": (
        lambda session, ask, actor: request_page(session, RequestFilter(state=RequestState.FILED, as_of=today()), ask, actor),
        "watcher",
    ),
    "notices": (lambda session, ask, actor: notice_page(session, NoticeFilter(), today(), ask, actor), "watcher"),
    "notices a unit has": (lambda session, ask, actor: notice_page(session, NoticeFilter(), today(), ask, actor), "unit"),
    "notices that wait": (
        lambda session, ask, actor: notice_page(session, NoticeFilter(NoticeState.PREPARED, is_present=True), today(), ask, actor),
        "watcher",
    ),
    "cases": (lambda session, ask, actor: case_page(session, CaseFilter(is_present=True), today(), ask, actor), "watcher"),
    "cases of a unit": (lambda session, ask, actor: case_page(session, CaseFilter(CaseState.OPENED), today(), ask, actor), "unit"),
    "bulletins": (lambda session, ask, actor: paper_page(session, PaperFilter(PublicationKind.BULLETIN), ask, actor), "unit"),
    "accounts": (lambda session, ask, actor: account_page(session, AccountFilter(), ask, actor), "sysadmin"),
    "accounts of units": (lambda session, ask, actor: account_page(session, AccountFilter("局", AccountRole.UNIT), ask, actor), "secadmin"),
    "units": (lambda session, ask, _actor: unit_page(session, ask), "unit"),
    "plans": (lambda session, ask, actor: readable_plan_page(session, ask, actor), "unit"),
    "drafts": (lambda session, ask, actor: page_of_drafts(session, ask, actor), "planner"),
    "a task's history": (lambda session, ask, actor: history_page(session, 1, today(), ask, actor), "watcher"),
    "access log": (lambda session, ask, actor: access_log_page(session, LogFilter(account="watcher"), ask, actor), "auditor"),
}


@dataclass(frozen=True)
class House:
    """The house and who looks into it."""

    engine: Engine
    people: dict[str, Actor]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_context(settings_of(new_home(tmp_path_factory.mktemp("paged")), office="某县督查室", lang="zh")) as context:
        fill(context, 6)
        add_bulletins(context, 5)
        with Session(context.engine) as session:
            people = {one.name: Actor(one.id, one.name, one.role, one.unit_id) for one in session.exec(select(Account)).all()}
            withdraw_request(session, 2, Occasion(people["of 第2局"], today(), now()))
            session.commit()
        yield House(context.engine, people)


@pytest.fixture
def inside(house: House) -> Iterator[Session]:
    with Session(house.engine) as session:
        yield session


@pytest.mark.parametrize(("name", "is_rising"), list(zip(LISTS, cycle((False, True)), strict=False)))
def test_the_pages_together_are_the_list(house: House, inside: Session, name: str, is_rising: bool) -> None:
    listed, who = LISTS[name]
    actor, found, after, pages = house.people[who], [], None, 0
    while True:
        page = listed(inside, PageAsk(after, 3, is_rising), actor)
        assert len(page.rows) <= 3
        found, pages = [*found, *page.rows], pages + 1
        if page.next is None:
            break
        after = page.next
    whole = listed(inside, PageAsk(None, ALL, is_rising), actor)
    assert (found, whole.next) == (list(whole.rows), None)
    assert found
    numbers = [getattr(row, "id", None) or row.seq for row in found]
    assert numbers == sorted(set(numbers), reverse=not is_rising)


@pytest.mark.parametrize("who", ["watcher", "unit"])
def test_a_page_shows_what_the_whole_list_shows(house: House, inside: Session, who: str) -> None:
    actor, ask = house.people[who], PageAsk(None, ALL, is_rising=True)
    for state in (None, *RequestState):
        wanted = RequestFilter(state=state)
        assert list(request_page(inside, wanted, ask, actor).rows) == list_requests(inside, wanted, actor)
    for notice_state in (None, NoticeState.PREPARED, NoticeState.ISSUED):
        shown = list_notices(inside, NoticeFilter(notice_state), today(), actor)
        for is_present in (False, True):
            page = notice_page(inside, NoticeFilter(notice_state, is_present=is_present), today(), PageAsk(None, ALL), actor)
            assert list(page.rows) == shown


@pytest.mark.parametrize("every", [1, 2, 3, 7])
def test_rows_that_are_not_seen_leave_no_gap(inside: Session, every: int) -> None:
    """What only reading tells is looked for until the page is full."""
    after, found = None, []
    while True:
        page = page_of(
            inside, select(Task.id), PageAsk(after, 1, is_rising=True), lambda ids: {one: one for one in ids if one % every == 0}
        )
        found += page.rows
        if page.next is None:
            break
        after = page.next
    assert found == [one for one in range(1, 7) if one % every == 0]
