from datetime import date
from itertools import pairwise

import pytest

from intake.draft import PlanDraft, Recurrence, TargetDraft
from rules.errors import DubanError
from services.decomposing import span_label, tasks_of
from tests.builders import item

PLAN = PlanDraft(title="方案", starts_on=date(2013, 1, 1), ends_on=date(2015, 12, 31))


def spans(tasks):
    return [(task.label, task.starts_on, task.due_on) for task in tasks]


def test_year_columns_are_one_task_each():
    assert [task.label for task in tasks_of(item(), PLAN)] == ["2013年", "2014年", "2015年"]


def test_an_item_without_days_runs_over_the_plan():
    assert spans(tasks_of(item(tasks=()), PLAN)) == [("2013—2015年", date(2013, 1, 1), date(2015, 12, 31))]


def test_an_items_own_days_go_before_the_plans():
    own = item(tasks=(), starts_on=date(2013, 3, 1), due_on=date(2013, 8, 10))
    assert spans(tasks_of(own, PLAN)) == [("2013-03-01—2013-08-10", date(2013, 3, 1), date(2013, 8, 10))]


def test_a_yearly_duty_is_one_task_each_year_with_its_count():
    tasks = tasks_of(item(tasks=(), recurrence=Recurrence(every="year", at_least=4)), PLAN)
    assert [task.label for task in tasks] == ["2013年", "2014年", "2015年"]
    assert [(target.value, target.comparator, target.year) for task in tasks for target in task.targets] == [
        (4, "ge", year) for year in (2013, 2014, 2015)
    ]


def test_a_count_already_read_is_not_doubled():
    read = (TargetDraft(text="研究4次以上", measure="研究", unit_of_measure="次", comparator="ge", value=4),)
    tasks = tasks_of(item(tasks=(), targets=read, recurrence=Recurrence(every="year", at_least=4)), PLAN)
    assert [len(task.targets) for task in tasks] == [1, 1, 1]


def rate(value, year, measure="投入占比"):
    return TargetDraft(text=f"{measure}{value}%", measure=measure, unit_of_measure="%", value=value, year=year, basis="level")


@pytest.mark.parametrize(
    ("years", "labels"),
    [
        ((2013, 2014, 2015), ["2013年", "2014年", "2015年"]),
        ((2013, 2015), ["2013年", "2014—2015年"]),
        ((2015,), ["2013—2015年"]),
        ((2013, 2014), ["2013—2015年"]),
        ((2012, 2015), ["2013—2015年"]),
        ((2013, 2016), ["2013—2015年"]),
    ],
    ids=["a step a year", "two steps", "one year", "ends before the item", "begins before it", "ends after it"],
)
def test_figures_of_several_years_are_a_ladder(years, labels):
    ladder = tuple(rate(1 + place / 10, year) for place, year in enumerate(years))
    tasks = tasks_of(item(tasks=(), targets=ladder), PLAN)
    assert [task.label for task in tasks] == labels
    assert [target for task in tasks for target in task.targets] == list(ladder)


def test_a_figure_without_a_year_is_due_at_the_ladders_end():
    tasks = tasks_of(item(tasks=(), targets=(rate(1, 2013), rate(2, 2015), rate(9, None, "覆盖率"))), PLAN)
    assert [[target.value for target in task.targets] for task in tasks] == [[1], [2, 9]]


def test_a_sum_over_the_years_is_due_in_its_own_year_only():
    yearly = TargetDraft(text="每年300万元", measure="资金", unit_of_measure="万元", value=300, basis="period")
    in_all = TargetDraft(
        text="累计1000万元", measure="累计", unit_of_measure="万元", comparator="ge", value=1000, year=2015, basis="cumulative"
    )
    tasks = tasks_of(item(tasks=(), targets=(yearly, in_all), recurrence=Recurrence(every="year", at_least=None)), PLAN)
    assert [[target.value for target in task.targets] for task in tasks] == [[300], [300], [300, 1000]]


@pytest.mark.parametrize(
    ("every", "count", "first", "last"),
    [
        ("month", 36, "2013年1月", "2015年12月"),
        ("quarter", 12, "2013年第1季度", "2015年第4季度"),
        ("half-year", 6, "2013年1—6月", "2015年7—12月"),
        ("two-years", 2, "2013—2014年", "2015年"),
    ],
)
def test_rounds_follow_the_calendar(every, count, first, last):
    tasks = tasks_of(item(tasks=(), recurrence=Recurrence(every=every, at_least=None)), PLAN)
    assert (len(tasks), tasks[0].label, tasks[-1].label) == (count, first, last)
    assert all(before.due_on < after.starts_on for before, after in pairwise(tasks))


def test_weeks_end_on_sunday():
    tasks = tasks_of(
        item(tasks=(), recurrence=Recurrence(every="week", at_least=1)), PLAN.model_copy(update={"ends_on": date(2013, 1, 20)})
    )
    assert [task.due_on for task in tasks] == [date(2013, 1, 6), date(2013, 1, 13), date(2013, 1, 20)]


def test_without_any_end_it_is_refused():
    with pytest.raises(DubanError) as refused:
        tasks_of(item(tasks=()), PlanDraft(title="方案"))
    assert refused.value.code == "no-due-date"


@pytest.mark.parametrize(
    ("starts_on", "due_on", "label"),
    [
        (date(2013, 3, 1), date(2013, 3, 31), "2013年3月"),
        (date(2012, 11, 1), date(2013, 2, 28), "2012年11月—2013年2月"),
        (date(2013, 4, 1), date(2013, 6, 30), "2013年第2季度"),
        (date(2013, 2, 1), date(2013, 4, 30), "2013年2—4月"),
    ],
)
def test_labels(starts_on, due_on, label):
    assert span_label(starts_on, due_on) == label
