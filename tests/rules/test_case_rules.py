"""Which facts make a rule propose a case, at each boundary; each proposal names the entries it fired on."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import CaseKind
from models.notice import NoticeLevel
from models.task import Comparator, TaskState
from rules.case_rules import CaseRule, NoticeFacts, TaskYear, Trace, kind_of, proposals_of
from rules.case_words import cautions, fact_words, objection_until, rule_words
from rules.lights import TaskFacts
from rules.rule_set import DEFAULT_RULE_SET as RULES
from rules.targets import TargetFacts

DUE = date(2013, 12, 31)
UNIT = 7


def trace(seq, act="complete", day=DUE, task_id=1):
    return Trace("plan-1", seq, f"{seq:064d}", day, act, task_id)


def task(completed_on=None, task_id=1, traces=None, **changes):
    state = TaskState.COMPLETED if completed_on else TaskState.IN_PROGRESS
    facts = TaskFacts(task_id, state, date(2013, 1, 1), DUE, DUE, completed_on=completed_on)
    told = {"submit": [trace(1, "submit")], "complete": [trace(2)], "report": [trace(3, "report")]} if traces is None else traces
    return TaskYear(replace(facts, **changes), UNIT, told)


def target(actual, **changes):
    return TargetFacts("示范县", 10.0, actual, **changes)


def notice(number, level, on, **changes):
    made = NoticeFacts(number, 1, UNIT, level, "overdue", on, trace(10 + number, "issue-notice", on), f"督办〔2013〕{number}号")
    return replace(made, **changes)


def fired(tasks=(), notices=(), rules=RULES):
    return [one.rule.value for one in proposals_of(2013, list(tasks), list(notices), rules)]


EARLY = date(2013, 12, 1)
MISSED = {"report-missed": [trace(seq, "report-missed", date(2013, 7, seq)) for seq in (1, 2, 3)]}

TABLE = [
    pytest.param([task(EARLY)], ["done-early"], id="thirty days early"),
    pytest.param([task(date(2013, 12, 2))], [], id="twenty-nine days early"),
    pytest.param([task(EARLY, due_on=date(2014, 3, 31))], ["done-early"], id="early before the original day"),
    pytest.param([task(date(2014, 1, 2), due_on=date(2014, 3, 31))], [], id="early only by an extension, and in another year"),
    pytest.param([task(EARLY, targets=(target(9.0),))], [], id="early without its figure"),
    pytest.param([task(DUE, targets=(target(11.0),))], ["target-exceeded"], id="exceeded by a tenth"),
    pytest.param([task(DUE, targets=(target(10.9),))], [], id="exceeded by less"),
    pytest.param([task(DUE, targets=(target(101.0),))], [], id="an unlikely figure"),
    pytest.param([task(DUE, targets=(target(12.0), target(9.0)))], [], id="one exceeded, one not met"),
    pytest.param([task(DUE, targets=(target(3.0, comparator=Comparator.LE),))], [], id="a ceiling that holds"),
    pytest.param([task(traces=MISSED)], ["reports-missed"], id="three reports missed"),
    pytest.param([task(traces={"report-missed": MISSED["report-missed"][:2]})], [], id="two reports missed"),
    pytest.param([task(DUE, number) for number in (1, 2, 3)], ["year-on-time"], id="a whole year on time"),
    pytest.param([task(DUE, number) for number in (1, 2)], [], id="too few tasks"),
    pytest.param([task(DUE, 1), task(DUE, 2), task(DUE, 3, return_count=1)], [], id="one returned"),
    pytest.param([task(DUE, 1), task(DUE, 2), task(DUE, 3, missing_reports=1)], [], id="one report missing"),
    pytest.param([task(DUE, 1), task(DUE, 2), task(None, 3)], [], id="one open"),
    pytest.param([task(DUE, 1), task(DUE, 2), task(date(2014, 1, 6), 3, due_on=date(2014, 2, 1))], [], id="one on time by an extension"),
]


@pytest.mark.parametrize(("tasks", "expected"), TABLE)
def test_tasks(tasks, expected):
    assert fired(tasks) == expected


RED = [notice(number, NoticeLevel.RED, date(2013, month, 1)) for number, month in ((1, 7), (2, 10))]
LAST = notice(3, NoticeLevel.BLUE, date(2013, 12, 23), limit_on=date(2013, 12, 30))
PROPOSED = notice(4, NoticeLevel.ACCOUNTABILITY, date(2013, 10, 9), matter="red-at-q3", grounds={"quarters": ["2013Q3"]})

NOTICES = [
    pytest.param([], RED, ["red-notices"], id="two red ones"),
    pytest.param([], RED[:1], [], id="one red one"),
    pytest.param([], [RED[0], replace(RED[1], on=date(2012, 12, 1))], [], id="two in two years"),
    pytest.param([], [RED[0], replace(RED[1], unit_id=8)], [], id="two of two units"),
    pytest.param([], [PROPOSED], ["red-at-q3"], id="the ladder's own"),
    pytest.param([task(date(2013, 12, 30))], [LAST], ["made-good"], id="made good on the last day"),
    pytest.param([task(date(2013, 12, 31))], [LAST], [], id="made good a day late"),
    pytest.param([task(date(2013, 12, 20))], [LAST], [], id="done before it was urged"),
    pytest.param([task(date(2013, 12, 30))], [replace(LAST, unit_id=8)], [], id="another unit was urged"),
]


@pytest.mark.parametrize(("tasks", "notices", "expected"), NOTICES)
def test_notices(tasks, notices, expected):
    assert fired(tasks, notices) == expected


def test_each_names_what_it_fired_on():
    found = proposals_of(2013, [task(EARLY, targets=(target(12.0),))], [LAST, PROPOSED], RULES)
    assert {one.rule.value: [trace.act for trace in one.traces] for one in found} == {
        "red-at-q3": ["issue-notice"],
        "done-early": ["submit", "complete"],
        "target-exceeded": ["report", "complete"],
    }
    assert [one.key for one in found] == ["red-at-q3/notice-4", "done-early/task-1/2013", "target-exceeded/task-1/2013"]
    assert found[0].notice_id == 4


def test_the_words_hold_the_numbers():
    found = {one.rule: one for one in proposals_of(2013, [task(EARLY, targets=(target(12.0),))], [*RED, PROPOSED], RULES)}
    words = {rule.value: (rule_words(rule, one.numbers), fact_words(rule, one.year, one.numbers)) for rule, one in found.items()}
    assert words["red-notices"] == (
        "同一单位一年内收到红色督办通知单2件以上的，提出是否问责的建议",
        "2013年收到红色督办通知单2件（督办〔2013〕1号、督办〔2013〕2号）",
    )
    assert words["red-at-q3"][1] == "2013年第三季度末为红灯"
    assert words["target-exceeded"] == ("任务办结、指标全部达到且有指标超过目标10%以上的，提出表扬建议", "“示范县”达到目标的120%")


@given(st.dates(date(2013, 1, 1), DUE), st.integers(1, 60))
def test_whoever_is_praised_for_less_is_praised_for_more(completed_on, days):
    lenient, strict = replace(RULES, praise_early_days=days), replace(RULES, praise_early_days=days + 1)
    assert set(fired([task(completed_on)], rules=strict)) <= set(fired([task(completed_on)], rules=lenient))


def test_every_rule_has_a_kind():
    assert {rule for rule in CaseRule if kind_of(rule) is CaseKind.PRAISE} == set(CaseRule) - set(list(CaseRule)[:5])


def test_the_thirtieth_day_is_the_last():
    assert objection_until(date(2014, 1, 20), 30) == date(2014, 2, 19)


CAUTIONS = [
    ("任务到期未完成", 0),
    ("李明没有到场", 1),
    ("建议给予警告", 1),
    ("属于失职，建议诫勉李明", 3),
]


@pytest.mark.parametrize(("words", "count"), CAUTIONS)
def test_cautions(words, count):
    assert len(cautions(words, ["李明", "李"])) == count
