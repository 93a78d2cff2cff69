"""Tasks and plans a page at a time, for whoever asks."""

from sqlmodel import Session

from models.account import AccountRole
from models.task import TaskState
from models.unit import Unit
from rules.lights import Light
from rules.rights import Actor
from rules.rule_set import DEFAULT_RULE_SET
from services.keyset import PageAsk
from services.queries import TaskFilter, list_tasks
from services.readable_plans import readable_plan_page
from services.task_pages import TaskQuestion, task_page
from services.units import NewUnit, register_units
from tests import builders


def test_pages_together_are_the_list(session: Session) -> None:
    folk = builders.people(session)
    builders.issued(session, folk.office)
    for wanted in (
        TaskFilter(),
        TaskFilter(year=2013),
        TaskFilter(light=Light.GREY),
        TaskFilter(unit="财政"),
        TaskFilter(unit="科技", state=TaskState.ASSIGNED),
    ):
        whole = list_tasks(session, wanted, builders.TODAY, DEFAULT_RULE_SET, folk.science)
        found, after = [], 0
        while after is not None:
            # Nothing was done since that day, so that what is stored may narrow the search or not.
            question = TaskQuestion(wanted, builders.TODAY, DEFAULT_RULE_SET, folk.science, is_present=after > 0)
            page = task_page(session, question, after, 2)
            found += page.rows
            after = page.next
        assert found == sorted(whole, key=lambda row: row.id)


def test_a_unit_sees_its_own_and_those_below_it(session: Session) -> None:
    folk = builders.people(session)
    builders.issued(session, folk.office)
    occasion = builders.occasion(day=builders.FOUNDED_ON)
    ids = register_units(session, [NewUnit("省政府"), NewUnit("省档案局")], occasion)
    above = Actor(None, "above", AccountRole.UNIT, ids["省政府"])
    beside = Actor(None, "beside", AccountRole.UNIT, ids["省档案局"])
    put_below(session, folk.science.unit_id, ids["省政府"])
    seen = {
        actor.name: readable_plan_page(session, PageAsk(is_rising=True), actor).rows for actor in (folk.office, folk.finance, above, beside)
    }
    assert {name: len(plans) for name, plans in seen.items()} == {"office": 1, "finance": 1, "above": 1, "beside": 0}
    asked = (TaskQuestion(TaskFilter(), builders.TODAY, DEFAULT_RULE_SET, actor) for actor in (above, beside))
    assert [len(task_page(session, one, 0, 50).rows) for one in asked] == [6, 0]


def put_below(session: Session, unit_id: int | None, parent_id: int) -> None:
    unit = session.get_one(Unit, unit_id)
    unit.parent_id = parent_id
    builders.keep(session, unit)
