"""A case on paper: every part in its place, facts before words, and nothing said that the view does not hold."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.case import CaseFile, as_json
from reports.case_paper import case_paper
from reports.conclusion import ConclusionForm, conclusion_of
from reports.conclusion_paper import conclusion_paper
from reports.faces import render
from reports.imprint import Imprint
from reports.paper import Table
from reports.pdf_blocks import blocks_of
from reports.to_md import paper_md
from rules.case_words import GUILT, PENALTIES
from tests.reports.cases import APPROVED, DECIDED, FACTS, OPENED, PRAISE, SERVED_WORDS, ref
from tests.reports.read_back import matches_golden

OFFICE = Imprint(office="省政府督查室", contact="李明，0000-1234567")
NUMBERED = replace(OFFICE, year=2014, number=2, doc_no="督结〔2014〕2号")

FILES = {"case-opened": OPENED, "case-decided": DECIDED, "case-praise": PRAISE}
CONCLUSIONS = {
    "conclusion": conclusion_of(replace(APPROVED, words=SERVED_WORDS), ConclusionForm.CONCLUSION),
    "conclusion-decision": conclusion_of(DECIDED, ConclusionForm.DECISION, "督结〔2014〕1号"),
    "conclusion-praise": conclusion_of(PRAISE, ConclusionForm.PRAISE),
}


@pytest.mark.parametrize("name", FILES)
def test_golden_files(name):
    matches_golden(f"{name}.md", paper_md(case_paper(FILES[name], OFFICE)))


@pytest.mark.parametrize("name", CONCLUSIONS)
def test_golden_conclusions(name):
    matches_golden(f"{name}.md", paper_md(conclusion_paper(CONCLUSIONS[name], NUMBERED)))


@pytest.mark.parametrize("face", ["docx", "html", "xlsx", "md", "json"])
def test_every_face_is_written_and_the_same_again(face):
    for paper in (case_paper(DECIDED, OFFICE), conclusion_paper(CONCLUSIONS["conclusion"], NUMBERED)):
        content = render(paper, face)
        assert content
        assert content == render(paper, face)


@pytest.mark.parametrize("file", [OPENED, PRAISE], ids=["accountability", "praise"])
def test_the_program_words_no_guilt_and_no_penalty(file):
    page = paper_md(case_paper(replace(file, words=OPENED.words), OFFICE))
    assert not [word for word in (*GUILT, *PENALTIES) if word in page]


def test_the_unit_gets_no_business_of_the_house():
    page = paper_md(conclusion_paper(CONCLUSIONS["conclusion"], NUMBERED))
    assert not [words for words in ("问责", "监察机关", "立案", "zhang", "wang", "证1") if words in page]
    assert "即2014年2月19日（含当日）前" in page


def test_a_preview_says_so_and_leaves_the_slip_open():
    page = paper_md(conclusion_paper(conclusion_of(APPROVED, ConclusionForm.CONCLUSION), OFFICE))
    assert "预览稿（未编号）" in page
    assert "可以自收到之日起30日内书面申请复核" in page


@st.composite
def files(draw: st.DrawFn) -> CaseFile:
    seqs = draw(st.lists(st.integers(1, 400), min_size=1, max_size=25, unique=True))
    lines = tuple(replace(FACTS[seq % len(FACTS)], number=number, entries=(ref(seq),)) for number, seq in enumerate(seqs, start=1))
    fired = draw(st.lists(st.sampled_from([ref(seq) for seq in seqs]), max_size=4))
    return replace(OPENED, chronology=lines, fired_on=tuple(fired))


@given(files())
def test_a_line_for_each_act_with_its_entry_and_hash(file):
    paper = case_paper(file, OFFICE)
    *_others, course, catalogue = [block for block in paper.all_blocks() if isinstance(block, Table)]
    assert len(course.rows) == len(catalogue.rows) == len(file.chronology)
    for line, told, listed in zip(file.chronology, course.rows, catalogue.rows, strict=True):
        (entry,) = line.entries
        assert told.cells[0] == listed.cells[0] == f"证{line.number}"
        assert (f"第{entry.seq}条" in str(told.cells[5]), entry.hash[:8] in str(told.cells[5])) == (True, True)
        assert listed.cells[5] == entry.hash
    cited = {int(number) for number in re.findall(r"证(\d+)", " ".join(block.text for block in paper.blocks if hasattr(block, "text")))}
    assert cited == set(file.evidence_of(file.fired_on))


def test_of_several_tasks_each_line_names_its_own():
    other = replace(OPENED.tasks[0], id=10, label="2014年")
    page = paper_md(case_paper(replace(OPENED, tasks=(*OPENED.tasks, other)), OFFICE))
    assert "# 关于省科技厅2项任务的问责建议案卷" in page
    assert "【示范县建设行动（2013年）】示范县6个" in page


def test_a_hash_has_places_to_break_on_the_sheet():
    catalogue = case_paper(OPENED, OFFICE).annexes[0].blocks
    (table,) = blocks_of(catalogue, 225)
    broken = table["rows"][0]["cells"][5]
    assert broken.replace("\u200b", "") == ref(2).hash
    assert max(map(len, broken.split("\u200b"))) <= 8


def test_the_view_is_plain():
    said = as_json(DECIDED)
    assert (said["state"], said["words"]["outcome"], said["as_of"]) == ("decided", "changed", date(2014, 2, 25).isoformat())
