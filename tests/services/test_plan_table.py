"""A plan's table as its document prints it: what stands in it on a day, for whom, and what the filters leave."""

from dataclasses import replace
from datetime import date

import pytest

from models.unit import UnitLevel
from rules.cascade import Figure
from rules.errors import DubanError
from rules.lights import Light
from rules.periods import parse_period
from rules.rights import Actor
from services.cascade import decompose_task
from services.ledger import chain_of, heads_of
from services.plan_lights import read_plan_lights
from services.plan_list import followed_plans, plan_head
from services.plan_refreshing import refreshed
from services.plan_table import TableFilter, plan_table
from services.progress import ProgressInput, record_progress
from services.queries import TaskFilter, list_tasks
from services.report_values import Amount
from services.rule_sets import rule_set_on
from services.shares import Share
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import FINANCE, SCIENCE, TODAY, draft, issued, item, on, people, yearly_task
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.tree_fixtures import NORTH, lower_units

DAY = date(2013, 6, 28)


@pytest.fixture
def actors(session):
    return people(session)


@pytest.fixture
@once
def plan_id(session, actors, tmp_path):
    """Two items of three years each and one that runs through; the first was reported on in the second quarter and is behind."""
    through = yearly_task(2013, 30).model_copy(update={"label": "2013—2015年", "due_on": date(2015, 12, 31)})
    items = (
        item(1, path=("一、主要行动",), place="全省"),
        item(2, title="培训行动"),
        item(3, title="保障措施", tasks=(through,), units=item().units[:1]),
    )
    made = issued(session, actors.office, draft(*items))
    acknowledge_task(session, 1, on(TODAY, actors.science))
    said = ProgressInput({"示范县": Amount(2)}, "已定两县", is_confirmed=True)
    record_progress(session, 1, said, Store(tmp_path / "store"), on(DAY, actors.science))
    return made.id


def table(session, plan_id, actor, wanted=TableFilter(), day=DAY):  # noqa: B008  (frozen)
    return plan_table(session, read_plan_lights(session, [plan_id], day)[plan_id], wanted, 1, actor)


def test_the_table_reads_as_the_annex(session, actors, plan_id):
    found = table(session, plan_id, actors.office)
    assert found.columns == (2013, 2014, 2015, None)
    assert [(row.number, row.title, sorted(row.cells, key=str)) for row in found.rows] == [
        ("1", "示范行动1", [2013, 2014, 2015]),
        ("2", "培训行动", [2013, 2014, 2015]),
        ("3", "保障措施", [None]),
    ]
    first = found.rows[0]
    assert (first.path, first.place, first.leads, first.supports) == (("一、主要行动",), "全省", (SCIENCE,), (FINANCE,))
    (cell,) = first.cells[2013]
    assert (cell.task_id, cell.text, cell.light, cell.reached, cell.targets[0].actual) == (1, "支持10个示范县", Light.YELLOW, 20, 2)
    assert cell.why
    assert {row.cells[2014][0].light for row in found.rows[:2]} == {Light.GREY}
    assert (found.item_count, found.unseen_count, found.page_count) == (3, 0, 1)


def test_the_totals_count_each_task_once(session, actors, plan_id):
    counts = table(session, plan_id, actors.office).counts
    listed = list_tasks(session, TaskFilter(plan_id), DAY, rule_set_on(session, DAY))
    assert counts.lights == {light: sum(row.light is light for row in listed) for light in Light}
    assert (counts.task_count, counts.done_count) == (7, 0)


def test_the_table_is_the_same_where_its_tasks_are_read_anew(session, actors, plan_id):
    lights = read_plan_lights(session, [plan_id], DAY)[plan_id]
    kept, bare = (plan_table(session, one, TableFilter(), 1, actors.office) for one in (lights, replace(lights, records={})))
    assert kept == bare


@on_one_kind
def test_after_an_act_only_its_item_is_judged_anew(session, actors, plan_id):
    def stands():
        return read_plan_lights(session, [plan_id], DAY)[plan_id], heads_of(session, [plan_id])[chain_of(plan_id)]["seq"]

    before, since = stands()
    acknowledge_task(session, 4, on(DAY, actors.science))
    now, seen = stands()
    assert refreshed(session, before, since) == now != before
    assert refreshed(session, replace(before, records={}), since) == replace(now, records={})
    assert refreshed(session, now, seen) == now
    lower_units(session)
    decompose_task(session, 1, [Share(NORTH, {"示范县": Figure(10, 10)})], on(DAY, actors.science))
    assert refreshed(session, now, seen) is None, "a new task has no place yet"


def test_a_day_gone_by_shows_what_was_so_then(session, actors, plan_id):
    before = table(session, plan_id, actors.office, day=date(2013, 3, 29))
    (cell,) = before.rows[0].cells[2013]
    assert (cell.state.value, cell.targets[0].actual) == ("assigned", None)
    assert table(session, plan_id, actors.office, day=date(2012, 1, 1)).rows == ()
    assert plan_head(session, plan_id, date(2013, 3, 29), actors.office).first_on == date(2012, 11, 5)


@on_one_kind
@pytest.mark.parametrize(
    ("wanted", "tasks"),
    [
        pytest.param(TableFilter(), [1, 2, 3, 4, 5, 6, 7], id="all"),
        pytest.param(TableFilter(light=Light.YELLOW), [1], id="a light"),
        pytest.param(TableFilter(quarter=parse_period("2013Q2")), [1], id="reported in the quarter"),
        pytest.param(TableFilter(quarter=parse_period("2014Q4")), [2, 5], id="due in the quarter"),
        pytest.param(TableFilter(unit="财政"), [1, 2, 3, 4, 5, 6], id="a unit's name in part"),
        pytest.param(TableFilter(unit="财政", part="lead"), [], id="only what it leads"),
        pytest.param(TableFilter(unit="财政", part="support", light=Light.YELLOW), [1], id="two filters"),
        pytest.param(TableFilter(unit="1", part="lead"), [1, 2, 3, 4, 5, 6, 7], id="a unit's number"),
        pytest.param(TableFilter(unit="%"), [], id="a sign that searches know"),
        pytest.param(TableFilter(level=UnitLevel.COUNTY), [], id="a level"),
        pytest.param(TableFilter(text="培训"), [4, 5, 6], id="words of the title"),
        pytest.param(TableFilter(text="全省"), [1, 2, 3], id="the place"),
        pytest.param(TableFilter(text="主要行动"), [1, 2, 3], id="the heading above"),
    ],
)
def test_filters(session, actors, plan_id, wanted, tasks):
    found = table(session, plan_id, actors.office, wanted)
    cells = [cell for row in found.rows for cells in row.cells.values() for cell in cells]
    assert sorted(cell.task_id for cell in cells if cell.is_wanted) == tasks
    assert found.found.task_count == len(tasks)
    assert found.counts.task_count == 7
    assert all(any(cell.is_wanted for cells in row.cells.values() for cell in cells) for row in found.rows)


@on_one_kind
def test_a_unit_sees_its_own_and_the_rest_is_counted(session, actors, plan_id):
    found = table(session, plan_id, actors.finance)
    assert (found.item_count, found.unseen_count, found.counts.task_count, found.columns) == (2, 1, 6, (2013, 2014, 2015))
    stranger = Actor(None, "stranger", actors.finance.role, 9_999)
    found = table(session, plan_id, stranger)
    assert (found.rows, found.item_count, found.unseen_count, found.counts.task_count) == ((), 0, 3, 0)
    assert followed_plans(session, stranger) == []
    with pytest.raises(DubanError) as refused:
        plan_head(session, plan_id, DAY, stranger)
    assert refused.value.code == "unknown-plan"
    with pytest.raises(DubanError) as refused:
        followed_plans(session, actors.administrator)
    assert refused.value.code == "no-right"


def test_what_was_handed_down_is_told_by_its_parent_or_alone(session, actors, plan_id):
    lower = lower_units(session)
    decompose_task(session, 1, [Share(NORTH, {"示范县": Figure(10, 10)})], on(DAY, actors.science))
    above = table(session, plan_id, actors.office)
    assert (above.rows[0].cells[2013][0].handed_down, above.counts.task_count) == (1, 7)
    below = table(session, plan_id, lower.north)
    assert [(row.title, row.leads, list(row.cells)) for row in below.rows] == [("示范行动1", (NORTH,), [2013])]
    assert (below.unseen_count, below.counts.task_count) == (2, 1)


@on_one_kind
def test_lists_say_which_plans_there_are(session, actors, plan_id):
    (line,) = followed_plans(session, actors.finance)
    assert (line.id, line.task_count) == (plan_id, 7)
    head = plan_head(session, plan_id, DAY, actors.finance)
    assert (head.title, [(one.version, one.made_on) for one in head.versions]) == (line.title, [(1, date(2012, 11, 5))])
