"""The tables of who people are: the directory, how they are known elsewhere, their passwords, sessions and failed attempts."""

import sqlalchemy as sa

from records.columns import Json, Moment, Prose
from records.database import metadata
from records.tables import Id, Name

# `claimed` is what the last sign-in said, `granted` what an admin gave; both count.
people = sa.Table(
    "people",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", Prose, nullable=False),
    sa.Column("email", Name),
    sa.Column("verified_email", Name, unique=True),
    sa.Column("claimed_groups", Json, nullable=False),
    sa.Column("claimed_roles", Json, nullable=False),
    sa.Column("granted_groups", Json, nullable=False),
    sa.Column("granted_roles", Json, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    sa.Column("page_seen", Moment),
)

identities = sa.Table(
    "identities",
    metadata,
    sa.Column("issuer", Name, primary_key=True),
    sa.Column("subject", Name, primary_key=True),
    sa.Column("person", Id, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("created", Moment, nullable=False),
)

passwords = sa.Table(
    "passwords",
    metadata,
    sa.Column("person", Id, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("changed", Moment, nullable=False),
)

# Only the SHA-256 of a session's token is kept: who reads the table cannot go on in anybody's name.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("person", Id, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("door", sa.String(16), nullable=False),
    sa.Column("began", Moment, nullable=False),
    sa.Column("ends", Moment, nullable=False, index=True),
)

# `who` is the SHA-256 of a name or an address: an attack on names that do not exist leaves no list of names.
sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", Moment, nullable=False, index=True),
    sa.Column("until", Moment, nullable=False),
)
