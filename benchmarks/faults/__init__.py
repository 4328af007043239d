"""Faults done on purpose to the real program: kills, a full disk, hostile files, closed doors, two processes at once."""
