"""Keep the papers: more kinds of publications, bulletins in the making, cases, schemes of scoring and the marks people give.

`publication` is made anew on SQLite, which cannot alter its constraints; `migrations/env.py` keeps foreign keys off meanwhile and checks them after.
"""

import sqlalchemy as sa
from alembic import op

from models.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KINDS = ("bulletin", "agreement", "assignment", "urging", "reply", "conclusion", "scorecard")
_LATER_VERSIONS = "(version = 1) = (corrects_id IS NULL)"
_SIGNER = "signer IS NULL OR signed_on IS NOT NULL"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _alter_publication()
    else:
        _make_publication_anew()
    op.execute("UPDATE publication SET doc_no = year || '年第' || number || '期'")
    _make_bulletin_draft()
    _make_case()
    _make_scoring()


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _additions() -> list[sa.Column]:
    return [
        sa.Column("doc_no", sa.String(60), nullable=False, server_default=""),
        sa.Column("edits", sa.JSON(none_as_null=True), nullable=False, server_default="{}"),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("approver", sa.String(60), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(60), nullable=True),
    ]


def _alter_publication() -> None:
    op.drop_constraint(op.f("ck_publication_publication_kind"), "publication", type_="check")
    op.create_check_constraint(op.f("ck_publication_publication_kind"), "publication", _among("kind", _KINDS))
    op.alter_column("publication", "scope", type_=sa.String(200))
    for column in _additions():
        op.add_column("publication", column)
    op.create_foreign_key(op.f("fk_publication_corrects_id"), "publication", "publication", ["corrects_id"], ["id"])
    op.create_check_constraint(op.f("ck_publication_later_versions_correct"), "publication", _LATER_VERSIONS)
    op.create_check_constraint(op.f("ck_publication_signer_has_day"), "publication", _SIGNER)


def _make_publication_anew() -> None:
    kept = [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("publication_kind", *_KINDS), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("view", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("ledger_head", sa.String(64), nullable=False),
    ]
    op.create_table(
        "publication_anew",
        *kept,
        *_additions(),
        sa.CheckConstraint("version >= 1", name=op.f("ck_publication_version_counts_from_one")),
        sa.CheckConstraint(_LATER_VERSIONS, name=op.f("ck_publication_later_versions_correct")),
        sa.CheckConstraint(_SIGNER, name=op.f("ck_publication_signer_has_day")),
        sa.ForeignKeyConstraint(["corrects_id"], ["publication.id"], name=op.f("fk_publication_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("kind", "scope", "period", "version", name=op.f("uq_publication_kind_scope_period_version")),
        sa.UniqueConstraint("kind", "year", "number", name=op.f("uq_publication_kind_year_number")),
    )
    names = ", ".join(column.name for column in kept)
    op.execute(f"INSERT INTO publication_anew ({names}) SELECT {names} FROM publication")
    op.drop_table("publication")
    op.rename_table("publication_anew", "publication")


def _make_bulletin_draft() -> None:
    op.create_table(
        "bulletin_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("plan_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", _enum("draft_state", "draft", "approved", "published", "discarded"), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("drafter", sa.String(60), nullable=False),
        sa.Column("view", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("view_sha256", sa.String(64), nullable=False),
        sa.Column("edits", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approver", sa.String(60), nullable=True),
        sa.Column("approved_sha256", sa.String(64), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'approved' OR (approved_on IS NOT NULL AND approver IS NOT NULL)", name=op.f("ck_bulletin_draft_approved_by_somebody")
        ),
        sa.CheckConstraint("state <> 'published' OR publication_id IS NOT NULL", name=op.f("ck_bulletin_draft_published_as_something")),
        sa.ForeignKeyConstraint(["corrects_id"], ["publication.id"], name=op.f("fk_bulletin_draft_corrects_id")),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_bulletin_draft_publication_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_draft")),
    )
    is_open = sa.text("state IN ('draft', 'approved')")
    op.create_index(
        "uq_bulletin_draft_one_open", "bulletin_draft", ["scope", "period"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )


def _make_case() -> None:
    states = ("opened", "drafted", "approved", "served", "objected", "decided", "rectified", "verified", "dropped")
    op.create_table(
        "accountability_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("case_kind", "accountability", "praise"), nullable=False),
        sa.Column("state", _enum("case_state", *states), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(40), nullable=True),
        sa.Column("grounds", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=True),
        sa.Column("statement_on", sa.Date(), nullable=True),
        sa.Column("conclusion", sa.String(), nullable=True),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("competent_body", sa.String(), nullable=False),
        sa.Column("demand", sa.String(), nullable=False),
        sa.Column("demand_by", sa.Date(), nullable=True),
        sa.Column("drafted_on", sa.Date(), nullable=True),
        sa.Column("drafter", sa.String(60), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approver", sa.String(60), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("receiver", sa.String(60), nullable=True),
        sa.Column("objected_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("outcome", _enum("objection_outcome", "upheld", "changed"), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("rectified_on", sa.Date(), nullable=True),
        sa.Column("rectification", sa.String(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verification", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("length(basis) > 0", name=op.f("ck_accountability_case_basis_given")),
        sa.CheckConstraint(
            "state IN ('opened', 'dropped') OR (conclusion IS NOT NULL AND drafted_on IS NOT NULL)",
            name=op.f("ck_accountability_case_drafted_has_conclusion"),
        ),
        sa.CheckConstraint(
            "state IN ('opened', 'drafted', 'dropped') OR (approved_on IS NOT NULL AND approver IS NOT NULL)",
            name=op.f("ck_accountability_case_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "state IN ('opened', 'drafted', 'approved', 'dropped') OR served_on IS NOT NULL",
            name=op.f("ck_accountability_case_served_has_day"),
        ),
        sa.CheckConstraint(
            "state <> 'objected' OR (objected_on IS NOT NULL AND objection IS NOT NULL)",
            name=op.f("ck_accountability_case_objected_has_words"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR (objected_on IS NOT NULL AND decided_on IS NOT NULL)",
            name=op.f("ck_accountability_case_outcome_of_an_objection"),
        ),
        sa.CheckConstraint("state <> 'verified' OR verified_on IS NOT NULL", name=op.f("ck_accountability_case_verified_has_day")),
        sa.CheckConstraint("state <> 'dropped' OR reason IS NOT NULL", name=op.f("ck_accountability_case_dropped_has_reason")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_accountability_case_unit_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_accountability_case_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability_case")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_accountability_case_year_number")),
    )
    op.create_index("ix_accountability_case_unit_id", "accountability_case", ["unit_id"])
    op.create_table(
        "case_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["accountability_case.id"], name=op.f("fk_case_task_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_case_task_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_task")),
        sa.UniqueConstraint("case_id", "task_id", name=op.f("uq_case_task_case_id_task_id")),
    )
    op.create_index("ix_case_task_case_id", "case_task", ["case_id"])
    op.create_index("ix_case_task_task_id", "case_task", ["task_id"])


def _make_scoring() -> None:
    op.create_table(
        "scoring_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_scheme")),
        sa.UniqueConstraint("code", "first_year", name=op.f("uq_scoring_scheme_code_first_year")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_scoring_scheme_code_version")),
    )
    op.create_table(
        "manual_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("marked_on", sa.Date(), nullable=False),
        sa.Column("marker", sa.String(60), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_manual_mark_reason_given")),
        sa.ForeignKeyConstraint(["case_id"], ["accountability_case.id"], name=op.f("fk_manual_mark_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_manual_mark_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_mark")),
        sa.UniqueConstraint("scheme", "year", "unit_id", "item", "version", name=op.f("uq_manual_mark_scheme_year_unit_id_item_version")),
    )
    op.create_index("ix_manual_mark_unit_id", "manual_mark", ["unit_id"])
