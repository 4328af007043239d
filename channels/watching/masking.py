"""The second line of defence of the log: what looks like a key, a token, an address or an e-mail never reaches a line.

The first is that no code of ours logs any; this one is for what a vendor puts into the text of an error.
"""

import re
from collections.abc import Iterable

MASK = "…"
# More would be no reason any more but somebody's text.
_LONGEST = 300
_NAMED = r"(?:api[_-]?key|access[_-]?token|id[_-]?token|client[_-]?secret|token|secret|password|passwd|pwd|authorization|cookie|assertion)"
_PATTERNS = (
    (re.compile(r"\bsk-[A-Za-z0-9_-]{6,}"), MASK),
    (re.compile(r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{6,}"), MASK),
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*"), MASK),
    (re.compile(r"\b(bearer|basic|negotiate)\s+[^\s'\",;]+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(rf"({_NAMED}['\"]?\s*[=:]\s*)['\"]?[^\s'\",;&}}\]]+", re.IGNORECASE), rf"\1{MASK}"),
    (
        re.compile(
            r"\b([a-z][a-z0-9+.-]*)://(?!(?:127\.0\.0\.1|localhost|\[::1\])(?:[:/\s'\")]|$))[^\s/'\"<>)\]]+", re.IGNORECASE
        ),
        rf"\1://{MASK}",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), MASK),
    (re.compile(r"\b(?!127\.)\d{1,3}(?:\.\d{1,3}){3}\b"), MASK),
    # A token of 32 bytes is 43 characters long; an id of ours has 36.
    (re.compile(r"(?<![\w/-])(?=[\w-]*\d)[A-Za-z0-9_-]{40,}"), MASK),
)


class Masking:
    """Masks by form, and the words in `hidden` wherever they stand: keys and hosts that the settings name."""

    def __init__(self, hidden: Iterable[str] = ()) -> None:
        words = sorted({word for word in hidden if word}, key=len, reverse=True)
        self._hidden = re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None

    def __call__(self, text: str) -> str:
        """Return the first line of a text, at most 300 characters of it, masked."""
        line = next(iter(text.strip().splitlines()), "")
        if self._hidden is not None:
            line = self._hidden.sub(MASK, line)
        for pattern, instead in _PATTERNS:
            line = pattern.sub(instead, line)
        return f"{line[:_LONGEST]}{MASK}" if len(line) > _LONGEST else line
