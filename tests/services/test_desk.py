"""The desk: what waits for whom, silence and who cannot be reached, in as many queries for one row as for many."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from models.account import AccountRole as R
from models.request import RequestKind
from models.unit import Contact, ContactDuty
from rules.errors import DubanError
from rules.requests import Terms
from rules.rights import Actor
from rules.rule_set import DEFAULT_RULE_SET
from services.desk import desk_facts_of, desk_of
from services.notices import prepare_notices
from services.occasion import SYSTEM
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.request_effects import effect_of
from services.requests import RequestInput, file_request
from services.review_files import review_file
from services.store import Store
from services.tasks import acknowledge_task, submit_task
from tests.builders import SCIENCE, issued, keep, on, people
from tests.databases import on_one_kind
from tests.remembered import once

BEGUN, REPORTED = date(2013, 1, 7), date(2013, 4, 2)


@pytest.fixture
@once
def begun(session, tmp_path):
    """Tasks 1 and 4 taken up; on 1 something was reported and it was handed in, for 4 more time is asked."""
    folk = people(session)
    issued(session, folk.office)
    for number in (1, 4):
        acknowledge_task(session, number, on(BEGUN, folk.science))
    store = Store(tmp_path / "store")
    for number in (1, 4):
        said = ProgressInput({"示范县": Amount(3)}, "三个县已开展", period="2013Q1")
        record_progress(session, number, said, store, on(REPORTED, folk.science))
    submit_task(session, 1, "其余结转", on(REPORTED, folk.science))
    file_request(
        session, 4, RequestInput(RequestKind.EXTENSION, "汛期", "已开展", Terms(due_on=date(2014, 12, 31))), on(REPORTED, folk.science)
    )
    return folk


def desk(session, actor, day=REPORTED):
    return desk_of(session, actor, day)


def facts(session, actor, day=REPORTED):
    return desk_facts_of(session, actor, day, DEFAULT_RULE_SET)


def test_each_kind_is_counted_with_its_first_rows(session, begun):
    found = desk(session, begun.supervisor)
    assert [row.task_id for row in found.submissions.first] == [1]
    assert [(row.number, row.kind) for row in found.requests.first] == [(1, "extension")]
    assert [(row.period, row.draft_id) for row in found.bulletins.first] == [("2013Q1", None)]
    known = facts(session, begun.supervisor)
    assert [(row.task_id, row.kind) for row in known.new_reports.first] == [(4, "2013Q1")]
    assert [(row.unit, row.why) for row in known.unreached.first] == [(SCIENCE, "no-contact")]


def test_a_plan_office_has_the_requests_and_no_judgements(session, begun):
    prepare_notices(session, on(date(2015, 1, 9), SYSTEM))
    found = desk(session, begun.office, date(2015, 1, 9))
    assert (found.submissions.count, found.notices.count, found.bulletins.count, found.requests.count) == (0, 0, 0, 1)
    assert desk(session, begun.supervisor, date(2015, 1, 9)).notices.count > 0


@on_one_kind
@pytest.mark.parametrize("role", [R.UNIT, R.ADMINISTRATOR, R.SECURITY_ADMINISTRATOR, R.AUDIT_ADMINISTRATOR])
def test_whoever_decides_nothing_has_no_desk(session, begun, role):
    with pytest.raises(DubanError) as refused:
        desk(session, Actor(None, "somebody", role, begun.science.unit_id))
    assert refused.value.code == "no-right"


@on_one_kind
@pytest.mark.parametrize(("of", "waiting"), [("science", 0), ("finance", 0)])
def test_a_bound_office_sees_its_area_and_never_judges_itself(session, begun, of, waiting):
    found = desk(session, Actor(None, "bound", R.SUPERVISOR, getattr(begun, of).unit_id))
    assert found.submissions.count == waiting
    assert found.requests.count == waiting


@on_one_kind
@pytest.mark.parametrize(("days", "is_silent"), [(30, False), (31, True)])
def test_silence_begins_after_its_last_day(session, begun, days, is_silent):
    found = facts(session, begun.supervisor, REPORTED + timedelta(days=days)).silent
    assert [(row.unit, row.last_on, row.days) for row in found.first] == ([(SCIENCE, REPORTED, days)] if is_silent else [])


@on_one_kind
def test_a_unit_with_a_contact_is_reached(session, begun):
    keep(session, Contact(unit_id=begun.science.unit_id, name="联络员", address="a@gx.example", duty=ContactDuty.LIAISON), day=REPORTED)
    assert facts(session, begun.supervisor).unreached.count == 0


def test_a_reviewer_and_whoever_decides_see_what_stands_and_what_would(session, begun):
    file = review_file(session, 1, REPORTED, DEFAULT_RULE_SET, begun.supervisor)
    assert (file.is_submitted, file.submission.reason, file.reports[0].values) == (True, "其余结转", (("示范县", "3个"),))
    assert file.missing
    found = effect_of(session, 1, Terms(due_on=date(2014, 6, 30)), begun.office, REPORTED, DEFAULT_RULE_SET)
    assert (found.before.due_on, found.after.due_on) == (date(2013, 12, 31), date(2014, 6, 30))
    with pytest.raises(DubanError) as refused:
        effect_of(session, 1, Terms(due_on=date(2013, 6, 30)), begun.office, REPORTED, DEFAULT_RULE_SET)
    assert refused.value.code == "not-later"


@on_one_kind
def test_more_rows_ask_no_more_queries(session, begun):
    few = _queries(session, begun.supervisor)
    for number in (2, 3, 4, 5, 6):
        if number != 4:
            acknowledge_task(session, number, on(REPORTED, begun.science))
        submit_task(session, number, "其余结转", on(REPORTED, begun.science))
    found = desk(session, begun.supervisor)
    assert (found.submissions.count, len(found.submissions.first)) == (6, 5)
    assert _queries(session, begun.supervisor) <= few


def _queries(session, actor):
    asked = []
    engine = session.get_bind()
    note = lambda *said: asked.append(said[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    desk(session, actor)
    facts(session, actor)
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)
