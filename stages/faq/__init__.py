"""The FAQ."""
