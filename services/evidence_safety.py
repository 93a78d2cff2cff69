"""What a file handed in as evidence may be: told from its name and, above all, from its bytes, since a name says what its giver likes.

Evidence is opened later by other people on office machines, so nothing that could run there is kept, nor anything that cannot be looked into.
"""

import io
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from rules.errors import DubanError
from rules.texts import _
from services.media_types import OLE, is_text, media_type_of, names_stream

MOST_PARTS = 5000
MOST_UNPACKED_BYTES = 1 << 30
MOST_NESTED_BYTES = 50 << 20
DEEPEST_ARCHIVE = 3
HEAD_BYTES = 4096

# What a double click runs on Windows, macOS or Linux, or a server would run; jar, apk and the like are archives that run.
_RUNNING_ENDINGS = (
    "exe com scr pif cpl dll sys ocx drv msi msp mst msc bat cmd ps1 psm1 psd1 ps1xml vbs vbe vb js jse mjs wsf wsh ws wsc sct hta chm hlp lnk url scf "
    "reg inf gadget application appref-ms settingcontent-ms jar class dex apk app dmg pkg deb rpm iso img vhd vhdx so dylib desktop command sh bash "
    "zsh csh ksh py pyw pyc rb pl php phtml phar jsp jspx asp aspx war xll wll"
)
_RUNS = frozenset(_RUNNING_ENDINGS.split())
_MACRO_ENDINGS = "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam sldm xla xlw"
_MACRO_KINDS = frozenset(_MACRO_ENDINGS.split())
_PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n0",
    b"\0asm",
)
_LINK = b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F"
_INSTALLERS = tuple(bytes((kind, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46)) for kind in (0x82, 0x84, 0x86))
_CLOSED_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"MSCF", b"\x28\xb5\x2f\xfd")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass
class _Allowance:
    """How much of one file may still be unpacked to be looked at, over all its archives: what costs more is no evidence but an attack."""

    left_bytes: int = 150 << 20


@dataclass(frozen=True)
class _Place:
    """Where a judged file lies: the name handed in, and the part inside its archives, if any."""

    name: str
    allowance: _Allowance
    part: str = ""
    depth: int = 0

    def words(self) -> str:
        return _("{name} 中的 {part}").format(name=self.name, part=_printable(self.part)) if self.part else self.name


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:60]


def judge(name: str, content: bytes) -> str:
    """Return the media type of a file that may be kept. Refused: bad-file-name, evidence-runs (programs, scripts, links), evidence-macros, evidence-closed
    (archives that cannot be looked into), file-encrypted, zip-bomb, file-damaged. Archives are looked into, three deep.
    """
    _refuse_name(name)
    _judge(_Place(name, _Allowance()), name, content)
    return media_type_of(name, content)


def _refuse_name(name: str) -> None:
    is_odd = any(sign in '/\\:*?"<>|' or unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name)
    if is_odd or not name.strip(". ") or len(name.encode("utf-8", "replace")) > 255:
        raise _bad_name(name)


def _judge(place: _Place, name: str, content: bytes) -> None:
    """Judge a file or the part of an archive by `name`, its own, and its bytes, of which at least the first `HEAD_BYTES` must be given."""
    ending = name.rstrip(". ").rpartition(".")[2].lower() if "." in name.rstrip(". ") else ""
    if ending in _RUNS or _is_program(content):
        text = _("{file} 是程序或脚本，不能作佐证材料；请交文档、表格、图片或 PDF")
        raise DubanError("evidence-runs", text.format(file=place.words()))
    if ending in _MACRO_KINDS or (content.startswith(OLE) and names_stream(content, "_VBA_PROJECT")):
        raise _macros(place)
    if content.startswith(OLE) and names_stream(content, "EncryptedPackage"):
        raise _locked(place)
    if content.startswith(_CLOSED_ARCHIVES) or content[257:262] == b"ustar":
        text = _("{file} 是看不到里面内容的压缩包，请改成 zip 或直接交里面的文件")
        raise DubanError("evidence-closed", text.format(file=place.words()))
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _judge_archive(place, content)


def _is_program(content: bytes) -> bool:
    head = content[:HEAD_BYTES]
    if head.startswith((*_PROGRAMS, _LINK)) or (head.startswith(b"MZ") and not is_text(head)):
        return True
    if content.startswith(OLE):
        return _root_class(content) in _INSTALLERS
    for mark in _MARKS:
        head = head.removeprefix(mark)
    start = head.replace(b"\0", b"").lstrip().lower()
    return start.startswith((b"#!", b"<?php", b"<%@")) or b"<hta:application" in start


def _root_class(content: bytes) -> bytes:
    """Return what program an OLE file belongs to: the class in the first entry of its directory, which its header says where to find."""
    sector_bytes = 1 << min(int.from_bytes(content[30:32], "little"), 16)
    directory = (int.from_bytes(content[48:52], "little") + 1) * sector_bytes
    return content[directory + 80 : directory + 96]


def _judge_archive(place: _Place, content: bytes) -> None:
    if place.depth >= DEEPEST_ARCHIVE:
        raise DubanError("evidence-closed", _("{file} 压缩包层层相套，请直接交里面的文件").format(file=place.words()))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES or unpacked > 200 * len(content) + (8 << 20):
                raise _bomb(place)
            _refuse_scripts_of_documents(place, [part.filename.lower() for part in parts])
            for part in parts:
                _judge_part(_Place(place.name, place.allowance, part.filename, place.depth + 1), archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise DubanError("file-damaged", _("{file} 已损坏，打不开；请重新保存后再交").format(file=place.words())) from error


def _refuse_scripts_of_documents(place: _Place, names: list[str]) -> None:
    is_open_document = "mimetype" in names
    if any(name.endswith("vbaproject.bin") or (is_open_document and name.startswith(("basic/", "scripts/"))) for name in names):
        raise _macros(place)


def _judge_part(place: _Place, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 1:
        raise _locked(place)
    if ".." in part.filename.replace("\\", "/").split("/") or part.filename.startswith(("/", "\\")):
        raise _bad_name(part.filename)
    with archive.open(part) as stream:
        content = stream.read(HEAD_BYTES)
        if content.startswith((b"PK", OLE)):
            content += stream.read(MOST_NESTED_BYTES)
    place.allowance.left_bytes -= max(len(content), HEAD_BYTES)
    if len(content) > MOST_NESTED_BYTES or place.allowance.left_bytes < 0:
        raise _bomb(place)
    _judge(place, part.filename.rpartition("/")[2], content)


def _bad_name(name: str) -> DubanError:
    return DubanError("bad-file-name", _("文件名“{name}”含有路径、控制字符或过长，请改名后再交").format(name=_printable(name)))


def _bomb(place: _Place) -> DubanError:
    return DubanError("zip-bomb", _("{file} 解压后过大，可能是压缩炸弹，请直接交里面的文件").format(file=place.words()))


def _macros(place: _Place) -> DubanError:
    return DubanError("evidence-macros", _("{file} 带有宏，请另存为不带宏的文件或 PDF 再交").format(file=place.words()))


def _locked(place: _Place) -> DubanError:
    return DubanError("file-encrypted", _("{file} 加了密码，看不到内容；请去掉密码再交").format(file=place.words()))
