"""The door every file passes before a reader sees it: size, kind by content, zip bombs, macros, entities in XML.

Nothing is unpacked to disk. The size limit is checked before the first byte is read; an archive is measured while it is unpacked, because its own
directory may lie. Every refusal is a DubanError with one line.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from intake.draft import SourceKind
from rules.errors import DubanError
from rules.texts import _

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 5000
MAX_RATIO = 200
RATIO_COUNTS_FROM = 8 * 1024 * 1024
CHUNK = 256 * 1024
HEAD_BYTES = 4096
ENTITY_MARKS = tuple(mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be"))
MACRO_SUFFIXES = {".xlsm", ".xltm", ".xlam", ".docm", ".dotm", ".xlsb"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT_KINDS: dict[str, SourceKind] = {".csv": "csv", ".md": "md", ".markdown": "md"}
ARCHIVE_PARTS: dict[str, SourceKind] = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
KINDS_READ = "txt、md、csv、html、pdf、docx、doc、wps、xlsx、xls、et"


@dataclass(frozen=True, slots=True)
class SafeFile:
    """A file that passed the door: `name` without folders, its kind by content, its bytes."""

    name: str
    kind: SourceKind
    data: bytes

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def load(path: Path) -> SafeFile:
    """Return the file at `path` once it is found harmless; refuse anything else with file-missing, file-too-large, file-empty, file-damaged,
    zip-bomb, macro-workbook, xml-entities, file-encrypted or kind-not-read.
    """
    data = _bytes_of(path)
    if data.startswith(b"PK"):
        return SafeFile(path.name, _archive_kind(path.name, data), data)
    if path.suffix.lower() in MACRO_SUFFIXES:
        raise _macro(path.name)
    return SafeFile(path.name, _flat_kind(path, data), data)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise DubanError("file-missing", _("找不到文件“{name}”；请检查路径和文件名").format(name=path.name))
        size = path.stat().st_size
        if size > MAX_BYTES:
            text = _("“{name}”有 {size} MB，超过上限 {limit} MB；请删去图片或拆分后再读")
            raise DubanError("file-too-large", text.format(name=path.name, size=size // 2**20, limit=MAX_BYTES // 2**20))
        data = path.read_bytes()
    except OSError as error:
        text = _("“{name}”打不开（{reason}）；请检查路径、权限，并关闭正在使用它的程序")
        raise DubanError("file-unreadable", text.format(name=path.name, reason=error.strerror or error)) from error
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise DubanError("file-empty", _("“{name}”是空文件；请换一份有内容的文件").format(name=path.name))
    return data


def _flat_kind(path: Path, data: bytes) -> SourceKind:
    suffix, head = path.suffix.lower(), data[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"%pdf-" in head[:1024]:
        return "pdf"
    if data.startswith(OLE):
        return _ole_kind(path.name, suffix, data)
    if suffix in (".html", ".htm") or head.startswith(b"<!doctype html") or b"<html" in head:
        return "html"
    if suffix in (".docx", ".xlsx", ".pdf", ".doc", ".wps", ".xls", ".et"):
        raise _damaged(path.name)
    if suffix in (".rtf", ".ofd", ".mht", ".png", ".jpg", ".jpeg", ".tif", ".zip", ".rar", ".7z"):
        raise _not_read(path.name, suffix.lstrip("."))
    return TEXT_KINDS.get(suffix, "txt")


def _ole_kind(name: str, suffix: str, data: bytes) -> SourceKind:
    """Return the kind of an old Office or WPS file by the streams that its directory names."""
    if _names(data, "EncryptedPackage"):
        raise locked(name)
    if _names(data, "_VBA_PROJECT"):
        raise _macro(name)
    if _names(data, "WordDocument"):
        return "wps" if suffix == ".wps" else "doc"
    if _names(data, "Workbook") or _names(data, "Book"):
        return "et" if suffix == ".et" else "xls"
    raise _not_read(name, suffix.lstrip(".") or "OLE")


def _names(data: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") + b"\0\0" in data


def _archive_kind(name: str, data: bytes) -> SourceKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _refuse_macros(name, [part.filename for part in parts])
            _refuse_bombs_by_directory(name, parts, len(data))
            _measure(name, archive, parts, len(data))
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(name) from error
    except DubanError:
        raise
    except Exception as error:  # zlib and lzma raise errors of their own for broken streams
        raise _damaged(name) from error
    for part, kind in ARCHIVE_PARTS.items():
        if part in names:
            return kind
    raise _not_read(name, "zip") if "[Content_Types].xml" not in names else _damaged(name)


def _refuse_macros(name: str, parts: list[str]) -> None:
    if Path(name).suffix.lower() in MACRO_SUFFIXES or any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise _macro(name)


def _refuse_bombs_by_directory(name: str, parts: list[zipfile.ZipInfo], packed: int) -> None:
    if len(parts) > MAX_PARTS or _swells(sum(part.file_size for part in parts), packed):
        raise _bomb(name)


def _measure(name: str, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = 0
    for part in parts:
        is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        tail = b""
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                unpacked += len(chunk)
                if _swells(unpacked, packed):
                    raise _bomb(name)
                if is_xml and any(mark in tail + chunk for mark in ENTITY_MARKS):
                    text = _("“{name}”的 XML 中含有文档类型或实体声明，可能是恶意文件；请用 Word 或 WPS 打开后另存一份再读")
                    raise DubanError("xml-entities", text.format(name=name))
                tail = chunk[-32:]


def _swells(unpacked: int, packed: int) -> bool:
    return unpacked > MAX_UNPACKED_BYTES or (unpacked > RATIO_COUNTS_FROM and unpacked > packed * MAX_RATIO)


def locked(name: str) -> DubanError:
    """Return the refusal of a file that opens only with a password."""
    return DubanError("file-encrypted", _("“{name}”加了密码，打不开；请在原来的程序中去掉密码，另存一份再读").format(name=name))


def _not_read(name: str, kind: str) -> DubanError:
    text = _("“{name}”是 {kind} 文件，现在能读的是 {kinds}；请另存为其中一种再读")
    return DubanError("kind-not-read", text.format(name=name, kind=kind, kinds=KINDS_READ))


def _damaged(name: str) -> DubanError:
    return DubanError("file-damaged", _("“{name}”已损坏或不是它的后缀所说的文件；请用 Word 或 WPS 打开修复后另存再读").format(name=name))


def _macro(name: str) -> DubanError:
    return DubanError("macro-workbook", _("“{name}”带有宏，不予读取；请另存为不带宏的 xlsx 或 docx 再读").format(name=name))


def _bomb(name: str) -> DubanError:
    return DubanError("zip-bomb", _("“{name}”解压后过大，可能是压缩炸弹，不予读取；请用 Word 或 WPS 打开检查后另存再读").format(name=name))
