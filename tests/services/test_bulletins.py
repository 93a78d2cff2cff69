from datetime import date

import pytest

from reports.bulletin import BUCKETS, as_json
from reports.faces import FACES
from rules.errors import DubanError
from rules.periods import parse_period
from rules.rule_set import DEFAULT_RULE_SET
from services.bulletins.compiling import BulletinOrder, compile_bulletin
from services.bulletins.publishing import is_published, publish_bulletin
from services.ledger import head_of
from services.milestones import MilestoneInput, add_milestone
from services.papers.filing import Press
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.store import Store
from services.tasks import acknowledge_task, complete_task, submit_task
from tests.builders import FINANCE, SCIENCE, draft, issued, item, on, people, yearly_task
from tests.databases import on_one_kind
from tests.remembered import once

Q1 = BulletinOrder(parse_period("2013Q1"), None, DEFAULT_RULE_SET)
WRITTEN = date(2013, 4, 8)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
@once
def quarter(session, store):
    """One task done, one ahead, one on pace, one behind, one silent: five items, of which the year 2013 is in force."""
    actors = people(session)
    issued(session, actors.office, draft(*(item(number) for number in range(1, 6))))
    firsts = {"done": 1, "ahead": 4, "on_pace": 7, "behind": 10}
    for task_id in firsts.values():
        acknowledge_task(session, task_id, on(date(2013, 1, 10), actors.science))
    record_progress(session, 1, ProgressInput({"示范县": Amount(10)}), store, on(date(2013, 3, 28), actors.science))
    submit_task(session, 1, None, on(date(2013, 3, 28), actors.science))
    for bucket, amount in (("ahead", 5), ("on_pace", 2), ("behind", 1)):
        said = ProgressInput({"示范县": Amount(amount)}, problem="资金未到位" if bucket == "behind" else None)
        record_progress(session, firsts[bucket], said, store, on(date(2013, 4, 2), actors.science))
    complete_task(session, 1, on(date(2013, 4, 3), actors.supervisor))
    return actors


def test_counts_every_task_in_force_once(session, quarter):
    view = compile_bulletin(session, Q1, WRITTEN)
    assert (view.totals.tasks, view.as_of, view.written_on) == (5, date(2013, 3, 31), WRITTEN)
    assert {name: getattr(view.totals, name) for name in BUCKETS if getattr(view.totals, name)} == {
        "done": 1,
        "ahead": 1,
        "on_pace": 1,
        "behind": 1,
        "not_started": 1,
    }
    assert sum(getattr(view.shares, name) for name in BUCKETS) == pytest.approx(100.0)
    assert view.change.tasks == 5


def test_lagging_tasks_say_why_and_who(session, quarter):
    lagging = {line.item: line for line in compile_bulletin(session, Q1, WRITTEN).lagging}
    assert set(lagging) == {"示范行动4", "示范行动5"}
    behind = lagging["示范行动4"]
    assert (behind.unit, behind.target, behind.actual, behind.pace, behind.gap_pp) == (SCIENCE, 10, 1, 24.7, 14.7)
    assert (behind.light, behind.cause) == ("yellow", "资金未到位")
    assert len(lagging["示范行动5"].rules) == 3


def test_a_report_missing_of_a_task_on_pace_is_no_lag(session, quarter):
    # In the second quarter nobody has reported: what was ahead by the year's half is still on pace, and only its unit owes a report.
    view = compile_bulletin(session, BulletinOrder(parse_period("2013Q2"), None, DEFAULT_RULE_SET), date(2013, 7, 8))
    assert view.totals.ahead + view.totals.on_pace == 1
    assert len(view.lagging) == view.totals.behind + view.totals.overdue + view.totals.not_started == 3
    assert sum(unit.reports_missing for unit in view.units) > len(view.lagging)


def test_units_and_their_reports(session, quarter):
    units = {line.name: line for line in compile_bulletin(session, Q1, WRITTEN).units}
    science = units[SCIENCE]
    assert (science.lead_tasks, science.support_tasks) == (5, 0)
    assert (science.reports_due, science.reports_on_time, science.reports_missing) == (4, 3, 1)
    assert (units[FINANCE].lead_tasks, units[FINANCE].support_tasks) == (0, 5)


def test_acts_after_the_day_of_writing_change_nothing(session, quarter, store):
    before = as_json(compile_bulletin(session, Q1, WRITTEN))
    acknowledge_task(session, 13, on(date(2013, 4, 20), quarter.science))
    record_progress(session, 10, ProgressInput({"示范县": Amount(9)}, period="2013Q1"), store, on(date(2013, 4, 20), quarter.science))
    after = as_json(compile_bulletin(session, Q1, WRITTEN))
    assert {**after, "ledger_head": ""} == {**before, "ledger_head": ""}
    assert after["ledger_head"] == head_of(session, [1]) != before["ledger_head"]


def test_next_quarter_lists_what_falls_due(session, quarter):
    order = BulletinOrder(parse_period("2013Q3"), None, DEFAULT_RULE_SET)
    following = compile_bulletin(session, order, date(2013, 10, 12)).next
    assert [line.item for line in following] == [f"示范行动{n}" for n in range(2, 6)]
    assert {line.due_on for line in following} == {date(2013, 12, 31)}


def test_overdue_tasks_stay_in_force(session, quarter):
    view = compile_bulletin(session, BulletinOrder(parse_period("2014Q1"), (1,), DEFAULT_RULE_SET), date(2014, 4, 8))
    assert (view.totals.overdue, view.totals.not_started, view.totals.done) == (4, 5, 0)
    assert max(line.days_overdue for line in view.lagging) == 90


def test_an_empty_house_has_an_empty_bulletin(session):
    view = compile_bulletin(session, Q1, WRITTEN)
    assert (view.totals.tasks, view.shares.done, view.items) == (0, 0.0, ())


@on_one_kind
@pytest.mark.parametrize(
    ("order", "day", "code"),
    [(Q1, date(2012, 12, 31), "period-not-begun"), (BulletinOrder(Q1.period, (9,), Q1.rules), WRITTEN, "unknown-plan")],
)
def test_refusals(session, order, day, code):
    with pytest.raises(DubanError) as refused:
        compile_bulletin(session, order, day)
    assert refused.value.code == code


def test_publishing_freezes_numbers_and_files_once(session, quarter, store):
    published = publish_bulletin(session, Q1, Press(store), on(WRITTEN, quarter.supervisor))
    assert published.number == 1
    # A machine without a font for Chinese writes no PDF and says so.
    assert {name.rpartition(".")[2] for name in published.files} | set(published.left_out) == set(FACES)
    assert all(store.read(digest) for digest in published.files.values())
    assert is_published(session, "2013Q1")
    with pytest.raises(DubanError, match="2013 年第 1 期") as refused:
        publish_bulletin(session, Q1, Press(store), on(WRITTEN, quarter.supervisor))
    assert refused.value.code == "already-published"


@on_one_kind
@pytest.mark.parametrize(("who", "day", "code"), [("science", WRITTEN, "no-right"), ("supervisor", date(2013, 3, 31), "period-not-over")])
def test_who_and_when_may_publish(session, quarter, store, who, day, code):
    with pytest.raises(DubanError) as refused:
        publish_bulletin(session, Q1, Press(store), on(day, getattr(quarter, who)))
    assert refused.value.code == code


def line(session, period, written_on):
    (found,) = compile_bulletin(session, BulletinOrder(parse_period(period), None, DEFAULT_RULE_SET), written_on).items
    return [(one.measure, one.target, one.actual, one.pace, one.gap_pp, one.wanted, one.reached) for one in found.targets]


def years(session, *changes):
    """One item with a task a year, its first task taken up; `changes` are those of the target of each year."""
    actors = people(session)
    made = [yearly_task(year, 10) for year in (2013, 2014)]
    tasks = [
        task.model_copy(update={"targets": (task.targets[0].model_copy(update=one),)}) for task, one in zip(made, changes, strict=True)
    ]
    issued(session, actors.office, draft(item(1, tasks=tuple(tasks))))
    acknowledge_task(session, 1, on(date(2013, 1, 10), actors.science))
    return actors


def said(session, actors, store, task_id, value, day):
    record_progress(session, task_id, ProgressInput({"示范县": Amount(value)}), store, on(day, actors.science))


@on_one_kind
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(({}, {}), ("示范县", 20, 8, 62.3, 22.3, "20个", "8个"), id="amounts of two years add up"),
        pytest.param(
            ({"basis": "cumulative"}, {"basis": "cumulative", "value": 20}),
            ("示范县", 20, 8, 24.7, 44.7, "20个", "8个"),
            id="of a sum over the years the latest stands",
        ),
        pytest.param(({"basis": "level"}, {"basis": "level"}), ("示范县", 10, None, 24.7, 24.7, "10个", None), id="so does a level"),
        pytest.param(
            ({"comparator": "le"}, {"comparator": "le"}), ("示范县", 10, None, 24.7, None, "≤10个", None), id="a ceiling nobody knows of"
        ),
    ],
)
def test_an_items_line_over_an_overdue_year_and_the_next(session, store, changes, expected):
    actors = years(session, *changes)
    said(session, actors, store, 1, 8, date(2013, 12, 30))
    assert line(session, "2014Q1", date(2014, 4, 2)) == [expected]


def test_a_line_says_a_comparison_that_cannot_be_made(session):
    comparison = {"comparator": "exceeds-series", "value": None, "scope": "财政收入增幅"}
    years(session, comparison, comparison)
    assert line(session, "2013Q1", date(2013, 4, 2)) == [("示范县", None, None, 24.7, None, "高于财政收入增幅", None)]


def test_a_milestone_missed_lags_without_a_figure(session):
    actors = people(session)
    wordy = yearly_task(2013, 1).model_copy(update={"targets": ()})
    issued(session, actors.office, draft(item(1, tasks=(wordy,))))
    acknowledge_task(session, 1, on(date(2013, 1, 10), actors.science))
    add_milestone(session, 1, MilestoneInput("完成招标", date(2013, 3, 29)), on(date(2013, 1, 11), actors.office))
    (lagging,) = compile_bulletin(session, Q1, date(2013, 4, 2)).lagging
    assert (lagging.measure, lagging.pace, lagging.gap_pp, lagging.light) == (None, 100, 100, "red")


def test_words_stay_out_of_the_json_contract(session, quarter):
    document = as_json(compile_bulletin(session, Q1, WRITTEN))
    assert set(document["items"][0]["targets"][0]) == {"measure", "unit_of_measure", "target", "actual", "pace", "gap_pp"}
    assert not {"wanted", "reached"} & set(document["lagging"][0])
