"""A pasted text in a known notation becomes an artifact, graded, with what is lost named."""
