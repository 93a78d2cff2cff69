"""The table of formats, and the view as JSON."""

import json
import subprocess
import sys

import pytest

from reports.faces import FACES, face_of, render
from rules.errors import DubanError
from tests.printing import PRINTING
from tests.reports.papers import bare_paper, sample_paper

BEGINNINGS = {"html": b"<!DOCTYPE html>", "docx": b"PK", "xlsx": b"PK", "md": b"**", "json": b"{", "pdf": b"%PDF"}


@pytest.mark.parametrize("format_name", FACES)
def test_every_face_is_made(format_name):
    assert render(sample_paper(), format_name, PRINTING).startswith(BEGINNINGS[format_name])
    assert render(bare_paper(), format_name, PRINTING)
    assert face_of(format_name).ending == f".{format_name}"


@pytest.mark.parametrize("format_name", ["doc", "", "HTML"])
def test_a_format_without_a_face_is_refused_with_those_there_are(format_name):
    with pytest.raises(DubanError) as refused:
        render(sample_paper(), format_name)
    assert refused.value.code == "format-not-written"
    assert "html、docx、pdf、xlsx、md、json" in refused.value.message


def test_json_is_the_view_and_nothing_else():
    assert json.loads(render(sample_paper(), "json")) == dict(sample_paper().data)


@pytest.mark.parametrize("words", ["\ud800", "</script>", "\x00\n"])
def test_json_keeps_every_text_as_it_was_stored(words):
    assert json.loads(render(sample_paper(data={"words": words}), "json")) == {"words": words}


def test_the_table_loads_no_heavy_library():
    heavy = "('docx', 'docxtpl', 'xlsxwriter', 'jinja2', 'lxml', 'typst')"
    probe = f"import sys, reports.faces; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
