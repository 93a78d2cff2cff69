"""A paper as Markdown: for a mail, a diff, a machine that reads, and for the tests of whatever composes papers.

What a text brings with it (a pipe, a star, a number sign at the beginning) is escaped, so that it reads as it was written. A chart is its table.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import singledispatch

from reports.paper import (
    Annex,
    Blank,
    Block,
    Chart,
    Heading,
    Pairs,
    Paper,
    Parties,
    Row,
    Signature,
    Slip,
    Table,
    Text,
    annex_mark,
    annex_words,
    bears_title,
    numbered,
    record_lines,
    signed_words,
)
from reports.readable import readable
from rules.texts import _

# What Markdown would read as a mark of its own, each with a backslash before it.
_ESCAPED = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>~&"})
_AT_THE_START = re.compile(r"[#+=-]|\d{1,9}(?=[.)](?:\s|$)).")
_BLANK = "＿＿＿＿＿＿"
_NUMBERS = {"count", "change", "quantity", "percent", "gap"}


def paper_md(paper: Paper) -> str:
    """Return the paper as a Markdown document; the body's headings begin at the second level, those of an annex at the third."""
    paper = readable(paper)
    return "\n\n".join(part for part in _parts(paper) if part) + "\n"


def _parts(paper: Paper) -> Iterator[str]:
    yield from _head(paper)
    yield from _blocks(paper.blocks, 2)
    if paper.annexes:
        # In one paragraph, with hard breaks: a line that begins with “2.” is then no list.
        yield "  \n".join(map(_inline, annex_words(paper)))
    if paper.signature:
        yield _block(paper.signature)
    for number, annex in enumerate(paper.annexes, start=1):
        yield from _annex(paper, annex, number)
    if paper.proof:
        yield "---"
        yield _listed("", list(map(_prose, paper.proof)))
    if paper.record:
        yield "---"
        for left, right in record_lines(paper.record):
            yield _line(left, right)


def _head(paper: Paper) -> Iterator[str]:
    if paper.masthead:
        yield _strong(paper.masthead.name)
        yield _prose(paper.masthead.issue)
        yield _line(paper.masthead.left, paper.masthead.right)
    if paper.level:
        yield _strong(paper.level[0])
    yield f"# {_inline(paper.title_line)}"
    yield _prose(paper.addressee)


def _annex(paper: Paper, annex: Annex, number: int) -> Iterator[str]:
    yield f"## {_inline(annex_mark(paper, number))} {_inline(annex.title)}"
    yield from _blocks(annex.blocks, 3, annex.title)


def _blocks(blocks: tuple[Block, ...], level: int, above: str = "") -> Iterator[str]:
    for block, number in numbered(blocks):
        if isinstance(block, Heading):
            above = block.text
            yield f"{'#' * (level + block.level - 1)} {_inline(number + block.text)}"
            continue
        if isinstance(block, Table | Pairs | Slip) and bears_title(block, above):
            block = replace(block, title="")
        yield _block(block)
        above = ""


@singledispatch
def _block(block: object) -> str:
    raise TypeError(f"no Markdown for {type(block).__name__}")


@_block.register
def _text(block: Text) -> str:
    return f"{_strong(block.label)} {_inline(block.text)}" if block.label else _prose(block.text)


@_block.register
def _table(block: Table) -> str:
    lines = [_strong(block.title), ""] if block.title else []
    lines.append(_row_line(_heads(block)))
    lines.append(_row_line(["---:" if column.kind in _NUMBERS else "---" for column in block.columns]))
    lines += [_row_line(_row_cells(block, row)) for row in block.rows]
    return "\n".join(lines)


@_block.register
def _chart(block: Chart) -> str:
    return _block(replace(block.table, title=block.title))


@_block.register
def _pairs(block: Pairs) -> str:
    return _listed(block.title, [_pair(label, _inline(words)) for label, words in block.rows])


@_block.register
def _slip(block: Slip) -> str:
    lines = _listed(block.title, [_field(blank) for row in block.rows for blank in row])
    return f"{lines}\n\n{_prose(block.note)}" if block.note else lines


@_block.register
def _parties(block: Parties) -> str:
    return "\n\n".join(_listed(name, [_field(blank) for blank in blanks]) for name, blanks in block.columns)


@_block.register
def _signature(block: Signature) -> str:
    return "\n\n".join(filter(None, (_prose(block.office), _prose(signed_words(block)))))


def _heads(table: Table) -> list[str]:
    above = [words for words, count in table.over for _place in range(count)] or [""] * len(table.columns)
    return [_cell(f"{over} / {column.heading}" if over else column.heading) for over, column in zip(above, table.columns, strict=True)]


def _row_cells(table: Table, row: Row) -> list[str]:
    first, *others = map(_cell, table.words_of(row))
    if row.style == "detail":
        first = f"↳ {first}"
    if row.style in ("group", "total"):
        first, *others = (f"**{cell}**" if cell else "" for cell in (first, *others))
    return [first, *others, *[""] * (len(table.columns) - 1 - len(others))]


def _row_line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _inline(text).replace("|", "\\|").replace("\n", "<br>")


def _listed(title: str, lines: list[str]) -> str:
    items = "\n".join(f"- {line}" for line in lines)
    return f"{_strong(title)}\n\n{items}" if title else items


def _field(blank: Blank) -> str:
    return _pair(blank.label, _inline(blank.known) or _BLANK)


def _pair(label: str, words: str) -> str:
    return _("{label}：{words}").format(label=_prose(label), words=words)


def _line(left: str, right: str) -> str:
    return _prose("　".join(filter(None, (left, right))))


def _strong(text: str) -> str:
    return f"**{_inline(text.strip())}**" if text.strip() else ""


def _inline(text: str) -> str:
    return text.translate(_ESCAPED)


def _prose(text: str) -> str:
    """Return a text that stands alone: what would make its beginning a heading or a list is escaped."""
    found = _AT_THE_START.match(text)
    if not found:
        return _inline(text)
    place = found.end() - 1
    return f"{text[:place]}\\{text[place]}{_inline(text[place + 1 :])}"
