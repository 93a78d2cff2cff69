"""What a user can meet is documented: every setting, command, error and finding code, flow; and every document linked exists."""

import ast
import re
from pathlib import Path

import pytest

from cli.main import COMMANDS
from models.task import TaskState
from rules.transitions import TRANSITIONS, TaskEvent, event_name
from runtime.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PACKAGES = ("cli", "flows", "web", "runtime", "services", "intake", "notify", "reports", "rules")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def error_codes() -> set[str]:
    """Every code that is raised as a literal."""
    found = set()
    for place in (place for package in PACKAGES for place in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            is_error = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "DubanError"
            if is_error and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name):
    assert f"`DUBAN_{name.upper()}`" in read("docs/settings.md")


@pytest.mark.parametrize("code", sorted(error_codes()))
def test_every_error_code_is_documented(code):
    assert f"`{code}`" in read("docs/errors.md")


def test_no_documented_error_code_is_gone():
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", read("docs/errors.md"), re.MULTILINE))
    source = "".join(place.read_text(encoding="utf-8") for package in PACKAGES for place in (ROOT / package).rglob("*.py"))
    assert not [code for code in documented if f'"{code}"' not in source]


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_is_documented(command):
    assert f"duban {command}" in read("docs/commands.md")


def test_every_flow_has_its_page():
    flows = {place.stem for place in (ROOT / "flows").glob("*.py") if "\n@flow(" in place.read_text(encoding="utf-8")}
    assert flows == {place.stem for place in (DOCS / "flows").glob("*.md")}


def test_the_transition_table_is_the_documented_one():
    text = read("docs/lifecycle.md")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|", text, re.MULTILINE)
    assert {(before, event): after for before, event, after in rows} == {
        (s.value, e.value): after.value for (s, e), after in TRANSITIONS.items()
    }
    assert all(event_name(event) in text for event in TaskEvent)
    assert all(f"`{state.value}`" in text for state in TaskState)


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")]), ids=lambda place: str(place.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_changelog_has_a_section_for_what_comes():
    assert re.search(r"^## (Unreleased|\d)", read("CHANGELOG.md"), re.MULTILINE)
