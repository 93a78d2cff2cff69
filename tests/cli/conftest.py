import json
import shutil
from pathlib import Path

import pytest

from intake.draft import draft_as_json
from tests.builders import FINANCE, SCIENCE, draft, item
from tests.cli.running import Duban


@pytest.fixture
def duban(tmp_path: Path) -> Duban:
    return Duban(tmp_path / "house")


@pytest.fixture
def draft_file(tmp_path: Path) -> Path:
    return _write_draft(tmp_path)


@pytest.fixture
def house(duban: Duban, built_house: Path) -> Duban:
    """A house with an account for each role and one plan of three tasks, issued."""
    shutil.copytree(built_house, duban.home)
    return duban


@pytest.fixture(scope="session")
def built_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("built")
    duban = Duban(place / "house")
    assert duban("init", "--on", "2012-11-01").code == 0
    for name, role in (("office", "plan_office"), ("watch", "supervisor")):
        assert duban("account", "add", name, "--role", role, "--as", "admin", "--on", "2012-11-01").code == 0
    assert duban("--as", "office", "--on", "2012-11-05", "plan", "issue", str(_write_draft(place))).code == 0
    for name, unit in (("kjt", SCIENCE), ("czt", FINANCE)):
        assert duban("account", "add", name, "--role", "unit", "--unit", unit, "--as", "admin", "--on", "2012-11-05").code == 0
    return duban.home


def _write_draft(folder: Path) -> Path:
    place = folder / "draft.json"
    place.write_text(json.dumps(draft_as_json(draft(item(1))), ensure_ascii=False), encoding="utf-8")
    return place
