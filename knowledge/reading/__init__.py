"""What a file says: every format that analysts have is read into sections of Markdown, each under the headings above it."""
