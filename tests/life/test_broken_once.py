"""Short lives that once broke an invariant: what random people found, told again."""

from datetime import date

import pytest
from sqlmodel import select

from models.task import Target, Task
from models.unit import Unit
from services.amending import AmendmentOrder, amend_plan, close_plan
from services.cascade import decompose_task
from services.decisions import resume_task, suspend_task
from services.eligible import ListFile, import_eligible
from services.progress import ProgressInput, record_progress
from services.quotas import QuotaInput, set_quota
from services.report_values import Amount
from services.reviews import Verdict, review_report
from services.shares import Share
from services.tasks import acknowledge_task, complete_task, reopen_task, return_task, submit_task
from services.unit_changes import rename_unit
from tests.builders import SCIENCE
from tests.life.documents import document, numbered
from tests.life.house import House, open_house
from tests.life.invariants import AFTER_EACH_STEP, reports_stand

BASIS = "测政办函〔2013〕7号"


@pytest.fixture
def house():
    found = open_house()
    found.day = date(2013, 4, 20)
    yield found
    found.end()


def do(house: House, who, act, *arguments, **named):
    house.act(who, lambda session, occasion: act(session, *arguments, occasion, **named))
    with house.reading() as session:
        for check in AFTER_EACH_STEP:
            check(house, session)


def report(house: House, who, task_id, value, period):
    said = ProgressInput({"培训": Amount(value)}, text="有进展", period=period)
    house.act(who, lambda session, occasion: record_progress(session, task_id, said, house.store, occasion))


def stands(house: House):
    with house.reading() as session:
        reports_stand(house, session)


def handed_down(house: House) -> int:
    do(house, "science", acknowledge_task, 1)
    do(house, "science", decompose_task, 1, [Share("北市科技局")])
    with house.reading() as session:
        return session.exec(select(Task.id).where(Task.parent_id == 1)).one()


def test_an_amended_title_stays_out_of_earlier_bulletins(house):
    house.pass_days(1)
    do(house, "office", amend_plan, 1, document(9, [numbered(0, 0)], title="调整后的方案"), AmendmentOrder(BASIS))
    stands(house)


def test_a_new_name_of_a_unit_stays_out_of_earlier_bulletins(house):
    house.pass_days(1)
    do(house, "office", rename_unit, SCIENCE, "省科学技术厅", house.day)
    stands(house)
    with house.reading() as session:
        assert session.exec(select(Unit.id).where(Unit.name == "省科学技术厅")).one()


def test_a_list_changed_later_adds_no_region_to_earlier_reports(house):
    with house.reading() as session:
        task_id = session.exec(select(Target.task_id).where(Target.measure == "学校")).first()
    do(house, "office", set_quota, task_id, QuotaInput("学校", ["通过名单"]))
    house.pass_days(1)
    (house.place / "新.csv").write_text("名称,地区\n壬县,中市\n", encoding="utf-8")
    do(house, "office", import_eligible, ListFile("通过名单", house.place / "新.csv"))
    assert not house.refused
    stands(house)


def test_a_refused_return_counts_no_return(house):
    do(house, "supervisor", return_task, 1, "不实")
    assert house.refused["not-now"] == 1


def test_what_a_returned_report_replaced_does_not_come_back(house):
    with house.reading() as session:
        task_id = session.exec(select(Target.task_id).where(Target.measure == "培训")).first()
    who = house.leader(task_id)
    do(house, who, acknowledge_task, task_id)
    for value, period in ((90, "2013Q1"), (30, "2013Q1"), (40, "2013Q2")):
        report(house, who, task_id, value, period)
    do(house, "supervisor", review_report, task_id, "2013Q1", Verdict(False, "不实"))
    assert not house.refused


@pytest.mark.parametrize(
    ("of_child", "due_on", "code"),
    [
        pytest.param(True, date(2014, 3, 31), "beyond-parent", id="a child after its parent"),
        pytest.param(False, date(2013, 6, 30), "before-child", id="a parent before its child"),
    ],
)
def test_a_resumed_task_keeps_within_those_above_and_below(house, of_child, due_on, code):
    child = handed_down(house)
    task_id = child if of_child else 1
    do(house, "office", suspend_task, task_id, BASIS)
    do(house, "office", resume_task, task_id, BASIS, due_on=due_on)
    assert house.refused == {code: 1}


def test_a_child_begins_no_earlier_than_its_amended_parent(house):
    handed_down(house)
    first = numbered(0, 0)
    tasks = (first.tasks[0].model_copy(update={"starts_on": date(2013, 3, 1)}), *first.tasks[1:])
    changed = [first.model_copy(update={"tasks": tasks}), *(numbered(kind, 0) for kind in (1, 2, 3))]
    do(house, "office", amend_plan, 1, document(9, changed), AmendmentOrder(BASIS))
    assert not house.refused


def test_nothing_is_taken_up_again_in_a_closed_plan(house):
    do(house, "science", acknowledge_task, 1)
    do(house, "science", submit_task, 1, "情况属实")
    do(house, "supervisor", complete_task, 1)
    do(house, "office", close_plan, 1, BASIS)
    do(house, "supervisor", reopen_task, 1, "情况不实")
    assert house.refused == {"plan-closed": 1}
