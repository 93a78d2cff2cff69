"""Runs the command line in this process, each call as if it were alone."""

import os
import sys
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


class Duban:
    """`duban` on a house of its own."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, **settings: str) -> Outcome:
        before = dict(os.environ)
        own = {name: value for name, value in before.items() if not name.startswith("DUBAN_")}
        os.environ.clear()
        os.environ.update(own | {"DUBAN_HOME": str(self.home)} | settings)
        self._monkeypatch.setattr(sys, "argv", ["duban", *arguments])
        code = 0
        try:
            copy_context().run(main)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        finally:
            os.environ.clear()
            os.environ.update(before)
        said = self._capsys.readouterr()
        return Outcome(code, said.out, said.err)
