"""The first sheet of a workbook: what the paper says in words, a line a row, so that the tables are never without their paper."""

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from reports.paper import (
    Block,
    Heading,
    Pairs,
    Paper,
    Parties,
    Signature,
    Slip,
    Text,
    annex_mark,
    annex_words,
    numbered,
    record_lines,
    signed_words,
)
from reports.xlsx_cells import A4, LINE_PT, MOST_LINES, Styles, fitting, lines_of
from rules.texts import _

WORDS_WIDTH = 96.0


def add_words(sheet: Worksheet, styles: Styles, paper: Paper) -> None:
    """Write what the paper says in words, a line a row."""
    sheet.set_column(0, 0, WORDS_WIDTH)
    formats = {"title": styles.title, "heading": styles.heading, "note": styles.note}
    for row, (kind, words) in enumerate(_lines(paper)):
        sheet.set_row(row, min(lines_of(words, WORDS_WIDTH - 4), MOST_LINES) * (LINE_PT + (7 if kind == "title" else 2)))
        if words:
            sheet.write_string(row, 0, fitting(words), formats[kind])
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C— &P —")


def _lines(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", paper.title_line
    head = paper.masthead
    if head:
        yield "note", "　".join(filter(None, (head.name, head.issue, head.left, head.right)))
    for words in (paper.level[0] if paper.level else "", paper.addressee):
        if words:
            yield "note", words
    yield from _block_lines(paper.blocks)
    for line in annex_words(paper) if paper.annexes else ():
        yield "note", line
    yield from _block_lines((paper.signature,) if paper.signature else ())
    for number, annex in enumerate(paper.annexes, start=1):
        yield "heading", f"{annex_mark(paper, number)} {annex.title}"
        yield from _block_lines(annex.blocks)
    for line in paper.proof:
        yield "note", line
    for left, right in record_lines(paper.record) if paper.record else ():
        yield "note", "　".join(filter(None, (left, right)))


def _block_lines(blocks: tuple[Block, ...]) -> Iterator[tuple[str, str]]:
    for block, number in numbered(blocks):
        if isinstance(block, Heading):
            yield "heading", number + block.text
        else:
            yield from (("note", line) for line in _words_of(block) if line)


def _words_of(block: Block) -> Iterator[str]:
    """Give the lines of a block on the sheet of words; tables and charts have sheets of their own."""
    if isinstance(block, Text):
        yield block.label + block.text
    elif isinstance(block, Pairs):
        yield block.title
        yield from (_labelled(label, words) for label, words in block.rows)
    elif isinstance(block, Slip):
        yield block.title
        yield from (_labelled(blank.label, blank.known) for row in block.rows for blank in row)
        yield block.note
    elif isinstance(block, Parties):
        for name, blanks in block.columns:
            yield name
            yield from (_labelled(blank.label, blank.known) for blank in blanks)
    elif isinstance(block, Signature):
        yield block.office
        yield signed_words(block)


def _labelled(label: str, words: str) -> str:
    return _("{label}：{words}").format(label=label, words=words)
