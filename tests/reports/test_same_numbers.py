"""The same numbers everywhere: every figure of a paper is read back out of every face and held against the paper, and no face has one of its own."""

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from reports.faces import render
from reports.paper import (
    Block,
    Chart,
    Column,
    Heading,
    Pairs,
    Paper,
    Parties,
    Row,
    Slip,
    Table,
    Text,
    annex_mark,
    annex_words,
    numbered,
    record_lines,
    signed_words,
)
from reports.readable import readable
from reports.words import Cell, Figure, Kind
from rules.words import light_word
from tests.printing import PRINTING
from tests.reports.composed import composed
from tests.reports.papers import long_table, sample_paper
from tests.reports.read_back import docx_words, html_tree, html_words, md_rows, md_unescaped, pdf_text, xlsx_sheets

WORDS_OF = {
    "html": lambda content: html_words(content.decode()),
    "md": lambda content: md_unescaped(content.decode()),
    "docx": docx_words,
    "pdf": pdf_text,
}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def said_by(paper: Paper) -> Iterator[str]:
    """Every text of a paper, one by one, as each face must show it."""
    yield paper.title_line
    yield paper.addressee
    if paper.masthead:
        yield from (paper.masthead.name, paper.masthead.issue, paper.masthead.left, paper.masthead.right)
    yield from _blocks_say(paper.blocks)
    if paper.annexes:
        yield from annex_words(paper)
    if paper.signature:
        yield from (paper.signature.office, signed_words(paper.signature))
    for number, annex in enumerate(paper.annexes, start=1):
        yield from (annex_mark(paper, number), annex.title)
        yield from _blocks_say(annex.blocks)
    yield from paper.proof
    for line in record_lines(paper.record) if paper.record else ():
        yield from line


def _blocks_say(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block, number in numbered(blocks):
        if isinstance(block, Heading):
            yield number + block.text
        elif isinstance(block, Text):
            yield from (block.label, block.text)
        elif isinstance(block, Table):
            yield from _table_says(block)
        elif isinstance(block, Chart):
            # Where the drawing says all, the table behind it and the heading over its names may stay away.
            yield from list(_table_says(block.table))[1:]
        elif isinstance(block, Pairs):
            yield from (words for pair in block.rows for words in pair)
        elif isinstance(block, Slip | Parties):
            rows = block.rows if isinstance(block, Slip) else [blanks for _name, blanks in block.columns]
            yield from (words for row in rows for blank in row for words in (blank.label, blank.known))


def _table_says(table: Table) -> Iterator[str]:
    yield from (column.heading for column in table.columns)
    yield from (words for row in table.rows for words in table.words_of(row))


def bare(words: str) -> str:
    """Words without blanks and breaks, which every face sets its own way."""
    return re.sub(r"[\s\u200b\u2060|↳]|\*\*", "", words)


_faces: dict[tuple[int, str], tuple[Paper, bytes, str]] = {}


def face(paper: Paper, format_name: str) -> tuple[bytes, str]:
    """Return a paper's face and the words in it, made once: a paper is kept with it, so that its number stays its own."""
    if (id(paper), format_name) not in _faces:
        content = render(paper, format_name, PRINTING)
        _faces[id(paper), format_name] = (paper, content, WORDS_OF[format_name](content) if format_name in WORDS_OF else "")
    return _faces[id(paper), format_name][1:]


@composed
@pytest.mark.parametrize("format_name", WORDS_OF)
def test_every_word_and_figure_stands_in_the_face(paper, format_name):
    shown = bare(face(paper, format_name)[1])
    in_face = in_pieces if format_name == "pdf" else str.__contains__
    assert [words for words in said_by(readable(paper)) if not in_face(shown, bare(words))] == []


def in_pieces(shown: str, words: str) -> bool:
    """Tell whether a text stands there, be it that the neighbour cells of its lines are read in between, as a PDF's are."""
    while words and words not in shown:
        size = next((size for size in range(len(words) - 1, 3, -1) if words[:size] in shown), 0)
        if not size:
            return False
        words = words[size:]
    return True


@composed
@pytest.mark.parametrize("format_name", WORDS_OF)
def test_no_face_has_a_number_of_its_own(paper, format_name):
    shown = set(NUMBER.findall(face(paper, format_name)[1]))
    known = set(NUMBER.findall(" ".join([*said_by(paper), *_titles(paper)])))
    # A figure may be broken at the end of a line of the PDF.
    left = {number for number in shown - known if format_name != "pdf" or not any(number in other for other in known)}
    assert left == set()


def _titles(paper: Paper) -> Iterator[str]:
    yield paper.level[0] if paper.level else ""
    for block in paper.all_blocks():
        yield from (getattr(block, "title", ""), getattr(block, "note", ""))
        if isinstance(block, Table | Chart):
            table = block.table if isinstance(block, Chart) else block
            yield from (table.title, *(words for words, _count in table.over))
        elif isinstance(block, Parties):
            yield from (name for name, _blanks in block.columns)


@composed
def test_tables_of_html_and_markdown_row_by_row(paper):
    wanted = [[list(table.words_of(row)) for row in table.rows] for table in readable(paper).tables()]
    html = html_tree(face(paper, "html")[0].decode())
    assert [[[cell.text_content() for cell in row] for row in table.xpath("./tbody/tr")] for table in html.xpath("//table")] == wanted
    marked = [[[cell.removeprefix("↳ ") for cell in row] for row in rows] for rows in md_rows(face(paper, "md")[0].decode())]
    assert [[row[: len(other)] for row, other in zip(*both, strict=True)] for both in zip(marked, wanted, strict=True)] == wanted


@composed
def test_cells_of_the_workbook_hold_the_values(paper):
    made = readable(paper)
    sheets = list(xlsx_sheets(face(paper, "xlsx")[0]).values())
    charts = [block for block in made.all_blocks() if isinstance(block, Chart)]
    tables = made.sheets or tuple(block for block in made.all_blocks() if isinstance(block, Table))
    for sheet, table in zip(sheets[1 + bool(charts) :], tables, strict=True):
        assert sheet_rows(sheet, table) == [list(values_of(table, row)) for row in table.rows]
    told = bare("".join(str(row[0]) for row in sheets[0].iter_rows(values_only=True)))
    beside = {words for table in made.tables() for words in _table_says(table)}
    assert [words for words in said_by(made) if words not in beside and bare(words) not in told] == []
    if charts:
        shown = [cell for row in sheets[1].iter_rows(values_only=True) for cell in row]
        assert all(value in shown for chart in charts for row in chart.table.rows for value in values_of(chart.table, row))


def sheet_rows(sheet: Worksheet, table: Table) -> list[list[object]]:
    first = 2 + bool(table.over)
    found = sheet.iter_rows(min_row=first, max_row=first + len(table.rows) - 1, max_col=len(table.columns), values_only=True)
    return [[cell.date() if hasattr(cell, "date") else cell for cell in row] for row in found] if table.rows else []


def values_of(table: Table, row: Row) -> Iterator[object]:
    """What a row's cells hold in the workbook: numbers as they are, per cent as fractions, lights by their word."""
    if row.style in ("group", "detail"):
        yield from (*table.words_of(row), *[None] * (len(table.columns) - 1))
        return
    for column, cell in zip(table.columns, row.cells, strict=True):
        yield _value(column.kind, cell)


def _value(kind: Kind, cell: Cell) -> object:
    if isinstance(cell, Figure):
        return (cell.words or None) if cell.value is None else _value(kind, cell.value)
    if cell is None or cell == "":
        return None
    if kind == "percent" and isinstance(cell, int | float):
        return pytest.approx(cell / 100, abs=1e-6)
    return light_word(cell) if kind == "light" else cell


@composed
def test_json_is_the_view(paper):
    assert json.loads(render(paper, "json")) == json.loads(json.dumps(dict(paper.data)))
    page = html_tree(render(paper, "html").decode())
    assert json.loads(page.get_element_by_id("duban-data").text) == json.loads(json.dumps(dict(paper.data)))


@composed
def test_made_again_a_face_is_equal(paper):
    for format_name in ("html", "md", "docx", "xlsx", "pdf", "json"):
        assert render(paper, format_name, PRINTING) == face(paper, format_name)[0]


KINDS: tuple[Kind, ...] = ("text", "count", "change", "quantity", "percent", "gap", "date", "light")
NUMBERS = st.floats(-1e7, 1e7).map(lambda value: round(value, 4))
CELLS: dict[Kind, st.SearchStrategy[Cell]] = {
    "text": st.text("甲乙丙=+-@|*<&\n 1", max_size=12),
    "count": st.integers(0, 10**7),
    "change": st.integers(-(10**4), 10**4),
    "quantity": NUMBERS | st.builds(Figure, NUMBERS, st.sampled_from(["33个", "≥1.3%", "—"])),
    "percent": NUMBERS,
    "gap": NUMBERS,
    "date": st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    "light": st.sampled_from(["red", "yellow", "green", "grey"]),
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
    columns = tuple(Column(f"第{number}列", kind, 24) for number, kind in enumerate(kinds))
    line = st.tuples(*(st.none() | CELLS[kind] for kind in kinds)).map(Row)
    across = st.builds(lambda words, style: Row((words,), style), CELLS["text"], st.sampled_from(["group", "detail"]))
    return Table("表", columns, tuple(draw(st.lists(line | across, max_size=6))))


@given(tables())
@settings(max_examples=12)
def test_any_table_says_the_same_everywhere(table):
    paper = sample_paper(blocks=(table,), annexes=())
    test_tables_of_html_and_markdown_row_by_row(paper)
    test_cells_of_the_workbook_hold_the_values(paper)
    shown = bare(face(paper, "docx")[1])
    assert [words for words in _table_says(readable(paper).blocks[0]) if bare(words) not in shown] == []


def test_a_long_table_in_every_face():
    paper = sample_paper(blocks=(long_table(300),), annexes=())
    for format_name, words_of in WORDS_OF.items():
        shown = bare(words_of(render(paper, format_name, PRINTING)))
        assert "支持第299批县完善条件" in shown
        assert "448.5" in shown
