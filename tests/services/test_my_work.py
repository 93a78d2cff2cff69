"""What a unit is asked on a day: a table of days and acts beside what stands in its list."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from intake.draft import Source
from models.notice import Notice, NoticeLevel, NoticeState
from models.request import RequestKind
from services.my_work import MyWork, my_work
from services.notice_answers import NoticeAnswer, answer_notice
from services.parts import PartInput, hand_in_part
from services.progress import Amount, ProgressInput, record_progress
from services.requests import RequestInput, file_request
from services.reviews import Verdict, review_report
from services.rule_sets import rule_set_on
from services.store import Store
from services.tasks import acknowledge_task, complete_task, return_task, submit_task
from tests.builders import TODAY, People, draft, issued, item, keep, on, people, yearly_task
from tests.databases import on_one_kind

LATE = date(2013, 12, 27)
"""Two working days before the due day."""


class Desk:
    """One plan with one task, led by the science unit and supported by the finance unit; a table's rows call what has happened."""

    def __init__(self, session: Session, store: Store) -> None:
        self.session, self.store, self.people = session, store, people(session)
        issued(session, self.people.office, draft(item(tasks=(yearly_task(2013, 10),))))

    def begun(self) -> None:
        acknowledge_task(self.session, 1, on(date(2012, 11, 6), self.people.science))

    def reported(self, value: float, period: str, day: date = TODAY) -> None:
        record_progress(self.session, 1, ProgressInput({"示范县": Amount(value)}, period=period), self.store, on(day, self.people.science))

    def noticed(self) -> None:
        facts = {"level": NoticeLevel.BLUE, "state": NoticeState.ISSUED, "due_on": date(2013, 12, 31), "matter": "overdue"}
        unit_id = self.people.science.unit_id
        numbered = {"year": 2013, "number": 1, "doc_no": "督办〔2013〕1号", "prepared_on": TODAY, "issued_on": TODAY, "limit_on": TODAY}
        keep(self.session, Notice(task_id=1, unit_id=unit_id, **facts, **numbered), plan_id=1, day=TODAY)


@pytest.fixture
def desk(session: Session, tmp_path: Path) -> Desk:
    return Desk(session, Store(tmp_path))


def asked(desk: Desk, day: date = TODAY, who: str = "science") -> list[str]:
    return [one.ask.value for one in work_of(desk, day, who).asked]


def work_of(desk: Desk, day: date = TODAY, who: str = "science") -> MyWork:
    actor = getattr(desk.people, who)
    return my_work(desk.session, actor, day, rule_set_on(desk.session, day))


def begun_and(*acts: Callable[[Desk], None]) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        desk.begun()
        for one in acts:
            one(desk)

    return run


def _returned(desk: Desk) -> None:
    desk.reported(10, "2013Q1")
    submit_task(desk.session, 1, None, on(TODAY, desk.people.science))
    return_task(desk.session, 1, "缺少验收意见", on(TODAY, desk.people.supervisor), date(2013, 4, 12))


def _report_returned(desk: Desk) -> None:
    desk.reported(2, "2013Q1")
    review_report(desk.session, 1, "2013Q1", Verdict(is_accepted=False, words="数字不对"), on(TODAY, desk.people.supervisor))


def _done(desk: Desk) -> None:
    desk.reported(10, "2013Q1")
    submit_task(desk.session, 1, None, on(TODAY, desk.people.science))
    complete_task(desk.session, 1, on(TODAY, desk.people.supervisor))


def _handed_in(desk: Desk) -> None:
    hand_in_part(desk.session, 1, PartInput(text="拨款到位"), desk.store, on(TODAY, desk.people.finance))


@pytest.mark.parametrize(
    ("happened", "day", "who", "wanted"),
    [
        pytest.param(lambda _desk: None, TODAY, "science", ["acknowledge"], id="issued"),
        pytest.param(begun_and(), date(2013, 2, 1), "science", [], id="nothing-within-the-quarter"),
        pytest.param(begun_and(), date(2013, 3, 29), "science", ["report"], id="quarter-about-to-end"),
        pytest.param(begun_and(), TODAY, "science", ["report"], id="quarter-over"),
        pytest.param(begun_and(), TODAY, "finance", ["part"], id="part-owed"),
        pytest.param(begun_and(_handed_in), TODAY, "finance", [], id="part-handed-in"),
        pytest.param(begun_and(lambda desk: desk.reported(2, "2013Q1")), TODAY, "science", [], id="reported"),
        pytest.param(begun_and(lambda desk: desk.reported(2, "2013Q1")), TODAY, "finance", [], id="lead-has-reported"),
        pytest.param(begun_and(lambda desk: desk.reported(10, "2013Q1")), TODAY, "science", ["submit"], id="all-met"),
        pytest.param(
            begun_and(lambda desk: desk.reported(2, "2013Q3", date(2013, 10, 8))), LATE, "science", ["report", "submit"], id="near"
        ),
        pytest.param(begun_and(_returned), TODAY, "science", ["returned"], id="submission-returned"),
        pytest.param(begun_and(_report_returned), TODAY, "science", ["returned"], id="report-returned"),
        pytest.param(begun_and(_done), TODAY, "science", [], id="done"),
        pytest.param(begun_and(Desk.noticed), TODAY, "science", ["notice", "report"], id="notice-first"),
    ],
)
@on_one_kind
def test_what_is_asked(desk: Desk, happened: Callable[[Desk], None], day: date, who: str, wanted: list[str]) -> None:
    happened(desk)
    assert asked(desk, day, who) == wanted


@pytest.mark.usefixtures("kept_whole")
def test_the_rest_of_the_list(desk: Desk) -> None:
    begun_and(_returned)(desk)
    asked_for = RequestInput(RequestKind.CANCELLATION, "资金晚到", "已选点")
    file_request(desk.session, 1, asked_for, on(TODAY, desk.people.science))
    found = work_of(desk)
    assert (found.asked[0].words[0], found.asked[0].by) == ("申请办结被退回：缺少验收意见", date(2013, 4, 12))
    assert ([row.reason for row in found.requests], [task.id for task in found.led], found.done_count) == (["资金晚到"], [1], 0)
    assert [task.id for task in work_of(desk, who="finance").supported] == [1]


@pytest.mark.usefixtures("kept_whole")
def test_a_notice_is_signed_for_and_replied_to(desk: Desk) -> None:
    begun_and(Desk.noticed)(desk)
    answer_notice(desk.session, 1, NoticeAnswer("王五"), on(TODAY, desk.people.science))
    assert work_of(desk).asked[0].words == ("已由王五签收，还没有答复办理情况",)
    answer_notice(desk.session, 1, NoticeAnswer(reply="已补齐"), on(TODAY, desk.people.science))
    assert asked(desk) == ["report"]
    row = desk.session.get(Notice, 1)
    assert row is not None
    assert (row.state, row.receiver, row.reply, row.replied_on) == (NoticeState.RECEIVED, "王五", "已补齐", TODAY)


@on_one_kind
def test_the_number_of_queries_does_not_grow_with_the_tasks(session: Session) -> None:
    counts = []
    who: People = people(session)
    for number in (1, 8):
        wanted = draft(*(item(one) for one in range(1, number + 1)), doc_no=f"测政办发〔2012〕{number}号")
        issued(session, who.office, wanted.model_copy(update={"source": Source(name="a.docx", sha256=str(number) * 64, kind="docx")}))
        statements: list[str] = []
        listen = lambda *said: statements.append(said[2])  # noqa: B023, E731
        sa.event.listen(session.connection().engine, "before_cursor_execute", listen)
        my_work(session, who.science, TODAY, rule_set_on(session, TODAY))
        sa.event.remove(session.connection().engine, "before_cursor_execute", listen)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 1
    assert 0 < counts[0] < 60
