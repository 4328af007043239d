"""What a tool of the person's offers along with a brief: texts nobody vouches for, cut into pieces and told as what they are."""

from collections.abc import Sequence

from chains.sentences import say
from errors import Language
from formats.language import language_of
from formats.printable import printable
from stages.material import OFFERED, Source

# A piece is about as long as a passage, so that a small context still takes some of it.
_PIECE_CHARACTERS = 800
MOST_CHARACTERS = 8_000


def offered_sources(texts: Sequence[str], language: Language) -> tuple[Source, ...]:
    """Return the texts as sources M1, M2, …, at most MOST_CHARACTERS of them all; empty ones are left out."""
    pieces = [(number, piece) for number, text in enumerate(texts, 1) for piece in _pieces(printable(text))]
    found: list[Source] = []
    left = MOST_CHARACTERS
    for number, piece in pieces:
        if left <= 0:
            break
        text, left = piece[:left], left - len(piece)
        title = say("offered-source", language, number=number)
        key = f"M{len(found) + 1}"
        found.append(Source(key, "", title, "", "", text, language_of(text), OFFERED))
    return tuple(found)


def _pieces(text: str) -> list[str]:
    """Return a text in pieces, each of whole lines as far as they are short enough."""
    pieces: list[str] = []
    piece = ""
    for line in text.splitlines():
        for part in [line[at : at + _PIECE_CHARACTERS] for at in range(0, len(line), _PIECE_CHARACTERS)] or [""]:
            if len(piece) + len(part) >= _PIECE_CHARACTERS:
                pieces.append(piece)
                piece = ""
            piece += f"{part}\n"
    return [whole for one in [*pieces, piece] if (whole := one.strip())]
