"""The nouns and verbs of paths: what is a verb where a resource should stand, and what is in the plural already."""

from typing import Final

from formats.lexicon import lexicon

# Nouns that stay as they are: what has no plural, and what is one without an s.
UNCOUNTABLE: Final = frozenset(
    (
        *("advice", "analytics", "arrears", "baggage", "cash", "compliance", "content", "correspondence", "data", "diligence"),
        *("equipment", "evidence", "feedback", "fraud", "funds", "furniture", "goods", "hardware", "health", "history"),
        *("information", "insurance", "knowledge", "liquidity", "luggage", "mail", "me", "media", "merchandise", "metadata"),
        *("money", "news", "paperwork", "personnel", "premises", "progress", "research", "search", "self", "series"),
        *("software", "species", "staff", "traffic", "training", "wealth"),
    )
)
_PLURALS: Final = frozenset(["people", "children", "men", "women", "criteria", "indices", "appendices", "matrices"])


def is_plural(word: str) -> bool:
    """Tell whether a word can name a collection: it is in the plural, or has none."""
    return word in UNCOUNTABLE or word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


def is_verb(name: str, *, acts: bool = False) -> bool:
    """Tell whether a step of a path (in kebab case) is a verb, or begins with one, where a resource should stand.

    `acts` says that it is the last step of a POST behind an id: there `transfer`, else a resource, is what is done to the one.
    """
    first, more, _ = name.partition("-")
    if more:
        return is_only_verb(first)
    return first in lexicon().verb_forms and (acts or first not in lexicon().names)


def is_only_verb(word: str) -> bool:
    """Tell whether a word is a verb wherever it stands: it names no resource, and no part of one."""
    said = lexicon()
    return word in said.verb_forms and word not in said.names and word not in said.in_names
