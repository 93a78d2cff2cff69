"""Let people in: log-ins, attempts, invitations and tokens, the administrators' three roles, plans read in the browser, requests done once.

`account` is made anew on SQLite, which cannot alter its constraints; `migrations/env.py` keeps foreign keys off meanwhile and checks them after.
"""

import sqlalchemy as sa
from alembic import op

from models.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ROLES = ("administrator", "security_administrator", "audit_administrator", "plan_office", "supervisor", "unit", "system")
_STATES = ("waiting", "active", "locked")
_KEPT = ("id", "name", "role", "unit_id", "password_hash", "must_change_password", "state", "created_at", "channel", "address", "language")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter_account()
    else:
        _make_account_anew()
    _make_log_ins()
    _make_invitations_and_tokens()
    _make_done_once()
    _make_draft_document()
    _keep_replies_to_notices()


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def _additions() -> list[sa.Column]:
    return [
        sa.Column("password_set_on", sa.Date(), nullable=True),
        sa.Column("totp_secret", sa.String(64), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("needs_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def _alter_account() -> None:
    for name, column, values in (("account_role", "role", _ROLES), ("account_state", "state", _STATES)):
        op.drop_constraint(op.f(f"ck_account_{name}"), "account", type_="check")
        among = ", ".join(repr(value) for value in values)
        op.create_check_constraint(op.f(f"ck_account_{name}"), "account", f"{column} IN ({among})")
    for column in _additions():
        op.add_column("account", column)


def _make_account_anew() -> None:
    op.create_table(
        "account_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("role", _enum("account_role", *_ROLES), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("state", _enum("account_state", *_STATES), nullable=False),
        _instant("created_at"),
        sa.Column("channel", sa.String(40), nullable=False, server_default="mail"),
        sa.Column("address", sa.String(254), nullable=True),
        sa.Column("language", sa.String(2), nullable=False, server_default="zh"),
        *_additions(),
        sa.CheckConstraint("role <> 'system' OR password_hash IS NULL", name=op.f("ck_account_system_has_no_password")),
        sa.CheckConstraint("role <> 'unit' OR unit_id IS NOT NULL", name=op.f("ck_account_unit_account_has_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    names = ", ".join(_KEPT)
    op.execute(f"INSERT INTO account_anew ({names}) SELECT {names} FROM account")
    op.drop_table("account")
    op.rename_table("account_anew", "account")
    op.create_index("ix_account_unit_id", "account", ["unit_id"])


def _account_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id"))


def _make_log_ins() -> None:
    op.create_table(
        "log_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("form_token", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("has_second_factor", sa.Boolean(), nullable=False),
        _instant("started_at"),
        _instant("seen_at"),
        _instant("ended_at", nullable=True),
        _account_key("log_in"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_log_in_token_hash")),
    )
    op.create_index("ix_log_in_account_id", "log_in", ["account_id"])
    op.create_table(
        "log_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        _instant("at"),
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("is_success", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_in_attempt")),
    )
    op.create_index("ix_log_in_attempt_name_hash_at", "log_in_attempt", ["name_hash", "at"])
    op.create_index("ix_log_in_attempt_address_at", "log_in_attempt", ["address", "at"])
    op.create_table(
        "old_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        _instant("set_at"),
        _account_key("old_password"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_password")),
    )
    op.create_index("ix_old_password_account_id", "old_password", ["account_id"])


def _make_invitations_and_tokens() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String(60), nullable=False),
        _instant("made_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        _instant("ended_at", nullable=True),
        _account_key("invitation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("scope", _enum("token_scope", "read", "write"), nullable=False),
        _instant("made_at"),
        _instant("expires_at"),
        _instant("seen_at", nullable=True),
        _instant("ended_at", nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_api_token_lives_a_while")),
        _account_key("api_token"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index("ix_api_token_account_id", "api_token", ["account_id"])


def _make_done_once() -> None:
    op.create_table(
        "done_once",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=False),
        _instant("done_at"),
        _account_key("done_once"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_done_once")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_done_once_account_id_key")),
    )


def _make_draft_document() -> None:
    op.create_table(
        "draft_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("base_year", sa.Integer(), nullable=True),
        sa.Column("state", _enum("draft_document_state", "open", "issued", "discarded"), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _instant("made_at"),
        _instant("changed_at"),
        sa.Column("as_read", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("waivers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("corrections", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_draft_document_revision_counts_from_nought")),
        sa.CheckConstraint("(state = 'issued') = (plan_id IS NOT NULL)", name=op.f("ck_draft_document_issued_as_a_plan")),
        _account_key("draft_document"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_draft_document_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_document")),
    )


def _keep_replies_to_notices() -> None:
    op.add_column("notice", sa.Column("reply", sa.String(), nullable=True))
    op.add_column("notice", sa.Column("replied_on", sa.Date(), nullable=True))
