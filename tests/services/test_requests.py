"""Requests: filed by the lead unit, answered by the offices with definite values, never moving what was true before."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.request import Request, RequestKind, RequestState
from models.task import Assignment, AssignmentRole, Target, Task, TaskState
from models.unit import Unit
from rules.errors import DubanError
from rules.requests import Terms
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import transaction
from services.decisions import cancel_task, reassign_task, suspend_task
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.request_list import RequestFilter, list_requests
from services.requests import Approval, RequestInput, approve_request, file_request, refuse_request, withdraw_request
from services.store import Store
from services.tasks import acknowledge_task, complete_task, submit_task
from services.units import NewUnit, register_units
from tests.builders import COUNTIES, FINANCE, SCIENCE, TODAY, issued, keep, occasion, on, people
from tests.databases import on_one_kind
from tests.remembered import once

K = RequestKind
FARMING = "省农业厅"
DUE = date(2013, 12, 31)
LATER = Terms(due_on=date(2014, 3, 31))
TERMS = {
    K.EXTENSION: LATER,
    K.REASSIGNMENT: Terms(unit=FARMING),
    K.SUSPENSION: Terms(days=60),
    K.CANCELLATION: Terms(),
    K.TARGET_CHANGE: Terms(targets={"示范县": 8.0}),
}


@pytest.fixture
@once
def begun(session):
    actors = people(session)
    register_units(session, [NewUnit(FARMING)], occasion(day=date(2012, 1, 5)))
    issued(session, actors.office)
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    return actors


@pytest.fixture(autouse=True)
def the_ledger_tells_all(request):
    session = request.getfixturevalue("session") if "session" in request.fixturenames else None
    yield
    if session is not None:
        session.commit()
        assert differences(session) == []
        assert first_break(session) is None


def asked(kind=K.EXTENSION, terms=None, reason="汛期停工", progress="已完成六县"):
    return RequestInput(kind, reason, progress, TERMS[kind] if terms is None else terms)


def file(session, actors, kind=K.EXTENSION, day=TODAY, **changes):
    return file_request(session, 1, asked(kind, **changes), on(day, actors.science))


def refusal(act, *arguments, **named):
    with pytest.raises(DubanError) as refused:
        act(*arguments, **named)
    return refused.value.code


def acts(session, task_id=1):
    return session.exec(select(LedgerEntry.act).where(LedgerEntry.task_id == task_id).order_by(LedgerEntry.seq)).all()


def seen(session, day, known_on=None):
    return read_tasks(session, Viewpoint(day, known_on or day), DEFAULT_RULE_SET)[0]


@pytest.mark.parametrize("kind", list(K))
def test_filing_changes_nothing_but_is_told(session, begun, kind):
    before = seen(session, TODAY)
    number = file(session, begun, kind)
    assert seen(session, TODAY) == before
    request = session.get(Request, number)
    assert (request.state, request.reason, request.progress, request.filed_by) == (RequestState.FILED, "汛期停工", "已完成六县", "science")
    assert acts(session)[-1] == "file-request"


@on_one_kind
@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        pytest.param(K.EXTENSION, {"reason": " "}, "no-reason", id="no reason"),
        pytest.param(K.EXTENSION, {"progress": ""}, "no-progress", id="nothing said or reported of the progress"),
        pytest.param(K.EXTENSION, {"terms": Terms()}, "not-definite", id="no day"),
        pytest.param(K.EXTENSION, {"terms": Terms(due_on=DUE)}, "not-later", id="the same day"),
        pytest.param(K.EXTENSION, {"day": date(2014, 1, 1)}, "due-day-passed", id="after the due day"),
        pytest.param(K.EXTENSION, {"terms": Terms(days=30)}, "strange-terms", id="days for an extension"),
        pytest.param(K.SUSPENSION, {"terms": Terms()}, "not-definite", id="no days"),
        pytest.param(K.SUSPENSION, {"terms": Terms(days=-3)}, "bad-days", id="fewer than none"),
        pytest.param(K.SUSPENSION, {"terms": Terms(days=99999)}, "bad-days", id="for ever"),
        pytest.param(K.CANCELLATION, {"terms": LATER}, "strange-terms", id="a day for an end"),
        pytest.param(K.REASSIGNMENT, {"terms": Terms(unit="某厅")}, "unknown-unit", id="unknown unit"),
        pytest.param(K.REASSIGNMENT, {"terms": Terms(unit=SCIENCE)}, "same-lead", id="the same lead"),
        pytest.param(K.REASSIGNMENT, {"terms": Terms(unit=COUNTIES)}, "unit-not-definite", id="a set of units"),
        pytest.param(K.TARGET_CHANGE, {"terms": Terms()}, "not-definite", id="no target"),
        pytest.param(K.TARGET_CHANGE, {"terms": Terms(targets={"人次": 3.0})}, "unknown-measure", id="unknown target"),
        pytest.param(K.TARGET_CHANGE, {"terms": Terms(targets={"示范县": 10.0})}, "nothing-changes", id="the same figure"),
        pytest.param(K.TARGET_CHANGE, {"terms": Terms(targets={"示范县": -1.0})}, "bad-quantity", id="below zero"),
        pytest.param(K.TARGET_CHANGE, {"terms": Terms(targets={"示范县": float("nan")})}, "bad-quantity", id="no number"),
        pytest.param(K.TARGET_CHANGE, {"terms": Terms(targets={"示范县": (4.0, 6.0)})}, "bad-value", id="a range for a figure"),
    ],
)
def test_a_request_that_cannot_be_is_refused_whole(session, begun, kind, changes, code):
    before = acts(session)
    assert refusal(file, session, begun, kind, **changes) == code
    session.commit()
    assert session.exec(select(Request)).all() == []
    assert acts(session) == before


def test_an_extension_may_be_filed_on_the_due_day_itself(session, begun):
    file(session, begun, day=DUE)


def test_reassignment_need_not_name_the_unit_until_it_is_granted(session, begun):
    number = file(session, begun, K.REASSIGNMENT, terms=Terms())
    assert refusal(approve_request, session, number, Approval(), on(TODAY, begun.office)) == "not-definite"
    approve_request(session, number, Approval(Terms(unit=FARMING)), on(TODAY, begun.office))
    assert seen(session, TODAY).name.lead == FARMING


def test_the_last_report_says_the_progress_where_nothing_else_is_said(session, begun, tmp_path):
    record_progress(session, 1, ProgressInput(text="六县已确定"), Store(tmp_path), on(TODAY, begun.science))
    assert session.get(Request, file(session, begun, progress="")).progress == "六县已确定"


def test_one_of_a_kind_waits(session, begun):
    first = file(session, begun)
    assert refusal(file, session, begun) == "already-waiting"
    file(session, begun, K.TARGET_CHANGE)
    withdraw_request(session, first, on(TODAY, begun.science))
    file(session, begun)
    assert acts(session)[-4:] == ["file-request", "file-request", "withdraw-request", "file-request"]


@pytest.mark.parametrize("who", ["office", "supervisor"])
def test_an_extension_moves_the_due_day_from_that_day_on_and_never_the_original(session, begun, who):
    number = file(session, begun)
    day = date(2013, 4, 8)
    granted = approve_request(session, number, Approval(Terms(due_on=date(2014, 1, 31)), "同意延期一个月"), on(day, getattr(begun, who)))
    assert granted == Terms(due_on=date(2014, 1, 31))
    now, before = seen(session, day), seen(session, date(2013, 4, 7))
    assert (now.facts.due_on, now.facts.original_due_on) == (date(2014, 1, 31), DUE)
    assert (before.facts.due_on, before.facts.original_due_on) == (DUE, DUE)
    request = session.get(Request, number)
    assert (request.wanted, request.granted) == ({"due_on": "2014-03-31"}, {"due_on": "2014-01-31"})
    assert (request.state, request.decided_on, request.decision) == (RequestState.APPROVED, day, "同意延期一个月")


def test_only_so_many_extensions_are_approved(session, begun):
    for month in (2, 3):
        approve_request(session, file(session, begun, terms=Terms(due_on=date(2014, month, 1))), Approval(), on(TODAY, begun.office))
    assert refusal(file, session, begun, terms=Terms(due_on=date(2014, 6, 1))) == "too-many-extensions"


@on_one_kind
@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param(Terms(due_on=DUE), "not-later", id="the day it has"),
        pytest.param(Terms(unit=FARMING), "strange-terms", id="a unit for an extension"),
    ],
)
def test_an_answer_that_cannot_be_leaves_the_request_waiting(session, begun, given, code):
    number = file(session, begun)
    assert refusal(approve_request, session, number, Approval(given), on(TODAY, begun.office)) == code
    session.commit()
    session.expire_all()
    assert session.get(Request, number).state is RequestState.FILED
    assert session.get(Task, 1).due_on == DUE


def test_an_extension_granted_too_late_for_its_day_names_a_later_one(session, begun):
    number = file(session, begun)
    late = on(date(2014, 4, 2), begun.office)
    assert refusal(approve_request, session, number, Approval(), late) == "limit-passed"
    approve_request(session, number, Approval(Terms(due_on=date(2014, 6, 30))), late)


def test_a_handed_down_task_is_not_extended_beyond_the_one_above(session, begun):
    task = session.get(Task, 1)
    task.parent_id = 2
    session.get(Task, 2).due_on = date(2014, 2, 1)
    keep(session, task, plan_id=1, day=date(2013, 1, 8))
    assert refusal(file, session, begun) == "beyond-parent"
    file(session, begun, terms=Terms(due_on=date(2014, 2, 1)))


def test_a_suspension_is_granted_with_its_end(session, begun):
    number = file(session, begun, K.SUSPENSION)
    approve_request(session, number, Approval(Terms(days=30)), on(TODAY, begun.office))
    assert seen(session, TODAY).facts.state is TaskState.SUSPENDED
    assert acts(session)[-2:] == ["approve-request", "suspend"]
    said = session.exec(select(LedgerEntry.after).where(LedgerEntry.act == "suspend")).one()
    assert (said["until"], said["request"]) == ("2013-05-02", number)


@pytest.mark.parametrize("keeps", [False, True])
def test_a_reassignment_changes_the_lead_from_that_day_on(session, begun, keeps):
    number = file(session, begun, K.REASSIGNMENT)
    approve_request(session, number, Approval(keep_as_support=keeps), on(date(2013, 4, 8), begun.office))
    after, before = seen(session, date(2013, 4, 8)), seen(session, date(2013, 4, 7))
    assert (after.name.lead, before.name.lead) == (FARMING, SCIENCE)
    assert (begun.science.unit_id in after.name.support_ids) is keeps
    assert (after.facts.state, before.facts.state) == (TaskState.ASSIGNED, TaskState.IN_PROGRESS)
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "reassign")).one()
    assert (entry.before["lead"], entry.after["lead"], entry.after["old_lead"]) == (SCIENCE, FARMING, SCIENCE)


def test_a_changed_target_counts_from_that_day_on(session, begun):
    approve_request(session, file(session, begun, K.TARGET_CHANGE), Approval(), on(date(2013, 4, 8), begun.office))
    assert [seen(session, day).facts.targets[0].wanted for day in (date(2013, 4, 7), date(2013, 4, 8))] == [10, 8]


def test_a_range_is_changed_as_a_range(session, begun):
    target = session.exec(select(Target).where(Target.task_id == 1)).one()
    target.value, target.low, target.high = None, 4, 6
    keep(session, target, plan_id=1, day=date(2013, 1, 8))
    number = file(session, begun, K.TARGET_CHANGE, terms=Terms(targets={"示范县": (3.0, 5.0)}))
    assert approve_request(session, number, Approval(), on(TODAY, begun.office)).targets == {"示范县": (3.0, 5.0)}
    assert (target.low, target.high) == (3, 5)


def test_a_refusal_needs_a_reason_and_changes_nothing(session, begun):
    number = file(session, begun)
    assert refusal(refuse_request, session, number, " ", on(TODAY, begun.office)) == "no-reason"
    refuse_request(session, number, "理由不充分", on(TODAY, begun.supervisor))
    assert (session.get(Request, number).decision, session.get(Task, 1).due_on) == ("理由不充分", DUE)
    assert acts(session)[-1] == "refuse-request"


def test_of_two_answers_one_wins_and_the_other_is_told(session, begun):
    number = file(session, begun)
    refuse_request(session, number, "理由不充分", on(TODAY, begun.supervisor))
    for act in (
        lambda: approve_request(session, number, Approval(), on(TODAY, begun.office)),
        lambda: refuse_request(session, number, "再议", on(TODAY, begun.office)),
        lambda: withdraw_request(session, number, on(TODAY, begun.science)),
    ):
        assert refusal(act) == "already-decided"
    assert refusal(withdraw_request, session, 99, on(TODAY, begun.science)) == "unknown-request"


@on_one_kind
@pytest.mark.parametrize(
    ("who", "files", "answers"),
    [
        ("finance", "not-your-task", "no-right"),
        ("office", "no-right", None),
        ("supervisor", "no-right", None),
        ("administrator", "no-right", "no-right"),
        ("science", None, "no-right"),
    ],
)
def test_who_may_file_and_who_may_answer(session, begun, who, files, answers):
    number = file(session, begun, K.TARGET_CHANGE)
    actor = on(TODAY, getattr(begun, who))
    if files:
        assert refusal(file_request, session, 1, asked(), actor) == files
        assert refusal(withdraw_request, session, number, actor) == files
    if answers:
        assert refusal(approve_request, session, number, Approval(), actor) == answers
        assert refusal(refuse_request, session, number, "不行", actor) == answers


def test_nobody_answers_a_request_of_the_own_unit(session, begun):
    number = file(session, begun)
    colleague = on(TODAY, replace(begun.office, unit_id=begun.science.unit_id))
    assert refusal(approve_request, session, number, Approval(), colleague) == "own-submission"
    turncoat = on(TODAY, replace(begun.office, name="science"))
    assert refusal(refuse_request, session, number, "不行", turncoat) == "own-request"


def completed(session, begun, tmp_path):
    record_progress(session, 1, ProgressInput({"示范县": Amount(10)}), Store(tmp_path), on(TODAY, begun.science))
    submit_task(session, 1, None, on(TODAY, begun.science))
    complete_task(session, 1, on(TODAY, begun.supervisor))


@pytest.mark.parametrize(
    ("act", "left"),
    [
        pytest.param(lambda session, b, _path: cancel_task(session, 1, "一号文", on(TODAY, b.office)), [], id="cancelled"),
        pytest.param(lambda session, b, path: completed(session, b, path), [], id="completed"),
        pytest.param(lambda session, b, _path: reassign_task(session, 1, FARMING, "一号文", on(TODAY, b.office)), [], id="another lead"),
        pytest.param(
            lambda session, b, _path: suspend_task(session, 1, "一号文", on(TODAY, b.office)),
            [K.CANCELLATION, K.EXTENSION, K.TARGET_CHANGE],
            id="suspended",
        ),
    ],
)
def test_what_makes_requests_moot_withdraws_them_with_an_entry_each(session, begun, tmp_path, act, left):
    for kind in K:
        file(session, begun, kind)
    act(session, begun, tmp_path)
    states = {request.kind: request.state for request in session.exec(select(Request))}
    assert sorted(kind for kind, state in states.items() if state is RequestState.FILED) == left
    assert {state for kind, state in states.items() if kind not in left} == {RequestState.WITHDRAWN}
    assert acts(session).count("withdraw-request") == len(K) - len(left)


def test_an_extension_asked_for_before_submitting_may_still_be_granted(session, begun, tmp_path):
    number = file(session, begun)
    suspension = file(session, begun, K.REASSIGNMENT)
    submit_task(session, 1, "一县未完成", on(TODAY, begun.science))
    assert refusal(approve_request, session, suspension, Approval(), on(TODAY, begun.office)) == "not-now"
    approve_request(session, number, Approval(), on(TODAY, begun.office))
    assert refusal(file, session, begun, K.TARGET_CHANGE) == "not-now"


def test_requests_are_listed_for_who_may_see_the_task_or_filed_them(session, begun):
    file(session, begun, K.TARGET_CHANGE)
    approve_request(session, file(session, begun, K.REASSIGNMENT), Approval(), on(TODAY, begun.office))
    farming = replace(begun.finance, unit_id=session.exec(select(Unit.id).where(Unit.name == FARMING)).one())
    counts = {
        name: len(list_requests(session, RequestFilter(), actor))
        for name, actor in {
            "all": None,
            "office": begun.office,
            "old lead": begun.science,
            "support": begun.finance,
            "new lead": farming,
            "admin": begun.administrator,
            "stranger": replace(begun.finance, unit_id=99),
        }.items()
    }
    assert counts == {"all": 2, "office": 2, "old lead": 2, "support": 2, "new lead": 2, "admin": 0, "stranger": 0}
    (row,) = list_requests(session, RequestFilter(task_id=1, unit="科技", kind=K.REASSIGNMENT, state=RequestState.APPROVED))
    assert (row.title, row.unit, row.granted) == ("示范行动1（2013年）", SCIENCE, Terms(unit=FARMING))


def test_a_day_knows_the_requests_and_answers_up_to_it(session, begun):
    number = file(session, begun, K.REASSIGNMENT)
    answered = TODAY + timedelta(days=2)
    approve_request(session, number, Approval(), on(answered, begun.office))
    states = {
        day: [row.state for row in list_requests(session, RequestFilter(as_of=day))] for day in (TODAY - timedelta(days=1), TODAY, answered)
    }
    assert list(states.values()) == [[], [RequestState.FILED], [RequestState.APPROVED]]
    (waiting,) = list_requests(session, RequestFilter(state=RequestState.FILED, as_of=TODAY))
    assert (waiting.decided_on, waiting.decision, waiting.granted) == (None, None, Terms())


def test_the_support_unit_that_becomes_lead_is_no_longer_support(session, begun):
    reassign_task(session, 1, FINANCE, "一号文", on(TODAY, begun.office), keep_as_support=True)
    parts = session.exec(select(Assignment).where(Assignment.task_id == 1)).all()
    assert {(part.unit_id, part.role) for part in parts} == {
        (begun.finance.unit_id, AssignmentRole.LEAD),
        (begun.science.unit_id, AssignmentRole.SUPPORT),
    }


def test_of_two_answers_at_once_one_wins_and_the_other_is_told(engine):
    with transaction(engine) as session:
        actors = people(session)
        issued(session, actors.office)
        acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
        number = file(session, actors)
    start = Barrier(2)

    def answer(act):
        start.wait()
        try:
            with transaction(engine) as session:
                act(session)
        except DubanError as refused:
            return refused.code
        return "done"

    answers = [
        lambda session: approve_request(session, number, Approval(), on(TODAY, actors.office)),
        lambda session: refuse_request(session, number, "理由不充分", on(TODAY, actors.supervisor)),
    ]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, answers)) == ["already-decided", "done"]
    with transaction(engine) as session:
        assert len([act for act in acts(session) if act in ("approve-request", "refuse-request")]) == 1
        assert differences(session) == []
