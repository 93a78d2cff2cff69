"""What kind of file some bytes are, by the marks its makers put at the beginning; the name decides only between kinds of plain text."""

import codecs
import io
import zipfile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNKNOWN = "application/octet-stream"

_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"{\\rtf", "application/rtf"),
)
_OLE_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ARCHIVE_PARTS = (
    ("word/document.xml", _OFFICE + "wordprocessingml.document"),
    ("xl/workbook.xml", _OFFICE + "spreadsheetml.sheet"),
    ("ppt/presentation.xml", _OFFICE + "presentationml.presentation"),
    ("OFD.xml", "application/ofd"),
)
_TEXTS = {"csv": "text/csv", "md": "text/markdown", "htm": "text/html", "html": "text/html", "xml": "text/xml", "json": "application/json"}


def media_type_of(name: str, content: bytes) -> str:
    """Return the media type of the bytes, `application/octet-stream` where they do not tell. An archive must be whole."""
    for offset, mark, kind in _MARKS:
        if content[offset:].startswith(mark) if offset == 0 else content[offset : offset + len(mark)] == mark:
            return kind
    if content.startswith(OLE):
        return next((kind for stream, kind in _OLE_STREAMS if names_stream(content, stream)), "application/x-ole-storage")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive_type(content)
    if content.startswith(b"BM") and content[2:6] == len(content).to_bytes(4, "little"):
        return "image/bmp"
    if is_text(content[:4096]):
        return _TEXTS.get(name.rpartition(".")[2].lower(), "text/plain")
    return UNKNOWN


def names_stream(content: bytes, stream: str) -> bool:
    """Tell whether the directory of an old Office or WPS file names the stream."""
    return stream.encode("utf-16-le") + b"\0\0" in content


def is_text(head: bytes) -> bool:
    """Tell whether the first bytes of a file read as text in UTF-8, UTF-16 with its mark, or GB18030; a character cut at the end does no harm."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if any(byte < 9 or 13 < byte < 32 for byte in head):
        return False
    return any(_decodes(head, coding) for coding in ("utf-8", "gb18030"))


def _decodes(head: bytes, coding: str) -> bool:
    try:
        codecs.getincrementaldecoder(coding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _archive_type(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "mimetype" in names:
            declared = archive.read("mimetype")[:100].decode("ascii", "replace").strip()
            if declared.startswith("application/vnd.oasis.opendocument."):
                return declared
    return next((kind for part, kind in _ARCHIVE_PARTS if part in names), "application/zip")
