"""What a command loads: whoever asks for a list of tasks does not wait for the libraries of papers, pages and flows."""

import json
import os
import subprocess
import sys

import pytest

from tests.homes import environment_of

PAPERS = ("docx", "docxtpl", "openpyxl", "xlsxwriter", "lxml", "typst", "pypdf", "pdfplumber", "python_calamine", "matplotlib")
FRAMEWORKS = ("prefect", "fastapi", "uvicorn", "alembic", "rich", "argon2")
DATA = ("sqlmodel", "sqlalchemy", "pydantic")

_PROGRAM = """
import contextlib, io, json, sys
import cli.main
code = 0
with contextlib.redirect_stdout(io.StringIO()):
    try:
        cli.main.main()
    except SystemExit as end:
        code = end.code or 0
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        pytest.param(("--help",), FRAMEWORKS + PAPERS + DATA, id="help"),
        pytest.param(("task", "list"), FRAMEWORKS + PAPERS, id="task list"),
        pytest.param(("remind", "--dry-run"), FRAMEWORKS + PAPERS, id="remind"),
    ],
)
def test_a_command_loads_only_what_it_needs(house, arguments, unwanted):
    own = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
    settings = {**own, **environment_of(house.home), "DUBAN_ACCOUNT": "office", "DUBAN_ON": "2013-04-02"}
    run = subprocess.run([sys.executable, "-c", _PROGRAM, *arguments], env=settings, capture_output=True, text=True, check=True)
    code, loaded = json.loads(run.stdout)
    assert code == 0, run.stderr
    assert not set(unwanted) & set(loaded)
