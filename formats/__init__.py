"""HOW an artifact reads: every notation is rendered here and read back by its own parser."""
