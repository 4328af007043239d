"""Release notes of the changes that a version holds."""
