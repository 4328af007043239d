"""Acceptance criteria for user stories."""
