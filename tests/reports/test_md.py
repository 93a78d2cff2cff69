"""The Markdown face: a text reads as it was written, whatever marks it brings."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.paper import Heading, Text
from reports.readable import fit_text
from reports.to_md import paper_md
from tests.reports.papers import HOSTILE, bare_paper, hostile_paper, long_table, sample_paper
from tests.reports.read_back import matches_golden, md_rows, md_unescaped


def test_golden():
    matches_golden("sample.md", paper_md(sample_paper()))


def test_a_bare_paper():
    assert paper_md(bare_paper()) == "# 情况说明\n"


def test_headings_go_down_one_level_at_a_time():
    levels = [len(marks) for marks in re.findall(r"^(#+) ", paper_md(sample_paper()), re.MULTILINE)]
    assert levels == [1, 2, 3, 4, 2, 2, 3, 2]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words):
    page = paper_md(hostile_paper(words))
    assert md_rows(page)[0][1] == [words, "1"]
    assert page.count("\n# ") == 1
    assert not re.search(r"(?<!\\)<(?!br>)", page)


@given(st.text(max_size=40))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_any_text_can_be_read_back(words):
    page = paper_md(sample_paper(blocks=(Heading("甲"), Text(words)), annexes=(), signature=None, proof=(), record=None))
    after = page.split("## 一、甲\n")[1].strip()
    assert md_unescaped(after) == fit_text(words)


def test_a_long_table_is_whole():
    page = paper_md(sample_paper(blocks=(long_table(500),), annexes=()))
    assert len(md_rows(page)[0]) == 500
