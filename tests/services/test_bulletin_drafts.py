"""A bulletin from draft to issue: frozen, worded, approved as exactly that, published once, corrected, sent, and proven."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.ledger import LedgerEntry
from models.notice import Message, MessageFile
from models.publication import BulletinDraft, DraftState, Publication, PublicationKind
from notify.channel import Routes
from notify.mail_folder import MailFolder
from reports.bulletin import as_json
from reports.bulletin_edits import Edits
from rules.errors import DubanError
from rules.periods import parse_period
from rules.rule_set import DEFAULT_RULE_SET
from services.bulletins.compiling import BulletinOrder
from services.bulletins.drafting import approve_draft, bulletin_of, discard_draft, draft_bulletin, draft_of, edit_draft, open_draft
from services.bulletins.publishing import addressees, is_published, publish_bulletin, publish_draft, send_published
from services.bulletins.tracing import trace, written_on
from services.contact_register import ContactSaid, set_contact
from services.ledger import first_break
from services.occasion import SYSTEM
from services.papers.filing import Press, archived, write_files
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.report_values import Amount
from services.store import Store
from services.tasks import acknowledge_task
from services.verifying import verify
from tests.builders import SCIENCE, draft, issued, item, on, people
from tests.databases import on_one_kind
from tests.remembered import once

Q1 = BulletinOrder(parse_period("2013Q1"), None, DEFAULT_RULE_SET)
WRITTEN = date(2013, 4, 8)
WORDS = Edits({"next.more": "督查室将逐项复核。"})


@pytest.fixture
@once
def team(session):
    actors = people(session)
    issued(session, actors.office, draft(item(1), item(2)))
    acknowledge_task(session, 1, on(date(2013, 1, 10), actors.science))
    return actors


@pytest.fixture
def press(tmp_path):
    return Press(Store(tmp_path / "store"), "督查室")


@pytest.fixture
def drafted(session, team):
    return session.get(BulletinDraft, first_draft(session, team.supervisor))


@once
def first_draft(session, supervisor):
    return draft_bulletin(session, Q1, on(WRITTEN, supervisor)).id


@pytest.fixture
def routes(tmp_path):
    return Routes(MailFolder(tmp_path / "outbox", "office@example.cn", "督查室"), {})


def acts(session):
    house = select(LedgerEntry.act).where(LedgerEntry.act.like("%-bulletin"))
    return session.execute(house.order_by(LedgerEntry.id)).scalars().all()


def refused(code):
    return pytest.raises(DubanError, check=lambda error: error.code == code)


def is_whole(session, press):
    return list(differences(session)) == [] and first_break(session) is None and verify(session, press.store).is_whole


def report(session, team, press, amount, day, task_id=1):
    said = ProgressInput({"示范县": Amount(amount)}, period="2013Q1", correction="补报")
    record_progress(session, task_id, said, press.store, on(day, team.science))


def test_from_draft_to_issue(session, team, press, drafted):
    supervisor = on(WRITTEN, team.supervisor)
    edit_draft(session, drafted, WORDS, supervisor)
    approve_draft(session, drafted, supervisor)
    published = publish_draft(session, drafted, press, supervisor)
    with refused("draft-not-open"):
        publish_draft(session, drafted, press, supervisor)
    assert (published.number, published.doc_no, published.version) == (1, "2013年第1期", 1)
    assert acts(session) == ["draft-bulletin", "edit-bulletin", "approve-bulletin", "publish-bulletin"]
    assert (drafted.state, drafted.approver, is_published(session, "2013Q1")) == (DraftState.PUBLISHED, "supervisor", True)
    paper = session.execute(select(Publication)).scalar_one()
    assert (paper.edits, paper.view, paper.approver) == (WORDS.as_json(), as_json(bulletin_of(drafted)), "supervisor")
    assert "督查室将逐项复核。" in press.store.read(published.files["2013Q1-2013-1.md"]).decode()
    assert is_whole(session, press)


def test_a_draft_keeps_its_figures_whatever_happens_later(session, team, press, drafted):
    before = bulletin_of(drafted)
    report(session, team, press, 9, WRITTEN)
    approve_draft(session, drafted, on(WRITTEN + timedelta(days=1), team.supervisor))
    published = publish_draft(session, drafted, press, on(WRITTEN + timedelta(days=1), team.supervisor))
    assert published.view == before
    assert before.details is not None
    assert before.details.method.drafter == "supervisor"
    assert is_whole(session, press)


def test_the_same_draft_on_the_same_day_and_a_new_one_with_the_old_words(session, team, press, drafted):
    supervisor = on(WRITTEN, team.supervisor)
    edit_draft(session, drafted, WORDS, supervisor)
    assert draft_bulletin(session, Q1, supervisor) is drafted
    report(session, team, press, 9, WRITTEN)
    renewed = draft_bulletin(session, Q1, supervisor)
    assert (renewed.id != drafted.id, renewed.edits, drafted.state) == (True, WORDS.as_json(), DraftState.DISCARDED)
    assert open_draft(session, "2013Q1") is renewed
    assert acts(session) == ["draft-bulletin", "edit-bulletin", "draft-bulletin"]


def test_an_edit_lapses_the_approval_and_nothing_new_is_no_act(session, team, press, drafted):
    supervisor = on(WRITTEN, team.supervisor)
    approve_draft(session, drafted, supervisor)
    approve_draft(session, drafted, supervisor)
    assert edit_draft(session, drafted, Edits(), supervisor).state is DraftState.APPROVED
    edit_draft(session, drafted, WORDS, supervisor)
    assert (drafted.state, drafted.approved_on) == (DraftState.DRAFT, None)
    with refused("not-approved"):
        publish_draft(session, drafted, press, supervisor)
    assert acts(session) == ["draft-bulletin", "approve-bulletin", "edit-bulletin"]


def test_what_was_approved_is_what_is_published(session, team, press, drafted):
    supervisor = on(WRITTEN, team.supervisor)
    approve_draft(session, drafted, supervisor)
    drafted.edits = {"texts": {"lead": "换掉的文字"}}
    session.flush()
    with refused("draft-changed"):
        publish_draft(session, drafted, press, supervisor)


def test_a_correction_names_the_first_and_what_changed(session, team, press):
    supervisor = on(WRITTEN, team.supervisor)
    publish_bulletin(session, Q1, press, supervisor)
    with refused("already-published"):
        draft_bulletin(session, Q1, supervisor)
    later = on(WRITTEN + timedelta(days=7), team.supervisor)
    report(session, team, press, 9, later.day)
    corrected = draft_bulletin(session, Q1, later, "收到补报")
    view = bulletin_of(corrected)
    assert view.details is not None
    assert view.details.correction is not None
    assert (view.details.correction.doc_no, view.details.correction.reason) == ("2013年第1期", "收到补报")
    changed = {(one.name, one.was, one.now) for one in view.details.correction.changes}
    assert {("behind", 1, 0), ("ahead", 0, 1), ("示范县", None, 9.0)} <= changed
    approve_draft(session, corrected, later)
    second = publish_draft(session, corrected, press, later)
    assert (second.number, second.version) == (2, 2)
    papers = archived(session, PublicationKind.BULLETIN)
    assert [paper.corrects_id for paper in papers] == [None, papers[0].id]
    assert "2013年第1期通报有误" in press.store.read(second.files["2013Q1-2013-2.md"]).decode()
    assert is_whole(session, press)
    third = draft_bulletin(session, Q1, later, "再次更正")
    assert bulletin_of(third).details.correction.changes == ()


def test_it_goes_to_its_addressees_in_the_same_transaction_and_once(session, team, press, drafted, routes):
    supervisor = on(WRITTEN, team.supervisor)
    set_contact(session, SCIENCE, ContactSaid("science@example.cn"), on(WRITTEN, team.office))
    approve_draft(session, drafted, supervisor)
    plan = addressees(session, bulletin_of(drafted), routes, WRITTEN)
    # A folder of messages takes one for a unit without an address, too; a person is told of it.
    assert [posting.address for posting in plan.postings] == ["science@example.cn", ""]
    assert any("财政厅" in remark for remark in plan.remarks)
    published = publish_draft(session, drafted, press, supervisor, plan)
    messages = session.execute(select(Message)).scalars().all()
    assert published.messages == tuple(message.id for message in messages)
    assert {message.about for message in messages} == {f"paper-{drafted.publication_id}"}
    assert set(session.execute(select(MessageFile.sha256)).scalars()) <= set(published.files.values())
    with refused("already-sent"):
        send_published(session, drafted.publication_id or 0, press, plan, supervisor)
    assert is_whole(session, press)


def test_what_was_published_without_sending_is_sent_later(session, team, press, routes):
    supervisor = on(WRITTEN, team.supervisor)
    set_contact(session, SCIENCE, ContactSaid("science@example.cn"), on(WRITTEN, team.office))
    published = publish_bulletin(session, Q1, press, supervisor)
    plan = addressees(session, published.view, routes, WRITTEN)
    paper_id = archived(session)[0].id
    with refused("nobody-to-send-to"):
        send_published(session, paper_id, press, replace(plan, postings=()), supervisor)
    with refused("unknown-paper"):
        send_published(session, 99, press, plan, supervisor)
    assert len(send_published(session, paper_id, press, plan, supervisor)) == len(plan.postings)
    assert acts(session)[-1] == "send-bulletin"
    assert is_whole(session, press)


def test_the_archive_gives_the_bytes_back(session, team, press, tmp_path):
    published = publish_bulletin(session, Q1, press, on(WRITTEN, team.supervisor))
    (paper,) = archived(session, PublicationKind.BULLETIN)
    paths = write_files(paper.files, press.store, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in paths} == {name: press.store.read(digest) for name, digest in published.files.items()}
    lost = next(iter(published.files.values()))
    (press.store.folder / lost[:2] / lost).unlink()
    assert [one.why for one in verify(session, press.store).publications] == ["file"]


@on_one_kind
@pytest.mark.parametrize(
    ("act", "code"),
    [
        pytest.param(
            lambda s, _d, o: draft_bulletin(s, Q1, replace(o, actor=SYSTEM), "没有印发过"), "nothing-to-correct", id="nothing to correct"
        ),
        pytest.param(lambda s, _d, _o: draft_of(s, "2013Q2"), "no-draft", id="no draft"),
        pytest.param(lambda s, d, o: approve_draft(s, d, replace(o, day=date(2013, 3, 31))), "period-not-over", id="approved too early"),
        pytest.param(lambda s, d, o: discard_draft(s, d, " ", o), "no-reason", id="discarded without a reason"),
        pytest.param(lambda s, d, o: approve_draft(s, d, replace(o, actor=SYSTEM)), "no-right", id="the program approves nothing"),
        pytest.param(lambda s, _d, _o: trace(s, Q1, WRITTEN, "speed"), "unknown-figure", id="unknown figure"),
    ],
)
def test_refusals_leave_nothing(session, team, drafted, act, code):
    before = (acts(session), drafted.state)
    with refused(code):
        act(session, drafted, on(WRITTEN, team.supervisor))
    session.flush()
    assert (acts(session), drafted.state) == before


def test_a_discarded_draft_is_gone_and_another_may_be_made(session, team, drafted):
    discard_draft(session, drafted, "数字有疑问", on(WRITTEN, team.supervisor))
    assert open_draft(session, "2013Q1") is None
    with refused("draft-not-open"):
        approve_draft(session, drafted, on(WRITTEN, team.supervisor))
    assert draft_bulletin(session, Q1, on(WRITTEN, team.supervisor)).id != drafted.id
    assert acts(session) == ["draft-bulletin", "discard-bulletin", "draft-bulletin"]


def test_a_draft_from_within_its_period_is_not_approved(session, team):
    early = draft_bulletin(session, Q1, on(date(2013, 3, 20), team.supervisor))
    with refused("period-not-over"):
        approve_draft(session, early, on(WRITTEN, team.supervisor))


def test_every_figure_is_traced_to_tasks_and_entries(session, team, press, drafted):
    view = bulletin_of(drafted)
    assert written_on(session, Q1, date(2020, 1, 1)) == WRITTEN
    for bucket in ("behind", "not_started", "done"):
        assert len(trace(session, Q1, WRITTEN, bucket)) == getattr(view.totals, bucket)
    behind = trace(session, Q1, WRITTEN, "behind")[0]
    assert [entry.act for entry in behind.entries] == ["issue", "acknowledge"]
    known = set(session.execute(select(LedgerEntry.hash)).scalars())
    assert {entry.hash for task in trace(session, Q1, WRITTEN) for entry in task.entries} <= known
    unit = view.units[0]
    assert len(trace(session, Q1, WRITTEN, f"unit-{unit.id}")) == unit.lead_tasks
    assert [task.item_id for task in trace(session, Q1, WRITTEN, "item-2")] == [2]
    assert session.execute(select(BulletinDraft)).scalar_one() is drafted
