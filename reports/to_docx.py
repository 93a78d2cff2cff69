"""A paper as a Word document in the form of GB/T 9704-2012: the template gives the sheets, the styles and the single words, the blocks are put in where it marks them.

The same paper and template give the same bytes.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from reports import docx_styles, layout
from reports.docx_blocks import Desk, block_elements, day_indent, office_indent
from reports.docx_page import saved, sheet, type_width_mm
from reports.docx_parts import Node, element, paragraph, run
from reports.paper import Annex, Paper, annex_mark, annex_words
from reports.readable import readable
from reports.word_templates import ANNEX_LIST, ANNEXES, BODY, PROOF, mark_of, template_of

_MARKED = (BODY, ANNEX_LIST, ANNEXES, PROOF)


def paper_docx(paper: Paper, templates: Path | None, fonts: Path | None = None) -> bytes:
    """Return the paper as a .docx file; `templates` is the folder of an office's own Word templates, `fonts` one of fonts for its charts."""
    paper = readable(paper)
    document = template_of(paper, templates)
    portrait = document.element.body.sectPr
    desk = Desk(document, docx_styles.fitted_styles(document), type_width_mm(portrait), fonts)
    _fit_head(paper, desk)
    places = {part: _place(document, part) for part in _MARKED}
    body = _put(places[BODY], block_elements(paper.blocks, desk))
    listed = _put(places[ANNEX_LIST], _annex_list(paper, desk))
    signed = _fit_signature(paper, desk)
    _keep_together(body, listed if signed is None else signed)
    _put_annexes(paper, desk, places[ANNEXES])
    _put(places[PROOF], _proof(paper, desk))
    return saved(document, paper.written_on, paper.title_line)


def _place(document: Document, part: str) -> Node:
    """Return the paragraph that marks where a part belongs; None where the template has no place for it."""
    for line in document.element.body.findall(qn("w:p")):
        if "".join(words.text or "" for words in line.iter(qn("w:t"))).strip() == mark_of(part):
            return line
    return None


def _put(place: Node, elements: Iterable[Node]) -> Node:
    """Put elements in a mark's place and return the last of them."""
    if place is None:
        return None
    last = None
    for last in elements:
        place.addprevious(last)
    place.getparent().remove(place)
    return last


def _lines_in(desk: Desk, style: str) -> list[Paragraph]:
    lines = desk.document.element.body.findall(qn("w:p"))
    return [Paragraph(line, desk.document._body) for line in lines if line.style == desk.styles.get(style)]


def _fit_head(paper: Paper, desk: Desk) -> None:
    """Give the level its colour, and a long name, as in English, a smaller type, so that it stays on its line."""
    level = _lines_in(desk, docx_styles.LEVEL)
    for line in level:
        for part in line.runs:
            part.font.color.rgb = RGBColor.from_string(paper.level[1]) if paper.level else None
    if paper.masthead is None:
        # The room above the title is that below the red rule; a sheet without a head begins with its title.
        for title in _lines_in(desk, docx_styles.TITLE):
            title.paragraph_format.space_before = Pt(0)
    for name in _lines_in(desk, docx_styles.MASTHEAD):
        width = layout.width_in_characters(name.text)
        if width > layout.MASTHEAD_CHARACTERS:
            for part in name.runs:
                part.font.size = Pt(int(layout.MASTHEAD_PT * layout.MASTHEAD_CHARACTERS / width))
        room = name.style.paragraph_format.space_before if name.style else None
        if level and room:
            # The level stands in the room above the name (7.2.3) and does not push it down.
            name.paragraph_format.space_before = room - Pt(layout.LINE_PITCH_TWIPS / 20)


def _fit_signature(paper: Paper, desk: Desk) -> Node:
    """Set the office upon the day (7.3.5) and return the line of the day; None where nobody signs."""
    if paper.signature is None:
        return None
    lines = _lines_in(desk, docx_styles.SIGNATURE)
    for place, line in enumerate(lines):
        is_office = line.text.strip() == paper.signature.office
        line.paragraph_format.right_indent = Pt((office_indent(paper.signature) if is_office else day_indent()) / 20)
        if place == 0:
            line.paragraph_format.space_before = Pt(layout.LINE_PITCH_TWIPS / 20)
    return lines[-1]._p if lines else None


def _keep_together(first: Node, last: Node) -> None:
    """Hold the last of the body and all up to the day, or to the last annex named, on one page: neither stands without body text (7.3.5)."""
    if first is None or last is None:
        return
    # A body that ends in a box gives its last row; the empty line below the box is no body text.
    box = first.getprevious() if first.tag == qn("w:p") and not "".join(words.text or "" for words in first.iter(qn("w:t"))) else None
    if box is not None and box.tag == qn("w:tbl"):
        _hold_last_row(box)
    line: Node = first
    while line is not None and line is not last:
        if line.tag == qn("w:p"):
            line.get_or_add_pPr().get_or_add_keepNext()
        line = line.getnext()


def _hold_last_row(box: Node) -> None:
    """Hold a box's last row, and the rows that may not part from it, with what follows the box."""
    for row in reversed(box.findall(qn("w:tr"))):
        for line in row.iter(qn("w:p")):
            line.get_or_add_pPr().get_or_add_keepNext()
        if row.getprevious() is None or row.getprevious().find(f".//{qn('w:keepNext')}") is None:
            return


def _annex_list(paper: Paper, desk: Desk) -> Iterator[Node]:
    """List the annexes one line below the body (7.3.4); a second name stands below the first."""
    for number, words in enumerate(annex_words(paper)):
        first = {"before": layout.LINE_PITCH_TWIPS}
        later = round(5 * layout.CHARACTER_PITCH_PT * 20)
        settings = [element("ind", {"left": later, "firstLine": 0, "firstLineChars": 0})] if number else [element("spacing", first)]
        yield paragraph(desk.styles[docx_styles.ANNEX_LIST], [run(words)], settings)


def _proof(paper: Paper, desk: Desk) -> Iterator[Node]:
    for number, words in enumerate(paper.proof):
        room = [] if number else [element("spacing", {"before": round(layout.TABLE_LINE_PT * 20)})]
        yield paragraph(desk.styles[docx_styles.PROOF], [run(words)], room)


def _put_annexes(paper: Paper, desk: Desk, place: Node) -> None:
    """Put every annex on its own sheet, and what follows the last of them, the record, on an upright one again.

    A section's settings stand at its end: where the next one lies otherwise, the one before is closed with its own.
    """
    if place is None:
        return
    body = place.getparent()
    portrait, upright = body.sectPr, desk.width_mm
    first, lies = True, False
    for number, annex in enumerate(paper.annexes, start=1):
        turns = annex.is_landscape != lies
        if turns:
            _close_section(place, sheet(portrait, is_landscape=lies, is_first=first), desk)
            first, lies = False, annex.is_landscape
        desk.width_mm = type_width_mm(sheet(portrait, is_landscape=lies))
        for part in _annex(paper, annex, number, desk, on_new_page=not turns):
            place.addprevious(part)
    if lies and paper.record is not None:
        _close_section(place, sheet(portrait, is_landscape=True), desk)
        lies = False
    body.replace(portrait, sheet(portrait, is_landscape=lies, is_first=first))
    desk.width_mm = upright
    body.remove(place)


def _annex(paper: Paper, annex: Annex, number: int, desk: Desk, *, on_new_page: bool) -> Iterator[Node]:
    """Give an annex: its word in 黑体 at the top left, its title in the third line (7.3.7), its blocks."""
    settings = [element("keepNext"), *([element("pageBreakBefore")] if on_new_page else [])]
    yield paragraph(desk.styles[docx_styles.ANNEX_MARK], [run(annex_mark(paper, number))], settings)
    yield paragraph(desk.styles[docx_styles.ANNEX_TITLE], [run(annex.title)], [element("keepNext")])
    yield from block_elements(annex.blocks, desk, above=annex.title)


def _close_section(place: Node, section: Node, desk: Desk) -> None:
    line = place.getprevious()
    if line is None or line.tag != qn("w:p") or line.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        line = paragraph(desk.styles[docx_styles.PROOF], settings=[element("spacing", {"line": 20, "lineRule": "exact"})])
        place.addprevious(line)
    line.get_or_add_pPr().append(section)
