"""0005: the history of the chat: threads, steps, elements, feedback."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables."""
