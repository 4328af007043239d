"""User stories from a brief."""
