"""The sheets of a Word document against the standard: paper, margins, grid and page numbers. Lengths may differ by the millimetre the standard allows."""

from collections.abc import Iterator
from dataclasses import dataclass

from docx.oxml.ns import qn

from reports import layout
from reports.docx_formats import MM_A_TWIP, Formats, Line
from reports.docx_parts import Node
from rules.texts import _

_ALLOWED_MM = 1.0
_SIDES = ("top", "right", "bottom", "left")
_UPRIGHT = (layout.MARGIN_TOP_MM, layout.MARGIN_RIGHT_MM, layout.MARGIN_BOTTOM_MM, layout.MARGIN_LEFT_MM)
_ACROSS = (layout.MARGIN_LEFT_MM, layout.MARGIN_TOP_MM, layout.MARGIN_RIGHT_MM, layout.MARGIN_BOTTOM_MM)


@dataclass(frozen=True)
class LayoutFault:
    """Where a document leaves the standard. `words` say what should be and what is, `place` where."""

    code: str
    words: str
    place: str


def fault(code: str, place: str, what: str, expected: object, found: object) -> LayoutFault:
    """Return a fault in words."""
    text = _("{what}应为 {expected}，实为 {found}")
    return LayoutFault(code, text.format(what=what, expected=expected, found=found), place.strip().rstrip("：:")[:30])


def sheet_faults(formats: Formats) -> Iterator[LayoutFault]:
    """Give the faults of the sheets, section by section, and of the page numbers."""
    for number, section in enumerate(formats.document.element.body.iter(qn("w:sectPr")), start=1):
        place = _("第{number}节").format(number=number)
        yield from _size(section, place)
        yield from _grid(section, place)
    yield from _numbers(formats)


def _size(section: Node, place: str) -> Iterator[LayoutFault]:
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    width, height = (int(size.get(qn(f"w:{side}"))) * MM_A_TWIP for side in ("w", "h"))
    is_across = width > height
    short, long = sorted((width, height))
    if abs(short - layout.PAGE_WIDTH_MM) > _ALLOWED_MM or abs(long - layout.PAGE_HEIGHT_MM) > _ALLOWED_MM:
        yield fault("paper-size", place, _("纸张（毫米）"), "210×297", f"{short:.0f}×{long:.0f}")
    for side, wanted in zip(_SIDES, _ACROSS if is_across else _UPRIGHT, strict=True):
        found = int(margins.get(qn(f"w:{side}"))) * MM_A_TWIP
        if abs(found - wanted) > _ALLOWED_MM:
            yield fault(
                "landscape-margins" if is_across else "margins",
                place,
                _("{side}边距（毫米）").format(side=_side_word(side)),
                wanted,
                round(found, 1),
            )


def _side_word(side: str) -> str:
    return {"top": _("上"), "right": _("右"), "bottom": _("下"), "left": _("左")}[side]


def _grid(section: Node, place: str) -> Iterator[LayoutFault]:
    """22 lines of 28 characters (5.2.3), measured by pitch, so that a landscape sheet is judged alike."""
    grid = section.find(qn("w:docGrid"))
    kind = grid.get(qn("w:type")) if grid is not None else None
    if grid is None or kind != "linesAndChars":
        yield fault("grid", place, _("文档网格"), _("指定行和字符网格"), kind or _("没有"))
        return
    lines = layout.TYPE_HEIGHT_MM / MM_A_TWIP / int(grid.get(qn("w:linePitch")))
    if int(lines + 0.05) != layout.LINES_PER_PAGE:
        yield fault("grid", place, _("每页行数"), layout.LINES_PER_PAGE, round(lines, 1))
    pitch = layout.BODY_PT + int(grid.get(qn("w:charSpace")) or 0) / 4096
    characters = layout.TYPE_WIDTH_MM / 25.4 * 72 / pitch
    if int(characters + 0.05) != layout.CHARACTERS_PER_LINE:
        yield fault("grid", place, _("每行字数"), layout.CHARACTERS_PER_LINE, round(characters, 1))


def _numbers(formats: Formats) -> Iterator[LayoutFault]:
    """`— 1 —` in 4号, right on odd pages and left on even ones (7.5); none on the first page of a letter (10.1)."""
    if not formats.document.settings.odd_and_even_pages_header_footer:
        yield fault("page-number-sides", _("页脚"), _("奇偶页页脚"), _("不同"), _("相同"))
    section = formats.document.sections[0]
    for footer, side, name in ((section.footer, "right", _("奇数页页脚")), (section.even_page_footer, "left", _("偶数页页脚"))):
        lines = [line for line in formats.lines_of(footer._element) if _has_number(line)]
        if not lines:
            yield fault("page-number-form", name, _("页码"), "— 1 —", _("没有"))
        for line in lines:
            yield from _number(formats, line, side, name)
    if section.different_first_page_header_footer and any(
        _has_number(line) for line in formats.lines_of(section.first_page_footer._element)
    ):
        yield fault("letter-first-page", _("首页页脚"), _("页码"), _("没有"), "1")


def _number(formats: Formats, line: Line, side: str, name: str) -> Iterator[LayoutFault]:
    if line.text.replace(" ", "") != "——":
        yield fault("page-number-form", name, _("页码"), "— 1 —", line.text.strip() or "1")
    if any(formats.points(line, run) != layout.PAGE_NUMBER_PT for run in line.runs):
        yield fault("page-number-form", name, _("字号（磅）"), layout.PAGE_NUMBER_PT, formats.points(line, line.runs[0]))
    if formats.side(line) != side:
        yield fault("page-number-sides", name, _("页码位置"), side, formats.side(line))
    room = formats.twips(line, "w:ind", f"w:{side}") / 20
    if abs(room - layout.PAGE_NUMBER_PT) > 1:
        yield fault("page-number-sides", name, _("页码距边（字）"), 1, round(room / layout.PAGE_NUMBER_PT, 1))


def _has_number(line: Line) -> bool:
    return any("PAGE" in (words.text or "") for words in line.node.iter(qn("w:instrText"))) or any(
        "PAGE" in (words.get(qn("w:instr")) or "") for words in line.node.iter(qn("w:fldSimple"))
    )
