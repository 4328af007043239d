"""The tables of the Slack door: what Slack has sent, where the assistant takes part, what it posted, what a channel may see.

Ids of Slack stay text as Slack writes them. A payload is kept only until it is answered; what stays is the proof that it was.
"""

import sqlalchemy as sa

from records.columns import Json, Moment
from records.database import metadata
from records.tables import Id, Name

SlackId = sa.String(64)
INBOX_STATES = ("held", "waiting", "working", "done", "failed")

slack_inbox = sa.Table(
    "slack_inbox",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("team", SlackId, nullable=False),
    sa.Column("event", Name, nullable=False),
    # The message that it is about: an app_mention and the message event of one post are one.
    sa.Column("post", Name),
    # What must be answered one after the other: a thread, or one press of a button.
    sa.Column("lane", Name, nullable=False),
    # Slack's timestamp as text: of fixed width, thus in order of time.
    sa.Column("position", SlackId, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("person", SlackId, nullable=False),
    sa.Column("channel", SlackId, nullable=False),
    sa.Column("payload", Json),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("instance", Name),
    sa.Column("lease", Moment),
    sa.Column("attempts", sa.Integer, nullable=False),
    # How far the answer came: the artifact that was recorded for it.
    sa.Column("artifact", Id),
    sa.Column("received", Moment, nullable=False),
    sa.Column("ended", Moment),
    sa.CheckConstraint("state IN ('held', 'waiting', 'working', 'done', 'failed')", name="state"),
    sa.UniqueConstraint("team", "event", name="uq_slack_inbox_event"),
    sa.UniqueConstraint("team", "post", name="uq_slack_inbox_post"),
    sa.Index("ix_slack_inbox_state", "state", "received"),
    sa.Index("ix_slack_inbox_lane", "lane", "position"),
    # Two replicas can never work in the same lane.
    sa.Index(
        "uq_slack_inbox_working",
        "lane",
        unique=True,
        sqlite_where=sa.text("state = 'working'"),
        postgresql_where=sa.text("state = 'working'"),
    ),
)

slack_threads = sa.Table(
    "slack_threads",
    metadata,
    sa.Column("channel", SlackId, primary_key=True),
    sa.Column("thread", SlackId, primary_key=True),
    sa.Column("team", SlackId, nullable=False),
    # What was answered last, and to whom: a brief without a stage goes on from there.
    sa.Column("person", Name),
    sa.Column("stage", Name),
    sa.Column("turn", Id),
    sa.Column("artifact", Id),
    sa.Column("seen", Moment, nullable=False),
)

slack_posts = sa.Table(
    "slack_posts",
    metadata,
    sa.Column("channel", SlackId, primary_key=True),
    sa.Column("ts", SlackId, primary_key=True),
    sa.Column("thread", SlackId, nullable=False),
    sa.Column("inbox", Id, index=True),
    sa.Column("artifact", Id, index=True),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("posted", Moment, nullable=False),
)

slack_channels = sa.Table(
    "slack_channels",
    metadata,
    sa.Column("channel", SlackId, primary_key=True),
    sa.Column("group", Name),
    sa.Column("workspace", Name),
    sa.Column("changed", Moment, nullable=False),
)
