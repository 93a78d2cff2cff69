"""The table of formats, and the view as JSON."""

import json
import subprocess
import sys

import pytest

from reports.faces import FACES, face_of, render
from reports.imprint import Imprint
from rules.errors import DubanError
from tests.reports.builders import bulletin

BEGINNINGS = {"html": b"<!DOCTYPE html>", "docx": b"PK", "xlsx": b"PK", "json": b"{"}


@pytest.mark.parametrize("format_name", FACES)
def test_every_face_is_made(format_name):
    assert render(bulletin(), format_name, Imprint("督查室")).startswith(BEGINNINGS[format_name])
    assert face_of(format_name).ending == f".{format_name}"


@pytest.mark.parametrize("format_name", ["pdf", "md", "", "HTML"])
def test_a_format_without_a_face_is_refused_with_those_there_are(format_name):
    with pytest.raises(DubanError) as refused:
        render(bulletin(), format_name)
    assert refused.value.code == "format-not-written"
    assert "html、docx、xlsx、json" in refused.value.message


def test_json_is_the_contract():
    document = json.loads(render(bulletin(), "json"))
    assert document["schema"] == "duban/bulletin/1"
    assert document["as_of"] == "2013-09-30"
    assert document["items"][0]["tasks"] == 6
    assert "counts" not in document["items"][0]
    assert "tasks" not in document["units"][0]
    assert document["units"][0]["lead_tasks"] == 9


def test_the_table_loads_no_heavy_library():
    probe = "import sys, reports.faces; print([m for m in ('docx', 'xlsxwriter', 'jinja2', 'lxml') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
