from dataclasses import replace
from datetime import date

import pytest

from models.request import RequestKind
from models.task import TaskState
from reports.task_book import BookCounts, task_as_json, total_of
from rules.errors import DubanError
from rules.lights import Light
from rules.periods import parse_period
from rules.requests import Terms
from rules.rule_set import DEFAULT_RULE_SET
from services.bulletins.compiling import BulletinOrder, compile_bulletin
from services.ledger import Event, first_break, record
from services.papers.task_books import book_tasks, open_book
from services.progress import ProgressInput, record_progress
from services.queries import TaskFilter
from services.rebuilding import differences
from services.report_values import Amount
from services.requests import RequestInput, file_request
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import FINANCE, SCIENCE, TODAY, draft, issued, item, on, people
from tests.remembered import once
from tests.services.tree_fixtures import lower_units

OTHER = draft(item(1), doc_no="测政办发〔2012〕9号", title="另一个方案").model_copy(
    update={"source": draft().source.model_copy(update={"sha256": "b" * 64})}
)
EVERYTHING = TaskFilter()


@pytest.fixture
@once
def actors(session, tmp_path):
    found = people(session)
    issued(session, found.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), found.science))
    said = ProgressInput(values={"示范县": Amount(4.0)}, text="四县确定", problem="资金未到", next_step="六月验收")
    record_progress(session, 1, said, Store(tmp_path), on(date(2013, 3, 29), found.science))
    issued(session, found.office, OTHER)
    return found


def tasks_of(session, wanted=EVERYTHING, day=TODAY, actor=None):
    book = open_book(session, wanted, day, actor)
    return [task for plan_id in book.facts.plan_ids for task in book_tasks(session, book, plan_id)]


def test_a_task_is_told_with_all_that_is_known(session, actors):
    found = tasks_of(session)
    assert [task.plan_id for task in found] == [1] * 6 + [2] * 3
    first = task_as_json(found[0])
    history = {"reports_due": 1, "reports_on_time": 1, "reports_late": 0, "reports_missing": 0, "last_filed_on": "2013-03-29"}
    assert {name: first[name] for name in history} == history
    assert (first["last_text"], first["problem"], first["next_step"]) == ("四县确定", "资金未到", "六月验收")
    assert (first["lead"], first["supports"], first["state"], first["bucket"]) == (SCIENCE, [FINANCE], "承办中", "ahead")
    (measure,) = first["measures"]
    assert (measure["wanted"], measure["actual"], measure["reached"], measure["asked"]) == (10.0, 4.0, 40.0, "10个")
    assert first["entry"] > 0
    assert len(first["entry_hash"]) == 12


def test_a_day_in_the_past_knows_nothing_of_later_acts(session, actors):
    before = tasks_of(session, day=date(2013, 1, 31))
    file_request(
        session, 1, RequestInput(RequestKind.EXTENSION, "材料未齐", terms=Terms(due_on=date(2014, 6, 30))), on(TODAY, actors.science)
    )
    assert tasks_of(session, day=date(2013, 1, 31)) == before
    assert before[0].last_filed_on is None
    now = tasks_of(session)[0]
    assert before[0].entry < now.entry
    assert ((before[0].requests, before[0].requests_waiting), (now.requests, now.requests_waiting)) == ((0, 0), (1, 1))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        pytest.param(TaskFilter(plan_id=2), 3, id="of a plan"),
        pytest.param(TaskFilter(unit="科技"), 9, id="of a lead unit"),
        pytest.param(TaskFilter(unit="财政"), 0, id="not of a supporting one"),
        pytest.param(TaskFilter(year=2014), 3, id="of a year"),
        pytest.param(TaskFilter(state=TaskState.IN_PROGRESS), 1, id="in a state"),
        pytest.param(TaskFilter(light=Light.GREY), 6, id="of a light"),
    ],
)
def test_the_book_holds_what_the_list_of_tasks_holds(session, actors, wanted, count):
    assert len(tasks_of(session, wanted)) == count


@pytest.mark.parametrize("day", [TODAY, date(2013, 1, 31)])
def test_a_long_plan_is_read_in_portions_to_the_same_book(session, actors, monkeypatch, day):
    whole = tasks_of(session, day=day)
    monkeypatch.setattr("services.papers.task_books._ITEMS_AT_ONCE", 1)
    assert tasks_of(session, day=day) == whole


def test_counts_are_those_of_the_bulletin_beside_what_has_not_begun(session, actors):
    counts = BookCounts()
    for task in tasks_of(session):
        counts.add(task)
    total = total_of(counts.by_unit.values())
    assert total == total_of(counts.by_item.values())
    assert (total["tasks"], total["not_begun"]) == (9, 6)
    bulletin = compile_bulletin(session, BulletinOrder(parse_period("2013Q2"), None, DEFAULT_RULE_SET), TODAY).totals
    assert {name: total[name] for name in ("ahead", "on_pace", "behind", "not_started")} == {
        name: getattr(bulletin, name) for name in ("ahead", "on_pace", "behind", "not_started")
    }


def test_everyone_gets_the_tasks_he_may_see(session, actors):
    lower = lower_units(session)
    for actor, count in ((actors.office, 9), (actors.finance, 9), (lower.foreign, 0), (actors.administrator, 0)):
        assert len(tasks_of(session, actor=actor)) == count


def test_a_plan_that_is_not_there_is_refused(session, actors):
    with pytest.raises(DubanError) as refused:
        open_book(session, TaskFilter(plan_id=7), TODAY)
    assert refused.value.code == "unknown-plan"


def test_reading_writes_nothing(session, actors):
    tasks_of(session)
    record(session, on(TODAY, actors.office), Event("check", "book"))
    assert first_break(session) is None
    assert differences(session) == []


def test_the_book_says_what_was_asked_for_and_where_the_chains_end(session, actors):
    facts = open_book(session, replace(EVERYTHING, plan_id=2, unit="科技", light=Light.RED), TODAY).facts
    assert facts.wanted == ("计划 2", "牵头单位含“科技”", "红灯")
    assert [chain for chain, _seq, _hash in facts.heads] == ["house", "plan-2"]
