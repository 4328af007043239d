"""HOW GOOD it is: briefs with hand-written outlines, and the scorers that judge answers."""
