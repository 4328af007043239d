"""What people make of an artifact, and what follows from a change: stale items, proposals, rewriting."""
