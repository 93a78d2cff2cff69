from datetime import date

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.progress import ProgressReport, ReportedValue
from models.task import Task, TaskState
from rules.errors import DubanError
from rules.lights import Light, light_of
from rules.rule_set import DEFAULT_RULE_SET
from services.decisions import cancel_task, reassign_task, resume_task, suspend_task
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.store import Store
from services.tasks import acknowledge_task, close_task, complete_task, reopen_task, return_task, submit_task
from tests.builders import TODAY, issued, on, people
from tests.databases import on_one_kind
from tests.remembered import once

ALL = ProgressInput({"示范县": Amount(10)}, "十个县全部确定")


@pytest.fixture
def actors(session):
    found = people(session)
    issued(session, found.office)
    return found


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture(autouse=True)
def the_ledger_tells_all(session):
    yield
    session.commit()
    assert differences(session) == []
    assert first_break(session) is None


@pytest.fixture
@once
def begun(session, actors):
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    return actors


def refusal(act, *arguments):
    with pytest.raises(DubanError) as refused:
        act(*arguments)
    return refused.value.code


def acts(session, task_id=1):
    return session.exec(select(LedgerEntry.act).where(LedgerEntry.task_id == task_id).order_by(LedgerEntry.seq)).all()


def test_the_whole_way_with_an_entry_for_every_act(session, begun, store):
    record_progress(session, 1, ALL, store, on(TODAY, begun.science))
    submit_task(session, 1, None, on(date(2013, 9, 27), begun.science))
    return_task(session, 1, "缺少名单", on(date(2013, 9, 28), begun.supervisor), date(2013, 10, 8))
    submit_task(session, 1, None, on(date(2013, 9, 30), begun.science))
    complete_task(session, 1, on(date(2013, 10, 12), begun.supervisor))
    close_task(session, 1, on(date(2013, 10, 13), begun.office))
    reopen_task(session, 1, "抽查发现问题", on(date(2013, 11, 1), begun.supervisor))
    assert acts(session) == ["issue", "acknowledge", "report", "submit", "return", "submit", "complete", "close", "reopen"]
    task = session.get(Task, 1)
    assert (task.state, task.return_count) == (TaskState.IN_PROGRESS, 1)


def test_completion_holds_for_the_day_of_submission(session, begun, store):
    record_progress(session, 1, ALL, store, on(TODAY, begun.science))
    submit_task(session, 1, None, on(date(2013, 9, 30), begun.science))
    complete_task(session, 1, on(date(2013, 10, 12), begun.supervisor))
    states = {
        known: read_tasks(session, Viewpoint(date(2013, 9, 30), known), DEFAULT_RULE_SET)[0].facts.state
        for known in (date(2013, 9, 30), date(2013, 10, 11), date(2013, 10, 12))
    }
    assert list(states.values()) == [TaskState.SUBMITTED, TaskState.SUBMITTED, TaskState.COMPLETED]


@on_one_kind
@pytest.mark.parametrize("who", ["finance", "office", "supervisor", "administrator"])
def test_nobody_else_touches_a_units_task(session, actors, store, who):
    other = on(TODAY, getattr(actors, who))
    wanted = "not-your-task" if who == "finance" else "no-right"
    assert refusal(acknowledge_task, session, 1, other) == wanted
    acknowledge_task(session, 1, on(TODAY, actors.science))
    assert refusal(record_progress, session, 1, ALL, store, other) == wanted
    assert refusal(submit_task, session, 1, "理由", other) == wanted
    assert acts(session) == ["issue", "acknowledge"]


def test_nobody_completes_what_he_submitted(session, begun, store):
    record_progress(session, 1, ALL, store, on(TODAY, begun.science))
    submit_task(session, 1, None, on(TODAY, begun.science))
    assert refusal(complete_task, session, 1, on(TODAY, begun.science)) == "no-right"
    turncoat = on(TODAY, begun.supervisor.__class__(99, "science", begun.supervisor.role, None))
    assert refusal(complete_task, session, 1, turncoat) == "own-submission"
    colleague = on(TODAY, begun.supervisor.__class__(99, "boss", begun.supervisor.role, begun.science.unit_id))
    assert refusal(complete_task, session, 1, colleague) == "own-submission"


@on_one_kind
@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param(ProgressInput(), "empty-report", id="nothing said"),
        pytest.param(ProgressInput({"示范县": Amount(-1)}), "bad-quantity", id="negative"),
        pytest.param(ProgressInput({"示范县": Amount(1e15)}), "bad-quantity", id="absurd"),
        pytest.param(ProgressInput({"人次": Amount(1)}), "unknown-measure", id="unknown measure"),
        pytest.param(ProgressInput(text="好", period="2013Q4"), "period-not-begun", id="future period"),
        pytest.param(ProgressInput(text="好", period="2012Q4"), "period-before-task", id="before the task"),
        pytest.param(ProgressInput(text="好", period="2013"), "bad-period", id="no quarter"),
    ],
)
def test_a_report_that_cannot_be_is_refused_whole(session, begun, store, said, code):
    assert refusal(record_progress, session, 1, said, store, on(TODAY, begun.science)) == code
    assert session.exec(select(ProgressReport)).all() == []


def test_a_second_report_is_a_revision_and_the_last_counts(session, begun, store):
    for value in (4, 3):
        record_progress(session, 1, ProgressInput({"示范县": Amount(value)}, period="2013Q1"), store, on(TODAY, begun.science))
    assert [report.revision for report in session.exec(select(ProgressReport).order_by(ProgressReport.id))] == [1, 2]
    record = read_tasks(session, Viewpoint(TODAY, TODAY), DEFAULT_RULE_SET)[0]
    assert record.facts.targets[0].actual == 3


def test_quantities_add_up_from_the_last_report_and_never_fall(session, begun, store):
    def report(amount, day):
        return record_progress(session, 1, ProgressInput({"示范": amount}), store, on(day, begun.science))

    report(Amount(4), TODAY)
    report(Amount(3, is_more=True), date(2013, 6, 28))
    assert session.exec(select(ReportedValue.value).order_by(ReportedValue.id)).all() == [4, 7]
    assert refusal(report, Amount(6), date(2013, 9, 20)) == "quantity-falls"


@on_one_kind
@pytest.mark.parametrize(
    ("day", "period"),
    [
        pytest.param(date(2013, 4, 3), "2013Q1", id="last day of the reporting days"),
        pytest.param(date(2013, 4, 7), "2013Q2", id="after them"),
        pytest.param(date(2013, 3, 29), "2013Q1", id="before the quarter's end"),
    ],
)
def test_the_quarter_meant_follows_from_the_day(session, begun, store, day, period):
    assert record_progress(session, 1, ProgressInput(text="有进展"), store, on(day, begun.science)).period == period


def test_submitting_needs_the_target_or_a_reason(session, begun, store):
    record_progress(session, 1, ProgressInput({"示范县": Amount(9)}), store, on(TODAY, begun.science))
    assert refusal(submit_task, session, 1, None, on(TODAY, begun.science)) == "target-not-met"
    submit_task(session, 1, "一县撤并", on(TODAY, begun.science))
    assert session.get(Task, 1).state is TaskState.SUBMITTED
    assert refusal(record_progress, session, 1, ALL, store, on(TODAY, begun.science)) == "not-now"


@on_one_kind
@pytest.mark.parametrize("act", [return_task, reopen_task])
def test_a_reason_is_asked_for(session, begun, store, act):
    record_progress(session, 1, ALL, store, on(TODAY, begun.science))
    submit_task(session, 1, None, on(TODAY, begun.science))
    assert refusal(act, session, 1, " ", on(TODAY, begun.supervisor)) == "no-reason"


@on_one_kind
def test_unknown_task(session, actors):
    assert refusal(acknowledge_task, session, 999, on(TODAY, actors.science)) == "unknown-task"


def test_changed_evidence_is_noticed(store):
    digest = store.keep(b"true")
    next(path for path in store.folder.rglob("*") if path.is_file()).write_bytes(b"false")
    assert refusal(store.read, digest) == "file-lost"


BASIS = "市政办函〔2013〕5号"


def seen(session, day, known_on=None):
    return read_tasks(session, Viewpoint(day, known_on or day), DEFAULT_RULE_SET)[0]


def test_a_suspended_task_is_grey_and_its_due_day_stays(session, begun):
    suspend_task(session, 1, BASIS, on(date(2013, 6, 3), begun.office))
    assert light_of(seen(session, date(2014, 2, 1)).facts, date(2014, 2, 1), DEFAULT_RULE_SET).light is Light.GREY
    resume_task(session, 1, BASIS, on(date(2014, 2, 3), begun.office))
    record = seen(session, date(2014, 2, 3))
    assert (record.facts.state, record.facts.due_on) == (TaskState.IN_PROGRESS, date(2013, 12, 31))
    assert light_of(record.facts, date(2014, 2, 3), DEFAULT_RULE_SET).light is Light.RED


def test_resuming_may_name_a_new_due_day_which_holds_from_then_on(session, begun):
    suspend_task(session, 1, BASIS, on(date(2013, 6, 3), begun.office))
    assert refusal(resume_task, session, 1, BASIS, on(date(2013, 9, 2), begun.office), date(2013, 9, 1)) == "limit-passed"
    resume_task(session, 1, BASIS, on(date(2013, 9, 2), begun.office), date(2014, 3, 31))
    now, before = seen(session, date(2013, 9, 2)), seen(session, date(2013, 9, 1))
    assert (now.facts.due_on, now.facts.original_due_on, before.facts.due_on) == (date(2014, 3, 31), date(2013, 12, 31), date(2013, 12, 31))
    assert acts(session)[-3:] == ["suspend", "move-due-day", "resume"]


def test_no_report_is_owed_on_a_quarter_that_ends_in_a_pause(session, begun):
    suspend_task(session, 1, BASIS, on(date(2013, 6, 3), begun.office))
    resume_task(session, 1, BASIS, on(date(2013, 9, 2), begun.office))
    assert [period.code for period in seen(session, date(2013, 10, 15)).owed] == ["2013Q1", "2013Q3"]


def test_a_submission_lapses_when_the_task_is_suspended(session, begun, store):
    record_progress(session, 1, ALL, store, on(TODAY, begun.science))
    submit_task(session, 1, None, on(TODAY, begun.science))
    suspend_task(session, 1, BASIS, on(date(2013, 4, 9), begun.office))
    resume_task(session, 1, BASIS, on(date(2013, 4, 10), begun.office))
    assert refusal(complete_task, session, 1, on(date(2013, 4, 10), begun.supervisor)) == "not-now"
    record = seen(session, date(2013, 7, 1))
    assert (record.facts.submitted_on, [period.code for period in record.owed]) == (None, ["2013Q1", "2013Q2"])


def test_nothing_is_owed_after_the_end_of_a_cancelled_task(session, begun):
    cancel_task(session, 1, BASIS, on(date(2013, 6, 3), begun.office))
    record = seen(session, date(2013, 12, 31))
    assert (record.facts.state, [period.code for period in record.owed]) == (TaskState.CANCELLED, ["2013Q1"])
    assert refusal(resume_task, session, 1, BASIS, on(date(2013, 6, 4), begun.office)) == "not-now"


def test_a_new_lead_acknowledges_and_the_days_before_keep_the_old_one(session, begun):
    reassign_task(session, 1, "省财政厅", BASIS, on(date(2013, 4, 8), begun.office))
    after, before = seen(session, date(2013, 4, 8)), seen(session, date(2013, 4, 7))
    assert (after.name.lead, after.name.support_ids, after.life.handed_on) == ("省财政厅", (), date(2013, 4, 8))
    assert (before.name.lead, before.name.support_ids) == ("省科技厅", (begun.finance.unit_id,))
    assert seen(session, date(2013, 4, 7), date(2013, 4, 8)).name.lead == "省科技厅"
    assert refusal(acknowledge_task, session, 1, on(date(2013, 4, 9), begun.science)) == "not-your-task"
    acknowledge_task(session, 1, on(date(2013, 4, 9), begun.finance))


@on_one_kind
@pytest.mark.parametrize(
    ("act", "arguments"),
    [(suspend_task, ()), (resume_task, ()), (cancel_task, ()), (reassign_task, ("省财政厅",))],
    ids=lambda a: getattr(a, "__name__", ""),
)
def test_own_decisions_need_a_document_and_are_the_plan_offices(session, begun, act, arguments):
    if act is resume_task:
        suspend_task(session, 1, BASIS, on(TODAY, begun.office))
    before = acts(session)
    assert refusal(act, session, 1, *arguments, " ", on(TODAY, begun.office)) == "no-basis"
    for who in ("science", "finance", "supervisor", "administrator"):
        assert refusal(act, session, 1, *arguments, BASIS, on(TODAY, getattr(begun, who))) == "no-right"
    session.commit()
    assert acts(session) == before
    act(session, 1, *arguments, BASIS, on(TODAY, begun.office))


def test_a_task_is_handed_only_to_a_unit_that_there_is(session, begun):
    for unit, code in (("某厅", "unknown-unit"), ("省科技厅", "same-lead"), ("有关县（市、区）人民政府", "unit-not-definite")):
        assert refusal(reassign_task, session, 1, unit, BASIS, on(TODAY, begun.office)) == code
