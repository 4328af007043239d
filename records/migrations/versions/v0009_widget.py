"""0009: what a portal has handed in already, so that nothing is taken twice."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables."""
