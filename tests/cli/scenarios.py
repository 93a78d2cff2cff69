"""Plays a scenario of `examples/scenarios` through the real command line and keeps what it prints.

A scenario is a shell script of plain `duban` lines. Behind one may stand `# refused: CODE` or `# exit: N`; every other line must end with 0.
`# fill FORM SHEET!CELL=VALUE …` stands for what a person types into a form; other remarks become the page's own words, and the first line is for the reader of the script.
"""

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from tests.cli.running import Duban, Outcome
from tests.homes import new_home

EXPECTED = re.compile(r"\s+# (refused|exit): (\S+)$")
UNSTEADY = (
    (re.compile(r"(一次性口令：)[^（]+"), r"\1…"),
    (re.compile(r"\b[0-9a-f]{40,64}\b"), "…"),
    (re.compile(r"(sqlite:///|(?<=\s))/\S+/"), r"\1"),
    # The pages show a house in its file.
    (re.compile(r"(?<=数据库已就绪：)postgresql\S+"), "sqlite:///duban.db"),
)
FILL = "# fill "


@dataclass(frozen=True)
class Line:
    text: str
    arguments: tuple[str, ...]
    code: int
    refusal: str | None


def scenario_lines(script: Path) -> list[str]:
    return [line for line in script.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]


def read_line(text: str) -> Line:
    found = EXPECTED.search(text)
    command = text[: found.start()] if found else text
    refusal = found[2] if found and found[1] == "refused" else None
    code = int(found[2]) if found and found[1] == "exit" else int(refusal is not None)
    return Line(command, tuple(shlex.split(command)[1:]), code, refusal)


def play(script: Path, home: Path) -> str:
    """Run a scenario in its own folder; return it as a page of Markdown, each command with what it printed. Raise AssertionError at the first surprise."""
    # The tables are there before `duban init`: making them takes longer than any command, and other tests see it done.
    duban, page = Duban(new_home(home)), [f"# {script.parent.name}\n"]
    with standing_in(script.parent):
        for text in scenario_lines(script):
            if text.startswith(FILL):
                fill(text.removeprefix(FILL))
                page.append(f"*Filled in by hand:* `{text.removeprefix(FILL)}`\n")
            elif text.startswith("#"):
                page.append(text.removeprefix("#").strip() + "\n")
            else:
                page.append(shown(text, run(duban, read_line(text))))
    return "\n".join(page).replace("```\n\n```\n", "").rstrip() + "\n"


def run(duban: Duban, line: Line) -> Outcome:
    outcome = duban(*line.arguments)
    assert outcome.code == line.code, (line.text, outcome)
    if line.refusal:
        assert (outcome.out, outcome.err.count("\n")) == ("", 1), (line.text, outcome)
        assert outcome.err.startswith(f"error[{line.refusal}]"), (line.text, outcome)
    return outcome


def shown(text: str, outcome: Outcome) -> str:
    said = f"{outcome.out}{outcome.err}".rstrip()
    for pattern, steady in UNSTEADY:
        said = pattern.sub(steady, said)
    lines = [line.rstrip().replace("\t", " │ ") for line in said.splitlines()]
    return "\n".join(["```", f"$ {text}", *lines, "```", ""])


def fill(order: str) -> None:
    """Type into a form; the cell is found by its sheet and address, as a person finds it by looking."""
    name, *cells = shlex.split(order)
    book = openpyxl.load_workbook(name)
    for written in cells:
        where, _equals, value = written.partition("=")
        sheet, _mark, cell = where.partition("!")
        book[sheet][cell] = float(value) if value.replace(".", "", 1).isdigit() else value
    book.save(name)


@contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
