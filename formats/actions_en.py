"""English sentences cut into actions, at verbs that stand where a verb stands.

A verb stands at the beginning, after a modal, `to` or a conjunction, or after its subject. Verbs that share an object get it
each ("view, add and delete the records" holds three actions), and `it` is replaced by what it stands for.
"""

import re
from collections.abc import Sequence

from formats.language import stem
from formats.lexicon import lexicon

_MODALS = frozenset(["can", "may", "must", "should", "could", "shall", "will", "to", "them"])
_JOINTS = frozenset(["and", "or", "then", ",", "also", "&", "again", "later"])
_STATES = frozenset(["is", "are", "was", "were", "be", "been", "isn't", "aren't"])
_TAIL = (
    _MODALS
    | _JOINTS
    | frozenset(
        [
            "he",
            "she",
            "they",
            "who",
            "which",
            "that",
            "customer",
            "customers",
            "when",
            "where",
            "while",
            "so",
            "be",
            "able",
            "should",
            "not",
            "either",
        ]
    )
)
_PREPOSITIONS = frozenset(["for", "until", "again", "by", "with", "at", "from", "within", "when", "while", "later"])
# Verbs that take their object behind a preposition: "ask for a loan" lacks nothing.
_TAKES_PREPOSITION = frozenset(
    [
        "ask",
        "apply",
        "look",
        "search",
        "pay",
        "switch",
        "log",
        "wait",
        "subscribe",
        "respond",
        "reply",
        "escalate",
        "move",
        "transfer",
        "convert",
    ]
)
_PARTICLES = frozenset(["in", "out", "up", "on", "off", "over", "down", "back"])
_STOPS = _PREPOSITIONS | frozenset(
    ["in", "on", "to", "as", "online", "when", "while", "that", "which", "who", "if", "up", "out", ",", "and", "or"]
)
_DETERMINERS = frozenset(["a", "an", "the", "this", "that", "his", "her", "its", "their", "my", "our"])
_LONGEST_REST = 60
_STRONG_MODALS = frozenset(["can", "may", "must", "should"])
_WISHING = frozenset(
    ["able", "like", "want", "wants", "wish", "wishes", "need", "needs", "get", "allowed", "possible", "has", "have", "ought"]
)
# What stands after a modal and is no action by itself.
_NO_VERBS = frozenset(["be", "have", "also", "not", "then", "only", "still", "never", "always"]) | frozenset(
    ["either", "now", "to", "get", "give", "happen", "stay", "remain", "so"]
)
_PRONOUNS = frozenset(["it", "them", "one", "these", "those", "this", "that"])


def english_actions(sentences: Sequence[tuple[str, bool]]) -> list[tuple[str, str]]:
    """Return the actions with their sentences; a point of a list (True) that has no verb is kept as it stands."""
    found: list[tuple[str, str]] = []
    thing: list[str] = []
    for sentence, listed in sentences:
        lowered = sentence.lower()
        if any(mark in lowered for mark in lexicon().background_clauses):
            continue
        tokens = _tokens(re.sub(r"\([^()]*\)", "", sentence))
        actions, thing = _cut(tokens, thing)
        actions = actions or ([sentence] if listed and len(tokens) >= 3 else [])
        found.extend((action, sentence) for action in actions)
    return found


def _tokens(text: str) -> list[str]:
    """Return the words, commas and ampersands of a text; a word keeps what stands inside it (`e-mail`, `24/7`, `5,000`)."""
    found = (token.rstrip("'’/.-") for token in re.findall(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|[\w'’/%€$£.-]+|,|&", text))
    return [token for token in found if token]


def _cut(tokens: list[str], thing: list[str]) -> tuple[list[str], list[str]]:
    """Return the actions of one sentence, and what the next `it` stands for."""
    verbs = _verbs(tokens)
    pieces: list[str] = []
    waiting: list[str] = []
    for number, place in enumerate(verbs):
        until = verbs[number + 1] if number + 1 < len(verbs) else len(tokens)
        rest = _trimmed(_before_subject(tokens[place + 1 : until]) if until < len(tokens) else tokens[place + 1 :])
        verb = _base_form(tokens[place])
        if number + 1 < len(verbs) and rest and all(word.lower() in _PARTICLES for word in rest):
            # "fills in and submits the application": the particle belongs to the verb, the object comes later.
            verb, rest = " ".join([verb, *rest]), []
        waiting.append(verb)
        if not rest and number + 1 < len(verbs):
            continue
        rest = rest[:_LONGEST_REST] if verb in _TAKES_PREPOSITION else _resolved(rest[:_LONGEST_REST], thing)
        thing = _thing_of(rest) or thing
        pieces.extend(_spoken([one, *rest]) for one in waiting)
        waiting = []
    return pieces, thing


def _verbs(tokens: list[str]) -> list[int]:
    """Return the places of the verbs that name a wish."""
    places: list[int] = []
    joint = -1
    for place, token in enumerate(tokens):
        if _is_verb(tokens, place, fresh=not places or places[-1] <= joint):
            places.append(place)
        if token.lower() in _JOINTS:
            joint = place
    return places


def _is_verb(tokens: list[str], place: int, *, fresh: bool) -> bool:
    """Tell whether the word at this place is a verb of a wish; `fresh` says that its clause has none yet."""
    word = tokens[place].lower()
    after = tokens[place + 1].lower() if place + 1 < len(tokens) else ""
    if _is_wished(tokens, place):
        return True
    if stem(word) not in lexicon().verbs or (
        _ends_as_noun(word) and not (word[:-1] in lexicon().also_nouns and after in _DETERMINERS)
    ):
        return False
    if place == 0:
        return True
    before = tokens[place - 1].lower()
    if before in lexicon().before_noun or _subject(tokens, place) & lexicon().background or after in _STATES:
        return False
    if before in _MODALS or before in _JOINTS or (before.endswith("ly") and fresh):
        return True
    third_person = word.endswith("s") and not word.endswith("ss") and not before.endswith("s")
    plural_subject = before.endswith("s") and not word.endswith("s")
    return fresh and (third_person or plural_subject)


def _is_wished(tokens: list[str], place: int) -> bool:
    """Tell whether a modal or a word of wishing stands right before: then a verb follows, also one that is not known."""
    word = tokens[place].lower()
    if (
        place == 0
        or word in _NO_VERBS
        or word.endswith("ly")
        or not word.isalpha()
        or _subject(tokens, place) & lexicon().background
    ):
        return False
    # "May" is the month.
    before = tokens[place - 1].lower() if tokens[place - 1] != "May" else ""
    return before in _STRONG_MODALS or (before == "to" and place > 1 and tokens[place - 2].lower() in _WISHING)


def _ends_as_noun(word: str) -> bool:
    """Tell whether a word has an ending of nouns and participles, and is none of the verbs that end so too."""
    return bool(re.search(r"(ing|ed|ion|ions|ment|ments|er|ers)$", word)) and word not in lexicon().also_nouns


def _subject(tokens: list[str], place: int) -> frozenset[str]:
    """Return the words that stand between a verb and the joint before it."""
    words = [token.lower().split("'")[0].split("’")[0] for token in tokens[max(0, place - 4) : place]]
    for back in range(len(words) - 1, -1, -1):
        if words[back] in _JOINTS or words[back] == "them":
            return frozenset(words[back + 1 :])
    return frozenset(words)


def _before_subject(words: list[str]) -> list[str]:
    """Leave out who does what comes next: "counts cash, and the manager (approves it)"."""
    last = max((place for place, word in enumerate(words) if word.lower() in _JOINTS), default=-1)
    subject = [word for word in words[last + 1 :] if word.lower() not in _MODALS]
    return words[:last] if 0 < last < len(words) - 1 and 1 <= len(subject) <= 4 else words


def _trimmed(words: list[str]) -> list[str]:
    """Leave out joints and new subjects at both ends of a piece."""
    kept = list(words)
    while kept and kept[-1].lower() in _TAIL and not (len(kept) > 1 and kept[-2].lower() in _DETERMINERS):
        kept.pop()
    while kept and kept[0].lower() in _JOINTS:
        kept.pop(0)
    return kept


def _resolved(rest: list[str], thing: list[str]) -> list[str]:
    """Put the thing that was spoken of in the place of a pronoun, or where an object is missing."""
    if not thing:
        return rest
    if not rest or rest[0].lower() in _PREPOSITIONS:
        return [*thing, *rest]
    if rest[0].lower() in _PRONOUNS:
        return [*thing, *rest[1:]]
    return rest


def _thing_of(rest: list[str]) -> list[str]:
    """Return the object of a piece, up to its first preposition, as it is spoken of again."""
    while rest and rest[0].lower() in _PARTICLES:
        rest = rest[1:]
    until = next((place for place, word in enumerate(rest) if word.lower() in _STOPS), len(rest))
    words = [word for word in rest[:until] if word.lower() not in ("new", "second")]
    while words and words[-1].lower() == "of":
        words.pop()
    return words if 2 <= len(words) <= 6 else []


def _base_form(verb: str) -> str:
    """Undo the third person: `assigns`, `applies`, `searches`."""
    lowered = verb.lower()
    if lowered.endswith("ies"):
        return lowered[:-3] + "y"
    if re.search(r"(ch|sh|ss|x)es$", lowered):
        return lowered[:-2]
    return lowered[:-1] if re.search(r"[^s]s$", lowered) else lowered


def _spoken(words: list[str]) -> str:
    """Join words and commas as they are written."""
    return " ".join(words).replace(" ,", ",").strip(" ,")
