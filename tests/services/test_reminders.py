"""What is said on a day, to whom, once; and why the rest is not."""

import json
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.notice import Message, Reminder
from models.unit import Contact, ContactDuty
from notify.channel import ChannelDownError, DeliveryError, Routes
from notify.mail_folder import MailFolder
from rules.calendar import is_working_day
from rules.errors import DubanError
from rules.rights import Actor
from rules.rights import R as Role
from rules.rule_set import DEFAULT_RULE_SET
from rules.transitions import TaskEvent
from services.ledger import first_break
from services.occasion import SYSTEM, Occasion
from services.reminders import preview_reminders, remind
from tests.builders import keep
from tests.homes import new_home, url_of
from tests.services.outbox_fixtures import (
    OFFICE,
    TODAY,
    Arrivals,
    act,
    add_contact,
    add_tasks,
    add_unit,
    courier_for,
    file_report,
    messages,
    noon,
    open_house,
    run,
    states,
)


@pytest.fixture
def house(tmp_path):
    house = open_house(url_of(new_home(tmp_path)))
    add_unit(house, "科技厅", address="kjt@example.cn")
    add_unit(house, "农业厅", address="nyt@example.cn")
    return house


@pytest.fixture
def arrivals(tmp_path):
    return Arrivals(tmp_path / "arrivals.txt")


def rules_said(house):
    with house.session() as session:
        return sorted(session.exec(select(Reminder.rule)))


def acts(house, act_name):
    with house.session() as session:
        return list(session.exec(select(LedgerEntry).where(LedgerEntry.act == act_name).order_by(LedgerEntry.seq)))


def test_one_digest_for_each_recipient(house, arrivals):
    add_tasks(house, ["科技厅", "科技厅", "农业厅"])
    report = run(house, arrivals)
    assert arrivals.addresses == ["kjt@example.cn", "nyt@example.cn"]
    assert [len(message.lines) for message in report.sent] == [4, 2]
    assert {line.rule for line in report.sent[0].lines} == {"due-3", "report-open"}
    assert not report.not_sent
    assert json.loads(json.dumps(asdict(report)))["sent"][0]["unit"] == "科技厅"


def test_every_line_and_every_message_is_in_the_ledger(house, arrivals):
    add_tasks(house, ["科技厅", "农业厅"])
    run(house, arrivals)
    reminded, delivered = acts(house, "remind"), acts(house, "deliver")
    assert len(reminded) == 4
    assert {entry.chain for entry in reminded} == {f"plan-{house.plan_id}"}
    assert reminded[0].after == {"rule": "due-3", "period": "2013-12-31", "recipient": "contact-1", "channel": "arrivals", "message": 1}
    assert [(entry.actor, [said["message"] for said in entry.after["messages"]]) for entry in delivered] == [("system", [1, 2])]
    with house.session() as session:
        assert first_break(session) is None


def test_twice_is_once(house, arrivals):
    add_tasks(house, ["科技厅", "农业厅"])
    run(house, arrivals)
    again = run(house, arrivals)
    assert len(arrivals.addresses) == 2
    assert not again.sent
    assert again.notes == ("另有 4 条提醒此前已经发出，不再重复",)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param([0, -1, 0, 1, 0], id="back and forward"),
        pytest.param([1, 0, -2, 1], id="backward only"),
        pytest.param([5, 0, 1, 5, 6], id="far ahead and back"),
    ],
)
def test_a_clock_that_jumps_doubles_nothing(house, arrivals, days):
    add_tasks(house, ["科技厅"])
    for step in days:
        run(house, arrivals, TODAY + timedelta(days=step))
    with house.session() as session:
        said = list(session.exec(select(Reminder.rule, Reminder.period)))
    assert len(said) == len(set(said))
    assert len(arrivals.addresses) == len(messages(house)) <= len(set(days))


def test_ten_days_without_a_run_bring_one_digest(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals, date(2013, 12, 20))
    run(house, arrivals, date(2014, 1, 6))
    assert len(arrivals.addresses) == 2
    assert rules_said(house) == ["due-7", "overdue-1", "report-missing", "report-open"]


def test_ten_days_without_a_channel_bring_one_digest(house, arrivals):
    add_tasks(house, ["科技厅"])
    arrivals.error = ChannelDownError("邮件服务器不应答")
    days = [day for n in range(10) if is_working_day(day := date(2013, 12, 20) + timedelta(days=n))]
    for day in days:
        report = run(house, arrivals, day)
        assert [message.code for message in report.not_sent] == ["waiting"]
        assert report.notes[-1] == "邮件服务器不应答"
    arrivals.error = None
    run(house, arrivals, date(2013, 12, 31))
    assert arrivals.addresses == ["kjt@example.cn"]
    only = messages(house)[0]
    assert only.day == date(2013, 12, 31)
    assert "今天到期" in only.text
    assert rules_said(house) == ["due-0", "report-open"]
    assert acts(house, "withdraw-reminder")


def test_what_is_done_before_it_leaves_is_not_said(house, arrivals):
    (task_id,) = add_tasks(house, ["科技厅"])
    arrivals.error = ChannelDownError("邮件服务器不应答")
    run(house, arrivals)
    act(house, task_id, TaskEvent.SUBMIT, TODAY)
    arrivals.error = None
    run(house, arrivals, date(2013, 12, 27))
    assert not arrivals.addresses
    assert not messages(house)
    assert len(acts(house, "withdraw-reminder")) == 2


def test_a_passing_error_is_tried_again_and_does_not_pile_up(house, arrivals):
    add_tasks(house, ["科技厅"])
    arrivals.error = DeliveryError("452 稍后再试")
    assert [message.code for message in run(house, arrivals).not_sent] == ["postponed"]
    held = run(house, arrivals, date(2013, 12, 30), later=-timedelta(days=4)).not_sent
    assert {message.code for message in held} == {"message-in-the-way", "postponed"}
    arrivals.error = None
    assert len(run(house, arrivals, date(2013, 12, 31)).sent) == 1
    assert states(house) == ["sent"]


def test_new_lines_wait_for_the_next_working_day(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    add_tasks(house, ["科技厅"])
    report = run(house, arrivals)
    assert [(message.code, len(message.lines)) for message in report.not_sent] == [("message-in-the-way", 2)]
    assert len(run(house, arrivals, date(2013, 12, 27)).sent) == 1
    assert len(arrivals.addresses) == 2


def test_a_rest_day_says_nothing_and_why(house, arrivals):
    add_tasks(house, ["科技厅"])
    report = run(house, arrivals, date(2013, 12, 28))
    assert not messages(house)
    assert report.notes == ("2013年12月28日不是工作日，不发提醒；应提醒的事项下一个工作日一并提醒",)


def test_a_make_up_saturday_is_a_working_day(house, arrivals):
    add_tasks(house, ["科技厅"], due_on=date(2013, 10, 12))
    assert run(house, arrivals, date(2013, 10, 12)).sent[0].lines[0].rule == "due-0"


def test_a_year_without_known_holidays_is_noted(house, arrivals):
    add_tasks(house, ["科技厅"], due_on=date(2027, 3, 3), starts_on=date(2027, 1, 1))
    assert run(house, arrivals, date(2027, 3, 1)).notes == ("2027 年的节假日安排尚未收录，工作日暂按周一至周五计算",)


def test_a_unit_without_contact_waits_for_one_where_an_address_is_needed(house, arrivals):
    add_unit(house, "财政厅")
    add_tasks(house, ["财政厅"])
    report = run(house, arrivals)
    assert [(message.unit, message.code) for message in report.not_sent] == [("财政厅", "no-address")]
    assert "duban unit contact" in report.not_sent[0].reason
    assert not messages(house)
    add_contact(house, "财政厅", "czt@example.cn")
    run(house, arrivals, date(2013, 12, 27))
    assert arrivals.addresses == ["czt@example.cn"]


def test_a_unit_without_contact_gets_a_file(house, tmp_path):
    add_unit(house, "财政厅")
    add_tasks(house, ["财政厅"])
    report = run(house, MailFolder(tmp_path / "outbox", "duban@localhost"))
    assert [message.name for message in report.sent] == ["财政厅"]
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == ["2013-12-26-财政厅-1.eml"]


def test_an_open_set_of_units_is_listed_not_written_to(house, tmp_path):
    add_unit(house, "有关县（市、区）人民政府", is_open=True)
    add_tasks(house, ["有关县（市、区）人民政府"])
    report = run(house, MailFolder(tmp_path / "outbox", "duban@localhost"))
    assert [message.code for message in report.not_sent] == ["members-not-named"]
    assert not messages(house)


@pytest.mark.parametrize(
    ("duties", "day", "reached"),
    [
        pytest.param([ContactDuty.HANDLER, ContactDuty.LEADER], TODAY, {"a@x.cn"}, id="leader is left in peace"),
        pytest.param([ContactDuty.LIAISON, ContactDuty.OFFICE], TODAY, {"a@x.cn"}, id="office not before due"),
        pytest.param([ContactDuty.LIAISON, ContactDuty.OFFICE], date(2014, 1, 2), {"a@x.cn", "b@x.cn"}, id="office when overdue"),
        pytest.param([ContactDuty.OFFICE, ContactDuty.HEAD], TODAY, {"a@x.cn"}, id="office where nobody else"),
        pytest.param([ContactDuty.HEAD, ContactDuty.LEADER], TODAY, set(), id="heads alone are not written to"),
    ],
)
def test_who_is_written_to(house, arrivals, duties, day, reached):
    add_unit(house, "财政厅")
    for address, duty in zip(["a@x.cn", "b@x.cn"], duties, strict=True):
        add_contact(house, "财政厅", address, duty)
    add_tasks(house, ["财政厅"])
    run(house, arrivals, day)
    assert set(arrivals.addresses) == reached


def test_a_filed_report_is_not_asked_for(house, arrivals):
    (task_id,) = add_tasks(house, ["科技厅"], due_on=date(2014, 12, 31))
    file_report(house, task_id, "科技厅", "2013Q4", TODAY)
    assert not run(house, arrivals).sent


def test_a_missing_report_is_urged_once(house, arrivals):
    add_tasks(house, ["科技厅"], due_on=date(2014, 12, 31))
    for day in (date(2013, 12, 31), date(2014, 1, 3), date(2014, 1, 9), date(2014, 1, 10), date(2014, 3, 3)):
        run(house, arrivals, day)
    assert rules_said(house) == ["report-missing", "report-open"]


def test_the_preview_writes_nothing_and_says_the_same(house, arrivals):
    add_tasks(house, ["科技厅", "农业厅"])
    occasion = Occasion(SYSTEM, TODAY, noon(TODAY))
    with house.session() as session:
        preview = preview_reminders(session, occasion, Routes(arrivals), DEFAULT_RULE_SET)
    assert not messages(house)
    sent = run(house, arrivals).sent
    assert [(m.address, m.lines) for m in preview.planned] == [(m.address, m.lines) for m in sent]


def test_a_unit_may_not_run_reminders(house, arrivals):
    occasion = Occasion(Actor(2, "kjt", Role.UNIT, 1), TODAY, noon(TODAY))
    with pytest.raises(DubanError, match="no-right"):
        remind(courier_for(house, arrivals), occasion, DEFAULT_RULE_SET, OFFICE)


def test_another_channel_says_it_anew(house, arrivals, tmp_path):
    add_tasks(house, ["科技厅"])
    run(house, MailFolder(tmp_path / "outbox", "duban@localhost"))
    run(house, arrivals)
    assert arrivals.addresses == ["kjt@example.cn"]


def test_a_moved_due_day_is_said_anew(house, arrivals):
    (task_id,) = add_tasks(house, ["科技厅"], due_on=date(2013, 12, 30))
    run(house, arrivals)
    with house.session() as session:
        session.connection().exec_driver_sql(f"UPDATE task SET due_on = '2014-01-06' WHERE id = {task_id}")
    run(house, arrivals, date(2013, 12, 31))
    assert rules_said(house) == ["due-3", "due-3", "report-open"]


def test_a_message_in_the_contacts_language(house, arrivals):
    with house.session() as session:
        contact = session.exec(select(Contact)).first()
        contact.language = "en"
        keep(session, contact)
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    with house.session() as session:
        assert 'lang="en"' in session.exec(select(Message.html)).one()
