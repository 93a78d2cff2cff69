"""Pictures as a phone would send them, made here: real PNG files of any size."""

import random
import struct
import zlib
from pathlib import Path


def picture(place: Path, side: int = 24) -> Path:
    """Write a square picture of coloured noise, which does not get smaller by packing: about three bytes a dot."""
    noise = random.Random(side)
    rows = b"".join(b"\0" + noise.randbytes(3 * side) for _row in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    place.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks))
    return place


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
