"""Which reminders are due: windows, rest days, odd due days; and that nothing once said comes again."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.task import TaskState
from rules.calendar import add_working_days, is_working_day, nth_working_day
from rules.lights import TaskFacts
from rules.periods import period_after, quarter_of
from rules.reminders import DueReminder, ReportDue, Urgency, Watched, is_said, reminders_due
from rules.rule_set import RuleSet

RULES = RuleSet()
ISSUED = date(2013, 1, 10)


def watched(due_on=date(2013, 12, 31), state=TaskState.IN_PROGRESS, starts_on=date(2013, 1, 1), issued_on=ISSUED, reports=()):
    facts = TaskFacts(task_id=1, state=state, starts_on=min(starts_on, due_on), due_on=due_on, original_due_on=due_on)
    return Watched(facts, issued_on, tuple(reports))


def quarter(day, is_filed=False):
    period = quarter_of(day)
    return ReportDue(period.code, period.ends_on, nth_working_day(period_after(period).starts_on, RULES.report_limit_days), is_filed)


def rules_due(task, day):
    return [reminder.rule for reminder in reminders_due(task, day, RULES)]


@pytest.mark.parametrize(
    ("day", "due_on", "expected"),
    [
        pytest.param(date(2013, 12, 19), date(2013, 12, 31), [], id="eight working days left: not yet"),
        pytest.param(date(2013, 12, 20), date(2013, 12, 31), ["due-7"], id="seven left"),
        pytest.param(date(2013, 12, 25), date(2013, 12, 31), ["due-7"], id="four left: the window of seven is still open"),
        pytest.param(date(2013, 12, 26), date(2013, 12, 31), ["due-3"], id="three left"),
        pytest.param(date(2013, 12, 27), date(2013, 12, 31), ["due-3"], id="two left"),
        pytest.param(date(2013, 12, 30), date(2013, 12, 31), ["due-1"], id="one left"),
        pytest.param(date(2013, 12, 31), date(2013, 12, 31), ["due-0"], id="due on 31 December"),
        pytest.param(date(2014, 1, 1), date(2013, 12, 31), [], id="New Year: no working day since"),
        pytest.param(date(2014, 1, 2), date(2013, 12, 31), ["overdue-1"], id="first working day after"),
        pytest.param(date(2014, 6, 2), date(2013, 12, 31), ["overdue-1"], id="long after: still to be said, once"),
        pytest.param(date(2012, 2, 29), date(2012, 2, 29), ["due-0"], id="due on 29 February"),
        pytest.param(date(2012, 3, 1), date(2012, 2, 29), ["overdue-1"], id="the day after 29 February"),
        pytest.param(date(2013, 10, 12), date(2013, 10, 12), ["due-0"], id="due on a make-up Saturday"),
        pytest.param(date(2013, 10, 11), date(2013, 10, 12), ["due-1"], id="a make-up Saturday counts as a working day"),
        pytest.param(date(2013, 9, 30), date(2013, 10, 5), ["due-0"], id="due in a holiday: the last working day before"),
        pytest.param(date(2013, 10, 8), date(2013, 10, 5), ["overdue-1"], id="due in a holiday: the first working day after"),
        pytest.param(date(2027, 3, 5), date(2027, 3, 10), ["due-3"], id="a year without known holidays: Monday to Friday"),
    ],
)
def test_due_rules(day, due_on, expected):
    assert rules_due(watched(due_on), day) == expected


STEPS = RuleSet(overdue_steps=(1, 3, 10))


@pytest.mark.parametrize(
    ("day", "due_on", "expected"),
    [
        pytest.param(date(2013, 12, 31), date(2013, 12, 31), "due-0", id="the due day itself"),
        pytest.param(date(2014, 1, 2), date(2013, 12, 31), "overdue-1", id="first working day after"),
        pytest.param(date(2014, 1, 3), date(2013, 12, 31), "overdue-1", id="the second: still the first step"),
        pytest.param(date(2014, 1, 6), date(2013, 12, 31), "overdue-3", id="the third"),
        pytest.param(date(2014, 1, 14), date(2013, 12, 31), "overdue-3", id="the ninth"),
        pytest.param(date(2014, 1, 15), date(2013, 12, 31), "overdue-10", id="the tenth"),
        pytest.param(date(2015, 1, 5), date(2013, 12, 31), "overdue-10", id="a year of silence: only the last step"),
        pytest.param(date(2013, 10, 8), date(2013, 9, 30), "overdue-1", id="a step inside a holiday waits for the first working day"),
        pytest.param(date(2013, 10, 10), date(2013, 9, 30), "overdue-3", id="the holiday's days do not count"),
        pytest.param(date(2013, 10, 12), date(2013, 10, 11), "overdue-1", id="a make-up Saturday counts"),
    ],
)
def test_steps_after_the_due_day(day, due_on, expected):
    assert [reminder.rule for reminder in reminders_due(watched(due_on), day, STEPS)] == [expected]


def test_without_the_first_step_nothing_is_said_until_the_next():
    late = RuleSet(overdue_steps=(5,))
    assert [reminders_due(watched(), add_working_days(date(2013, 12, 31), count), late) != [] for count in (1, 4, 5)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("state", [state for state in TaskState if state not in (TaskState.ASSIGNED, TaskState.IN_PROGRESS)])
@pytest.mark.parametrize("day", [date(2013, 12, 31), date(2014, 1, 20)], ids=["due", "overdue"])
def test_nothing_is_asked_where_the_unit_cannot_act(state, day):
    assert rules_due(watched(state=state, reports=[quarter(date(2013, 12, 31))]), day) == []


def test_a_task_that_has_not_begun_is_not_due():
    assert rules_due(watched(date(2013, 7, 3), starts_on=date(2013, 7, 1)), date(2013, 6, 28)) == []


@pytest.mark.parametrize(
    ("day", "filed", "expected"),
    [
        pytest.param(date(2013, 9, 25), False, [], id="four working days to the end, one of them a make-up Sunday"),
        pytest.param(date(2013, 9, 26), False, ["report-open"], id="three working days to the end"),
        pytest.param(date(2013, 10, 8), False, ["report-open"], id="ended, limit ahead"),
        pytest.param(date(2013, 10, 10), False, ["report-open"], id="on the limit"),
        pytest.param(date(2013, 10, 11), False, ["report-missing"], id="after the limit"),
        pytest.param(date(2013, 10, 11), True, [], id="filed"),
        pytest.param(date(2013, 12, 25), False, ["report-missing"], id="until the next quarter opens"),
    ],
)
def test_report_rules(day, filed, expected):
    task = watched(date(2014, 12, 31), reports=[quarter(date(2013, 9, 30), filed), quarter(date(2013, 12, 31))])
    assert rules_due(task, day) == expected


def test_the_next_quarter_takes_over():
    task = watched(date(2014, 12, 31), reports=[quarter(date(2013, 9, 30)), quarter(date(2013, 12, 31))])
    (only,) = reminders_due(task, date(2013, 12, 26), RULES)
    assert (only.rule, only.period, only.limit_on) == ("report-open", "2013Q4", date(2014, 1, 6))


@pytest.mark.parametrize(
    ("day", "state", "expected"),
    [
        pytest.param(date(2013, 1, 17), TaskState.ASSIGNED, [], id="the fifth working day"),
        pytest.param(date(2013, 1, 18), TaskState.ASSIGNED, ["acknowledge"], id="the sixth working day"),
        pytest.param(date(2013, 1, 18), TaskState.IN_PROGRESS, [], id="acknowledged"),
    ],
)
def test_acknowledge(day, state, expected):
    assert rules_due(watched(state=state), day) == expected


def test_the_most_pressing_comes_first():
    task = watched(date(2013, 12, 20), TaskState.ASSIGNED, reports=[quarter(date(2013, 12, 31))])
    found = [reminder.urgency for reminder in reminders_due(task, date(2013, 12, 26), RULES)]
    assert found == [Urgency.OVERDUE, Urgency.REPORT, Urgency.ACKNOWLEDGE]


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        pytest.param("due-7", [], False, id="nothing said"),
        pytest.param("due-7", [("due-7", "p")], True, id="said"),
        pytest.param("due-7", [("due-7", "q")], False, id="said for another due day"),
        pytest.param("due-7", [("due-0", "p")], True, id="something more pressing said"),
        pytest.param("due-7", [("overdue-1", "p")], True, id="urged already"),
        pytest.param("due-7", [("overdue", "p")], True, id="urged already, as it was written before there were steps"),
        pytest.param("overdue-1", [("overdue", "p")], True, id="the urging from before there were steps is the first one"),
        pytest.param("overdue-5", [("overdue", "p")], False, id="and not the second"),
        pytest.param("overdue-5", [("overdue-1", "p")], False, id="only the first step said"),
        pytest.param("overdue-1", [("overdue-5", "p")], True, id="a later step said"),
        pytest.param("overdue-1", [("due-0", "p")], False, id="only something less pressing said"),
        pytest.param("report-open", [("report-missing", "p")], True, id="report urged already"),
        pytest.param("report-missing", [("report-open", "p")], False, id="report only asked for"),
        pytest.param("acknowledge", [("overdue-1", "p")], False, id="another matter"),
    ],
)
def test_is_said(rule, said, expected):
    assert is_said(DueReminder(rule, "p", Urgency.DUE, ISSUED), said) is expected


days = st.dates(date(2005, 1, 1), date(2028, 12, 31))
tasks = st.builds(
    lambda due_on, length, state, issued_ago: watched(
        due_on,
        state,
        due_on - timedelta(days=length),
        due_on - timedelta(days=issued_ago),
        [quarter(due_on), quarter(due_on - timedelta(days=90))],
    ),
    days,
    st.integers(0, 400),
    st.sampled_from(TaskState),
    st.integers(0, 400),
)


@settings(derandomize=True, deadline=None)
@given(tasks, st.integers(-40, 40))
def test_what_was_said_is_not_needed_again_on_the_same_day(task, offset):
    day = task.facts.due_on + timedelta(days=offset)
    due = reminders_due(task, day, RULES)
    said = [(reminder.rule, reminder.period) for reminder in due]
    assert all(is_said(reminder, said) for reminder in due)
    assert len({reminder.urgency for reminder in due}) == len(due)
    assert not {Urgency.DUE, Urgency.OVERDUE} <= {reminder.urgency for reminder in due}


@settings(derandomize=True, deadline=None)
@given(tasks, st.integers(-30, 5), st.lists(st.integers(-12, 12), max_size=12))
def test_a_clock_that_jumps_says_each_rule_once_and_only_more_pressing_ones(task, first, steps):
    day, said = task.facts.due_on + timedelta(days=first), []
    for step in (0, *steps):
        day += timedelta(days=step)
        said += [(r.rule, r.period) for r in reminders_due(task, day, RULES) if not is_said(r, said)]
    assert len(said) == len(set(said))
    ladder = [int(rule.removeprefix("due-")) for rule, _period in said if rule.startswith("due-")]
    assert ladder == sorted(ladder, reverse=True)


def rung(rule):
    kind, _dash, days = rule.partition("-")
    return -int(days) if kind == "due" else int(days)


rule_sets = st.builds(
    RuleSet,
    reminder_leads=st.sets(st.integers(0, 12), min_size=1).map(lambda leads: tuple(sorted(leads, reverse=True))),
    overdue_steps=st.sets(st.integers(1, 20), min_size=1).map(lambda steps: tuple(sorted(steps))),
)


@settings(derandomize=True, deadline=None)
@given(tasks, rule_sets, st.lists(st.integers(-15, 15), min_size=1, max_size=15))
def test_one_rung_a_day_and_none_older_than_what_was_said(task, rules, steps):
    day, said = task.facts.due_on, []
    for step in steps:
        day += timedelta(days=step)
        fresh = [r for r in reminders_due(task, day, rules) if r.urgency in (Urgency.DUE, Urgency.OVERDUE) and not is_said(r, said)]
        assert len(fresh) <= 1
        assert all(rung(reminder.rule) > rung(rule) for reminder in fresh for rule, _period in said)
        said += [(reminder.rule, reminder.period) for reminder in fresh]


@settings(derandomize=True, deadline=None)
@given(tasks, rule_sets, st.integers(1, 30), st.integers(0, 60))
def test_later_days_never_ask_for_less(task, rules, first, more):
    """Once a task is urged, it is urged on every later day, and by no earlier step."""
    at = task.facts.due_on + timedelta(days=first)
    now, later = (
        [rung(r.rule) for r in reminders_due(task, day, rules) if r.urgency is Urgency.OVERDUE] for day in (at, at + timedelta(days=more))
    )
    assert not now or (later and later[0] >= now[0])


@settings(derandomize=True, deadline=None)
@given(days)
def test_on_every_working_day_near_the_due_day_something_is_due(due_on):
    for count in range(-7, 8):
        day = add_working_days(due_on, count)
        if is_working_day(day):
            assert rules_due(watched(due_on, starts_on=due_on - timedelta(days=60)), day) != []
