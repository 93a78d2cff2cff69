"""One font that stands in for whatever a PDF file does not bring along: every sign fills the same box.

pdfium leaves out a word whose sign its substitute font lacks and that stands alone, as the numbers and dashes of a table do; and which fonts there are
differs from machine to machine. Reading wants places, not shapes, so a document must be read alike on a server without any Chinese font.
"""

import ctypes
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

import pypdfium2.raw as pdfium

# In thousandths of the size: as high and deep as the fonts of office documents tell of themselves.
_SIZE, _ASCENT, _DESCENT = 1000, 880, -120
_FIRST_SIGN, _LAST_SIGN = 0x21, 0x10FFFF
# As many as there can be: a file may name signs by their numbers in a font of its maker's.
_GLYPH_COUNT = 0xFFFF
# What a font is named by to pdfium; there is but one.
_HANDLE = 1
_FOR_EACH_REQUEST = 2


@cache
def box_font() -> bytes:
    """Return a TrueType file whose every glyph but the first fills the box of its size, by a stroke from corner to corner. Some 2 MB."""
    stroke = struct.pack(">5h2H2B4h", 1, 0, _DESCENT, _SIZE, _ASCENT, 1, 0, 1, 1, 0, _SIZE, _DESCENT, _SIZE)
    places = range(0, _GLYPH_COUNT * len(stroke), len(stroke))
    tables = {
        # Format 13: many signs, one glyph.
        b"cmap": struct.pack(">4HL2H6L", 0, 1, 3, 10, 12, 13, 0, 28, 0, 1, _FIRST_SIGN, _LAST_SIGN, 1),
        b"glyf": stroke * (_GLYPH_COUNT - 1),
        b"head": struct.pack(">4L2H2Q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _SIZE, 0, 0, 0, _DESCENT, _SIZE, _ASCENT, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">L3hH11hH", 0x10000, _ASCENT, _DESCENT, 0, _SIZE, 0, 0, _SIZE, 1, *[0] * 7, 1),
        b"hmtx": struct.pack(">H", _SIZE) + bytes(2 * _GLYPH_COUNT),
        b"loca": struct.pack(f">{_GLYPH_COUNT + 1}L", 0, *places),
        b"maxp": struct.pack(">L14H", 0x10000, _GLYPH_COUNT, 2, 1, 0, 0, 1, *[0] * 8),
        b"name": struct.pack(">3H", 0, 0, 6),
        b"post": struct.pack(">2L2h5L", 0x30000, 0, 0, 0, *[0] * 5),
    }
    listed, body = struct.pack(">L4H", 0x10000, len(tables), 128, 3, 16), b""
    start = len(listed) + 16 * len(tables)
    for name, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        check_sum = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        listed += name + struct.pack(">3L", check_sum, start + len(body), len(table))
        body += padded
    return listed + body


_INFO = pdfium.FPDF_SYSFONTINFO()
_KINDS = dict(pdfium.FPDF_SYSFONTINFO._fields_)


def _give_font(_info: Any, _handle: Any, table: int, into: Any, room: int) -> int:
    if table:
        # Asked whether it is a collection of fonts, or for a part alone: neither is had.
        return 0
    font = box_font()
    if into and room >= len(font):
        ctypes.memmove(into, font, len(font))
    return len(font)


def use_box_font() -> None:
    """Let pdfium take the box for every font that a file names and does not bring. It holds for the process, and is said once, before a file is opened."""
    answers: dict[str, Callable[..., int]] = {
        "MapFont": lambda *_asked: _HANDLE,
        "GetFontData": _give_font,
        "GetFaceName": lambda *_asked: 0,
        "GetFontCharset": lambda *_asked: pdfium.FXFONT_GB2312_CHARSET,
    }
    _INFO.version = _FOR_EACH_REQUEST
    for name, answer in answers.items():
        setattr(_INFO, name, _KINDS[name](answer))
    pdfium.FPDF_SetSystemFontInfo(_INFO)
