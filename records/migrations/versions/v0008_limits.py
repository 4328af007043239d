"""0008: limits that replicas share."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables."""
