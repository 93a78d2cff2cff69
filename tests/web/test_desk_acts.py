"""The offices' pages: what waits for whom, each act from its page to the ledger, and previews that write and send nothing."""

import re
from html import unescape

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from models.account import AccountRole as R
from models.ledger import LedgerEntry
from models.notice import Message, Notice, NoticeLevel, NoticeState
from models.publication import Publication
from models.request import RequestKind
from models.task import Task, TaskState
from rules.requests import Terms
from rules.rights import Actor
from runtime.clock import now, today
from runtime.database import reading, transaction
from services.ledger import first_break
from services.notices import prepare_notices
from services.occasion import SYSTEM, Occasion
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.requests import RequestInput, file_request
from services.tasks import acknowledge_task, submit_task
from tests.web.conftest import Home
from tests.web.guests import account_of, logged_in, words_of


def said_by(home: Home, name: str) -> Occasion:
    role = {"unit": R.UNIT, "supervisor": R.SUPERVISOR}.get(name, R.PLAN_OFFICE)
    person = {"unit": "unit-person", "supervisor": "watcher"}.get(name, "planner")
    return Occasion(Actor(None, person, role, home.units["unit"] if role is R.UNIT else None), today(), now())


def submitted(session: Session, home: Home, task_id: int = 1) -> None:
    """The unit takes the task up, reports what is missing and hands it in, today."""
    unit = said_by(home, "unit")
    with_account = Occasion(Actor(1, "unit-person", R.UNIT, home.units["unit"]), unit.day, unit.at)
    acknowledge_task(session, task_id, unit)
    record_progress(session, task_id, ProgressInput({"示范县": Amount(8)}, "八个县已验收"), home.context.store, with_account)
    submit_task(session, task_id, "两个县结转", unit)


@pytest.fixture
def at_work(home: Home) -> Home:
    """Task 1 is handed in, a pause is asked for task 2, notices are prepared for the others, and there is a second supervisor."""
    with transaction(home.context.engine) as session:
        submitted(session, home)
        acknowledge_task(session, 2, said_by(home, "unit"))
        file_request(session, 2, RequestInput(RequestKind.SUSPENSION, "汛期停工", "六个县已开展", Terms(days=60)), said_by(home, "unit"))
        prepare_notices(session, Occasion(SYSTEM, today(), now()))
        second = account_of(session, "second", R.SUPERVISOR)
    with transaction(home.context.engine) as session:
        home.guests["second"] = logged_in(session, home.app, second)
    return home


def counted(home: Home) -> tuple[int, int, int]:
    """How much was entered, sent and published."""
    with reading(home.context.engine) as session:
        return tuple(session.execute(select(func.count()).select_from(kind)).scalar_one() for kind in (LedgerEntry, Message, Publication))


def whole(home: Home) -> bool:
    with reading(home.context.engine) as session:
        return first_break(session) is None and differences(session) == []


def notice_of(home: Home, level: NoticeLevel) -> int:
    with reading(home.context.engine) as session:
        return session.scalars(
            select(Notice.id).where(Notice.level == level, Notice.state == NoticeState.PREPARED).order_by(Notice.id)
        ).first()


def field_of(html: str, name: str) -> str:
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', html)[1])


def test_the_desk_shows_what_its_visitor_decides(at_work):
    seen = {name: words_of(at_work.guests[name].get("/desk").text) for name in ("supervisor", "plan_office")}
    assert "1 待审核的办结申请" in seen["supervisor"]
    assert all("1 待答复的申请" in words for words in seen.values())
    assert "待签发的通知单" in seen["supervisor"]
    assert "待签发的通知单" not in seen["plan_office"]
    assert at_work.guests["unit"].get("/desk").status_code == 403
    later = words_of(at_work.guests["supervisor"].get("/desk/later").text)
    assert "可以立案的建议" in later
    assert "本季要各单位填" in later


def test_a_submission_is_seen_beside_its_evidence_returned_and_completed(at_work):
    supervisor = at_work.guests["supervisor"]
    page = supervisor.get("/tasks/1/review")
    assert "八个县已验收" in words_of(page.text)
    assert "没有达到" in words_of(page.text)
    seen = field_of(page.text, "seen")
    refused = supervisor.post("/tasks/1/return", {"reason": "", "limit_on": "2099-01-31", "seen": seen})
    assert refused.status_code == 422
    assert 'value="2099-01-31"' in refused.text
    assert supervisor.post("/tasks/1/return", {"reason": "缺验收报告", "seen": seen}).status_code == 303
    assert supervisor.post("/tasks/1/complete", {"seen": seen}).status_code == 409
    with transaction(at_work.context.engine) as session:
        submit_task(session, 1, "报告已补", said_by(at_work, "unit"))
    assert "缺验收报告" in words_of(supervisor.get("/tasks/1/review").text)
    assert supervisor.post("/tasks/1/complete").status_code == 303
    assert supervisor.post("/tasks/1/close").status_code == 303
    with reading(at_work.context.engine) as session:
        assert session.get(Task, 1).state is TaskState.CLOSED
    assert whole(at_work)


def test_the_effect_of_a_request_is_shown_before_it_is_approved(at_work):
    office, before = at_work.guests["plan_office"], counted(at_work)
    shown = words_of(office.post("/requests/1/effect", {"days": "30"}).text)
    assert "暂缓（30 天）" in shown
    assert "灰灯" in shown
    assert counted(at_work) == before
    assert office.post("/requests/1/refuse", {"reason": ""}).status_code == 422
    assert office.post("/requests/1/approve", {"days": "30", "words": "同意"}).status_code == 303
    answered = words_of(at_work.guests["unit"].get("/requests/1").text)
    assert "已批准" in answered
    assert "不批准的理由" not in answered
    assert whole(at_work)


def test_a_notice_is_looked_at_twice_and_goes_out_once_or_is_set_aside(at_work):
    supervisor, notice = at_work.guests["supervisor"], notice_of(at_work, NoticeLevel.RED)
    # Whoever may not see it is noted.
    assert at_work.guests["unit"].get(f"/notices/{notice}").status_code == 404
    typed, before = {"demand": "请一周内完成", "limit_on": "2099-01-31"}, counted(at_work)
    assert "督办通知单" in supervisor.get(f"/notices/{notice}").text
    assert "请一周内完成" in supervisor.post(f"/notices/{notice}/paper", typed).text
    asked = supervisor.post(f"/notices/{notice}/issue", typed)
    assert "确认签发" in asked.text
    assert counted(at_work) == before
    key = {"key": "one-click"}
    assert supervisor.post(f"/notices/{notice}/issue", {**typed, "yes": "1", **key}).status_code == 303
    assert supervisor.post(f"/notices/{notice}/issue", {**typed, "yes": "1", **key}).status_code == 303
    assert counted(at_work)[0] == before[0] + 1
    paper = at_work.guests["unit"].get(f"/notices/{notice}/paper")
    assert "请一周内完成" in paper.text
    assert "sandbox" in paper.headers["content-security-policy"]
    assert supervisor.get(f"/notices/{notice}/file").content.startswith(b"PK")
    other = notice_of(at_work, NoticeLevel.RED)
    assert supervisor.post(f"/notices/{other}/set-aside", {"reason": ""}).status_code == 422
    assert supervisor.post(f"/notices/{other}/set-aside", {"reason": "已当面督办"}).status_code == 303
    assert "已当面督办" in supervisor.get(f"/notices/{other}").text
    assert whole(at_work)


def test_a_case_from_a_proposal_to_its_end(at_work):
    first, second = at_work.guests["supervisor"], at_work.guests["second"]
    proposal = field_of(first.get("/cases").text, "proposal")
    case = first.post("/cases", {"proposal": proposal}).headers["location"]
    assert first.post(f"{case}/enter/statement", {"statement": "资金到位较晚"}).status_code == 303
    said = {"conclusion": "任务逾期未完成", "demand": "年底前完成"}
    refused = first.post(f"{case}/conclude", said)
    assert refused.status_code == 422
    assert "--" not in words_of(refused.text)
    assert "任务逾期未完成" in refused.text
    assert first.post(f"{case}/conclude", {**said, "demand_by": "2099-12-31"}).status_code == 303
    assert first.post(f"{case}/approve").status_code == 422
    assert second.post(f"{case}/approve").status_code == 303
    before, receiver = counted(at_work), {"receiver": "张三"}
    assert "确认送达" in first.post(f"{case}/serve", receiver).text
    assert "任务逾期未完成" in first.post(f"{case}/paper/serve", receiver).text
    assert counted(at_work) == before
    assert first.post(f"{case}/serve", {**receiver, "yes": "1"}).status_code == 303
    assert first.post(f"{case}/enter/objection", {"objection": "请复核"}).status_code == 303
    changed = {"outcome": "changed", "words": "延长时限", "new_demand_by": "2100-01-31"}
    assert "确认答复并送达" in second.post(f"{case}/decide", changed).text
    assert second.post(f"{case}/decide", {**changed, "yes": "1"}).status_code == 303
    assert first.post(f"{case}/enter/rectification", {"rectification": "已整改"}).status_code == 303
    assert first.post(f"{case}/verify", {"verdict": "accept", "verification": "属实"}).status_code == 303
    assert "整改已核查" in first.get(case).text
    assert "任务逾期未完成" in first.get(f"{case}/file").text
    assert at_work.guests["unit"].get(case).status_code == 404
    assert whole(at_work)


def test_a_bulletin_is_worded_approved_and_published(at_work):
    first, second, period = at_work.guests["supervisor"], at_work.guests["second"], "2026Q1"
    offered = words_of(first.get("/bulletins", params={"period": period}).text)
    assert "期间 2026年第一季度" in offered
    assert "年上半年" in offered
    draft = first.post("/bulletins", {"period": period}).headers["location"]
    page = first.get(draft).text
    shown, typed = field_of(page, "shown"), {"text.overall.more": "请抓紧，还差 7654321 项。"}
    before = counted(at_work)
    assert "还差 7654321 项" in first.post(f"{draft}/paper", typed).text
    assert counted(at_work) == before
    assert first.post(draft, {**typed, "shown": shown}).status_code == 303
    edited = first.get(draft).text
    assert "“总体情况”另加一段中的数字7654321" in words_of(edited)
    # Somebody who saw the earlier words approves nothing.
    assert second.post(f"{draft}/approve", {"shown": shown}).status_code == 409
    shown = field_of(edited, "shown")
    assert second.post(f"{draft}/approve", {"shown": shown}).status_code == 303
    before = counted(at_work)
    asked = first.post(f"{draft}/publish", {"shown": shown})
    assert "确认印发" in asked.text
    assert counted(at_work) == before
    assert at_work.guests["unit"].get(draft).status_code == 404
    assert first.post(f"{draft}/publish", {"shown": shown, "yes": "1"}).status_code == 303
    assert counted(at_work)[1:] == (before[1], before[2] + 1)
    published = at_work.guests["plan_office"].get("/bulletins/1")
    name = re.search(r'href="/bulletins/1/files/([^"]+\.docx)"', published.text)[1]
    assert at_work.guests["plan_office"].get(f"/bulletins/1/files/{name}").content.startswith(b"PK")
    assert "还差 7654321 项" in at_work.guests["plan_office"].get("/bulletins/1/paper").text
    assert first.post("/bulletins", {"period": period, "corrects": "1"}).status_code == 422
    assert at_work.guests["stranger"].get("/bulletins/1").status_code == 404
    assert whole(at_work)
