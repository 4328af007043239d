"""The terminal: every command of `stagecraft`."""
