from datetime import UTC, date, datetime

from sqlmodel import Session

from models.notice import MessageState
from models.plan import Plan, PlanState
from models.publication import JobSlot, SlotState
from rules.lights import Light
from rules.rule_set import DEFAULT_RULE_SET
from services.overview import Overview, overview_of
from services.tasks import acknowledge_task, complete_task, submit_task
from tests import builders
from tests.builders import on

NEXT_YEAR = date(2014, 1, 2)


def seen(session: Session, day: date, length: int = 6) -> Overview:
    return overview_of(session, day, DEFAULT_RULE_SET, length)


def test_an_empty_house(session: Session) -> None:
    overview = seen(session, builders.TODAY)
    assert (overview.plans, overview.overdue_count, overview.due_next, overview.papers) == ([], 0, [], [])
    assert set(overview.messages.values()) == {0}
    assert overview.slots == {}


def test_lights_and_done_tasks_add_up(session: Session) -> None:
    people = builders.people(session)
    builders.issued(session, people.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), people.science))
    submit_task(session, 1, "已办妥", on(date(2013, 11, 1), people.science))
    complete_task(session, 1, on(date(2013, 11, 5), people.supervisor))
    [plan] = seen(session, NEXT_YEAR).plans
    assert (plan.task_count, plan.done_count) == (6, 1)
    assert sum(plan.lights.values()) == 5
    assert plan.lights[Light.GREY] == 2
    assert (plan.title, plan.doc_no) == ("关于建设示范县的实施方案", "测政办发〔2012〕1号")


def test_due_and_overdue_tasks_are_told_apart(session: Session) -> None:
    builders.issued(session, builders.people(session).office)
    on_the_day, after = seen(session, date(2013, 12, 31)), seen(session, date(2014, 1, 1))
    assert (on_the_day.overdue_count, [row.due_on.year for row in on_the_day.due_next]) == (0, [2013, 2013, 2014, 2014, 2015, 2015])
    assert (after.overdue_count, [row.due_on.year for row in after.due_next]) == (2, [2014, 2014, 2015, 2015])
    short = seen(session, date(2016, 1, 1), length=2)
    assert (short.overdue_count, [row.due_on.year for row in short.overdue], short.due_next) == (6, [2013, 2013], [])


def test_what_is_handed_in_waits_for_nobody_at_the_unit(session: Session) -> None:
    people = builders.people(session)
    builders.issued(session, people.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), people.science))
    submit_task(session, 1, "已办妥", on(date(2013, 11, 1), people.science))
    overview = seen(session, NEXT_YEAR)
    assert 1 not in [row.id for row in (*overview.overdue, *overview.due_next)]


def test_a_closed_plan_is_not_followed(session: Session) -> None:
    issued = builders.issued(session, builders.people(session).office)
    plan = session.get_one(Plan, issued.id)
    plan.state = PlanState.CLOSED
    builders.keep(session, plan)
    overview = seen(session, NEXT_YEAR)
    assert (overview.plans, overview.overdue_count, overview.due_next) == ([], 0, [])


def test_the_latest_slot_of_each_flow(session: Session) -> None:
    for flow, slot, hour in (("send-reminders", "2013-10-08", 1), ("send-reminders", "2013-10-09", 2), ("publish-bulletin", "2013Q3", 1)):
        at = datetime(2013, 10, 9, hour, tzinfo=UTC)
        session.add(JobSlot(flow=flow, slot=slot, owner="one", started_at=at, state=SlotState.DONE, finished_at=at))
    session.flush()
    slots = seen(session, builders.TODAY).slots
    assert {flow: row.slot for flow, row in slots.items()} == {"send-reminders": "2013-10-09", "publish-bulletin": "2013Q3"}


def test_messages_are_counted_by_state(session: Session) -> None:
    from models.notice import Message

    builders.people(session)
    for number, state in enumerate((MessageState.SENT, MessageState.SENT, MessageState.UNCERTAIN)):
        session.add(Message(recipient=f"unit-{number}", unit_id=1, channel="mail-folder", name="甲", address="", day=builders.TODAY, subject="催办", text="", html="", message_id=f"m{number}", state=state))  # fmt: skip
    session.flush()
    counted = seen(session, builders.TODAY).messages
    assert (counted[MessageState.SENT], counted[MessageState.UNCERTAIN], counted[MessageState.FAILED]) == (2, 1, 0)
