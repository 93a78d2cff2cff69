"""A Word document with the page, the type and the page numbers of GB/T 9704-2012, empty.

Sections, styles and footers are set here once; `to_docx` only adds text. A landscape section turns the portrait margins with the sheet.
"""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from lxml import etree

from reports import layout
from reports.docx_parts import element, field_run
from reports.layout import Face


def new_paper(written_on: date, title: str) -> Paper:
    """Return an empty document laid out by the standard, with fixed dates so that the same bulletin gives the same bytes."""
    paper = Document()
    body = paper.element.body
    for left_over in body.findall(qn("w:p")):
        body.remove(left_over)
    _set_styles(paper)
    _name_stand_ins(paper)
    settings = paper.settings
    settings.odd_and_even_pages_header_footer = True
    _lay_out(paper.sections[0])
    _number_pages(paper.sections[0])
    properties = paper.core_properties
    properties.title, properties.author, properties.comments, properties.keywords = title, "", "", ""
    midnight = datetime(written_on.year, written_on.month, written_on.day)  # noqa: DTZ001 (Word keeps no time zone here)
    properties.created = properties.modified = midnight
    return paper


def add_landscape(paper: Paper) -> None:
    """Begin a landscape section on a new sheet; the head of its tables lies at the binding edge of an odd page (clause 8)."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(layout.PAGE_HEIGHT_MM), Mm(layout.PAGE_WIDTH_MM)
    section.top_margin, section.bottom_margin = Mm(layout.MARGIN_LEFT_MM), Mm(layout.MARGIN_RIGHT_MM)
    section.left_margin, section.right_margin = Mm(layout.MARGIN_BOTTOM_MM), Mm(layout.MARGIN_TOP_MM)
    section.footer_distance = Mm(layout.MARGIN_RIGHT_MM - 7 - 2.5)


def saved(paper: Paper, written_on: date) -> bytes:
    """Return the document's bytes, every part dated `written_on`: zip files otherwise carry the clock."""
    raw, fixed = BytesIO(), BytesIO()
    paper.save(raw)
    with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, (written_on.year, written_on.month, written_on.day, 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return fixed.getvalue()


def _lay_out(section: Section) -> None:
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(layout.MARGIN_TOP_MM), Mm(layout.MARGIN_BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(layout.MARGIN_LEFT_MM), Mm(layout.MARGIN_RIGHT_MM)
    section.header_distance, section.footer_distance = Mm(layout.HEADER_MM), Mm(layout.FOOTER_MM)
    properties = section._sectPr
    for left_over in properties.findall(qn("w:docGrid")):
        properties.remove(left_over)
    grid: dict[str, str | int] = {"type": "linesAndChars", "linePitch": layout.LINE_PITCH_TWIPS, "charSpace": layout.GRID_CHARACTER_SPACE}
    properties.append(element("docGrid", grid))


def _number_pages(section: Section) -> None:
    """Put `— 1 —` at the outer edge, one character in: right on odd pages, left on even ones (7.5)."""
    _number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    line.style = "Footer"
    line.alignment = side
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(layout.PAGE_NUMBER_PT)
    line.add_run("— ")
    for part in field_run("PAGE"):
        line._p.append(part)
    line.add_run(" —")


def _set_styles(paper: Paper) -> None:
    grid_line = layout.LINE_PITCH_TWIPS / 20
    _set_style(paper, "Normal", layout.FANG_SONG, layout.BODY_PT, grid_line)
    _set_style(paper, "Title", layout.SONG_TITLE, layout.TITLE_PT, layout.TITLE_PT * 1.5, centred=True)
    _set_style(paper, "Heading 1", layout.HEI, layout.BODY_PT, grid_line)
    _set_style(paper, "Footer", layout.SONG, layout.PAGE_NUMBER_PT, layout.PAGE_NUMBER_PT)
    masthead = _new_style(paper, "Masthead")
    _set_style(paper, "Masthead", layout.SONG_TITLE, layout.MASTHEAD_PT, layout.MASTHEAD_PT * 1.3, centred=True)
    masthead.font.color.rgb = RGBColor.from_string(layout.RED)
    body = _new_style(paper, "Body Text Indented")
    _indent_two_characters(body)
    _indent_two_characters(_style(paper, "Heading 1"))
    _new_style(paper, "TableText")
    _set_style(paper, "TableText", layout.FANG_SONG, layout.TABLE_PT, layout.TABLE_LINE_PT)
    _new_style(paper, "Proof")
    _set_style(paper, "Proof", layout.FANG_SONG, layout.PROOF_PT, layout.TABLE_LINE_PT)


def _style(paper: Paper, name: str) -> ParagraphStyle:
    style = paper.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style")
    return style


def _new_style(paper: Paper, name: str) -> ParagraphStyle:
    style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style")
    style.base_style = _style(paper, "Normal")
    return style


def _set_style(paper: Paper, name: str, face: Face, size_pt: float, line_pt: float, *, centred: bool = False) -> None:
    style = _style(paper, name)
    properties = style.element.get_or_add_rPr()
    for left_over in list(properties):
        properties.remove(left_over)
    fonts = {"ascii": face.name, "hAnsi": face.name, "eastAsia": face.name, "cs": "Times New Roman"}
    properties.append(element("rFonts", fonts))
    style.font.size = Pt(size_pt)
    style.font.bold = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _take_off_grid(style, layout.CHARACTER_SPACE_TWIPS if size_pt == layout.BODY_PT else 0)
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.get_or_add_pPr().remove(border)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing = Pt(line_pt)
    if centred:
        spacing.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _take_off_grid(style: ParagraphStyle, character_space: int) -> None:
    """Set the pitch by hand (`layout.CHARACTER_SPACE_TWIPS` says why)."""
    marks = style.element.get_or_add_rPr()
    marks.insert_element_before(element("spacing", {"val": character_space}), "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    marks.insert_element_before(element("snapToGrid", {"val": 0}), "w:color", "w:spacing", "w:sz", "w:szCs")
    lines = style.element.get_or_add_pPr()
    lines.insert_element_before(element("snapToGrid", {"val": 0}), "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")


def _indent_two_characters(style: ParagraphStyle) -> None:
    for indent in style.element.get_or_add_pPr().findall(qn("w:ind")):
        style.element.get_or_add_pPr().remove(indent)
    style.paragraph_format.first_line_indent = Pt(2 * layout.CHARACTER_PITCH_PT)
    style.element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "200")


def _name_stand_ins(paper: Paper) -> None:
    """Write each face's stand-ins into the font table, where Word looks when a face is not installed."""
    part = next(part for part in paper.part.package.iter_parts() if part.partname.endswith("fontTable.xml"))
    fonts = etree.fromstring(part.blob)
    for face in layout.FACES:
        font = etree.SubElement(fonts, qn("w:font"), {qn("w:name"): face.name})
        etree.SubElement(font, qn("w:altName"), {qn("w:val"): face.stand_ins})
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)
