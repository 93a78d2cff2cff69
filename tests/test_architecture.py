"""The dependency rule is a check that runs, and the check is known to fail when it should."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = CONFIG["tool"]["importlinter"]["root_packages"]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    # The copy must be read, not the installed project.
    program = f"import sys; sys.path.insert(0, {str(root)!r}); from importlinter.cli import lint_imports_command as c; c()"
    command = [sys.executable, "-c", program, "--config", str(root / "pyproject.toml"), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


PLANTED = {
    "rules.reaching_up": "services.plans",
    "intake.meeting_a_neighbour": "reports.bulletin",
    "services.with_a_framework": "prefect",
    "rules.with_a_session": "sqlalchemy",
    "cli.knowing_another_edge": "flows.deployments",
}


def test_the_tree_keeps_the_rule(copy):
    outcome = lint(copy)
    assert outcome.returncode == 0, outcome.stdout


def test_every_planted_import_is_found(copy):
    for planted, wanted in PLANTED.items():
        (copy / planted.replace(".", "/")).with_suffix(".py").write_text(f"import {wanted}\n", encoding="utf-8")
    outcome = lint(copy)
    assert outcome.returncode == 1, outcome.stdout
    assert [planted for planted, wanted in PLANTED.items() if f"{planted} -> {wanted}" not in outcome.stdout] == [], outcome.stdout


def test_every_package_is_under_the_rule_and_in_the_wheel():
    found = {place.parent.name for place in ROOT.glob("*/__init__.py")}
    assert found == {*PACKAGES, "migrations"}
    assert set(CONFIG["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == found
    assert set(CONFIG["tool"]["mypy"]["packages"]) == set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_files_stay_small(package):
    long = {
        place.name: count
        for place in (ROOT / package).rglob("*.py")
        if (count := len(place.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_room_has_a_forbidden_name():
    forbidden = {"utils", "helpers", "common", "manager", "base"}
    assert not [place for package in PACKAGES for place in (ROOT / package).rglob("*.py") if place.stem in forbidden]


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_below_the_edges_asks_the_clock_or_hides_annotations(package):
    for place in (ROOT / package).rglob("*.py"):
        text = place.read_text(encoding="utf-8")
        assert "from __future__" not in text, place
        assert place == ROOT / "runtime" / "clock.py" or ".now(" not in text.replace("courier.now(", ""), place
