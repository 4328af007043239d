"""Text made safe for a terminal: what models, packs and people write must not command it."""

import re

# Whoever writes to a terminal may move its cursor, rename its window or reverse its text: models and packs may not.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return a text without the characters that command a terminal; line ends and tabs stay."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return a text that is harmless and on one line."""
    return " ".join(harmless(text).split())
