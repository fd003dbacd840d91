"""What interviews turned out to be, as the bank confirmed it. A correction is a further row; the earlier one stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER confirmed_outcome_no_update BEFORE UPDATE ON confirmed_outcome
BEGIN SELECT RAISE(ABORT, 'a confirmed outcome is corrected by a further one'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION confirmed_outcome_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a confirmed outcome is corrected by a further one'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER confirmed_outcome_kept BEFORE UPDATE ON confirmed_outcome
FOR EACH STATEMENT EXECUTE FUNCTION confirmed_outcome_is_kept()
"""


def upgrade() -> None:
    op.create_table(
        "confirmed_outcome",
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fraud", sa.Boolean(), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("fraud OR family = ''", name=op.f("ck_confirmed_outcome_family_of_a_fraud")),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_confirmed_outcome_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["account.id"], name=op.f("fk_confirmed_outcome_imported_by")
        ),
        sa.PrimaryKeyConstraint("interview_id", "number", name=op.f("pk_confirmed_outcome")),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(_POSTGRESQL_FUNCTION)
        op.execute(_POSTGRESQL)
    else:
        op.execute(_SQLITE)


def downgrade() -> None:
    op.drop_table("confirmed_outcome")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION confirmed_outcome_is_kept")
