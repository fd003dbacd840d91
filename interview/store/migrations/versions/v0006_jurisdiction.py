"""Where an interview takes place: what may be analysed there stays as it was when the interview was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place, both ways: to rebuild the table under SQLite would cascade into everything that refers to it.
    op.add_column(
        "interview", sa.Column("jurisdiction", sa.String(length=20), nullable=False, server_default="default")
    )


def downgrade() -> None:
    op.drop_column("interview", "jurisdiction")
