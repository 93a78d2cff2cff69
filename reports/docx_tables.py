"""What stands in boxes on a paper, for Word: tables, pairs of facts, slips and the places of those who sign. The drawing is done by `docx_parts`."""

from collections.abc import Iterator
from dataclasses import replace

from reports.docx_parts import GROUP_SHADE, HEAD_SHADE, Box, BoxRow, Line, TableSpec
from reports.layout import (
    BODY_PT,
    FIELD_LINE_PT,
    LABEL_SHARE,
    LIGHT_COLOURS,
    SHORT_PAIR_CHARACTERS,
    TABLE_TITLE_PT,
    head_size_pt,
    label_size_pt,
    width_in_characters,
)
from reports.paper import Blank, Pairs, Parties, Row, Slip, Table
from reports.words import cell_words
from rules.texts import _

_SIGNING_LINE_PT = 28.0


def table_spec(block: Table, width_mm: float) -> TableSpec:
    """Return a table as wide as the type area, its columns in the proportion they ask for; its heads repeat on every page."""
    whole = sum(column.width for column in block.columns)
    widths = tuple(column.width / whole * width_mm for column in block.columns)
    rows = [_row(block, row) for row in block.rows]
    # What belongs to the row above stays on its page.
    for place, row in enumerate(block.rows[1:]):
        if row.style == "detail" or block.rows[place].style == "group":
            rows[place] = replace(rows[place], keep=True)
    return TableSpec(block.title, widths, [*_heads(block, widths), *rows])


def _heads(block: Table, widths_mm: tuple[float, ...]) -> Iterator[BoxRow]:
    size = head_size_pt((column.heading, width) for column, width in zip(block.columns, widths_mm, strict=True))
    heads = [_head(column.heading, size) for column in block.columns]
    if not block.over:
        yield BoxRow(tuple(heads), is_head=True)
        return
    above: list[Box] = []
    place = 0
    for words, count in block.over:
        if words:
            above.append(replace(_head(words, size), span=count))
        else:
            above += [replace(heads[column], merge="restart") for column in range(place, place + count)]
            heads[place : place + count] = [Box((Line(""),), shade=HEAD_SHADE, merge="continue") for _column in range(count)]
        place += count
    yield BoxRow(tuple(above), is_head=True)
    yield BoxRow(tuple(heads), is_head=True)


def _head(heading: str, size_pt: float) -> Box:
    return Box(tuple(Line(line, heavy=True, size_pt=size_pt) for line in heading.split("\n")), "center", shade=HEAD_SHADE)


def _row(block: Table, row: Row) -> BoxRow:
    if row.style in ("group", "detail"):
        lines = cell_words("text", row.cells[0]).split("\n")
        box = Box(tuple(Line(line, heavy=row.style == "group") for line in lines), span=len(block.columns), shade=GROUP_SHADE)
        return BoxRow((box,), keep=row.style == "group")
    return BoxRow(tuple(_cells(block, row)))


def _cells(block: Table, row: Row) -> Iterator[Box]:
    is_total = row.style == "total"
    for column, cell in zip(block.columns, row.cells, strict=True):
        colour = LIGHT_COLOURS.get(str(cell)) if column.kind == "light" else None
        lines = cell_words(column.kind, cell).split("\n")
        boxed = tuple(Line(line, heavy=is_total or colour is not None, colour=colour) for line in lines)
        yield Box(boxed, "left" if column.kind == "text" else "center")


def pairs_spec(block: Pairs, width_mm: float) -> TableSpec:
    """Return facts as label and words, two pairs in a row; what is long has a row of its own."""
    rows: list[BoxRow] = []
    waiting: tuple[Box, ...] = ()
    for label, words in block.rows:
        is_long = width_in_characters(words) > SHORT_PAIR_CHARACTERS
        pair = (_label(label), _field((words,)))
        if waiting and not is_long:
            rows.append(BoxRow((*waiting, *pair)))
            waiting = ()
            continue
        if waiting:
            rows.append(_wide(waiting))
        waiting = () if is_long else pair
        if is_long:
            rows.append(_wide(pair))
    if waiting:
        rows.append(_wide(waiting))
    together = [replace(row, keep=True) for row in rows[:-1]]
    return TableSpec(block.title, _four_columns(width_mm), [*together, *rows[-1:]])


def slip_spec(block: Slip, width_mm: float) -> TableSpec:
    """Return a form to be filled in by hand: one or two fields in a row, each as high as its lines."""
    rows = []
    for blanks in block.rows:
        boxes = tuple(box for blank in blanks for box in (_label(blank.label), _field(tuple(blank.known.split("\n")))))
        height = max(blank.lines for blank in blanks) * FIELD_LINE_PT + 8
        row = BoxRow(boxes) if len(blanks) > 1 else _wide(boxes)
        rows.append(replace(row, height_pt=height))
    return TableSpec(block.title, _four_columns(width_mm), rows)


def parties_spec(block: Parties, width_mm: float) -> TableSpec:
    """Return those who sign side by side, without rules: a name, and below it lines to be filled in by hand."""
    boxes = tuple(Box((Line(name, heavy=True, size_pt=BODY_PT), *_lines_to_fill(blanks))) for name, blanks in block.columns)
    count = max(1, len(boxes))
    height = max((1 + sum(blank.lines for blank in blanks) for _name, blanks in block.columns), default=1) * _SIGNING_LINE_PT
    return TableSpec("", tuple(width_mm / count for _column in range(count)), [BoxRow(boxes, height_pt=height)], has_rules=False)


def _lines_to_fill(blanks: tuple[Blank, ...]) -> Iterator[Line]:
    for blank in blanks:
        yield Line("", size_pt=BODY_PT)
        yield Line(_("{label}：{words}").format(label=blank.label, words=blank.known), size_pt=BODY_PT)
        yield from (Line("", size_pt=BODY_PT) for _line in range(2 * (blank.lines - 1)))


def _four_columns(width_mm: float) -> tuple[float, ...]:
    label = LABEL_SHARE * width_mm
    return (label, width_mm / 2 - label, label, width_mm / 2 - label)


def _wide(pair: tuple[Box, ...]) -> BoxRow:
    return BoxRow((pair[0], replace(pair[1], span=3)))


def _field(lines: tuple[str, ...]) -> Box:
    return Box(tuple(Line(line, size_pt=TABLE_TITLE_PT) for line in lines))


def _label(text: str) -> Box:
    return Box((Line(text, heavy=True, size_pt=label_size_pt(text)),), "center", shade=HEAD_SHADE)
