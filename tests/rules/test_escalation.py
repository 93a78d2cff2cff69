"""The ladder: which notice is due on a day, and what never is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.notice import NoticeLevel, NoticeState
from models.task import TaskState
from rules.escalation import Climb, EarlierNotice, Matter, Moot, QuarterEnd, notices_due, why_moot
from rules.lights import Light, TaskFacts, light_of
from rules.rule_set import DEFAULT_RULE_SET as RULES
from rules.targets import TargetFacts

BLUE, ORANGE, RED, PROPOSAL = NoticeLevel.BLUE, NoticeLevel.ORANGE, NoticeLevel.RED, NoticeLevel.ACCOUNTABILITY
PREPARED, ISSUED, RECEIVED, SET_ASIDE = NoticeState

DUE = date(2013, 6, 28)  # a Friday
T2, T3 = date(2013, 7, 2), date(2013, 7, 3)
LIMIT = date(2013, 7, 10)


def task(**changes):
    facts = TaskFacts(1, TaskState.IN_PROGRESS, date(2013, 1, 1), DUE, DUE, handed_on=date(2013, 1, 4), has_report=True)
    return replace(facts, **changes)


# A tenth done where the pace is far ahead: red, and not for being overdue.
FAR_BEHIND = task(due_on=date(2013, 12, 31), targets=(TargetFacts("示范县", 10, 1, "个"),))


def climb(facts, day, quarters="", earlier=()):
    """`quarters` are the lights at the last quarter ends, newest first: R red, Y yellow, G green."""
    lights = {"R": Light.RED, "Y": Light.YELLOW, "G": Light.GREEN}
    codes = ("2013Q3", "2013Q2", "2013Q1") if day > date(2013, 10, 8) else ("2013Q2", "2013Q1", "2012Q4")
    ends = tuple(QuarterEnd(code, lights[letter]) for code, letter in zip(codes, quarters, strict=False))
    return Climb(facts, light_of(facts, day, RULES), ends, tuple(earlier))


def notice(level=BLUE, matter=Matter.OVERDUE, state=ISSUED, limit_on=LIMIT, **changes):
    return EarlierNotice(9, level, matter, state, limit_on if state in (ISSUED, RECEIVED) else None, "督办〔2013〕9号", **changes)


def due(*args, **kwargs):
    found = climb(*args, **kwargs)
    return [(one.level, one.matter) for one in notices_due(found, args[1], RULES)]


L3 = (ORANGE, Matter.LIMIT_MISSED)
L4 = (RED, Matter.LIMIT_MISSED)
AFTER = date(2013, 7, 11)

CASES = [
    pytest.param(task(), DUE, "", [], [], id="nothing on the due day"),
    pytest.param(task(), T2, "", [], [], id="two working days over is for the urging note"),
    pytest.param(task(), T3, "", [], [(BLUE, Matter.OVERDUE)], id="three working days over: blue"),
    pytest.param(task(handed_on=T2), T3, "", [], [], id="whoever got it late has three days too"),
    pytest.param(FAR_BEHIND, date(2013, 8, 1), "", [], [(BLUE, Matter.FIRST_RED)], id="red by its pace: blue at once"),
    pytest.param(FAR_BEHIND, date(2013, 3, 1), "", [], [], id="not behind enough"),
    pytest.param(task(return_count=2), date(2013, 5, 2), "", [], [(BLUE, Matter.FIRST_RED)], id="returned twice"),
    pytest.param(task(), T3, "", [notice(state=PREPARED)], [], id="never twice"),
    pytest.param(task(), AFTER, "", [notice(state=PREPARED)], [], id="one that waits for a person leads no further"),
    pytest.param(task(), AFTER, "", [notice(state=SET_ASIDE)], [], id="nor one that was set aside"),
    pytest.param(task(), LIMIT, "", [notice()], [], id="the limit's day still counts"),
    pytest.param(task(), AFTER, "", [notice()], [L3], id="blue's limit missed: orange"),
    pytest.param(task(), AFTER, "", [notice(state=RECEIVED)], [L3], id="received or not"),
    pytest.param(task(), AFTER, "", [notice(), notice(*L3, state=PREPARED)], [], id="orange waits"),
    pytest.param(task(), AFTER, "", [notice(), notice(*L3)], [L4], id="orange's limit missed: red"),
    pytest.param(task(), AFTER, "", [notice(), notice(*L3), notice(*L4)], [], id="red is the last rung"),
    pytest.param(task(), AFTER, "", [notice(), notice(*L3, state=SET_ASIDE)], [], id="orange set aside is not prepared again"),
    pytest.param(
        task(), AFTER, "", [notice(matter=Matter.FIRST_RED, was_kept=True)], [(BLUE, Matter.OVERDUE)], id="a kept limit ends its way"
    ),
    pytest.param(
        task(return_count=2), T2, "", [notice(matter=Matter.FIRST_RED, was_kept=True, limit_on=DUE)], [], id="kept: not the same again"
    ),
    pytest.param(task(return_count=2), T3, "", [notice(matter=Matter.FIRST_RED, limit_on=DUE)], [L3], id="first red not kept"),
    pytest.param(FAR_BEHIND, date(2013, 8, 1), "RR", [], [(RED, Matter.RED_TWO_PERIODS)], id="two red quarter ends: red at once"),
    pytest.param(FAR_BEHIND, date(2013, 8, 1), "RG", [], [(BLUE, Matter.FIRST_RED)], id="one red quarter end"),
    pytest.param(FAR_BEHIND, date(2013, 8, 1), "GRR", [], [(BLUE, Matter.FIRST_RED)], id="two, but not the last"),
    pytest.param(FAR_BEHIND, date(2013, 7, 8), "RR", [notice(matter=Matter.FIRST_RED)], [], id="a limit that still runs holds the ladder"),
    pytest.param(
        FAR_BEHIND, date(2013, 8, 1), "RR", [notice(state=PREPARED)], [(RED, Matter.RED_TWO_PERIODS)], id="one that waits does not"
    ),
    pytest.param(
        FAR_BEHIND,
        date(2013, 8, 1),
        "RRR",
        [notice(level=RED, matter=Matter.RED_TWO_PERIODS, state=PREPARED)],
        [(PROPOSAL, Matter.RED_THREE_PERIODS)],
        id="three red quarter ends: a proposal beside the rungs",
    ),
    pytest.param(
        FAR_BEHIND,
        date(2013, 10, 10),
        "RG",
        [notice(matter=Matter.FIRST_RED, state=ISSUED, limit_on=date(2013, 10, 14))],
        [(PROPOSAL, Matter.RED_AT_Q3)],
        id="red at the third quarter's end, whatever limit runs",
    ),
    pytest.param(
        task(due_on=date(2012, 12, 31)),
        date(2013, 1, 8),
        "",
        [],
        [(BLUE, Matter.OVERDUE), (PROPOSAL, Matter.YEAR_MISSED)],
        id="the year's target missed: the unit gets its notice all the same",
    ),
    pytest.param(task(due_on=date(2012, 12, 31)), date(2013, 1, 5), "", [], [], id="the year missed by less than three working days"),
    pytest.param(
        task(due_on=date(2012, 12, 31)),
        AFTER,
        "",
        [notice(level=PROPOSAL, matter=Matter.YEAR_MISSED), notice(*L4, state=PREPARED)],
        [],
        id="one proposal for a ladder",
    ),
    pytest.param(
        task(due_on=date(2012, 12, 31)),
        AFTER,
        "RRR",
        [notice(level=PROPOSAL, matter=Matter.YEAR_MISSED, state=SET_ASIDE), notice(*L4, state=PREPARED)],
        [(PROPOSAL, Matter.RED_THREE_PERIODS)],
        id="another ground after one was set aside",
    ),
]


@pytest.mark.parametrize(("facts", "day", "quarters", "earlier", "wanted"), CASES)
def test_what_is_due(facts, day, quarters, earlier, wanted):
    assert due(facts, day, quarters, earlier) == wanted


RESTING = [TaskState.SUBMITTED, TaskState.COMPLETED, TaskState.CLOSED, TaskState.SUSPENDED, TaskState.CANCELLED, TaskState.DRAFT]


@pytest.mark.parametrize("state", RESTING)
def test_nothing_while_nobody_works_on_it(state):
    facts = task(state=state, submitted_on=T3, completed_on=T3 if state in (TaskState.COMPLETED, TaskState.CLOSED) else None)
    assert due(facts, AFTER, "RRR", [notice()]) == []
    assert why_moot(BLUE, climb(facts, AFTER), AFTER, RULES) is Moot.NOT_OPEN


def test_grounds_are_facts():
    (orange,) = notices_due(climb(task(), AFTER, earlier=[notice()]), AFTER, RULES)
    assert orange.grounds == {
        "day": "2013-07-11",
        "rules": ["overdue"],
        "days_overdue": 13,
        "gap_pp": None,
        "after": {"notice": 9, "level": "blue", "doc_no": "督办〔2013〕9号", "limit_on": "2013-07-10"},
    }
    (red,) = notices_due(climb(FAR_BEHIND, date(2013, 8, 1), "RR"), date(2013, 8, 1), RULES)
    assert red.grounds["quarters"] == ["2013Q1", "2013Q2"]
    assert red.grounds["gap_pp"] == pytest.approx(48.4)


MOOT = [
    pytest.param(task(), T3, [], None, id="stands"),
    pytest.param(task(due_on=date(2013, 12, 31)), T3, [], Moot.NOT_RED, id="not red any more"),
    pytest.param(task(), AFTER, [notice(*L3, state=PREPARED)], Moot.HIGHER_ONE, id="a higher one is there"),
    pytest.param(task(), AFTER, [notice(level=PROPOSAL, matter=Matter.YEAR_MISSED)], None, id="a proposal is no higher rung"),
]


@pytest.mark.parametrize(("facts", "day", "earlier", "wanted"), MOOT)
def test_what_takes_the_ground_from_one_that_waits(facts, day, earlier, wanted):
    assert why_moot(BLUE, climb(facts, day, earlier=earlier), day, RULES) is wanted


def ranks(found):
    order = [BLUE, ORANGE, RED, PROPOSAL]
    rungs = [order.index(one.level) for one in found if one.level is not PROPOSAL]
    return (max(rungs, default=-1), any(one.level is PROPOSAL for one in found))


earlier_notices = st.lists(
    st.builds(
        notice,
        level=st.sampled_from([BLUE, ORANGE, RED]),
        matter=st.sampled_from([Matter.OVERDUE, Matter.FIRST_RED, Matter.LIMIT_MISSED]),
        state=st.sampled_from(list(NoticeState)),
        limit_on=st.dates(date(2013, 6, 1), date(2013, 12, 31)),
        was_kept=st.booleans(),
    ),
    max_size=3,
)
tasks = st.builds(
    task,
    state=st.sampled_from(list(TaskState)),
    due_on=st.dates(date(2013, 3, 1), date(2014, 3, 1)),
    return_count=st.integers(0, 3),
    targets=st.sampled_from([(), FAR_BEHIND.targets]),
)
quarter_lights = st.text("RYG", max_size=3)
days = st.dates(date(2013, 1, 1), date(2014, 6, 30))


@given(tasks, days, st.integers(1, 120), quarter_lights, earlier_notices)
def test_more_days_never_lower_the_level(facts, day, more, quarters, earlier):
    first = climb(facts, day, quarters, earlier)
    later = day + timedelta(days=more)
    then = replace(first, reading=light_of(facts, later, RULES))
    before, after = ranks(notices_due(first, day, RULES)), ranks(notices_due(then, later, RULES))
    assert before[0] <= after[0]
    assert before[1] <= after[1]


@given(tasks, days, quarter_lights, earlier_notices)
def test_what_is_prepared_is_never_due_again_nor_moot(facts, day, quarters, earlier):
    found = climb(facts, day, quarters, earlier)
    for one in notices_due(found, day, RULES):
        assert (one.level, one.matter) not in {(old.level, old.matter) for old in earlier}
        assert why_moot(one.level, found, day, RULES) is None
        again = replace(found, earlier=(*earlier, EarlierNotice(10, one.level, one.matter, PREPARED)))
        assert one.matter not in [two.matter for two in notices_due(again, day, RULES) if two.level is one.level]


@given(tasks, days)
def test_a_red_light_has_a_reason_the_ladder_knows(facts, day):
    reading = light_of(facts, day, RULES)
    known = {"overdue", "far-behind", "not-started-long", "returned-often"}
    assert (reading.light is Light.RED) == bool(known & {code for code, _text in reading.reasons})
