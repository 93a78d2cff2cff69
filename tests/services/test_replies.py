"""Replies to requests: what was asked, the definite values, what goes on counting; one reply a request."""

from datetime import date

import pytest

from models.request import RequestKind
from models.unit import ContactDuty
from reports.reply import TargetMove
from rules.requests import Terms
from services.notice_record import happenings
from services.papers.replies import issue_reply, preview_reply, read_reply
from services.requests import Approval, RequestInput, approve_request, file_request, refuse_request
from services.tasks import acknowledge_task
from tests.builders import FINANCE, SCIENCE, draft, issued, item, on, people, yearly_task
from tests.remembered import once
from tests.services.post_fixtures import add_contact, entries, extended, queued, refused, words_in_file

pytestmark = pytest.mark.usefixtures("kept_whole")

DAY, REPLIED_ON = date(2013, 6, 3), date(2013, 6, 4)
DUE = date(2013, 12, 31)


@pytest.fixture
@once
def folk(session):
    folk = people(session)
    issued(session, folk.office, draft(item(1, tasks=(yearly_task(2013, 10),))))
    add_contact(session, folk.science.unit_id, "张联络", ContactDuty.LIAISON)
    add_contact(session, folk.finance.unit_id, "财政办公室", ContactDuty.OFFICE)
    return folk


def asked(session, folk, kind, terms):
    acknowledge_task(session, 1, on(DAY, folk.science))
    return file_request(session, 1, RequestInput(kind, "汛期停工", "已完成5个", terms), on(DAY, folk.science))


def test_an_extension_names_both_days_and_keeps_the_original(session, folk):
    extended(session, folk, DAY)
    view = read_reply(session, 1, REPLIED_ON)
    assert (view.unit, view.is_approved, view.due_before, view.due_on) == (SCIENCE, True, DUE, date(2014, 3, 31))
    assert (view.task.original_due_on, view.decision, view.progress) == (DUE, "抓紧办理", "已完成5个")


def test_a_second_extension_starts_from_the_first(session, folk):
    extended(session, folk, DAY)
    later = RequestInput(RequestKind.EXTENSION, "再延", "已完成8个", Terms(due_on=date(2014, 6, 30)))
    approve_request(session, file_request(session, 1, later, on(DAY, folk.science)), Approval(), on(DAY, folk.office))
    first, second = read_reply(session, 1, REPLIED_ON), read_reply(session, 2, REPLIED_ON)
    assert (first.due_before, first.due_on) == (DUE, date(2014, 3, 31))
    assert (second.due_before, second.due_on) == (date(2014, 3, 31), date(2014, 6, 30))


def test_a_moved_target_is_told_before_and_after(session, folk):
    number = asked(session, folk, RequestKind.TARGET_CHANGE, Terms(targets={"示范县": 6.0}))
    approve_request(session, number, Approval(terms=Terms(targets={"示范县": 8.0})), on(DAY, folk.office))
    assert read_reply(session, number, REPLIED_ON).targets == (TargetMove("示范县", "10个", "8个"),)


def test_a_suspension_says_until_when(session, folk):
    number = asked(session, folk, RequestKind.SUSPENSION, Terms(days=30))
    approve_request(session, number, Approval(), on(DAY, folk.office))
    assert read_reply(session, number, REPLIED_ON).paused_until == date(2013, 7, 3)


def test_a_reassignment_goes_to_the_old_lead_and_the_new(session, folk, post):
    number = asked(session, folk, RequestKind.REASSIGNMENT, Terms(unit=FINANCE))
    approve_request(session, number, Approval(), on(DAY, folk.office))
    sent = issue_reply(session, number, post, on(REPLIED_ON, folk.office))
    assert [name for name, *_rest in queued(session)] == ["张联络", "财政办公室"]
    assert "改由省财政厅牵头" in words_in_file(post, sent)


def test_a_cancellation_is_told_of_a_task_that_is_no_more(session, folk, post):
    number = asked(session, folk, RequestKind.CANCELLATION, Terms())
    approve_request(session, number, Approval(), on(DAY, folk.office))
    assert "同意终止" in words_in_file(post, issue_reply(session, number, post, on(REPLIED_ON, folk.office)))


def test_a_refusal_gives_its_reason_and_leaves_all_as_it_was(session, folk, post):
    number = asked(session, folk, RequestKind.EXTENSION, Terms(due_on=date(2014, 3, 31)))
    refuse_request(session, number, "工期可以保证。", on(DAY, folk.supervisor))
    words = words_in_file(post, issue_reply(session, number, post, on(REPLIED_ON, folk.supervisor)))
    assert "不同意延期。理由：工期可以保证。" in words
    assert "办结时限仍为2013年12月31日" in words


def test_issuing_numbers_queues_enters_and_is_told_in_the_record(session, folk, post):
    number = extended(session, folk, DAY)
    seen = preview_reply(session, number, post, on(REPLIED_ON, folk.office))
    assert [one.recipient.person for one in seen.postings.postings] == ["张联络"]
    sent = issue_reply(session, number, post, on(REPLIED_ON, folk.office))
    assert (sent.doc_no, len(queued(session))) == ("督复〔2013〕1号", 1)
    (entry,) = entries(session, "issue-reply")
    assert (entry.plan_id, entry.task_id, entry.after["request_id"]) == (1, 1, number)
    assert list(happenings(session, 1, REPLIED_ON))[-1].words == "督复〔2013〕1号"
    code, message = refused(issue_reply, session, number, post, on(REPLIED_ON, folk.office))
    assert (code, "督复〔2013〕1号" in message) == ("already-issued", True)


def test_what_is_not_decided_has_no_reply(session, folk, post):
    number = asked(session, folk, RequestKind.EXTENSION, Terms(due_on=date(2014, 3, 31)))
    assert refused(issue_reply, session, number, post, on(REPLIED_ON, folk.office))[0] == "not-decided"
    approve_request(session, number, Approval(), on(REPLIED_ON, folk.office))
    assert refused(read_reply, session, number, DAY)[0] == "not-decided"
    assert refused(read_reply, session, 9, REPLIED_ON)[0] == "unknown-request"


def test_a_unit_beside_reads_no_reply(session, folk):
    number = extended(session, folk, DAY)
    assert read_reply(session, number, REPLIED_ON, folk.science).request == number
    assert refused(read_reply, session, number, REPLIED_ON, folk.administrator)[0] == "unknown-request"
