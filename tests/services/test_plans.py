from datetime import date

import pytest
from sqlalchemy import func, text
from sqlmodel import Session, select

from intake.draft import TargetDraft, UnitDraft
from models.ledger import LedgerEntry
from models.plan import Plan
from models.task import Assignment, AssignmentRole, Target, Task
from models.unit import Unit, UnitAlias
from rules.errors import DubanError
from runtime.database import transaction
from services.occasion import Occasion
from services.plans import Waiver, issue_plan, list_plans, show_plan
from tests.builders import AT, FINANCE, ISSUED_ON, SCIENCE, draft, item, people


def unmarked(*names):
    return tuple(UnitDraft(name=name, as_written=name) for name in names or (SCIENCE, FINANCE))


def issued(session, office, wanted=None):
    """Issue in earnest: what `builders` remembers of another test is not enough here."""
    return issue_plan(session, wanted or draft(), [], Occasion(office, ISSUED_ON, AT))


def test_year_columns_become_one_task_a_year(engine):
    with transaction(engine) as session:
        made = issued(session, people(session).office)
    with Session(engine) as session:
        assert (made.item_count, made.task_count) == (2, 6)
        tasks = session.exec(select(Task).order_by(Task.id)).all()
        assert [(task.label, task.due_on.year) for task in tasks][:3] == [("2013年", 2013), ("2014年", 2014), ("2015年", 2015)]
        assert all(task.original_due_on == task.due_on for task in tasks)
        roles = session.exec(select(Assignment.role).where(Assignment.task_id == tasks[0].id)).all()
        assert sorted(roles) == [AssignmentRole.LEAD, AssignmentRole.SUPPORT]
        assert [plan.title for plan in list_plans(session)] == ["关于建设示范县的实施方案"]
        assert [task.lead for task in show_plan(session, made.id).tasks] == [SCIENCE] * 6


def test_every_task_is_in_the_ledger_of_its_plan(session):
    made = issued(session, people(session).office)
    acts = session.exec(select(LedgerEntry.act, func.count()).where(LedgerEntry.plan_id == made.id).group_by(LedgerEntry.act)).all()
    assert dict(acts) == {"issue-plan": 1, "issue": 6}


def test_the_same_document_is_issued_once(session):
    office = people(session).office
    issued(session, office)
    for again in (draft(), draft(item(5)).model_copy(update={"source": draft().source.model_copy(update={"sha256": "b" * 64})})):
        with pytest.raises(DubanError, match="关于建设示范县的实施方案") as refused:
            issued(session, office, again)
        assert refused.value.code == "already-issued"


def test_an_unmarked_lead_is_refused_unless_waived_with_a_reason(session):
    office = people(session).office
    wanted = draft(item(units=unmarked()))
    with pytest.raises(DubanError) as refused:
        issued(session, office, wanted)
    assert refused.value.code == "lead-not-marked"
    assert "--waive lead-not-marked=" in refused.value.message
    made = issue_plan(session, wanted, [Waiver("lead-not-marked", "按惯例首列为牵头")], Occasion(office, ISSUED_ON, AT))
    assert {task.lead for task in show_plan(session, made.id).tasks} == {SCIENCE}
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "issue-plan")).one()
    assert [(waived["code"], waived["reason"]) for waived in entry.after["waived"]] == [("lead-not-marked", "按惯例首列为牵头")]


def test_a_waiver_of_one_item_covers_no_other(session):
    broken = item(2, tasks=(), starts_on=None)
    wanted = draft(item(1), broken, starts_on=None, ends_on=None)
    with pytest.raises(DubanError) as refused:
        issue_plan(session, wanted, [Waiver("no-due-date", "另行确定", "row-1")], Occasion(people(session).office, ISSUED_ON, AT))
    assert refused.value.code in ("no-due-date", "no-plan-period")


def test_an_empty_reason_is_no_reason(session):
    with pytest.raises(DubanError) as refused:
        issue_plan(
            session, draft(item(units=unmarked())), [Waiver("lead-not-marked", "  ")], Occasion(people(session).office, ISSUED_ON, AT)
        )
    assert refused.value.code == "no-reason"


def test_only_the_plan_office_issues(session):
    actors = people(session)
    for actor in (actors.supervisor, actors.science, actors.administrator):
        with pytest.raises(DubanError) as refused:
            issued(session, actor)
        assert refused.value.code == "no-right"


def test_items_not_chosen_are_left_out_and_named(session):
    made = issued(session, people(session).office, draft(item(1), item(2, issue=False)))
    assert (made.task_count, made.skipped_items) == (3, ("示范行动2",))


def test_nothing_chosen_is_refused(session):
    with pytest.raises(DubanError) as refused:
        issued(session, people(session).office, draft(item(1, issue=False)))
    assert refused.value.code == "nothing-to-issue"


def test_a_refused_issue_leaves_nothing(engine):
    with transaction(engine) as session:
        office = people(session).office
        before = session.execute(text("SELECT count(*) FROM ledger_entry")).scalar()
    bad = draft(item(1), item(2, tasks=(), targets=(TargetDraft(text="x" * 300, measure="m" * 250, value=1),), units=unmarked("省" * 130)))
    with pytest.raises(Exception), transaction(engine) as session:  # noqa: B017, PT011  (each database refuses in its own words, or the check does)
        issued(session, office, bad.model_copy(update={"plan": bad.plan.model_copy(update={"title": None})}))
    with Session(engine) as session:
        for table in (Plan, Task, Target):
            assert session.exec(select(func.count()).select_from(table)).one() == 0
        assert session.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == before


def test_two_names_of_one_organ_are_one_unit(session):
    rows = (
        item(1, units=(UnitDraft(name="省人力资源社会保障厅", as_written="省人力资源社会保障厅", role="lead"),)),
        item(2, units=(UnitDraft(name="省人社厅", as_written="省人社厅", role="lead"),)),
    )
    made = issued(session, people(session).office, draft(*rows))
    assert {task.lead for task in show_plan(session, made.id).tasks} == {"省人力资源社会保障厅"}
    assert session.exec(select(UnitAlias.alias)).all() == ["省人社厅"]
    assert session.exec(select(func.count()).select_from(Unit).where(Unit.name == "省人社厅")).one() == 0


def test_targets_of_one_measure_stay_apart(session):
    twice = tuple(TargetDraft(text=f"{n}个", measure="示范县", value=n) for n in (3, 4))
    issued(session, people(session).office, draft(item(tasks=(), targets=twice)))
    assert session.exec(select(Target.measure).order_by(Target.id)).all() == ["示范县", "示范县（2）"]


def test_an_item_is_issued_over_the_plan_where_it_has_no_days(session):
    issued(session, people(session).office, draft(item(tasks=())))
    task = session.exec(select(Task)).one()
    assert (task.label, task.starts_on, task.due_on) == ("2013—2015年", date(2013, 1, 1), date(2015, 12, 31))


def test_the_issue_day_is_in_the_ledger(session):
    issued(session, people(session).office)
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "issue").limit(1)).one()
    assert (entry.acted_on, entry.for_day, entry.actor) == (ISSUED_ON, ISSUED_ON, "office")
