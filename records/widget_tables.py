"""The tables of the widget's door: what a portal has handed in already, and the tickets that wait for a browser."""

import sqlalchemy as sa

from records.columns import Moment
from records.database import metadata
from records.tables import Id

# `mark` is the SHA-256 of who issued an assertion and of its id; it is kept as long as the assertion could be handed in again.
widget_assertions = sa.Table(
    "widget_assertions",
    metadata,
    sa.Column("mark", sa.String(64), primary_key=True),
    sa.Column("until", Moment, nullable=False, index=True),
)

# Only the SHA-256 of a ticket is kept. `challenge` is that of a secret which the browser that asked for it has, and nobody else.
widget_tickets = sa.Table(
    "widget_tickets",
    metadata,
    sa.Column("ticket_hash", sa.String(64), primary_key=True),
    sa.Column("person", Id, sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("challenge", sa.String(64), nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
)
