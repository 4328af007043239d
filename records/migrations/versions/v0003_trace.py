"""0003: what ties artifacts together: under which id an item knows what it rests on, who approved what, and proposed changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MOMENT = sa.DateTime(timezone=True)
_STATUS = "status IN ('draft', 'reviewed', 'approved', 'rejected')"


def upgrade() -> None:
    """Add the column of the links, the statuses of a review, and the proposals; what was accepted counts as reviewed."""
    op.add_column("artifact_links", sa.Column("known_as", sa.Text(), nullable=True))
    if op.get_context().dialect.name == "sqlite":
        _allow_statuses_in_sqlite()
    else:
        op.drop_constraint(op.f("ck_artifacts_status"), "artifacts", type_="check")
        op.execute("UPDATE artifacts SET status = 'reviewed' WHERE status = 'accepted'")
        op.create_check_constraint(op.f("ck_artifacts_status"), "artifacts", _STATUS)
    _create_proposals()


def _allow_statuses_in_sqlite() -> None:
    """Make the table anew: SQLite changes no constraint.

    Versions refer to artifacts: with the references judged at the commit, rows that come back under the table's own name count as
    never gone. Alembic's batch, which renames another table to it, is refused.
    """
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE artifacts_before AS SELECT * FROM artifacts")
    op.drop_table("artifacts")
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
        sa.Column("created", _MOMENT, nullable=False),
        sa.CheckConstraint(_STATUS, name=op.f("ck_artifacts_status")),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_artifacts_workspace_workspaces"),
        sa.PrimaryKeyConstraint("id", name="pk_artifacts"),
    )
    op.create_index("ix_artifacts_workspace", "artifacts", ["workspace", "stage"])
    op.execute("UPDATE artifacts_before SET status = 'reviewed' WHERE status = 'accepted'")
    columns = "id, workspace, stage, title, language, status, current, author, created"
    op.execute(f"INSERT INTO artifacts ({columns}) SELECT {columns} FROM artifacts_before")  # noqa: S608 - no value of anybody
    op.drop_table("artifacts_before")


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("artifact", sa.String(36), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("turn", sa.String(36), nullable=True),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("decided", _MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(255), nullable=True),
        sa.CheckConstraint("kind IN ('change', 'add', 'remove')", name=op.f("ck_proposals_kind")),
        sa.CheckConstraint("decision IN ('open', 'accepted', 'discarded', 'replaced')", name=op.f("ck_proposals_decision")),
        sa.ForeignKeyConstraint(
            ["artifact", "based_on"],
            ["artifact_versions.artifact", "artifact_versions.number"],
            name="fk_proposals_artifact_artifact_versions",
        ),
        sa.ForeignKeyConstraint(["turn"], ["turns.id"], name="fk_proposals_turn_turns"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_turn", "proposals", ["turn"])
    op.create_index("ix_proposals_artifact", "proposals", ["artifact", "decision"])
