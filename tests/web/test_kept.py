"""Kept pages: the same while nothing changes, made anew as soon as anything they are made of does, and never somebody else's."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.access import LogIn
from models.account import Account, AccountRole, AccountState
from models.notice import Message, MessageState, Reminder
from rules.access_acts import AccessAct
from rules.rights import Actor
from runtime.clock import now, today
from runtime.database import transaction
from services.access.access_log import Noted, note
from services.ledger import Event, record
from services.occasion import SYSTEM, Occasion
from services.plans import issue_plan
from tests import builders
from tests.web.conftest import Home
from tests.web.guests import Guest, words_of
from web.app import create_pages
from web.counter import Counter
from web.gate import Gate
from web.kept import Shelf


@dataclass
class Desk:
    """The application of a home with its shelf in reach."""

    home: Home
    app: object
    shelf: Shelf

    def guest(self, name: str) -> Guest:
        return Guest(self.app, self.home.guests[name].cookies)

    def sheets(self) -> dict[object, int]:
        return {address: id(page) for address, page in self.shelf.pages.items()}


@pytest.fixture
def desk(home: Home) -> Desk:
    pages = create_pages(home.context, home.board)
    return Desk(home, Gate(Counter(pages, home.context, pages.state.shelf), home.context.settings), pages.state.shelf)


def enter(home: Home, plan_id: int | None) -> None:
    """Let something be entered in a plan's chain, or the house's."""
    with transaction(home.context.engine) as session:
        record(session, Occasion(SYSTEM, today(), now()), Event("noted", "test", plan_id))


PAGES = ("/plans/1", "/work", "/tasks/1")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_and_its_keys_are_new(desk: Desk, path: str) -> None:
    unit = desk.guest("unit")
    first, kept = unit.get(path), desk.sheets()
    second = unit.get(path)
    assert len(kept) == 1
    assert desk.sheets() == kept
    assert words_of(first.text) == words_of(second.text)
    assert first.headers.keys() == second.headers.keys()
    keys = [set(re.findall(r'name="key" value="([^"]+)"', answer.text)) for answer in (first, second)]
    assert not keys[0] & keys[1]
    assert 'name="form_token" value="form-token-of-a-test"' in second.text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("in_house", [True, False], ids=["house", "plan"])
def test_an_act_makes_the_page_anew(desk: Desk, path: str, in_house: bool) -> None:
    unit = desk.guest("unit")
    unit.get(path)
    kept = desk.sheets()
    enter(desk.home, None if in_house else desk.home.plan_id)
    unit.get(path)
    assert desk.sheets().keys() == kept.keys()
    assert desk.sheets() != kept


def test_what_an_act_did_is_shown(desk: Desk) -> None:
    unit, office = desk.guest("unit"), desk.guest("plan_office")
    pages = [(unit, "/work"), (unit, "/tasks/1"), (office, "/plans/1"), (office, "/tasks/1")]
    before = [words_of(guest.get(path).text) for guest, path in pages]
    assert unit.post("/tasks/1/acknowledge").status_code == 303
    unit.cookies.delete("duban-said")
    assert all(words_of(guest.get(path).text) != words for (guest, path), words in zip(pages, before, strict=True))


def test_who_comes_and_goes_makes_nothing_anew(desk: Desk) -> None:
    office = desk.guest("plan_office")
    office.get("/plans/1")
    kept = desk.sheets()
    with transaction(desk.home.context.engine) as session:
        note(session, Noted(AccessAct.LOG_OUT, SYSTEM, "127.0.0.1"), now())
    office.get("/plans/1")
    assert desk.sheets() == kept


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda desk: desk.guest("supervisor").get("/plans/1"), id="account"),
        pytest.param(lambda desk: desk.guest("plan_office").get("/plans/1?light=red"), id="query"),
        pytest.param(lambda desk: desk.guest("plan_office").get(f"/plans/1?on={today() - timedelta(days=9)}"), id="as-of-day"),
        pytest.param(lambda desk: desk.guest("plan_office").get("/plans/1", headers={"HX-Request": "true"}), id="swap"),
    ],
)
def test_another_question_is_another_page(desk: Desk, ask) -> None:
    desk.guest("plan_office").get("/plans/1")
    kept = desk.sheets()
    ask(desk)
    assert len(desk.sheets()) == 2
    assert kept.items() <= desk.sheets().items()


def test_another_language_is_another_page(desk: Desk) -> None:
    office = desk.guest("plan_office")
    chinese = office.get("/plans/1").text
    office.cookies.set("duban-lang", "en")
    assert 'lang="en"' in office.get("/plans/1").text.partition("<head>")[0]
    office.cookies.set("duban-lang", "zh")
    assert words_of(office.get("/plans/1").text) == words_of(chinese)


def test_the_next_day_has_its_own_page(desk: Desk) -> None:
    desk.guest("plan_office").get("/plans/1")
    (address,) = desk.sheets()
    with desk.home.context.engine.connect() as connection:
        assert desk.shelf.fresh(address, connection)
        assert desk.shelf.fresh(replace(address, day=address.day + timedelta(days=1)), connection) is None


def _ended(session) -> None:
    session.execute(sa.update(LogIn).values(ended_at=now()))


def _locked(session) -> None:
    session.execute(sa.update(Account).values(state=AccountState.LOCKED))


def _idle(session) -> None:
    session.execute(sa.update(LogIn).values(seen_at=now() - timedelta(days=2)))


@pytest.mark.parametrize("change", [_ended, _locked, _idle])
def test_a_kept_page_is_nobodys_once_the_log_in_is_over(desk: Desk, change) -> None:
    unit = desk.guest("unit")
    assert unit.get("/tasks/1").status_code == 200
    with transaction(desk.home.context.engine) as session:
        change(session)
    answer = unit.get("/tasks/1")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/log-in")


def test_an_account_moved_to_another_unit_loses_what_was_kept(desk: Desk) -> None:
    unit = desk.guest("unit")
    assert unit.get("/tasks/1").status_code == 200
    with transaction(desk.home.context.engine) as session:
        name = "unit-person"
        session.execute(sa.update(Account).where(sa.column("name") == name).values(unit_id=desk.home.units["stranger"]))
    assert unit.get("/tasks/1").status_code == 404


def test_a_first_duty_goes_before_a_kept_page(desk: Desk) -> None:
    unit = desk.guest("unit")
    unit.get("/work")
    with transaction(desk.home.context.engine) as session:
        session.execute(sa.update(Account).values(must_change_password=True))
    assert unit.get("/work").headers["location"] == "/password"


def test_a_sentence_is_said_once_on_a_kept_page(desk: Desk) -> None:
    unit = desk.guest("unit")
    unit.post("/tasks/1/acknowledge")
    assert 'class="said"' in unit.get("/work").text
    assert 'class="said"' not in unit.get("/work").text


def test_a_message_that_went_out_makes_the_task_anew(desk: Desk) -> None:
    office = desk.guest("plan_office")
    text = {"name": "张联络", "address": "u@example.cn", "subject": "提醒", "text": "请报送", "html": "<p>请报送</p>", "message_id": "m-1"}
    with transaction(desk.home.context.engine) as session:
        message = Message(recipient="contact-1", channel="smtp", day=today(), **text)
        session.add(message)
        session.flush()
        session.add(Reminder(message_id=message.id, task_id=1, rule="due-3", period="x", recipient="contact-1", channel="smtp"))
    office.get("/tasks/1")
    kept = desk.sheets()
    with transaction(desk.home.context.engine) as session:
        session.execute(sa.update(Message).values(state=MessageState.SENT, sent_at=now()))
    office.get("/tasks/1")
    assert desk.sheets() != kept


def test_a_plan_that_brings_work_makes_my_work_anew(desk: Desk) -> None:
    unit = desk.guest("unit")
    unit.get("/work")
    kept = desk.sheets()
    with transaction(desk.home.context.engine) as session:
        office = Actor(None, "planner", AccountRole.PLAN_OFFICE)
        wanted = builders.draft(title="另一份方案", doc_no="测政办发〔2012〕9号")
        source = wanted.source.model_copy(update={"sha256": "9" * 64})
        issue_plan(session, wanted.model_copy(update={"source": source}), [], Occasion(office, today(), now()))
    unit.get("/work")
    assert desk.sheets() != kept
