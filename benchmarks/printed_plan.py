"""A plan printed to PDF for benchmarks, in a font that is named and not embedded, and the least that any reader of it must do."""

import zlib
from pathlib import Path

import pypdfium2

WIDTH, HEIGHT, SIZE, PITCH, MARGIN = 595, 842, 16, 29, 75
LINES, CHARACTERS = 22, 28
FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6"
    b"/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)


def printed(paragraphs: list[str]) -> bytes:
    """Return `paragraphs` as a PDF file, set as official papers are: 22 lines of 28 characters a page."""
    lines: list[str] = []
    for paragraph in paragraphs:
        words = "\u3000\u3000" + paragraph
        lines += [words[at : at + CHARACTERS] for at in range(0, len(words), CHARACTERS)]
    pages = [_page(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(), FONT]
    for number, page in enumerate(pages):
        head = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {5 + 2 * number} 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        objects += [head.encode(), f"<</Length {len(page)}/Filter/FlateDecode>>stream\n".encode() + page + b"\nendstream"]
    return _file(objects)


def bare_text(place: Path) -> int:
    """Take the text of every page as the library gives it, without places; return its length."""
    document = pypdfium2.PdfDocument(place)
    length = 0
    for page in document:
        text = page.get_textpage()
        length += len(text.get_text_bounded())
        text.close()
        page.close()
    document.close()
    return length


def _page(lines: list[str]) -> bytes:
    drawn = []
    for number, line in enumerate(lines):
        indent = SIZE * (len(line) - len(line.lstrip("\u3000")))
        at = f"{MARGIN + indent} {HEIGHT - 105 - PITCH * number}"
        drawn.append(f"BT /F {SIZE} Tf {at} Td <{line.lstrip(chr(0x3000)).encode('utf-16-be').hex()}> Tj ET")
    return zlib.compress("\n".join(drawn).encode())


def _file(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + content + b"endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    return (
        bytes(out)
        + f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    )
