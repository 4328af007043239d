"""One module a step, called by its number; `alembic` follows `down_revision` from one to the next."""
