"""Reports: closed periods, figures that cannot be, no change, review, and reports that never came."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.progress import ProgressReport, ReportedValue, ReportState
from models.publication import Publication, PublicationKind
from rules.errors import DubanError
from rules.rights import Actor
from rules.rule_set import DEFAULT_RULE_SET
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.reviews import Verdict, note_missed_reports, review_report
from services.store import Store
from services.tasks import acknowledge_task, submit_task
from tests.builders import AT, TODAY, issued, occasion, on, people
from tests.databases import on_one_kind
from tests.remembered import once

ACCEPTED, RETURNED = Verdict(True), Verdict(False, "缺少名单")


@pytest.fixture
@once
def begun(session):
    actors = people(session)
    issued(session, actors.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    return actors


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def report(session, begun, store):
    def file(value=None, day=TODAY, **said):
        values = {} if value is None else {"示范县": Amount(value)}
        return record_progress(session, 1, ProgressInput(values, **said), store, on(day, begun.science))

    return file


@pytest.fixture(autouse=True)
def the_ledger_tells_all(session):
    yield
    assert differences(session) == []
    assert first_break(session) is None


def refusal(act, *arguments, **named):
    with pytest.raises(DubanError) as refused:
        act(*arguments, **named)
    return refused.value.code


def seen(session, as_of, known_on=None):
    return read_tasks(session, Viewpoint(as_of, known_on or as_of), DEFAULT_RULE_SET)[0]


def published(session, code, scope="all", day=date(2013, 4, 9)):
    facts = {"kind": PublicationKind.BULLETIN, "year": day.year, "number": 1, "published_at": AT, "view": {}, "ledger_head": "0" * 64}
    session.add(Publication(scope=scope, period=code, published_on=day, **facts))
    session.flush()


@on_one_kind
@pytest.mark.parametrize(
    ("code", "scope", "is_closed"),
    [
        pytest.param("2013Q1", "all", True, id="of all plans"),
        pytest.param("2013Q1", "plan-1", True, id="of this plan"),
        pytest.param("2013Q1", "plan-1-11", True, id="of this plan and another"),
        pytest.param("2013", "all", True, id="of the whole year"),
        pytest.param("2013Q1", "plan-11", False, id="of another plan"),
        pytest.param("2013-03", "all", False, id="of a month in it"),
        pytest.param("2012Q4", "all", False, id="of an earlier quarter"),
    ],
)
def test_a_quarter_whose_bulletin_is_out_is_closed(session, report, code, scope, is_closed):
    report(2)
    published(session, code, scope)
    if is_closed:
        assert refusal(report, 3, date(2013, 4, 10), period="2013Q1") == "period-closed"
        assert refusal(report, 3, date(2013, 4, 10), period="2013Q1", correction=" ") == "period-closed"
    else:
        report(3, date(2013, 4, 10), period="2013Q1")


def test_the_next_quarter_stays_open(session, report):
    published(session, "2013Q1")
    report(3, date(2013, 4, 10))


def test_a_half_years_bulletin_closes_both_quarters(session, report):
    published(session, "2013H1", day=date(2013, 7, 8))
    assert [refusal(report, 3, date(2013, 7, 9), period=period) for period in ("2013Q1", "2013Q2")] == ["period-closed"] * 2


def test_a_correction_is_kept_with_its_reason_and_changes_no_report_of_before(session, report):
    report(6)
    published(session, "2013Q1")
    before = seen(session, date(2013, 4, 9))
    report(4, date(2013, 4, 20), period="2013Q1", correction="两县重复计数")
    rows = session.exec(select(ProgressReport).order_by(ProgressReport.id)).all()
    assert [(row.revision, row.correction) for row in rows] == [(1, None), (2, "两县重复计数")]
    assert seen(session, date(2013, 4, 9)) == before
    assert before.facts.targets[0].actual == 6
    assert seen(session, date(2013, 4, 9), date(2013, 4, 20)).facts.targets[0].actual == 4
    said = session.exec(select(LedgerEntry.after).where(LedgerEntry.act == "report").order_by(LedgerEntry.seq)).all()
    assert said[-1]["correction"] == "两县重复计数"


def test_no_change_keeps_what_stood_in_one_act(session, begun, report):
    report(6, text="六县确定", problem="资金未到位", next_step="催拨")
    report(day=date(2013, 7, 1), is_unchanged=True)
    record = seen(session, date(2013, 7, 1))
    assert (record.facts.targets[0].actual, record.reported.problem, record.reported.next_step) == (6, "资金未到位", "催拨")
    assert record.reported.first_filed_on["2013Q2"] == date(2013, 7, 1)
    assert refusal(report, 7, date(2013, 7, 1), is_unchanged=True) == "no-change-with-values"


def test_no_change_before_anything_was_reported_says_just_that(session, report):
    report(is_unchanged=True)
    assert session.exec(select(ReportedValue)).all() == []
    assert seen(session, TODAY).facts.targets[0].actual is None


@on_one_kind
@pytest.mark.parametrize(
    ("value", "code"),
    [pytest.param(100, None, id="ten times the target"), pytest.param(100.5, "quantity-unlikely", id="more than that")],
)
def test_a_figure_far_above_its_target_must_be_confirmed(report, value, code):
    if code is None:
        report(value)
    else:
        assert refusal(report, value) == code
        report(value, is_confirmed=True)


def test_sums_never_fall_from_quarter_to_quarter_whichever_is_corrected(report):
    report(4, period="2013Q1")
    report(7, date(2013, 6, 28), period="2013Q2")
    assert refusal(report, 3, date(2013, 6, 28), period="2013Q2") == "quantity-falls"
    assert refusal(report, 8, date(2013, 6, 28), period="2013Q1") == "quantity-above-later"
    report(9, date(2013, 6, 28), period="2013Q2")
    report(8, date(2013, 6, 28), period="2013Q1")


def test_an_accepted_report_stands_and_is_reviewed_once(session, begun, report):
    report(6)
    review_report(session, 1, "2013Q1", ACCEPTED, on(date(2013, 4, 3), begun.supervisor))
    assert session.exec(select(ProgressReport.state)).all() == [ReportState.ACCEPTED]
    assert refusal(review_report, session, 1, "2013Q1", RETURNED, on(date(2013, 4, 3), begun.supervisor)) == "already-reviewed"


def test_a_returned_report_is_owed_again_from_that_day_on(session, begun, report):
    report(6, text="六县确定", day=date(2013, 3, 29))
    review_report(session, 1, "2013Q1", RETURNED, on(date(2013, 4, 8), begun.supervisor))
    ends_on = date(2013, 3, 31)
    assert seen(session, ends_on, date(2013, 4, 7)).facts.targets[0].actual == 6
    after = seen(session, ends_on, date(2013, 4, 8))
    assert (after.facts.targets[0].actual, after.facts.missing_reports) == (None, 1)
    report(5, date(2013, 4, 9), period="2013Q1")
    again = seen(session, ends_on, date(2013, 4, 9))
    assert (again.facts.targets[0].actual, again.facts.missing_reports, again.facts.late_reports) == (5, 0, 1)
    review_report(session, 1, "2013Q1", ACCEPTED, on(date(2013, 4, 10), begun.supervisor))


def test_within_the_reporting_days_a_returned_quarter_is_the_one_expected(session, begun, report):
    report(6, day=date(2013, 4, 1))
    review_report(session, 1, "2013Q1", RETURNED, on(TODAY, begun.supervisor))
    assert report(5).period == "2013Q1"


@on_one_kind
@pytest.mark.parametrize(
    ("period", "verdict", "code"),
    [
        pytest.param("2013Q1", Verdict(False, " "), "no-reason", id="returned without a reason"),
        pytest.param("2013Q2", ACCEPTED, "no-report", id="nothing reported"),
        pytest.param("third", ACCEPTED, "bad-period", id="no period"),
    ],
)
def test_a_review_that_cannot_be(session, begun, report, period, verdict, code):
    report(6)
    assert refusal(review_report, session, 1, period, verdict, on(TODAY, begun.supervisor)) == code


def test_a_report_is_not_returned_while_nobody_could_report_again(session, begun, report):
    report(10)
    submit_task(session, 1, None, on(TODAY, begun.science))
    assert refusal(review_report, session, 1, "2013Q1", RETURNED, on(TODAY, begun.supervisor)) == "not-now"
    review_report(session, 1, "2013Q1", ACCEPTED, on(TODAY, begun.supervisor))


@on_one_kind
@pytest.mark.parametrize("who", ["science", "finance", "office", "administrator"])
def test_only_supervisors_review(session, begun, report, who):
    report(6)
    assert refusal(review_report, session, 1, "2013Q1", ACCEPTED, on(TODAY, getattr(begun, who))) == "no-right"


@on_one_kind
def test_nobody_reviews_a_report_of_the_own_unit(session, begun, report):
    report(6)
    colleague = replace(begun.supervisor, unit_id=begun.science.unit_id)
    assert refusal(review_report, session, 1, "2013Q1", ACCEPTED, on(TODAY, colleague)) == "own-submission"


def test_a_missed_report_is_written_down_once(session, begun, report):
    report(6)
    assert note_missed_reports(session, occasion(day=date(2013, 4, 3))) == 0
    assert note_missed_reports(session, occasion(day=date(2013, 4, 7))) == 1
    assert note_missed_reports(session, occasion(day=date(2013, 4, 8))) == 0
    (entry,) = session.exec(select(LedgerEntry).where(LedgerEntry.act == "report-missed")).all()
    assert (entry.task_id, entry.actor, entry.after["period"], entry.after["lead"]) == (4, "system", "2013Q1", "省科技厅")
    assert note_missed_reports(session, occasion(day=date(2013, 7, 12))) == 2


@on_one_kind
def test_units_do_not_write_down_missed_reports(session, begun):
    assert refusal(note_missed_reports, session, on(TODAY, Actor(9, "x", begun.science.role, 1))) == "no-right"
