"""A portal to try the widget in: two people, a few tickets, and a key of its own."""
