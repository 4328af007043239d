"""0004: who people are: the directory, their passwords, and their sessions."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the tables."""
