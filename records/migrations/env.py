"""Run the steps on the connection that `records.migrate` hands in; Alembic loads this file, nobody imports it."""

from alembic import context

import records.chat_tables
import records.key_tables
import records.knowledge_tables
import records.limit_tables
import records.people_tables
import records.slack_tables
import records.tables
import records.widget_tables  # noqa: F401  the tables enter `metadata` when their module is imported
from records.database import metadata

connection = context.config.attributes["connection"]
# The transaction is the caller's: either every step is committed with the new version number, or none.
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
