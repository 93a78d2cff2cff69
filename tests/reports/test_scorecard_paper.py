"""The scorecard as a paper: its whole text, its order with and without ranks, what a preview says, and its numbers in the workbook."""

import re
from dataclasses import replace
from datetime import date

import pytest

from reports.faces import render
from reports.imprint import Imprint
from reports.paper import Heading, Text
from reports.scorecard import as_json
from reports.scorecard_paper import overall_table, scorecard_paper
from reports.to_md import paper_md
from reports.words import Figure
from tests.reports.read_back import docx_words, html_words, matches_golden, md_unescaped, xlsx_sheets, xlsx_text
from tests.reports.scorecards import scorecard

NUMBERED = Imprint("省政府督查室", 2014, 2, "督考〔2014〕2号", signed_on=date(2014, 2, 12), corrects="督考〔2014〕1号", reason="问卷复核")


def words(paper):
    return "\n".join(block.text for block in paper.blocks if isinstance(block, Text))


def test_golden():
    matches_golden("scorecard.md", paper_md(scorecard_paper(scorecard(), NUMBERED)))


def test_units_stand_in_the_registers_order_unless_ranked():
    plain, ranked = overall_table(scorecard()), overall_table(scorecard(is_ranked=True))
    assert "名次" not in [column.heading for column in plain.columns]
    assert [row.cells[0] for row in plain.rows] == ["省科技厅", "省财政厅", "省档案局"]
    assert [row.cells[-1] for row in ranked.rows] == [1, 2, None]
    assert "不排名次" in words(scorecard_paper(scorecard()))


def test_who_has_nothing_that_counts_has_no_total_and_no_zero():
    row = overall_table(scorecard()).rows[2]
    assert row.cells[3:7] == (None, None, None, None)
    assert row.cells[-1] is None
    assert "没有事项可以计分的单位不计总分" in words(scorecard_paper(scorecard()))


def test_a_preview_by_an_example_says_so():
    card = scorecard()
    card = replace(card, scheme=replace(card.scheme, first_year=None), unmarked=("省档案局：公众满意度",))
    said = words(scorecard_paper(card))
    assert "示例办法" in said
    assert "未经采用" in said
    assert "尚有1项人工评分没有填入，本表不能印发：省档案局：公众满意度。" in said
    assert scorecard_paper(card).masthead.issue == "预览稿（未编号）"


def test_what_is_guarded_is_printed_with_its_basis():
    card = scorecard()
    card = replace(card, scheme=replace(card.scheme, guarded=("批示件办理",), guard_rail_basis="某条例第九条"))
    assert "办法将“批示件办理”计入考评，依据：某条例第九条。" in words(scorecard_paper(card))


def test_every_unit_has_its_heading_in_the_one_annex():
    (annex,) = scorecard_paper(scorecard()).annexes
    assert annex.title == "各单位得分明细"
    assert [block.text for block in annex.blocks if isinstance(block, Heading)] == ["省科技厅", "省财政厅", "省档案局"]
    assert scorecard_paper(scorecard(units=())).annexes == ()


@pytest.mark.parametrize(
    ("format_name", "words_of"),
    [
        ("docx", docx_words),
        ("html", lambda content: html_words(content.decode())),
        ("md", lambda content: md_unescaped(content.decode())),
        ("xlsx", xlsx_text),
    ],
)
def test_every_formula_and_total_stands_in_the_face(format_name, words_of):
    shown = bare(words_of(render(scorecard_paper(scorecard(), NUMBERED), format_name)))
    for unit in scorecard().units:
        details = [detail for line in unit.lines for detail in line.details]
        said = [unit.name, *(line.formula for line in unit.lines), *(detail.formula for detail in details)]
        assert [words for words in said if bare(words) not in shown] == []
        assert unit.total is None or f"{unit.total:g}" in shown


def bare(words):
    return re.sub(r"\s|\*\*", "", words)


def test_an_empty_house():
    assert "没有可计分的单位。" in words(scorecard_paper(scorecard(units=())))


def test_the_workbook_holds_numbers_and_whole_hashes():
    sheets = xlsx_sheets(render(scorecard_paper(scorecard()), "xlsx"))
    values = {name: list(sheet.iter_rows(values_only=True)) for name, sheet in sheets.items()}
    overall = next(rows for name, rows in values.items() if "各单位得分" in name)
    totals = {row[0]: row[-1] for row in overall if row[0] in ("省科技厅", "省财政厅")}
    assert totals == {unit.name: unit.total for unit in scorecard().units[:2]}
    entries = next(rows for name, rows in values.items() if "台账记录" in name)
    marks = [(row[3], row[4], row[5]) for row in entries if row[3] in ("plan-1", "house")]
    told = [(e.chain, e.seq, e.hash) for u in scorecard().units for line in u.lines for d in line.details for e in d.entries]
    assert marks == told


def test_the_papers_numbers_are_those_of_the_view():
    card = scorecard()
    paper = scorecard_paper(card)
    assert paper.data == as_json(card)
    for unit, row in zip(card.units, overall_table(card).rows, strict=True):
        assert row.cells[-1] == (None if unit.total is None else Figure(unit.total, f"{unit.total:g}"))
