"""0007: what Slack has sent, who is who there, which channel sees what."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_MOMENT = sa.DateTime(timezone=True)
_ID, _NAME, _SLACK = sa.String(36), sa.String(255), sa.String(64)


def upgrade() -> None:
    """Add the tables."""
    _create_inbox()
    op.create_table(
        "slack_threads",
        sa.Column("channel", _SLACK, nullable=False),
        sa.Column("thread", _SLACK, nullable=False),
        sa.Column("team", _SLACK, nullable=False),
        sa.Column("person", _NAME, nullable=True),
        sa.Column("stage", _NAME, nullable=True),
        sa.Column("turn", _ID, nullable=True),
        sa.Column("artifact", _ID, nullable=True),
        sa.Column("seen", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "thread", name="pk_slack_threads"),
    )
    op.create_table(
        "slack_posts",
        sa.Column("channel", _SLACK, nullable=False),
        sa.Column("ts", _SLACK, nullable=False),
        sa.Column("thread", _SLACK, nullable=False),
        sa.Column("inbox", _ID, nullable=True),
        sa.Column("artifact", _ID, nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("posted", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "ts", name="pk_slack_posts"),
    )
    op.create_index("ix_slack_posts_inbox", "slack_posts", ["inbox"])
    op.create_index("ix_slack_posts_artifact", "slack_posts", ["artifact"])
    op.create_table(
        "slack_channels",
        sa.Column("channel", _SLACK, nullable=False),
        sa.Column("group", _NAME, nullable=True),
        sa.Column("workspace", _NAME, nullable=True),
        sa.Column("changed", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_slack_channels"),
    )


def _create_inbox() -> None:
    op.create_table(
        "slack_inbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("team", _SLACK, nullable=False),
        sa.Column("event", _NAME, nullable=False),
        sa.Column("post", _NAME, nullable=True),
        sa.Column("lane", _NAME, nullable=False),
        sa.Column("position", _SLACK, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("person", _SLACK, nullable=False),
        sa.Column("channel", _SLACK, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("instance", _NAME, nullable=True),
        sa.Column("lease", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("artifact", _ID, nullable=True),
        sa.Column("received", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('held', 'waiting', 'working', 'done', 'failed')", name=op.f("ck_slack_inbox_state")),
        sa.PrimaryKeyConstraint("id", name="pk_slack_inbox"),
        sa.UniqueConstraint("team", "event", name="uq_slack_inbox_event"),
        sa.UniqueConstraint("team", "post", name="uq_slack_inbox_post"),
    )
    op.create_index("ix_slack_inbox_state", "slack_inbox", ["state", "received"])
    op.create_index("ix_slack_inbox_lane", "slack_inbox", ["lane", "position"])
    working = sa.text("state = 'working'")
    op.create_index(
        "uq_slack_inbox_working", "slack_inbox", ["lane"], unique=True, sqlite_where=working, postgresql_where=working
    )
