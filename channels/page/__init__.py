"""The chat page: what a person meets, sends and sees, over Chainlit."""
