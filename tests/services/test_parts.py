from datetime import date

import pytest
from sqlmodel import select

from models.ledger import LedgerEntry
from models.progress import Evidence, ReportedValue, SupportPart
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.parts import PartInput, hand_in_part, read_parts
from services.progress import Amount, ProgressInput, record_progress
from services.queries import show_task
from services.rebuilding import differences
from services.store import Store
from services.tasks import acknowledge_task, submit_task
from tests.builders import FINANCE, TODAY, issued, on, people
from tests.services.tree_fixtures import lower_units

SAID = PartInput({"示范县": 3}, "已落实三个县的资金")


@pytest.fixture
def actors(session):
    found = people(session)
    issued(session, found.office)
    return found


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture(autouse=True)
def whole_at_the_end(session):
    yield
    assert differences(session) == []
    assert first_break(session) is None


def refusal(act, *arguments):
    with pytest.raises(DubanError) as refused:
        act(*arguments)
    return refused.value.code


def test_a_part_reaches_the_lead_and_counts_nowhere(session, actors, store, tmp_path):
    list_of_counties = tmp_path / "名单.csv"
    list_of_counties.write_text("县\n东县\n", encoding="utf-8")
    said = PartInput({"示范": 3}, "已落实三个县的资金", "一县未到位", evidence=(list_of_counties,))
    handed = hand_in_part(session, 1, said, store, on(TODAY, actors.finance))
    assert (handed.period, handed.revision) == ("2013Q1", 1)
    parts = show_task(session, 1, TODAY, DEFAULT_RULE_SET, actors.science).parts
    (row,) = parts.rows
    assert (row.unit, row.values, row.problem, row.files) == (FINANCE, {"示范县": 3}, "一县未到位", ("名单.csv",))
    assert (parts.offered, parts.silent) == ({"示范县": 3}, ())
    assert session.exec(select(ReportedValue)).all() == []
    record = read_tasks(session, Viewpoint(TODAY, TODAY), DEFAULT_RULE_SET)[0]
    assert (record.facts.targets[0].actual, record.facts.has_report) == (None, False)
    entry = session.exec(select(LedgerEntry).where(LedgerEntry.act == "hand-in")).one()
    assert (entry.task_id, entry.after["period"], entry.after["evidence"][0]["name"]) == (1, "2013Q1", "名单.csv")


def test_who_is_silent_is_seen_until_he_speaks(session, actors, store):
    assert read_parts(session, 1, TODAY).silent == (FINANCE,)
    hand_in_part(session, 1, SAID, store, on(TODAY, actors.finance))
    assert read_parts(session, 1, TODAY).silent == ()
    assert read_parts(session, 1, date(2013, 4, 1)).silent == (FINANCE,)


def test_a_second_part_is_a_revision_and_the_last_counts(session, actors, store):
    for value in (3, 2):
        hand_in_part(session, 1, PartInput({"示范县": value}), store, on(TODAY, actors.finance))
    assert session.exec(select(SupportPart.revision).order_by(SupportPart.id)).all() == [1, 2]
    parts = read_parts(session, 1, TODAY)
    assert ([row.revision for row in parts.rows], parts.offered) == ([2], {"示范县": 2})


def test_once_the_lead_has_reported_the_next_period_is_asked_for(session, actors, store):
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    hand_in_part(session, 1, SAID, store, on(TODAY, actors.finance))
    record_progress(session, 1, ProgressInput({"示范县": Amount(3)}), store, on(TODAY, actors.science))
    parts = read_parts(session, 1, TODAY)
    assert (parts.period, parts.rows, parts.silent) == ("2013Q2", (), (FINANCE,))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param(PartInput(), "empty-part", id="nothing"),
        pytest.param(PartInput(text="  "), "empty-part", id="blanks"),
        pytest.param(PartInput({"人次": 1}), "unknown-measure", id="another measure"),
        pytest.param(PartInput({"示范县": -1}), "bad-quantity", id="negative"),
        pytest.param(PartInput({"示范县": float("nan")}), "bad-quantity", id="no number"),
        pytest.param(PartInput(text="好", period="2013Q4"), "period-not-begun", id="a period to come"),
        pytest.param(PartInput(text="好", period="2012Q4"), "period-before-task", id="before the task"),
    ],
)
def test_a_part_that_cannot_be_is_refused_whole(session, actors, store, said, code):
    assert refusal(hand_in_part, session, 1, said, store, on(TODAY, actors.finance)) == code
    assert session.exec(select(SupportPart)).all() == []


def test_bad_evidence_leaves_no_part(session, actors, store, tmp_path):
    program = tmp_path / "报表.xlsx"
    program.write_bytes(b"MZ" + bytes(200))
    for path in (program, tmp_path / "没有.pdf"):
        with pytest.raises(DubanError):
            hand_in_part(session, 1, PartInput(text="见附件", evidence=(path,)), store, on(TODAY, actors.finance))
    assert (session.exec(select(SupportPart)).all(), session.exec(select(Evidence)).all()) == ([], [])


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("science", "lead-reports"),
        ("office", "no-right"),
        ("supervisor", "no-right"),
        ("administrator", "no-right"),
    ],
)
def test_only_a_supporting_unit_hands_in(session, actors, store, who, code):
    assert refusal(hand_in_part, session, 1, SAID, store, on(TODAY, getattr(actors, who))) == code


def test_a_unit_below_the_supporting_one_does_not_speak_for_it(session, actors, store):
    assert refusal(hand_in_part, session, 1, SAID, store, on(TODAY, lower_units(session).foreign)) == "not-your-task"


def test_after_submission_nothing_is_taken_any_more(session, actors, store):
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    submit_task(session, 1, "提前完成", on(TODAY, actors.science))
    assert refusal(hand_in_part, session, 1, SAID, store, on(TODAY, actors.finance)) == "not-now"
    assert refusal(hand_in_part, session, 99, SAID, store, on(TODAY, actors.finance)) == "unknown-task"
