"""The chat's history: what Chainlit says and shows is put on record, listed, searched and deleted."""
