"""What of a text the passages that it cites hold: its numbers, limits, terms and content words, in either language.

A text is held by passages of its own language where every number, limit and term of it occurs in one, and at least
`LEAST_SHARE` of the content words of each of its sentences. Passages of the other language share no words with it: there its numbers, limits and terms
must occur all the same, at least one of them must, and the rest is for a person to check (`by_hand`).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from formats.language import HAN, language_of, simplified, words
from formats.numbers import numbers_told
from formats.quantities import Quantity, quantities

LEAST_SHARE = 0.6
# A passage that holds less of an answer than this, no number and no term of it, has nothing to do with it.
LEAST_BEARING = 0.25

# Words that an answer says to its reader, whatever it is about.
_FILLER = frozenset(words("yes please may must need get also cannot via per whether either well simply just able"))
_FUNCTION_WORDS = re.compile(
    "可以|需要|如果|即可|能够|什么|怎么|怎样|如何|我们|他们|进行|以及|或者|而且|但是|因此|必须|应当|[您你我他的了是和与或及请并吗呢把被也就都这那该]"
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
LEAST_WORDS = 3
LEAST_SIGNS = 12
_RUN = re.compile(f"[{HAN}]+|[a-z][a-z0-9]*")


@dataclass(frozen=True)
class Support:
    """What of a text is not held: numbers, limits (a number of another unit, or bounded the other way) and terms as they are
    written, the content words; `share` is the share of content words that is held, 0 to 1, of the sentence that is held least."""

    numbers: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    share: float = 1.0
    by_hand: bool = False

    @property
    def is_enough(self) -> bool:
        """Whether the text may be shown as what the passages say."""
        return not (self.numbers or self.limits or self.terms) and (self.share >= LEAST_SHARE or self.by_hand)


def support(
    text: str, passages: Sequence[str], said: Collection[Sequence[str]] = (), held: Collection[Sequence[str]] = ()
) -> Support:
    """Return what of a text its passages hold; `said` are the names of the terms that the text speaks of, `held` those of the
    terms that the passages speak of, each term by its names in both languages."""
    whole = "\n".join(passages)
    known = numbers_told(whole)
    stated = quantities(text)
    missing = tuple(dict.fromkeys(one.text for one in stated if not one.values & known))
    limits = tuple(dict.fromkeys(one.text for one in stated if one.text not in missing and not _within(one, quantities(whole))))
    spoken = {tuple(names) for names in held}
    terms = tuple(_as_written(names, text) for names in said if tuple(names) not in spoken)
    own = [passage for passage in passages if language_of(passage) == language_of(text)]
    share, unheld = _least_held(text, "\n".join([*own, *(name for names in spoken for name in names)]))
    anchored = any(one.values & known for one in stated) or any(tuple(names) in spoken for names in said)
    return Support(missing, limits, terms, unheld, share, share < LEAST_SHARE and len(own) < len(passages) and anchored)


def bears_on(passage: str, text: str, said: Collection[Sequence[str]] = (), held: Collection[Sequence[str]] = ()) -> bool:
    """Tell whether a passage has anything to do with a text: a number, a term, or a quarter of its content words."""
    known = numbers_told(passage)
    spoken = {tuple(names) for names in held}
    if any(one.values & known for one in quantities(text)) or any(tuple(names) in spoken for names in said):
        return True
    return _words_held(text, passage)[0] >= LEAST_BEARING


def unheld_words(text: str, passage: str) -> tuple[str, ...]:
    """Return the content words of a text that a passage lacks, as they are written."""
    return _words_held(text, passage)[1]


def _within(one: Quantity, others: Sequence[Quantity]) -> bool:
    """Tell whether a number stands there with the same unit (or without any) and is not bounded the other way alone."""
    same = [other for other in others if one.values & other.values]
    fitting = [other for other in same if not (one.unit and other.unit) or one.unit == other.unit]
    if not fitting:
        return not same
    return not one.bound or any(other.bound in ("", one.bound) for other in fitting)


def _least_held(text: str, passage: str) -> tuple[float, tuple[str, ...]]:
    """Return the share of the sentence that is held least, so that none is carried by the others, and all words that are lacking.

    What is too short to be judged by itself ("Yes.") is judged with the whole.
    """
    whole, lacking = _words_held(text, passage)
    parts = [part for part in _SENTENCES.split(text) if len(list(_content(part))) >= LEAST_WORDS or len(part) >= LEAST_SIGNS]
    return min([whole, *(_words_held(part, passage)[0] for part in parts)]), lacking


def _words_held(text: str, passage: str) -> tuple[float, tuple[str, ...]]:
    """Return the share of content words that a passage holds, and those that it lacks.

    Chinese is written without spaces: a sign counts as held where it and a neighbour stand together in the passage too, and two
    signs weigh as one word.
    """
    known = set(words(passage))
    signs = frozenset(simplified(passage))
    weight = held = 0.0
    lacking: list[str] = []
    for run in _content(text):
        if run[0].isascii():
            weight += 1
            if known.issuperset(words(run)):
                held += 1
            else:
                lacking.append(run)
            continue
        kept = _signs_held(run, known, signs)
        weight += len(run) / 2
        held += sum(kept) / 2
        lacking += _gaps(run, kept)
    return (held / weight if weight else float(bool(quantities(text)))), tuple(dict.fromkeys(lacking))


def _content(text: str) -> Iterator[str]:
    """Yield the words of a text that carry its meaning, Han runs without the function words between them; numbers are none."""
    plain = simplified(text).casefold()
    for run in _RUN.findall(_FUNCTION_WORDS.sub(" ", plain)):
        found = words(run)
        if found and not _FILLER.issuperset(found):
            yield run


def _signs_held(run: str, known: Collection[str], signs: Collection[str]) -> list[bool]:
    """Return for each sign of a Han run whether it is held."""
    if len(run) == 1:
        return [run in signs]
    pairs = [run[start : start + 2] in known for start in range(len(run) - 1)]
    return [(place > 0 and pairs[place - 1]) or (place < len(pairs) and pairs[place]) for place in range(len(run))]


def _gaps(run: str, kept: Sequence[bool]) -> list[str]:
    """Return the pieces of a run whose signs are not held."""
    told = "".join(sign if not held else " " for sign, held in zip(run, kept, strict=True))
    return told.split()


def _as_written(names: Sequence[str], text: str) -> str:
    """Return the name of a term that a text says, its first name where the text inflects it."""
    return next((name for name in names if name.casefold() in text.casefold()), names[0])
