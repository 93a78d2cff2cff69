"""The overview's numbers are those of the lists: counted once for each plan and look, for whoever may see the tasks."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from models.notice import Message, MessageState
from models.publication import JobSlot, SlotState
from models.task import TaskState
from rules.lights import Light
from rules.rule_set import DEFAULT_RULE_SET
from services.house_state import house_state
from services.plan_boards import COUNTED, NOTHING, Look, added, judge_plan, looks_until
from services.queries import TaskFilter, list_tasks
from services.task_search import TaskSearch, search_tasks
from services.tasks import acknowledge_task, complete_task, submit_task
from tests import builders
from tests.builders import on
from tests.databases import on_one_kind
from tests.remembered import once

DAYS = (date(2013, 3, 31), date(2013, 12, 31), date(2014, 1, 2), date(2016, 2, 1))


@pytest.fixture
@once
def people(session: Session) -> builders.People:
    people = builders.people(session)
    builders.issued(session, people.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), people.science))
    submit_task(session, 1, "已办妥", on(date(2013, 11, 1), people.science))
    complete_task(session, 1, on(date(2013, 11, 5), people.supervisor))
    return people


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_board_counts_what_the_list_shows(session: Session, people: builders.People, day: date) -> None:
    board = judge_plan(session, 1, Look(day, day), people.supervisor)
    rows = list_tasks(session, TaskFilter(), day, DEFAULT_RULE_SET)
    done = sum(row.state in (TaskState.COMPLETED, TaskState.CLOSED) for row in rows)
    lights = Counter(row.light for row in rows if row.state not in (TaskState.COMPLETED, TaskState.CLOSED))
    assert added(board.counts.values()) == (*(lights[light] for light in COUNTED), done)
    assert added(board.units.values()) == added(board.counts.values())
    open_rows = [row for row in rows if row.state is not TaskState.COMPLETED]
    assert sum(board.late.values()) == sum(row.due_on < day for row in open_rows)
    assert [one.due_on for one in board.coming] == sorted(row.due_on for row in open_rows if row.due_on >= day)


@on_one_kind
def test_a_unit_counts_its_own(session: Session, people: builders.People) -> None:
    look = Look(builders.TODAY, builders.TODAY)
    assert sum(added(judge_plan(session, 1, look, people.science).counts.values())) == 6
    stranger = builders.Actor(None, "x", builders.AccountRole.UNIT, 99)
    assert added(judge_plan(session, 1, look, stranger).counts.values()) == NOTHING


@on_one_kind
def test_the_quarters_looked_at(session: Session) -> None:
    looks = looks_until(session, date(2013, 10, 8), date(2013, 1, 1))
    # The third quarter's reports are due on 10 October: until then its end is seen by what is known today.
    assert [(look.as_of.isoformat(), look.known_on.isoformat()) for look in looks] == [
        ("2013-03-31", "2013-04-03"),
        ("2013-06-30", "2013-07-03"),
        ("2013-09-30", "2013-10-08"),
        ("2013-10-08", "2013-10-08"),
    ]
    assert len(looks_until(session, date(2026, 1, 1), date(1998, 1, 1))) == 8


def test_tasks_looked_for_page_by_page(session: Session, people: builders.People) -> None:
    def pages(search: TaskSearch, actor: builders.Actor = people.office) -> list[list[int]]:
        found, after = [], None
        while True:
            one = search_tasks(session, TaskSearch(search.wanted, search.text, after, search.length), DAYS[2], DEFAULT_RULE_SET, actor)
            found.append([row.id for row in one.rows])
            after = one.following
            if after is None:
                return found

    assert pages(TaskSearch(length=4)) == [[1, 4, 2, 5], [3, 6]]
    assert pages(TaskSearch(TaskFilter(light=Light.RED))) == [[4]]
    assert pages(TaskSearch(TaskFilter(year=2014, plan_id=1))) == [[2, 5]]
    assert pages(TaskSearch(text="示范行动2")) == [[4, 5, 6]]
    assert pages(TaskSearch(text="100%_")) == [[]]
    assert pages(TaskSearch(TaskFilter(unit="科技"), length=6)) == [[1, 4, 2, 5, 3, 6]]
    assert pages(TaskSearch(TaskFilter(state=TaskState.COMPLETED))) == [[1]]
    assert pages(TaskSearch(), builders.Actor(None, "x", builders.AccountRole.UNIT, 99)) == [[]]


def test_the_house_counts_its_messages(session: Session) -> None:
    builders.people(session)
    for number, state in enumerate((MessageState.SENT, MessageState.SENT, MessageState.UNCERTAIN)):
        session.add(Message(recipient=f"unit-{number}", unit_id=1, channel="mail-folder", name="甲", address="", day=builders.TODAY, subject="催办", text="", html="", message_id=f"m{number}", state=state))  # fmt: skip
    session.flush()
    state = house_state(session)
    assert (state.messages[MessageState.SENT], state.messages[MessageState.UNCERTAIN], state.messages[MessageState.FAILED]) == (2, 1, 0)
    assert (state.papers, state.slots) == ([], {})


def test_the_latest_slot_of_each_flow(session: Session) -> None:
    for flow, slot, hour in (("send-reminders", "2013-10-08", 1), ("send-reminders", "2013-10-09", 2), ("publish-bulletin", "2013Q3", 1)):
        at = datetime(2013, 10, 9, hour, tzinfo=UTC)
        session.add(JobSlot(flow=flow, slot=slot, owner="one", started_at=at, state=SlotState.DONE, finished_at=at))
    session.flush()
    slots = house_state(session).slots
    assert {flow: row.slot for flow, row in slots.items()} == {"send-reminders": "2013-10-09", "publish-bulletin": "2013Q3"}
