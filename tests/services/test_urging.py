"""Urging: a note about what calls for it, once a day for a unit or task, and the record of a telephone call; chronologies tell both."""

from datetime import date

import pytest

from models.unit import ContactDuty
from rules.calendar import add_working_days
from services.notice_record import happenings
from services.papers.urging import issue_urging, preview_urging, record_phone_urging
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.tasks import acknowledge_task, submit_task
from tests.builders import SCIENCE, draft, issued, item, on, people, yearly_task
from tests.remembered import once
from tests.services.post_fixtures import add_contact, entries, queued, refused, words_in_file

pytestmark = pytest.mark.usefixtures("kept_whole")

BEGUN, LATE = date(2013, 1, 7), date(2014, 1, 6)


@pytest.fixture
@once
def folk(session):
    """Two tasks of 2013 and one of 2014, taken up."""
    folk = people(session)
    both = tuple(item(number, tasks=(yearly_task(2013, 10),)) for number in (1, 2))
    issued(session, folk.office, draft(*both, item(3, tasks=(yearly_task(2014, 5),))))
    for task_id in (1, 2, 3):
        acknowledge_task(session, task_id, on(BEGUN, folk.science))
    add_contact(session, folk.science.unit_id, "张联络", ContactDuty.LIAISON)
    return folk


def report(session, folk, post, task_id, day, value):
    said = ProgressInput(values={"示范县": Amount(value)}, text="正在验收", problem="资金到位较晚", next_step="月底验收。")
    record_progress(session, task_id, said, post.press.store, on(day, folk.science))


def urged(session, folk, post, day=LATE, task_id=None):
    unit_id = None if task_id else folk.science.unit_id
    return preview_urging(session, task_id, unit_id, post, on(day, folk.supervisor)).view


def test_a_unit_is_urged_about_what_is_overdue_due_soon_or_silent(session, folk, post):
    view = urged(session, folk, post)
    assert [(task.id, task.days_overdue, task.missing_reports) for task in view.tasks] == [(1, 6, 3), (2, 6, 3)]
    assert view.answer_by == add_working_days(LATE, 5)


def test_the_day_before_it_is_soon(session, folk, post):
    for day, value in ((date(2013, 3, 29), 2), (date(2013, 6, 28), 5), (date(2013, 9, 30), 7)):
        report(session, folk, post, 1, day, value)
    (task,) = urged(session, folk, post, date(2013, 12, 30), 1).tasks
    assert (task.is_soon, task.days_left, task.days_overdue, task.reached, task.cause) == (True, 1, 0, "7个", "资金到位较晚")
    assert refused(urged, session, folk, post, date(2013, 11, 4), 1)[0] == "nothing-to-urge"


def test_what_is_handed_in_is_not_urged(session, folk, post):
    submit_task(session, 1, "其余两县已移交", on(date(2013, 12, 30), folk.science))
    assert [task.id for task in urged(session, folk, post).tasks] == [2]


def test_a_note_is_numbered_queued_and_entered_on_each_task(session, folk, post):
    sent = issue_urging(session, None, folk.science.unit_id, post, on(LATE, folk.supervisor))
    assert sent.doc_no == "催办〔2014〕1号"
    assert queued(session) == [
        ("张联络", f"paper-{sent.filed.publication_id}", "催办〔2014〕1号：关于2项任务的催办通知", f"催办〔2014〕1号 {SCIENCE}催办单.docx")
    ]
    assert [(entry.task_id, entry.after["doc_no"]) for entry in entries(session, "urge")] == [(1, sent.doc_no), (2, sent.doc_no)]
    words = words_in_file(post, sent)
    for said in ("逾期未完成2项", "缺报进展2项", "2014年1月13日（含当日）", "回执", "联系人：李明 0771-1"):
        assert said in words


def test_once_a_day_for_the_same(session, folk, post):
    unit = folk.science.unit_id
    issue_urging(session, None, unit, post, on(LATE, folk.supervisor))
    code, message = refused(issue_urging, session, None, unit, post, on(LATE, folk.supervisor))
    assert (code, "催办〔2014〕1号" in message) == ("already-urged", True)
    again = issue_urging(session, 1, None, post, on(date(2014, 1, 7), folk.office))
    assert again.doc_no == "催办〔2014〕2号"
    assert "此前催办1次" in words_in_file(post, again)


def test_a_call_is_an_entry_that_chronologies_tell(session, folk):
    record_phone_urging(session, 1, " 陈处长 ", "下周提交", on(LATE, folk.supervisor))
    (entry,) = entries(session, "urge-by-phone")
    assert (entry.plan_id, entry.after, entry.changes) == (1, {"person": "陈处长", "answer": "下周提交"}, None)
    told = list(happenings(session, 1, LATE))[-1]
    assert (told.day, told.what, told.words) == (LATE, "电话催办", "陈处长；下周提交")


@pytest.mark.parametrize(
    ("person", "answer", "code"), [(" ", "好", "bad-person"), ("陈" * 61, "好", "bad-person"), ("陈处长", "", "no-answer")]
)
def test_a_call_says_who_and_what(session, folk, person, answer, code):
    assert refused(record_phone_urging, session, 1, person, answer, on(LATE, folk.supervisor))[0] == code


def test_who_may_not_urge(session, folk, post):
    assert refused(issue_urging, session, 1, None, post, on(LATE, folk.science))[0] == "no-right"
    assert refused(record_phone_urging, session, 99, "陈处长", "好", on(LATE, folk.supervisor))[0] == "unknown-task"
