"""The tables of what happened: workspaces with their artifacts and versions, turns, adoptions, proposals.

People are ids as text for now: who they are is known to the channel that signed them in.
"""

import sqlalchemy as sa

from records.columns import Json, Moment, Prose
from records.database import metadata

# UUID4 as text: made by the program, so that an id is known before its row is committed.
Id = sa.String(36)
Name = sa.String(255)

OUTCOMES = ("answering", "answered", "questions", "failed", "interrupted", "cancelled")
STATUSES = ("draft", "reviewed", "approved", "rejected")
ADOPTIONS = ("accepted", "edited", "rejected")
PROPOSALS = ("change", "add", "remove")
DECISIONS = ("open", "accepted", "discarded", "replaced")


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """Return the constraint, called after its column, that the column holds one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", Name, nullable=False),
    sa.Column("owner", Name, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.UniqueConstraint("owner", "name"),
)

artifacts = sa.Table(
    "artifacts",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("workspace", Id, sa.ForeignKey("workspaces.id"), nullable=False),
    sa.Column("stage", Name, nullable=False),
    sa.Column("title", Prose, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("current", sa.Integer, nullable=False),
    sa.Column("author", Name, nullable=False),
    sa.Column("created", Moment, nullable=False),
    _one_of("status", STATUSES),
    sa.Index(None, "workspace", "stage"),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("workspace", Id, sa.ForeignKey("workspaces.id"), nullable=False),
    sa.Column("artifact", Id, sa.ForeignKey("artifacts.id"), index=True),
    sa.Column("stage", Name, nullable=False),
    sa.Column("phase", Name, nullable=False),
    sa.Column("asker", Name, nullable=False),
    sa.Column("channel", Name, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("brief", Prose, nullable=False),
    sa.Column("prompt_hash", sa.String(64), nullable=False),
    sa.Column("model", Prose, nullable=False),
    sa.Column("instance", Name, nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False, index=True),
    sa.Column("draft", Prose, nullable=False),
    sa.Column("passages", Json, nullable=False),
    sa.Column("steps", Json, nullable=False),
    sa.Column("findings", Json, nullable=False),
    sa.Column("mends", Json, nullable=False),
    sa.Column("prompt", Json, nullable=False),
    sa.Column("tokens", Json, nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("failure_id", Name),
    sa.Column("failure", Prose),
    sa.Column("started", Moment, nullable=False),
    sa.Column("ended", Moment),
    # What it rests on and what is written so far: a turn that was cut off goes on from these.
    sa.Column("upstream", Json),
    sa.Column("written", Json),
    _one_of("outcome", OUTCOMES),
    sa.Index(None, "workspace", "started"),
)

artifact_versions = sa.Table(
    "artifact_versions",
    metadata,
    sa.Column("artifact", Id, sa.ForeignKey("artifacts.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("body", Json, nullable=False),
    sa.Column("sources", Json, nullable=False),
    sa.Column("findings", Json, nullable=False),
    sa.Column("mends", Json, nullable=False),
    sa.Column("author", Name, nullable=False),
    sa.Column("reason", Prose, nullable=False),
    sa.Column("turn", Id, sa.ForeignKey("turns.id"), index=True),
    sa.Column("created", Moment, nullable=False),
)

# An item is one story, criterion or endpoint inside a body, by the id that it carries there; none means the whole artifact.
artifact_links = sa.Table(
    "artifact_links",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("artifact", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("item", Prose),
    sa.Column("upstream_artifact", Id, nullable=False),
    sa.Column("upstream_version", sa.Integer, nullable=False),
    sa.Column("upstream_item", Prose),
    sa.Column("known_as", Prose),
    sa.ForeignKeyConstraint(["artifact", "version"], ["artifact_versions.artifact", "artifact_versions.number"]),
    sa.ForeignKeyConstraint(
        ["upstream_artifact", "upstream_version"], ["artifact_versions.artifact", "artifact_versions.number"]
    ),
    sa.Index(None, "artifact", "version"),
    sa.Index(None, "upstream_artifact", "upstream_version"),
)

adoptions = sa.Table(
    "adoptions",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("artifact", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("item", Prose),
    sa.Column("turn", Id, sa.ForeignKey("turns.id"), index=True),
    sa.Column("person", Name, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("before", Prose, nullable=False),
    sa.Column("after", Prose, nullable=False),
    sa.Column("reason", Prose, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.ForeignKeyConstraint(["artifact", "version"], ["artifact_versions.artifact", "artifact_versions.number"]),
    _one_of("kind", ADOPTIONS),
    sa.Index(None, "artifact", "version"),
)

# What would change one item of a version, until somebody decides; `links` and `sources` are those that the proposal was made of.
proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("artifact", Id, nullable=False),
    sa.Column("based_on", sa.Integer, nullable=False),
    sa.Column("item", Prose, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("links", Json, nullable=False),
    sa.Column("sources", Json, nullable=False),
    sa.Column("findings", Json, nullable=False),
    sa.Column("reason", Json, nullable=False),
    sa.Column("remark", Prose, nullable=False),
    sa.Column("turn", Id, sa.ForeignKey("turns.id"), index=True),
    sa.Column("created", Moment, nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("decided", Moment),
    sa.Column("decided_by", Name),
    sa.ForeignKeyConstraint(["artifact", "based_on"], ["artifact_versions.artifact", "artifact_versions.number"]),
    _one_of("kind", PROPOSALS),
    _one_of("decision", DECISIONS),
    sa.Index(None, "artifact", "decision"),
)
