"""Notices from preparing to receipt: what the ladder writes, once; what a person issues, to whom; what is refused and leaves nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.notice import Message, MessageFile, Notice, NoticeLevel, NoticeState
from models.plan import Plan
from models.request import RequestKind
from models.unit import Absence, Contact, ContactDuty
from notify.channel import Routes
from notify.mail_folder import MailFolder
from notify.smtp import SmtpChannel, SmtpServer
from reports.faces import render
from reports.notice_paper import notice_paper
from rules.errors import DubanError
from rules.escalation import Matter, Moot
from rules.periods import parse_period
from rules.requests import Terms
from services.bulletins.compiling import BulletinOrder, compile_bulletin
from services.burden import read_burden
from services.decisions import reassign_task, resume_task, suspend_task
from services.notice_issuing import IssueOrder, NoticePress, issue_notice, preview_issue
from services.notice_list import NoticeFilter, issued_view, list_notices, show_notice
from services.notices import prepare_notices, receive_notice, set_aside_notice
from services.occasion import SYSTEM
from services.progress import ProgressInput, record_progress
from services.queries import task_history
from services.report_values import Amount
from services.requests import Approval, RequestInput, approve_request, file_request
from services.rule_sets import adopt_rule_set, rule_set_on
from services.store import Store
from services.tasks import acknowledge_task, submit_task
from tests.builders import FINANCE, SCIENCE, draft, issued, item, keep, on, people, yearly_task
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.tree_fixtures import lower_units

pytestmark = pytest.mark.usefixtures("kept_whole")

STORE = Store(Path("unused"))
BEGUN = date(2013, 1, 7)
DUE = date(2013, 12, 31)
T3 = date(2014, 1, 6)  # the third working day after New Year's Eve 2013
LIMIT = date(2014, 1, 13)


@pytest.fixture
@once
def folk(session):
    """A plan of one action by years, its first task taken up."""
    folk = people(session)
    issued(session, folk.office, draft(item(1, tasks=(yearly_task(2013, 10),))))
    acknowledge_task(session, 1, on(BEGUN, folk.science))
    return folk


@pytest.fixture
def press(tmp_path):
    return NoticePress(Store(tmp_path / "store"), Routes(MailFolder(tmp_path / "outbox", "duban@example.cn")), "省政府督查室")


def report(session, actor, value, day):
    said = ProgressInput(values={"示范县": Amount(value)}, text="已完成审核", problem="资金到位较晚")
    record_progress(session, 1, said, STORE, on(day, actor))


@once
def nearly_done(session, folk):
    """Report along the pace, so that only the due day can be missed."""
    for value, day in ((2, date(2013, 3, 29)), (5, date(2013, 6, 28)), (7, date(2013, 9, 30)), (9, date(2013, 12, 30))):
        report(session, folk.science, value, day)


def prepare(session, day):
    return prepare_notices(session, on(day, SYSTEM))


def notices(session):
    return list(session.exec(select(Notice).order_by(Notice.id)))


def short(session):
    return [(one.level, Matter(one.matter), one.state) for one in notices(session)]


def entries(session, act):
    return list(session.exec(select(LedgerEntry).where(LedgerEntry.act == act).order_by(LedgerEntry.id)))


def refused(act, *args, **kwargs):
    with pytest.raises(DubanError) as caught:
        act(*args, **kwargs)
    return caught.value.code


BLUE = (NoticeLevel.BLUE, Matter.OVERDUE)
PROPOSAL = (NoticeLevel.ACCOUNTABILITY, Matter.YEAR_MISSED)


@pytest.fixture
@once
def overdue(session, folk):
    """The task nearly done and late: a blue notice and, since the year is over, a proposal are prepared."""
    nearly_done(session, folk)
    prepare(session, T3)
    return folk


@once
def issue_blue(session, folk, press):
    """Issue the blue notice, where it is only the beginning of something."""
    issue_notice(session, 1, IssueOrder(), press, on(T3, folk.supervisor))


def contact(session, name, duty, unit_id, **changes):
    keep(session, Contact(unit_id=unit_id, name=name, duty=duty, address=f"{name}@kjt.example.cn", **changes), day=T3)


@on_one_kind
def test_nothing_is_prepared_before_its_day(session, folk):
    nearly_done(session, folk)
    assert prepare(session, date(2014, 1, 3)).notice_ids == ()
    assert prepare(session, T3).prepared == {"blue": 1, "accountability": 1}


def test_preparing_writes_each_once_with_its_entry(session, overdue):
    assert short(session) == [(*BLUE, NoticeState.PREPARED), (*PROPOSAL, NoticeState.PREPARED)]
    blue = notices(session)[0]
    assert (blue.unit_id, blue.due_on, blue.prepared_on, blue.number) == (overdue.science.unit_id, DUE, T3, None)
    assert blue.grounds["days_overdue"] == 6
    assert [(one.task_id, one.after["level"], one.actor) for one in entries(session, "prepare-notice")] == [
        (1, "blue", "system"),
        (1, "accountability", "system"),
    ]
    again = prepare(session, date(2014, 1, 7))
    assert (again.notice_ids, again.prepared, again.waiting) == ((), {}, {"blue": 1, "accountability": 1})


@on_one_kind
def test_first_red_needs_no_due_day(session, folk):
    assert prepare(session, date(2013, 4, 1)).notice_ids == ()
    prepare(session, date(2013, 6, 3))
    assert short(session) == [(NoticeLevel.BLUE, Matter.FIRST_RED, NoticeState.PREPARED)]


def test_issuing_numbers_freezes_and_queues(session, overdue, press):
    contact(session, "陈副厅长", ContactDuty.LEADER, overdue.science.unit_id)
    sent = issue_notice(session, 1, IssueOrder(contact="李明"), press, on(T3, overdue.supervisor))
    assert (sent.doc_no, sent.paper.limit_on) == ("督办〔2014〕1号", LIMIT)
    row = notices(session)[0]
    assert (row.state, row.year, row.number, row.issued_on, row.limit_on) == (NoticeState.ISSUED, 2014, 1, T3, LIMIT)
    assert "2014年1月13日" in row.demand
    assert press.store.read(row.sha256) == render(notice_paper(sent.paper), "docx")
    assert issued_view(session, 1) == sent.paper
    message = session.exec(select(Message)).one()
    assert (message.about, message.recipient, message.channel, message.day) == ("notice-1", "contact-1", "mail-folder", T3)
    assert "督办〔2014〕1号" in message.subject
    assert "2014年1月13日" in message.text
    assert "2014年1月13日" in message.html
    enclosed = session.exec(select(MessageFile)).one()
    assert (enclosed.sha256, enclosed.name) == (row.sha256, "督办〔2014〕1号 蓝色督办通知单.docx")
    (entry,) = entries(session, "issue-notice")
    assert entry.after["to"] == [{"recipient": "contact-1", "name": "陈副厅长", "channel": "mail-folder", "is_copy": False}]
    assert entry.after["view"]["unit"] == SCIENCE
    assert entry.after["sha256"] == row.sha256


@on_one_kind
def test_the_ladder_goes_on_only_over_limits_that_were_missed(session, overdue, press):
    issue_blue(session, overdue, press)
    assert prepare(session, LIMIT).notice_ids == ()
    prepare(session, date(2014, 1, 14))
    orange = notices(session)[2]
    assert (orange.level, orange.matter, orange.grounds["after"]["doc_no"]) == (NoticeLevel.ORANGE, "limit-missed", "督办〔2014〕1号")
    issue_notice(session, 3, IssueOrder(limit_on=date(2014, 1, 20)), press, on(date(2014, 1, 14), overdue.supervisor))
    receive_notice(session, 3, "王五", on(date(2014, 1, 15), overdue.science))
    prepare(session, date(2014, 1, 21))
    assert [(one.level, one.number) for one in notices(session)] == [
        (NoticeLevel.BLUE, 1),
        (NoticeLevel.ACCOUNTABILITY, None),
        (NoticeLevel.ORANGE, 2),
        (NoticeLevel.RED, None),
    ]
    paper = preview_issue(session, 4, IssueOrder(), press, on(date(2014, 1, 21), overdue.supervisor)).paper
    assert [(one.doc_no, one.received_on) for one in paper.earlier] == [("督办〔2014〕1号", None), ("督办〔2014〕2号", date(2014, 1, 15))]
    assert paper.after is not None
    assert paper.after.limit_on == date(2014, 1, 20)


@on_one_kind
def test_a_kept_limit_ends_the_way_it_began(session, folk, press):
    prepare(session, date(2013, 6, 3))
    issue_notice(session, 1, IssueOrder(), press, on(date(2013, 6, 3), folk.supervisor))
    report(session, folk.science, 6, date(2013, 6, 7))
    assert prepare(session, date(2013, 7, 1)).notice_ids == ()
    # Red again in autumn: the same is not prepared again, and no limit was missed.
    prepare(session, date(2013, 12, 27))
    assert [one.level for one in notices(session)] == [NoticeLevel.BLUE]


@on_one_kind
def test_two_red_quarter_ends_lead_to_red_once_their_reports_are_due(session, folk):
    prepare(session, date(2013, 6, 3))
    assert prepare(session, date(2013, 10, 9)).prepared == {}
    assert prepare(session, date(2013, 10, 11)).prepared == {"red": 1, "accountability": 1}
    red, proposal = notices(session)[1:]
    assert (red.matter, red.grounds["quarters"]) == ("red-two-periods", ["2013Q2", "2013Q3"])
    assert (proposal.matter, proposal.grounds["quarters"]) == ("red-at-q3", ["2013Q3"])


@on_one_kind
def test_a_plan_may_have_days_of_its_own(session, folk):
    nearly_done(session, folk)
    adopt_rule_set(
        session, {"version": "quick", "notice_after_days": 1}, date(2014, 1, 1), on(date(2013, 12, 30), folk.supervisor), "plan-1"
    )
    assert prepare(session, date(2014, 1, 2)).prepared == {"blue": 1, "accountability": 1}


def test_an_extension_takes_the_ground_and_erases_nothing(session, folk, press):
    nearly_done(session, folk)
    asked = RequestInput(RequestKind.EXTENSION, "汛期停工", terms=Terms(due_on=date(2014, 2, 28)))
    request_id = file_request(session, 1, asked, on(DUE, folk.science))
    prepare(session, T3)
    approved_on = date(2014, 1, 7)
    approve_request(session, request_id, Approval(words="同意"), on(approved_on, folk.office))
    assert [one.moot for one in list_notices(session, NoticeFilter(), approved_on)] == [Moot.DUE_DAY_MOVED] * 2
    assert [one.is_stale for one in list_notices(session, NoticeFilter(), T3)] == [False, False]
    assert refused(issue_notice, session, 1, IssueOrder(), press, on(approved_on, folk.supervisor)) == "notice-moot"
    assert session.exec(select(Message)).all() == []
    assert prepare(session, date(2014, 2, 28)).notice_ids == ()
    assert prepare(session, date(2014, 3, 5)).prepared == {"blue": 1}
    assert len(notices(session)) == 3


def test_a_suspension_stops_the_ladder(session, overdue, press):
    day = date(2014, 1, 7)
    issue_blue(session, overdue, press)
    suspend_task(session, 1, "办公会纪要", on(day, overdue.office))
    assert show_notice(session, 2, day).moot is Moot.NOT_OPEN
    assert prepare(session, date(2014, 2, 10)).notice_ids == ()
    resume_task(session, 1, "办公会纪要", on(date(2014, 2, 10), overdue.office))
    # The limit that passed meanwhile counts anew from the resumption.
    assert prepare(session, date(2014, 2, 17)).notice_ids == ()
    assert prepare(session, date(2014, 2, 18)).prepared == {"orange": 1}


@on_one_kind
def test_another_lead_begins_anew(session, overdue, press):
    day = date(2014, 1, 7)
    reassign_task(session, 1, FINANCE, "办公会纪要", on(day, overdue.office))
    assert [one.moot for one in list_notices(session, NoticeFilter(), day)] == [Moot.OTHER_LEAD, Moot.OTHER_LEAD]
    assert prepare(session, date(2014, 1, 9)).notice_ids == ()
    assert prepare(session, date(2014, 1, 10)).prepared == {"blue": 1, "accountability": 1}
    assert notices(session)[2].unit_id == overdue.finance.unit_id


@on_one_kind
def test_a_submission_makes_it_moot_and_a_return_brings_it_back(session, overdue, press):
    submit_task(session, 1, "差一个县，已说明", on(date(2014, 1, 7), overdue.science))
    assert refused(issue_notice, session, 1, IssueOrder(), press, on(date(2014, 1, 7), overdue.supervisor)) == "notice-moot"


def test_what_is_set_aside_stays_so(session, overdue, press):
    assert refused(set_aside_notice, session, 1, " ", on(T3, overdue.supervisor)) == "no-reason"
    set_aside_notice(session, 1, "省级验收推迟，已有说明", on(T3, overdue.supervisor))
    assert notices(session)[0].reason == "省级验收推迟，已有说明"
    assert prepare(session, date(2014, 2, 10)).notice_ids == ()
    assert refused(issue_notice, session, 1, IssueOrder(), press, on(T3, overdue.supervisor)) == "notice-not-waiting"
    assert entries(session, "set-aside-notice")[0].after["reason"] == "省级验收推迟，已有说明"


def test_receipt(session, overdue, press):
    assert refused(receive_notice, session, 1, "王五", on(T3, overdue.science)) == "notice-not-waiting"
    issue_blue(session, overdue, press)
    assert refused(receive_notice, session, 1, "　", on(T3, overdue.science)) == "bad-receiver"
    assert refused(receive_notice, session, 1, "王五", on(T3, overdue.finance)) == "not-your-task"
    receive_notice(session, 1, "王五", on(date(2014, 1, 7), overdue.science))
    row = notices(session)[0]
    assert (row.state, row.receiver, row.received_on) == (NoticeState.RECEIVED, "王五", date(2014, 1, 7))
    assert refused(receive_notice, session, 1, "王五", on(date(2014, 1, 8), overdue.science)) == "notice-not-waiting"
    assert entries(session, "receive-notice")[0].after["receiver"] == "王五"


def test_a_proposal_stays_in_the_house(session, overdue, press):
    contact(session, "陈副厅长", ContactDuty.LEADER, overdue.science.unit_id)
    sent = issue_notice(session, 2, IssueOrder(), press, on(T3, overdue.supervisor))
    assert (sent.message_ids, sent.paper.limit_on, sent.doc_no) == ((), None, "督办〔2014〕1号")
    assert session.exec(select(Message)).all() == []
    assert [one.what for one in sent.paper.record][:3] == ["交办", "签收", "填报"]
    assert refused(receive_notice, session, 2, "王五", on(T3, overdue.supervisor)) == "notice-stays-inside"
    assert list_notices(session, NoticeFilter(), T3, overdue.science) == []
    assert {act.act for act in task_history(session, 1, T3, overdue.science)} == {"issue", "acknowledge", "report"}
    assert "issue-notice" in {act.act for act in task_history(session, 1, T3, overdue.supervisor)}


REFUSED_ORDERS = [
    pytest.param(IssueOrder(limit_on=date(2014, 1, 3)), "limit-passed", id="a day gone by"),
    pytest.param(IssueOrder(demand="请" * 1001), "demand-too-long", id="too many words"),
]


@on_one_kind
@pytest.mark.parametrize(("order", "code"), REFUSED_ORDERS)
def test_orders_that_cannot_be(session, overdue, press, order, code):
    assert refused(issue_notice, session, 1, order, press, on(T3, overdue.supervisor)) == code
    assert notices(session)[0].state is NoticeState.PREPARED
    assert entries(session, "issue-notice") == []


@on_one_kind
def test_a_day_before_its_limit_is_a_day_and_the_demand_ones_own(session, overdue, press):
    sent = issue_notice(session, 1, IssueOrder("请于当日说明。", T3), press, on(T3, overdue.supervisor))
    assert (sent.paper.limit_on, sent.paper.demand) == (T3, "请于当日说明。")


@on_one_kind
def test_rights(session, overdue, press):
    assert refused(issue_notice, session, 1, IssueOrder(), press, on(T3, overdue.office)) == "no-right"
    assert refused(set_aside_notice, session, 1, "理由", on(T3, overdue.science)) == "no-right"
    own = replace(overdue.supervisor, unit_id=overdue.science.unit_id)
    assert refused(issue_notice, session, 1, IssueOrder(), press, on(T3, own)) == "own-submission"
    assert refused(prepare_notices, session, on(T3, own)) == "not-your-area"
    assert refused(issue_notice, session, 77, IssueOrder(), press, on(T3, overdue.supervisor)) == "unknown-notice"


PEOPLE = [
    pytest.param(NoticeLevel.BLUE, ["LEADER", "HEAD"], [("LEADER", False)], 0, id="blue: leader in charge"),
    pytest.param(NoticeLevel.ORANGE, ["LEADER", "HEAD"], [("HEAD", False), ("LEADER", True)], 0, id="orange: head, copy to the leader"),
    pytest.param(NoticeLevel.RED, ["LEADER", "HEAD", "LIAISON"], [("HEAD", False), ("LEADER", False)], 0, id="red: both"),
    pytest.param(NoticeLevel.BLUE, ["OFFICE", "LIAISON"], [("OFFICE", False)], 1, id="no leader: office, and it is said"),
    pytest.param(NoticeLevel.ORANGE, ["LIAISON", "HANDLER"], [("LIAISON", False)], 1, id="no office: liaison"),
    pytest.param(NoticeLevel.RED, ["LEADER", "OFFICE"], [("OFFICE", False), ("LEADER", False)], 1, id="half there"),
]


@on_one_kind
@pytest.mark.parametrize(("level", "duties", "wanted", "remark_count"), PEOPLE)
def test_who_gets_it(session, overdue, press, level, duties, wanted, remark_count):
    for duty in duties:
        contact(session, duty, ContactDuty[duty], overdue.science.unit_id)
    notice = notices(session)[0]
    notice.level = level
    keep(session, notice, plan_id=1, day=T3)
    sent = issue_notice(session, 1, IssueOrder(), press, on(T3, overdue.supervisor))
    assert [(one.recipient.person, one.is_copy) for one in sent.postings.postings] == wanted
    assert len(sent.postings.remarks) == remark_count
    subjects = [message.subject for message in session.exec(select(Message).order_by(Message.id))]
    assert ["抄送" in subject for subject in subjects] == [is_copy for _name, is_copy in wanted]


@on_one_kind
def test_a_deputy_gets_one_message(session, overdue, press):
    for duty in ("LEADER", "HEAD"):
        contact(session, duty, ContactDuty[duty], overdue.science.unit_id)
    keep(session, Absence(contact_id=1, deputy_id=2, from_on=T3), day=T3)
    sent = issue_notice(session, 1, IssueOrder(), press, on(T3, overdue.supervisor))
    assert [(one.recipient.person, one.recipient.deputy_for) for one in sent.postings.postings] == [("HEAD", "LEADER")]


@on_one_kind
def test_without_anybody_the_paper_is_made_all_the_same(session, overdue, press):
    server = SmtpServer("mail.example.cn", 465, "tls", None, None)
    by_mail = replace(press, routes=Routes(SmtpChannel(server, "duban@example.cn", None)))
    sent = issue_notice(session, 1, IssueOrder(), by_mail, on(T3, overdue.supervisor))
    assert (sent.message_ids, len(sent.postings.remarks)) == ((), 2)
    assert notices(session)[0].sha256


def test_lists_tell_each_what_he_may_know(session, overdue, press):
    lower = lower_units(session)
    assert len(list_notices(session, NoticeFilter(), T3, overdue.supervisor)) == 2
    assert list_notices(session, NoticeFilter(), T3, overdue.science) == []
    issue_blue(session, overdue, press)
    assert [one.doc_no for one in list_notices(session, NoticeFilter(), T3, overdue.science)] == ["督办〔2014〕1号"]
    assert list_notices(session, NoticeFilter(), T3, lower.north) == []
    assert refused(show_notice, session, 2, T3, overdue.science) == "unknown-notice"
    assert show_notice(session, 1, date(2014, 1, 7)).state is NoticeState.ISSUED
    assert list_notices(session, NoticeFilter(level=NoticeLevel.BLUE, plan_id=1, task_id=1), T3)[0].unit == SCIENCE
    assert list_notices(session, NoticeFilter(plan_id=2), T3) == []


@on_one_kind
def test_a_notice_is_one_question_to_its_unit(session, overdue, press):
    quarter = parse_period("2014Q1")
    before = {one.unit: one.notices for one in read_burden(session, quarter, T3)}
    issue_blue(session, overdue, press)
    after = {one.unit: one.notices for one in read_burden(session, quarter, T3)}
    assert after[SCIENCE] - before.get(SCIENCE, 0) == 1


@on_one_kind
def test_tasks_of_a_closed_plan_climb_nowhere(session, overdue):
    plan = session.get(Plan, 1)
    plan.state = "closed"
    keep(session, plan, plan_id=1, day=T3)
    assert prepare(session, date(2014, 1, 20)).notice_ids == ()
    assert [one.moot for one in list_notices(session, NoticeFilter(), T3)] == [Moot.NOT_OPEN, Moot.NOT_OPEN]


def test_a_bulletin_counts_what_was_issued_up_to_its_day_but_no_proposal(session, overdue, press):
    for notice_id in (1, 2):
        issue_notice(session, notice_id, IssueOrder(), press, on(T3, overdue.supervisor))
    order = BulletinOrder(parse_period("2014Q1"), None, rule_set_on(session, T3))
    assert [line.notices for line in compile_bulletin(session, order, T3).lagging] == [1]
    before = BulletinOrder(parse_period("2013Q4"), None, rule_set_on(session, DUE))
    assert [line.notices for line in compile_bulletin(session, before, date(2014, 1, 3)).lagging if line.due_on == DUE] in ([], [0])
