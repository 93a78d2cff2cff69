"""Which characters a font can draw, read from the character map (`cmap`) of its file.

The typesetter sets an empty box for a character that a font lacks and says nothing, so whoever prints looks here first. Only the map is read: a few
hundredths of a second a font, once a process.
"""

import struct
from functools import cache
from pathlib import Path

_UNICODE_PLATFORMS = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
_MOST_CHARACTERS = 0x110000


@cache
def characters_of(place: Path, index: int) -> frozenset[int]:
    """Return the code points with a glyph in the font; `index` counts the fonts of a collection (.ttc). A file that cannot be understood has none."""
    try:
        data = place.read_bytes()
        return frozenset(_mapped(data, _map_offset(data, index)))
    except (OSError, struct.error, StopIteration, ValueError):
        return frozenset()


def _map_offset(data: bytes, index: int) -> int:
    """Return where the best Unicode map begins."""
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    tables = (struct.unpack_from(">4sIII", data, start + 12 + 16 * number) for number in range(_u16(data, start + 4)))
    cmap = next(offset for tag, _sum, offset, _length in tables if tag == b"cmap")
    maps: dict[tuple[int, int], int] = {}
    for number in range(_u16(data, cmap + 2)):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * number)
        maps[platform, encoding] = cmap + int(offset)
    return next(maps[kind] for kind in _UNICODE_PLATFORMS if kind in maps)


def _mapped(data: bytes, offset: int) -> set[int]:
    layout = _u16(data, offset)
    if layout == 12:
        return _groups(data, offset)
    if layout == 4:
        return _segments(data, offset)
    raise ValueError(f"no reader for a character map of format {layout}")


def _groups(data: bytes, offset: int) -> set[int]:
    """Read format 12: runs of characters, each with its first glyph."""
    count = struct.unpack_from(">I", data, offset + 12)[0]
    found: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", data[offset + 16 : offset + 16 + 12 * count]):
        if last < first or last >= _MOST_CHARACTERS:
            raise ValueError("a run that is none")
        found.update(range(first if glyph else first + 1, last + 1))
    return found


def _segments(data: bytes, offset: int) -> set[int]:
    """Read format 4: runs of characters whose glyphs are counted on from a delta, or listed one by one."""
    count = _u16(data, offset + 6) // 2
    row = f">{count}H"
    lasts = struct.unpack_from(row, data, offset + 14)
    firsts = struct.unpack_from(row, data, offset + 16 + 2 * count)
    deltas = struct.unpack_from(row, data, offset + 16 + 4 * count)
    lists_at = offset + 16 + 6 * count
    lists = struct.unpack_from(row, data, lists_at)
    found: set[int] = set()
    for number, (first, last, delta, listed) in enumerate(zip(firsts, lasts, deltas, lists, strict=True)):
        length = min(last, 0xFFFE) + 1 - first
        if length <= 0:
            continue
        if not listed:
            found.update(code for code in range(first, first + length) if (code + delta) & 0xFFFF)
        else:
            glyphs = struct.unpack_from(f">{length}H", data, lists_at + 2 * number + listed)
            found.update(code for code, glyph in zip(range(first, first + length), glyphs, strict=True) if glyph)
    return found


def _u16(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 2], "big") if offset + 2 <= len(data) else _short()


def _short() -> int:
    raise ValueError("the file ends early")
