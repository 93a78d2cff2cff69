"""The burden meter: what each unit was asked for, counted once, from facts."""

from datetime import date

import pytest
from sqlalchemy import event

from models.notice import Notice, NoticeLevel, NoticeState
from rules.periods import parse_period
from services.burden import read_burden
from services.progress import ProgressInput, record_progress
from services.reviews import Verdict, review_report
from services.store import Store
from services.tasks import acknowledge_task, submit_task
from tests.builders import SCIENCE, draft, issued, item, keep, on, people, yearly_task
from tests.services.form_fixtures import desk

LATER = date(2013, 8, 1)


def burden(session, period, day=LATER, actor=None):
    return {row.unit: row for row in read_burden(session, parse_period(period), day, actor)}


@pytest.fixture
def house(session, tmp_path):
    return desk(session, tmp_path)


def test_receipts_count_when_a_plan_is_handed_out_and_reports_while_it_runs(session, house):
    handed_out, first = burden(session, "2012Q4")[SCIENCE], burden(session, "2013Q1")[SCIENCE]
    assert (handed_out.receipts, handed_out.reports, handed_out.askings) == (4, 0, 1)
    assert (first.receipts, first.reports, first.askings) == (0, (1 + 3) + (3 + 3) + (0 + 3), 3)
    assert (first.fields, first.fields_before, first.change) == (13, 4, 9)


def test_an_answer_makes_no_question_smaller(session, house, tmp_path):
    before = burden(session, "2013Q1")[SCIENCE].fields
    record_progress(
        session, 1, ProgressInput(is_unchanged=True, period="2013Q1"), Store(tmp_path), on(date(2013, 4, 1), house.actors.science)
    )
    assert burden(session, "2013Q1")[SCIENCE].fields == before


def test_what_stands_on_a_form_is_counted_there_and_nowhere_else(session, house):
    before = burden(session, "2013Q1")[SCIENCE]
    view = house.form()
    after = burden(session, "2013Q1")[SCIENCE]
    assert (after.forms, after.reports, after.askings) == (view.field_count, 0, 1)
    assert after.fields == before.fields + 3  # the receipts of 2012 are asked for again
    house.form()
    again = burden(session, "2013Q1")[SCIENCE]
    assert (again.forms, again.askings) == (2 * view.field_count, 2)


def test_a_returned_report_is_asked_for_again(session, house, tmp_path):
    record_progress(session, 1, ProgressInput(text="开工", period="2013Q1"), Store(tmp_path), on(date(2013, 4, 1), house.actors.science))
    before = burden(session, "2013Q2")[SCIENCE]
    review_report(session, 1, "2013Q1", Verdict(False, "缺名单"), on(date(2013, 4, 2), house.actors.supervisor))
    after = burden(session, "2013Q2")[SCIENCE]
    assert (after.fields - before.fields, after.askings - before.askings) == (4, 1)


def test_no_report_is_owed_for_the_quarter_a_task_is_handed_in(session, house):
    submit_task(session, 1, "提前完成", on(date(2013, 4, 10), house.actors.science))
    assert burden(session, "2013Q1")[SCIENCE].reports - burden(session, "2013Q2")[SCIENCE].reports == 4


def test_an_issued_notice_wants_one_answer(session, house):
    facts = {
        "task_id": 1,
        "unit_id": house.actors.science.unit_id,
        "level": NoticeLevel.BLUE,
        "prepared_on": date(2013, 5, 2),
        "due_on": date(2013, 12, 31),
        "matter": "overdue",
    }
    before = burden(session, "2013Q2")[SCIENCE].fields
    keep(session, Notice(**facts, state=NoticeState.ISSUED, year=2013, number=1, issued_on=date(2013, 5, 3)))
    session.flush()
    assert (burden(session, "2013Q2")[SCIENCE].notices, burden(session, "2013Q2")[SCIENCE].fields) == (1, before + 1)


def test_a_running_quarter_counts_what_will_be_owed_for_it(session, house):
    assert burden(session, "2013Q3", date(2013, 7, 15))[SCIENCE].reports == 13


def test_offices_see_all_units_a_unit_itself_and_an_administrator_none(session, house):
    rows = {name: set(burden(session, "2013Q1", actor=actor)) for name, actor in vars(house.actors).items()}
    assert rows == {"office": {SCIENCE}, "supervisor": {SCIENCE}, "science": {SCIENCE}, "finance": set(), "administrator": set()}


def test_the_number_of_queries_does_not_grow_with_the_tasks(session):
    actors = people(session)
    issued(session, actors.office, draft(item(1)))
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    few = queries(session)
    source = draft().source.model_copy(update={"sha256": "b" * 64})
    second = draft(*(item(n, tasks=(yearly_task(2013, 5),)) for n in range(1, 12)), doc_no="测政办发〔2012〕2号")
    issued(session, actors.office, second.model_copy(update={"source": source}))
    acknowledge_task(session, 4, on(date(2013, 1, 7), actors.science))
    assert queries(session) == few


def queries(session):
    seen = []

    def note(*_arguments):
        seen.append(1)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        burden(session, "2013Q1")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)
