"""Read what is needed: indexes that answer the questions of pages and reports without reading whole tables, and the kept counts of each unit's tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


_COUNTED = ("assigned", "in_progress", "submitted", "suspended", "completed", "closed")
_STATES = ("draft", "assigned", "in_progress", "submitted", "completed", "closed", "suspended", "cancelled")


def upgrade() -> None:
    """Add the indexes, and count what is there; no row of before changes."""
    _make_unit_count()
    _tell_heads_their_last_day()
    _index_figures()
    _index_pages()


def _make_unit_count() -> None:
    op.create_table(
        "unit_count",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, name="task_state", native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("task_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_count_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "state", "due_on", name=op.f("pk_unit_count")),
        sqlite_with_rowid=False,
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    year = "substr(t.due_on, 1, 4) || '-01-01'" if is_sqlite else "CAST(date_trunc('year', t.due_on) AS date)"
    op.execute(
        "INSERT INTO unit_count (unit_id, state, due_on, task_count) "
        f"SELECT a.unit_id, t.state, CASE WHEN t.state IN ('completed', 'closed') THEN {year} ELSE t.due_on END, count(*) "
        "FROM task t JOIN plan p ON p.id = t.plan_id JOIN assignment a ON a.task_id = t.id AND a.role = 'lead' "
        f"WHERE p.state = 'in_force' AND t.state IN {_COUNTED} GROUP BY 1, 2, 3"
    )


def _tell_heads_their_last_day() -> None:
    """Give each chain's head the last day of an act whose rows keep to the order of days: in the house's chain one that altered a row, else one that wrote any."""
    op.add_column("ledger_head", sa.Column("ordered_on", sa.Date(), nullable=True))
    head = sa.table("ledger_head", sa.column("chain"), sa.column("ordered_on", sa.Date()))
    entry = sa.table("ledger_entry", sa.column("chain"), sa.column("acted_on", sa.Date()), sa.column("changes", sa.JSON()))
    last = sa.select(sa.func.max(entry.c.acted_on)).where(entry.c.chain == head.c.chain, entry.c.changes.is_not(sa.null()))
    op.execute(sa.update(head).where(head.c.chain != "house").values(ordered_on=last.scalar_subquery()))
    written = sa.select(entry.c.acted_on, entry.c.changes).where(entry.c.chain == "house", entry.c.changes.is_not(sa.null()))
    rows = op.get_bind().execute(written)
    altered = max((day for day, changes in rows if any(change["before"] is not None for change in changes)), default=None)
    op.execute(sa.update(head).where(head.c.chain == "house").values(ordered_on=altered))


def _index_figures() -> None:
    """Let a day's figures be counted from indexes: how far each task had come, its last reports, and what was altered since."""
    standing = ("issue", "acknowledge", "submit", "return", "complete", "reopen", "suspend", "resume", "cancel", "reassign")
    _index_where("ix_ledger_entry_standing", "ledger_entry", ["task_id", "seq", "act", "for_day", "acted_on"], f"act IN {standing}")
    harmless = (
        *("inventory", "issue-plan", "issue", "acknowledge", "report", "submit", "return", "complete", "close", "reopen", "suspend"),
        *("resume", "cancel", "accept-report"),
    )
    altering = f"changes IS NOT NULL AND act NOT IN {harmless}"
    _index_where("ix_ledger_entry_altering", "ledger_entry", ["acted_on"], altering)
    op.create_index(
        "ix_progress_report_task_id_period_ends_on", "progress_report", ["task_id", "period_ends_on", "revision", "filed_on"], unique=False
    )
    _index_where("ix_progress_report_returned", "progress_report", ["task_id"], "state = 'returned'")
    intricate = "indicator_id IS NOT NULL OR comparator = 'exceeds-series' OR substr(scope, 1, 1) IN ('每', '各')"
    _index_where("ix_target_intricate", "target", ["task_id", "basis"], f"{intricate} OR (basis = 'cumulative' AND baseline IS NULL)")
    # The quarter's index begins with it.
    op.drop_index("ix_progress_report_task_id", "progress_report")


def _index_pages() -> None:
    """Let pages find what they show by its task, unit or day."""
    passed_over = ("inventory", "acknowledge", "report", "submit", "return", "complete", "close", "reopen", "suspend", "resume", "cancel")
    wrote_rows = f"changes IS NOT NULL AND act NOT IN {passed_over}"
    _index_where("ix_ledger_entry_wrote_rows", "ledger_entry", ["chain", "acted_on"], wrote_rows)
    for table, column in (("task", "parent_id"), ("target", "item_id")):
        op.drop_index(f"ix_{table}_{column}", table)
        _index_where(f"ix_{table}_{column}", table, [column], f"{column} IS NOT NULL")
    op.create_index("ix_task_due_on", "task", ["due_on"], unique=False)
    op.create_index("ix_message_about_day", "message", ["about", "day"], unique=False)
    op.create_index("ix_notice_state", "notice", ["state"], unique=False)
    op.create_index("ix_request_state", "request", ["state"], unique=False)
    op.create_index("ix_reminder_recipient", "reminder", ["recipient"], unique=False)


def _index_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise NotImplementedError
