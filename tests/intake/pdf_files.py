"""PDF files for tests, written by hand: Chinese text at given places and straight lines, with a font that every reader has and none embeds."""

import zlib
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842
FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6"
    b"/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)
IDENTITY_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/ToUnicode 5 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/SimSun/Flags 4"
    b"/FontBBox[0 -141 1000 859]/ItalicAngle 0/Ascent 859/Descent -141/CapHeight 859/StemV 93>>>>]>>"
)
TO_UNICODE = (
    b"<</Length 93>>stream\n1 begincodespacerange<0000><FFFF>endcodespacerange 1 beginbfrange<0000><FFFF><0000>endbfrange\nendstream"
)
PICTURE = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\x00\nendstream"


@dataclass
class Sheet:
    """A page in the making; places count in points from the upper left corner."""

    parts: list[str] = field(default_factory=list)

    def write(self, x: float, y: float, text: str, size: float = 12) -> "Sheet":
        self.parts.append(f"BT /F {size} Tf {x} {HEIGHT - y - size} Td <{text.encode('utf-16-be').hex()}> Tj ET")
        return self

    def lines(self, texts: list[str], x: float = 60, y: float = 60, pitch: float = 20) -> "Sheet":
        """Write lines below each other; a line that begins with two wide spaces is indented."""
        for number, text in enumerate(texts):
            bare = text.lstrip("　")
            self.write(x + 12 * (len(text) - len(bare)), y + number * pitch, bare)
        return self

    def grid(self, columns: list[float], rows: list[float], texts: list[list[str]]) -> "Sheet":
        """Draw a table; ^ leaves out the line above a cell, < the line to its left; a line end in a text starts a line."""
        for row, top in enumerate(rows):
            for column, left in enumerate(columns):
                text = texts[row][column] if row < len(texts) and column < len(texts[row]) else ""
                if column < len(columns) - 1 and text != "^":
                    self.parts.append(f"{left} {HEIGHT - top} m {columns[column + 1]} {HEIGHT - top} l S")
                if row < len(rows) - 1 and text != "<":
                    self.parts.append(f"{left} {HEIGHT - top} m {left} {HEIGHT - rows[row + 1]} l S")
                for number, line in enumerate(text.split("\n") if text not in ("^", "<") else []):
                    self.write(left + 5, top + 3 + 14 * number, line, 11)
        return self

    def picture(self) -> "Sheet":
        self.parts.append(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /P Do Q")
        return self


def pdf_bytes(sheets: list[Sheet], *, encrypted: bool = False, rotate: int = 0, font: bytes = FONT) -> bytes:
    """Return the file; `encrypted` marks it as opening with a password that nobody knows."""
    objects: dict[int, bytes] = {3: font, 4: PICTURE, 5: TO_UNICODE}
    kids = []
    for number, sheet in enumerate(sheets):
        packed = zlib.compress("\n".join(sheet.parts).encode())
        objects[10 + 2 * number] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {rotate}/Contents {11 + 2 * number} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</P 4 0 R>>>>>>"
        ).encode()
        objects[11 + 2 * number] = f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode() + packed + b"\nendstream"
        kids.append(f"{10 + 2 * number} 0 R")
    objects[1] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[2] = f"<</Type/Pages/Count {len(sheets)}/Kids[{' '.join(kids)}]>>".encode()
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += f"{number} 0 obj".encode() + objects[number] + b"endobj\n"
    start = len(out)
    last = max(objects)
    out += f"xref\n0 {last + 1}\n".encode()
    for number in range(last + 1):
        out += f"{places[number]:010d} 00000 n \n".encode() if number in places else b"0000000000 65535 f \n"
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'41' * 32}>/U<{'42' * 32}>>>/ID[<00><00>]" if encrypted else ""
    out += f"trailer<</Size {last + 1}/Root 1 0 R{lock}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
