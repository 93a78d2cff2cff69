from datetime import date

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.task import Milestone, PlannedPoint, Task, TaskState
from rules.errors import DubanError
from rules.lights import gap_of, pace_of, reached_of
from rules.rule_set import DEFAULT_RULE_SET
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.milestones import MilestoneInput, add_milestone, criterion_of, drop_milestone, plan_curve, reach_milestone, set_criterion
from services.rebuilding import differences
from services.shortfalls import missing_on
from services.tasks import acknowledge_task, submit_task
from tests.builders import draft, issued, item, keep, on, people, yearly_task
from tests.databases import on_one_kind
from tests.remembered import once

DAY, LATER = date(2013, 2, 4), date(2013, 6, 3)
TENDER, WORKS, ACCEPTANCE = (
    MilestoneInput("完成招标", date(2013, 4, 30)),
    MilestoneInput("主体完工", date(2013, 9, 30), 2),
    MilestoneInput("竣工验收", date(2013, 12, 31)),
)


@pytest.fixture
@once
def actors(session):
    found = people(session)
    wordy = yearly_task(2013, 1).model_copy(update={"targets": ()})
    issued(session, found.office, draft(item(1, tasks=(wordy, yearly_task(2014, 10)))))
    acknowledge_task(session, 1, on(date(2013, 1, 7), found.science))
    return found


@pytest.fixture(autouse=True)
def whole(session):
    yield
    assert differences(session) == []
    assert first_break(session) is None


def refusal(act, *arguments):
    with pytest.raises(DubanError) as refused:
        act(*arguments)
    return refused.value.code


def facts(session, as_of, known_on=None, task_id=1):
    records = read_tasks(session, Viewpoint(as_of, known_on or as_of), DEFAULT_RULE_SET)
    return next(record.facts for record in records if record.name.id == task_id)


def planned(session, actors):
    for milestone in (TENDER, WORKS, ACCEPTANCE):
        add_milestone(session, 1, milestone, on(DAY, actors.office))


def test_milestones_measure_a_task_without_figures(session, actors):
    planned(session, actors)
    assert [
        (pace_of(facts(session, day), day), reached_of(facts(session, day))) for day in (DAY, date(2013, 5, 1), date(2013, 12, 31))
    ] == [
        (0, 0),
        (25, 0),
        (100, 0),
    ]
    reach_milestone(session, 1, "招标", on(LATER, actors.science), date(2013, 4, 25))
    assert (reached_of(facts(session, LATER)), gap_of(facts(session, LATER), LATER)) == (25, 0)
    at_end_of_april = [reached_of(facts(session, date(2013, 4, 30), known)) for known in (date(2013, 5, 2), LATER)]
    assert at_end_of_april == [0, 25], "what was reported in June was not known in May"
    assert missing_on(session, 1, LATER) == ["节点“主体完工”尚未完成", "节点“竣工验收”尚未完成"]
    assert refusal(submit_task, session, 1, None, on(LATER, actors.science)) == "target-not-met"


def test_a_milestone_can_be_dropped_until_it_is_reached(session, actors):
    planned(session, actors)
    reach_milestone(session, 1, "招标", on(LATER, actors.science))
    assert refusal(drop_milestone, session, 1, "招标", on(LATER, actors.office)) == "milestone-reached"
    drop_milestone(session, 1, "验收", on(LATER, actors.office))
    assert [one.title for one in session.exec(select(Milestone).order_by(Milestone.id))] == ["完成招标", "主体完工"]
    assert len(facts(session, date(2013, 5, 1)).milestones) == 3, "in May it still stood"


@on_one_kind
@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        pytest.param(MilestoneInput(" ", TENDER.due_on), "bad-milestone", id="no title"),
        pytest.param(MilestoneInput("过长" * 101, TENDER.due_on), "bad-milestone", id="a title too long"),
        pytest.param(MilestoneInput("开工", TENDER.due_on, 0), "bad-milestone", id="without weight"),
        pytest.param(MilestoneInput("开工", TENDER.due_on, float("nan")), "bad-milestone", id="a weight that is no number"),
        pytest.param(MilestoneInput("开工", date(2012, 12, 31)), "outside-task", id="before the start"),
        pytest.param(MilestoneInput("开工", date(2014, 1, 1)), "outside-task", id="after the due day"),
        pytest.param(MilestoneInput("完成招标", date(2013, 5, 1)), "milestone-exists", id="the same title"),
    ],
)
def test_refused_milestones(session, actors, wanted, code):
    add_milestone(session, 1, TENDER, on(DAY, actors.office))
    assert refusal(add_milestone, session, 1, wanted, on(DAY, actors.office)) == code
    assert len(session.exec(select(Milestone)).all()) == 1


@on_one_kind
@pytest.mark.parametrize(
    ("title", "reached_on", "code"),
    [
        pytest.param("剪彩", None, "unknown-milestone", id="no such milestone"),
        pytest.param("", None, "unknown-milestone", id="no title"),
        pytest.param("完工", date(2013, 6, 4), "outside-task", id="a day to come"),
        pytest.param("完工", date(2012, 12, 31), "outside-task", id="before the start"),
        pytest.param("招标", None, "milestone-reached", id="reached before"),
    ],
)
def test_refused_reaching(session, actors, title, reached_on, code):
    planned(session, actors)
    reach_milestone(session, 1, "招标", on(LATER, actors.science))
    assert refusal(reach_milestone, session, 1, title, on(LATER, actors.science), reached_on) == code


def test_reaching_needs_a_task_taken_up(session, actors):
    add_milestone(session, 2, MilestoneInput("开工", date(2014, 5, 1)), on(DAY, actors.office))
    assert refusal(reach_milestone, session, 2, "开工", on(DAY, actors.science)) == "not-now"


def test_a_planned_curve_is_the_pace_from_its_day_on(session, actors):
    points = {date(2014, 3, 31): 10.0, date(2014, 6, 30): 40.0}
    plan_curve(session, 2, points, on(DAY, actors.office))
    end_of_march = date(2014, 3, 31)
    assert pace_of(facts(session, end_of_march, task_id=2), end_of_march) == 10
    plan_curve(session, 2, {date(2014, 3, 31): 15.0, date(2014, 9, 30): 80.0}, on(date(2014, 4, 8), actors.office))
    assert [pace_of(facts(session, end_of_march, known, 2), end_of_march) for known in (end_of_march, date(2014, 4, 8))] == [10, 10]
    assert pace_of(facts(session, date(2014, 4, 8), task_id=2), end_of_march) == 15
    assert [(row.day, row.percent) for row in session.exec(select(PlannedPoint).order_by(PlannedPoint.day))] == [
        (date(2014, 3, 31), 15),
        (date(2014, 9, 30), 80),
    ]
    plan_curve(session, 2, {}, on(date(2014, 4, 9), actors.office))
    assert facts(session, date(2014, 4, 9), task_id=2).curve == ()


@on_one_kind
@pytest.mark.parametrize(
    ("points", "code"),
    [
        pytest.param({date(2014, 3, 31): 10.0, date(2014, 6, 30): 5.0}, "bad-curve", id="falls"),
        pytest.param({date(2014, 3, 31): 101.0}, "bad-curve", id="over 100"),
        pytest.param({date(2014, 3, 31): float("nan")}, "bad-curve", id="no number"),
        pytest.param({date(2013, 3, 31): 10.0}, "outside-task", id="before the task"),
        pytest.param({date(2014, 12, 31): 90.0}, "bad-curve", id="the due day is 100"),
        pytest.param({}, "nothing-changes", id="straight as it is"),
    ],
)
def test_refused_curves(session, actors, points, code):
    assert refusal(plan_curve, session, 2, points, on(DAY, actors.office)) == code
    assert session.exec(select(PlannedPoint)).all() == []


def test_a_criterion_is_written_down(session, actors):
    set_criterion(session, 1, " 通过省级验收 ", on(DAY, actors.office))
    assert criterion_of(session, 1) == facts(session, DAY).criterion == "通过省级验收"
    assert facts(session, date(2013, 2, 3)).criterion is None
    assert refusal(set_criterion, session, 1, "通过省级验收", on(DAY, actors.office)) == "nothing-changes"
    set_criterion(session, 1, "", on(LATER, actors.office))
    assert criterion_of(session, 1) is None


ACTS = {
    "add": (add_milestone, (TENDER,)),
    "drop": (drop_milestone, ("主体",)),
    "curve": (plan_curve, ({date(2013, 3, 31): 10.0},)),
    "criterion": (set_criterion, ("验收",)),
    "reach": (reach_milestone, ("主体",)),
}


@on_one_kind
@pytest.mark.parametrize(("name", "who"), [(name, "science" if name != "reach" else "office") for name in ACTS] + [("reach", "finance")])
def test_who_may_not(session, actors, name, who):
    add_milestone(session, 1, WORKS, on(DAY, actors.office))
    act, arguments = ACTS[name]
    assert refusal(act, session, 1, *arguments, on(DAY, getattr(actors, who))) == ("not-your-task" if who == "finance" else "no-right")


@pytest.mark.parametrize("name", ACTS)
def test_an_ended_task_is_left_alone_and_an_unknown_one_told(session, actors, name):
    act, arguments = ACTS[name]
    actor = actors.science if name == "reach" else actors.office
    assert refusal(act, session, 99, *arguments, on(DAY, actor)) == "unknown-task"
    task = session.get(Task, 1)
    task.state = TaskState.COMPLETED
    keep(session, task, plan_id=1, day=date(2013, 1, 8))
    assert refusal(act, session, 1, *arguments, on(DAY, actor)) == "task-ended"


def test_every_act_has_one_entry(session, actors):
    planned(session, actors)
    drop_milestone(session, 1, "验收", on(DAY, actors.office))
    plan_curve(session, 1, {date(2013, 3, 31): 10.0}, on(DAY, actors.office))
    set_criterion(session, 1, "验收", on(DAY, actors.office))
    reach_milestone(session, 1, "招标", on(LATER, actors.science))
    acts = session.exec(select(LedgerEntry.act).where(LedgerEntry.task_id == 1).order_by(LedgerEntry.seq)).all()
    added = ["add-milestone"] * 3
    assert acts == ["issue", "acknowledge", *added, "drop-milestone", "plan-curve", "set-criterion", "reach-milestone"]
