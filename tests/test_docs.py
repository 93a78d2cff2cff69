"""What a user can meet is documented: every setting, command, error and finding code, flow; and every document linked exists."""

import re
from pathlib import Path

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
    sources = (place.read_text(encoding="utf-8") for package in PACKAGES for place in (ROOT / package).rglob("*.py"))
    return {code for source in sources for code in re.findall(r"\bDubanError\(\s*\"([a-z-]+)\"", source)}


def test_every_setting_is_documented():
    documented = read("docs/settings.md")
    assert [name for name in Settings.model_fields if f"`DUBAN_{name.upper()}`" not in documented] == []


def test_every_error_code_is_documented():
    documented = read("docs/errors.md")
    assert [code for code in sorted(error_codes()) if f"`{code}`" not in documented] == []


def test_no_documented_error_code_is_gone():
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", read("docs/errors.md"), re.MULTILINE))
    source = "".join(place.read_text(encoding="utf-8") for package in PACKAGES for place in (ROOT / package).rglob("*.py"))
    assert not [code for code in documented if f'"{code}"' not in source]


def test_every_command_is_documented():
    documented = read("docs/commands.md")
    assert [command for command in COMMANDS if f"duban {command}" not in documented] == []


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


def test_links_lead_somewhere():
    links = [
        (page, target)
        for page in sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
    ]
    assert [f"{page.relative_to(ROOT)}: {target}" for page, target in links if not (page.parent / target).exists()] == []


def test_the_changelog_has_a_section_for_what_comes():
    assert re.search(r"^## (Unreleased|\d)", read("CHANGELOG.md"), re.MULTILINE)
