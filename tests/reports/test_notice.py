"""A notice on paper: what it says on each level, its return slip, and that it accuses nobody."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document

from models.notice import NoticeLevel
from reports.notice import EarlierPaper, Happening, NoticePaper, NoticeTask, Progress, as_json
from reports.notice_docx import file_name, notice_docx
from rules.escalation import RUNGS, Matter
from rules.notice_words import usual_demand
from tests.reports.read_back import docx_text, matches_golden

TASK = NoticeTask(
    id=9,
    number="3",
    item="示范县建设行动",
    label="2013年",
    text="支持10个县开展示范；组织培训2次。",
    plan="县域科技行动方案",
    plan_doc_no="测政办发〔2012〕1号",
    starts_on=date(2013, 1, 1),
    due_on=date(2013, 12, 31),
    original_due_on=date(2013, 11, 30),
)
PROGRESS = Progress(
    light="red",
    reasons=("已超期 16 天", "落后序时进度 40.0 个百分点"),
    days_overdue=16,
    measure="示范县",
    wanted="10个",
    reached="6个",
    pace=100.0,
    gap_pp=40.0,
    return_count=1,
    missing_reports=0,
    reminded=5,
    cause="资金到位较晚。",
    next_step="一季度内补齐",
)
BLUE_ONE = EarlierPaper("督办〔2014〕1号", NoticeLevel.BLUE, date(2014, 1, 6), date(2014, 1, 13), date(2014, 1, 7))
RECORD = (
    Happening(date(2012, 11, 5), "交办", "office", ""),
    Happening(date(2013, 9, 30), "填报", "省科技厅", "2013年第三季度；资金到位较晚"),
    Happening(date(2014, 1, 2), "提醒", "系统", "2条"),
)


def paper(level, matter, **changes):
    limit_on = date(2014, 1, 23) if level in RUNGS else None
    made = NoticePaper(
        level=level,
        matter=matter,
        doc_no="督办〔2014〕2号",
        issued_on=date(2014, 1, 16),
        limit_on=limit_on,
        office="省政府督查室",
        contact="李明，0000-1234567",
        unit="省科技厅",
        demand=usual_demand(level, limit_on, is_overdue=True),
        task=TASK,
        progress=PROGRESS,
        earlier=(),
        after=None,
        quarters=(),
        year=None,
        record=(),
        rule_set="2026-3",
        rule_sha256="ab" * 32,
        ledger_head="cd" * 32,
    )
    return replace(made, **changes)


PAPERS = {
    "blue": paper(NoticeLevel.BLUE, Matter.OVERDUE),
    "orange": paper(NoticeLevel.ORANGE, Matter.LIMIT_MISSED, earlier=(BLUE_ONE,), after=BLUE_ONE),
    "red": paper(NoticeLevel.RED, Matter.RED_TWO_PERIODS, quarters=("2013Q3", "2013Q4")),
    "accountability": paper(NoticeLevel.ACCOUNTABILITY, Matter.YEAR_MISSED, year=2013, record=RECORD, earlier=(BLUE_ONE,)),
}


@pytest.mark.parametrize("name", list(PAPERS))
def test_says_what_the_golden_text_says(name):
    matches_golden(f"notice-{name}.txt", docx_text(notice_docx(PAPERS[name])))


ALL_KINDS = [
    *((NoticeLevel.BLUE, matter) for matter in (Matter.OVERDUE, Matter.FIRST_RED)),
    (NoticeLevel.ORANGE, Matter.LIMIT_MISSED),
    *((NoticeLevel.RED, matter) for matter in (Matter.LIMIT_MISSED, Matter.RED_TWO_PERIODS)),
    *((NoticeLevel.ACCOUNTABILITY, matter) for matter in (Matter.YEAR_MISSED, Matter.RED_THREE_PERIODS, Matter.RED_AT_Q3)),
]


@pytest.mark.parametrize(("level", "matter"), ALL_KINDS)
def test_every_kind_can_be_written_and_accuses_nobody(level, matter):
    bare = replace(PROGRESS, measure=None, wanted=None, reached=None, pace=None, gap_pp=None, cause=None, next_step=None)
    text = docx_text(notice_docx(paper(level, matter, progress=bare, contact=None, quarters=("2013Q3",), year=2013)))
    assert not any(word in text for word in ("失职", "渎职", "处分", "严肃追究"))
    assert ("回执" in text) is (level in RUNGS)
    assert "None" not in text


def test_the_same_view_gives_the_same_bytes():
    assert notice_docx(PAPERS["blue"]) == notice_docx(PAPERS["blue"])


def test_a_draft_says_so():
    draft = paper(NoticeLevel.BLUE, Matter.OVERDUE, doc_no=None)
    assert "草稿（未编号，不得外发）" in docx_text(notice_docx(draft))


def test_the_slip_has_a_page_of_its_own_and_the_standards_page():
    content = notice_docx(PAPERS["blue"])
    body = ZipFile(BytesIO(content)).read("word/document.xml").decode()
    assert body.count('w:type="page"') == 1
    section = Document(BytesIO(content)).sections[0]
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)


def test_what_units_paste_in_breaks_no_file():
    odd = replace(PROGRESS, cause="资金\x00到位\x0b较晚\ud800")
    text = docx_text(notice_docx(paper(NoticeLevel.BLUE, Matter.OVERDUE, progress=odd)))
    assert "资金 到位 较晚" in text


def test_the_view_is_plain_values():
    said = as_json(PAPERS["orange"])
    assert (said["level"], said["issued_on"], said["after"]["limit_on"]) == ("orange", "2014-01-16", "2014-01-13")
    assert file_name(PAPERS["orange"]) == "督办〔2014〕2号 橙色督办通知单.docx"
