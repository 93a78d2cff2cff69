"""Old office files: the call of LibreOffice with its limits, what is said where it is missing, and .xls read without it."""

import os
import stat
import time
from contextlib import suppress
from pathlib import Path

import pytest

from intake.readers import office
from intake.readers.xls import read_xls
from intake.reading import read_document
from intake.safety import SafeFile, load
from rules.errors import DubanError
from tests.intake.samples import EXAMPLES, ROOT

FILES = ROOT / "tests" / "intake" / "files"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def old(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\0\0" + b"\0" * 200


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program called soffice on the path that does what the test says; its arguments are in $out (folder) and $in (file)."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def make(script: str):
        path = folder / "soffice"
        path.write_text(
            f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\nout="$2"; in="$3"; mkdir -p "$out"\n{script}\n', encoding="utf-8"
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return make


@pytest.fixture
def doc(tmp_path):
    path = tmp_path / "文件.doc"
    path.write_bytes(old("WordDocument"))
    return path


def test_what_the_program_makes_is_read(program, doc):
    program(f'cp "{EXAMPLES / "guangxi-2012-269.docx"}" "$out/document.docx"')
    draft, word = read_document(doc), read_document(EXAMPLES / "guangxi-2012-269.docx")
    assert (draft.items, draft.source.kind, draft.source.name) == (word.items, "doc", "文件.doc")


FAILURES = {
    "nothing-made": "exit 0",
    "error": "exit 77",
    "damaged": 'printf PKxx > "$out/document.docx"',
    "text": 'printf hello > "$out/document.docx"',
}


@pytest.mark.parametrize("script", FAILURES.values(), ids=FAILURES)
def test_failures_are_one_line(program, doc, script):
    program(script)
    with pytest.raises(DubanError) as refusal:
        read_document(doc)
    assert refusal.value.code in ("conversion-failed", "file-damaged")
    assert "\n" not in refusal.value.message


def test_a_program_that_hangs_is_ended_with_its_children(program, doc, tmp_path):
    marker = tmp_path / "child"
    program(f"sh -c 'echo $$ > {marker}; exec sleep 600' &\nsleep 600")
    begun = time.monotonic()
    with pytest.raises(DubanError) as refusal:
        office.converted(load(doc), "docx", limit_seconds=1.0)
    assert (refusal.value.code, time.monotonic() - begun < 300) == ("conversion-failed", True)
    wait_until = time.monotonic() + 60
    while (state := state_of(marker.read_text().strip())) not in ("gone", "Z") and time.monotonic() < wait_until:
        time.sleep(0.05)
    assert state in ("gone", "Z")


def state_of(process: str) -> str:
    """Return the state of a process; one that was just ended may be shown as running for a moment on a busy machine."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/stat").read_text().split()[2]
    return "gone"


def test_without_the_program_the_way_out_is_said(doc, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DubanError) as refusal:
        read_document(doc)
    assert (refusal.value.code, "docx" in refusal.value.message) == ("converter-missing", True)


KINDS = {
    "doc": ("a.doc", "WordDocument", "doc"), "wps": ("a.wps", "WordDocument", "wps"), "xls": ("a.xls", "Workbook", "xls"),
    "et": ("a.et", "Workbook", "et"), "old-xls": ("a.xls", "Book", "xls"), "named-otherwise": ("a.txt", "WordDocument", "doc"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "stream", "kind"), KINDS.values(), ids=KINDS)
def test_kind_by_content(name, stream, kind, tmp_path):
    path = tmp_path / name
    path.write_bytes(old(stream))
    assert load(path).kind == kind


REFUSED = {"locked": ("a.docx", "EncryptedPackage", "file-encrypted"), "macro": ("a.doc", "_VBA_PROJECT", "macro-workbook"), "slides": ("a.ppt", "PowerPoint Document", "kind-not-read")}  # fmt: skip


@pytest.mark.parametrize(("name", "stream", "code"), REFUSED.values(), ids=REFUSED)
def test_refused_by_content(name, stream, code, tmp_path):
    path = tmp_path / name
    path.write_bytes(old(stream))
    with pytest.raises(DubanError) as refusal:
        load(path)
    assert refusal.value.code == code


def test_xls_gives_the_draft_of_the_xlsx(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    xls, xlsx = read_document(FILES / "example.xls"), read_document(EXAMPLES / "guangxi-2012-269.xlsx")
    assert [item.model_dump(exclude={"source"}) for item in xls.items] == [item.model_dump(exclude={"source"}) for item in xlsx.items]
    assert [item.source.row for item in xls.items] == [item.source.row for item in xlsx.items]
    assert (xls.plan, xls.findings) == (xlsx.plan, xlsx.findings)


def test_damaged_xls_ends_clearly(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    data = (FILES / "example.xls").read_bytes()
    for cut in range(600, len(data), 1500):
        with suppress(DubanError):
            read_xls(SafeFile("表.xls", "xls", data[:cut]))


@pytest.mark.skipif(not any(os.access(f"{folder}/soffice", os.X_OK) for folder in os.get_exec_path()), reason="LibreOffice is not here")
def test_a_real_old_text_gives_the_draft_of_the_word_file():
    doc, word = read_document(FILES / "example.doc"), read_document(EXAMPLES / "guangxi-2012-269.docx")
    assert [item.model_dump(exclude={"source"}) for item in doc.items] == [item.model_dump(exclude={"source"}) for item in word.items]
    assert doc.plan == word.plan
