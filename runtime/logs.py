"""Where the log goes, and what its lines carry: `start_logging` once in each process, `standing` around a request, command or run.

Requests, flows and commands write a line each at their end. Whoever reads the log finds the lines of one request by the number that its page showed.
"""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from logging.handlers import WatchedFileHandler
from typing import Any, TextIO

from rules.errors import DubanError
from rules.texts import _
from runtime.log_lines import STANDING, Lines
from runtime.settings import LogForm, Settings, read_settings

_NAME = "duban"
_OWN = logging.getLogger("duban")


class PrefectConsole(logging.Handler):
    """Stands where Prefect's own console would: what Prefect and the servers it brings write goes the same way as everything else.

    Prefect names the stream, a formatter and colours; none of them is used.
    """

    def __init__(self, stream: Any = None, styles: Any = None) -> None:
        del stream, styles
        super().__init__()
        self._way = _way_out(read_settings())

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the record on."""
        self._way.handle(record)

    def close(self) -> None:
        """Close what records are handed to."""
        self._way.close()
        super().close()


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to the standard error output as it is at that moment, not as it was when logging began."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the base's is an attribute
        return sys.stderr


def start_logging(settings: Settings) -> None:
    """Let this process write its log as the settings say; calling it again replaces what it did. A file that cannot be written is refused with bad-setting."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, PrefectConsole) or handler.get_name() == _NAME:
            root.removeHandler(handler)
            handler.close()
    root.addHandler(_way_out(settings))
    _OWN.setLevel(settings.log_level.upper())


def is_wanted_by_commands() -> bool:
    """Tell whether commands write a log too: where it goes to a file, or to whoever collects JSON. A person at a terminal wants none."""
    return bool(os.environ.get("DUBAN_LOG_FILE")) or os.environ.get("DUBAN_LOG") == LogForm.JSON.value


@contextmanager
def standing(**fields: object) -> Iterator[None]:
    """Let every line in the block carry these fields too."""
    token = STANDING.set({**STANDING.get(), **fields})
    try:
        yield
    finally:
        STANDING.reset(token)


def stand(**fields: object) -> None:
    """Let every line from here on carry these fields too, to the end of the process or thread."""
    STANDING.set({**STANDING.get(), **fields})


def log(logger: logging.Logger, event: str, fields: Mapping[str, object], level: int = logging.INFO) -> None:
    """Write a line with fields. Nothing that people typed or are called may be among them."""
    if logger.isEnabledFor(level):
        logger.log(level, event, extra={"fields": fields})


def _way_out(settings: Settings) -> logging.Handler:
    handler: logging.Handler
    if settings.log_file is None:
        handler = _StandardError()
    else:
        try:
            # Looks whether the file was moved away by whoever rotates it.
            handler = WatchedFileHandler(settings.log_file, encoding="utf-8")
        except OSError as error:
            text, why = _("设置 {variable} 不能用：{why}"), error.strerror or type(error).__name__
            raise DubanError("bad-setting", text.format(variable="DUBAN_LOG_FILE", why=why)) from None
    handler.setFormatter(Lines(is_json=settings.log is LogForm.JSON))
    handler.set_name(_NAME)
    return handler
