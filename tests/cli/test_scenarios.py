"""The lives in `examples/scenarios`, played through the real command line; `docs/lives/` shows what they print.

`DUBAN_GOLDEN=write` writes the pages anew instead of comparing.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.scenarios import play, read_line, scenario_lines

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "examples" / "scenarios"
PAGES = ROOT / "docs" / "lives"
NAMES = sorted(place.parent.name for place in SCENARIOS.glob("*/play.sh"))


@pytest.mark.parametrize("name", NAMES)
def test_a_life_goes_as_its_page_shows(name, tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    page = play(tmp_path / "examples" / "scenarios" / name / "play.sh", tmp_path / "house")
    place = PAGES / f"{name}.md"
    if os.environ.get("DUBAN_GOLDEN") == "write":
        place.parent.mkdir(exist_ok=True)
        place.write_text(page, encoding="utf-8")
    assert page == place.read_text(encoding="utf-8"), f"{place} differs; DUBAN_GOLDEN=write makes it again"


def test_the_lives_are_the_ones_the_overview_lists():
    overview = (ROOT / "docs" / "lives.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"(lives/{name}.md)" not in overview] == []
    assert sorted(page.stem for page in PAGES.glob("*.md")) == NAMES


def test_the_lives_meet_every_request_and_most_refusals():
    lines = [line for name in NAMES for line in scenario_lines(SCENARIOS / name / "play.sh")]
    commands = [read_line(line) for line in lines if line.startswith("duban")]
    kinds = {line.arguments[3] for line in commands if line.arguments[:2] == ("request", "file")}
    assert kinds == {"extension", "reassignment", "suspension", "cancellation", "target_change"}
    acts = {line.arguments[1] for line in commands if line.arguments[0] == "task" and line.code == 0}
    assert acts >= {"acknowledge", "report", "hand-in", "submit", "return", "complete", "close", "reopen", "decompose", "review"}
    assert acts >= {"suspend", "resume", "cancel", "reassign"}


def test_a_line_says_what_is_expected_of_it():
    assert read_line("duban task show 1").code == 0
    refused = read_line("duban task submit 1 --reason '完 了'   # refused: target-not-met")
    assert (refused.arguments[-1], refused.code, refused.refusal) == ("完 了", 1, "target-not-met")
    assert read_line("duban plan check draft.json   # exit: 3").code == 3
