"""Word's building blocks, written as XML: paragraphs, runs, tables, and the section settings python-docx has no words for.

Tables are built element by element because python-docx finds a cell by walking the whole table (a table of 300 rows takes half a minute).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.layout import TABLE_PT

HEAD_SHADE = "E7E6E6"
GROUP_SHADE = "F4F4F4"
BAR_SHADE = "595959"
# A bar of 100 per cent: so many blanks of 6 pt fill its column.
BAR_STEPS = 27
CELL_MARGINS_TWIPS = (("top", 40), ("left", 70), ("bottom", 40), ("right", 70))


@dataclass(frozen=True)
class Line:
    """A paragraph in a cell: an optional label in heavy type before the text. `bar` draws a bar of that many per cent instead."""

    text: str
    label: str = ""
    heavy: bool = False
    colour: str | None = None
    bar: float | None = None
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
class Row:
    """A table row; a head row repeats on every page, `keep` holds the row on the page of the next one."""

    boxes: tuple[Box, ...]
    is_head: bool = False
    keep: bool = False


@dataclass(frozen=True)
class TableSpec:
    """A table: widths in millimetres, rows, and a name for those who hear it read."""

    title: str
    widths_mm: tuple[float, ...]
    rows: Sequence[Row] = field(default=())


def element(tag: str, attributes: Mapping[str, str | int] | None = None, children: Iterable[BaseOxmlElement] = ()) -> BaseOxmlElement:
    """Return `<w:tag w:attribute="…">` around `children`."""
    made: BaseOxmlElement = cast(BaseOxmlElement, OxmlElement(f"w:{tag}"))
    for name, value in (attributes or {}).items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def table(spec: TableSpec) -> BaseOxmlElement:
    """Return a bordered table of fixed column widths."""
    widths = [_twips(width) for width in spec.widths_mm]
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    settings = element(
        "tblPr",
        children=(
            element("tblW", {"w": sum(widths), "type": "dxa"}),
            element("jc", {"val": "center"}),
            element("tblBorders", children=[element(edge, {"val": "single", "sz": 4, "space": 0, "color": "7F7F7F"}) for edge in edges]),
            element("tblLayout", {"type": "fixed"}),
            element("tblCellMar", children=[element(side, {"w": margin, "type": "dxa"}) for side, margin in CELL_MARGINS_TWIPS]),
            element("tblLook", {"firstRow": 1, "noHBand": 1, "noVBand": 1}),
            element("tblCaption", {"val": spec.title}),
        ),
    )
    grid = element("tblGrid", children=[element("gridCol", {"w": width}) for width in widths])
    return element("tbl", children=[settings, grid, *(_row(row, widths) for row in spec.rows)])


def run_text(text: str, *, size_pt: float = TABLE_PT, heavy: bool = False, colour: str | None = None) -> BaseOxmlElement:
    """Return a run in the table's type; heavy is 黑体, as the standard's headings are, not a bold 仿宋."""
    marks = []
    if heavy:
        marks.append(element("rFonts", {"ascii": "黑体", "hAnsi": "黑体", "eastAsia": "黑体"}))
    if colour:
        marks.append(element("color", {"val": colour}))
    marks.append(element("sz", {"val": round(size_pt * 2)}))
    words = element("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", children=[element("rPr", children=marks), words])


def field_run(instruction: str) -> list[BaseOxmlElement]:
    """Return the runs of a field, such as `PAGE`, that Word fills in."""
    words = element("instrText")
    words.text = instruction
    parts = (element("fldChar", {"fldCharType": "begin"}), words, element("fldChar", {"fldCharType": "end"}))
    return [element("r", children=[part]) for part in parts]


def _row(row: Row, widths: Sequence[int]) -> BaseOxmlElement:
    settings = [element("cantSplit")]
    if row.is_head:
        settings.append(element("tblHeader"))
    boxes, column = [], 0
    for box in row.boxes:
        boxes.append(_cell(box, sum(widths[column : column + box.span]), keep=row.keep or row.is_head))
        column += box.span
    return element("tr", children=[element("trPr", children=settings), *boxes])


def _cell(box: Box, width: int, *, keep: bool) -> BaseOxmlElement:
    settings = [element("tcW", {"w": width, "type": "dxa"})]
    if box.span > 1:
        settings.append(element("gridSpan", {"val": box.span}))
    if box.merge:
        settings.append(element("vMerge", {"val": box.merge}))
    if box.shade:
        settings.append(element("shd", {"val": "clear", "color": "auto", "fill": box.shade}))
    settings.append(element("vAlign", {"val": "center"}))
    return element("tc", children=[element("tcPr", children=settings), *(_cell_line(line, box.align, keep=keep) for line in box.lines)])


def _cell_line(line: Line, align: str, *, keep: bool) -> BaseOxmlElement:
    settings = [element("pStyle", {"val": "TableText"})]
    if keep:
        settings.append(element("keepNext"))
    settings.append(element("jc", {"val": align}))
    runs = [run_text(line.label, heavy=True)] if line.label else []
    runs.append(_bar(line.bar) if line.bar is not None else run_text(line.text, size_pt=line.size_pt, heavy=line.heavy, colour=line.colour))
    return element("p", children=[element("pPr", children=settings), *runs])


def _bar(percent: float) -> BaseOxmlElement:
    """Draw a bar of shaded blanks: it needs no picture and prints in black."""
    steps = max(round(percent / 100 * BAR_STEPS), 1 if percent > 0 else 0)
    words = element("t")
    words.text = "\u3000" * steps
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    marks = [element("sz", {"val": 12}), element("shd", {"val": "clear", "color": "auto", "fill": BAR_SHADE})]
    return element("r", children=[element("rPr", children=marks), words])


def _twips(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)
