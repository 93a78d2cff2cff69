"""Files that cannot be read: each one clear line, whatever is wrong; and nothing people write makes reading fail in another way."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake import safety
from intake.reading import read_document
from rules.errors import DubanError
from tests.intake.samples import EXAMPLE, EXAMPLES, workbook_bytes

DOCX = (EXAMPLES / "guangxi-2012-269.docx").read_bytes()
XLSX = (EXAMPLES / "guangxi-2012-269.xlsx").read_bytes()
TEXT = EXAMPLE.read_text(encoding="utf-8")
ENTITY = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><w:document xmlns:w="x"><w:body>&a;</w:body></w:document>'


def archive(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return data.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    return made.getvalue()


def lying_directory() -> bytes:
    """An archive whose directory says that a part of 60 MB holds 10 bytes."""
    data = bytearray(archive(**{"word/document.xml": b"0" * 60_000_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


FILES = {
    "empty": ("空.txt", b"", "file-empty"),
    "blank": ("空.txt", b" \n\t\n", "file-empty"),
    "empty-docx": ("空.docx", b"", "file-empty"),
    "binary": ("图.txt", bytes(range(256)) * 20, "encoding-unknown"),
    "big5": ("繁.txt", "計畫：責任單位應於期限內辦理完成並回報進度".encode("big5") * 5, "encoding-unknown"),
    "pdf": ("文件.pdf", b"%PDF-1.7 ...", "file-damaged"),
    "pdf-named-txt": ("文件.txt", b"%PDF-1.7 ...", "file-damaged"),
    "text-named-pdf": ("文件.pdf", "一、任务".encode(), "file-damaged"),
    "picture": ("图.png", b"\x89PNG 123", "kind-not-read"),
    "html": ("文件.html", b"<html><body>x</body></html>", "no-table-no-note"),
    "html-of-nothing": ("文件.html", b"<html><body><p> </p></body></html>", "file-empty"),
    "old-word": ("文件.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "kind-not-read"),
    "wps": ("文件.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "kind-not-read"),
    "locked-docx": ("文件.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "kind-not-read"),
    "other-zip": ("包.zip", archive(a=b"1"), "kind-not-read"),
    "text-named-docx": ("文件.docx", "一、任务".encode(), "file-damaged"),
    "cut-docx": ("文件.docx", DOCX[: len(DOCX) // 2], "file-damaged"),
    "cut-xlsx": ("文件.xlsx", XLSX[:-200], "file-damaged"),
    "flipped-docx": ("文件.docx", DOCX[:3000] + bytes(byte ^ 255 for byte in DOCX[3000:6000]) + DOCX[6000:], "file-damaged"),
    "xml-cut": ("文件.docx", with_part(DOCX, "word/document.xml", b"<w:document"), "file-damaged"),
    "no-body": ("文件.docx", with_part(DOCX, "word/document.xml", b"<a/>"), "file-damaged"),
    "bad-sheet": ("文件.xlsx", with_part(XLSX, "xl/worksheets/sheet1.xml", b"<worksheet"), "file-damaged"),
    "bad-workbook": ("文件.xlsx", with_part(XLSX, "xl/workbook.xml", b"<workbook/>"), "file-damaged"),
    "entities": ("文件.docx", with_part(DOCX, "word/document.xml", ENTITY), "xml-entities"),
    "entities-in-utf16": ("文件.docx", with_part(DOCX, "word/document.xml", ENTITY.decode().encode("utf-16")), "xml-entities"),
    "macro-part": ("文件.xlsx", with_part(XLSX, "xl/vbaProject.bin", b"x"), "macro-workbook"),
    "macro-name": ("文件.xlsm", XLSX, "macro-workbook"),
    "macro-docm": ("文件.docm", DOCX, "macro-workbook"),
    "bomb": ("文件.docx", lambda: archive(**{"word/document.xml": b"0" * 60_000_000}), "zip-bomb"),
    "bomb-behind-a-lie": ("文件.docx", lying_directory, "file-damaged"),
    "many-parts": ("文件.docx", lambda: archive(**{f"p{number}": b"" for number in range(safety.MAX_PARTS + 1)}), "zip-bomb"),
    "no-task": ("文件.txt", "今天天气很好。\n明天也是。".encode(), "no-table-no-note"),
    "other-table": ("文件.xlsx", workbook_bytes([["姓名", "电话"], ["张三", 1]]), "no-table-no-note"),
    "broken-csv": ("文件.csv", '序号,任务\n1,"a\0"\n'.encode(), "encoding-unknown"),
}


@pytest.mark.parametrize(("name", "data", "code"), FILES.values(), ids=FILES)
def test_refusal(name, data, code, tmp_path):
    path = tmp_path / name
    # The largest are made only where they are looked at.
    path.write_bytes(data() if callable(data) else data)
    with pytest.raises(DubanError) as refusal:
        read_document(path)
    assert refusal.value.code == code
    assert name in refusal.value.message
    assert str(tmp_path) not in refusal.value.message
    assert "\n" not in refusal.value.message


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "没有.txt", tmp_path):
        with pytest.raises(DubanError) as refusal:
            read_document(path)
        assert refusal.value.code == "file-missing"


def test_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "大.docx"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    with pytest.raises(DubanError) as refusal:
        read_document(path)
    assert (refusal.value.code, "100 MB" in refusal.value.message) == ("file-too-large", True)


def test_sheet_formatted_to_its_last_row_is_refused(tmp_path):
    import xlsxwriter

    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_string(1_000_000, 5, "x")
    with pytest.raises(DubanError) as refusal:
        read_document(path)
    assert refusal.value.code == "file-too-large"


def read_or_refuse(folder, data: bytes, name: str) -> None:
    path = folder / name
    path.write_bytes(data)
    with suppress(DubanError):
        assert read_document(path).items


LINES = TEXT.split("\n")
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["cut", "join", "split", "space", "drop", "double", "swap"]), st.integers(0, len(LINES) - 1), st.integers(0, 60)
    ),
    min_size=1,
    max_size=12,
)


def mangled(edits) -> str:
    lines = list(LINES)
    for act, at, offset in edits:
        at = min(at, len(lines) - 1)
        line = lines[at]
        if act == "join" and at + 1 < len(lines):
            line += lines.pop(at + 1)
        changed = {
            "cut": [line[:offset]],
            "join": [line],
            "split": [line[:offset], line[offset:]],
            "space": [f"{line[:offset]}\u3000 \xa0{line[offset:]}"],
            "drop": [""],
            "double": [line, line],
            "swap": [line[offset:] + line[:offset]],
        }
        lines[at : at + 1] = changed[act]
    return "\n".join(lines)


@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_splits_merges_and_odd_spaces_raise_nothing_else(tmp_path, edits):
    read_or_refuse(tmp_path, mangled(edits).encode(), "文件.txt")


@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(alphabet="序号任务名称责任单位年度目标\t\n|，。；：（）()、1234567890-一二三〔〕“”《》 牵头负责到每年县个%", max_size=300),
    st.sampled_from(["x.txt", "x.md", "x.csv"]),
)
def test_any_text_raises_nothing_else(tmp_path, text, name):
    read_or_refuse(tmp_path, text.encode(), name)


@settings(derandomize=True, max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([DOCX, XLSX]), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_flipped_bytes_raise_nothing_else(tmp_path, data, flips):
    broken = bytearray(data)
    for place, byte in flips:
        broken[int(place * (len(broken) - 1))] = byte
    read_or_refuse(tmp_path, bytes(broken), "文件.docx" if data is DOCX else "文件.xlsx")
