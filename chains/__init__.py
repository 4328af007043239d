"""HOW an answer comes: gather, write, ask, read, check, mend, record."""
