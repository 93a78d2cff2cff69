"""One page of a PDF file as drawn: characters with their boxes and the straight lines around tables, in points from the upper left corner.

Only this module, and pdf_fonts for the fonts that a file lacks, talk to pdfium, character by character, because its finished text has lost the places; it is some fifteen times as fast as readers in Python.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from intake.readers.pdf_fonts import use_box_font

use_box_font()

SHORTEST_RULE = 6.0
STRAIGHT = 1.2
MAX_GLYPHS = 60_000
MAX_SEGMENTS = 20_000
MOST_OF_PAGE = 0.55
OBJECT_DEPTH = 3
WANTED = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE]
CLOSE = 0.3
UNSEEN = frozenset([*range(33), 0xA0, 0x3000, 0xFEFF, 0xFFFE, 0xFFFF])


class Glyph(NamedTuple):
    """A printed character; `top` is above `bottom`, so the smaller. `base` is the height it is written at: boxes differ between fonts, that does not."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    base: float

    @property
    def height(self) -> float:
        """Return the height of the line box, about the font size."""
        return self.bottom - self.top


class Rule(NamedTuple):
    """A straight line: where it lies (`at`: y of one across, x of one down) and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """What is drawn on a page; `has_picture` tells a scan from an empty page, `part_count` how much there was to look at."""

    width: float
    glyphs: list[Glyph]
    across: list[Rule]
    down: list[Rule]
    has_picture: bool
    part_count: int


class _Turned:
    """Places on the page as the reader holds it, whatever the file's own rotation."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.turn = page.get_rotation() % 360
        width, height = page.get_size()
        self.width = width
        self._across, self._up = (width, height) if self.turn in (0, 180) else (height, width)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return x from the left and y from the top."""
        if self.turn == 90:
            return y, x
        if self.turn == 180:
            return self._across - x, y
        if self.turn == 270:
            return self._up - y, self._across - x
        return x, self._up - y

    def box(self, box: pdfium.FS_RECTF) -> tuple[float, float, float, float]:
        """Return left, right, top and bottom of a character's box."""
        if self.turn == 0:
            left, right, top, bottom = box.left, box.right, self._up - box.top, self._up - box.bottom
        else:
            (left, top), (right, bottom) = self.place(box.left, box.top), self.place(box.right, box.bottom)
        if left > right:
            left, right = right, left
        return (left, right, top, bottom) if top <= bottom else (left, right, bottom, top)


def page_of(document: pypdfium2.PdfDocument, number: int) -> Page:
    """Return page `number`, counted from 0; everything pdfium holds of it is given back."""
    page = document[number]
    try:
        turned = _Turned(page)
        text = page.get_textpage()
        try:
            glyphs = _glyphs(text, turned)
        finally:
            text.close()
        across, down, has_picture, part_count = _drawn(page, turned)
    finally:
        page.close()
    return Page(turned.width, glyphs, across, down, has_picture, part_count + len(glyphs))


def _glyphs(text: pypdfium2.PdfTextPage, turned: _Turned) -> list[Glyph]:
    found: list[Glyph] = []
    page, box, x, y = text.raw, pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_at, x_at, y_at = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    unicode_of, box_of, origin_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
    for at in range(min(text.count_chars(), MAX_GLYPHS)):
        code = unicode_of(page, at)
        is_private = 0xE000 <= code <= 0xF8FF
        if code in UNSEEN or 0xD800 <= code < 0xE000 or not box_of(page, at, box_at):
            continue
        left, right, top, bottom = turned.box(box)
        if left < right and top < bottom:
            origin_of(page, at, x_at, y_at)
            base = turned.place(x.value, y.value)[1]
            glyph = Glyph(" " if is_private else chr(code), left, right, top, bottom, base)
            if not is_private or (found and _follows(glyph, found[-1])):
                found.append(glyph)
    return found


def _follows(glyph: Glyph, before: Glyph) -> bool:
    """Return whether a glyph of a font's own, whose meaning nobody can tell, stands behind a word on its line: a mark between words, not a bullet."""
    gap = glyph.left - before.right
    return before.text != " " and abs(glyph.base - before.base) < before.height * CLOSE and -before.height * CLOSE < gap < before.height


def _drawn(page: pypdfium2.PdfPage, turned: _Turned) -> tuple[list[Rule], list[Rule], bool, int]:
    across: list[Rule] = []
    down: list[Rule] = []
    has_picture = False
    width, height = page.get_size()
    segments = seen = 0
    for drawn in _lines_and_pictures(page):
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            has_picture = True
            continue
        left, bottom, right, top = drawn.get_bounds()
        seen += 1
        segments += pdfium.FPDFPath_CountSegments(drawn)
        if (right - left) * (top - bottom) > width * height * MOST_OF_PAGE:
            continue
        if segments > MAX_SEGMENTS or seen > MAX_SEGMENTS:
            return [], [], has_picture, segments + seen
        for start, end in _edges(drawn, turned):
            _sort_in(start, end, across, down)
    return across, down, has_picture, segments + seen


def _lines_and_pictures(page: pypdfium2.PdfPage) -> Iterator[pypdfium2.PdfObject]:
    """Yield the page's paths and pictures. Those of the page itself are asked for their kind first: most are texts, of which no object need be made."""
    holds_forms = False
    for at in range(max(pdfium.FPDFPage_CountObjects(page), 0)):
        raw = pdfium.FPDFPage_GetObject(page, at)
        kind = pdfium.FPDFPageObj_GetType(raw)
        holds_forms = holds_forms or kind == pdfium.FPDF_PAGEOBJ_FORM
        if kind in WANTED:
            yield pypdfium2.PdfObject(raw, page=page, pdf=page.pdf)
    if holds_forms:
        yield from (drawn for drawn in page.get_objects(max_depth=OBJECT_DEPTH, filter=WANTED) if drawn.level)


def _edges(drawn: pypdfium2.PdfObject, turned: _Turned) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the straight parts of a path, its closing one too."""
    matrix = drawn.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    found = []
    first = before = (0.0, 0.0)
    for at in range(pdfium.FPDFPath_CountSegments(drawn)):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, at)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = turned.place(*matrix.on_point(x.value, y.value))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            found.append((before, here))
        if pdfium.FPDFPathSegment_GetClose(segment):
            found.append((here, first))
        before = here
    return found


def _sort_in(start: tuple[float, float], end: tuple[float, float], across: list[Rule], down: list[Rule]) -> None:
    (left, top), (right, bottom) = start, end
    if abs(top - bottom) <= STRAIGHT and abs(left - right) >= SHORTEST_RULE:
        across.append(Rule((top + bottom) / 2, min(left, right), max(left, right)))
    elif abs(left - right) <= STRAIGHT and abs(top - bottom) >= SHORTEST_RULE:
        down.append(Rule((left + right) / 2, min(top, bottom), max(top, bottom)))
