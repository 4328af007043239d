"""Coverage: which actions of an outline have a wish of their own, each wish standing for one action only."""

import re
from collections.abc import Callable, Sequence

from errors import Language
from evaluation.briefs import Groups
from formats.language import simplified, stem

_WORD = re.compile(r"[a-z0-9]+")


def covers(wish: str, groups: Groups, language: Language) -> bool:
    """Tell whether a wish holds at least one alternative of every group.

    English alternatives are compared by the stems of their words, all of which must stand in the wish; Chinese ones as a part
    of the simplified wish.
    """
    holds = _chinese(wish) if language == "zh" else _english(wish)
    return all(any(holds(alternative) for alternative in group) for group in groups)


def assigned(actions: Sequence[Groups], wishes: Sequence[str], language: Language) -> tuple[int | None, ...]:
    """Return for each action the place of the wish that covers it, None where none is left, as many covered as can be."""
    fitting = [[place for place, wish in enumerate(wishes) if covers(wish, groups, language)] for groups in actions]
    action_of: dict[int, int] = {}
    for action in range(len(actions)):
        _find_wish(action, fitting, action_of, set())
    wish_of = {action: wish for wish, action in action_of.items()}
    return tuple(wish_of.get(action) for action in range(len(actions)))


def unassigned(wanted: Sequence[Groups], texts: Sequence[str], language: Language) -> tuple[Groups, ...]:
    """Return what no text of its own covers, each text standing for one only."""
    return tuple(one for one, place in zip(wanted, assigned(wanted, texts, language), strict=True) if place is None)


def unspoken(topics: Sequence[Groups], texts: Sequence[str], language: Language) -> tuple[Groups, ...]:
    """Return the topics that no text covers; one text may cover several."""
    return tuple(topic for topic in topics if not any(covers(text, topic, language) for text in texts))


def named(groups: Groups) -> str:
    """Return groups by the first alternative of each."""
    return " + ".join(group[0] for group in groups)


def _find_wish(action: int, fitting: Sequence[Sequence[int]], action_of: dict[int, int], tried: set[int]) -> bool:
    """Give an action a wish, moving other actions to other wishes where that frees one (augmenting path)."""
    for wish in fitting[action]:
        if wish in tried:
            continue
        tried.add(wish)
        if wish not in action_of or _find_wish(action_of[wish], fitting, action_of, tried):
            action_of[wish] = action
            return True
    return False


def _english(wish: str) -> Callable[[str], bool]:
    held = _stems(wish)
    return lambda alternative: _stems(alternative) <= held


def _chinese(wish: str) -> Callable[[str], bool]:
    held = simplified(wish).casefold()
    return lambda alternative: simplified(alternative).casefold() in held


def _stems(text: str) -> set[str]:
    return {stem(word) for word in _WORD.findall(text.lower())}
