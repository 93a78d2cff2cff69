import json
from pathlib import Path

import pytest

from intake.draft import draft_as_json
from tests.builders import FINANCE, SCIENCE, draft, item
from tests.cli.running import Duban


@pytest.fixture
def duban(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Duban:
    return Duban(tmp_path / "house", monkeypatch, capsys)


@pytest.fixture
def draft_file(tmp_path: Path) -> Path:
    place = tmp_path / "draft.json"
    place.write_text(json.dumps(draft_as_json(draft(item(1))), ensure_ascii=False), encoding="utf-8")
    return place


@pytest.fixture
def house(duban: Duban, draft_file: Path) -> Duban:
    """A house with an account for each role and one plan of three tasks, issued."""
    assert duban("init").code == 0
    for name, role in (("office", "plan_office"), ("watch", "supervisor")):
        assert duban("account", "add", name, "--role", role, "--as", "admin").code == 0
    assert duban("--as", "office", "--on", "2012-11-05", "plan", "issue", str(draft_file)).code == 0
    for name, unit in (("kjt", SCIENCE), ("czt", FINANCE)):
        assert duban("account", "add", name, "--role", "unit", "--unit", unit, "--as", "admin").code == 0
    return duban
