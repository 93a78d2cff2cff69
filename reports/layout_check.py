"""Whether a Word document keeps the layout of GB/T 9704-2012: what is measured in the file itself, whoever made it.

A document holds what it holds: a check about a part that is not there finds nothing. The faults of a template are those of the papers made with it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn

from reports import docx_styles, layout
from reports.docx_formats import MM_A_TWIP, Formats, Line
from reports.docx_parts import HEAD_SHADE, Node
from reports.layout import Face
from reports.sheet_check import LayoutFault, fault, sheet_faults
from rules.texts import _

_HEADING_FACES = tuple(zip(docx_styles.HEADINGS, (layout.HEI, layout.KAI, layout.FANG_SONG), strict=True))
_TYPES: tuple[tuple[str, str, Face, float], ...] = (
    ("body-type", docx_styles.BODY, layout.FANG_SONG, layout.BODY_PT),
    ("title-type", docx_styles.TITLE, layout.SONG_TITLE, layout.TITLE_PT),
    ("title-type", docx_styles.ANNEX_TITLE, layout.SONG_TITLE, layout.TITLE_PT),
    ("annex-mark", docx_styles.ANNEX_MARK, layout.HEI, layout.BODY_PT),
    ("addressee-type", docx_styles.ADDRESSEE, layout.FANG_SONG, layout.BODY_PT),
    *(("heading-type", style, face, layout.BODY_PT) for style, face in _HEADING_FACES),
)
_CENTRED = (docx_styles.TITLE, docx_styles.ANNEX_TITLE, docx_styles.MASTHEAD)
_CHARACTER_TWIPS = layout.CHARACTER_PITCH_PT * 20


@dataclass(frozen=True)
class _Found:
    formats: Formats

    def lines(self, style: str) -> list[Line]:
        """Return the lines of a style that hold something."""
        return [line for line in self.formats.lines if line.style.lower() == style.lower() and line.text.strip()]


def layout_faults(docx: bytes) -> tuple[LayoutFault, ...]:
    """Return where a Word document leaves the standard, each with what it should be and what it is; none where it keeps it."""
    formats = Formats(docx)
    found = _Found(formats)
    checks: tuple[Callable[[_Found], Iterator[LayoutFault]], ...] = (
        _types,
        _body,
        _head,
        _addressee,
        _signature,
        _tables,
        _record,
        _stand_ins,
    )
    return (*sheet_faults(formats), *(one for check in checks for one in check(found)))


def fault_words(one: LayoutFault) -> str:
    """Return a fault as a sentence with its place."""
    return _("{place}：{words}").format(place=one.place, words=one.words)


def _types(found: _Found) -> Iterator[LayoutFault]:
    """Typeface and size of what stands in each style, its lines' own changes counted too."""
    for code, style, face, size in _TYPES:
        for line in found.lines(style):
            for run in line.runs:
                name, points = found.formats.face(line, run), found.formats.points(line, run)
                # A lead-in within a paragraph is set in 黑体.
                allowed = face.names | (
                    layout.HEI.names if style == docx_styles.BODY and run is line.runs[0] and len(line.runs) > 1 else set()
                )
                if name not in allowed:
                    yield fault(code, line.text, _("字体"), face.name, name)
                if points != size:
                    yield fault(code, line.text, _("字号（磅）"), size, points)
        for line in found.lines(style) if style in _CENTRED else []:
            if found.formats.side(line) != "center":
                yield fault(code, line.text, _("位置"), _("居中"), found.formats.side(line))


def _body(found: _Found) -> Iterator[LayoutFault]:
    """The body's lines: two characters in (7.3.3), 22 on a page."""
    for line in found.lines(docx_styles.BODY):
        indent = found.formats.twips(line, "w:ind", "w:firstLine") / _CHARACTER_TWIPS
        if abs(indent - 2) > 0.15:
            yield fault("body-indent", line.text, _("首行缩进（字）"), 2, round(indent, 1))
        pitch = found.formats.twips(line, "w:spacing", "w:line")
        if not (28 * 20 <= pitch <= 29.1 * 20 and found.formats.of_line(line, "w:spacing", "w:lineRule") == "exact"):
            yield fault("body-line", line.text, _("行距（磅，固定值）"), layout.LINE_PITCH_TWIPS / 20, pitch / 20)


def _head(found: _Found) -> Iterator[LayoutFault]:
    """The red head: the name's colour and type (7.2.4), the rule below it (7.2.7)."""
    formats = found.formats
    edges = [part.element for part in _headers(formats)]
    names = [
        *found.lines(docx_styles.MASTHEAD),
        *(line for edge in edges for line in formats.lines_of(edge) if line.style == docx_styles.MASTHEAD),
    ]
    for line in names:
        for run in line.runs:
            colour = formats.of_run(line, run, "w:color", "w:val") or "000000"
            if not _is_red(colour):
                yield fault("masthead-colour", line.text, _("颜色"), layout.RED, colour)
            if formats.face(line, run) not in layout.SONG_TITLE.names:
                yield fault("masthead-type", line.text, _("字体"), layout.SONG_TITLE.name, formats.face(line, run))
    if names:
        above = [line for line in formats.lines if line.style == docx_styles.RULE]
        rules = [*above, *(line for edge in edges for line in formats.lines_of(edge))]
        colours = [formats.border(line, "bottom") for line in rules]
        if not any(thickness and _is_red(colour) for colour, thickness in colours):
            drawn = _("、").join(colour for colour, thickness in colours if thickness) or _("没有")
            yield fault("red-rule", names[0].text, _("版头下的红线"), layout.RED, drawn)


def _headers(formats: Formats) -> list[Node]:
    return [relation.target_part for relation in formats.document.part.rels.values() if relation.reltype.endswith("/header")]


def _is_red(colour: str) -> bool:
    if len(colour) != 6:
        return False
    red, green, blue = (int(colour[place : place + 2], 16) for place in (0, 2, 4))
    return red >= 0xC0 and max(green, blue) <= 0x40


def _addressee(found: _Found) -> Iterator[LayoutFault]:
    """The addressee: one line below the title, flush left, a full-width colon at its end (7.3.2)."""
    formats = found.formats
    for line in found.lines(docx_styles.ADDRESSEE):
        indents = [formats.twips(line, "w:ind", f"w:{side}") for side in ("left", "firstLine")]
        if any(indents) or formats.side(line) not in ("left", "both"):
            yield fault("addressee-place", line.text, _("位置"), _("顶格"), _("缩进或不在左侧"))
        if "{{" not in line.text and not line.text.endswith(("：", ":" if line.text.isascii() else "：")):
            yield fault("addressee-colon", line.text, _("末尾"), "：", line.text[-1])
        place = [one.node for one in formats.lines].index(line.node)
        before = formats.lines[place - 1] if place else None
        if before is not None and before.style == docx_styles.TITLE:
            room = formats.twips(before, "w:spacing", "w:after") + formats.twips(line, "w:spacing", "w:before")
            if abs(room - layout.LINE_PITCH_TWIPS) > 40:
                yield fault("addressee-place", line.text, _("标题下空（行）"), 1, round(room / layout.LINE_PITCH_TWIPS, 1))


def _signature(found: _Found) -> Iterator[LayoutFault]:
    """The day: four characters in from the right (7.3.5)."""
    lines = found.lines(docx_styles.SIGNATURE)
    for line in lines[-1:]:
        indent = found.formats.twips(line, "w:ind", "w:right") / _CHARACTER_TWIPS
        if found.formats.side(line) != "right" or abs(indent - 4) > 0.2:
            yield fault("signature-indent", line.text, _("成文日期右空（字）"), 4, round(indent, 1))


def _tables(found: _Found) -> Iterator[LayoutFault]:
    """Tables: heads repeated on every page; none wider than a landscape sheet's type area."""
    for number, table in enumerate(found.formats.document.element.body.findall(qn("w:tbl")), start=1):
        place = _("第{number}张表").format(number=number)
        rows = table.findall(qn("w:tr"))
        if rows and _is_head(rows[0]) and rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            yield fault("table-head", place, _("表头"), _("每页重复"), _("不重复"))
        width = sum(int(column.get(qn("w:w"))) for column in table.iter(qn("w:gridCol"))) * MM_A_TWIP
        most = _type_width(table)
        if width > most + 1:
            yield fault("table-width", place, _("表宽（毫米），不超过"), round(most), round(width))


def _is_head(row: Node) -> bool:
    shades = [shade.get(qn("w:fill")) for cell in row.findall(qn("w:tc")) for shade in cell.iter(qn("w:shd"))]
    return len(shades) == len(row.findall(qn("w:tc"))) and set(shades) == {HEAD_SHADE}


def _type_width(table: Node) -> float:
    """Return the width of the type area a table stands in: the settings of its section come after it."""
    section = next(iter(table.xpath("./following-sibling::w:p/w:pPr/w:sectPr | ./following-sibling::w:sectPr")))
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    return (int(size.get(qn("w:w"))) - int(margins.get(qn("w:left"))) - int(margins.get(qn("w:right")))) * MM_A_TWIP


def _record(found: _Found) -> Iterator[LayoutFault]:
    """The record: 4号, the first and last rule 0.35 mm, those between 0.25 mm (7.4)."""
    formats = found.formats
    for table in formats.document.element.body.iter(qn("w:tbl")):
        lines = [Line(node, formats.style_of(node)) for node in table.iter(qn("w:p"))]
        if not lines or any(line.style != docx_styles.RECORD for line in lines):
            continue
        for line in lines:
            sizes = {formats.points(line, run) for run in line.runs} - {layout.RECORD_PT}
            if sizes:
                yield fault("record-type", line.text, _("字号（磅）"), layout.RECORD_PT, min(sizes))
        rules = {edge: table.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}/{qn(f'w:{edge}')}") for edge in ("top", "bottom", "insideH")}
        wanted = {"top": layout.RECORD_OUTER_RULE, "bottom": layout.RECORD_OUTER_RULE, "insideH": layout.RECORD_INNER_RULE}
        drawn = {edge: int(rule.get(qn("w:sz")) or 0) if rule is not None else 0 for edge, rule in rules.items()}
        for edge, size in wanted.items():
            if drawn[edge] != size:
                yield fault("record-rules", lines[0].text, _("版记分隔线（八分之一磅）"), size, drawn[edge])


def _stand_ins(found: _Found) -> Iterator[LayoutFault]:
    """Every face that is not free names a stand-in."""
    part = next((part for part in found.formats.document.part.package.iter_parts() if part.partname.endswith("fontTable.xml")), None)
    told = part.blob.decode("utf-8", "replace") if part is not None else ""
    for face in layout.FACES:
        if f'"{face.name}"' not in told:
            yield fault("font-stand-in", face.name, _("替代字体"), face.stand_ins, _("没有"))
