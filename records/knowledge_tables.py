"""The tables that hold the organisation's knowledge."""

import sqlalchemy as sa

from records.database import Json, Moment, metadata

assets = sa.Table(
    "assets",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("pack", sa.String(200), nullable=False),
    sa.Column("path", sa.String(1000), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("shelf", sa.String(200), nullable=False, index=True),
    sa.Column("type", sa.String(100), nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("groups", Json, nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.UniqueConstraint("pack", "path"),
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

index_state = sa.Table(
    "index_state",
    metadata,
    sa.Column("partition", sa.String(500), primary_key=True),
    sa.Column("embedding", sa.String(200), primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
