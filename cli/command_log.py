"""The line that a command leaves in the log: which it was, how it ended and how long it took. What was typed behind its name is not in it."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from cli.main import COMMANDS
from rules.errors import DubanError
from runtime.logs import is_wanted_by_commands, log, standing, start_logging
from runtime.settings import read_settings

_logger = logging.getLogger("duban.commands")


@contextmanager
def logged() -> Iterator[None]:
    """Write the line at the end of the block, where a log is wanted."""
    if not is_wanted_by_commands():
        yield
        return
    start_logging(read_settings())
    begun, ended = monotonic(), "done"
    with standing(command=_name(sys.argv[1:])):
        try:
            yield
        except SystemExit as left:
            ended = "done" if left.code in (None, 0) else f"exit {left.code}" if isinstance(left.code, int) else "refused"
            raise
        except DubanError as error:
            ended = error.code
            raise
        except Exception:
            ended = "failed"
            _logger.exception("failed")
            raise
        finally:
            log(_logger, "command", {"ended": ended, "ms": round((monotonic() - begun) * 1000)})


def _name(words: list[str]) -> str:
    """Return the command without anything that stands behind it: its noun, and the word after it where that is a command of the noun."""
    noun = next((word for word in words if word in COMMANDS), "")
    if not noun:
        return "duban"
    rest = words[words.index(noun) + 1 :]
    return f"{noun} {rest[0]}" if rest and rest[0] in _words_of(noun) else noun


def _words_of(noun: str) -> list[str]:
    from importlib import import_module

    import typer

    module, name = COMMANDS[noun].split(":")
    command: Any = typer.main.get_command(getattr(import_module(module), name))
    return list(getattr(command, "commands", {}))
