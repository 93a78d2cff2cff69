"""Returned forms: what each row does, and what is told of a row that cannot be taken in."""

from datetime import date

import openpyxl
import pytest
from sqlmodel import select

from intake.draft import TargetDraft
from models.ledger import LedgerEntry
from models.progress import ProgressReport, ReportedValue
from models.request import Request, RequestKind
from models.task import Task, TaskState
from rules.texts import use_language
from services.form_rows import Verdict
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.requests import Approval, approve_request
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import draft, issued, item, on, people, yearly_task
from tests.databases import on_one_kind
from tests.services.form_fixtures import (
    APRIL,
    RECEIPT,
    REPORT,
    REQUEST,
    RETURNED_ON,
    Desk,
    house,
    lines,
    refusal,
    report,
    the_ledger_tells_all,
    values,
)

__all__ = ["house", "the_ledger_tells_all"]


def test_a_filled_form_does_what_the_unit_could_have_done(house):
    view = house.form()
    cells = {
        f"{RECEIPT}!F4": "是",
        f"{REPORT}!I4": 2,
        f"{REPORT}!K4": "已定两县",
        f"{REPORT}!N4": "名单一份",
        f"{REPORT}!I5": 1,
        f"{REPORT}!I6": "1,200人次",
        f"{REPORT}!I7": "８５％",
        f"{REPORT}!L5": "经费不足",
        f"{REQUEST}!E4": "延期",
        f"{REQUEST}!F4": "2014年3月31日",
        f"{REQUEST}!I4": "汛期停工",
    }
    taken = house.send(view, cells)
    assert [row.verdict for row in taken.rows] == [Verdict.TAKEN] * 4
    assert taken.is_kept
    assert "“1,200人次”读作 1200" in "".join(row.message for row in taken.rows)
    assert values(house.session) == [1, 2, 85, 1200]
    first = house.session.exec(select(ProgressReport).where(ProgressReport.task_id == 1)).one()
    assert (first.period, first.text, first.unit_id) == ("2013Q1", "已定两县（佐证材料：名单一份）", house.actors.science.unit_id)
    assert house.session.exec(select(Task.state).where(Task.id == 2)).one() is TaskState.IN_PROGRESS
    asked = house.session.exec(select(Request)).one()
    assert (asked.kind, asked.wanted, asked.filed_by) == (RequestKind.EXTENSION, {"due_on": "2014-03-31"}, "office")


def test_the_ledger_names_the_office_the_unit_and_the_form(house):
    house.send(house.form(), {f"{REPORT}!J4": "是"})
    entries = house.session.exec(select(LedgerEntry).where(LedgerEntry.act.in_(["report", "import-form", "export-form"]))).all()
    told = {entry.act: (entry.actor, entry.unit_id, entry.after["form"]) for entry in entries}
    unit_id = house.actors.science.unit_id
    assert told == {"report": ("office", unit_id, 1), "import-form": ("office", unit_id, 1), "export-form": ("office", None, 1)}
    assert house.session.exec(select(LedgerEntry.after).where(LedgerEntry.act == "report")).one()["no_change"] is True


def test_whoever_entered_a_units_request_does_not_answer_it(house):
    house.send(house.form(), {f"{REPORT}!K4": "开工", f"{REQUEST}!E4": "终止", f"{REQUEST}!I4": "政策调整"})
    assert refusal(approve_request, house.session, 1, Approval(), on(RETURNED_ON, house.actors.office)) == "own-request"


def test_taking_a_form_in_twice_changes_nothing(house):
    view = house.form()
    cells = {f"{RECEIPT}!F4": "是", f"{REPORT}!I4": 2, f"{REQUEST}!E4": "终止", f"{REQUEST}!I4": "政策调整", f"{REPORT}!K4": "两县"}
    house.send(view, cells)
    count = len(house.session.exec(select(LedgerEntry.id)).all())
    again = house.send(view, cells)
    assert {row.verdict for row in again.rows} == {Verdict.UNCHANGED}
    assert not again.is_kept
    assert len(house.session.exec(select(LedgerEntry.id)).all()) == count


def test_the_same_form_with_a_better_answer_is_a_new_revision(house):
    view = house.form()
    house.send(view, {f"{REPORT}!I4": 2})
    house.send(view, {f"{REPORT}!I4": 3})
    assert house.session.exec(select(ProgressReport.revision).order_by(ProgressReport.revision)).all() == [1, 2]


def test_an_old_form_overwrites_nothing_newer(house):
    view = house.form()
    report(house, 4, period="2013Q1")
    taken = house.send(view, {f"{REPORT}!I4": 3, f"{RECEIPT}!F4": "是"}, accept_good=True)
    assert [(row.verdict, row.code) for row in taken.rows] == [(Verdict.TAKEN, ""), (Verdict.REFUSED, "form-stale")]
    assert "2013-04-01 填报（science）" in taken.refused[0].message
    assert values(house.session) == [4]


def test_receipt_given_elsewhere_makes_a_form_no_older(house):
    view = house.form()
    acknowledge_task(house.session, 2, on(APRIL, house.actors.science))
    taken = house.send(view, {f"{RECEIPT}!F4": "是", f"{REPORT}!I5": 1})
    assert [row.verdict for row in taken.rows] == [Verdict.UNCHANGED, Verdict.TAKEN]


def test_a_dry_run_writes_nothing_and_says_the_same(house):
    view = house.form()
    cells = {f"{RECEIPT}!F4": "是", f"{REPORT}!I4": 2, f"{REPORT}!I5": "很多"}
    tried = house.send(view, cells, is_dry_run=True)
    assert (values(house.session), house.session.exec(select(Task.state).where(Task.id == 2)).one()) == ([], TaskState.ASSIGNED)
    assert tried.rows == house.send(view, cells).rows
    assert not tried.is_kept


def test_one_bad_row_keeps_all_out_unless_the_good_are_wanted(house):
    view = house.form()
    cells = {f"{REPORT}!I4": "约2", f"{RECEIPT}!F4": "是"}
    assert not house.send(view, cells).is_kept
    assert house.session.exec(select(Task.state).where(Task.id == 2)).one() is TaskState.ASSIGNED
    assert house.send(view, cells, accept_good=True).is_kept
    assert house.session.exec(select(Task.state).where(Task.id == 2)).one() is TaskState.IN_PROGRESS


@on_one_kind
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        pytest.param({f"{REPORT}!I4": "十二"}, "第 4 行“本期末累计数”（I4）：应填数字，现在是“十二”", id="words for a number"),
        pytest.param({f"{REPORT}!I4": "12万"}, "现在是“12万”", id="a unit that is not the target's"),
        pytest.param({f"{REPORT}!I4": "3人"}, "现在是“3人”", id="another unit of measure"),
        pytest.param({f"{REPORT}!I4": "20%"}, "填成了百分数", id="a percentage for a quantity"),
        pytest.param({f"{REPORT}!I4": -1}, "不小于 0", id="below nothing"),
        pytest.param({f"{REPORT}!I4": True}, "应填数字", id="a truth value"),
        pytest.param({f"{REPORT}!I4": date(2013, 3, 1)}, "应填数字", id="a day"),
        pytest.param({f"{REPORT}!I4": "1,2"}, "应填数字", id="a comma that parts no thousands"),
        pytest.param({f"{REPORT}!I4": "=1+1"}, "是公式", id="a formula that was never worked out"),
        pytest.param({f"{REPORT}!I4": "#REF!"}, "出错的公式", id="a broken formula"),
        pytest.param({f"{REPORT}!J4": "也许"}, "从下拉列表中选“是”", id="neither yes nor empty"),
        pytest.param({f"{REPORT}!J4": "是", f"{REPORT}!I4": 2}, "只留一样", id="no change and a figure"),
        pytest.param({f"{REPORT}!K4": "长" * 2001}, "最多 2000", id="too many words"),
        pytest.param({f"{REPORT}!I4": 101}, "超过目标 10 的 10 倍", id="far above the target"),
        pytest.param({f"{REPORT}!I8": 1}, "没有数量指标，请用文字", id="a figure where none is asked"),
        pytest.param({f"{REPORT}!K8": "已起草"}, "请先在“任务签收”页签收", id="not acknowledged"),
        pytest.param({f"{REQUEST}!I4": "汛期"}, "没有选“申请事项”", id="a reason for nothing"),
        pytest.param({f"{REQUEST}!E4": "延期", f"{REQUEST}!I4": "汛期"}, "须填“延期到”", id="no new day"),
        pytest.param({f"{REQUEST}!E4": "延期", f"{REQUEST}!F4": "明年"}, "看不懂日期“明年”", id="no day"),
        pytest.param({f"{REQUEST}!E4": "暂缓", f"{REQUEST}!H4": 1.5, f"{REQUEST}!I4": "汛期"}, "应填整数", id="half a day"),
        pytest.param({f"{REQUEST}!E4": "涨价"}, "请从下拉列表中选：延期、退办、暂缓、终止", id="no such request"),
        pytest.param({f"{REQUEST}!E4": "终止"}, "须写明“理由”", id="no reason"),
    ],
)
def test_a_mistake_is_told_in_the_units_words_with_its_place(house, cells, said):
    taken = house.send(house.form(), cells)
    assert len(taken.refused) == 1
    assert said in taken.refused[0].message
    assert not taken.is_kept
    assert house.session.exec(select(ProgressReport)).all() == []


@on_one_kind
@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("１２", 12, id="full width"),
        pytest.param("12个", 12, id="with its unit"),
        pytest.param(" 12 ", 12, id="with blanks"),
        pytest.param("1,200", None, id="more than ten times"),
        pytest.param("12.5", 12.5, id="a fraction"),
    ],
)
def test_a_number_is_read_where_it_can_only_mean_one_thing(house, written, value):
    taken = house.send(house.form(), {f"{REPORT}!I4": written}, is_confirmed=value is None)
    assert taken.is_kept
    assert values(house.session) == [value or 1200]


@on_one_kind
def test_a_cell_shown_as_a_percentage_is_a_share(house):
    place = house.returned(house.form(), {f"{RECEIPT}!F4": "是", f"{REPORT}!I7": 0.85})
    book = openpyxl.load_workbook(place)
    book[REPORT]["I7"].number_format = "0%"
    book.save(place)
    house.take(place)
    assert values(house.session) == [85]


@on_one_kind
@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_words_that_look_like_a_formula_stay_words(house, start):
    said = start + "SUM(A1:A9)"
    house.send(house.form(), {f"{REPORT}!K4": "=words:" + said[1:] if start == "=" else said})
    assert house.session.exec(select(ProgressReport.text)).one() == said


@on_one_kind
@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda book: book.remove(book["duban"]), "not-a-form", id="no hidden sheet"),
        pytest.param(lambda book: book.remove(book[REPORT]), "form-tampered", id="a sheet gone"),
        pytest.param(lambda book: book[REPORT].delete_cols(5), "form-tampered", id="a column gone"),
        pytest.param(lambda book: book["duban"].__setitem__("B1", "7"), "unknown-form", id="another number"),
        pytest.param(lambda book: book["duban"].__setitem__("B1", "x"), "form-tampered", id="no number"),
        pytest.param(lambda book: book["duban"].__setitem__("C1", "0" * 16), "foreign-form", id="another house"),
        pytest.param(lambda book: book["duban"].__setitem__("D1", "2"), "form-tampered", id="another unit"),
        pytest.param(lambda book: book["duban"].__setitem__("C5", "99"), "form-tampered", id="another place in the ledger"),
    ],
)
def test_a_changed_frame_is_refused_as_a_whole(house, change, code):
    place = house.returned(house.form(), {f"{REPORT}!I4": 2})
    book = openpyxl.load_workbook(place)
    change(book)
    book.save(place)
    assert refusal(house.take, place) == code


@on_one_kind
def test_copied_moved_and_invented_rows_are_told(house):
    place = house.returned(house.form(), {f"{REPORT}!I4": 2})
    book = openpyxl.load_workbook(place)
    sheet = book[REPORT]
    for at, column in enumerate("ABCDEFGHI", 1):
        sheet.cell(9, at).value = sheet[f"{column}4"].value
    sheet["I10"] = 5
    sheet["A6"], sheet["A7"], sheet["I6"] = sheet["A7"].value, sheet["A6"].value, 3
    book.save(place)
    taken = house.take(place)
    assert [(row.row, row.code) for row in taken.refused] == [(6, "strange-row"), (9, "strange-row"), (10, "strange-row")]


@on_one_kind
def test_a_sheet_full_of_foreign_rows_is_told_in_few_lines(house):
    taken = house.send(house.form(), {f"{REPORT}!K{row}": "多余" for row in range(10, 200)})
    assert len(taken.refused) == 21
    assert taken.refused[-1].message == "“进展填报”第 30 行及以下共 170 行都不是表中原有的行"


@on_one_kind
def test_rows_deleted_by_the_unit_are_merely_unanswered(house):
    place = house.returned(house.form(), {f"{REPORT}!I4": 2})
    book = openpyxl.load_workbook(place)
    book[REPORT].delete_rows(8)
    book.save(place)
    assert house.take(place).is_kept


@on_one_kind
def test_a_file_that_is_no_form_is_refused(house):
    place = house.folder / "notes.txt"
    place.write_text("没有内容可填", encoding="utf-8")
    assert refusal(house.take, place) == "not-a-form"


def test_nothing_filled_in_writes_nothing(house):
    taken = house.send(house.form(), {})
    assert (taken.rows, taken.is_kept) == ((), False)


def test_a_day_before_the_ledgers_last_is_refused_as_a_whole_and_leaves_nothing(house):
    view = house.form(day=APRIL)
    report(house, 1, day=date(2013, 4, 3), period="2013Q2")
    place = house.returned(view, {f"{RECEIPT}!F4": "是"})
    assert refusal(house.take, place) == "past-date"
    assert house.session.exec(select(Task.state).where(Task.id == 2)).one() is TaskState.ASSIGNED


@on_one_kind
def test_a_form_made_in_english_is_taken_in_by_a_chinese_house(house):
    with use_language("en"):
        view = house.form()
        place = house.folder / "english.xlsx"
        from reports.form_workbook import form_xlsx

        place.write_bytes(form_xlsx(view))
    book = openpyxl.load_workbook(place)
    book.worksheets[2]["I4"], book.worksheets[2]["K4"] = 2, "two"
    book.save(place)
    assert house.take(place).is_kept


@on_one_kind
def test_two_targets_of_one_name_are_told_apart_and_parts_are_asked_one_by_one(session, tmp_path):
    actors = people(session)
    facts = {"unit_of_measure": "个", "year": 2013, "basis": "period"}
    new = TargetDraft(text="新建10个", measure="示范县", value=10, **facts)
    rolling = TargetDraft(text="滚动5个", measure="示范县", value=5, **facts)
    each = TargetDraft(text="每个市至少1个", measure="基地", value=1, comparator="ge", scope="每个市", **facts)
    issued(session, actors.office, draft(item(1, tasks=(yearly_task(2013, 10).model_copy(update={"targets": (new, rolling, each)}),))))
    acknowledge_task(session, 1, on(date(2013, 1, 7), actors.science))
    said = ProgressInput({"基地@北市": Amount(1), "基地@南市": Amount(0)}, period="2013Q1")
    house = Desk(session, actors, tmp_path)
    record_progress(session, 1, said, Store(tmp_path / "store"), on(date(2013, 3, 28), actors.science))
    view = house.form("2013Q2", date(2013, 6, 28))
    asked = [(line.cells["measure"], line.cells["last"]) for line in lines(view, "report")]
    assert asked == [
        ("示范县（个）", None),
        ("示范县（2）（个）", None),
        ("基地（个）：北市", 1),
        ("基地（个）：南市", 0),
        ("基地（个）", None),
    ]
    place = house.returned(view, {f"{REPORT}!I4": 7, f"{REPORT}!I5": 3, f"{REPORT}!I7": 2})
    assert house.take(place, date(2013, 7, 1)).is_kept
    latest = session.exec(select(ProgressReport.id).order_by(ProgressReport.id.desc())).first()
    rows = session.exec(select(ReportedValue).where(ReportedValue.report_id == latest).order_by(ReportedValue.target_id)).all()
    assert [(row.value, row.part) for row in rows] == [(7, ""), (3, ""), (2, "南市")]
