"""Runs the command line in this process, each call as if it were alone."""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cli.main
from tests.homes import environment_of

# A process describes its command once; here one process is hundreds.
cli.main._command = cache(cli.main._command)
cli.main._group = cache(cli.main._group)


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


class Duban:
    """`duban` on a house of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str, **settings: str) -> Outcome:
        environment, argv = dict(os.environ), sys.argv
        own = {name: value for name, value in environment.items() if not name.startswith("DUBAN_")}
        os.environ.clear()
        os.environ.update(own | environment_of(self.home) | settings)
        sys.argv = ["duban", *arguments]
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            with redirect_stdout(out), redirect_stderr(err):
                copy_context().run(cli.main.main)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        finally:
            sys.argv = argv
            os.environ.clear()
            os.environ.update(environment)
        return Outcome(code, out.getvalue(), err.getvalue())
