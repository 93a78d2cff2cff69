"""The tables. Importing this package registers all of them with SQLModel's metadata."""

from models import account, ledger, notice, plan, progress, publication, task, unit

__all__ = ["account", "ledger", "notice", "plan", "progress", "publication", "task", "unit"]
