"""Word's building blocks, written as XML: paragraphs, runs and tables.

Tables are written as text and parsed once: python-docx finds a cell by walking the whole table, and even single elements cost a long table dearly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.layout import TABLE_PT

# An element of a document that is open: python-docx gives it methods that its types do not know.
Node = Any

HEAD_SHADE = "E7E6E6"
GROUP_SHADE = "F4F4F4"
HEAVY_FACE = "黑体"
_CELL_MARGINS_TWIPS = (("top", 40), ("left", 45), ("bottom", 40), ("right", 45))
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True)
class Line:
    """A paragraph in a cell: an optional label in heavy type before the text."""

    text: str
    label: str = ""
    heavy: bool = False
    colour: str | None = None
    size_pt: float = TABLE_PT


@dataclass(frozen=True)
class Box:
    """A table cell over `span` columns. `align` is Word's word: left, center, right; `merge` is restart for the first of several rows, then continue."""

    lines: tuple[Line, ...]
    align: str = "left"
    span: int = 1
    shade: str | None = None
    merge: str | None = None


@dataclass(frozen=True)
class BoxRow:
    """A table row; a head row repeats on every page, `keep` holds the row on the page of the next one, `height_pt` is its least height."""

    boxes: tuple[Box, ...]
    is_head: bool = False
    keep: bool = False
    height_pt: float = 0


@dataclass(frozen=True)
class TableSpec:
    """A table: widths in millimetres, rows, a name for those who hear it read, and whether it has rules."""

    title: str
    widths_mm: tuple[float, ...]
    rows: Sequence[BoxRow] = field(default=())
    has_rules: bool = True


def element(tag: str, attributes: Mapping[str, str | int] | None = None, children: Iterable[BaseOxmlElement] = ()) -> BaseOxmlElement:
    """Return `<w:tag w:attribute="…">` around `children`."""
    made: BaseOxmlElement = cast(BaseOxmlElement, OxmlElement(f"w:{tag}"))
    for name, value in (attributes or {}).items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def paragraph(style_id: str, runs: Iterable[BaseOxmlElement] = (), settings: Iterable[BaseOxmlElement] = ()) -> BaseOxmlElement:
    """Return a paragraph of a style; `settings` are its own, in the order Word wants them."""
    return element("p", children=[element("pPr", children=[element("pStyle", {"val": style_id}), *settings]), *runs])


def run(text: str, marks: Iterable[BaseOxmlElement] = ()) -> BaseOxmlElement:
    """Return a run of text; `marks` set its type where it differs from the paragraph's."""
    words = element("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    given = list(marks)
    return element("r", children=[*([element("rPr", children=given)] if given else []), words])


def heavy() -> BaseOxmlElement:
    """Return the mark of heavy type: 黑体, as the standard's headings are, not a bold 仿宋."""
    return element("rFonts", {"ascii": HEAVY_FACE, "hAnsi": HEAVY_FACE, "eastAsia": HEAVY_FACE})


def field_run(instruction: str) -> list[BaseOxmlElement]:
    """Return the runs of a field, such as `PAGE`, that Word fills in."""
    words = element("instrText")
    words.text = instruction
    parts = (element("fldChar", {"fldCharType": "begin"}), words, element("fldChar", {"fldCharType": "end"}))
    return [element("r", children=[part]) for part in parts]


def table(spec: TableSpec, style_id: str) -> BaseOxmlElement:
    """Return a table of fixed column widths, its text in the style of that number."""
    widths = [_twips(width) for width in spec.widths_mm]
    rule = 'w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"' if spec.has_rules else 'w:val="nil"'
    borders = "".join(f"<w:{edge} {rule}/>" for edge in _EDGES)
    margins = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side, margin in _CELL_MARGINS_TWIPS)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(_row(row, widths, style_id) for row in spec.rows)
    settings = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar>{margins}</w:tblCellMar><w:tblLook w:firstRow="1" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={quoteattr(spec.title)}/>'
    )
    text = f"<w:tbl {nsdecls('w')}><w:tblPr>{settings}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    return parse_xml(text)


def _row(row: BoxRow, widths: Sequence[int], style_id: str) -> str:
    settings = "<w:cantSplit/>"
    if row.height_pt:
        settings += f'<w:trHeight w:val="{round(row.height_pt * 20)}" w:hRule="atLeast"/>'
    if row.is_head:
        settings += "<w:tblHeader/>"
    boxes, column = [], 0
    before = f'<w:pPr><w:pStyle w:val="{style_id}"/>{"<w:keepNext/>" if row.keep or row.is_head else ""}'
    for box in row.boxes:
        boxes.append(_cell(box, sum(widths[column : column + box.span]), before))
        column += box.span
    return f"<w:tr><w:trPr>{settings}</w:trPr>{''.join(boxes)}</w:tr>"


def _cell(box: Box, width: int, before: str) -> str:
    settings = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if box.span > 1:
        settings += f'<w:gridSpan w:val="{box.span}"/>'
    if box.merge:
        settings += f'<w:vMerge w:val="{box.merge}"/>'
    if box.shade:
        settings += f'<w:shd w:val="clear" w:color="auto" w:fill="{box.shade}"/>'
    opening = f'<w:p>{before}<w:jc w:val="{box.align}"/></w:pPr>'
    lines = "".join(f"{opening}{_line(line)}</w:p>" for line in box.lines)
    return f'<w:tc><w:tcPr>{settings}<w:vAlign w:val="center"/></w:tcPr>{lines}</w:tc>'


def _line(line: Line) -> str:
    label = _run(line.label, line.size_pt, is_heavy=True) if line.label else ""
    return label + (_run(line.text, line.size_pt, is_heavy=line.heavy, colour=line.colour) if line.text else "")


def _run(text: str, size_pt: float, *, is_heavy: bool = False, colour: str | None = None) -> str:
    marks = f'<w:rFonts w:ascii="{HEAVY_FACE}" w:hAnsi="{HEAVY_FACE}" w:eastAsia="{HEAVY_FACE}"/>' if is_heavy else ""
    marks += f'<w:color w:val="{colour}"/>' if colour else ""
    marks += f'<w:sz w:val="{round(size_pt * 2)}"/>' if size_pt != TABLE_PT else ""
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _twips(millimetres: float) -> int:
    return int(millimetres / 25.4 * 1440)
