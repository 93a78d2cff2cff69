"""A paper's blocks as Word's paragraphs, tables and pictures, in the form of GB/T 9704-2012.

Nothing here is put into a document yet: each function returns elements, and `to_docx` puts them where the template wants them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path

from docx.document import Document
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from reports import docx_styles, layout
from reports.charts import tells_all, told_by
from reports.docx_parts import TableSpec, element, heavy, paragraph, run, table
from reports.docx_tables import pairs_spec, parties_spec, slip_spec, table_spec
from reports.paper import Block, Chart, Heading, Pairs, Parties, Signature, Slip, Table, Text, lead_in, numbered, signed_words

_TWIPS_A_POINT = 20


@dataclass
class Desk:
    """What blocks are drawn with: the document (it keeps pictures), its styles' numbers, the width of the type area, and the house's fonts."""

    document: Document
    styles: dict[str, str]
    width_mm: float = layout.TYPE_WIDTH_MM
    fonts: Path | None = None
    picture_ids: Iterator[int] = field(default_factory=lambda: count(5001))


def block_elements(blocks: tuple[Block, ...], desk: Desk, *, above: str = "") -> Iterator[BaseOxmlElement]:
    """Give the elements of blocks, one after the other; a title that stands `above` already is not said twice."""
    before: Block | None = None
    for place, (block, number) in enumerate(numbered(blocks)):
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        if isinstance(block, Heading):
            yield paragraph(desk.styles[docx_styles.HEADINGS[block.level - 1]], [run(f"{number}{block.text}")])
        elif isinstance(block, Text):
            yield _text(block, desk, leads=after is not None and not isinstance(after, Heading | Text))
        elif isinstance(block, Signature):
            yield from signature_lines(block, desk)
        elif isinstance(block, Chart):
            yield from _chart(block, desk, above)
        else:
            yield from _boxed(block, desk, above, is_below_box=isinstance(before, Table | Pairs | Slip | Parties))
        before = block


def signature_lines(signature: Signature, desk: Desk) -> list[BaseOxmlElement]:
    """Return the office and below it the day, one line below the text (7.3.5)."""
    lines = [(signature.office, office_indent(signature)), (signed_words(signature), day_indent())]
    made: list[BaseOxmlElement] = []
    for text, indent in lines:
        if text:
            before = element("spacing", {"before": 0 if made else layout.LINE_PITCH_TWIPS})
            made.append(paragraph(desk.styles[docx_styles.SIGNATURE], [run(text)], [before, element("ind", {"right": indent})]))
    return made


def day_indent() -> int:
    """Return how far the day stands from the right, in twips: four characters."""
    return round(4 * layout.CHARACTER_PITCH_PT * _TWIPS_A_POINT)


def office_indent(signature: Signature) -> int:
    """Return how far the office stands from the right, in twips: centred upon the day, never beyond the type area."""
    beyond = layout.width_in_characters(signed_words(signature)) - layout.width_in_characters(signature.office)
    return round(max(0.0, 4 + beyond / 2) * layout.CHARACTER_PITCH_PT * _TWIPS_A_POINT)


def _text(block: Text, desk: Desk, *, leads: bool) -> BaseOxmlElement:
    runs = [run(lead_in(block), [heavy()])] if block.label else []
    return paragraph(desk.styles[docx_styles.BODY], [*runs, run(block.text)], [element("keepNext")] if leads else [])


def _boxed(block: Table | Pairs | Slip | Parties, desk: Desk, above: str, *, is_below_box: bool = False) -> Iterator[BaseOxmlElement]:
    title = "" if isinstance(block, Parties) or block.title == above else block.title
    if title or not is_below_box:
        yield from _titled(title, desk)
    yield table(_spec(block, desk.width_mm), desk.styles[docx_styles.TABLE_TEXT])
    note = block.note if isinstance(block, Slip) else ""
    room: dict[str, str | int] = {"before": 60, "after": 80} if note else {"line": 160, "lineRule": "exact"}
    yield paragraph(desk.styles[docx_styles.TABLE_TEXT], [run(note)] if note else [], [element("spacing", room)])


def _spec(block: Table | Pairs | Slip | Parties, width_mm: float) -> TableSpec:
    if isinstance(block, Table):
        return table_spec(block, width_mm)
    if isinstance(block, Pairs):
        return pairs_spec(block, width_mm)
    return slip_spec(block, width_mm) if isinstance(block, Slip) else parties_spec(block, width_mm)


def _titled(title: str, desk: Desk) -> Iterator[BaseOxmlElement]:
    if title:
        yield paragraph(desk.styles[docx_styles.TABLE_TITLE], [run(title)])
    else:
        # A table needs a little room above, which one above it has left already, and must not part from the words that lead to it.
        yield paragraph(
            desk.styles[docx_styles.TABLE_TEXT], settings=[element("keepNext"), element("spacing", {"line": 120, "lineRule": "exact"})]
        )


def _chart(block: Chart, desk: Desk, above: str) -> Iterator[BaseOxmlElement]:
    """Give the picture, and below it its table where the drawing does not tell all of it; where no picture can be drawn, the table alone."""
    has_table = not tells_all(block)
    picture = _picture(block, desk, holds_next=has_table)
    if picture is not None:
        yield from _titled(block.title if block.title != above else "", desk)
        yield picture
    if picture is None or has_table:
        yield from _boxed(block.table, desk, block.title if picture is not None else above)


def _picture(block: Chart, desk: Desk, *, holds_next: bool) -> BaseOxmlElement | None:
    from reports.chart_images import chart_png

    width = min(desk.width_mm, layout.CHART_WIDTH_MM)
    image = chart_png(block, width, desk.fonts)
    if image is None:
        return None
    inline = desk.document.part.new_pic_inline(BytesIO(image), width=Mm(width))
    for side in "TBLR":
        # Where nothing is said, LibreOffice keeps 3 mm free beside a picture.
        inline.set(f"dist{side}", "0")
    inline.docPr.set("id", str(next(desk.picture_ids)))
    inline.docPr.set("descr", told_by(block))
    drawing = element("r", children=[element("drawing", children=[inline])])
    return paragraph(desk.styles[docx_styles.PICTURE], [drawing], [element("keepNext")] if holds_next else [])
