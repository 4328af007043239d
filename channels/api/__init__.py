"""The doors for tools: an OpenAI-compatible one, one of our own for workspaces, and the keys that open both."""
