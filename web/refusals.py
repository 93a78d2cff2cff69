"""A refusal on a page: its sentence without the command line's words, and the status it is answered with."""

from dataclasses import dataclass

from rules.errors import DubanError
from rules.texts import _

_FORBIDDEN = frozenset(
    {"no-right", "not-your-task", "not-your-area", "own-submission", "lead-reports", "own-request", "account-locked", "foreign-form"}
)
# What an address names; a name typed into a form that nobody knows is a mistake in the form.
_NOT_FOUND = frozenset(
    f"unknown-{noun}"
    for noun in ("task", "plan", "request", "notice", "case", "paper", "bulletin", "draft", "document", "evidence", "invitation", "page")
)
_CONFLICTS = frozenset({"changed-meanwhile", "key-reused", "past-date", "database-busy", "wrong-state", "case-open"})


@dataclass(frozen=True)
class Refusal:
    """What is told: the code, which never changes, and the sentence for people."""

    code: str
    text: str


def refusal_of(error: DubanError) -> Refusal:
    """Return what a page says of an error: services word some for the command line, which a page knows nothing of."""
    worded = _web_texts().get(error.code)
    return Refusal(error.code, worded or error.message)


def status_of(error: DubanError) -> int:
    """Return the status of an error: 404 for what does not exist or may not be seen, 403 rights, 409 what others did meanwhile, else 422."""
    if error.code in _NOT_FOUND:
        return 404
    if error.code in _FORBIDDEN:
        return 403
    if error.code in ("database-busy", "database-full"):
        return 503
    return 409 if error.code in _CONFLICTS else 422


def _web_texts() -> dict[str, str]:
    return {
        "unknown-task": _("没有这项任务，或者它不归您查看。"),
        "unknown-plan": _("没有这份计划，或者它不归您查看。"),
    }
