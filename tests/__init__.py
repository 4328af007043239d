"""Tests mirror the source; this file makes the name ours, for a dependency installs a package `tests` too."""
