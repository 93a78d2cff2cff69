"""Old Word and WPS texts (.doc, .wps), which only an office program understands: LibreOffice, where it is installed, makes a .docx of them.

Each conversion has a profile and a folder of its own and a time limit; the program it starts is ended with all its children. What comes out passes the same
door as any file.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from intake.document import Content
from intake.readers.docx import read_docx
from intake.safety import SafeFile, load
from rules.errors import DubanError
from rules.texts import _

PROGRAMS = ("soffice", "libreoffice")
TIME_LIMIT_SECONDS = 120
SUFFIXES = {"doc": ".doc", "wps": ".doc", "xls": ".xls", "et": ".xls"}
FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}


def read_doc(file: SafeFile) -> Content:
    """Return the blocks of an old text. Refused: converter-missing, conversion-failed."""
    return read_docx(converted(file, "docx"))


def converted(file: SafeFile, form: str, limit_seconds: float = TIME_LIMIT_SECONDS) -> SafeFile:
    """Return the file as `form` (docx or xlsx), under its own name; nothing stays on disk."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        text = _("“{name}”是旧格式的文件，本机没有装 LibreOffice，读不了；请用 Word 或 WPS 另存为 {form} 后再读，或在本机安装 LibreOffice")
        raise DubanError("converter-missing", text.format(name=file.name, form=form))
    with tempfile.TemporaryDirectory(prefix="duban-") as name:
        folder = Path(name)
        source = folder / f"document{SUFFIXES[file.kind]}"
        source.write_bytes(file.data)
        _run(_command(program, folder, source, form), folder, limit_seconds, file.name, form)
        made = folder / "out" / f"document.{form}"
        if not made.is_file():
            raise _failed(file.name, form)
        safe = load(made)
    if safe.kind != form:
        raise _failed(file.name, form)
    return SafeFile(file.name, file.kind, safe.data)


def _command(program: str, folder: Path, source: Path, form: str) -> list[str]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    return [
        program,
        "--headless",
        "--norestore",
        "--nologo",
        profile,
        "--convert-to",
        FILTERS[form],
        "--outdir",
        str(folder / "out"),
        str(source),
    ]


def _run(command: list[str], folder: Path, limit_seconds: float, name: str, form: str) -> None:
    """Run to the end or to the limit. The output goes to a file and the program into a group of its own: a child it leaves behind could hold a pipe open."""
    environment = {**os.environ, "HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True)
        except OSError as error:
            raise _failed(name, form) from error
        try:
            process.wait(limit_seconds)
        except subprocess.TimeoutExpired as error:
            text = _("“{name}”用 LibreOffice 转换超过{seconds}秒，已停止；请用 Word 或 WPS 另存为 {form} 后再读")
            raise DubanError("conversion-failed", text.format(name=name, seconds=round(limit_seconds), form=form)) from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program's whole group: its starter may be gone while the program itself goes on."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failed(name: str, form: str) -> DubanError:
    text = _("“{name}”用 LibreOffice 转换不成，文件可能已损坏；请用 Word 或 WPS 打开修复，另存为 {form} 后再读")
    return DubanError("conversion-failed", text.format(name=name, form=form))
