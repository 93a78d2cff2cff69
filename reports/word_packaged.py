"""The program's own Word templates, made by code from the layout: one for the ordinary form, one for the letter form (信函格式).

They hold placeholders as an office's changed copies do, so that what an office takes out to edit is what the program itself fills.
"""

from datetime import date
from functools import cache

from docx import Document as new_document
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reports import docx_styles, layout
from reports.docx_page import lay_out, number_pages, saved
from reports.docx_parts import element

ORDINARY, LETTER = "paper", "letter"
PACKAGED = (ORDINARY, LETTER)
_TWIPS_A_MM = 1440 / 25.4
# Files are dated; a template belongs to no day.
_NO_DAY = date(2012, 7, 1)
_UNUSED = ("/stylesWithEffects", "/thumbnail")
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")

_DECLARED = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_BOX = (
    '<w:p {declared}><w:pPr><w:pStyle w:val="{style}"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
    '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0">'
    '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>'
    '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/><wp:docPr id="1" name="record"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
    '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    "<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>{table}"
    '<w:p><w:pPr><w:pStyle w:val="{style}"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p></w:txbxContent></wps:txbx>'
    '<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:spAutoFit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic>'
    "</wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r></w:p>"
)


@cache
def packaged_template(name: str) -> bytes:
    """Return the template of that name, `paper` or `letter`, as a .docx file."""
    document = new_document()
    body = document.element.body
    for left_over in body.findall(qn("w:p")):
        body.remove(left_over)
    _leave_out_unused(document)
    docx_styles.set_styles(document)
    docx_styles.name_stand_ins(document)
    lay_out(document.sections[0])
    number_pages(document)
    if name == LETTER:
        _letter_head(document)
    else:
        _head(document)
    _text(document)
    if name == LETTER:
        _letter_record(document)
    else:
        _record(document)
    return saved(document, _NO_DAY, name)


def _leave_out_unused(document: Document) -> None:
    """Leave out what python-docx's own template brings along and no paper uses: a hundred looks of tables, all of them once more for Word 2010, and a picture of an empty page.

    They were nine tenths of every file, and of the time that reading and packing it took; Word offers its looks of tables without them.
    """
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and not style.get(qn("w:default")):
            styles.remove(style)
    for holder in (document.part, document.part.package):
        for number, relation in list(holder.rels.items()):
            if relation.reltype.endswith(_UNUSED):
                del holder.rels[number]


def _head(document: Document) -> None:
    document.add_paragraph("{{ level }}", docx_styles.LEVEL)
    document.add_paragraph("{{ masthead }}", docx_styles.MASTHEAD)
    document.add_paragraph("{{ issue }}", docx_styles.ISSUE)
    document.add_paragraph("{{ left }}\t{{ right }}", docx_styles.HEAD_LINE)
    document.add_paragraph(style=docx_styles.RULE)


def _letter_head(document: Document) -> None:
    """Set the letter form (10.1): the name and a double rule in the first sheet's head, the other at its foot, no number there, the number of the document at the right."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(layout.LETTER_NAME_MM)
    header = section.first_page_header
    header.is_linked_to_previous = False
    name = header.paragraphs[0]
    name.style = docx_styles.MASTHEAD
    name.text = "{{ masthead }}"
    name.runs[0].font.size = Pt(layout.LETTER_NAME_PT)
    name.paragraph_format.space_before = name.paragraph_format.space_after = Pt(0)
    name.paragraph_format.line_spacing = Pt(layout.LETTER_NAME_PT)
    _rule(header.add_paragraph(), thickness=24, room_pt=layout.RULE_DROP_MM / 25.4 * 72)
    _rule(header.add_paragraph(), thickness=6, room_pt=2)
    footer = section.first_page_footer
    footer.is_linked_to_previous = False
    _rule(footer.paragraphs[0], thickness=6, room_pt=2)
    _rule(footer.add_paragraph(), thickness=24, room_pt=3)
    # The lower rule lies nearer to the sheet's edge than page numbers do; these keep their place by the room below them.
    section.footer_distance = Mm(layout.LETTER_FOOT_MM)
    for numbers in (section.footer, section.even_page_footer):
        numbers.paragraphs[0].paragraph_format.space_after = Mm(layout.FOOTER_MM - layout.LETTER_FOOT_MM)
    number = document.add_paragraph("{{ issue }}", docx_styles.ISSUE)
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    number.paragraph_format.space_before = Pt(layout.BODY_PT * 7 / 8)
    document.add_paragraph("{{ level }}", docx_styles.LEVEL)


def _rule(line: Paragraph, thickness: int, room_pt: float) -> None:
    """Make a paragraph a red rule 170 mm long, centred on the sheet."""
    line.style = docx_styles.RULE
    line.paragraph_format.line_spacing = Pt(room_pt)
    border = element("bottom", {"val": "single", "sz": thickness, "space": 0, "color": layout.RED})
    line._p.get_or_add_pPr().insert_element_before(element("pBdr", children=[border]), *_AFTER_BORDERS)
    beyond_mm = (layout.PAGE_WIDTH_MM - layout.LETTER_RULE_MM) / 2
    line.paragraph_format.left_indent = Mm(beyond_mm - layout.MARGIN_LEFT_MM)
    line.paragraph_format.right_indent = Mm(beyond_mm - layout.MARGIN_RIGHT_MM)


def _text(document: Document) -> None:
    document.add_paragraph("{{ title }}", docx_styles.TITLE)
    document.add_paragraph("{{ addressee }}", docx_styles.ADDRESSEE)
    document.add_paragraph("{{ body }}", docx_styles.BODY)
    document.add_paragraph("{{ annex_list }}", docx_styles.ANNEX_LIST)
    document.add_paragraph("{{ office }}", docx_styles.SIGNATURE)
    document.add_paragraph("{{ signed_on }}", docx_styles.SIGNATURE)
    document.add_paragraph("{{ annexes }}", docx_styles.BODY)
    document.add_paragraph("{{ proof }}", docx_styles.PROOF)


def _record(document: Document) -> None:
    """Set the record at the foot of the last page's type area (7.4): copies, the printing office and its day, the number of copies, with rules between.

    It is a table in a text box that Word, WPS and LibreOffice keep at the foot: a table that only floats is left where it stands by some of them.
    """
    ids = docx_styles.style_ids(document)
    rules = "".join(
        f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
        for edge, size in (("top", layout.RECORD_OUTER_RULE), ("bottom", layout.RECORD_OUTER_RULE), ("insideH", layout.RECORD_INNER_RULE))
    )
    lines = ("{{ copies_to }}", "{{ record_office }}\t{{ printed_on }}", "\t{{ copies }}")
    rows = "".join(_record_row(ids[docx_styles.RECORD], line) for line in lines)
    width = _twips(layout.TYPE_WIDTH_MM)
    table = (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>{rows}</w:tbl>'
    )
    height = round(len(lines) * layout.RECORD_PT * 1.8 * 12700)
    box = _BOX.format(declared=_DECLARED, width=round(Mm(layout.TYPE_WIDTH_MM)), height=height, style=ids[docx_styles.PROOF], table=table)
    document.element.body.insert_element_before(parse_xml(box), "w:sectPr")


def _record_row(style_id: str, words: str) -> str:
    one = round(layout.RECORD_PT * 20)
    # A second line of units stands below the first unit's name.
    indent = f'<w:ind w:left="{4 * one}" w:right="{one}" w:hanging="{3 * one}"/>' if "copies_to" in words else ""
    runs = "<w:r><w:tab/></w:r>".join(f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>' if part else "" for part in words.split("\t"))
    line = f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{indent}</w:pPr>{runs}</w:p>'
    return f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{_twips(layout.TYPE_WIDTH_MM)}" w:type="dxa"/></w:tcPr>{line}</w:tc></w:tr>'


def _letter_record(document: Document) -> None:
    """Name in the letter form only who gets a copy, without rules, at the foot of the last page (10.1)."""
    line = document.add_paragraph("{{ copies_to }}", docx_styles.RECORD)
    _framed(line)
    document.add_paragraph(style=docx_styles.PROOF)


def _framed(line: Paragraph) -> None:
    """Put a paragraph into the frame at the foot of the type area; lines with the same frame stand in it together."""
    frame: dict[str, str | int] = {
        "w": _twips(layout.TYPE_WIDTH_MM),
        "hSpace": 0,
        "wrap": "notBeside",
        "vAnchor": "margin",
        "hAnchor": "margin",
        "x": 1,
        "yAlign": "bottom",
    }
    line._p.get_or_add_pPr().insert_element_before(
        element("framePr", frame), "w:widowControl", "w:pBdr", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * _TWIPS_A_MM)
