"""Say who is reached and how: channels, deputies, papers about a matter, the ladder's notices, rules and holidays as data, secret calendar addresses.

Tables whose constraints change are made anew on SQLite, which cannot alter them; `migrations/env.py` keeps foreign keys off meanwhile and checks them after.
"""

import sqlalchemy as sa
from alembic import op

from models.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATES = ("pending", "claimed", "handing_over", "sent", "uncertain", "failed", "bounced")
_KINDS = ("plan", "document", "minutes", "instruction", "proposal")
_DUTIES = ("handler", "liaison", "office", "leader", "head")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter()
    else:
        _make_anew()
    # What was urged the day after is now the first of several steps.
    op.execute("UPDATE reminder SET rule = 'overdue-1' WHERE rule = 'overdue'")
    # What was sent before was entered at once.
    op.execute("UPDATE message SET is_entered = (state = 'sent')")
    op.execute("ALTER TABLE account ADD COLUMN channel VARCHAR(40) DEFAULT 'mail' NOT NULL")
    op.execute("ALTER TABLE account ADD COLUMN address VARCHAR(254)")
    op.execute("ALTER TABLE account ADD COLUMN language VARCHAR(2) DEFAULT 'zh' NOT NULL")
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    op.execute(
        "ALTER TABLE plan ADD COLUMN source_kind VARCHAR(24) DEFAULT 'plan' NOT NULL"
        f" CONSTRAINT ck_plan_source_kind CHECK (source_kind IN ({kinds}))"
    )
    op.create_index("ix_delivery_started_at", "delivery", ["started_at"])
    op.execute("ALTER TABLE delivery ADD COLUMN parts INTEGER DEFAULT 1 NOT NULL")
    unentered = {"sqlite_where": sa.text("is_entered = 0"), "postgresql_where": sa.text("NOT is_entered")}
    op.create_index("ix_message_unentered", "message", ["state"], **unentered)
    # No notice was ever written by an earlier version.
    op.drop_table("notice")
    _make_new_tables()


def _alter() -> None:
    op.drop_constraint(op.f("uq_message_recipient_channel_day"), "message", type_="unique")
    op.drop_constraint(op.f("ck_message_message_state"), "message", type_="check")
    op.alter_column("message", "unit_id", nullable=True)
    op.alter_column("message", "channel", type_=sa.String(40))
    for column in _message_additions():
        op.add_column("message", column)
    op.create_check_constraint(op.f("ck_message_message_state"), "message", _among("state", _STATES))
    op.create_unique_constraint(op.f("uq_message_recipient_channel_day_about"), "message", ["recipient", "channel", "day", "about"])
    op.create_unique_constraint(op.f("uq_message_instead_of_id"), "message", ["instead_of_id"])
    op.create_foreign_key(op.f("fk_message_instead_of_id"), "message", "message", ["instead_of_id"], ["id"])
    op.alter_column("reminder", "channel", type_=sa.String(40))
    op.drop_constraint(op.f("uq_contact_unit_id_address"), "contact", type_="unique")
    for column in _contact_additions():
        op.add_column("contact", column)
    op.create_unique_constraint(op.f("uq_contact_unit_id_channel_address"), "contact", ["unit_id", "channel", "address"])
    op.create_check_constraint(op.f("ck_contact_mail_has_address"), "contact", _MAIL_HAS_ADDRESS)
    op.create_check_constraint(op.f("ck_contact_fallback_whole"), "contact", _FALLBACK_WHOLE)
    op.drop_constraint(op.f("uq_rule_set_version_effective_on"), "rule_set_version", type_="unique")
    op.add_column("rule_set_version", sa.Column("scope", sa.String(24), nullable=False, server_default="house"))
    op.create_unique_constraint(op.f("uq_rule_set_version_scope_effective_on"), "rule_set_version", ["scope", "effective_on"])


_MAIL_HAS_ADDRESS = "channel <> 'mail' OR length(address) > 0"
_FALLBACK_WHOLE = "fallback_channel IS NOT NULL OR fallback_address IS NULL"


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _message_additions() -> list[sa.Column]:
    return [
        sa.Column("about", sa.String(24), nullable=False, server_default=""),
        sa.Column("bounced_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("instead_of_id", sa.Integer(), nullable=True),
        sa.Column("is_entered", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def _contact_additions() -> list[sa.Column]:
    return [
        sa.Column("channel", sa.String(40), nullable=False, server_default="mail"),
        sa.Column("fallback_channel", sa.String(40), nullable=True),
        sa.Column("fallback_address", sa.String(254), nullable=True),
    ]


def _make_anew() -> None:
    _replace(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(120), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, name="message_state", native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column("owner", sa.String(120), nullable=True),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        *_message_additions(),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_message_attempts_not_negative")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_message_unit_id")),
        sa.ForeignKeyConstraint(["instead_of_id"], ["message.id"], name=op.f("fk_message_instead_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
        sa.UniqueConstraint("instead_of_id", name=op.f("uq_message_instead_of_id")),
        sa.UniqueConstraint("recipient", "channel", "day", "about", name=op.f("uq_message_recipient_channel_day_about")),
        added=_message_additions(),
    )
    op.create_index("ix_message_state", "message", ["state"])
    op.create_index("ix_message_unit_id", "message", ["unit_id"])
    _replace(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("duty", sa.Enum(*_DUTIES, name="contact_duty", native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        *_contact_additions(),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_contact_language_known")),
        sa.CheckConstraint(_MAIL_HAS_ADDRESS, name=op.f("ck_contact_mail_has_address")),
        sa.CheckConstraint(_FALLBACK_WHOLE, name=op.f("ck_contact_fallback_whole")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contact_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("unit_id", "channel", "address", name=op.f("uq_contact_unit_id_channel_address")),
        added=_contact_additions(),
    )
    op.create_index("ix_contact_unit_id", "contact", ["unit_id"])
    scope = sa.Column("scope", sa.String(24), nullable=False, server_default="house")
    _replace(
        "rule_set_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        scope,
        sa.CheckConstraint("effective_on >= adopted_on", name=op.f("ck_rule_set_version_never_backwards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set_version")),
        sa.UniqueConstraint("version", name=op.f("uq_rule_set_version_version")),
        sa.UniqueConstraint("scope", "effective_on", name=op.f("uq_rule_set_version_scope_effective_on")),
        added=[scope],
    )


def _replace(name: str, *definition: sa.schema.SchemaItem, added: list[sa.Column]) -> None:
    """Make the table anew and carry its rows over; what is `added` takes its default."""
    new = {column.name for column in added}
    kept = ", ".join(str(part.name) for part in definition if isinstance(part, sa.Column) and part.name not in new)
    op.create_table(f"{name}_anew", *definition)
    op.execute(f"INSERT INTO {name}_anew ({kept}) SELECT {kept} FROM {name}")
    op.drop_table(name)
    op.rename_table(f"{name}_anew", name)


def _make_new_tables() -> None:
    op.create_table(
        "message_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_message_file_not_empty")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_file_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_file")),
        sa.UniqueConstraint("message_id", "name", name=op.f("uq_message_file_message_id_name")),
    )
    op.create_index("ix_message_file_message_id", "message_file", ["message_id"])
    _make_notice()
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("day", name=op.f("uq_calendar_day_day")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_absence_in_order")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_absence_contact_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["contact.id"], name=op.f("fk_absence_deputy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_contact_id", "absence", ["contact_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_calendar_feed_unit_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_calendar_feed_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_calendar_feed_secret_sha256")),
    )
    op.create_index("ix_calendar_feed_unit_id", "calendar_feed", ["unit_id"])


def _make_notice() -> None:
    levels = sa.Enum("blue", "orange", "red", "accountability", name="notice_level", native_enum=False, create_constraint=True, length=24)
    states = sa.Enum("prepared", "issued", "received", "set_aside", name="notice_state", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("level", levels, nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("matter", sa.String(24), nullable=False),
        sa.Column("grounds", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("doc_no", sa.String(60), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("limit_on", sa.Date(), nullable=True),
        sa.Column("demand", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("receiver", sa.String(60), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('prepared', 'set_aside') OR (number IS NOT NULL AND issued_on IS NOT NULL)", name=op.f("ck_notice_issued_has_number")
        ),
        sa.CheckConstraint("state <> 'set_aside' OR reason IS NOT NULL", name=op.f("ck_notice_set_aside_has_reason")),
        sa.CheckConstraint("state <> 'received' OR received_on IS NOT NULL", name=op.f("ck_notice_received_has_day")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_notice_task_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("task_id", "unit_id", "level", "due_on", "matter", name=op.f("uq_notice_task_id_unit_id_level_due_on_matter")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_notice_year_number")),
    )
    op.create_index("ix_notice_task_id", "notice", ["task_id"])
    op.create_index("ix_notice_unit_id", "notice", ["unit_id"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
