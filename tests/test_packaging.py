"""What the project ships: pinned versions without addresses, a wheel with everything in it."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_constraints_are_names_and_versions_only():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+", line) for line in lines)


def test_every_direct_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=!~ ]", line, maxsplit=1)[0].lower().replace("_", "-") for line in wanted}
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()}
    assert names <= pinned


def test_the_wheel_brings_templates_texts_migrations_and_the_example(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for wanted in (
        *(
            "rules/locale/en/LC_MESSAGES/duban.po",
            "reports/templates/paper.html.j2",
            "reports/templates/paper.typ",
            "reports/templates/chart.typ",
            "migrations/script.py.mako",
        ),
        *("migrations/versions/0002_seal_the_ledger.py", "cli/examples/guangxi-2012-269.docx", "notify/templates/reminder/body.html.j2"),
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "docs/"))]
