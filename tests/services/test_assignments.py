"""Assignment sheets: whole at issue, afterwards nothing but the changes, never twice for the same."""

from datetime import date

import pytest

from models.unit import ContactDuty
from rules.calendar import add_working_days
from services.decisions import cancel_task, reassign_task
from services.papers.assignments import issue_assignment, preview_assignment, read_assignments, units_of_plan
from tests.builders import FINANCE, SCIENCE, draft, issued, item, on, people, yearly_task
from tests.remembered import once
from tests.services.post_fixtures import add_contact, entries, extended, queued, refused, words_in_file

pytestmark = pytest.mark.usefixtures("kept_whole")

DAY, LATER = date(2012, 11, 6), date(2012, 12, 3)


@pytest.fixture
@once
def folk(session):
    folk = people(session)
    issued(session, folk.office, draft(item(1, tasks=(yearly_task(2013, 10), yearly_task(2014, 20)))))
    add_contact(session, folk.science.unit_id, "张联络", ContactDuty.LIAISON)
    return folk


@pytest.fixture
@once
def handed_out(session, folk, post):
    """The lead unit has its sheet."""
    issue_assignment(session, 1, folk.science.unit_id, post, on(DAY, folk.office))
    return folk


def changes(session, folk, day=LATER):
    return [(one.task, one.kind.value, one.parts) for one in read_assignments(session, 1, [folk.science.unit_id], day)[0].changes]


def test_a_sheet_tells_the_units_tasks_and_until_when_to_sign(session, folk):
    view = read_assignments(session, 1, [folk.science.unit_id], DAY)[0]
    assert ([duty.task for duty in view.led], view.supported, view.replaces) == ([1, 2], (), None)
    assert view.acknowledge_by == add_working_days(DAY, 5)
    assert [duty.lead for duty in read_assignments(session, 1, [folk.finance.unit_id], DAY)[0].supported] == [SCIENCE, SCIENCE]


def test_issuing_numbers_files_queues_once_and_enters(session, folk, post):
    sent = issue_assignment(session, 1, folk.science.unit_id, post, on(DAY, folk.office))
    assert sent.doc_no == "交办〔2012〕1号"
    # The office is stood in for by the liaison, who gets it once.
    assert [(name, about) for name, about, _subject, _file in queued(session)] == [("张联络", f"paper-{sent.filed.publication_id}")]
    (entry,) = entries(session, "issue-assignment")
    assert (entry.plan_id, entry.after["unit"], entry.after["doc_no"]) == (1, SCIENCE, "交办〔2012〕1号")
    assert "现将任务2项交办你单位，其中牵头2项" in words_in_file(post, sent)


def test_twice_is_refused_with_the_first_number(session, handed_out, post):
    code, message = refused(issue_assignment, session, 1, handed_out.science.unit_id, post, on(LATER, handed_out.office))
    assert (code, "交办〔2012〕1号" in message) == ("already-issued", True)


def test_who_has_no_task_gets_no_sheet(session, folk, post):
    counties = max(session.connection().exec_driver_sql("SELECT id FROM unit").scalars())
    assert units_of_plan(session, 1, DAY) == sorted((folk.science.unit_id, folk.finance.unit_id))
    assert refused(preview_assignment, session, 1, counties, post, on(DAY, folk.office))[0] == "nothing-to-assign"
    assert refused(read_assignments, session, 9, [counties], DAY)[0] == "unknown-plan"


def test_a_moved_due_day_is_told_before_and_after(session, handed_out, post):
    extended(session, handed_out, LATER)
    assert changes(session, handed_out) == [(1, "changed", (("due_on", "2013-12-31", "2014-03-31"),))]
    sent = issue_assignment(session, 1, handed_out.science.unit_id, post, on(LATER, handed_out.office))
    assert (sent.doc_no, sent.filed.version) == ("交办〔2012〕2号", 2)
    words = words_in_file(post, sent)
    assert "更改交办单" in words
    assert "2012年11月6日以交办〔2012〕1号交办" in words
    assert "2014-03-31" in words
    assert changes(session, handed_out, date(2012, 12, 4)) == []


def test_a_task_that_went_elsewhere_is_dropped_there_and_added_here(session, handed_out, post):
    issue_assignment(session, 1, handed_out.finance.unit_id, post, on(DAY, handed_out.office))
    reassign_task(session, 2, FINANCE, "省政办函〔2012〕9号", on(LATER, handed_out.office))
    assert changes(session, handed_out) == [(2, "dropped", ())]
    taken = read_assignments(session, 1, [handed_out.finance.unit_id], LATER)[0]
    assert [(one.task, one.parts) for one in taken.changes] == [(2, (("role", "配合", "牵头"),))]


def test_a_cancelled_task_is_dropped(session, handed_out):
    cancel_task(session, 1, "省政办函〔2012〕9号", on(LATER, handed_out.office))
    assert changes(session, handed_out) == [(1, "dropped", ())]


def test_a_unit_sees_its_own_sheet_only(session, folk):
    assert read_assignments(session, 1, [folk.science.unit_id], DAY, folk.science)[0].unit == SCIENCE
    assert refused(read_assignments, session, 1, [folk.science.unit_id], DAY, folk.finance)[0] == "no-right"
    assert refused(units_of_plan, session, 1, DAY, folk.supervisor)[0] == "no-right"
