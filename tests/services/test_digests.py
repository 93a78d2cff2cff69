"""Digests for the house's own people, for people of several units, in the right hours, and after days of silence."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.account import Account, AccountRole
from models.ledger import LedgerEntry
from models.notice import MessageState, Reminder
from models.request import Request, RequestKind
from models.unit import Contact, Unit
from notify.channel import ChannelDownError, DeliveryError
from notify.letterhead import Letterhead, use_letterhead
from rules.errors import DubanError
from rules.periods import period_before, quarter_of
from rules.rights import Actor
from rules.rule_set import DEFAULT_RULE_SET
from rules.transitions import TaskEvent
from services.bulletins.compiling import BulletinOrder
from services.bulletins.drafting import draft_bulletin
from services.ledger import first_break
from services.occasion import SYSTEM, Occasion
from services.rebuilding import differences
from services.reminders import remind
from services.resending import resend_message
from services.settling import settle_message
from services.unit_changes import Reorganisation, merge_units
from tests.builders import keep
from tests.databases import KIND, KINDS
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
    messages,
    noon,
    open_house,
    run,
    states,
)

NEXT = date(2013, 12, 27)
WATCH = Actor(1, "clerk", AccountRole.PLAN_OFFICE)
# What Python alone decides is looked at on one kind of database.
in_one_house = pytest.mark.parametrize("house", [KIND], indirect=True)


@pytest.fixture(params=KINDS)
def house(request, tmp_path):
    house = open_house(_url(request, tmp_path))
    add_unit(house, "科技厅", address="kjt@example.cn")
    add_unit(house, "农业厅", address="nyt@example.cn")
    return house


def _url(request, tmp_path):
    if request.param == "sqlite":
        return url_of(new_home(tmp_path))
    engine = request.getfixturevalue("postgres_engine")
    # Written through another engine, which the fixture does not watch.
    request.getfixturevalue("postgres_opened").is_written = True
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def arrivals(tmp_path):
    return Arrivals(tmp_path / "arrivals.txt")


@pytest.fixture(autouse=True)
def _plain_letterhead():
    yield
    use_letterhead(Letterhead())


def add_office(house, name="watch", role=AccountRole.SUPERVISOR, unit=None, language="zh"):
    with house.session() as session:
        unit_id = house.units[unit] if unit else None
        account = Account(name=name, role=role, unit_id=unit_id, address=f"{name}@example.cn", language=language, created_at=noon(TODAY))
        keep(session, account)
        return f"account-{account.id}"


def ask(house, task_id, unit):
    with house.session() as session:
        asked = {"reason": "选址未定", "filed_on": TODAY, "filed_by": "kjt"}
        keep(
            session,
            Request(task_id=task_id, unit_id=house.units[unit], kind=RequestKind.EXTENSION, **asked),
            plan_id=house.plan_id,
            day=TODAY,
        )


def said(house, key):
    with house.session() as session:
        return sorted(session.exec(select(Reminder.rule).where(Reminder.recipient == key)))


def sound(house):
    with house.session() as session:
        return first_break(session) is None and not differences(session)


def text_to(house, address):
    return [message.text for message in messages(house) if message.address == address]


def test_two_units_of_one_person_are_one_message_by_unit(house, arrivals):
    add_contact(house, "农业厅", "KJT@example.cn")
    add_tasks(house, ["科技厅", "农业厅"])
    run(house, arrivals)
    both = text_to(house, "kjt@example.cn")
    assert len(both) == 1
    assert both[0].index("■ 科技厅") < both[0].index("第1项行动") < both[0].index("■ 农业厅") < both[0].index("第2项行动")
    assert arrivals.addresses == ["kjt@example.cn", "nyt@example.cn"]
    with house.session() as session:
        keys = session.exec(select(Reminder.recipient).where(Reminder.message_id == 1)).all()
    assert set(keys) == {"contact-1", "contact-3"}
    assert sound(house)


def test_a_person_who_has_had_his_message_waits_whichever_unit_it_is_about(house, arrivals):
    add_contact(house, "农业厅", "kjt@example.cn")
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    add_tasks(house, ["农业厅"])
    report = run(house, arrivals)
    assert {message.code for message in report.not_sent} == {"message-in-the-way"}
    assert arrivals.addresses == ["kjt@example.cn", "nyt@example.cn"]
    run(house, arrivals, NEXT)
    assert arrivals.addresses.count("kjt@example.cn") == 2


def test_a_changed_address_brings_no_second_message_of_the_day(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    with house.session() as session:
        contact = session.exec(select(Contact).where(Contact.address == "kjt@example.cn")).one()
        contact.address = "new@example.cn"
        keep(session, contact)
    add_tasks(house, ["科技厅"])
    assert [message.code for message in run(house, arrivals).not_sent] == ["message-in-the-way"]
    run(house, arrivals, NEXT)
    assert arrivals.addresses == ["kjt@example.cn", "new@example.cn"]


def test_a_waiting_message_of_two_units_is_rewritten_as_one(house, arrivals):
    add_contact(house, "农业厅", "kjt@example.cn")
    add_tasks(house, ["科技厅"])
    arrivals.error = ChannelDownError("邮件服务器不应答")
    run(house, arrivals)
    add_tasks(house, ["农业厅"])
    arrivals.error = None
    run(house, arrivals, NEXT)
    assert sorted(arrivals.addresses) == ["kjt@example.cn", "nyt@example.cn"]
    assert sound(house)


def test_the_office_hears_of_what_waits_once(house, arrivals):
    key = add_office(house)
    submitted, asked, later = add_tasks(house, ["科技厅", "农业厅", "科技厅"])
    act(house, submitted, TaskEvent.SUBMIT, TODAY)
    ask(house, asked, "农业厅")
    run(house, arrivals)
    assert said(house, key) == ["decide", "review"]
    (text,) = text_to(house, "watch@example.cn")
    assert "科技厅2013年12月26日申请办结" in text
    assert "农业厅2013年12月26日申请延期（申请 1）" in text
    run(house, arrivals, NEXT)
    assert len(text_to(house, "watch@example.cn")) == 1
    act(house, later, TaskEvent.SUBMIT, date(2013, 12, 30))
    run(house, arrivals, date(2013, 12, 30))
    assert "此前已经告知、仍待办理的还有：待审核 1 项、待答复 1 项。" in text_to(house, "watch@example.cn")[-1]
    assert sound(house)


@in_one_house
@pytest.mark.parametrize(
    ("role", "unit", "expected"),
    [
        pytest.param(AccountRole.SUPERVISOR, None, ["decide", "review"], id="supervisor: both"),
        pytest.param(AccountRole.PLAN_OFFICE, None, ["decide"], id="the plan office reviews nothing"),
        pytest.param(AccountRole.SUPERVISOR, "农业厅", [], id="a bound office hears nothing of others"),
        pytest.param(AccountRole.ADMINISTRATOR, None, [], id="an administrator has no part in it"),
    ],
)
def test_each_hears_of_what_he_may_do(house, arrivals, role, unit, expected):
    key = add_office(house, role=role, unit=unit)
    (task_id,) = add_tasks(house, ["科技厅"])
    ask(house, task_id, "科技厅")
    act(house, task_id, TaskEvent.SUBMIT, TODAY)
    run(house, arrivals)
    assert said(house, key) == expected


def test_supervisors_hear_of_a_bulletin_that_waits_for_them(house, arrivals):
    key, other = add_office(house), add_office(house, "office", AccountRole.PLAN_OFFICE)
    add_tasks(house, ["科技厅"])
    with house.session() as session:
        order = BulletinOrder(period_before(quarter_of(TODAY)), None, DEFAULT_RULE_SET)
        draft_bulletin(session, order, Occasion(SYSTEM, TODAY, noon(TODAY)))
    run(house, arrivals)
    assert "approve" in said(house, key)
    assert "approve" not in said(house, other)
    (text,) = text_to(house, "watch@example.cn")
    assert "duban bulletin approve" in text
    assert sound(house)


@in_one_house
def test_a_locked_account_hears_nothing(house, arrivals):
    key = add_office(house)
    with house.session() as session:
        account = session.exec(select(Account).where(Account.name == "watch")).one()
        account.state = "locked"
        keep(session, account)
    act(house, add_tasks(house, ["科技厅"])[0], TaskEvent.SUBMIT, TODAY)
    run(house, arrivals)
    assert not said(house, key)


def test_the_office_hears_of_a_unit_that_nobody_can_write_to(house, arrivals):
    key = add_office(house)
    add_unit(house, "边远市")
    add_tasks(house, ["边远市", "边远市"])
    run(house, arrivals)
    run(house, arrivals, NEXT)
    assert said(house, key) == ["no-address"]
    assert "边远市：没有联系人地址" in text_to(house, "watch@example.cn")[0]


@in_one_house
@pytest.mark.parametrize(
    ("error", "state"),
    [
        pytest.param(DeliveryError("550 没有这个用户", permanent=True), MessageState.FAILED, id="failed"),
        pytest.param(DeliveryError("连接中断", uncertain=True), MessageState.UNCERTAIN, id="uncertain"),
    ],
)
def test_the_office_hears_of_what_did_not_arrive_until_it_is_settled(house, arrivals, error, state):
    (task_id,) = add_tasks(house, ["科技厅"])
    arrivals.error = error
    run(house, arrivals)
    assert states(house) == [state.value]
    arrivals.error = None
    key = add_office(house)
    run(house, arrivals, NEXT)
    assert said(house, key) == ["undelivered"]
    assert str(error) in text_to(house, "watch@example.cn")[0]
    settle(house, 1, has_arrived=False)
    assert messages(house)[0].state is MessageState.FAILED
    act(house, task_id, TaskEvent.SUBMIT, date(2013, 12, 30))
    run(house, arrivals, date(2013, 12, 30))
    assert "未送达" not in text_to(house, "watch@example.cn")[-1]
    assert sound(house)


def test_the_offices_own_digest_that_fails_makes_no_digest_every_day(house, arrivals):
    add_office(house, "one")
    add_office(house, "two")
    act(house, add_tasks(house, ["科技厅"])[0], TaskEvent.SUBMIT, TODAY)
    arrivals.error = DeliveryError("550 没有这个用户", permanent=True)
    for day in (TODAY, NEXT, date(2013, 12, 30), date(2013, 12, 31), date(2014, 1, 2)):
        run(house, arrivals, day)
    assert len(messages(house)) == 4


def settle(house, number, *, has_arrived, reason="已电话核实", actor=WATCH):
    with house.session() as session:
        settle_message(session, number, has_arrived, reason, Occasion(actor, NEXT, noon(NEXT)))


def test_a_message_that_arrived_counts_as_sent(house, arrivals):
    add_tasks(house, ["科技厅"])
    arrivals.error = DeliveryError("连接中断", uncertain=True)
    run(house, arrivals)
    settle(house, 1, has_arrived=True)
    (only,) = messages(house)
    assert (only.state, only.sent_at, only.is_entered) == (MessageState.SENT, noon(TODAY), True)
    with house.session() as session:
        entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "settle-message")).one()
    assert (entry.before["state"], entry.after["reason"]) == ("uncertain", "已电话核实")
    assert sound(house)


def test_a_message_sent_again_is_open_again(house, arrivals):
    add_tasks(house, ["科技厅"])
    arrivals.error = DeliveryError("550 没有这个用户", permanent=True)
    run(house, arrivals)
    settle(house, 1, has_arrived=False)
    with house.session() as session:
        resend_message(session, 1, Occasion(WATCH, NEXT, noon(NEXT)))
    run(house, arrivals, NEXT)
    key = add_office(house)
    arrivals.error = None
    run(house, arrivals, date(2013, 12, 30))
    assert said(house, key) == ["undelivered"]


@in_one_house
@pytest.mark.parametrize(
    ("reason", "error", "code"),
    [
        pytest.param("", DeliveryError("连接中断", uncertain=True), "no-reason", id="no reason"),
        pytest.param("问过", None, "not-to-settle", id="it was sent"),
    ],
)
def test_what_is_not_settled(house, arrivals, reason, error, code):
    add_tasks(house, ["科技厅"])
    arrivals.error = error
    run(house, arrivals)
    with pytest.raises(DubanError, match=code):
        settle(house, 1, has_arrived=True, reason=reason)
    assert sound(house)


def test_a_unit_settles_nothing(house):
    with pytest.raises(DubanError, match="no-right"):
        settle(house, 1, has_arrived=True, actor=Actor(2, "kjt", AccountRole.UNIT, 1))


@in_one_house
@pytest.mark.parametrize(
    ("actor", "hours", "sent"),
    [
        pytest.param(SYSTEM, 0, 1, id="at noon"),
        pytest.param(SYSTEM, -5, 0, id="at seven in the morning"),
        pytest.param(SYSTEM, -4, 1, id="at eight"),
        pytest.param(SYSTEM, 6, 0, id="at six in the evening"),
        pytest.param(WATCH, 10, 1, id="a person may at night"),
    ],
)
def test_what_goes_by_itself_goes_in_its_hours(house, arrivals, actor, hours, sent):
    add_tasks(house, ["科技厅"])
    courier = courier_for(house, arrivals, later=timedelta(hours=hours))
    report = remind(courier, Occasion(actor, TODAY, noon(TODAY)), DEFAULT_RULE_SET, OFFICE)
    assert (len(report.sent), [message.code for message in report.not_sent]) == (sent, [] if sent else ["outside-hours"])
    run(house, arrivals)
    assert arrivals.addresses == ["kjt@example.cn"]


def test_a_merged_unit_goes_on_where_the_old_one_was(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    with house.session() as session:
        merge_units(session, ["科技厅"], "农业厅", Reorganisation(TODAY), Occasion(WATCH, TODAY, noon(TODAY)))
    run(house, arrivals, date(2013, 12, 30))
    assert set(arrivals.addresses) == {"kjt@example.cn", "nyt@example.cn"}
    again = [message for message in messages(house) if message.address == "kjt@example.cn"]
    assert "还有 1 个工作日" in again[-1].text
    assert again[-1].text.startswith("农业厅")
    with house.session() as session:
        assert session.exec(select(Unit.valid_to).where(Unit.name == "科技厅")).one() is not None
    assert len({(message.address, message.day) for message in messages(house)}) == len(messages(house))


def test_a_contact_who_is_replaced_hands_over(house, arrivals):
    add_tasks(house, ["科技厅"])
    run(house, arrivals)
    with house.session() as session:
        session.delete(session.exec(select(Contact).where(Contact.address == "kjt@example.cn")).one())
        keep(session)
    add_contact(house, "科技厅", "li@example.cn")
    run(house, arrivals, NEXT)
    assert arrivals.addresses == ["kjt@example.cn", "li@example.cn"]
    assert said(house, "contact-3") == ["due-3", "report-open"]


@in_one_house
def test_a_line_links_its_task_where_the_pages_are_known(house, arrivals):
    add_tasks(house, ["科技厅"])
    use_letterhead(Letterhead(pages="https://duban.example.cn"))
    run(house, arrivals)
    assert "https://duban.example.cn/tasks/1" in text_to(house, "kjt@example.cn")[0]
    assert '<a href="https://duban.example.cn/tasks/1"' in messages(house)[0].html


@in_one_house
def test_a_broken_template_stops_nothing_and_the_office_is_told(house, arrivals, tmp_path):
    place = tmp_path / "templates" / "reminder" / "body.txt.j2"
    place.parent.mkdir(parents=True)
    place.write_text("{{ salutation }}\n{{ nonsense }}\n", encoding="utf-8")
    use_letterhead(Letterhead(tmp_path / "templates"))
    key = add_office(house)
    add_unit(house, "边远市")
    add_tasks(house, ["科技厅", "边远市"])
    report = run(house, arrivals)
    assert "第1项行动" in text_to(house, "kjt@example.cn")[0]
    assert "第 2 行" in text_to(house, "watch@example.cn")[0]
    assert any("nonsense" in note for note in report.notes)
    assert said(house, key) == ["no-address"]
