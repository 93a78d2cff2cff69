"""Calendars of units: whose secret opens what, which dates are in it, and that an event stays the same event while what it says changes."""

from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from time import process_time

import icalendar
import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.notice import Notice, NoticeLevel, NoticeState
from models.request import RequestKind
from models.unit import CalendarFeed, Unit
from notify.letterhead import Letterhead, use_letterhead
from reports.to_icalendar import calendar_bytes
from rules.errors import DubanError
from rules.requests import Terms
from services.calendar_events import DAYS_KEPT, unit_calendar
from services.calendar_feeds import FeedRow, end_feed, feed_of, list_feeds, open_feed
from services.contact_register import ContactSaid, remove_contact, set_contact
from services.decisions import cancel_task, reassign_task, suspend_task
from services.ledger import first_break
from services.plans import issue_plan
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.requests import Approval, RequestInput, approve_request, file_request
from services.store import Store
from services.tasks import acknowledge_task, complete_task, submit_task
from services.unit_changes import Reorganisation, merge_units
from tests.builders import FINANCE, ISSUED_ON, SCIENCE, draft, issued, item, keep, on, people, yearly_task
from tests.databases import on_one_kind
from tests.remembered import once

BEGUN = date(2013, 1, 7)
MIDYEAR = date(2013, 6, 3)
NEAR = date(2013, 12, 26)
DUE = date(2013, 12, 31)
LATE = date(2014, 1, 6)


@pytest.fixture
def folk(session):
    """A plan of one action by years; its first task is taken up."""
    yield begun(session)
    assert differences(session) == []
    assert first_break(session) is None


@once
def begun(session):
    folk = people(session)
    issued(session, folk.office, draft(item(1)))
    acknowledge_task(session, 1, on(BEGUN, folk.science))
    return folk


def events(session, actor, day):
    """Return a unit's events by the part of their uid that says what they are."""
    return {event.uid.partition("@")[0]: event for event in unit_calendar(session, actor.unit_id, day)}


def refusal(act, *given, **options):
    with pytest.raises(DubanError) as refused:
        act(*given, **options)
    return refused.value.code


def submit_and_accept(session, folk, day):
    said = ProgressInput(values={"示范县": Amount(10)}, text="全部建成")
    record_progress(session, 1, said, Store(Path("unused")), on(day, folk.science))
    submit_task(session, 1, None, on(day, folk.science))
    complete_task(session, 1, on(day, folk.supervisor))


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(session, folk):
    secret = open_feed(session, SCIENCE, None, on(MIDYEAR, folk.science))
    (feed,) = session.exec(select(CalendarFeed))
    assert len(secret) >= 43
    assert feed.secret_sha256 == sha256(secret.encode()).hexdigest()
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "open-feed")).one()
    assert secret not in f"{entry.before}{entry.after}{entry.changes}{entry.subject}"
    assert feed_of(session, secret, MIDYEAR).name == f"督办：{SCIENCE}"
    assert list_feeds(session, SCIENCE, folk.science) == [FeedRow(None, MIDYEAR)]


@on_one_kind
@pytest.mark.parametrize(
    "secret", ["", "wrong", "x" * 10_000, "密钥", "\udcff"], ids=["empty", "wrong", "endless", "chinese", "half a character"]
)
def test_no_other_secret_opens_anything(session, folk, secret):
    open_feed(session, SCIENCE, None, on(MIDYEAR, folk.science))
    assert feed_of(session, secret, MIDYEAR) is None


def test_renewing_ends_the_old_address(session, folk):
    old = open_feed(session, SCIENCE, None, on(MIDYEAR, folk.office))
    assert refusal(open_feed, session, SCIENCE, None, on(MIDYEAR, folk.office)) == "feed-open"
    new = open_feed(session, SCIENCE, None, on(MIDYEAR, folk.office), renew=True)
    assert feed_of(session, old, MIDYEAR) is None
    assert feed_of(session, new, MIDYEAR) is not None
    end_feed(session, SCIENCE, None, on(MIDYEAR, folk.office))
    assert feed_of(session, new, MIDYEAR) is None
    assert refusal(end_feed, session, SCIENCE, None, on(MIDYEAR, folk.office)) == "no-feed"
    assert list_feeds(session, SCIENCE) == []


def test_a_contact_has_an_address_and_a_language_of_its_own(session, folk):
    set_contact(session, SCIENCE, ContactSaid("li@kjt.example", "Li", language="en"), on(MIDYEAR, folk.office))
    of_unit = open_feed(session, SCIENCE, None, on(MIDYEAR, folk.science))
    of_contact = open_feed(session, SCIENCE, "Li", on(MIDYEAR, folk.science))
    assert [row.contact for row in list_feeds(session, SCIENCE)] == [None, "Li"]
    assert "Li" in feed_of(session, of_contact, MIDYEAR).name
    end_feed(session, SCIENCE, "li@kjt.example", on(MIDYEAR, folk.science))
    assert feed_of(session, of_contact, MIDYEAR) is None
    assert feed_of(session, of_unit, MIDYEAR) is not None
    again = open_feed(session, SCIENCE, "Li", on(MIDYEAR, folk.science))
    remove_contact(session, SCIENCE, "Li", on(MIDYEAR, folk.office))
    assert feed_of(session, again, MIDYEAR) is None


@on_one_kind
@pytest.mark.parametrize(
    ("who", "unit", "contact", "code"),
    [
        pytest.param("finance", SCIENCE, None, "not-your-task", id="another unit's"),
        pytest.param("finance", "无此厅", None, "not-your-task", id="an unknown unit, asked by one who may not know"),
        pytest.param("supervisor", SCIENCE, None, "no-right", id="a supervisor"),
        pytest.param("administrator", SCIENCE, None, "no-right", id="the administrator"),
        pytest.param("office", "无此厅", None, "unknown-unit", id="an unknown unit"),
        pytest.param("science", SCIENCE, "张三", "unknown-contact", id="an unknown contact"),
    ],
)
def test_who_is_refused(session, folk, who, unit, contact, code):
    occasion = on(MIDYEAR, getattr(folk, who))
    assert refusal(open_feed, session, unit, contact, occasion) == code
    assert refusal(end_feed, session, unit, contact, occasion) == code
    assert contact or refusal(list_feeds, session, unit, occasion.actor) == code


def test_after_a_merger_the_address_shows_the_successor(session, folk):
    secret = open_feed(session, SCIENCE, None, on(MIDYEAR, folk.office))
    merge_units(session, [SCIENCE], FINANCE, Reorganisation(MIDYEAR), on(MIDYEAR, folk.office))
    view = feed_of(session, secret, MIDYEAR)
    assert view.name == f"督办：{FINANCE}"
    assert any(event.summary == "示范行动1（2013年）" for event in view.events)


@on_one_kind
def test_what_a_task_says(session, folk):
    task = events(session, folk.science, MIDYEAR)["task-1"]
    assert (task.day, task.summary, task.is_cancelled) == (DUE, "示范行动1（2013年）", False)
    assert task.description.split("\n") == [
        "计划：《关于建设示范县的实施方案》（测政办发〔2012〕1号）",
        "序号：1",
        "任务编号：1",
        "目标：示范县 10个",
        "办结时限：2013年12月31日",
        "状态：承办中",
        "办理：填报 duban task report 1，办完后 duban task submit 1；没有账号的，填好发来的填报表交回",
    ]


@on_one_kind
def test_a_supporting_unit_sees_that_it_supports(session, folk):
    found = events(session, folk.finance, LATE)
    assert found["task-1"].summary == "【已超期】【配合】示范行动1（2013年）"
    assert "牵头单位：省科技厅" in found["task-1"].description
    assert set(found) == {"task-1", "task-2", "task-3"}


STANDINGS = [
    pytest.param(MIDYEAR, "", id="far away"),
    pytest.param(date(2013, 12, 25), "", id="four working days before"),
    pytest.param(NEAR, "【临近】", id="three working days before"),
    pytest.param(DUE, "【临近】", id="its due day"),
    pytest.param(date(2014, 1, 1), "【已超期】", id="the day after, a holiday"),
]


@on_one_kind
@pytest.mark.parametrize(("day", "mark"), STANDINGS)
def test_how_pressing_it_is_stands_first(session, folk, day, mark):
    assert events(session, folk.science, day)["task-1"].summary == f"{mark}示范行动1（2013年）"


def test_overdue_tasks_are_on_the_day_itself(session, folk):
    assert "overdue-1" not in events(session, folk.science, DUE)
    first, later = (events(session, folk.science, day)["overdue-1"] for day in (LATE, LATE + timedelta(days=40)))
    assert (first.day, first.summary) == (LATE, "【已超期】1 项任务待办")
    assert first.description == "[1] 示范行动1（2013年）：2013年12月31日到期，已超期 6 天"
    assert later.uid == first.uid
    assert later.day > first.day
    assert later.sequence > first.sequence


def test_a_moved_due_day_moves_the_event_and_raises_its_number(session, folk):
    before = events(session, folk.science, MIDYEAR)["task-1"]
    moved_to = date(2014, 3, 31)
    asked = RequestInput(RequestKind.EXTENSION, "汛期停工", "已过半", Terms(due_on=moved_to))
    request = file_request(session, 1, asked, on(MIDYEAR, folk.science))
    approve_request(session, request, Approval(), on(MIDYEAR, folk.office))
    after = events(session, folk.science, MIDYEAR)["task-1"]
    assert (after.uid, after.day) == (before.uid, moved_to)
    assert after.sequence > before.sequence
    assert "办结时限：2014年3月31日（原定2013年12月31日）" in after.description


ENDS = [
    pytest.param(lambda s, f: submit_and_accept(s, f, MIDYEAR), "【已办结】", id="done"),
    pytest.param(lambda s, f: suspend_task(s, 1, "会议纪要第3期", on(MIDYEAR, f.office)), "【已挂起】", id="suspended"),
    pytest.param(lambda s, f: cancel_task(s, 1, "会议纪要第3期", on(MIDYEAR, f.office)), "【已终止】", id="cancelled"),
]


@on_one_kind
@pytest.mark.parametrize(("act", "mark"), ENDS)
def test_what_is_over_is_cancelled_for_some_days_and_then_gone(session, folk, act, mark):
    act(session, folk)
    task = events(session, folk.science, MIDYEAR)["task-1"]
    assert (task.summary, task.is_cancelled) == (f"{mark}示范行动1（2013年）", True)
    assert "task-1" in events(session, folk.science, MIDYEAR + timedelta(days=DAYS_KEPT - 1))
    assert "task-1" not in events(session, folk.science, MIDYEAR + timedelta(days=DAYS_KEPT))


@on_one_kind
def test_handed_in_it_waits_for_the_house(session, folk):
    submit_task(session, 1, "另案办理", on(NEAR, folk.science))
    found = events(session, folk.science, LATE)
    assert found["task-1"].summary == "【待审核】示范行动1（2013年）"
    assert "overdue-1" not in found


def test_a_task_handed_to_another_unit_changes_calendars(session, folk):
    before = events(session, folk.science, MIDYEAR)["task-1"]
    reassign_task(session, 1, FINANCE, "会议纪要第3期", on(MIDYEAR, folk.office))
    assert "task-1" not in events(session, folk.science, MIDYEAR)
    after = events(session, folk.finance, MIDYEAR)["task-1"]
    assert (after.uid, after.summary) == (before.uid, "示范行动1（2013年）")
    assert events(session, folk.science, MIDYEAR - timedelta(days=1))["task-1"].summary == before.summary


def test_report_limits_are_gathered_by_plan_and_quarter(session, folk):
    found = {key: event for key, event in events(session, folk.science, date(2013, 4, 2)).items() if key.startswith("report-")}
    assert {key: event.day for key, event in found.items()} == {
        "report-1-1-2013Q1": date(2013, 4, 3),
        "report-1-1-2013Q2": date(2013, 7, 3),
        "report-1-1-2013Q3": date(2013, 10, 10),
        "report-1-1-2013Q4": date(2014, 1, 6),
        "report-1-1-2014Q1": date(2014, 4, 3),
    }
    first = found["report-1-1-2013Q1"]
    assert first.summary == "报送2013年第一季度进展（1项）"
    assert "[1] 示范行动1（2013年）" in first.description
    assert events(session, folk.science, date(2013, 4, 8))["report-1-1-2013Q1"].summary.startswith("【逾期未报】")
    said = ProgressInput(values={"示范县": Amount(2)}, text="已开工", period="2013Q1")
    record_progress(session, 1, said, Store(Path("unused")), on(date(2013, 4, 8), folk.science))
    assert "report-1-1-2013Q1" not in events(session, folk.science, date(2013, 4, 8))


@on_one_kind
@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        pytest.param({}, "答复蓝色督办通知单：示范行动1（2013年）", id="issued"),
        pytest.param({"limit_on": date(2014, 1, 3)}, "【已过时限】答复蓝色督办通知单：示范行动1（2013年）", id="its limit over"),
        pytest.param({"state": NoticeState.PREPARED, "number": None, "issued_on": None}, None, id="only prepared"),
        pytest.param({"level": NoticeLevel.ACCOUNTABILITY}, None, id="the house's own proposal"),
        pytest.param({"due_on": date(2013, 11, 30)}, None, id="of a due day that was moved"),
        pytest.param({"issued_on": date(2014, 2, 3)}, None, id="issued later"),
    ],
)
def test_notice_limits(session, folk, changes, summary):
    facts = {"task_id": 1, "unit_id": folk.science.unit_id, "level": NoticeLevel.BLUE, "state": NoticeState.ISSUED, "due_on": DUE}
    facts |= {"matter": "overdue", "prepared_on": DUE, "year": 2014, "number": 1, "issued_on": LATE, "limit_on": date(2014, 1, 13)}
    keep(session, Notice(**{**facts, "doc_no": "督字〔2014〕1号", "demand": "限期完成", **changes}), plan_id=1, day=LATE)
    found = events(session, folk.science, LATE).get("notice-1")
    assert (found.summary if found else None) == summary
    assert found is None or "编号：督字〔2014〕1号" in found.description


def test_the_same_day_gives_the_same_octets_and_every_event_is_known_again(session, folk):
    secret = open_feed(session, SCIENCE, None, on(MIDYEAR, folk.science))
    again = [calendar_bytes(feed_of(session, secret, LATE)) for _time in range(2)]
    assert again[0] == again[1]
    calendar = icalendar.Calendar.from_ical(again[0])
    assert len({str(event["UID"]) for event in calendar.walk("VEVENT")}) == len(calendar.walk("VEVENT"))
    uids = [{event.uid for event in feed_of(session, secret, day).events if "task-" in event.uid} for day in (MIDYEAR, DUE, LATE)]
    assert uids[0] == uids[1] == uids[2]


@on_one_kind
def test_a_link_where_the_house_has_pages(session, folk):
    assert events(session, folk.science, MIDYEAR)["task-1"].page is None
    use_letterhead(Letterhead(pages="https://duban.example"))
    try:
        assert events(session, folk.science, MIDYEAR)["task-1"].page == "https://duban.example/tasks/1"
    finally:
        use_letterhead(Letterhead())


@on_one_kind
def test_a_unit_without_tasks_has_an_empty_calendar(session, folk):
    keep(session, Unit(name="省档案局"))
    secret = open_feed(session, "省档案局", None, on(MIDYEAR, folk.office))
    assert feed_of(session, secret, MIDYEAR).events == ()


@on_one_kind
def test_a_large_plan_is_no_long_calculation(session):
    folk = people(session)
    tasks = tuple(yearly_task(year, 10) for year in (2013, 2014, 2015, 2016))
    issue_plan(session, draft(*(item(number, tasks=tasks) for number in range(1, 101))), [], on(ISSUED_ON, folk.office))
    secret = open_feed(session, SCIENCE, None, on(MIDYEAR, folk.science))
    begun = process_time()
    content = calendar_bytes(feed_of(session, secret, LATE))
    assert process_time() - begun < 8
    assert content.count(b"UID:task-") == 400
    assert "另有 50 项" in content.decode().replace("\r\n ", "")
