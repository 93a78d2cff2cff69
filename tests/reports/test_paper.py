"""A paper before it is a file: numbering, annex words, titles, and texts made fit for documents."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.paper import (
    Annex,
    Heading,
    Record,
    Row,
    Signature,
    Table,
    Text,
    annex_mark,
    annex_words,
    bears_title,
    heading_number,
    numbered,
    numeral,
    record_lines,
    signed_words,
)
from reports.readable import fit_cell, fit_text, readable
from reports.words import Figure
from rules.texts import use_language
from tests.reports.papers import bare_paper, hostile_paper, lagging_table, long_table, sample_paper


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (19, "十九"),
        (20, "二十"),
        (21, "二十一"),
        (90, "九十"),
        (99, "九十九"),
        (100, "100"),
    ],
)
def test_numerals(number, words):
    assert numeral(number) == words


def test_numerals_differ():
    assert len({numeral(number) for number in range(1, 100)}) == 99


@pytest.mark.parametrize(("level", "words"), [(1, "十二、"), (2, "（十二）"), (3, "12. ")])
def test_a_heading_is_numbered_by_its_level(level, words):
    assert heading_number(12, level) == words


def test_each_level_counts_anew_below_the_one_above():
    levels = (1, 2, 3, 3, 2, 3, 1, 2)
    blocks = tuple(block for level in levels for block in (Heading("题", level), Text("文")))
    assert [words for block, words in numbered(blocks) if isinstance(block, Heading)] == [
        *("一、", "（一）", "1. ", "2. ", "（二）", "1. ", "二、", "（一）")
    ]
    assert {words for block, words in numbered(blocks) if isinstance(block, Text)} == {""}


@pytest.mark.parametrize(
    ("titles", "lines", "marks"),
    [
        (("回执",), ("附件：回执",), ["附件"]),
        (("一览表", "回执"), ("附件：1. 一览表", "2. 回执"), ["附件1", "附件2"]),
    ],
    ids=["one", "two"],
)
def test_annexes_are_named(titles, lines, marks):
    paper = sample_paper(annexes=tuple(Annex(title, ()) for title in titles))
    assert annex_words(paper) == lines
    assert [annex_mark(paper, number) for number in range(1, len(titles) + 1)] == marks


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("关于方案", "落实情况的通报"), "关于方案落实情况的通报"),
        (("Bulletin on", "the plan"), "Bulletin on the plan"),
        (("2013年", "通报"), "2013年通报"),
        ((), ""),
    ],
)
def test_the_title_in_one_line(lines, title):
    assert sample_paper(title=lines).title_line == title


def test_the_record_says_only_what_is_known():
    assert record_lines(Record()) == ()
    assert record_lines(Record(office="督查室")) == (("督查室", ""),)
    assert record_lines(Record(("审计厅",), "督查室", date(2026, 1, 5), 8)) == (
        *(("抄送：审计厅。", ""), ("督查室", "2026年1月5日印发"), ("", "共印8份")),
    )


def test_a_day_not_yet_signed_is_left_blank():
    assert signed_words(Signature(date(2026, 1, 5))) == "2026年1月5日"
    assert set(signed_words(Signature(None))) == set("\u3000年月日")


def test_a_row_in_words():
    table = lagging_table()
    words = [table.words_of(row) for row in table.rows]
    assert words[0] == ("科技进步示范县建设行动",)
    assert words[1] == ("1", "遴选示范县", "10个", "6个", "100.0%", "落后40.0", "2013-09-10", "红灯")
    assert words[-1] == ("合计", "", "23.45", "13", "", "", "", "")


def test_a_title_said_above_is_not_said_again():
    assert bears_title(replace(lagging_table(), title="滞后任务"), "滞后任务")
    assert not bears_title(lagging_table(), "总体情况")
    assert not bears_title(Text("总体情况"), "总体情况")


def test_tables_of_body_annexes_and_charts():
    assert [table.title for table in sample_paper().tables()] == [
        *("各类任务", "各行动进度", "各单位红灯", "完成率", "滞后任务", "滞后任务一览表")
    ]
    assert list(bare_paper().tables()) == []


@pytest.mark.parametrize(
    ("text", "words", "cell"),
    [
        ("a\x00b", "a b", "a b"),
        (" a\t \x07b ", "a b", "a b"),
        ("第一\n \n第二", "第一 第二", "第一\n第二"),
        ("a\u2028b", "a b", "a\nb"),
        ("半\ud800个", "半 个", "半 个"),
        ("\ufffe", "", ""),
        ("a  b", "a b", "a b"),
        (" a", "a", "a"),
        ("a ", "a", "a"),
        ("\u3000a\u3000b", "a\u3000b", "a\u3000b"),
    ],
)
def test_texts_are_made_fit(text, words, cell):
    assert fit_text(text) == words
    assert fit_cell(text) == cell
    assert fit_cell(Figure(1.0, text)) == Figure(1.0, words)


def test_data_is_left_as_it_was_and_all_else_made_fit():
    paper = readable(hostile_paper("a\x00b"))
    assert paper.data == {"words": "a\x00b"}
    assert "\x00" not in repr(replace(paper, data={}))


def test_what_is_fit_is_not_copied():
    paper = sample_paper(sheets=(long_table(50),))
    made = readable(paper)
    assert made == paper
    assert made.sheets[0] is paper.sheets[0]


@given(st.text(max_size=60))
@settings(derandomize=True, max_examples=200)
def test_made_fit_twice_is_made_fit_once(text):
    assert fit_text(fit_text(text)) == fit_text(text)
    assert fit_cell(fit_cell(text)) == fit_cell(text)
    table = Table(text, (), (Row((text,), "group"),))
    assert readable(readable(sample_paper(blocks=(table,)))) == readable(sample_paper(blocks=(table,)))


def test_english_numbers_have_their_catalogue_or_stay():
    with use_language("en"):
        assert heading_number(3, 3) == "3. "
