"""A notice on paper: what it says on each level, its return slip, and that it accuses nobody."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import TypeAdapter

from models.notice import NoticeLevel
from reports.faces import render
from reports.notice import NoticePaper, as_json
from reports.notice_paper import notice_paper
from reports.to_md import paper_md
from rules.escalation import RUNGS, Matter
from tests.reports.notices import PAPERS, PROGRESS, paper
from tests.reports.read_back import docx_text, matches_golden


@pytest.mark.parametrize("name", list(PAPERS))
def test_says_what_the_golden_text_says(name):
    matches_golden(f"notice-{name}.md", paper_md(notice_paper(PAPERS[name])))


ALL_KINDS = [
    *((NoticeLevel.BLUE, matter) for matter in (Matter.OVERDUE, Matter.FIRST_RED)),
    (NoticeLevel.ORANGE, Matter.LIMIT_MISSED),
    *((NoticeLevel.RED, matter) for matter in (Matter.LIMIT_MISSED, Matter.RED_TWO_PERIODS)),
    *((NoticeLevel.ACCOUNTABILITY, matter) for matter in (Matter.YEAR_MISSED, Matter.RED_THREE_PERIODS, Matter.RED_AT_Q3)),
]


@pytest.mark.parametrize(("level", "matter"), ALL_KINDS)
def test_every_kind_can_be_written_and_accuses_nobody(level, matter):
    bare = replace(PROGRESS, measure=None, wanted=None, reached=None, pace=None, gap_pp=None, cause=None, next_step=None)
    text = paper_md(notice_paper(paper(level, matter, progress=bare, contact=None, quarters=("2013Q3",), year=2013)))
    assert not any(word in text for word in ("失职", "渎职", "处分", "严肃追究"))
    assert ("回执" in text) is (level in RUNGS)
    assert "None" not in text


def test_the_same_view_gives_the_same_bytes():
    assert render(notice_paper(PAPERS["blue"]), "docx") == render(notice_paper(PAPERS["blue"]), "docx")


def test_a_draft_says_so_and_was_not_printed():
    draft = notice_paper(paper(NoticeLevel.BLUE, Matter.OVERDUE, doc_no=None))
    assert "草稿（未编号，不得外发）" in paper_md(draft)
    assert draft.record is None


def test_the_record_needs_an_office():
    assert notice_paper(PAPERS["blue"]).record.printed_on == date(2014, 1, 16)
    assert notice_paper(paper(NoticeLevel.BLUE, Matter.OVERDUE, office=None)).record is None


def test_the_slip_is_an_annex_with_what_is_known_filled_in():
    (annex,) = notice_paper(PAPERS["blue"]).annexes
    (slip,) = annex.blocks
    known = {blank.label: blank.known for row in slip.rows for blank in row}
    assert (known["通知单编号"], known["签收单位"], known["签收人"]) == ("督办〔2014〕2号", "省科技厅", "")


def test_what_units_paste_in_breaks_no_file():
    odd = replace(PROGRESS, cause="资金\x00到位\x0b较晚\ud800")
    text = docx_text(render(notice_paper(paper(NoticeLevel.BLUE, Matter.OVERDUE, progress=odd)), "docx"))
    assert "资金 到位 较晚" in text


def test_the_view_is_plain_values_and_read_back():
    said = as_json(PAPERS["orange"])
    assert (said["level"], said["issued_on"], said["after"]["limit_on"]) == ("orange", "2014-01-16", "2014-01-13")
    assert notice_paper(PAPERS["orange"]).name == "督办〔2014〕2号 橙色督办通知单"
    for view in PAPERS.values():
        assert TypeAdapter(NoticePaper).validate_python(as_json(view)) == view
