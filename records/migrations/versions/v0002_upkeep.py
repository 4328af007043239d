"""0002: what the upkeep of the knowledge keeps: files as they were read, what happened to them, uploads, and what stewards decide."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns of assets and the new tables."""
    op.add_column("assets", sa.Column("file_hash", sa.String(64), nullable=False, server_default=sa.text("''")))
    op.add_column("assets", sa.Column("uploaded_by", sa.String(200), nullable=False, server_default=sa.text("''")))
    op.add_column("assets", sa.Column("settled", sa.JSON(), nullable=True))
    op.create_index("ix_assets_file_hash", "assets", ["file_hash"])
    _create_upkeep()
    _create_terms()
    op.create_table(
        "serving",
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("embedding", sa.String(200), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_serving"),
    )


def _create_upkeep() -> None:
    op.create_table(
        "packs",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("updated", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_packs"),
    )
    op.create_table(
        "asset_events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("asset", sa.String(64), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asset_events"),
    )
    op.create_index("ix_asset_events_asset", "asset_events", ["asset"])
    op.create_table(
        "refusals",
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pack", "path", name="pk_refusals"),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("asset", sa.String(64), nullable=True),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("updated", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )
    op.create_index("ix_uploads_person", "uploads", ["person"])


def _create_terms() -> None:
    op.create_table(
        "term_offers",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("artifact", sa.String(64), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("term", sa.String(401), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("updated", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_term_offers"),
        sa.UniqueConstraint("language", "key", name="uq_term_offers_language"),
    )
    op.create_table(
        "term_decisions",
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("term", sa.String(200), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("into", sa.String(401), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("pack", "term", name="pk_term_decisions"),
    )
