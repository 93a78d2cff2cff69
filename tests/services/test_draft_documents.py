"""A document becomes a plan in the making, is put right by several people, and is issued or amends a plan in force."""

import io
import zipfile
from datetime import date

import pytest
from sqlmodel import Session, func, select

from intake.review.correcting import AddItem, ChangeItem, ChangePlan, DeleteItem, FirstLeads, MergeItem, MoveItem, RenameUnit, SplitItem
from models.draft_document import DraftDocument, DraftDocumentState
from models.ledger import LedgerEntry
from models.plan import Plan
from rules.errors import DubanError
from services.draft_correcting import changed_since, correct, undo, unwaive, waive
from services.draft_documents import (
    MOST_ITEMS,
    discard,
    draft_document,
    draft_of_row,
    page_of_drafts,
    read_upload,
    receive,
    refuse_too_many,
)
from services.draft_issuing import IssueOrder, amendment_sheet, issue_document, issue_sheet
from services.keyset import PageAsk
from services.plans import show_plan
from services.store import Store
from tests.builders import FINANCE, SCIENCE, draft, item, on, people
from tests.databases import on_one_kind

pytestmark = pytest.mark.usefixtures("kept_whole")
TODAY = date(2026, 11, 20)
NOTICE = f"""平湖县关于实施春风工程的通知
平政办发〔2026〕8号
一、主要任务
1. 整修校舍。2027年底前整修校舍20所。（责任单位：{SCIENCE}、{FINANCE}）
2. 增设车站。2027年底前增设车站5个。每年培训司机一次。（责任单位：{FINANCE}、县交通局）
3. 种植行道树。2027年底前种植行道树300棵。（责任单位：{SCIENCE}）
"""


@pytest.fixture
def notice(tmp_path):
    path = tmp_path / "春风工程.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


@pytest.fixture
def team(session: Session):
    return people(session)


@pytest.fixture
def desk(session: Session, team, tmp_path, notice):
    """The occasion of a planner, and the id of a draft just received."""
    occasion = on(TODAY, team.office)
    made = receive(session, read_upload(notice), occasion, Store(tmp_path / "store"))
    return occasion, made.id


def row_of(session, draft_id) -> DraftDocument:
    return session.get(DraftDocument, draft_id)


def draft_now(session, draft_id):
    return draft_of_row(row_of(session, draft_id))


def refused(code, act, *arguments, **named):
    with pytest.raises(DubanError) as refusal:
        act(*arguments, **named)
    assert refusal.value.code == code
    return refusal.value.message


def test_a_document_is_received_once_and_kept_by_its_hash(session, desk, notice, tmp_path):
    occasion, draft_id = desk
    store = Store(tmp_path / "store")
    again = receive(session, read_upload(notice), occasion, store)
    assert (again.id, again.is_known) == (draft_id, True)
    row = row_of(session, draft_id)
    assert store.read(row.file_sha256) == notice.read_bytes()
    (listed,) = page_of_drafts(session, PageAsk(), occasion.actor).rows
    assert (listed.name, listed.account, listed.revision) == ("春风工程.txt", "office", 0)
    assert len(draft_now(session, draft_id).items) == 3
    assert session.exec(select(func.count()).select_from(Plan)).one() == 0


def test_from_document_to_plan_the_issue_is_in_the_ledger(session, desk):
    occasion, draft_id = desk
    items = [item.id for item in draft_now(session, draft_id).items]
    refused("errors-left", issue_document, session, draft_id, IssueOrder(0), occasion)
    done = correct(session, draft_id, 0, FirstLeads(), occasion)
    assert items[0] in done.items
    assert not done.is_reshaped
    sheet = issue_sheet(session, draft_id, occasion.actor)
    assert (sheet.errors, sheet.item_count) == ((), 3)
    assert [new.name for new in sheet.new_units] == ["县交通局"]
    refused("names-not-confirmed", issue_document, session, draft_id, IssueOrder(1), occasion)
    refused("changed-meanwhile", issue_document, session, draft_id, IssueOrder(0, frozenset({"县交通局"})), occasion)
    plan_id = issue_document(session, draft_id, IssueOrder(1, frozenset({"县交通局"})), occasion)
    row = row_of(session, draft_id)
    assert (row.state, row.plan_id) == (DraftDocumentState.ISSUED, plan_id)
    assert {task.lead for task in show_plan(session, plan_id).tasks} == {SCIENCE, FINANCE}
    assert session.exec(select(LedgerEntry.act).where(LedgerEntry.act == "issue-plan")).all() == ["issue-plan"]
    refused("draft-closed", correct, session, draft_id, 1, DeleteItem(items[0]), occasion)


def test_a_draft_amends_a_plan_in_force_after_the_difference_was_shown(session, desk, tmp_path):
    occasion, draft_id = desk
    correct(session, draft_id, 0, FirstLeads(), occasion)
    plan_id = issue_document(session, draft_id, IssueOrder(1, frozenset({"县交通局"})), occasion)
    changed = tmp_path / "春风工程（调整）.txt"
    changed.write_text(NOTICE.replace("20所", "25所"), encoding="utf-8")
    second = receive(session, read_upload(changed), occasion, Store(tmp_path / "store")).id
    correct(session, second, 0, FirstLeads(), occasion)
    assert issue_sheet(session, second, occasion.actor).proposed_plan == plan_id
    refused("already-issued", issue_document, session, second, IssueOrder(1), occasion)
    shown = amendment_sheet(session, second, plan_id, occasion)
    assert any("25" in difference.after for difference in shown.differences)
    order = IssueOrder(1, amends=plan_id, seen_version=shown.version, reason="上级调整")
    assert issue_document(session, second, order, occasion) == plan_id
    assert show_plan(session, plan_id).version == 2


FIRST, SECOND, THIRD = "p4", "p5", "p6"
CORRECTIONS = {
    "plan": ChangePlan({"title": "春风工程三年计划"}),
    "item": ChangeItem(FIRST, {"title": "修缮校舍"}),
    "add": AddItem(FIRST, {"title": "新增一项", "issue": False}),
    "delete": DeleteItem(SECOND),
    "split": SplitItem(SECOND, len("2027年底前增设车站5个。")),
    "merge": MergeItem(THIRD),
    "move": MoveItem(THIRD, -1),
    "rename": RenameUnit("县交通局", FINANCE),
    "leads": FirstLeads(),
}


@on_one_kind
@pytest.mark.parametrize("kind", sorted(CORRECTIONS))
def test_undoing_gives_back_exactly_what_was(session, desk, kind):
    occasion, draft_id = desk
    before = draft_now(session, draft_id)
    assert [item.id for item in before.items] == [FIRST, SECOND, THIRD]
    done = correct(session, draft_id, 0, CORRECTIONS[kind], occasion)
    after = draft_now(session, draft_id)
    assert (done.revision, after != before) == (1, True)
    assert row_of(session, draft_id).draft["schema"] == "duban/draft-plan/1"
    undo(session, draft_id, 1, occasion)
    assert draft_now(session, draft_id) == before
    refused("nothing-to-undo", undo, session, draft_id, 2, occasion)


@on_one_kind
def test_two_people_meet_only_at_the_same_item(session, desk):
    occasion, draft_id = desk
    first, second, third = (item.id for item in draft_now(session, draft_id).items)
    correct(session, draft_id, 0, ChangeItem(first, {"title": "修缮校舍"}), occasion)
    told = refused("changed-meanwhile", correct, session, draft_id, 0, ChangeItem(first, {"title": "翻修校舍"}), occasion)
    assert "office" in told
    assert correct(session, draft_id, 0, ChangeItem(second, {"title": "增设站台"}), occasion).revision == 2
    refused("changed-meanwhile", undo, session, draft_id, 1, occasion)
    assert changed_since(session, draft_id, 1, occasion.actor).items == {second}
    # The same values again are no correction.
    assert correct(session, draft_id, 2, ChangeItem(third, {}), occasion).revision == 2
    refused("changed-meanwhile", correct, session, draft_id, 1, MergeItem(third), occasion)


@on_one_kind
def test_a_finding_is_let_pass_with_a_reason_and_held_again(session, desk):
    occasion, draft_id = desk
    finding = next(one for one in draft_now(session, draft_id).findings if one.code == "lead-not-marked")
    refused("no-reason", waive, session, draft_id, finding.code, finding.item, "  ", occasion)
    refused("unknown-finding", waive, session, draft_id, "no-due-date", None, "另定", occasion)
    refused("not-waivable", waive, session, draft_id, "ambiguous-unit", None, "另定", occasion)
    waive(session, draft_id, finding.code, finding.item, "按惯例首列牵头", occasion)
    sheet = issue_sheet(session, draft_id, occasion.actor)
    assert [(one.finding.code, one.reason, one.by) for one in sheet.waived] == [("lead-not-marked", "按惯例首列牵头", "office")]
    assert sheet.errors == ()
    unwaive(session, draft_id, finding.code, finding.item, occasion)
    assert issue_sheet(session, draft_id, occasion.actor).errors != ()


@on_one_kind
def test_only_the_plan_office_reaches_drafts(session, team, desk, notice, tmp_path):
    _occasion, draft_id = desk
    for actor in (team.supervisor, team.science, team.administrator):
        refused("unknown-draft", draft_document, session, draft_id, actor)
        refused("no-right", receive, session, read_upload(notice), on(TODAY, actor), Store(tmp_path / "other"))
        refused("unknown-draft", discard, session, draft_id, on(TODAY, actor))
    refused("unknown-draft", draft_document, session, 10**30, team.office)
    assert not (tmp_path / "other").exists()


def test_a_document_nobody_could_check_is_refused():
    refused("too-many-items", refuse_too_many, draft(*[item(number) for number in range(MOST_ITEMS + 1)]))


@on_one_kind
def test_a_draft_given_up_is_listed_no_more(session, desk):
    occasion, draft_id = desk
    discard(session, draft_id, occasion)
    assert page_of_drafts(session, PageAsk(), occasion.actor).rows == ()
    refused("draft-closed", undo, session, draft_id, 0, occasion)


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (30 << 20))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("炸弹.docx", bomb, "zip-bomb", id="bomb"),
        pytest.param("照片.docx", lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 100, "file-damaged", id="wrong-type"),
        pytest.param("断了.docx", lambda: bomb()[:2000], "file-damaged", id="broken"),
        pytest.param("空.txt", lambda: b"  \n", "file-empty", id="empty"),
        pytest.param("散文.txt", lambda: "今天天气很好。".encode(), "no-table-no-note", id="no-task"),
    ],
)
def test_a_hostile_file_is_refused_before_anything_is_kept(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content())
    refused(code, read_upload, path)
