"""The tables. Importing this package registers all of them with SQLModel's metadata."""

from models import (
    account,
    case,
    form,
    indicator,
    ledger,
    notice,
    plan,
    progress,
    publication,
    request,
    roster,
    rule_set,
    scorecard,
    task,
    unit,
)

__all__ = [
    "account",
    "case",
    "form",
    "indicator",
    "ledger",
    "notice",
    "plan",
    "progress",
    "publication",
    "request",
    "roster",
    "rule_set",
    "scorecard",
    "task",
    "unit",
]
