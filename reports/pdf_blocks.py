"""A paper's blocks as plain values for the typesetter: their words, the widths of their columns and what is held together.

The template that draws them is `templates/paper.typ`; a block's `kind` names its way of being drawn there.
"""

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

from reports import layout
from reports.charts import chart_svg, tells_all, told_by
from reports.layout import width_in_characters
from reports.paper import (
    Blank,
    Block,
    Chart,
    Heading,
    Pairs,
    Parties,
    Row,
    Signature,
    Slip,
    Table,
    Text,
    bears_title,
    lead_in,
    numbered,
    signed_words,
)
from rules.texts import _

Plain = dict[str, Any]

# A head that fills a page would leave no room for rows, were it repeated; a row higher than a page cannot be kept on one.
_HEAD_CHARACTERS = 60
_ROW_CHARACTERS = 500
_LONG_RUN = re.compile(r"[0-9A-Za-z]{24,}")
_SHORT_ROWS = 6


def blocks_of(blocks: tuple[Block, ...], width_mm: float, *, above: str = "") -> list[Plain]:
    """Return the blocks for a type area of that width; a title that stands `above` already is not said twice."""
    made: list[Plain] = []
    depth = 0
    for block, number in numbered(blocks):
        caption = "" if bears_title(block, above) else getattr(block, "title", "")
        above = ""
        if isinstance(block, Heading):
            above = block.text
            # The outline of an accessible file skips no level.
            depth = min(block.level, depth + 1)
            made.append({"kind": "heading", "level": block.level, "depth": depth, "text": f"{number}{block.text}"})
        else:
            made.append({"kind": type(block).__name__.lower(), "caption": caption, **_VALUES[type(block)](block, width_mm)})
    return made


def with_tail(blocks: list[Plain]) -> list[Plain]:
    """Return the blocks; where they end in a long table, its last rows are apart as its `tail`, to stand with what is signed (7.3.5).

    A short one is held together and needs none.
    """
    if not blocks or blocks[-1]["kind"] != "table" or len(blocks[-1]["rows"]) <= _SHORT_ROWS:
        return blocks
    rows = blocks[-1]["rows"]
    first = max((place for place, row in enumerate(rows) if row["style"] in ("plain", "total")), default=0)
    while first > 0 and rows[first - 1]["style"] == "group":
        first -= 1
    return [*blocks[:-1], {**blocks[-1], "rows": rows[:first], "tail": rows[first:]}] if first else blocks


def signature_of(signature: Signature) -> Plain:
    """Return who signs: the day four characters in from the right and the office centred upon it (7.3.5)."""
    day = signed_words(signature)
    beyond = width_in_characters(day) - width_in_characters(signature.office)
    return {"office": signature.office, "day": day, "office_indent": max(0.0, 4 + beyond / 2), "day_indent": 4}


def _text(block: Text, width_mm: float) -> Plain:
    del width_mm
    return {"label": lead_in(block), "text": block.text}


def _table(block: Table, width_mm: float) -> Plain:
    whole = sum(column.width for column in block.columns)
    widths = [column.width / whole * width_mm for column in block.columns]
    size = layout.head_size_pt((column.heading, width) for column, width in zip(block.columns, widths, strict=True))
    return {
        "widths": widths,
        "aligned": ["left" if column.kind == "text" else "center" for column in block.columns],
        "over": [{"text": text, "count": count} for text, count in block.over],
        "heads": [{"text": column.heading, "size": size} for column in block.columns],
        "is_head_short": max(len(column.heading) for column in block.columns) <= _HEAD_CHARACTERS,
        "rows": list(_rows(block)),
    }


def _rows(table: Table) -> Iterator[Plain]:
    """Give the rows; a row's first cell stands beside its details too and so holds them on one sheet.

    Groups right below each other are one row of several lines: the typesetter cannot hold one head to another.
    """
    beside = 0
    for place, row in enumerate(table.rows):
        if row.style == "group":
            yield from _groups(table, place)
            continue
        words = list(map(_breakable, table.words_of(row)))
        details = _details_below(table.rows, place) if len(table.columns) > 1 and row.style == "plain" else 0
        beside = details or beside
        yield {
            "style": row.style,
            "cells": words,
            "rows": 1 + details,
            "beside": 1 if row.style == "detail" and beside else 0,
            "is_long": sum(map(len, words)) > _ROW_CHARACTERS,
            "colours": dict(_colours(table, row)),
        }
        beside -= 1 if row.style == "detail" and beside else 0


def _groups(table: Table, place: int) -> Iterator[Plain]:
    """Give the groups that stand together as one, at the first of them; nothing at the others."""
    rows = table.rows
    if place and rows[place - 1].style == "group":
        return
    together = takewhile(lambda row: row.style == "group", rows[place:])
    words = [_breakable(table.words_of(row)[0]) for row in together]
    yield {"style": "group", "cells": words, "rows": 1, "beside": 0, "is_long": False, "colours": {}}


def _breakable(words: str) -> str:
    """Return words with places where a long run without any (a hash) may be broken, since the typesetter would let it stand over its column's edge."""
    return _LONG_RUN.sub(lambda run: "\u200b".join(re.findall(r".{1,4}", run.group())), words)


def _details_below(rows: tuple[Row, ...], place: int) -> int:
    end = place + 1
    while end < len(rows) and rows[end].style == "detail":
        end += 1
    return end - place - 1


def _colours(table: Table, row: Row) -> Iterator[tuple[str, str]]:
    if row.style not in ("plain", "total"):
        return
    for place, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
        if column.kind == "light" and isinstance(cell, str) and cell in layout.LIGHT_COLOURS:
            yield str(place), layout.LIGHT_COLOURS[cell]


def _pairs(block: Pairs, width_mm: float) -> Plain:
    rows: list[list[str]] = []
    for label, words in block.rows:
        is_short = width_in_characters(words) <= layout.SHORT_PAIR_CHARACTERS
        if is_short and rows and len(rows[-1]) == 2 and width_in_characters(rows[-1][1]) <= layout.SHORT_PAIR_CHARACTERS:
            rows[-1] += [label, words]
        else:
            rows.append([label, words])
    size = min((layout.label_size_pt(label) for label, _words in block.rows), default=layout.TABLE_TITLE_PT)
    return {"width": width_mm, "rows": rows, "label_size": size}


def _slip(block: Slip, width_mm: float) -> Plain:
    heights = [max(blank.lines for blank in row) * layout.FIELD_LINE_PT + 8 for row in block.rows]
    return {"width": width_mm, "rows": [[_blank(blank) for blank in row] for row in block.rows], "heights": heights, "note": block.note}


def _blank(blank: Blank) -> Plain:
    return {"label": blank.label, "label_size": layout.label_size_pt(blank.label), "known": blank.known, "lines": blank.lines}


def _chart(block: Chart, width_mm: float) -> Plain:
    beside = None if tells_all(block) else {"caption": "", **_table(block.table, width_mm)}
    return {"svg": chart_svg(block), "told": told_by(block), "table": beside}


def _signature(block: Signature, width_mm: float) -> Plain:
    del width_mm
    return signature_of(block)


def _parties(block: Parties, width_mm: float) -> Plain:
    del width_mm
    fields = (
        (name, [{**_blank(blank), "label": _("{label}：").format(label=blank.label)} for blank in blanks]) for name, blanks in block.columns
    )
    return {"columns": [{"name": name, "blanks": blanks} for name, blanks in fields]}


_VALUES: dict[type, Callable[[Any, float], Plain]] = {
    Text: _text,
    Table: _table,
    Pairs: _pairs,
    Slip: _slip,
    Chart: _chart,
    Signature: _signature,
    Parties: _parties,
}
