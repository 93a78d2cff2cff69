"""The styles of a paper in Word, by the names an office sees in its list of styles.

Word and WPS number the styles they know in their own way when they save a file; so a style is always found by its name, never by its number.
"""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles import BabelFish
from docx.styles.style import ParagraphStyle
from lxml import etree

from reports import layout
from reports.docx_parts import element
from reports.layout import Face

BODY = "公文正文"
TITLE = "Title"
MASTHEAD = "公文版头"
ISSUE = "公文字号"
HEAD_LINE = "公文版头两侧"
RULE = "公文红线"
LEVEL = "公文级别"
ADDRESSEE = "公文主送"
ANNEX_LIST = "公文附件说明"
SIGNATURE = "公文落款"
ANNEX_MARK = "公文附件字样"
ANNEX_TITLE = "公文附件标题"
TABLE_TEXT = "公文表格"
TABLE_TITLE = "公文表题"
PICTURE = "公文图"
RECORD = "公文版记"
PROOF = "公文核对"
HEADINGS = ("Heading 1", "Heading 2", "Heading 3")
FOOTER = "Footer"

_LINE_PT = layout.LINE_PITCH_TWIPS / 20
# A line higher than its type has half the difference above it.
_MASTHEAD_LINE_PT = layout.MASTHEAD_PT * 1.3
_MASTHEAD_SLACK_PT = (_MASTHEAD_LINE_PT - layout.MASTHEAD_PT) / 2


def set_styles(document: Document) -> None:
    """Set every style the papers use, also in a document that lacks some of them."""
    _set(document, "Normal", layout.FANG_SONG, layout.BODY_PT, _LINE_PT)
    title = _set(document, TITLE, layout.SONG_TITLE, layout.TITLE_PT, layout.TITLE_PT * 1.5, centred=True)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(2 * _LINE_PT), Pt(_LINE_PT)
    for name, face in zip(HEADINGS, (layout.HEI, layout.KAI, layout.FANG_SONG), strict=True):
        _indent_two_characters(_set(document, name, face, layout.BODY_PT, _LINE_PT))
    _set(document, FOOTER, layout.SONG, layout.PAGE_NUMBER_PT, layout.PAGE_NUMBER_PT)
    _set_head(document)
    body = _set(document, BODY, layout.FANG_SONG, layout.BODY_PT, _LINE_PT)
    _indent_two_characters(body)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _set_foot(document)
    _set_annexes(document)


def fitted_styles(document: Document) -> dict[str, str]:
    """Return the number of each style by its name, all of them set first where some are lacking: an office began its template from an empty file."""
    found = style_ids(document)
    if {BODY, TABLE_TEXT, SIGNATURE, PROOF, *HEADINGS} <= found.keys():
        return found
    set_styles(document)
    return style_ids(document)


def style_ids(document: Document) -> dict[str, str]:
    """Return the number each style has in this document, by its name."""
    # Read from the XML: an object for each of a template's hundred styles takes longer than the rest of a short paper.
    styles = ((style.find(qn("w:name")), style) for style in document.styles.element.findall(qn("w:style")))
    of_paragraphs = ((name, style) for name, style in styles if name is not None and style.get(qn("w:type"), "paragraph") == "paragraph")
    return {BabelFish.internal2ui(name.get(qn("w:val"))): style.get(qn("w:styleId")) for name, style in of_paragraphs}


def name_stand_ins(document: Document) -> None:
    """Write each face's stand-ins into the font table, where Word looks when a face is not installed."""
    part = next(part for part in document.part.package.iter_parts() if part.partname.endswith("fontTable.xml"))
    fonts = etree.fromstring(part.blob)
    for face in layout.FACES:
        font = etree.SubElement(fonts, qn("w:font"), {qn("w:name"): face.name})
        etree.SubElement(font, qn("w:altName"), {qn("w:val"): face.stand_ins})
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_head(document: Document) -> None:
    masthead = _set(document, MASTHEAD, layout.SONG_TITLE, layout.MASTHEAD_PT, _MASTHEAD_LINE_PT, centred=True)
    masthead.font.color.rgb = RGBColor.from_string(layout.RED)
    # 7.2.4: the name's upper edge lies 35 mm below the type area's; 7.2.5: the number stands two lines below it.
    masthead.paragraph_format.space_before = Mm(layout.MASTHEAD_DROP_MM) - Pt(_MASTHEAD_SLACK_PT)
    masthead.paragraph_format.space_after = Pt(2 * _LINE_PT - _MASTHEAD_SLACK_PT)
    _set(document, ISSUE, layout.FANG_SONG, layout.BODY_PT, _LINE_PT, centred=True)
    line = _set(document, HEAD_LINE, layout.FANG_SONG, layout.BODY_PT, _LINE_PT)
    line.paragraph_format.left_indent = Pt(layout.BODY_PT)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TYPE_WIDTH_MM) - Pt(layout.BODY_PT), WD_TAB_ALIGNMENT.RIGHT)
    # 7.2.7: the rule lies 4 mm below the number; 6.5 pt of that are the number's own line.
    rule = _set(document, RULE, layout.FANG_SONG, 2, layout.RULE_DROP_MM / 25.4 * 72 - 6.5)
    rule.element.get_or_add_pPr().insert_element_before(
        element("pBdr", children=[element("bottom", {"val": "single", "sz": 12, "space": 0, "color": layout.RED})]),
        *("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"),
    )
    _set(document, LEVEL, layout.HEI, layout.BODY_PT, _LINE_PT)
    _set(document, ADDRESSEE, layout.FANG_SONG, layout.BODY_PT, _LINE_PT)


def _set_foot(document: Document) -> None:
    _indent_two_characters(_set(document, ANNEX_LIST, layout.FANG_SONG, layout.BODY_PT, _LINE_PT))
    signature = _set(document, SIGNATURE, layout.FANG_SONG, layout.BODY_PT, _LINE_PT)
    signature.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signature.paragraph_format.right_indent = Pt(4 * layout.CHARACTER_PITCH_PT)
    # 7.4.2: 4号, one character in from both sides.
    record = _set(document, RECORD, layout.FANG_SONG, layout.RECORD_PT, layout.RECORD_PT * 1.8)
    record.paragraph_format.left_indent = record.paragraph_format.right_indent = Pt(layout.RECORD_PT)
    record.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TYPE_WIDTH_MM) - Pt(layout.RECORD_PT), WD_TAB_ALIGNMENT.RIGHT)
    _set(document, PROOF, layout.FANG_SONG, layout.PROOF_PT, layout.TABLE_LINE_PT)


def _set_annexes(document: Document) -> None:
    _set(document, ANNEX_MARK, layout.HEI, layout.BODY_PT, _LINE_PT)
    title = _set(document, ANNEX_TITLE, layout.SONG_TITLE, layout.TITLE_PT, layout.TITLE_PT * 1.5, centred=True)
    # 7.3.7: the title stands in the third line, its word in the first.
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(_LINE_PT), Pt(_LINE_PT / 2)
    _set(document, TABLE_TEXT, layout.FANG_SONG, layout.TABLE_PT, layout.TABLE_LINE_PT)
    heading = _set(document, TABLE_TITLE, layout.HEI, layout.TABLE_TITLE_PT, layout.TABLE_TITLE_PT * 1.5, centred=True)
    heading.paragraph_format.space_before = Pt(6)
    heading.paragraph_format.keep_with_next = True
    picture = _set(document, PICTURE, layout.FANG_SONG, layout.TABLE_PT, layout.TABLE_LINE_PT, centred=True)
    # A fixed line would cut the picture off.
    picture.paragraph_format.line_spacing = 1.0


def _set(document: Document, name: str, face: Face, size_pt: float, line_pt: float, *, centred: bool = False) -> ParagraphStyle:
    style = _style(document, name)
    properties = style.element.get_or_add_rPr()
    for left_over in list(properties):
        properties.remove(left_over)
    properties.append(element("rFonts", {"ascii": face.name, "hAnsi": face.name, "eastAsia": face.name, "cs": "Times New Roman"}))
    style.font.size = Pt(size_pt)
    style.font.bold = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _take_off_grid(style, layout.CHARACTER_SPACE_TWIPS if size_pt == layout.BODY_PT else 0)
    lines = style.element.get_or_add_pPr()
    for left_over in lines.findall(qn("w:pBdr")):
        lines.remove(left_over)
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing = Pt(line_pt)
    if centred:
        spacing.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return style


def _style(document: Document, name: str) -> ParagraphStyle:
    if name in document.styles:
        style = document.styles[name]
    else:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is no paragraph style")
    return style


def _take_off_grid(style: ParagraphStyle, character_space: int) -> None:
    """Set the pitch by hand (`layout.CHARACTER_SPACE_TWIPS` says why)."""
    marks = style.element.get_or_add_rPr()
    marks.insert_element_before(element("spacing", {"val": character_space}), "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    marks.insert_element_before(element("snapToGrid", {"val": 0}), "w:color", "w:spacing", "w:sz", "w:szCs")
    lines = style.element.get_or_add_pPr()
    for left_over in lines.findall(qn("w:snapToGrid")):
        lines.remove(left_over)
    lines.insert_element_before(element("snapToGrid", {"val": 0}), "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")


def _indent_two_characters(style: ParagraphStyle) -> None:
    lines = style.element.get_or_add_pPr()
    for indent in lines.findall(qn("w:ind")):
        lines.remove(indent)
    style.paragraph_format.first_line_indent = Pt(2 * layout.CHARACTER_PITCH_PT)
    lines.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
