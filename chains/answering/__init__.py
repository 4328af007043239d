"""How an artifact comes of a brief: plan, write, ask, read, check, mend."""
