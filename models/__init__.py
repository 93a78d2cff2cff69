"""The tables. Importing this package registers all of them with SQLModel's metadata."""

from models import account, form, indicator, ledger, notice, plan, progress, publication, request, roster, rule_set, task, unit

__all__ = [
    "account",
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
    "task",
    "unit",
]
