"""A unit's pages: what it types outlives a refusal, what it sends twice is done once, and of two colleagues the second reads what the first wrote."""

import re
from datetime import date
from html import unescape

import pytest
from sqlmodel import Session, select

from models.account import AccountRole as R
from models.case import AccountabilityCase, CaseKind
from models.notice import Notice, NoticeLevel, NoticeState
from models.progress import Evidence, ProgressReport
from models.roster import Quota
from models.task import Task, TaskState
from models.unit import Contact, Unit
from runtime.clock import today
from runtime.database import reading, transaction
from services.units import NewUnit, register_units
from tests import builders
from tests.web.conftest import Home
from tests.web.guests import Guest, account_of, logged_in, words_of

FILES = [("evidence", ("验收.txt", b"checked", "text/plain")), ("evidence", ("run.exe", b"MZ\0\0", "text/plain"))]


@pytest.fixture
def begun(home: Home) -> Home:
    """The unit has acknowledged task 1 in its list of work."""
    assert home.guests["unit"].post("/work/acknowledge", {"task": "1"}).status_code == 303
    return home


def hidden(html: str, name: str) -> list[str]:
    return [unescape(value) for value in re.findall(rf'name="{name}" value="([^"]*)"', html)]


def reports(home: Home) -> list[ProgressReport]:
    with reading(home.context.engine) as session:
        return list(session.exec(select(ProgressReport)))


def colleague(home: Home) -> Guest:
    with transaction(home.context.engine) as session:
        account_id = account_of(session, "colleague", R.UNIT, home.units["unit"])
    with transaction(home.context.engine) as session:
        return logged_in(session, home.app, account_id)


def test_the_list_leads_to_the_report_in_one_tap(begun: Home) -> None:
    unit = begun.guests["unit"]
    page = unit.get("/work")
    assert "待签收" in words_of(page.text)
    assert "示范行动1（2013年）" in words_of(page.text)
    form = unit.get("/tasks/1/report")
    assert all(words in words_of(form.text) for words in ("示范县（个）", "目标 10个", "上次报 还没有报过"))
    (period, *_others) = hidden(form.text, "period")
    assert unit.post("/tasks/1/report", {"unchanged": "1", "period": period}).headers["location"] == "/work"
    assert [(one.period, one.text) for one in reports(begun)] == [(period, "本期没有变化")]


def test_after_a_refusal_everything_typed_and_sent_is_there_again_and_is_done_once(begun: Home) -> None:
    unit = begun.guests["unit"]
    typed = {"value-1": "3", "text": "已启动", "waiting": "w1"}
    again = unit.post("/tasks/1/report", typed, files=FILES)
    assert again.status_code == 422
    assert 'data-code="evidence-runs"' in again.text
    assert 'value="3"' in again.text
    assert "已启动</textarea>" in again.text
    assert (hidden(again.text, "waiting"), "验收.txt" in again.text) == (["w1"], True)
    held = hidden(again.text, "held")
    assert len(held) == 1
    stranger = begun.guests["support"].post("/tasks/1/part", {"text": "x", "waiting": "w1", "held": held[0]})
    assert stranger.status_code == 303
    sent = {**typed, "held": held[0], "key": "key-of-the-form"}
    assert [unit.post("/tasks/1/report", sent).headers["location"] for _ in range(2)] == ["/work", "/work"]
    with reading(begun.context.engine) as session:
        kept = [(one.name, one.report_id, one.part_id) for one in session.exec(select(Evidence))]
    assert ([one.revision for one in reports(begun)], kept) == ([1], [("验收.txt", 1, None)])
    assert list((begun.context.settings.home / "waiting").rglob("*.txt")) == []
    assert unit.post("/tasks/1/report", {"waiting": "w2"}, files=[("evidence", ("批复.txt", b"more", ""))]).status_code == 303
    with reading(begun.context.engine) as session:
        assert {one.name for one in session.exec(select(Evidence).where(Evidence.report_id == 1))} == {"验收.txt", "批复.txt"}
    assert len(reports(begun)) == 1


def test_of_two_colleagues_the_second_reads_what_the_first_wrote_and_loses_nothing(begun: Home) -> None:
    unit, other = begun.guests["unit"], colleague(begun)
    (seen, *_more) = hidden(unit.get("/tasks/1/report").text, "seen")
    assert other.post("/tasks/1/report", {"value-1": "4", "text": "同事写的", "seen": seen}).status_code == 303
    told = unit.post("/tasks/1/report", {"value-1": "5", "text": "我写的", "seen": seen})
    assert told.status_code == 409
    assert "同事写的" in words_of(told.text)
    assert "我写的</textarea>" in told.text
    assert unit.post("/tasks/1/report", {"value-1": "5", "text": "我写的", "seen": hidden(told.text, "seen")[0]}).status_code == 303
    assert [one.text for one in reports(begun)] == ["同事写的", "我写的"]


def test_a_quantity_far_too_large_asks_to_be_confirmed(begun: Home) -> None:
    unit = begun.guests["unit"]
    told = unit.post("/tasks/1/report", {"value-1": "5000"})
    assert (told.status_code, 'name="confirmed"' in told.text, "--confirm" in told.text) == (422, True, False)
    assert unit.post("/tasks/1/report", {"value-1": "5000", "confirmed": "1"}).status_code == 303


def test_a_task_is_submitted_and_a_request_filed_and_taken_back(begun: Home) -> None:
    unit = begun.guests["unit"]
    asked = {"kind": "suspension", "days": "30", "reason": "资金未到位", "progress": "已选点"}
    assert unit.post("/tasks/1/request", {**asked, "days": ""}).status_code == 422
    assert unit.post("/tasks/1/request", asked).status_code == 303
    assert "暂缓申请：待答复" in words_of(unit.get("/tasks/1/request").text)
    assert unit.post("/tasks/1/requests/1/withdraw").status_code == 303
    assert "暂缓申请：已撤回" in words_of(unit.get("/tasks/1/request").text)
    short = unit.post("/tasks/1/submit")
    assert (short.status_code, "示范县 目标 10个" in words_of(short.text)) == (422, True)
    assert unit.post("/tasks/1/submit", {"reason": "目标已由上级调整"}).status_code == 303
    with reading(begun.context.engine) as session:
        assert session.get_one(Task, 1).state is TaskState.SUBMITTED


def test_a_sheet_fills_the_table_of_shares_and_the_table_hands_the_task_down(begun: Home) -> None:
    unit = begun.guests["unit"]
    with transaction(begun.context.engine) as session:
        first, second = _lower_units(session, begun.units["unit"])
    empty = unit.get("/tasks/1/hand-down/sheet.xlsx").content
    assert unit.post("/tasks/1/hand-down", {"act": "read"}, files=[("sheet", ("shares.xlsx", empty, ""))]).status_code == 200
    sheet = "单位,示范县\n甲市科技局,6\n乙市科技局,4\n".encode()
    filled = unit.post("/tasks/1/hand-down", {"act": "read"}, files=[("sheet", ("shares.csv", sheet, "text/csv"))])
    assert (hidden(filled.text, f"take-{first}"), "已选" in filled.text) == (["1"], False)
    assert re.findall(r'data-share="0"[^>]*value="([^"]*)"', filled.text) == ["6", "4"]
    assert unit.post("/tasks/1/hand-down", {f"share-{first}-0": "6"}).status_code == 422
    shares = {f"share-{first}-0": "6", f"share-{second}-0": "4"}
    assert unit.post("/tasks/1/hand-down", shares).headers["location"] == "/tasks/1"


def _lower_units(session: Session, upper_id: int) -> list[int]:
    ids = list(register_units(session, [NewUnit("甲市科技局"), NewUnit("乙市科技局")], builders.occasion()).values())
    rows = [session.get_one(Unit, unit_id) for unit_id in ids]
    for row in rows:
        row.parent_id = upper_id
    builders.keep(session, *rows, day=builders.TODAY)
    return ids


def test_an_absence_and_the_calendars_address(home: Home) -> None:
    unit = home.guests["unit"]
    with transaction(home.context.engine) as session:
        builders.keep(session, Contact(unit_id=home.units["unit"], name="王五", address="wang@example.org"), day=builders.TODAY)
    assert unit.post("/work/unit/absences", {"contact": "1", "from_on": today().isoformat()}).status_code == 303
    assert "另行通知" in words_of(unit.get("/work/unit").text)
    assert unit.post("/work/unit/absences/1/end").status_code == 303
    shown = unit.post("/work/unit/calendar").text
    (secret,) = re.findall(r"/calendar/([^.]+)\.ics", shown)
    assert home.nobody.get(f"/calendar/{secret}.ics").status_code == 200
    assert secret not in unit.get("/work/unit").text


def test_a_notice_is_signed_for_and_answered_by_its_unit_alone(begun: Home) -> None:
    unit = begun.guests["unit"]
    facts = {
        "level": NoticeLevel.BLUE,
        "state": NoticeState.ISSUED,
        "due_on": date(2013, 12, 31),
        "matter": "overdue",
        "demand": "补报进展",
    }
    numbered = {"year": 2014, "number": 1, "doc_no": "督办〔2014〕1号", "prepared_on": builders.TODAY, "issued_on": builders.TODAY}
    with transaction(begun.context.engine) as session:
        notice = Notice(task_id=1, unit_id=begun.units["unit"], limit_on=today(), **facts, **numbered)
        builders.keep(session, notice, plan_id=1, day=today())
    assert "督办〔2014〕1号" in words_of(unit.get("/work").text)
    assert "补报进展" in words_of(unit.get("/notices/1/answer").text)
    assert [begun.guests[name].get("/notices/1/answer").status_code for name in ("support", "stranger")] == [403, 404]
    assert unit.post("/notices/1/answer", {"reply": "已补报"}).status_code == 422
    assert unit.post("/notices/1/answer", {"receiver": "王五", "reply": "已补报"}).headers["location"] == "/work"
    assert "已补报" in words_of(unit.get("/notices/1/answer").text)
    assert "督办〔2014〕1号" not in words_of(unit.get("/work").text)


def test_a_case_is_answered_by_its_unit_alone(begun: Home) -> None:
    unit = begun.guests["unit"]
    case = AccountabilityCase(
        year=2014, number=1, kind=CaseKind.ACCOUNTABILITY, unit_id=begun.units["unit"], basis="会议纪要", opened_on=today()
    )
    with transaction(begun.context.engine) as session:
        builders.keep(session, case, day=today())
    assert "陈述" in words_of(unit.get("/cases/1/answer").text)
    assert [begun.guests[name].get("/cases/1/answer").status_code for name in ("support", "stranger")] == [404, 404]
    assert unit.post("/cases/1/answer", {"act": "state", "words-state": ""}).status_code == 422
    assert unit.post("/cases/1/answer", {"act": "rectify", "words-rectify": "改了"}).status_code == 422
    assert unit.post("/cases/1/answer", {"act": "state", "words-state": "资金到位晚"}).headers["location"] == "/work"
    assert "资金到位晚" in words_of(unit.get("/cases/1/answer").text)


def test_names_are_nominated_selected_and_withdrawn(begun: Home) -> None:
    unit = begun.guests["unit"]
    with transaction(begun.context.engine) as session:
        builders.keep(session, Quota(target_id=1), plan_id=1, day=today())
    assert "还缺 10 名" in words_of(unit.get("/work").text)
    assert "/tasks/1/members" in unit.get("/tasks/1").text
    # An office is not led to a unit's list of work, which it may not open.
    assert 'href="/work"' not in begun.guests["plan_office"].get("/tasks/1/members").text
    assert begun.guests["support"].post("/tasks/1/members", {"act": "nominate", "names": "甲县、乙县"}).status_code == 303
    assert unit.post("/tasks/1/members", {"act": "select"}).status_code == 422
    assert unit.post("/tasks/1/members", {"act": "select", "member": "甲县"}).status_code == 303
    assert unit.post("/tasks/1/members", {"act": "withdraw", "member": "乙县"}).status_code == 422
    assert unit.post("/tasks/1/members", {"act": "withdraw", "member": "乙县", "reason": "重名"}).status_code == 303
    page = words_of(unit.get("/tasks/1/members").text)
    assert "甲县 · 已入选" in page
    assert "乙县 · " not in page
