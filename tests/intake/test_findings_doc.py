"""Every code that intake can give stands in docs/findings.md with its severity, and the document names no code that is gone."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.intake.samples import ROOT

INTAKE = ROOT / "intake"
DOC = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z-]+)` \| (error|warning|info)?", DOC, re.M)


@cache
def all_calls() -> list[ast.Call]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(INTAKE.rglob("*.py"))]
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def calls(name: str) -> list[ast.Call]:
    return [node for node in all_calls() if getattr(node.func, "id", "") == name]


def finding_codes() -> set[str]:
    return {
        word.value.value
        for call in calls("Finding")
        for word in call.keywords
        if word.arg == "code" and isinstance(word.value, ast.Constant)
    }


def refusal_codes() -> set[str]:
    return {call.args[0].value for call in calls("DubanError") if call.args and isinstance(call.args[0], ast.Constant)}


def test_every_finding_is_documented_and_no_other():
    assert finding_codes() == {code for code, severity in ROWS if severity}


def test_every_refusal_is_documented_and_no_other():
    assert refusal_codes() == {code for code, severity in ROWS if not severity}


def test_codes_read_once_are_findings():
    from intake.checks import READ_ONCE

    assert finding_codes() >= READ_ONCE


def test_reading_loads_no_heavy_library_before_a_file_needs_it():
    heavy = "openpyxl", "lxml", "docx", "xlsxwriter", "pypdfium2", "xlrd"
    code = f"import sys, intake.reading, intake.checks; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_recipes_name_modules_that_are_there():
    for recipe in ("add-a-reader.md", "add-a-note-style.md"):
        text = (ROOT / "docs" / "recipes" / recipe).read_text(encoding="utf-8")
        for name in re.findall(r"`(intake/[a-z_/]+\.py)`", text):
            assert Path(ROOT / name).is_file(), name
