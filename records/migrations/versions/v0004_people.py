"""0004: who people are: the directory, their passwords, and their sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "people",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(255), nullable=True),
        sa.Column("verified_email", sa.String(255), nullable=True),
        sa.Column("claimed_groups", sa.JSON(), nullable=False),
        sa.Column("claimed_roles", sa.JSON(), nullable=False),
        sa.Column("granted_groups", sa.JSON(), nullable=False),
        sa.Column("granted_roles", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("last_seen", _MOMENT, nullable=False),
        sa.Column("page_seen", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("verified_email", name="uq_people_verified_email"),
    )
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_identities_person_people"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
    )
    op.create_index("ix_identities_person", "identities", ["person"])
    _create_ways_in()


def _create_ways_in() -> None:
    op.create_table(
        "passwords",
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_passwords_person_people"),
        sa.PrimaryKeyConstraint("person", name="pk_passwords"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("door", sa.String(16), nullable=False),
        sa.Column("began", _MOMENT, nullable=False),
        sa.Column("ends", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sessions_person_people"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_index("ix_sessions_ends", "sessions", ["ends"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_last", "sign_in_attempts", ["last"])
