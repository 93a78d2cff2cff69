from datetime import date, timedelta

import pytest

from models.notice import Notice, NoticeLevel, NoticeState
from models.request import RequestKind
from reports.portfolio import AskKind, as_json
from rules.errors import DubanError
from rules.requests import Terms
from services.ledger import first_break
from services.papers.portfolios import page_of, portfolio_of, read_desk, units_with_pages
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.requests import RequestInput, file_request
from services.store import Store
from services.tasks import acknowledge_task, complete_task, submit_task
from tests.builders import FINANCE, SCIENCE, TODAY, issued, keep, on, people
from tests.remembered import once
from tests.services.tree_fixtures import NORTH, lower_units

REPORTED_ON = date(2013, 4, 15)


@pytest.fixture
@once
def actors(session, tmp_path):
    """Task 1 is taken up and reported on, task 4 was never signed for; the others begin later."""
    found = people(session)
    issued(session, found.office)
    acknowledge_task(session, 1, on(date(2012, 11, 7), found.science))
    said = ProgressInput(values={"示范县": Amount(4.0)}, text="四县确定")
    record_progress(session, 1, said, Store(tmp_path), on(date(2013, 3, 29), found.science))
    return found


def asked(page):
    return [(ask.kind, ask.task_id, ask.until) for ask in page.asks]


def test_a_page_says_what_is_owed_and_how_it_stands(session, actors):
    page = page_of(session, SCIENCE, TODAY)
    assert [(task.id, task.light) for task in page.led] == [(4, "red"), (1, "green")]
    assert (page.later, page.done, page.supported) == (4, 0, ())
    assert page.lights == {"red": 1, "yellow": 0, "green": 1, "grey": 0}
    assert (page.led[1].wanted, page.led[1].actual, page.led[1].reached) == ("10个", "4个", 40.0)
    assert (page.reporting.period, page.reporting.tasks) == ("2013Q2", 2)
    assert as_json(page)["as_of"] == "2013-04-02"


def test_what_is_asked_now_has_its_last_day(session, actors):
    page = page_of(session, SCIENCE, TODAY)
    # Issued on a Monday: five working days later is the next one.
    assert asked(page) == [(AskKind.ACKNOWLEDGE, 4, date(2012, 11, 12)), (AskKind.REPORT, 4, date(2013, 4, 3))]
    assert [ask.days_left for ask in page.asks] == [-141, 1]


def test_a_submission_is_asked_in_the_quarter_a_task_is_due_in(session, actors):
    for day, is_asked in ((date(2013, 9, 30), False), (date(2013, 10, 1), True), (date(2014, 2, 1), True)):
        kinds = {(ask.kind, ask.task_id) for ask in page_of(session, SCIENCE, day).asks}
        assert ((AskKind.SUBMIT, 1) in kinds) is is_asked


def test_what_is_handed_in_is_asked_no_more_and_what_is_done_is_only_counted(session, actors):
    submit_task(session, 1, "提前完成", on(REPORTED_ON, actors.science))
    assert not [ask for ask in page_of(session, SCIENCE, REPORTED_ON).asks if ask.task_id == 1]
    complete_task(session, 1, on(REPORTED_ON + timedelta(days=1), actors.supervisor))
    page = page_of(session, SCIENCE, REPORTED_ON + timedelta(days=1))
    assert ([task.id for task in page.led], page.done) == ([4], 1)
    assert [task.id for task in page_of(session, SCIENCE, REPORTED_ON).led] == [4, 1]


def test_notices_and_requests_stand_on_the_page(session, actors):
    filed = RequestInput(RequestKind.EXTENSION, "材料未齐", terms=Terms(due_on=date(2014, 6, 30)))
    file_request(session, 1, filed, on(REPORTED_ON, actors.science))
    facts = {
        "task_id": 1,
        "unit_id": actors.science.unit_id,
        "level": NoticeLevel.BLUE,
        "due_on": date(2013, 12, 31),
        "matter": "first-red",
    }
    going = {
        "issued_on": REPORTED_ON,
        "limit_on": date(2013, 4, 22),
        "number": 3,
        "year": 2013,
        "doc_no": "督办〔2013〕3号",
        "demand": "赶上",
    }
    notice = Notice(**facts, **going, state=NoticeState.ISSUED, prepared_on=REPORTED_ON)
    keep(session, notice, plan_id=1, day=REPORTED_ON)
    page = page_of(session, SCIENCE, REPORTED_ON)
    assert [(one.doc_no, one.limit_on) for one in page.notices] == [("督办〔2013〕3号", date(2013, 4, 22))]
    assert [(one.kind, one.task) for one in page.requests] == [("延期", "示范行动1（2013年）")]
    assert asked(page)[0] == (AskKind.RECEIVE_NOTICE, 1, None)
    assert (AskKind.ANSWER_NOTICE, 1, date(2013, 4, 22)) in asked(page)
    assert page_of(session, SCIENCE, TODAY).notices == ()
    assert (first_break(session), differences(session)) == (None, [])


def test_a_supporting_unit_has_a_page_too(session, actors):
    page = page_of(session, FINANCE, TODAY)
    assert ([task.id for task in page.supported], page.led, page.asks) == ([4, 1], (), ())
    assert page.supported[0].lead == SCIENCE


def test_next_quarters_due_days_are_named(session, actors):
    page = page_of(session, SCIENCE, date(2013, 9, 2))
    assert [(task.id, task.due_on) for task in page.due_next] == [(1, date(2013, 12, 31)), (4, date(2013, 12, 31))]


def test_a_page_is_for_the_unit_itself_and_those_above_it(session, actors):
    lower = lower_units(session)
    for actor, unit in ((actors.science, SCIENCE), (actors.science, NORTH), (actors.office, FINANCE), (lower.north_office, NORTH)):
        assert page_of(session, unit, TODAY, actor).unit == unit
    for actor, unit, code in (
        (actors.finance, SCIENCE, "not-your-unit"),
        (lower.north, SCIENCE, "not-your-unit"),
        (lower.north_office, SCIENCE, "not-your-unit"),
        (actors.administrator, SCIENCE, "no-right"),
        (actors.office, "没有这个单位", "unknown-unit"),
    ):
        with pytest.raises(DubanError) as refused:
            page_of(session, unit, TODAY, actor)
        assert refused.value.code == code


def test_every_unit_with_a_task_gets_a_page_from_one_reading(session, actors):
    desk = read_desk(session, TODAY)
    names = [portfolio_of(desk, unit_id).unit for unit_id in units_with_pages(desk)]
    assert names == [SCIENCE, FINANCE]
    assert [desk.units[unit_id] for unit_id in units_with_pages(desk, actors.finance)] == [FINANCE]
    assert portfolio_of(desk, actors.science.unit_id) == page_of(session, SCIENCE, TODAY)
