"""Where values come from, for every kind of target, on any day."""

from datetime import date

import pytest
from sqlmodel import select

from models.progress import ProgressReport, ReportState
from models.roster import EligibleList, EligibleMember, Quota, RosterEntry, RosterState
from models.task import Assignment, AssignmentRole, Comparator, Target, Task, TaskState
from rules.rule_set import DEFAULT_RULE_SET
from rules.targets import is_met, reached_percent
from services.facts import TaskReader, Viewpoint, read_tasks
from services.indicators import Link, Reading, link_target, observe
from services.ledger import Event, first_break, record
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.shortfalls import missing_on
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import draft, issued, item, keep, occasion, on, people, yearly_task
from tests.databases import on_one_kind

Q1, Q2, YEAR_END = date(2013, 3, 29), date(2013, 6, 28), date(2013, 12, 30)


@pytest.fixture
def actors(session):
    return people(session)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture(autouse=True)
def whole(session):
    yield
    assert differences(session) == []
    assert first_break(session) is None


def issue(session, actors, *targets, years=(2013, 2014, 2015)):
    """One item with a task a year; the targets are those of each task, a list for each year or one for all."""
    tasks = []
    for number, year in enumerate(years):
        wanted = targets[number] if isinstance(targets[0], list) else targets
        made = tuple(yearly_task(year, 10).targets[0].model_copy(update={"year": year, **changes}) for changes in wanted)
        tasks.append(yearly_task(year, 10).model_copy(update={"targets": made}))
    issued(session, actors.office, draft(item(1, tasks=tuple(tasks))))


def report(session, actors, store, values, day=Q1, task_id=1, text="进展"):
    if session.get(Task, task_id).state is TaskState.ASSIGNED:
        acknowledge_task(session, task_id, on(day, actors.science))
    said = ProgressInput({name: Amount(value) for name, value in values.items()}, text, is_confirmed=True)
    record_progress(session, task_id, said, store, on(day, actors.science))


def targets(session, day, task_id=1, known_on=None):
    found = read_tasks(session, Viewpoint(day, known_on or day), DEFAULT_RULE_SET)
    return next(record for record in found if record.name.id == task_id).facts.targets


@on_one_kind
@pytest.mark.parametrize(
    ("changes", "reported", "wanted", "reached", "met"),
    [
        pytest.param({"comparator": "all", "value": 11}, 11, 11, 100, True, id="all of eleven"),
        pytest.param({"comparator": "all", "value": None, "unit_of_measure": None}, 95, 100, 95, False, id="all without a figure is 100 %"),
        pytest.param({"comparator": "range", "value": None, "low": 4, "high": 6}, 5, 4, 125, True, id="a range"),
        pytest.param({"comparator": "range", "value": None, "low": 4, "high": 6}, 7, 4, 175, False, id="beyond a range"),
        pytest.param({"comparator": "about", "value": 200}, 185, 200, 100, True, id="about"),
        pytest.param({"comparator": "le", "value": 3}, 4, 3, 0, False, id="a ceiling broken"),
        pytest.param(
            {"comparator": "eq", "value": 5, "baseline": 10, "basis": "level"}, 7.5, 5, 50, False, id="from baseline down to target"
        ),
        pytest.param(
            {"comparator": "ge", "value": 20, "baseline": 10, "basis": "level"}, 20, 20, 100, True, id="from baseline up to target"
        ),
        pytest.param(
            {"comparator": "ge", "value": 2, "baseline": 10, "unit_of_measure": "个百分点", "basis": "level"},
            1,
            2,
            50,
            False,
            id="points are a change, the baseline is spent",
        ),
    ],
)
def test_reported_values_by_comparator(session, actors, store, changes, reported, wanted, reached, met):
    issue(session, actors, changes)
    report(session, actors, store, {"示范县": reported})
    (found,) = targets(session, Q1)
    assert (found.wanted, found.actual, is_met(found)) == (wanted, reported, met)
    assert reached_percent(found) == pytest.approx(reached)


def test_a_target_without_any_figure_is_not_judged(session, actors):
    issue(session, actors, {"comparator": "ge", "value": None})
    assert targets(session, Q1) == ()


def test_each_part_must_reach_it_and_the_total_stands_beside(session, actors, store):
    issue(session, actors, {"comparator": "ge", "value": 1, "scope": "每个县"})
    (silent,) = targets(session, Q1)
    assert (silent.actual, silent.total) == (None, None)
    report(session, actors, store, {"示范县@甲县": 3, "示范县@乙县": 0})
    (found,) = targets(session, Q1)
    assert (found.actual, found.total, is_met(found)) == (0, 3, False)
    report(session, actors, store, {"示范县@乙县": 1, "示范县": 9}, Q2)
    (found,) = targets(session, Q2)
    assert (found.actual, found.total, found.parts, is_met(found)) == (1, 9, (("乙县", 1), ("甲县", 3)), True)


def test_a_total_alone_says_nothing_of_each(session, actors, store):
    issue(session, actors, {"comparator": "ge", "value": 1, "scope": "每个县"})
    assert missing_on(session, 1, Q1) == ["示范县 目标 每个县≥1个，还没有填报数量"]
    report(session, actors, store, {"示范县": 14})
    (found,) = targets(session, Q1)
    assert (found.actual, found.total, is_met(found)) == (None, 14, False)
    assert missing_on(session, 1, Q1) == ["示范县 目标 每个县≥1个，已完成 分项未报，合计 14个"]


def test_a_cumulative_figure_counts_earlier_years(session, actors, store):
    sums = ([{"value": 10, "basis": "cumulative"}], [{"value": 20, "basis": "cumulative"}], [{"value": 30, "basis": "cumulative"}])
    issue(session, actors, *sums)
    report(session, actors, store, {"示范县": 8}, YEAR_END)
    report(session, actors, store, {"示范县": 3}, date(2014, 6, 27), task_id=2)
    (second,) = targets(session, date(2014, 6, 27), task_id=2)
    assert (second.actual, second.carried, reached_percent(second)) == (11, 10, pytest.approx(10))
    (third,) = targets(session, date(2014, 6, 27), task_id=3)
    assert (third.actual, third.carried) == (11, 20)


def test_yearly_amounts_carry_a_sum_over_the_years(session, actors, store):
    amounts = ([{"value": 300}], [{"value": 300}], [{"value": 1000, "basis": "cumulative"}])
    issue(session, actors, *amounts)
    report(session, actors, store, {"示范县": 300}, YEAR_END)
    assert targets(session, date(2014, 6, 27), task_id=2)[0].actual is None
    (third,) = targets(session, date(2014, 6, 27), task_id=3)
    assert (third.actual, third.carried) == (300, 600)


def test_a_level_is_the_latest_value(session, actors, store):
    issue(session, actors, {"value": 70, "basis": "level", "unit_of_measure": "%"})
    report(session, actors, store, {"示范县": 60}, YEAR_END)
    report(session, actors, store, {"示范县": 55}, date(2014, 3, 28), task_id=2)
    assert targets(session, date(2014, 3, 28), task_id=2)[0].actual == 55


def test_a_returned_report_says_nothing_from_then_on(session, actors, store):
    issue(session, actors, {"value": 10})
    report(session, actors, store, {"示范县": 4}, date(2013, 3, 20))
    report(session, actors, store, {"示范县": 9}, date(2013, 3, 25))
    second = session.exec(select(ProgressReport).where(ProgressReport.revision == 2)).one()
    second.state = ReportState.RETURNED
    session.add(second)
    record(session, on(date(2013, 4, 10), actors.supervisor), Event("return-report", "task 1", 1, 1))
    days = (date(2013, 3, 22), date(2013, 3, 28), date(2013, 4, 10))
    assert [targets(session, day)[0].actual for day in days] == [4, 9, None]
    assert targets(session, date(2013, 3, 31), known_on=date(2013, 4, 10))[0].actual is None


def quota(session, *members, region=None, **facts):
    target = session.exec(select(Target).where(Target.task_id == 1)).one()
    made = Quota(target_id=target.id, **facts)
    keep(session, made, plan_id=1, day=date(2013, 1, 5))
    for name, confirmed_on, withdrawn_on in members:
        state = RosterState.WITHDRAWN if withdrawn_on else RosterState.CONFIRMED if confirmed_on else RosterState.SELECTED
        entry = RosterEntry(task_id=1, quota_id=made.id, name=name, nominated_on=date(2013, 1, 6), confirmed_on=confirmed_on, state=state)
        entry.withdrawn_on, entry.region = withdrawn_on, region
        keep(session, entry, plan_id=1, day=max(day for day in (confirmed_on, withdrawn_on, date(2013, 1, 6)) if day))


def test_one_reading_seen_from_several_days_is_that_of_each_day(session, actors, store):
    issue(session, actors, {"value": 10})
    report(session, actors, store, {"示范县": 3})
    report(session, actors, store, {"示范县": 6}, day=Q2)
    reader = TaskReader(session, Viewpoint(YEAR_END, Q2))
    for day in (date(2012, 1, 1), Q1, Q2, YEAR_END):
        assert reader.on(day, DEFAULT_RULE_SET) == read_tasks(session, Viewpoint(day, Q2), DEFAULT_RULE_SET)


def test_tasks_read_alone_are_what_they_are_among_all(session, actors, store):
    issue(session, actors, {"value": 10, "basis": "cumulative"})
    for day, values in ((Q1, {"示范县": 3}), (Q2, {"示范县": 6})):
        report(session, actors, store, values, day=day)
    for day in (date(2012, 1, 1), Q1, Q2, YEAR_END):
        whole = read_tasks(session, Viewpoint(day, Q2), DEFAULT_RULE_SET)
        for wanted in ([], [1], [2, 3], [3, 99]):
            alone = read_tasks(session, Viewpoint(day, Q2), DEFAULT_RULE_SET, task_ids=wanted)
            assert alone == [record for record in whole if record.name.id in wanted]


def test_a_quota_counts_its_confirmed_members(session, actors):
    issue(session, actors, {"value": 10})
    march, april, june = date(2013, 3, 4), date(2013, 4, 8), date(2013, 6, 3)
    quota(session, ("子县", None, None), ("甲县", march, None), ("乙县", april, None), ("丙县", march, june))
    at_end_of_march = [targets(session, date(2013, 3, 31), known_on=known)[0].actual for known in (april, june)]
    assert at_end_of_march == [1, 2], "a member entered in June was not known in April"
    assert [targets(session, day)[0].actual for day in (date(2013, 1, 31), march, april, june)] == [0, 1, 2, 2]


def test_a_quota_for_each_region_counts_the_regions_of_its_list(session, actors):
    issue(session, actors, {"value": 1, "comparator": "ge", "scope": "每个地级市"})
    eligible = EligibleList(name="示范县备选", made_on=date(2013, 1, 4))
    keep(session, eligible, day=date(2013, 1, 4))
    keep(
        session,
        *(EligibleMember(list_id=eligible.id, name=f"{region}县", region=region) for region in ("东市", "西市")),
        day=date(2013, 1, 4),
    )
    quota(session, ("东市县", date(2013, 3, 4), None), region="东市", eligible_list_ids=[eligible.id])
    (found,) = targets(session, Q1)
    assert (found.parts, found.actual, found.total, is_met(found)) == ((("东市", 1), ("西市", 0)), 0, 1, False)


def child(session, lead, value):
    parent = session.get(Task, 1)
    facts = {name: getattr(parent, name) for name in ("plan_id", "item_id", "label", "text", "starts_on", "due_on", "original_due_on")}
    task = Task(**facts, parent_id=1, state=TaskState.ASSIGNED)
    session.add(task)
    session.flush()
    wanted = session.exec(select(Target).where(Target.task_id == 1)).one()
    fields = {name: getattr(wanted, name) for name in ("text", "measure", "unit_of_measure", "comparator", "basis", "scope")}
    session.add(Target(task_id=task.id, **fields, value=value))
    session.add(Assignment(task_id=task.id, unit_id=lead.unit_id, role=AssignmentRole.LEAD))
    record(session, occasion(day=date(2013, 1, 7)), Event("issue", f"task {task.id}", 1, task.id))
    return task.id


def handed_down(session, actors, store, changes, values):
    issue(session, actors, changes)
    leads = (actors.science, actors.finance)
    children = [child(session, lead, changes["value"]) for lead in leads]
    for task_id, lead in zip(children, leads, strict=True):
        acknowledge_task(session, task_id, on(date(2013, 1, 8), lead))
    for task_id, lead, value in zip(children, leads, values, strict=True):
        if value is not None:
            record_progress(session, task_id, ProgressInput({"示范县": Amount(value)}), store, on(Q1, lead))


@on_one_kind
@pytest.mark.parametrize(
    ("changes", "values", "actual"),
    [
        pytest.param({"value": 10}, (3, 4), 7, id="amounts add up"),
        pytest.param({"value": 10}, (3, None), 3, id="a silent child adds nothing"),
        pytest.param({"value": 10}, (None, None), None, id="nobody has spoken"),
        pytest.param({"value": 85, "basis": "level", "unit_of_measure": "%"}, (90, 70), 70, id="the worst level"),
        pytest.param(
            {"value": 85, "basis": "level", "unit_of_measure": "%"}, (90, None), None, id="the worst level may be the silent one's"
        ),
        pytest.param({"value": 5, "basis": "level", "comparator": "le"}, (3, 4), 4, id="the highest under a ceiling"),
        pytest.param({"value": 1, "scope": "每个县"}, (2, None), 0, id="for each: a silent child has nothing"),
        pytest.param({"value": 1, "scope": "每个县"}, (2, 1), 1, id="for each: the worst child"),
    ],
)
def test_tasks_handed_down_roll_up(session, actors, store, changes, values, actual):
    handed_down(session, actors, store, changes, values)
    assert targets(session, Q1)[0].actual == actual


def test_what_the_lead_reports_goes_before_its_children(session, actors, store):
    handed_down(session, actors, store, {"value": 10}, (3, 4))
    report(session, actors, store, {"示范县": 6})
    assert targets(session, Q1)[0].actual == 6


def link(session, actors, day=date(2013, 1, 9), **names):
    link_target(session, 1, "示范县", Link(**names), on(day, actors.office))


def seen(session, actors, name, value, observed_on, known_on=date(2014, 1, 20), unit=None):
    observe(session, Reading(name, value, observed_on, unit), on(known_on, actors.office))


def test_observed_values_count_instead_of_reported_ones(session, actors, store):
    issue(session, actors, {"value": 70, "basis": "level", "unit_of_measure": "%"})
    seen(session, actors, "覆盖率", 40, date(2012, 12, 31), date(2013, 1, 9), "%")
    report(session, actors, store, {"示范县": 66}, date(2013, 1, 10))
    link(session, actors, date(2013, 1, 15), observed_by="覆盖率")
    seen(session, actors, "覆盖率", 55, date(2013, 6, 30), date(2013, 7, 8))
    seen(session, actors, "覆盖率", 52, date(2013, 6, 30), date(2013, 8, 8))
    assert [targets(session, day)[0].actual for day in (date(2013, 1, 14), date(2013, 1, 15))] == [66, 40]
    assert targets(session, date(2013, 1, 14), known_on=date(2013, 1, 15))[0].actual == 40, "the link is a matter of what is known"
    half = [
        targets(session, date(2013, 6, 30), known_on=known)[0].actual for known in (date(2013, 7, 7), date(2013, 7, 8), date(2013, 8, 8))
    ]
    assert half == [40, 55, 52], "a correction is known from its day on"


@on_one_kind
@pytest.mark.parametrize(
    ("changes", "indicator_unit", "actual"),
    [
        pytest.param({"value": 2, "unit_of_measure": "个百分点", "basis": "level"}, "%", 1.5, id="points against last year's rate"),
        pytest.param(
            {"value": 2, "unit_of_measure": "百分点", "basis": "level", "baseline": 11},
            "%",
            0.5,
            id="points against the document's baseline",
        ),
        pytest.param({"value": 20, "unit_of_measure": "%", "basis": "level"}, "亿元", 15, id="growth of an amount"),
        pytest.param({"value": 12, "unit_of_measure": "%", "basis": "level"}, "%", 11.5, id="a rate as such"),
        pytest.param({"value": 12, "unit_of_measure": "亿元", "basis": "period"}, "亿元", 11.5, id="what came within the task"),
    ],
)
def test_what_an_observation_says_of_the_target(session, actors, changes, indicator_unit, actual):
    issue(session, actors, changes)
    seen(session, actors, "投入", 10, date(2012, 12, 31), date(2013, 1, 9), indicator_unit)
    link(session, actors, observed_by="投入")
    seen(session, actors, "投入", 11.5, date(2013, 9, 30), date(2013, 10, 8))
    assert targets(session, date(2013, 10, 8))[0].actual == pytest.approx(actual)


def test_last_years_observation_is_not_this_years_amount(session, actors):
    issue(session, actors, {"value": 12, "unit_of_measure": "亿元", "basis": "period"})
    seen(session, actors, "投入", 10, date(2012, 12, 31), date(2013, 1, 9), "亿元")
    link(session, actors, observed_by="投入")
    assert targets(session, date(2013, 2, 1))[0].actual is None


@on_one_kind
@pytest.mark.parametrize(
    ("own", "other", "actual", "wanted", "met"),
    [
        pytest.param([(date(2013, 12, 31), 12)], [(date(2013, 12, 31), 10)], 12, 10, True, id="the same day"),
        pytest.param([(date(2013, 12, 31), 10)], [(date(2013, 12, 31), 10)], 10, 10, False, id="just as high"),
        pytest.param([(date(2013, 9, 30), 12), (date(2013, 12, 31), 9)], [(date(2013, 9, 30), 10)], 12, 10, True, id="the last common day"),
        pytest.param([(date(2013, 12, 31), 12)], [(date(2013, 11, 30), 13)], 12, 13, False, id="the same year"),
        pytest.param([(date(2013, 12, 31), 12)], [], 12, None, False, id="the other is missing"),
        pytest.param([], [(date(2013, 12, 31), 10)], None, 10, False, id="the own one is missing"),
        pytest.param([(date(2013, 12, 31), 12)], [(date(2012, 12, 31), 10)], 12, None, False, id="last year's other does not count"),
    ],
)
def test_one_series_against_another(session, actors, own, other, actual, wanted, met):
    issue(
        session, actors, {"comparator": "exceeds-series", "value": None, "unit_of_measure": "%", "basis": "period", "scope": "财政收入增幅"}
    )
    for name, rows in (("科技投入增幅", own), ("财政收入增幅", other)):
        seen(session, actors, name, 1, date(2010, 12, 31), unit="%")
        for day, value in rows:
            seen(session, actors, name, value, day)
    link_target(session, 1, "示范县", Link("科技投入增幅", "财政收入增幅"), on(date(2014, 1, 21), actors.office))
    (found,) = targets(session, date(2014, 1, 21))
    assert (found.actual, found.wanted, found.against, is_met(found)) == (actual, wanted, "财政收入增幅", met)
    assert found.comparator is Comparator.EXCEEDS_SERIES
    missing = missing_on(session, 1, date(2014, 1, 21))
    assert bool(missing) is not met
    assert ("无法比较" in "".join(missing)) is (None in (actual, wanted))
