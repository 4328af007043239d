"""The API definition's notations: one model, OpenAPI 3.1 and the six-column table as two views of it, and what is read into it."""
