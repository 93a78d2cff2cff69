"""Why somebody was reminded, or was not: each cause in a sentence, for today and for days gone by."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.account import Account, AccountRole
from models.notice import MessageState
from models.plan import Plan, PlanState
from models.unit import Absence, Contact, ContactDuty
from notify.channel import ChannelDownError, DeliveryError, Routes
from rules.errors import DubanError
from rules.rights import Actor
from rules.rule_set import DEFAULT_RULE_SET
from rules.transitions import TaskEvent
from services.message_list import MessageFilter, list_messages, show_message
from services.why_reminded import WhyQuestion, why_reminded
from tests.builders import keep
from tests.homes import new_home, url_of
from tests.services.outbox_fixtures import TODAY, Arrivals, act, add_contact, add_tasks, add_unit, noon, open_house, run

NEXT = date(2013, 12, 27)


@pytest.fixture
def house(tmp_path):
    house = open_house(url_of(new_home(tmp_path)))
    add_unit(house, "科技厅", address="kjt@example.cn")
    add_unit(house, "农业厅")
    return house


@pytest.fixture
def arrivals(tmp_path):
    return Arrivals(tmp_path / "arrivals.txt")


def why(house, arrivals, who="科技厅", day=TODAY, *, today=None, task=None):
    with house.session() as session:
        question = WhyQuestion(who, day, today or day, task)
        return "\n".join(why_reminded(session, question, Routes(arrivals), DEFAULT_RULE_SET).sentences)


def test_what_was_said_with_its_proof(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    said = why(house, arrivals)
    with house.session() as session:
        (row,) = list_messages(session, MessageFilter())
    assert f"2013年12月26日有消息 1（张联络，arrivals）2013-12-26 12:00:00已发出；Message-ID {row.message_id}" in said
    assert "[1] 第1项行动（2013年），到期前 3 个工作日提醒，时限2013年12月31日。已说过：消息 1" in said


def test_what_was_not_said_yet_and_what_never_was(house, arrivals):
    add_tasks(house, ["科技厅"])
    assert "还没有说" in why(house, arrivals)
    assert "没有说过的记录" in why(house, arrivals, today=date(2014, 1, 6))


def test_what_was_said_later(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals, NEXT)
    assert "当天没有说，后来说了：消息 1" in why(house, arrivals, today=NEXT)


def test_a_rest_day(house, arrivals):
    add_tasks(house, ["科技厅"])
    assert why(house, arrivals, day=date(2013, 12, 28)).startswith("2013年12月28日不是工作日")


QUIET = [
    pytest.param(TaskEvent.SUBMIT, "已申请办结，等待审核，其间不提醒", id="submitted"),
    pytest.param(TaskEvent.SUSPEND, "已经暂缓", id="suspended"),
    pytest.param(TaskEvent.CANCEL, "已经终止", id="cancelled"),
]


@pytest.mark.parametrize(("event", "expected"), QUIET)
def test_a_task_that_asks_for_nothing(house, arrivals, event, expected):
    (task_id,) = add_tasks(house, ["科技厅"])
    act(house, task_id, event, TODAY)
    assert expected in why(house, arrivals, task=task_id)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2013, 3, 11), "2013年12月31日到期，还有 204 个工作日；规则在到期前 7、3、1、0 个工作日提醒", id="too early"),
        pytest.param(date(2013, 1, 10), "2013年3月1日才开始", id="not begun"),
    ],
)
def test_a_day_on_which_the_rules_ask_for_nothing(house, arrivals, day, expected):
    add_tasks(house, ["科技厅"], starts_on=date(2013, 3, 1))
    assert expected in why(house, arrivals, day=day)


def test_a_closed_plan(house, arrivals):
    add_tasks(house, ["科技厅"])
    with house.session() as session:
        plan = session.get(Plan, house.plan_id)
        plan.state = PlanState.CLOSED
        keep(session, plan, day=TODAY, plan_id=house.plan_id)
    assert "计划已经关闭" in why(house, arrivals)


def test_a_unit_without_address(house, arrivals):
    add_tasks(house, ["农业厅"])
    run(house, arrivals)
    assert "没有“农业厅”的联系人地址" in why(house, arrivals, "农业厅")


def test_somebody_away_and_who_stands_in(house, arrivals):
    add_contact(house, "科技厅", "li@example.cn", ContactDuty.OFFICE)
    with house.session() as session:
        keep(session, Absence(contact_id=1, deputy_id=2, from_on=TODAY, until_on=TODAY))
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    assert "张联络不在，由李经办代收" in why(house, arrivals)
    assert "张联络那天不在" in why(house, arrivals, "张联络")
    assert "已说过" in why(house, arrivals, "li@example.cn")


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        pytest.param(ContactDuty.HEAD, "李经办是主要负责人，不收日常提醒", id="head"),
        pytest.param(ContactDuty.OFFICE, "李经办是办公室，有联络员或经办人时只在超期催办时收", id="office"),
    ],
)
def test_a_duty_that_is_not_written_to(house, arrivals, duty, expected):
    add_contact(house, "科技厅", "li@example.cn", duty)
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    assert expected in why(house, arrivals, "李经办")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(DeliveryError("550 没有这个用户", permanent=True), "发送失败：550 没有这个用户", id="failed"),
        pytest.param(DeliveryError("连接中断", uncertain=True), "不知是否送达：连接中断", id="uncertain"),
        pytest.param(DeliveryError("452 稍后再试"), "第 1 次没有发成，2013-12-26 12:05:00以后自动再试", id="postponed"),
        pytest.param(ChannelDownError("邮件服务器不应答"), "它还在发件箱里", id="channel down"),
    ],
)
def test_a_message_that_did_not_arrive(house, arrivals, error, expected):
    add_tasks(house, ["科技厅"])
    arrivals.error = error
    run(house, arrivals)
    assert expected in why(house, arrivals)


def test_a_task_of_another_unit(house, arrivals):
    (task_id,) = add_tasks(house, ["科技厅"])
    assert why(house, arrivals, "农业厅", task=task_id) == "[1] 第1项行动（2013年）由科技厅牵头，提醒发给牵头单位"


def test_a_contact_who_is_gone_is_found_on_his_days(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    with house.session() as session:
        session.delete(session.exec(select(Contact).where(Contact.address == "kjt@example.cn")).one())
        keep(session, day=NEXT)
    add_contact(house, "科技厅", "li@example.cn")
    later = date(2014, 1, 2)
    assert "已说过：消息 1" in why(house, arrivals, "张联络", today=later)
    with pytest.raises(DubanError, match="unknown-recipient"):
        why(house, arrivals, "张联络", day=later)


def test_the_houses_own_people(house, arrivals):
    with house.session() as session:
        watch = Account(name="watch", role=AccountRole.SUPERVISOR, address="watch@example.cn", created_at=noon(TODAY))
        keep(session, watch)
    (task_id,) = add_tasks(house, ["科技厅"])
    act(house, task_id, TaskEvent.SUBMIT, TODAY)
    run(house, arrivals)
    said = why(house, arrivals, "watch@example.cn")
    assert "有消息 1（watch，arrivals）" in said
    assert "账号 watch 只在有新的待办事项时收到摘要" in said


@pytest.mark.parametrize(("who", "code"), [("无名", "unknown-recipient"), ("科技厅", "unknown-task")])
def test_what_cannot_be_answered(house, arrivals, who, code):
    with pytest.raises(DubanError, match=code):
        why(house, arrivals, who, task=99)


def test_messages_are_listed_and_shown(house, arrivals):
    add_contact(house, "农业厅", "nyt@example.cn")
    add_tasks(house, ["科技厅", "农业厅"])
    run(house, arrivals)
    with house.session() as session:
        assert [row.id for row in list_messages(session, MessageFilter())] == [2, 1]
        assert [row.id for row in list_messages(session, MessageFilter(unit="科技"))] == [1]
        assert not list_messages(session, MessageFilter(state=MessageState.FAILED))
        assert not list_messages(session, MessageFilter(day=TODAY + timedelta(days=1)))
        sheet = show_message(session, 1)
    assert [line.rule for line in sheet.lines] == ["due-3", "report-open"]
    assert [attempt.outcome.value for attempt in sheet.attempts] == ["sent"]


def test_a_unit_sees_its_own_messages(house, arrivals):
    add_contact(house, "农业厅", "nyt@example.cn")
    add_tasks(house, ["科技厅", "农业厅"])
    run(house, arrivals)
    unit = Actor(5, "nyt", AccountRole.UNIT, house.units["农业厅"])
    with house.session() as session:
        assert [row.id for row in list_messages(session, MessageFilter(), unit)] == [2]
        with pytest.raises(DubanError, match="unknown-message"):
            show_message(session, 1, unit)
        with pytest.raises(DubanError, match="no-right"):
            list_messages(session, MessageFilter(), Actor(6, "admin", AccountRole.ADMINISTRATOR))
