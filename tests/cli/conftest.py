"""Houses for commands. What is done before a test looks is done once in a run; every test has a copy of the folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.draft import draft_as_json
from tests.builders import FINANCE, SCIENCE, draft, item
from tests.cli.running import Duban
from tests.homes import copied_home


@pytest.fixture
def duban(tmp_path: Path) -> Duban:
    return Duban(tmp_path / "house")


@pytest.fixture
def draft_file(tmp_path: Path) -> Path:
    return _write_draft(tmp_path)


Act = Callable[[Duban, Path], None]
"""What is done in a house before a test; the folder is for files it needs."""


@pytest.fixture
def house(house_after: Callable[..., Duban]) -> Duban:
    """A house with an account for each role and one plan of three tasks, issued."""
    return house_after()


@pytest.fixture
def house_after(duban: Duban, grown_houses: dict[tuple[Act, ...], Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Duban]:
    """Make the house in which these acts were done, one after the other."""

    def made(*acts: Act) -> Duban:
        copied_home(_grown(acts, grown_houses, tmp_path_factory), duban.home)
        return duban

    return made


def _grown(acts: tuple[Act, ...], grown_houses: dict[tuple[Act, ...], Path], folders: pytest.TempPathFactory) -> Path:
    if acts not in grown_houses:
        home = folders.mktemp("grown") / "house"
        copied_home(_grown(acts[:-1], grown_houses, folders), home)
        acts[-1](Duban(home), home.parent)
        grown_houses[acts] = home
    return grown_houses[acts]


@pytest.fixture(scope="session")
def grown_houses(built_house: Path) -> dict[tuple[Act, ...], Path]:
    """The folder of every house that was made in this run, by what was done in it."""
    return {(): built_house}


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
