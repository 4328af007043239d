"""0001: the first tables: knowledge, workspaces with their artifacts, turns, adoptions. Written out: later tables differ."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, those that others point to first."""
    _create_assets()
    _create_index_state()
    _create_terms()
    _create_vectors()
    _create_passages()
    _create_workspaces()
    _create_artifacts()
    _create_turns()
    _create_artifact_versions()
    _create_adoptions()
    _create_artifact_links()


def _create_assets() -> None:
    op.create_table(
        "assets",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("shelf", sa.String(200), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assets"),
        sa.UniqueConstraint("pack", "path", name="uq_assets_pack"),
    )
    op.create_index("ix_assets_shelf", "assets", ["shelf"])


def _create_index_state() -> None:
    op.create_table(
        "index_state",
        sa.Column("partition", sa.String(500), nullable=False),
        sa.Column("embedding", sa.String(200), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("partition", "embedding", name="pk_index_state"),
    )


def _create_terms() -> None:
    op.create_table(
        "terms",
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("context", sa.String(200), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("forbidden", sa.JSON(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("pack", "id", name="pk_terms"),
    )


def _create_vectors() -> None:
    op.create_table(
        "vectors",
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("embedding", sa.String(200), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("text_hash", "embedding", name="pk_vectors"),
    )


def _create_passages() -> None:
    op.create_table(
        "passages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("asset", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("breadcrumb", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset"], ["assets.id"], name="fk_passages_asset_assets", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
    )
    op.create_index("ix_passages_asset", "passages", ["asset"])
    op.create_index("ix_passages_text_hash", "passages", ["text_hash"])


def _create_workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("owner", "name", name="uq_workspaces_owner"),
    )


def _create_artifacts() -> None:
    op.create_table(
        "artifacts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("workspace", sa.String(36), nullable=False),
        sa.Column("stage", sa.String(255), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(255), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'accepted', 'rejected')", name=op.f("ck_artifacts_status")),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_artifacts_workspace_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_artifacts"),
    )
    op.create_index("ix_artifacts_workspace", "artifacts", ["workspace", "stage"])


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("workspace", sa.String(36), nullable=False),
        sa.Column("artifact", sa.String(36), nullable=True),
        sa.Column("stage", sa.String(255), nullable=False),
        sa.Column("phase", sa.String(255), nullable=False),
        sa.Column("asker", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(255), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("prompt_hash", sa.String(64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("instance", sa.String(255), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("mends", sa.JSON(), nullable=False),
        sa.Column("prompt", sa.JSON(), nullable=False),
        sa.Column("tokens", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("failure_id", sa.String(255), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('answering', 'answered', 'questions', 'failed', 'interrupted', 'cancelled')",
            name=op.f("ck_turns_outcome"),
        ),
        sa.ForeignKeyConstraint(["artifact"], ["artifacts.id"], name="fk_turns_artifact_artifacts"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_turns_workspace_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
    )
    op.create_index("ix_turns_artifact", "turns", ["artifact"])
    op.create_index("ix_turns_outcome", "turns", ["outcome"])
    op.create_index("ix_turns_workspace", "turns", ["workspace", "started"])


def _create_artifact_versions() -> None:
    op.create_table(
        "artifact_versions",
        sa.Column("artifact", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("mends", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("turn", sa.String(36), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["artifact"], ["artifacts.id"], name="fk_artifact_versions_artifact_artifacts"),
        sa.ForeignKeyConstraint(["turn"], ["turns.id"], name="fk_artifact_versions_turn_turns"),
        sa.PrimaryKeyConstraint("artifact", "number", name="pk_artifact_versions"),
    )
    op.create_index("ix_artifact_versions_turn", "artifact_versions", ["turn"])


def _create_adoptions() -> None:
    op.create_table(
        "adoptions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("artifact", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("turn", sa.String(36), nullable=True),
        sa.Column("person", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('accepted', 'edited', 'rejected')", name=op.f("ck_adoptions_kind")),
        sa.ForeignKeyConstraint(
            ["artifact", "version"],
            ["artifact_versions.artifact", "artifact_versions.number"],
            name="fk_adoptions_artifact_artifact_versions",
        ),
        sa.ForeignKeyConstraint(["turn"], ["turns.id"], name="fk_adoptions_turn_turns"),
        sa.PrimaryKeyConstraint("id", name="pk_adoptions"),
    )
    op.create_index("ix_adoptions_artifact", "adoptions", ["artifact", "version"])
    op.create_index("ix_adoptions_turn", "adoptions", ["turn"])


def _create_artifact_links() -> None:
    op.create_table(
        "artifact_links",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("artifact", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("upstream_artifact", sa.String(36), nullable=False),
        sa.Column("upstream_version", sa.Integer(), nullable=False),
        sa.Column("upstream_item", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["artifact", "version"],
            ["artifact_versions.artifact", "artifact_versions.number"],
            name="fk_artifact_links_artifact_artifact_versions",
        ),
        sa.ForeignKeyConstraint(
            ["upstream_artifact", "upstream_version"],
            ["artifact_versions.artifact", "artifact_versions.number"],
            name="fk_artifact_links_upstream_artifact_artifact_versions",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_artifact_links"),
    )
    op.create_index("ix_artifact_links_artifact", "artifact_links", ["artifact", "version"])
    op.create_index("ix_artifact_links_upstream_artifact", "artifact_links", ["upstream_artifact", "upstream_version"])
