"""Notices a reply that only repeats itself, which a small model does inside a string until its tokens end."""

WINDOW = 1200
LONGEST_PERIOD = 300
FEWEST_CHARACTERS = 240
FEWEST_REPEATS = 4


def repeats_endlessly(text: str) -> bool:
    """Tell whether the text ends in one run of at most 300 characters repeated at least 4 times over at least 240 characters."""
    tail = text[-WINDOW:]
    for period in range(1, LONGEST_PERIOD + 1):
        span = max(FEWEST_CHARACTERS, FEWEST_REPEATS * period)
        if span > len(tail):
            return False
        if tail[-1] == tail[-1 - period] and tail[-span:-period] == tail[-span + period :]:
            return True
    return False
