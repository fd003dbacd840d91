"""References in versions, which can be taken from an earlier interview and revoked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_REVOKED = (
    "(revoked_at IS NULL AND revoked_by IS NULL AND revoked_why IS NULL)"
    " OR (revoked_at IS NOT NULL AND revoked_by IS NOT NULL AND revoked_why IS NOT NULL)"
)


def upgrade() -> None:
    with op.batch_alter_table("reference") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("taken_from", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("revoked_by", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("revoked_why", sa.Text(), nullable=True))
    op.execute(
        "UPDATE reference SET made_at = (SELECT created_at FROM interview WHERE interview.id = reference.interview_id)"
    )
    with op.batch_alter_table("reference") as table:
        table.alter_column("made_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.alter_column("version", existing_type=sa.Integer(), server_default=None)
        table.drop_constraint("pk_reference", type_="primary")
        table.create_primary_key("pk_reference", ["interview_id", "modality", "version"])
        table.create_foreign_key("fk_reference_revoked_by", "account", ["revoked_by"], ["id"])
        table.create_check_constraint(op.f("ck_reference_revoked_by_a_person"), _REVOKED)


def downgrade() -> None:
    op.execute(
        "DELETE FROM reference WHERE version < (SELECT MAX(other.version) FROM reference AS other"
        " WHERE other.interview_id = reference.interview_id AND other.modality = reference.modality)"
    )
    with op.batch_alter_table("reference") as table:
        table.drop_constraint(op.f("ck_reference_revoked_by_a_person"), type_="check")
        table.drop_constraint("fk_reference_revoked_by", type_="foreignkey")
        table.drop_constraint("pk_reference", type_="primary")
        table.create_primary_key("pk_reference", ["interview_id", "modality"])
        for column in ("version", "made_at", "taken_from", "revoked_at", "revoked_by", "revoked_why"):
            table.drop_column(column)
