"""The table of personal keys; what a key says is not kept, only its hash."""

import sqlalchemy as sa

from records.columns import Json, Moment, Prose
from records.database import metadata
from records.tables import Id, Name

access_keys = sa.Table(
    "access_keys",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("ending", sa.String(8), nullable=False),
    sa.Column("person", Name, nullable=False, index=True),
    sa.Column("name", Prose, nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("workspace", Name, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("expires", Moment, nullable=False),
    sa.Column("last_used", Moment),
    sa.Column("revoked", Moment),
)
