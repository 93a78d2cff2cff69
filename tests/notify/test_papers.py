"""The message that carries a paper: what is enclosed and what it is about, in both parts and both languages."""

from dataclasses import replace
from datetime import date

import pytest

from notify.messages import Addressee
from notify.papers import PaperLetter, render_paper

HEAD = Addressee("省科技厅", "王厅长", "zh")
LETTER = PaperLetter(
    title="省科技厅<2013>年度目标管理责任书",
    doc_no="责任书〔2013〕1号",
    office="省政府督查室",
    words=("牵头任务 3 项。", "请签字盖章后退回一份。"),
    files=("责任书〔2013〕1号.docx",),
    issued_on=date(2013, 1, 10),
)


def test_both_parts_say_what_is_enclosed():
    said = render_paper(HEAD, LETTER)
    assert said.subject == "责任书〔2013〕1号：省科技厅<2013>年度目标管理责任书"
    for part in (said.text, said.html):
        for words in ("省科技厅（王厅长）：", *LETTER.words, *LETTER.files, "省政府督查室", "2013年1月10日"):
            assert words in part
    assert "<2013>" not in said.html


def test_a_paper_without_number_or_file_says_nothing_of_them():
    said = render_paper(HEAD, replace(LETTER, doc_no="", files=(), office=None))
    assert said.subject == LETTER.title
    assert "附件\n" not in said.text
    assert "督办机构" in said.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_title_leaves_a_subject_that_can_be_sent(language):
    said = render_paper(replace(HEAD, language=language), replace(LETTER, title="长" * 500))
    assert len(said.subject) <= 200
    assert "\n" not in said.subject
