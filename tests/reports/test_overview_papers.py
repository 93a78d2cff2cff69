import re
from dataclasses import replace

import pytest

from reports.comparison_paper import comparison_paper, figures_paper
from reports.faces import render
from reports.paper import Table
from reports.portfolio_paper import portfolio_paper
from reports.to_md import paper_md
from tests.reports.overviews import comparison, figures, owed, portfolio, side
from tests.reports.read_back import matches_golden

PAPERS = {
    "unit-page": portfolio_paper(portfolio()),
    "unit-page-long": portfolio_paper(portfolio(led=14, supported=9)),
    "unit-page-idle": portfolio_paper(
        portfolio(led=0, supported=0, asks=(), due_next=(), requests=(), notices=(), reporting=None, reports_due=0)
    ),
    "plan-comparison": comparison_paper(comparison()),
    "plan-versions": comparison_paper(comparison(figures=None, b=side("B", version=2))),
    "plan-figures": figures_paper(figures(3)),
}


@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_reads_as_agreed(name):
    matches_golden(f"{name}.md", paper_md(PAPERS[name]))


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("face", ["docx", "html", "xlsx", "json"])
def test_every_face_lays_it_out(name, face):
    assert len(render(PAPERS[name], face)) > 500


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_tables_fit_their_sheets(paper):
    for block in paper.blocks:
        if isinstance(block, Table):
            assert sum(column.width for column in block.columns) <= 156, block.title
    for annex in paper.annexes:
        for block in annex.blocks:
            assert sum(column.width for column in block.columns) <= (225 if annex.is_landscape else 156), block.title


def test_a_short_page_has_no_annex_and_a_long_one_has_all_of_it():
    assert PAPERS["unit-page"].annexes == ()
    (annex,) = PAPERS["unit-page-long"].annexes
    whole = next(table for table in annex.blocks if table.columns[1].heading == "牵头任务")
    assert len(whole.rows) == 14


def test_what_is_asked_alike_is_one_line():
    asks = PAPERS["unit-page"].blocks[1]
    assert [row.cells[0] for row in asks.rows] == [
        "签收督办〔2013〕3号",
        "填报2013年第二季度进展",
        "办理督办〔2013〕3号",
        "签收任务",
    ]
    assert asks.rows[1].cells[1:] == ("3项：任务1、2、3", asks.rows[1].cells[2], "已过17天")


@pytest.mark.parametrize("count", [0, 1, 5, 40])
def test_the_sheet_is_kept_whatever_the_unit_owes(count):
    paper = portfolio_paper(portfolio(led=count, supported=count))
    lines = sum(len(block.rows) for block in paper.blocks if isinstance(block, Table))
    assert lines <= 21


def test_an_unreported_figure_and_a_task_without_figures_say_so():
    tasks = (owed(1, actual=None), owed(2, wanted=None, measure=None, reached=None), owed(3, wanted=None, reached=50.0))
    text = paper_md(portfolio_paper(replace(portfolio(), led=tasks)))
    for words in ("未填报／≥10个", "未设量化目标", "节点完成50.0%"):
        assert words in text


def test_no_figure_is_padded():
    for paper in PAPERS.values():
        assert not re.search(r"\d\.\d{3,}|[^\d.-]0\d月", paper_md(paper))
