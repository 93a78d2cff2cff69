from datetime import date

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.progress import ProgressReport, ReportedValue
from models.task import Task, TaskState
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from services.facts import Viewpoint, read_tasks
from services.progress import Amount, ProgressInput, record_progress
from services.store import Store
from services.tasks import acknowledge_task, close_task, complete_task, reopen_task, return_task, submit_task
from tests.builders import TODAY, issued, on, people

ALL = ProgressInput({"示范县": Amount(10)}, "十个县全部确定")


@pytest.fixture
def actors(session):
    found = people(session)
    issued(session, found.office)
    return found


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
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


@pytest.mark.parametrize("act", [return_task, reopen_task])
def test_a_reason_is_asked_for(session, begun, store, act):
    record_progress(session, 1, ALL, store, on(TODAY, begun.science))
    submit_task(session, 1, None, on(TODAY, begun.science))
    assert refusal(act, session, 1, " ", on(TODAY, begun.supervisor)) == "no-reason"


def test_unknown_task(session, actors):
    assert refusal(acknowledge_task, session, 999, on(TODAY, actors.science)) == "unknown-task"


def test_evidence_is_kept_by_its_content(session, begun, store, tmp_path):
    files = []
    for name, content in (("名单.txt", b"list"), ("copy.txt", b"list"), ("pic.jpg", b"\xff\xd8")):
        files.append(tmp_path / name)
        files[-1].write_bytes(content)
    record_progress(session, 1, ProgressInput(text="附名单", evidence=tuple(files)), store, on(TODAY, begun.science))
    kept = session.exec(select(LedgerEntry.after).where(LedgerEntry.act == "report")).one()["evidence"]
    assert [file["name"] for file in kept] == ["名单.txt", "pic.jpg"]
    assert store.read(kept[0]["sha256"]) == b"list"


@pytest.mark.parametrize(("name", "content", "code"), [("none.txt", None, "file-missing"), ("empty.txt", b"", "file-empty")])
def test_bad_evidence_is_refused(session, begun, store, tmp_path, name, content, code):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    said = ProgressInput(text="好", evidence=(tmp_path / name,))
    assert refusal(record_progress, session, 1, said, store, on(TODAY, begun.science)) == code


def test_changed_evidence_is_noticed(store):
    digest = store.keep(b"true")
    next(path for path in store.folder.rglob("*") if path.is_file()).write_bytes(b"false")
    assert refusal(store.read, digest) == "file-lost"
