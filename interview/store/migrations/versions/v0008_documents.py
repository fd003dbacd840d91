"""The documents of parameters and policies, and which of them an interview was made with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_document")),
    )
    # In place, both ways: to rebuild the table under SQLite would cascade into everything that refers to it.
    for name in ("parameters_digest", "policy_digest"):
        op.add_column("interview", sa.Column(name, sa.String(length=64), nullable=True))


def downgrade() -> None:
    for name in ("policy_digest", "parameters_digest"):
        op.drop_column("interview", name)
    op.drop_table("document")
