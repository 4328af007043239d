"""0006: personal keys of the doors for tools."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the tables."""
