"""Every template loads, knows all its names, and escapes."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notify.blanks import each
from web.rendering import environment as pages

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(place for place in ROOT.glob("*/templates/**/*") if place.suffix in (".j2", ".html"))


def test_there_are_templates():
    assert len(TEMPLATES) >= 4


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda place: str(place.relative_to(ROOT)))
def test_loads(template):
    folder = next(parent for parent in template.parents if parent.name == "templates")
    environment = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.filters.update({"web": pages().filters, "notify": {"each": each}}.get(folder.parent.name, {}))
    assert environment.get_template(str(template.relative_to(folder)))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda place: str(place.relative_to(ROOT)))
def test_brings_nothing_from_elsewhere(template):
    text = template.read_text(encoding="utf-8")
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text
    # Packaged scripts only, named by `static`; nothing inline, no style and no handler that the pages' policy would forbid.
    assert not re.findall(r"<script(?! src=\"\{\{ static\()", text)
    assert not re.findall(r"<script[^>]*>[^<]", text)
    if template.parts[-3] != "reports" and "web" in template.parts:
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
