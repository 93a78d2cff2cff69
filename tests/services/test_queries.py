from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from rules.errors import DubanError
from rules.periods import parse_period
from rules.rule_set import DEFAULT_RULE_SET
from services.bulletins.compiling import BulletinOrder, compile_bulletin
from services.cascade import decompose_task
from services.plan_boards import Look, added, judge_plan
from services.plans import show_plan
from services.queries import TaskFilter, list_tasks, show_task, task_history
from services.reach import UnitTree, parties_of, read_tree
from services.tasks import acknowledge_task, return_task, submit_task
from tests.builders import TODAY, draft, issued, item, on, people
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.test_cascade import share
from tests.services.tree_fixtures import COUNTY, NORTH, SOUTH, lower_units


@pytest.fixture
@once
def actors(session):
    found = people(session)
    issued(session, found.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), found.science))
    return found


@pytest.fixture
@once
def lower(session, actors):
    """Task 1 handed down to both cities, the northern city's part to its county: tasks 7, 8 and 9."""
    found = lower_units(session)
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    acknowledge_task(session, 7, on(TODAY, found.north))
    decompose_task(session, 7, [share(COUNTY, 6)], on(TODAY, found.north))
    return found


def seen(session, actor):
    return [row.id for row in list_tasks(session, TaskFilter(), TODAY, DEFAULT_RULE_SET, actor)]


@pytest.mark.parametrize(
    ("who", "ids"),
    [
        pytest.param("north", [7, 9], id="a city sees its own and its county's"),
        pytest.param("south", [8], id="a city sees nothing of its neighbour"),
        pytest.param("county", [9], id="a county sees nothing above itself"),
        pytest.param("foreign", [], id="another department's city bureau"),
        pytest.param("north_office", [7, 9], id="a city's plan office"),
        pytest.param("north_supervisor", [7, 9], id="a city's supervisor"),
    ],
)
def test_each_level_sees_its_own_and_below(session, lower, who, ids):
    assert sorted(seen(session, getattr(lower, who))) == ids


@on_one_kind
@pytest.mark.parametrize("who", ["science", "finance", "office", "supervisor"])
def test_the_upper_levels_see_it_all(session, actors, lower, who):
    # The finance department supports what the science department leads, but nothing it handed down.
    expected = set(range(1, 7)) if who == "finance" else set(range(1, 10))
    assert set(seen(session, getattr(actors, who))) == expected


def test_what_is_not_seen_is_refused_like_what_is_not_there(session, actors, lower):
    for act in (
        lambda task_id: show_task(session, task_id, TODAY, DEFAULT_RULE_SET, lower.south),
        lambda task_id: task_history(session, task_id, TODAY, lower.south),
    ):
        for task_id in (1, 7, 9, 99):
            with pytest.raises(DubanError, match=f"没有任务 {task_id}") as refused:
                act(task_id)
            assert refused.value.code == "unknown-task"
    assert [row.act for row in task_history(session, 8, TODAY, lower.south)] == ["issue"]


def test_what_is_done_later_is_not_in_the_history_of_a_day(session, actors, lower):
    later = TODAY + timedelta(days=1)
    acknowledge_task(session, 8, on(later, lower.south))
    assert [row.act for row in task_history(session, 8, TODAY)] == ["issue"]
    assert [row.act for row in task_history(session, 8, later)] == ["issue", "acknowledge"]


def test_a_bound_supervisor_judges_only_below_his_unit(session, actors, lower):
    for task_id, actor in ((9, lower.county), (8, lower.south)):
        acknowledge_task(session, task_id, on(TODAY, actor))
        submit_task(session, task_id, "提前完成", on(TODAY, actor))
    supervisor = on(TODAY, lower.north_supervisor)
    return_task(session, 9, "缺名单", supervisor)
    for task_id, code in ((8, "not-your-area"), (7, "own-submission"), (1, "not-your-area")):
        with pytest.raises(DubanError) as refused:
            return_task(session, task_id, "缺名单", supervisor)
        assert refused.value.code == code


def test_the_overview_is_of_what_one_may_see(session, actors, lower):
    issued(
        session, actors.office, draft(item(1), doc_no="测政办发〔2012〕2号", title="另一个方案").model_copy(update={"source": OTHER_SOURCE})
    )
    for actor, counts in ((actors.office, [6, 3]), (lower.south, [1, 0]), (lower.foreign, [0, 0])):
        boards = [judge_plan(session, plan_id, Look(TODAY, TODAY), actor) for plan_id in (1, 2)]
        assert [sum(added(board.units.values())) for board in boards] == counts
    assert [one.id for one in judge_plan(session, 1, Look(TODAY, TODAY), lower.south).coming] == [8]


OTHER_SOURCE = draft().source.model_copy(update={"sha256": "b" * 64})


def test_a_plan_and_a_preview_of_its_bulletin_show_what_one_may_see(session, actors, lower):
    assert [task.id for task in show_plan(session, 1, lower.north).tasks] == [7, 9]
    assert len(show_plan(session, 1, lower.foreign).tasks) == 0
    assert len(show_plan(session, 1).tasks) == 9
    order = BulletinOrder(parse_period("2013Q2"), None, DEFAULT_RULE_SET)
    assert compile_bulletin(session, replace(order, reader=lower.north), TODAY).totals.tasks == 1
    seen_by_none = compile_bulletin(session, replace(order, reader=lower.foreign), TODAY)
    assert (seen_by_none.totals.tasks, seen_by_none.plans) == (0, ())


def test_listing_asks_the_same_number_of_questions_however_many_tasks(session, actors, lower):
    asked = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    seen(session, lower.north)
    few = len(asked)
    asked.clear()
    other = draft(*(item(number) for number in range(1, 20)), doc_no="测政办发〔2012〕3号").model_copy(update={"source": OTHER_SOURCE})
    issued(session, actors.office, other)
    asked.clear()
    seen(session, lower.north)
    assert len(asked) == few


def test_the_tree_and_one_tasks_climb_agree(session, actors, lower):
    tree = read_tree(session)
    assert parties_of(session, 9) == tree.parties(lower.county.unit_id)
    assert parties_of(session, 1) == tree.parties(actors.science.unit_id, [actors.finance.unit_id])


def test_a_circle_in_the_tree_ends():
    tree = UnitTree({1: 2, 2: 1})
    assert tree.above(1) == {1, 2}
    assert not tree.is_below(1, 1)
