"""The sheets of a Word paper: size, margins, grid, page numbers, and the bytes it is saved as.

A landscape section turns its portrait section's own margins with the sheet, so that an office that moved its margins has them moved there too.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, NAMESPACE
from docx.opc.package import OpcPackage
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI
from docx.opc.part import Part
from docx.opc.spec import default_content_types
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt

from reports import docx_styles, layout
from reports.docx_parts import Node, element, field_run

_TWIPS_A_MM = 1440 / 25.4
_FIRST_SHEET_ONLY = ("headerReference", "footerReference", "titlePg")


def lay_out(section: Section) -> None:
    """Set A4, the margins of the type area, and the grid of 22 lines of 28 characters (5.1, 5.2)."""
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(layout.MARGIN_TOP_MM), Mm(layout.MARGIN_BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(layout.MARGIN_LEFT_MM), Mm(layout.MARGIN_RIGHT_MM)
    section.header_distance, section.footer_distance = Mm(layout.HEADER_MM), Mm(layout.FOOTER_MM)
    properties = section._sectPr
    for left_over in properties.findall(qn("w:docGrid")):
        properties.remove(left_over)
    grid: dict[str, str | int] = {"type": "linesAndChars", "linePitch": layout.LINE_PITCH_TWIPS, "charSpace": layout.GRID_CHARACTER_SPACE}
    properties.append(element("docGrid", grid))


def number_pages(document: Document) -> None:
    """Put `— 1 —` at the outer edge, one character in: right on odd pages, left on even ones (7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def sheet(portrait: Node, *, is_landscape: bool = False, is_first: bool = False) -> Node:
    """Return the settings of a section like the template's own, turned where it lies across; page numbers go on from the first (7.5)."""
    made = deepcopy(portrait)
    if not is_first:
        for name in _FIRST_SHEET_ONLY:
            for reference in made.findall(qn(f"w:{name}")):
                made.remove(reference)
        for numbering in made.findall(qn("w:pgNumType")):
            numbering.attrib.pop(qn("w:start"), None)
    if is_landscape:
        _turn(made)
    return made


def type_width_mm(section: Node) -> float:
    """Return how wide the type area of a section is, in millimetres."""
    margins = section.find(qn("w:pgMar"))
    width = int(section.find(qn("w:pgSz")).get(qn("w:w")))
    return (width - int(margins.get(qn("w:left"))) - int(margins.get(qn("w:right")))) / _TWIPS_A_MM


def saved(document: Document, written_on: date, title: str) -> bytes:
    """Return the document's bytes, every part dated `written_on`: files otherwise carry the clock."""
    properties = document.core_properties
    midnight = datetime(written_on.year, written_on.month, written_on.day)  # noqa: DTZ001 (Word keeps no time zone here)
    properties.title = title[:255]
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = midnight
    properties.revision = 1
    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    at = (max(written_on.year, 1980), written_on.month, written_on.day, 0, 0, 0)
    target = BytesIO()
    # What `save` does, but for the dates: to let it write first, and read and pack all of it again, took as long as the rest of a short paper.
    with ZipFile(target, "w") as file:
        for name, content in _members(package):
            file.writestr(ZipInfo(name, at), content, ZIP_DEFLATED)
    return target.getvalue()


def _members(package: OpcPackage) -> Iterator[tuple[str, bytes | str]]:
    """Give the files of a package, each with its name: what kinds of parts there are, what belongs together, and the parts themselves."""
    parts = package.parts
    yield CONTENT_TYPES_URI.membername, _content_types(parts)
    yield PACKAGE_URI.rels_uri.membername, package.rels.xml
    for part in parts:
        yield part.partname.membername, part.blob
        if part.rels:
            yield part.partname.rels_uri.membername, part.rels.xml


def _content_types(parts: Iterable[Part]) -> str:
    """Name the kind of each part: once for all with an ending where that tells it, as of pictures, else by itself."""
    known, named = {"rels": CONTENT_TYPE.OPC_RELATIONSHIPS, "xml": CONTENT_TYPE.XML}, {}
    for part in parts:
        ending, kind = part.partname.ext.lower(), part.content_type
        if (ending, kind) not in default_content_types or known.setdefault(ending, kind) != kind:
            named[part.partname] = kind
    lines = [f"<Default Extension={quoteattr(ending)} ContentType={quoteattr(kind)}/>" for ending, kind in sorted(known.items())]
    lines += [f"<Override PartName={quoteattr(name)} ContentType={quoteattr(kind)}/>" for name, kind in sorted(named.items())]
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="{NAMESPACE.OPC_CONTENT_TYPES}">{"".join(lines)}</Types>'


def _number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = docx_styles.FOOTER
    line.alignment = side
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(layout.PAGE_NUMBER_PT)
    line.add_run("— ")
    for part in field_run("PAGE"):
        line._p.append(part)
    line.add_run(" —")


def _turn(section: Node) -> None:
    """Turn a sheet: the head of its tables lies at the binding edge of an odd page (clause 8)."""
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    width, height = size.get(qn("w:w")), size.get(qn("w:h"))
    size.set(qn("w:w"), height)
    size.set(qn("w:h"), width)
    size.set(qn("w:orient"), "landscape")
    top, left, bottom, right = (margins.get(qn(f"w:{side}")) for side in ("top", "left", "bottom", "right"))
    for side, margin in (("top", left), ("right", top), ("bottom", right), ("left", bottom)):
        margins.set(qn(f"w:{side}"), margin)
    # The number keeps its place below the type area: 7 mm, less half its own line.
    margins.set(qn("w:footer"), str(max(0, round(int(right) - 9.5 * _TWIPS_A_MM))))
