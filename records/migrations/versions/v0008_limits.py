"""0008: limits that replicas share."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "limits",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("filled", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_limits"),
    )
    op.create_index("ix_limits_filled", "limits", ["filled"])
    op.create_table(
        "leases",
        sa.Column("pool", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("expires", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("pool", "number", name="pk_leases"),
    )
