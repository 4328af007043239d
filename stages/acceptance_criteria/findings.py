"""The rules of acceptance criteria, read once for all their checks."""

from stages.findings import Rules

RULES = Rules("stages.acceptance_criteria")
