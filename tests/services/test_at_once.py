"""Two people at once, on real connections: one wins, the other waits and then goes on, or is told."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from threading import Event as Signal
from time import monotonic

import pytest
from sqlmodel import Session, select

from models.ledger import LedgerEntry
from models.notice import Notice
from models.plan import Plan
from models.task import Task, TaskState
from notify.channel import Routes
from notify.mail_folder import MailFolder
from rules.errors import DubanError
from runtime.database import transaction
from services.amending import AmendmentOrder, amend_plan
from services.calendar_feeds import open_feed
from services.ledger import Event, first_break, record
from services.notice_issuing import IssueOrder, NoticePress, issue_notice
from services.notices import prepare_notices
from services.rebuilding import differences
from services.store import Store
from services.tasks import acknowledge_task
from services.unit_changes import rename_unit
from services.units import NewUnit, register_units
from tests.builders import SCIENCE, TODAY, draft, issued, item, keep, occasion, on, people
from tests.databases import is_waited_in

HELD, MOST_SECONDS = 0.1, 120
AMENDED_ON = date(2013, 6, 3)


@pytest.fixture
def team(engine):
    with transaction(engine) as session:
        made = people(session)
        issued(session, made.office)
    return made


def at_once(engine, first, second):
    """Run `second` while the transaction of `first` is still open; return the second's refusal code, None where it went through."""
    has_acted, outcome = Signal(), []

    def hold():
        with transaction(engine) as session:
            first(session)
            has_acted.set()
            until_stopped(engine, following)

    def follow():
        has_acted.wait(MOST_SECONDS)
        try:
            with transaction(engine) as session:
                second(session)
        except DubanError as refused:
            outcome.append(refused.code)

    with ThreadPoolExecutor(2) as threads:
        following = threads.submit(follow)
        for done in (threads.submit(hold), following):
            done.result(timeout=2 * MOST_SECONDS)
    with Session(engine) as session:
        assert first_break(session) is None
        assert differences(session) == []
    return outcome[0] if outcome else None


def until_stopped(engine, following):
    """Return when the one who follows waits for a lock, or has come to his end without. On SQLite he waits before he looks, so it matters to nobody how far he is."""
    if engine.dialect.name == "sqlite":
        wait([following], HELD)
        return
    ends = monotonic() + MOST_SECONDS
    while monotonic() < ends and not following.done() and not is_waited_in(engine):
        wait([following], 0.02)


def test_two_first_writers_of_one_chain_follow_each_other(engine, team):
    with transaction(engine) as session:
        plan = Plan(title="另一个计划", source_name="x", source_sha256="c" * 64)
        keep(session, plan)
        plan_id = plan.id
    writers = [lambda session, who=who: record(session, occasion(), Event("note", who, plan_id)) for who in ("one", "two")]
    assert at_once(engine, *writers) is None
    with Session(engine) as session:
        entries = select(LedgerEntry.seq, LedgerEntry.subject).where(LedgerEntry.plan_id == plan_id)
        assert session.exec(entries.order_by(LedgerEntry.seq)).all() == [(1, "one"), (2, "two")]


def test_of_two_acts_on_one_task_one_wins_and_the_other_is_told(engine, team):
    act = lambda session: acknowledge_task(session, 1, on(TODAY, team.science))  # noqa: E731
    assert at_once(engine, act, act) == "not-now"
    with Session(engine) as session:
        assert session.get(Task, 1).state is TaskState.IN_PROGRESS


def amended(team, sha):
    wanted = draft(item(1))
    wanted = wanted.model_copy(update={"source": wanted.source.model_copy(update={"sha256": sha * 64})})
    return lambda session: amend_plan(session, 1, wanted, AmendmentOrder(seen_version=1), on(AMENDED_ON, team.office))


def test_of_two_amendments_the_second_is_told(engine, team):
    assert at_once(engine, amended(team, "b"), amended(team, "c")) in ("plan-changed", "nothing-to-amend")


def test_a_task_cancelled_by_an_amendment_cannot_be_acknowledged_meanwhile(engine, team):
    assert at_once(engine, amended(team, "b"), lambda session: acknowledge_task(session, 4, on(AMENDED_ON, team.science))) == "not-now"


def test_two_renamings_follow_each_other(engine, team):
    renaming = [
        lambda session, name=name: rename_unit(session, SCIENCE, name, AMENDED_ON, on(AMENDED_ON, team.office)) for name in ("甲厅", "乙厅")
    ]
    assert at_once(engine, *renaming) is None


def test_of_two_runs_that_prepare_notices_one_finds_nothing_left(engine, team):
    act = lambda session: prepare_notices(session, occasion(day=AMENDED_ON))  # noqa: E731
    assert at_once(engine, act, act) is None
    with Session(engine) as session:
        found = session.exec(select(Notice)).all()
        assert len(found) == len({notice.task_id for notice in found}) > 0


@pytest.mark.parametrize(("ids", "code", "numbers"), [((1, 2), None, [1, 2]), ((1, 1), "notice-not-waiting", [1, None])])
def test_notices_issued_at_once_get_a_number_each(engine, team, tmp_path, ids, code, numbers):
    with transaction(engine) as session:
        prepare_notices(session, occasion(day=AMENDED_ON))
    press = NoticePress(Store(tmp_path / "store"), Routes(MailFolder(tmp_path / "outbox", "duban@example.cn")))
    acts = [lambda session, n=n: issue_notice(session, n, IssueOrder(), press, on(AMENDED_ON, team.supervisor)) for n in ids]
    assert at_once(engine, *acts) == code
    with Session(engine) as session:
        assert session.exec(select(Notice.number).order_by(Notice.id)).all() == numbers


def test_of_two_who_open_a_calendar_one_is_told(engine, team):
    def opened(session):
        open_feed(session, SCIENCE, None, on(TODAY, team.science))

    assert at_once(engine, opened, opened) == "feed-open"


def test_of_two_who_make_the_same_new_thing_one_does_and_the_other_may_again(engine, team):
    def registered(session):
        register_units(session, [NewUnit("新设的局")], on(TODAY, team.office))

    # On SQLite the second waits before it looks; on PostgreSQL it has looked already, and finds the unit next time.
    assert at_once(engine, registered, registered) == (None if engine.dialect.name == "sqlite" else "database-busy")
    with transaction(engine) as session:
        registered(session)
