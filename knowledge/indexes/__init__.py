"""Where vectors are searched: memory, a Chroma folder, PostgreSQL with pgvector."""
