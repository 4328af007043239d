"""How files come in: listed, read, cut into passages, committed; and uploads."""
