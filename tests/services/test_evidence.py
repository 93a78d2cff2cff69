"""Evidence is judged by what it is, not by what it is called, before anything is written."""

import io
import zipfile
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from models.ledger import LedgerEntry
from models.progress import Evidence, ProgressReport
from rules.errors import DubanError
from services.evidence import MOST_FILES, read_evidence
from services.evidence_safety import judge
from services.progress import ProgressInput, record_progress
from services.rebuilding import differences
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import ISSUED_ON, TODAY, issued, on, people

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MSI = b"\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0F"


def zipped(parts, password_flag=False):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    content = held.getvalue()
    if password_flag:
        # The flag of an encrypted part, in its local and its central header.
        content = content.replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0").replace(
            b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0"
        )
    return content


def installer():
    """The head of an OLE file with sectors of 512 bytes, its directory in the third and the class of an installer in its root."""
    return OLE + b"\0" * 22 + b"\x09\0" + b"\0" * 16 + b"\x02\0\0\0" + b"\0" * (3 * 512 - 52 + 80) + MSI


def stream(name):
    return OLE + b"\0" * 600 + name.encode("utf-16-le") + b"\0\0"


DOCX = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("批复.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("照片.jpg", b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        ("照片.pdf", b"\x89PNG\r\n\x1a\nrest", "image/png"),
        ("名单.txt", "十个县".encode(), "text/plain"),
        ("名单.txt", "十个县".encode("gb18030"), "text/plain"),
        ("名单.csv", "县,数\n甲,1".encode(), "text/csv"),
        ("MZ区名单.txt", b"MZ and so on", "text/plain"),
        ("总结.docx", zipped(DOCX), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("总结.doc", stream("WordDocument"), "application/msword"),
        ("表.xls", stream("Workbook"), "application/vnd.ms-excel"),
        ("文件.ofd", zipped({"OFD.xml": "<ofd/>"}), "application/ofd"),
        (
            "表.ods",
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("材料.zip", zipped({"甲县/名单.txt": "甲", "甲县/总结.docx": zipped(DOCX)}), "application/zip"),
        ("脚本.zip", zipped({"scripts/说明.txt": "说明"}), "application/zip"),
        ("会议.mp4", b"\0\0\0\x18ftypisom", "video/mp4"),
        ("数据.dat", bytes(range(256)), "application/octet-stream"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_may_be_kept_has_the_type_of_its_content(name, content, media_type):
    assert judge(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("名单.txt", b"MZ\x90\0\x03\0\0\0PE\0\0", "evidence-runs", id="a Windows program called a list"),
        pytest.param("名单.pdf", b"\x7fELF\x02\x01\x01", "evidence-runs", id="a Linux program"),
        pytest.param("名单.pdf", b"\xcf\xfa\xed\xfe\x07", "evidence-runs", id="a macOS program"),
        pytest.param("名单.pdf", b"\xca\xfe\xba\xbe\0", "evidence-runs", id="Java or a program for two machines"),
        pytest.param("名单.txt", b"#!/bin/sh\nrm -rf ~", "evidence-runs", id="a script"),
        pytest.param("名单.txt", b"\xef\xbb\xbf#!/usr/bin/python3", "evidence-runs", id="a script behind a mark"),
        pytest.param("名单.txt", b"  <?php system($x);", "evidence-runs", id="a page that a server runs"),
        pytest.param("名单.html", b"<html><HTA:APPLICATION id=a>", "evidence-runs", id="an application in HTML"),
        pytest.param("快捷方式.txt", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F", "evidence-runs", id="a link"),
        pytest.param("安装.doc", installer(), "evidence-runs", id="an installer"),
        *(
            pytest.param(f"名单.{ending}", b"text", "evidence-runs", id=ending)
            for ending in (
                "exe",
                "BAT",
                "cmd",
                "ps1",
                "vbs",
                "js",
                "jar",
                "msi",
                "scr",
                "lnk",
                "hta",
                "pdf.exe",
                "exe. ",
                "com",
                "apk",
                "sh",
            )
        ),
        pytest.param("表.xlsm", zipped(DOCX), "evidence-macros", id="a name for macros"),
        pytest.param("表.docx", zipped({**DOCX, "word/vbaProject.bin": "x"}), "evidence-macros", id="macros inside docx"),
        pytest.param(
            "表.xls", stream("Workbook") + "_VBA_PROJECT".encode("utf-16-le") + b"\0\0", "evidence-macros", id="macros inside xls"
        ),
        pytest.param("表.ods", zipped({"mimetype": "x", "Basic/Standard/Module1.xml": "x"}), "evidence-macros", id="macros inside ods"),
        pytest.param("材料.zip", zipped({"a/安装.exe": b"text"}), "evidence-runs", id="an archive with a program by name"),
        pytest.param("材料.zip", zipped({"a/图.jpg": b"MZ\x90\0\x03\0"}), "evidence-runs", id="an archive with a program by content"),
        pytest.param("材料.zip", zipped({"b.zip": zipped({"c.txt": b"\x7fELF"})}), "evidence-runs", id="a program two deep"),
        pytest.param(
            "报告.docx", zipped({**DOCX, "word/embeddings/a.bin": b"MZ\x90\0\x03\0"}), "evidence-runs", id="a program inside docx"
        ),
        pytest.param(
            "a.zip", zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": zipped({"e.txt": "e"})})})}), "evidence-closed", id="too deep"
        ),
        pytest.param("材料.zip", zipped({"../../a.txt": "a"}), "bad-file-name", id="an archive that writes elsewhere"),
        pytest.param("材料.zip", zipped({"一\n二.exe": "a"}), "evidence-runs", id="a program with a broken name"),
        pytest.param("材料.rar", b"Rar!\x1a\x07\x01\0", "evidence-closed", id="rar"),
        pytest.param("材料.txt", b"7z\xbc\xaf\x27\x1c", "evidence-closed", id="7z called text"),
        pytest.param("材料.tgz", b"\x1f\x8b\x08", "evidence-closed", id="gzip"),
        pytest.param("材料.zip", zipped({"a.txt": "a"}, password_flag=True), "file-encrypted", id="a locked archive"),
        pytest.param("表.xlsx", stream("EncryptedPackage"), "file-encrypted", id="a locked workbook"),
        pytest.param("材料.zip", zipped({"a.txt": b"\0" * (30 << 20)}), "zip-bomb", id="swells"),
        pytest.param("材料.zip", zipped({"a.txt": "a"})[:-9], "file-damaged", id="cut off"),
        pytest.param("..", b"text", "bad-file-name", id="a folder"),
        pytest.param("a/../b.txt", b"text", "bad-file-name", id="a path"),
        pytest.param("..\\b.txt", b"text", "bad-file-name", id="a path of Windows"),
        pytest.param("a.txt:b.txt", b"text", "bad-file-name", id="a hidden stream"),
        pytest.param("名\n单.txt", b"text", "bad-file-name", id="a line's end"),
        pytest.param("名\0.txt", b"text", "bad-file-name", id="a zero"),
        pytest.param("gnp\u202etxt.pdf", b"text", "bad-file-name", id="written backwards"),
        pytest.param("长" * 100, b"text", "bad-file-name", id="too long for a disk"),
    ],
)
def test_what_may_not_be_kept_is_refused_with_its_reason(name, content, code):
    with pytest.raises(DubanError) as refused:
        judge(name, content)
    assert refused.value.code == code
    assert "\n" not in refused.value.message


def test_archives_made_to_keep_the_machine_busy_are_given_up_soon():
    swollen = zipped({f"{number}.doc": OLE + b"\0" * (24 << 20) for number in range(4)} | {"noise.bin": Random(7).randbytes(1 << 20)})
    with pytest.raises(DubanError) as refused:
        judge("材料.zip", zipped({f"{number}.zip": swollen for number in range(3)}))
    assert refused.value.code == "zip-bomb"


@given(st.binary(max_size=600), st.sampled_from(["a.txt", "a.zip", "a.docx", "无后缀"]))
def test_any_bytes_are_kept_or_refused_never_an_error(content, name):
    for start in (b"", b"PK\x03\x04", OLE, b"MZ"):
        try:
            assert "/" in judge(name, start + content)
        except DubanError as refused:
            assert refused.code.startswith(("evidence-", "file-", "zip-"))  # noqa: PT017  (either outcome is right)


@pytest.fixture
def begun(session):
    actors = people(session)
    issued(session, actors.office)
    acknowledge_task(session, 1, on(ISSUED_ON, actors.science))
    return actors


@pytest.mark.parametrize(
    ("files", "code"),
    [
        pytest.param({"名单.txt": b"list", "空.txt": b""}, "file-empty", id="one is empty"),
        pytest.param({"名单.txt": b"list", "a.pdf": b"\x7fELF"}, "evidence-runs", id="one is a program"),
        pytest.param({f"{number}.txt": b"list" for number in range(MOST_FILES + 1)}, "too-many-files", id="too many"),
        pytest.param({"名单.txt": b"list", "无.txt": None}, "file-missing", id="one is missing"),
    ],
)
def test_one_bad_file_and_nothing_is_written_even_if_the_caller_goes_on(session, begun, tmp_path, files, code):
    store = Store(tmp_path / "store")
    for name, content in files.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    said = ProgressInput(text="附名单", evidence=tuple(tmp_path / name for name in files))
    with pytest.raises(DubanError) as refused:
        record_progress(session, 1, said, store, on(TODAY, begun.science))
    session.commit()
    assert refused.value.code == code
    assert not store.folder.exists()
    assert session.exec(select(ProgressReport)).all() == session.exec(select(Evidence)).all() == []
    assert session.exec(select(LedgerEntry.act).where(LedgerEntry.act == "report")).all() == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    big = tmp_path / "big.pdf"
    with big.open("wb") as hole:
        hole.truncate((50 << 20) + 1)
    with pytest.raises(DubanError) as refused:
        read_evidence([big])
    assert refused.value.code == "file-too-large"


def test_the_same_content_is_kept_once_with_its_type(session, begun, tmp_path):
    store = Store(tmp_path / "store")
    for name in ("名单.txt", "副本.txt"):
        (tmp_path / name).write_bytes("甲县".encode())
    said = ProgressInput(text="附名单", evidence=(tmp_path / "名单.txt", tmp_path / "副本.txt"))
    record_progress(session, 1, said, store, on(TODAY, begun.science))
    (kept,) = session.exec(select(Evidence)).all()
    assert (kept.name, kept.media_type, kept.size_bytes) == ("名单.txt", "text/plain", 6)
    assert differences(session) == []
