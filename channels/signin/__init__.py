"""How people sign in: with the organisation's provider, behind its proxy, with a password, or not at all on one machine."""
