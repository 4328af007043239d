"""0009: what a portal has handed in already, so that nothing is taken twice."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "widget_assertions",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_widget_assertions"),
    )
    op.create_index("ix_widget_assertions_until", "widget_assertions", ["until"])
    op.create_table(
        "widget_tickets",
        sa.Column("ticket_hash", sa.String(64), nullable=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("challenge", sa.String(64), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("ticket_hash", name="pk_widget_tickets"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_widget_tickets_person_people"),
    )
    op.create_index("ix_widget_tickets_person", "widget_tickets", ["person"])
    op.create_index("ix_widget_tickets_until", "widget_tickets", ["until"])
