"""0007: what Slack has sent, who is who there, which channel sees what."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables."""
