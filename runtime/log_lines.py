"""How a line of the log is written: one JSON object, or the same for people. What it may hold is decided here, since a log is read by more people than the house's data.

A line of our own holds its event's name and fields that are named in the program; whatever was formatted into it is left out, numbers apart. Lines of libraries
lose what may come from people. A fault is told by its kind and its place in the program, never by its message, which may quote what was typed.
"""

import json
import logging
import re
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from rules.errors import DubanError

# What every line of this request, command or run carries.
STANDING: ContextVar[Mapping[str, Any]] = ContextVar("standing", default={})  # noqa: B039  (never changed, only replaced)

_OWN = "duban"
_LEFT_OUT = "…"
_MOST_FRAMES = 40
_LONGEST = 400
# Whatever may be a name, an address, a number of a telephone or an account, a key, or a text: everything that is quoted, Chinese, or long and without a blank.
_PERSONAL = re.compile(
    r"""'[^'\n]*'|"[^"\n]*"|“[^”\n]*”|\S*@\S*|\b[a-z]+://\S+|[?&]\S+|\S*[^\x00-\x7f]\S*|\b\d{5,}\b|\b[A-Za-z0-9_\-]{24,}\b""", re.IGNORECASE
)


class Lines(logging.Formatter):
    """Writes records as lines of JSON, or for people."""

    def __init__(self, *, is_json: bool) -> None:
        super().__init__()
        self._is_json = is_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = line_of(record)
        return json.dumps(line, ensure_ascii=False, default=str) if self._is_json else _for_people(line)


def line_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a record says, without what it must not say."""
    line: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _event_of(record),
        **STANDING.get(),
        **getattr(record, "fields", {}),
    }
    if record.exc_info and record.exc_info[1]:
        line["fault"] = fault_of(record.exc_info[1])
    return line


def fault_of(error: BaseException) -> dict[str, Any]:
    """Return a fault's kind, its code where it has one, and the places in the program that led to it, the last one first; its causes likewise."""
    told: dict[str, Any] = {"kind": _kind_of(error)}
    for name in ("code", "sqlstate", "errno", "sqlite_errorname"):
        value = getattr(getattr(error, "orig", None) or error, name, None)
        if isinstance(value, int) or (isinstance(value, str) and value.isascii() and len(value) <= 40):
            told[name] = value
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    told["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and not isinstance(error, DubanError):
        told["cause"] = fault_of(cause)
    return told


def scrubbed(text: str) -> str:
    """Return a library's text without what may come from people."""
    return _PERSONAL.sub(_LEFT_OUT, text[:_LONGEST])


def _event_of(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] != _OWN:
        return scrubbed(record.getMessage())
    if not isinstance(record.args, tuple) or not record.args:
        return str(record.msg)
    return str(record.msg) % tuple(arg if isinstance(arg, int | float) else _LEFT_OUT for arg in record.args)


def _kind_of(error: BaseException) -> str:
    kind, orig = type(error), getattr(error, "orig", None)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"{name} ({type(orig).__qualname__})" if orig is not None else name


def _for_people(line: Mapping[str, Any]) -> str:
    head = f"{line['time']} {line['level'].upper():<7} {line['logger']}: {line['event']}"
    own = ("time", "level", "logger", "event", "fault")
    said = " ".join(f"{name}={value}" for name, value in line.items() if name not in own)
    return "\n".join([f"{head} {said}".rstrip(), *_fault_lines(line.get("fault"))])


def _fault_lines(fault: Mapping[str, Any] | None) -> list[str]:
    if fault is None:
        return []
    codes = " ".join(f"{name}={value}" for name, value in fault.items() if name not in ("kind", "at", "cause"))
    return [f"  {fault['kind']} {codes}".rstrip(), *(f"    {place}" for place in fault["at"]), *_fault_lines(fault.get("cause"))]
