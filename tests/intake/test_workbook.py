"""The review workbook: there and back without loss, edits of people taken as meant, mistakes told with their place."""

import shutil
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.draft import DraftPlan, Finding, ItemDraft, PlanDraft, Recurrence, Source, SourcePlace, TargetDraft, TaskDraft, UnitDraft
from intake.reading import read_document
from intake.workbook import read_workbook, write_workbook
from rules.errors import DubanError
from tests.intake.samples import EXAMPLE, draft, item, target, unit, year

WORDS = st.text(alphabet="省市县科技厅局、，（）“”=+-@1 2a\n", min_size=1, max_size=12).map(str.strip).filter(bool)
LINE = WORDS.map(lambda text: " ".join(text.split("\n")).strip()).filter(bool)
MAYBE = st.one_of(st.none(), WORDS)
NUMBER = st.one_of(st.none(), st.decimals(0, 10**9, places=3).map(float))
DAY = st.dates(date(1950, 1, 1), date(2099, 12, 31))
MAYBE_DAY = st.one_of(st.none(), DAY)
COUNT = st.one_of(st.none(), st.integers(1, 9999))
TARGETS = st.lists(
    st.builds(
        TargetDraft,
        text=WORDS,
        measure=MAYBE,
        unit_of_measure=MAYBE,
        comparator=st.sampled_from(["eq", "ge", "gt", "le", "lt", "about", "range", "all", "exceeds-series"]),
        value=NUMBER,
        low=NUMBER,
        high=NUMBER,
        year=COUNT,
        basis=st.sampled_from(["period", "cumulative", "level", None]),
        scope=MAYBE,
        baseline=NUMBER,
    ),
    max_size=3,
).map(tuple)
UNITS = st.lists(
    st.builds(UnitDraft, name=LINE, as_written=WORDS, role=st.sampled_from(["lead", "support", "responsible"]), open=st.booleans()),
    max_size=4,
).map(tuple)
TASKS = st.lists(st.builds(TaskDraft, label=LINE, starts_on=DAY, due_on=DAY, text=WORDS, targets=TARGETS), max_size=3).map(tuple)
EVERY = st.sampled_from(["year", "half-year", "quarter", "month", "week", "two-years"])
ITEMS = st.lists(
    st.builds(
        ItemDraft,
        id=st.from_regex(r"[tp][0-9]{1,3}(-[0-9]{1,2})?", fullmatch=True),
        number=MAYBE,
        path=st.lists(LINE, max_size=3).map(tuple),
        title=WORDS,
        text=WORDS,
        place=MAYBE,
        units=UNITS,
        starts_on=MAYBE_DAY,
        due_on=MAYBE_DAY,
        recurrence=st.one_of(st.none(), st.builds(Recurrence, every=EVERY, at_least=NUMBER)),
        targets=TARGETS,
        tasks=TASKS,
        source=st.builds(SourcePlace, first_line=COUNT, last_line=COUNT, sheet=MAYBE, table=COUNT, row=COUNT),
        confidence=st.sampled_from([0.0, 0.6, 0.95, 1.0]),
        issue=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda item: item.id,
).map(tuple)
PLANS = st.builds(
    PlanDraft, title=MAYBE, doc_no=MAYBE, issuer=MAYBE, signed_on=MAYBE_DAY, issued_on=MAYBE_DAY, starts_on=MAYBE_DAY, ends_on=MAYBE_DAY
)


@st.composite
def drafts(draw) -> DraftPlan:
    items = draw(ITEMS)
    about = st.one_of(st.none(), *([st.sampled_from([item.id for item in items])] if items else []))
    finding = st.builds(
        Finding, code=st.just("some-code"), severity=st.sampled_from(["error", "warning", "info"]), message=WORDS, item=about
    )
    source = Source(name="文件.txt", sha256="0" * 64, kind=draw(st.sampled_from(["txt", "docx", "xlsx"])))
    return DraftPlan(source=source, plan=draw(PLANS), items=items, findings=tuple(draw(st.lists(finding, max_size=3))))


@settings(derandomize=True, max_examples=12, deadline=None)
@given(drafts())
def test_there_and_back_without_loss(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("审阅") / "审核工作簿.xlsx"
    write_workbook(made, path)
    assert read_workbook(path) == made


@pytest.fixture(scope="module")
def read() -> DraftPlan:
    return read_document(EXAMPLE)


FEW = ("p8", "p11", "p12", "p14", "t1-1", "t1-2")


@pytest.fixture(scope="module")
def few(read) -> DraftPlan:
    """Some items of the example, enough to be edited."""
    items = tuple(item for item in read.items if item.id in FEW)
    findings = tuple(finding for finding in read.findings if finding.item in (None, *FEW))
    return read.model_copy(update={"items": items, "findings": findings})


@pytest.fixture(scope="module")
def written(tmp_path_factory, few) -> Path:
    path = tmp_path_factory.mktemp("例") / "审核工作簿.xlsx"
    write_workbook(few, path)
    return path


@pytest.fixture
def example(tmp_path, written) -> Path:
    """A workbook of some items that a test may change."""
    return Path(shutil.copy(written, tmp_path))


@pytest.fixture(scope="module")
def opened(written) -> openpyxl.Workbook:
    return openpyxl.load_workbook(written)


@pytest.fixture
def edit(opened, tmp_path):
    """Saves the workbook with cells changed, each given as (sheet, row, head, value); after the test they are what they were."""
    before = []

    def edited(*changes) -> Path:
        for sheet_name, row, head, value in changes:
            sheet = opened[sheet_name]
            heads = {cell.value: cell.column for cell in sheet[1]}
            cell = sheet.cell(row, heads.get(head, 2))
            before.append((cell, cell.value, cell.number_format))
            cell.value = value
        opened.save(tmp_path / "改过.xlsx")
        return tmp_path / "改过.xlsx"

    yield edited
    for cell, value, number_format in reversed(before):
        cell.value, cell.number_format = value, number_format


def row_of(book: openpyxl.Workbook, sheet: str, value: str, column: int = 1) -> int:
    return next(row[0].row for row in book[sheet].iter_rows() if row[column - 1].value == value)


def test_the_example_there_and_back_and_saved_by_another_program(tmp_path, read):
    path = tmp_path / "审核工作簿.xlsx"
    write_workbook(read, path)
    assert read_workbook(path) == read
    openpyxl.load_workbook(path).save(path)
    assert read_workbook(path) == read


def test_first_units_lead_where_the_clerk_says_so(opened, edit):
    row = row_of(opened, "计划", "未标明牵头的，以首列单位为牵头")
    items = read_workbook(edit(("计划", row, "内容（请在本栏修改）", "是"))).items
    assert [[unit.role for unit in item.units].count("lead") for item in items] == [int(item.issue) for item in items]
    assert all(item.units[0].role == "lead" for item in items if item.issue)


def test_lead_moved_by_hand(opened, edit):
    row = row_of(opened, "事项", "t1-1")
    moved = ("事项", row, "牵头单位", "自治区发展改革委"), ("事项", row, "责任单位", "自治区科技厅\n有关市、县（市、区）人民政府")
    items = read_workbook(edit(*moved)).items
    units = next(item for item in items if item.id == "t1-1").units
    assert [(unit.name, unit.role) for unit in units] == [
        ("自治区科技厅", "responsible"),
        ("自治区发展改革委", "lead"),
        ("有关市、县（市、区）人民政府", "responsible"),
    ]
    assert units[1].as_written == "发展改革委"


def test_new_units_typed_on_one_line_are_split(opened, edit):
    typed = ("事项", row_of(opened, "事项", "t1-1"), "配合单位", "自治区教育厅、各市人民政府")
    (units,) = (item.units for item in read_workbook(edit(typed)).items if item.id == "t1-1")
    assert [(unit.name, unit.role, unit.open) for unit in units[-2:]] == [
        ("自治区教育厅", "support", False),
        ("各市人民政府", "support", True),
    ]


def test_rows_added_deleted_and_put_in_another_order(example, few):
    book = openpyxl.load_workbook(example)
    sheet = book["事项"]
    sheet.delete_rows(2)
    first = [cell.value for cell in sheet[2]]
    for cell, other in zip(sheet[2], sheet[3], strict=True):
        cell.value = other.value
    for cell, value in zip(sheet[3], first, strict=True):
        cell.value = value
    sheet.append([None, "是", "新", "新增一项", "补做一件事", "自治区科技厅"])
    book["年度任务"].append(["t1-1", None, "2016年", None, None, "收尾"])
    book.save(example)
    before, after = few, read_workbook(example)
    assert [item.id for item in after.items] == [before.items[2].id, before.items[1].id, *(item.id for item in before.items[3:]), "n1"]
    assert (after.items[-1].title, after.items[-1].units[0].role) == ("新增一项", "lead")
    task = next(item for item in after.items if item.id == "t1-1").tasks[-1]
    assert (task.label, task.starts_on, task.due_on) == ("2016年", date(2016, 1, 1), date(2016, 12, 31))
    assert before.items[0].id in {finding.item for finding in before.findings}
    assert before.items[0].id not in {finding.item for finding in after.findings}


def test_columns_may_move(example, few):
    book = openpyxl.load_workbook(example)
    sheet = book["事项"]
    for row in sheet.iter_rows():
        row[3].value, row[4].value = row[4].value, row[3].value
    book.save(example)
    assert read_workbook(example) == few


@pytest.mark.parametrize("typed", ["2014-06-30", "2014/6/30", "2014年6月30日", "２０１４．６．３０", date(2014, 6, 30)], ids=str)
def test_dates_as_people_write_them(opened, edit, typed):
    row = row_of(opened, "事项", "t1-2")
    (due_on,) = (item.due_on for item in read_workbook(edit(("事项", row, "截止日期", typed))).items if item.id == "t1-2")
    assert due_on == date(2014, 6, 30)


MISTAKES = {
    "choice": ("事项", "是否交办", "也许", "“也许”不在可选的词里；请选是、否"),
    "date": ("事项", "截止日期", "年底", "“年底”不是日期"),
    "no-such-day": ("事项", "截止日期", "2014-02-30", "不是日期"),
    "missing-title": ("事项", "标题", None, "没有填"),
    "negative": ("指标", "目标值", -5, "-5是负数"),
    "no-number": ("指标", "目标值", "若干", "“若干”不是数字"),
    "no-whole-number": ("指标", "年份", 2013.5, "不是整数"),
    "comparator": ("指标", "比较", "大概", "不在可选的词里"),
    "unknown-item": ("指标", "事项标识", "t9-9", "没有标识“t9-9”"),
    "unknown-year": ("指标", "所属年度", "2099年", "没有年度任务“2099年”"),
    "formula": ("指标", "目标值", "=1+1", "是公式"),
    "role": ("单位", "原来的分工", "主持", "“主持”不在可选的词里"),
    "times-without-round": ("事项", "每期至少几次", 3, "没有周期"),
    "confidence": ("事项", "可信度", 7, "应在 0 与 1 之间"),
    "twice": ("事项", "标识", "p11", "“p11”重复"),
}


@pytest.mark.parametrize(("sheet", "head", "value", "words"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_with_sheet_row_and_column(edit, sheet, head, value, words):
    with pytest.raises(DubanError) as refusal:
        read_workbook(edit((sheet, 5, head, value)))
    assert refusal.value.code == "workbook-mistakes"
    assert f"“{sheet}”页第5行" in refusal.value.message
    assert words in refusal.value.message
    assert "\n" not in refusal.value.message


def test_all_mistakes_are_told_at_once(edit):
    with pytest.raises(DubanError) as refusal:
        read_workbook(edit(("事项", 3, "是否交办", "？"), ("指标", 4, "目标值", -1), ("年度任务", 2, "截止日期", "明天")))
    assert "有3处要改" in refusal.value.message


def test_missing_sheet_and_missing_column(example):
    book = openpyxl.load_workbook(example)
    del book["指标"]
    book["年度任务"]["C1"] = "别的"
    book.save(example)
    with pytest.raises(DubanError, match="整页不见了") as refusal:
        read_workbook(example)
    assert "“年度任务”页第1行“年度或阶段”：没有这一栏" in refusal.value.message


def test_another_workbook_is_not_taken_for_a_review(tmp_path):
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(DubanError) as refusal:
        read_workbook(path)
    assert refusal.value.code == "not-a-review-workbook"


def test_words_like_formulas_stay_words(tmp_path):
    made = draft(item(title="=1+1", text="@SUM(A1)", number="-1", units=(unit("+科技厅", "lead"),)))
    path = tmp_path / "审核工作簿.xlsx"
    write_workbook(made, path)
    assert read_workbook(path) == made
    with zipfile.ZipFile(path) as archive:
        sheets = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))
        assert b"<f>" not in sheets
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")


def test_what_the_clerk_sees(tmp_path):
    made = draft(
        item(tasks=(year(2013, target(5.0)),), targets=(target(5.0),)),
        findings=(Finding(code="no-due-date", severity="error", message="没有期限", item="t1-1"),),
    )
    path = tmp_path / "审核工作簿.xlsx"
    write_workbook(made, path)
    book = openpyxl.load_workbook(path)
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == [
        "计划",
        "事项",
        "年度任务",
        "指标",
        "单位",
        "检查意见",
        "单位名册",
        "说明",
    ]
    assert all(sheet.freeze_panes for sheet in book if sheet.sheet_state == "visible")
    issue = book["事项"]["B2"]
    assert issue.value == "是"
    assert any("B2" in rule.sqref and rule.formula1 == '"是,否"' for rule in book["事项"].data_validations.dataValidation)
    assert book["年度任务"]["D2"].is_date
    assert book["检查意见"]["B2"].hyperlink.location == "'事项'!A2"
    assert book["检查意见"]["A2"].fill.start_color.rgb != book["事项"]["D2"].fill.start_color.rgb


def test_a_share_typed_with_its_sign_is_the_number_before_it(example):
    book = openpyxl.load_workbook(example)
    sheet = book["指标"]
    place = next(cell.column for cell in sheet[1] if cell.value == "目标值")
    sheet.cell(3, place).value, sheet.cell(3, place).number_format = 0.75, "0%"
    book.save(example)
    values = [target.value for item in read_workbook(example).items for target in item.targets]
    assert 75.0 in values
    assert 0.75 not in values
