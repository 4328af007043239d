"""The tables of what replicas share out between them: how often something may be done, and how much of it at a time."""

import sqlalchemy as sa

from records.database import metadata
from records.tables import Name

# Moments are seconds since the epoch: they are counted with inside one statement, which SQLite cannot do with its dates.
limits = sa.Table(
    "limits",
    metadata,
    sa.Column("name", Name, primary_key=True),
    sa.Column("filled", sa.Double, nullable=False, index=True),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("pool", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    sa.Column("expires", sa.Double, nullable=False),
)
