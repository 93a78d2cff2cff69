from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.request import RequestKind
from models.roster import Quota
from models.task import Assignment, Basis, Comparator, Target, Task, TaskState
from models.unit import Unit
from rules.cascade import Figure
from rules.errors import DubanError
from rules.periods import parse_period
from rules.requests import Terms
from rules.rule_set import DEFAULT_RULE_SET
from services.bulletins.compiling import BulletinOrder, compile_bulletin
from services.cascade import decompose_task, preview_decomposition
from services.decisions import cancel_task, reassign_task
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.plan_boards import Look, added, judge_plan
from services.queries import show_task
from services.rebuilding import differences
from services.requests import RequestInput, file_request
from services.shares import Share
from services.tasks import acknowledge_task, submit_task
from tests.builders import TODAY, issued, keep, on, people
from tests.databases import on_one_kind
from tests.remembered import once
from tests.services.tree_fixtures import COUNTY, FOREIGN, NORTH, SOUTH, lower_units

BEGUN_ON = date(2013, 1, 7)


@pytest.fixture
@once
def actors(session):
    found = people(session)
    issued(session, found.office)
    acknowledge_task(session, 1, on(BEGUN_ON, found.science))
    return found


@pytest.fixture
def lower(session, actors):
    return lower_units(session)


@pytest.fixture(autouse=True)
def whole_at_the_end(session):
    yield
    assert differences(session) == []
    assert first_break(session) is None


def share(unit, value=None, measure="示范县", **more):
    return Share(unit, {} if value is None else {measure: Figure(value, value)}, **more)


def refusal(act, *arguments):
    with pytest.raises(DubanError) as refused:
        act(*arguments)
    return refused.value.code


def children(session, parent=1):
    return session.exec(select(Task).where(Task.parent_id == parent).order_by(Task.id)).all()


def add_target(session, **facts):
    target = Target(task_id=1, text=facts["measure"], **facts)
    keep(session, target, plan_id=1, day=BEGUN_ON)
    return target


def test_handing_down_makes_children_with_lives_of_their_own(session, actors, lower):
    made = decompose_task(session, 1, [share(NORTH, 6, due_on=date(2013, 11, 30)), share(SOUTH, 4)], on(TODAY, actors.science))
    assert [(row.unit, row.change, row.due_on) for row in made.shares] == [
        (NORTH, "new", date(2013, 11, 30)),
        (SOUTH, "new", date(2013, 12, 31)),
    ]
    north, south = children(session)
    assert (north.parent_id, north.plan_id, north.item_id, north.state) == (1, 1, 1, TaskState.ASSIGNED)
    assert (north.original_due_on, south.original_due_on) == (date(2013, 11, 30), date(2013, 12, 31))
    assert [session.exec(select(Target.value).where(Target.task_id == child.id)).one() for child in (north, south)] == [6, 4]
    acknowledge_task(session, north.id, on(TODAY, lower.north))
    assert (north.state, south.state, session.get(Task, 1).state) == (TaskState.IN_PROGRESS, TaskState.ASSIGNED, TaskState.IN_PROGRESS)
    records = {record.name.id: record for record in read_tasks(session, Viewpoint(TODAY, TODAY), DEFAULT_RULE_SET)}
    assert (records[north.id].name.parent_id, records[north.id].facts.state) == (1, TaskState.IN_PROGRESS)


def test_the_ledger_tells_of_parent_and_children(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    ids = [child.id for child in children(session)]
    entries = session.exec(select(LedgerEntry).where(LedgerEntry.acted_on == TODAY).order_by(LedgerEntry.seq)).all()
    assert [(entry.act, entry.task_id) for entry in entries] == [("decompose", 1), ("issue", ids[0]), ("issue", ids[1])]
    assert entries[0].after["children"][str(ids[0])]["figures"] == {"示范县": "6"}
    assert {change["table"] for change in entries[1].changes} == {"task", "assignment", "target"}


def test_a_day_before_there_were_no_children(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 10)], on(TODAY, actors.science))
    before = read_tasks(session, Viewpoint(date(2013, 4, 1), date(2013, 4, 1)), DEFAULT_RULE_SET)
    assert {record.name.parent_id for record in before} == {None}


def test_deeper_levels_go_the_same_way(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6, due_on=date(2013, 11, 30)), share(SOUTH, 4)], on(TODAY, actors.science))
    north = children(session)[0]
    acknowledge_task(session, north.id, on(TODAY, lower.north))
    assert refusal(decompose_task, session, north.id, [share(SOUTH, 6)], on(TODAY, lower.north)) == "unit-not-below"
    late = [share(COUNTY, 6, due_on=date(2013, 12, 31))]
    assert refusal(decompose_task, session, north.id, late, on(TODAY, lower.north)) == "child-loosened"
    decompose_task(session, north.id, [share(COUNTY, 6)], on(TODAY, lower.north))
    (county,) = children(session, north.id)
    assert (county.due_on, county.plan_id) == (date(2013, 11, 30), 1)


@on_one_kind
@pytest.mark.parametrize(
    ("shares", "code"),
    [
        pytest.param([], "shares-missing", id="nothing"),
        pytest.param([share("西市科技局", 10)], "unknown-unit", id="not registered"),
        pytest.param([share(FOREIGN, 10)], "unit-not-below", id="another department's"),
        pytest.param([share("省科技厅", 10)], "unit-not-below", id="oneself"),
        pytest.param([share(NORTH, 5), share(NORTH, 5)], "unit-twice", id="twice"),
        pytest.param([share(NORTH, 6), share(SOUTH, 3)], "shares-short", id="one short"),
        pytest.param([share(NORTH)], "shares-short", id="no figure at all"),
        pytest.param([share(NORTH, 10, "示范村")], "unknown-measure", id="another measure"),
        pytest.param([share(NORTH, 10, due_on=date(2014, 1, 1))], "child-loosened", id="later than the parent"),
        pytest.param([share(NORTH, 10, starts_on=date(2012, 12, 31))], "child-loosened", id="earlier than the parent"),
        pytest.param(
            [share(NORTH, 10, starts_on=date(2013, 9, 1), due_on=date(2013, 8, 31))], "child-loosened", id="ends before it starts"
        ),
        pytest.param([share(NORTH, 10, due_on=date(2013, 4, 1))], "limit-passed", id="a day gone by"),
    ],
)
def test_what_loosens_or_leaves_a_gap_is_refused_whole(session, actors, lower, shares, code):
    assert refusal(decompose_task, session, 1, shares, on(TODAY, actors.science)) == code
    assert children(session) == []


@on_one_kind
def test_the_missing_amount_is_said(session, actors, lower):
    with pytest.raises(DubanError, match="示范县 应为 10个，各单位合计 7个，缺 3个"):
        decompose_task(session, 1, [share(NORTH, 7)], on(TODAY, actors.science))


def test_a_county_below_a_city_is_a_lower_unit_too(session, actors, lower):
    decompose_task(session, 1, [share(COUNTY, 10)], on(TODAY, actors.science))
    assert len(children(session)) == 1


def test_a_unit_that_has_ended_takes_nothing_on(session, actors, lower):
    unit = session.exec(select(Unit).where(Unit.name == SOUTH)).one()
    unit.valid_to = date(2013, 3, 31)
    keep(session, unit)
    assert refusal(decompose_task, session, 1, [share(SOUTH, 10)], on(TODAY, actors.science)) == "unit-ended"


@on_one_kind
@pytest.mark.parametrize("who", ["finance", "office", "supervisor", "administrator"])
def test_only_the_lead_unit_hands_down(session, actors, lower, who):
    wanted = "not-your-task" if who == "finance" else "no-right"
    for act in (decompose_task, preview_decomposition):
        assert refusal(act, session, 1, [share(NORTH, 10)], on(TODAY, getattr(actors, who))) == wanted


@on_one_kind
def test_it_must_be_acknowledged_first(session, actors, lower):
    assert refusal(decompose_task, session, 2, [share(NORTH, 10)], on(TODAY, actors.science)) == "not-now"


def test_a_preview_shows_the_gap_and_writes_nothing(session, actors, lower):
    seen = preview_decomposition(session, 1, [share(NORTH, 6)], on(TODAY, actors.science))
    assert not seen.is_covered
    (measure,) = seen.measures
    assert (measure.name, measure.taken_on, measure.short_by) == ("示范县", Figure(6, 6), 4)
    assert preview_decomposition(session, 1, [share(NORTH, 6), share(SOUTH, 5)], on(TODAY, actors.science)).is_covered
    assert children(session) == []


def test_again_adds_and_changes_what_nobody_has_begun(session, actors, lower):
    occasion = on(TODAY, actors.science)
    decompose_task(session, 1, [share(NORTH, 10)], occasion)
    again = decompose_task(session, 1, [share(NORTH, 7, due_on=date(2013, 10, 31)), share(SOUTH, 3)], occasion)
    assert [(row.unit, row.change) for row in again.shares] == [(NORTH, "changed"), (SOUTH, "new")]
    north, _south = children(session)
    assert (north.due_on, north.original_due_on) == (date(2013, 10, 31), date(2013, 12, 31))
    assert session.exec(select(Target.value).where(Target.task_id == north.id)).one() == 7
    acts = session.exec(select(LedgerEntry.act).where(LedgerEntry.task_id == north.id).order_by(LedgerEntry.seq)).all()
    assert acts == ["issue", "decompose"]


def test_the_same_again_changes_nothing(session, actors, lower):
    occasion = on(TODAY, actors.science)
    shares = [share(NORTH, 6), share(SOUTH, 4)]
    decompose_task(session, 1, shares, occasion)
    count = len(session.exec(select(LedgerEntry.id)).all())
    again = decompose_task(session, 1, shares, occasion)
    assert [row.change for row in again.shares] == ["kept", "kept"]
    assert len(session.exec(select(LedgerEntry.id)).all()) == count


def test_a_child_that_is_begun_stays_and_counts(session, actors, lower):
    occasion = on(TODAY, actors.science)
    decompose_task(session, 1, [share(NORTH, 10)], occasion)
    acknowledge_task(session, children(session)[0].id, on(TODAY, lower.north))
    assert refusal(decompose_task, session, 1, [share(NORTH, 6), share(SOUTH, 4)], occasion) == "child-begun"
    decompose_task(session, 1, [share(NORTH, 10), share(SOUTH, 2)], occasion)
    assert [child.state for child in children(session)] == [TaskState.IN_PROGRESS, TaskState.ASSIGNED]


@on_one_kind
def test_each_must_reach_a_rate_and_keeps_how_it_is_held(session, actors, lower):
    add_target(session, measure="覆盖率", unit_of_measure="%", comparator=Comparator.GE, value=85, basis=Basis.LEVEL)
    occasion = on(TODAY, actors.science)
    lower_rate = [Share(NORTH, {"示范县": Figure(10, 10), "覆盖率": Figure(80, 80)})]
    assert refusal(decompose_task, session, 1, lower_rate, occasion) == "child-loosened"
    decompose_task(session, 1, [share(NORTH, 6), Share(SOUTH, {"示范县": Figure(4, 4), "覆盖率": Figure(90, 90)})], occasion)
    rates = [
        session.exec(select(Target.comparator, Target.value).where(Target.task_id == child.id, Target.measure == "覆盖率")).one()
        for child in children(session)
    ]
    assert rates == [(Comparator.GE, 85), (Comparator.GE, 90)]


def test_ranges_and_words_are_handed_down(session, actors, lower):
    add_target(session, measure="培训", unit_of_measure="期", comparator=Comparator.RANGE, low=4, high=6, basis=Basis.PERIOD)
    add_target(session, measure="全部通过", comparator=Comparator.ALL)
    occasion = on(TODAY, actors.science)
    too_many = [Share(NORTH, {"示范县": Figure(10, 10), "培训": Figure(4, 8)})]
    assert refusal(decompose_task, session, 1, too_many, occasion) == "shares-short"
    decompose_task(session, 1, [Share(NORTH, {"示范县": Figure(10, 10), "培训": Figure(4, 5)})], occasion)
    rows = select(Target.measure, Target.value, Target.low, Target.high).where(Target.task_id == children(session)[0].id)
    assert set(session.exec(rows).all()) == {("示范县", 10, None, None), ("培训", None, 4, 5), ("全部通过", None, None, None)}


def test_what_named_members_fill_need_not_be_shared_out(session, actors, lower):
    target_id = session.exec(select(Target.id).where(Target.task_id == 1)).one()
    keep(session, Quota(target_id=target_id), plan_id=1, day=BEGUN_ON)
    decompose_task(session, 1, [share(NORTH)], on(TODAY, actors.science))
    assert session.exec(select(Target).where(Target.task_id == children(session)[0].id)).all() == []


def test_the_parent_waits_for_its_children_or_says_why_not(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 10)], on(TODAY, actors.science))
    with pytest.raises(DubanError, match=NORTH) as refused:
        submit_task(session, 1, None, on(TODAY, actors.science))
    assert refused.value.code == "children-open"
    submit_task(session, 1, "下级已完成，待其补办手续", on(TODAY, actors.science))
    assert session.get(Task, 1).state is TaskState.SUBMITTED


def test_the_parent_shows_its_children(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    sheet = show_task(session, 1, TODAY, DEFAULT_RULE_SET, actors.science)
    assert [child.lead for child in sheet.children] == [NORTH, SOUTH]
    assert show_task(session, sheet.children[0].id, TODAY, DEFAULT_RULE_SET).parent_id == 1


def test_each_child_has_exactly_one_unit(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    for child in children(session):
        assert len(session.exec(select(Assignment).where(Assignment.task_id == child.id)).all()) == 1


def test_what_was_handed_down_counts_once(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    order = BulletinOrder(parse_period("2013Q2"), None, DEFAULT_RULE_SET)
    day = date(2013, 4, 26)
    assert compile_bulletin(session, order, day).totals.tasks == 2
    assert compile_bulletin(session, replace(order, reader=lower.north), day).totals.tasks == 1
    assert sum(added(judge_plan(session, 1, Look(day, day), actors.office).units.values())) == 6


def test_cancelling_a_task_ends_what_was_handed_down(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    cancel_task(session, 1, "测政办函〔2013〕9号", on(TODAY, actors.office))
    assert {child.state for child in children(session)} == {TaskState.CANCELLED}


def test_a_task_handed_down_stays_below(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    child = children(session)[0].id
    basis = "测政办函〔2013〕9号"
    assert refusal(reassign_task, session, child, FOREIGN, basis, on(TODAY, actors.office)) == "unit-not-below"
    reassign_task(session, child, COUNTY, basis, on(TODAY, actors.office))


def test_a_childs_target_may_not_fall_below_its_share(session, actors, lower):
    decompose_task(session, 1, [share(NORTH, 6), share(SOUTH, 4)], on(TODAY, actors.science))
    child = children(session)[0].id
    acknowledge_task(session, child, on(TODAY, lower.north))

    def ask(value):
        wanted = RequestInput(RequestKind.TARGET_CHANGE, "两县退出", "已建3个", Terms(targets={"示范县": value}))
        return file_request(session, child, wanted, on(TODAY, lower.north))

    assert refusal(ask, 5) == "shares-short"
    assert ask(7)
