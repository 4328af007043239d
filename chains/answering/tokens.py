"""How many tokens a text takes, estimated: no tokenizer of a private model is at hand, and fetching one would leave the house."""

import math

from formats.language import has_han

# Rules of thumb, rounded up: an English token is about four characters, a Han character 0.7 tokens.
_LATIN_CHARACTERS = 3.6
_HAN_TOKENS = 0.8


def estimated_tokens(text: str) -> int:
    """Return the estimated number of tokens; rather too many than too few."""
    han = sum(has_han(character) for character in text) if has_han(text) else 0
    return math.ceil(han * _HAN_TOKENS + (len(text) - han) / _LATIN_CHARACTERS)
