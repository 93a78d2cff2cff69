"""A paper as one HTML file with nothing outside itself: for a desk, a phone, a printer, and for those who hear it read.

The template lays out a `Page` of words; the view's figures lie in it as JSON as well (`#duban-data`), for machines. Nothing in it runs, nothing is fetched.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.charts import chart_svg, tells_all
from reports.html_tables import ShownTable, shown_table
from reports.paper import (
    Annex,
    Block,
    Chart,
    Heading,
    Masthead,
    Paper,
    Signature,
    Table,
    Text,
    annex_mark,
    annex_words,
    bears_title,
    lead_in,
    numbered,
    record_lines,
    signed_words,
)
from reports.readable import readable
from rules.texts import _, current_language

_BREAKS_JSON = re.compile("[<\ud800-\udfff\u2028\u2029]")


@dataclass(frozen=True)
class ShownChart:
    """A chart's drawing and the table behind it, open where the drawing does not hold all of it."""

    title: str
    drawing: Markup
    table: ShownTable
    is_open: bool


@dataclass(frozen=True)
class Piece:
    """A block for the template: its kind names the macro that lays it out. `level` is that of a heading in the page."""

    kind: str
    block: object
    words: str = ""
    level: int = 0
    is_titled: bool = True


@dataclass(frozen=True)
class ShownAnnex:
    """An annex: the word above it, its title and blocks."""

    mark: str
    title: str
    pieces: tuple[Piece, ...]
    is_landscape: bool


@dataclass(frozen=True)
class Page:
    """All the template shows."""

    language: str
    title: str
    title_lines: tuple[str, ...]
    masthead: Masthead | None
    level: tuple[str, str] | None
    addressee: str
    pieces: tuple[Piece, ...]
    annex_lines: tuple[str, ...]
    signature: Piece | None
    annexes: tuple[ShownAnnex, ...]
    record: tuple[tuple[str, str], ...]
    proof: tuple[str, ...]
    data: Markup
    skip: str
    proof_heading: str
    behind: str


def paper_html(paper: Paper) -> str:
    """Return the paper as an HTML document."""
    return environment().get_template("paper.html.j2").render(page=_page(readable(paper)))


@cache
def environment() -> Environment:
    """Return the templates' environment: escaping on, a missing name is an error."""
    loader = PackageLoader("reports", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _page(paper: Paper) -> Page:
    return Page(
        language={"zh": "zh-CN"}.get(current_language(), current_language()),
        title=paper.title_line,
        title_lines=paper.title,
        masthead=paper.masthead,
        level=paper.level,
        addressee=paper.addressee,
        pieces=tuple(_pieces(paper.blocks, 2)),
        annex_lines=annex_words(paper) if paper.annexes else (),
        signature=_signature(paper.signature) if paper.signature else None,
        annexes=tuple(_annex(paper, annex, number) for number, annex in enumerate(paper.annexes, start=1)),
        record=record_lines(paper.record) if paper.record else (),
        proof=paper.proof,
        data=_embedded(paper),
        skip=_("跳到正文"),
        proof_heading=_("核验信息"),
        behind=_("数据表"),
    )


def _embedded(paper: Paper) -> Markup:
    """Return the view as JSON that no text in it can break out of."""
    written = json.dumps(paper.data, ensure_ascii=False)
    safe = _BREAKS_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
    return Markup('<script type="application/json" id="duban-data">{}</script>').format(Markup(safe))


def _annex(paper: Paper, annex: Annex, number: int) -> ShownAnnex:
    return ShownAnnex(annex_mark(paper, number), annex.title, tuple(_pieces(annex.blocks, 3, annex.title)), annex.is_landscape)


def _pieces(blocks: tuple[Block, ...], level: int, above: str = "") -> Iterator[Piece]:
    for block, number in numbered(blocks):
        is_titled = not bears_title(block, above)
        above = ""
        if isinstance(block, Heading):
            above = block.text
            yield Piece("heading", block, number + block.text, level + block.level - 1)
        elif isinstance(block, Table):
            yield Piece("table", shown_table(block, is_titled=is_titled))
        elif isinstance(block, Chart):
            drawing = Markup(chart_svg(block))
            yield Piece("chart", ShownChart(block.title, drawing, shown_table(block.table, is_titled=False), not tells_all(block)))
        elif isinstance(block, Signature):
            yield _signature(block)
        elif isinstance(block, Text):
            yield Piece("text", block, lead_in(block))
        else:
            yield Piece(type(block).__name__.lower(), block, is_titled=is_titled)


def _signature(signature: Signature) -> Piece:
    return Piece("signature", signature, signed_words(signature))
