"""The glossary: terms, where a text uses them, and what a steward settles."""
