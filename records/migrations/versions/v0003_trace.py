"""0003: what ties artifacts together: under which id an item knows what it rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column of the links."""
    op.add_column("artifact_links", sa.Column("known_as", sa.Text(), nullable=True))
