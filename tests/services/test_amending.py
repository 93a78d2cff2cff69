"""Amending a plan in force and closing it: what becomes of every task, and what stays as it was."""

from datetime import date

import pytest
from sqlmodel import Session, select

from intake.draft import TargetDraft, UnitDraft
from models.ledger import LedgerEntry
from models.plan import Plan, PlanItem, PlanState, PlanVersion
from models.progress import ProgressReport, ReportedValue
from models.request import Request, RequestKind, RequestState
from models.task import Assignment, AssignmentRole, Target, Task, TaskState
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import snapshot, transaction
from services.amending import AmendmentOrder, amend_plan, close_plan, preview_amendment
from services.amendment import Fate
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.plans import list_plans, show_plan
from services.rebuilding import differences
from services.tasks import acknowledge_task, complete_task, submit_task
from tests.builders import FINANCE, ISSUED_ON, SCIENCE, TODAY, draft, issued, item, keep, on, people, yearly_task
from tests.databases import on_one_kind

AMENDED_ON = date(2013, 6, 3)


def again(*items, sha="b", **plan):
    made = draft(*items, **plan)
    return made.model_copy(update={"source": made.source.model_copy(update={"sha256": sha * 64})})


@pytest.fixture
def house(session):
    team = people(session)
    made = issued(session, team.office)
    yield session, team, made.id
    assert differences(session) == []
    assert first_break(session) is None


def amend(house, wanted, day=AMENDED_ON, **order):
    session, team, plan_id = house
    return amend_plan(session, plan_id, wanted, AmendmentOrder(**order), on(day, team.office))


def fates(sheet):
    return [(task.task, task.fate, task.fields) for task in sheet.tasks]


def acts(session, task_id):
    return session.exec(select(LedgerEntry.act).where(LedgerEntry.task_id == task_id).order_by(LedgerEntry.seq)).all()


def seen(session, day):
    return read_tasks(session, Viewpoint(day, day), DEFAULT_RULE_SET)


def test_issuing_keeps_the_first_version(house):
    session, _team, plan_id = house
    first = session.exec(select(PlanVersion).where(PlanVersion.plan_id == plan_id)).one()
    assert (first.version, first.made_on, len(first.draft["items"])) == (1, ISSUED_ON, 2)


def test_added_dropped_and_changed_items(house):
    session, _team, plan_id = house
    later = yearly_task(2013, 12).model_copy(update={"due_on": date(2014, 3, 31)})
    changed = item(1, tasks=(later, *item(1).tasks[1:]))
    sheet = amend(house, again(changed, item(3, title="新增的监测网络建设", text="布设监测点位")), reason="测政办发〔2013〕4号")
    assert [(one.change, one.title, one.field) for one in sheet.differences] == [
        ("changed", "1 示范行动1", "tasks"),
        ("added", "3 新增的监测网络建设", None),
        ("gone", "2 示范行动2", None),
    ]
    assert fates(sheet) == [
        (1, Fate.AMEND, ("text", "due_on", "targets")),
        (2, Fate.STAY, ()),
        (3, Fate.STAY, ()),
        *[(None, Fate.ISSUE, ())] * 3,
        *[(number, Fate.CANCEL, ()) for number in (4, 5, 6)],
    ]
    task = session.get(Task, 1)
    assert (task.due_on, task.original_due_on) == (date(2014, 3, 31), date(2013, 12, 31))
    assert [session.get(Task, number).state for number in (4, 5, 6)] == [TaskState.CANCELLED] * 3
    assert session.exec(select(Target.value).where(Target.task_id == 1)).all() == [12]
    assert [(row.key, row.since_version, row.until_version) for row in session.exec(select(PlanItem).order_by(PlanItem.id))] == [
        ("row-1", 1, None),
        ("row-2", 1, 1),
        ("row-3", 2, None),
    ]
    assert session.get(Plan, plan_id).version == 2
    assert session.exec(select(PlanVersion.version)).all() == [1, 2]
    assert (acts(session, 1), acts(session, 2), acts(session, 4)) == (["issue", "amend-task"], ["issue"], ["issue", "cancel"])
    assert list_plans(session)[0].item_count == 2
    assert len(show_plan(session, plan_id).tasks) == 6


def test_the_entry_names_the_units_and_what_changed(house):
    session, _team, _plan = house
    amend(house, again(item(1, due_on=None, tasks=(yearly_task(2013, 15), *item(1).tasks[1:])), item(2)), reason="调整")
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "amend-plan")).one()
    assert (entry.after["units"], entry.after["reason"], entry.after["version"]) == ([SCIENCE, FINANCE], "调整", 2)
    told = session.exec(select(LedgerEntry).where(LedgerEntry.act == "amend-task")).one()
    assert [target["value"] for target in told.after["targets"]] == [15]
    assert {"targets", "text"} == set(told.before)


def test_what_the_document_did_not_change_stays_as_decided_since(house):
    session, _team, _plan = house
    task = session.get(Task, 1)
    task.due_on = date(2014, 6, 30)
    keep(session, task, plan_id=1, day=TODAY)
    amend(house, again(item(1, text="三年内支持一批县开展示范，并加强督导"), item(2)))
    assert session.get(Task, 1).due_on == date(2014, 6, 30)


def test_the_report_of_the_day_before_does_not_change(house):
    session, _team, _plan = house
    before = [seen(session, day) for day in (ISSUED_ON, TODAY, date(2013, 6, 2))]
    lead = (UnitDraft(name=FINANCE, as_written=FINANCE, role="lead"),)
    other = (yearly_task(2013, 4, "示范乡镇"), *item(1).tasks[1:])
    amend(
        house, again(item(1, title="示范行动一", tasks=other), item(2, units=lead), item(3, title="另一件完全不同的工作", text="编制名录"))
    )
    assert [seen(session, day) for day in (ISSUED_ON, TODAY, date(2013, 6, 2))] == before
    assert seen(session, AMENDED_ON) != before[-1]


def reported(house, value):
    """Report so much of the first task's only target."""
    session, team, plan_id = house
    acknowledge_task(session, 1, on(TODAY, team.science))
    said = {"period": "2013Q1", "period_ends_on": date(2013, 3, 31), "text": "首批已确定", "filed_on": TODAY}
    report = ProgressReport(task_id=1, unit_id=team.science.unit_id, account_id=team.science.account_id, **said)
    keep(session, report, plan_id=plan_id, day=TODAY)
    keep(session, ReportedValue(report_id=report.id, target_id=the_target(session), value=value), plan_id=plan_id, day=TODAY)


def the_target(session):
    return session.exec(select(Target.id).where(Target.task_id == 1)).one()


def test_values_reported_stay_where_the_measure_is_the_same(house):
    session, _team, _plan = house
    reported(house, 4)
    target_id = the_target(session)
    amend(house, again(item(1, tasks=(yearly_task(2013, 20), *item(1).tasks[1:])), item(2)))
    assert the_target(session) == target_id
    assert session.get(Target, target_id).value == 20
    assert session.exec(select(ReportedValue.target_id)).all() == [target_id]


def test_a_dropped_measure_leaves_the_task_and_its_values_stay_in_the_past(house):
    session, _team, _plan = house
    reported(house, 4)
    before, target_id = seen(session, TODAY), the_target(session)
    amend(house, again(item(1, tasks=(yearly_task(2013, 6, "示范乡镇"), *item(1).tasks[1:])), item(2)))
    assert seen(session, TODAY) == before
    assert the_target(session) != target_id
    dropped = session.get(Target, target_id)
    assert (dropped.task_id, dropped.item_id) == (None, 1)


def test_a_new_lead_must_acknowledge_again(house):
    session, team, _plan = house
    acknowledge_task(session, 1, on(TODAY, team.science))
    swapped = (
        UnitDraft(name=FINANCE, as_written=FINANCE, role="lead"),
        UnitDraft(name=SCIENCE, as_written=SCIENCE, role="support"),
    )
    amend(house, again(item(1, units=swapped), item(2)))
    assert session.get(Task, 1).state is TaskState.ASSIGNED
    roles = dict(session.exec(select(Assignment.unit_id, Assignment.role).where(Assignment.task_id == 1)).all())
    assert roles == {team.finance.unit_id: AssignmentRole.LEAD, team.science.unit_id: AssignmentRole.SUPPORT}
    assert acts(session, 1) == ["issue", "acknowledge", "amend-task", "reassign"]
    acknowledge_task(session, 1, on(AMENDED_ON, team.finance))


def done(house, task=1):
    session, team, _plan = house
    acknowledge_task(session, task, on(TODAY, team.science))
    submit_task(session, task, "已按新口径完成", on(TODAY, team.science))
    complete_task(session, task, on(TODAY, team.supervisor))


def test_done_tasks_stay(house):
    session, _team, _plan = house
    done(house)
    sheet = amend(house, again(item(2), item(4, title="全新的任务")))
    assert (1, Fate.STAY, ()) in fates(sheet)
    assert session.get(Task, 1).state is TaskState.COMPLETED
    assert 1 in [task.id for task in show_plan(session, 1).tasks]


def test_a_row_put_in_front_shifts_keys_and_changes_nothing_else(house):
    session, _team, _plan = house
    shifted = again(item(1, title="放在最前的新事项", text="建设一批综合服务平台"), item(1, id="row-2"), item(2, id="row-3"))
    sheet = amend(house, shifted)
    assert [task.fate for task in sheet.tasks] == [Fate.ISSUE] * 3 + [Fate.STAY] * 6
    assert [row.key for row in session.exec(select(PlanItem).order_by(PlanItem.position))] == ["row-1~2", "row-1", "row-2"]
    back = amend(house, again(item(1), item(2), sha="c"), day=date(2013, 6, 4))
    assert [task.fate for task in back.tasks] == [Fate.STAY] * 6 + [Fate.CANCEL] * 3


def test_a_document_without_its_own_number_keeps_the_plans(house):
    session, _team, plan_id = house
    amend(house, again(item(1), doc_no=None, title="关于调整示范县实施方案的通知"))
    plan = session.get(Plan, plan_id)
    assert (plan.doc_no, plan.title) == ("测政办发〔2012〕1号", "关于调整示范县实施方案的通知")


def test_the_preview_writes_nothing(house):
    session, team, plan_id = house
    wanted = again(item(1), item(9, title="另一项", units=(UnitDraft(name="省新设局", as_written="省新设局", role="lead"),)))
    sheet = preview_amendment(session, plan_id, wanted, [], on(AMENDED_ON, team.office))
    assert not session.new
    assert not session.dirty
    assert fates(sheet) == fates(amend(house, wanted))


REFUSED = [
    pytest.param(draft(), "nothing-to-amend", id="the same again"),
    pytest.param(again(item(1, issue=False), item(2, issue=False)), "nothing-to-issue", id="nothing left"),
    pytest.param(again(item(1, units=())), "no-responsible-unit", id="an error finding"),
]


@on_one_kind
@pytest.mark.parametrize(("wanted", "code"), REFUSED)
def test_refused(house, wanted, code):
    with pytest.raises(DubanError) as refused:
        amend(house, wanted)
    assert refused.value.code == code


def test_refused_while_a_changed_task_is_under_review(house):
    session, team, _plan = house
    acknowledge_task(session, 1, on(TODAY, team.science))
    submit_task(session, 1, "说明", on(TODAY, team.science))
    with pytest.raises(DubanError, match="任务 1") as refused:
        amend(house, again(item(1, tasks=(yearly_task(2013, 20), *item(1).tasks[1:])), item(2)))
    assert refused.value.code == "under-review"


def test_refused_when_somebody_was_faster(house):
    amend(house, again(item(1)), seen_version=1)
    with pytest.raises(DubanError) as refused:
        amend(house, again(item(1), item(5, title="再加一项"), sha="c"), seen_version=1)
    assert refused.value.code == "plan-changed"


def test_another_plans_document_is_refused(house):
    session, team, _plan = house
    amend(house, again(item(1)))
    for wanted in (draft(), again(item(7), doc_no="另〔2013〕1号")):
        with pytest.raises(DubanError) as refused:
            issued(session, team.office, wanted)
        assert refused.value.code == "already-issued"


@on_one_kind
@pytest.mark.parametrize("who", ["supervisor", "administrator", "science"])
def test_only_the_plan_office_amends_and_closes(house, who):
    session, team, plan_id = house
    for act in (
        lambda: amend_plan(session, plan_id, again(item(1)), AmendmentOrder(), on(AMENDED_ON, getattr(team, who))),
        lambda: close_plan(session, plan_id, "", on(AMENDED_ON, getattr(team, who))),
    ):
        with pytest.raises(DubanError) as refused:
            act()
        assert refused.value.code == "no-right"


def test_closing_takes_the_open_tasks_along_only_with_a_reason(house):
    session, team, plan_id = house
    done(house)
    with pytest.raises(DubanError, match="5 项任务") as refused:
        close_plan(session, plan_id, " ", on(AMENDED_ON, team.office))
    assert refused.value.code == "tasks-open"
    assert close_plan(session, plan_id, "行动计划提前收官", on(AMENDED_ON, team.office)) == 5
    assert session.get(Plan, plan_id).state is PlanState.CLOSED
    assert acts(session, 2) == ["issue", "cancel"]
    for again_done in (lambda: close_plan(session, plan_id, "x", on(AMENDED_ON, team.office)), lambda: amend(house, again(item(1)))):
        with pytest.raises(DubanError) as refused:
            again_done()
        assert refused.value.code == "plan-closed"


def test_targets_without_a_measure_are_paired_by_their_words(house):
    session, _team, _plan = house
    target = TargetDraft(text="支持10个", value=10)
    one = item(1, tasks=(replace_targets(target),))
    amend(house, again(one, item(2)))
    kept = session.exec(select(Target.id).where(Target.task_id == 1)).all()
    amend(house, again(item(1, tasks=(replace_targets(TargetDraft(text="支持12个", value=12)),)), item(2), sha="c"), day=date(2013, 6, 4))
    assert session.exec(select(Target.id).where(Target.task_id == 1)).all() == kept


def replace_targets(*targets):
    return yearly_task(2013, 10).model_copy(update={"targets": targets})


def test_a_preview_asks_for_nothing_but_reading(engine):
    with transaction(engine) as session:
        office = people(session).office
        plan_id = issued(session, office).id
    with snapshot(engine) as session:
        sheet = preview_amendment(session, plan_id, again(item(1)), (), on(AMENDED_ON, office))
    assert [task.fate for task in sheet.tasks] == [Fate.STAY] * 3 + [Fate.CANCEL] * 3


def test_a_plan_from_before_versions_were_kept_is_amended_from_its_rows(one_engine):
    with transaction(one_engine) as session:
        team = people(session)
        plan_id = issued(session, team.office).id
        version = session.exec(select(PlanVersion)).one()
        session.delete(version)
        keep(session, plan_id=plan_id, day=TODAY)
        sheet = amend_plan(session, plan_id, again(item(1)), AmendmentOrder(), on(AMENDED_ON, team.office))
    assert [task.fate for task in sheet.tasks] == [Fate.STAY] * 3 + [Fate.CANCEL] * 3
    with Session(one_engine) as session:
        assert session.get(Task, 4).state is TaskState.CANCELLED


def handed_down(session, unit_id, due_on=date(2013, 12, 31)):
    """Hand a part of the first task down to a unit."""
    whole = session.get(Task, 1)
    said = {name: getattr(whole, name) for name in ("plan_id", "item_id", "label", "text", "starts_on")}
    part = Task(**said, parent_id=1, due_on=due_on, original_due_on=due_on)
    keep(session, part, plan_id=1, day=TODAY)
    keep(session, Assignment(task_id=part.id, unit_id=unit_id, role=AssignmentRole.LEAD), plan_id=1, day=TODAY)
    return part.id


def test_a_part_handed_down_is_never_due_after_the_whole(house):
    session, team, _plan = house
    part = handed_down(session, team.finance.unit_id)
    sooner = yearly_task(2013, 10).model_copy(update={"due_on": date(2013, 9, 30)})
    amend(house, again(item(1, tasks=(sooner, *item(1).tasks[1:])), item(2)))
    assert session.get(Task, part).due_on == date(2013, 9, 30)
    assert acts(session, part) == ["amend-task"]


def test_parts_handed_down_end_with_the_whole(house):
    session, team, _plan = house
    part = handed_down(session, team.finance.unit_id)
    amend(house, again(item(2)))
    assert (session.get(Task, 1).state, session.get(Task, part).state) == (TaskState.CANCELLED, TaskState.CANCELLED)


def test_requests_that_wait_are_withdrawn_with_their_task(house):
    session, team, _plan = house
    wait = Request(
        task_id=1, unit_id=team.science.unit_id, kind=RequestKind.EXTENSION, reason="资金未到位", filed_on=TODAY, filed_by="science"
    )
    keep(session, wait, plan_id=1, day=TODAY)
    amend(house, again(item(2)))
    assert session.get(Request, wait.id).state is RequestState.WITHDRAWN


def test_a_refusal_leaves_nothing(house):
    session, team, _plan = house
    acknowledge_task(session, 1, on(TODAY, team.science))
    submit_task(session, 1, "说明", on(TODAY, team.science))
    entries = len(session.exec(select(LedgerEntry.id)).all())
    unknown = (UnitDraft(name="省新设局", as_written="省新设局", role="lead"),)
    with pytest.raises(DubanError):
        amend(house, again(item(1, units=unknown), item(2)))
    session.flush()
    assert len(session.exec(select(LedgerEntry.id)).all()) == entries
    assert session.get(Plan, 1).version == 1
