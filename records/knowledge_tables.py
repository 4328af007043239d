"""The tables that hold the organisation's knowledge."""

import sqlalchemy as sa

from records.database import Json, Moment, Prose, metadata

assets = sa.Table(
    "assets",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("pack", sa.String(200), nullable=False),
    sa.Column("path", sa.String(1000), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    # The hash of the file's bytes and of the way it is read: a file whose hash stands here is not opened again.
    sa.Column("file_hash", sa.String(64), nullable=False, server_default=sa.text("''"), index=True),
    # Who put it in by hand; a draft is shown to this person alone.
    sa.Column("uploaded_by", sa.String(200), nullable=False, server_default=sa.text("''")),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("shelf", sa.String(200), nullable=False, index=True),
    sa.Column("type", sa.String(100), nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("groups", Json, nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    # What a curator set by hand (status, groups, type, …): it stays over what the file says.
    sa.Column("settled", Json, nullable=True),
    sa.Column("updated", Moment, nullable=False),
    sa.UniqueConstraint("pack", "path"),
)

# The folder that a pack was taken in from: another folder of the same name must not take its place.
packs = sa.Table(
    "packs",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("updated", Moment, nullable=False),
)

passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("asset", sa.String(64), sa.ForeignKey("assets.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("breadcrumb", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("text_hash", sa.String(64), nullable=False, index=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),
)

# What happened to an asset, oldest first; the rows of a removed asset stay.
asset_events = sa.Table(
    "asset_events",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("asset", sa.String(64), nullable=False, index=True),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("path", sa.String(1000), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("person", sa.String(200), nullable=False),
    sa.Column("at", Moment, nullable=False),
)

# Files that could not be read, with the reason in both languages; they are not tried again until they change.
refusals = sa.Table(
    "refusals",
    metadata,
    sa.Column("pack", sa.String(200), primary_key=True),
    sa.Column("path", sa.String(1000), primary_key=True),
    sa.Column("file_hash", sa.String(64), nullable=False),
    sa.Column("reason", Json, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

# Files that people dropped into the chat, on their way to an asset.
uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("person", sa.String(200), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(32), nullable=False),
    sa.Column("reason", Json, nullable=True),
    sa.Column("asset", sa.String(64), nullable=True),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
)

vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("text_hash", sa.String(64), primary_key=True),
    sa.Column("embedding", sa.String(200), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)

terms = sa.Table(
    "terms",
    metadata,
    sa.Column("pack", sa.String(200), primary_key=True),
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(100), nullable=False),
    sa.Column("context", sa.String(200), nullable=False),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("zh", sa.Text, nullable=False),
    sa.Column("definition", Json, nullable=False),
    sa.Column("aliases", Json, nullable=False),
    sa.Column("forbidden", Json, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
)

# Nouns of artifacts that the glossary does not know, offered to the steward; one row a noun and language.
# `term` is what became of it, as `pack/id`.
term_offers = sa.Table(
    "term_offers",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("key", sa.String(300), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.String(100), nullable=False),
    sa.Column("example", Prose, nullable=False),
    sa.Column("artifact", sa.String(64), nullable=False),
    sa.Column("person", sa.String(200), nullable=False),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("term", sa.String(401), nullable=False),
    sa.Column("decided_by", sa.String(200), nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.UniqueConstraint("language", "key"),
)

# What a steward decided about a term of a pack or an import; laid over the terms, so that it survives their next import.
# `into` is the term that takes its place, as `pack/id`.
term_decisions = sa.Table(
    "term_decisions",
    metadata,
    sa.Column("pack", sa.String(200), primary_key=True),
    sa.Column("term", sa.String(200), primary_key=True),
    sa.Column("decision", sa.String(32), nullable=False),
    sa.Column("into", sa.String(401), nullable=False),
    sa.Column("person", sa.String(200), nullable=False),
    sa.Column("at", Moment, nullable=False),
)

# The embedding that answers at the moment; another one is made ready beside it and then takes its place.
serving = sa.Table(
    "serving",
    metadata,
    sa.Column("role", sa.String(32), primary_key=True),
    sa.Column("embedding", sa.String(200), nullable=False),
    sa.Column("origin", Json, nullable=False),
    sa.Column("since", Moment, nullable=False),
)

index_state = sa.Table(
    "index_state",
    metadata,
    sa.Column("partition", sa.String(500), primary_key=True),
    sa.Column("embedding", sa.String(200), primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
