"""Many people at once: streaming sessions for minutes, and a burst, against the real page with an endpoint on loopback."""
