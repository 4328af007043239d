"""A brief read into its actions: what a weak model cannot take apart by itself is taken apart by rules first.

What tells the background is left out, and so is what gives orders to the assistant instead of naming a wish.
"""

import re
from dataclasses import dataclass

from errors import Language
from formats.actions_en import english_actions
from formats.actions_zh import chinese_actions
from formats.clarified import without_clarified
from formats.connextra import read_story
from formats.language import simplified
from formats.lexicon import lexicon
from formats.notes import read_note

LONGEST_ACTION = 110
MOST_ACTIONS = 12


@dataclass(frozen=True)
class Reading:
    """The actions of a brief in its order, the sentence that each stands in, the sentences that give orders to the assistant, and
    what a meeting note says is open."""

    actions: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def read_actions(text: str, language: Language) -> Reading:
    """Return the actions that the brief names, each once, at most twelve, and the orders that are no wish."""
    plain = simplified(text) if language == "zh" else text
    orders = tuple(sentence for sentence, _ in _sentences(plain, language) if lexicon().orders[language].search(sentence))
    note = read_note(without_clarified(plain), language)
    sentences = _sentences(note.wishes, language)
    refused = frozenset(orders)
    wishes = [(_wish(sentence, language), listed) for sentence, listed in sentences if sentence not in refused]
    whole = {_wish(sentence, language): sentence for sentence, _ in sentences}
    found = chinese_actions(wishes) if language == "zh" else english_actions(wishes)
    first: dict[str, str] = {}
    for action, wish in found:
        first.setdefault(_shortened(action), whole[wish])
    actions = tuple(first)[:MOST_ACTIONS]
    return Reading(actions, tuple(first[action] for action in actions), orders, note.questions)


def _wish(sentence: str, language: Language) -> str:
    """Return the wish of a sentence that is a story already (`As a …, I want to …`); any other sentence as it is."""
    story = read_story(sentence, language)
    return story.want if story else sentence


def _shortened(action: str) -> str:
    """Cut an action that is too long at the end of a word."""
    if len(action) <= LONGEST_ACTION:
        return action
    cut = action[:LONGEST_ACTION]
    return cut.rsplit(" ", 1)[0] if " " in cut[LONGEST_ACTION // 2 :] else cut


_BULLET = re.compile(r"^\s*(?:[-*•·]|[(（]?\d{1,2}[.、)）]|[①-⑳])\s*")

# A blank line ends a block, and a story begins one.
_BLOCKS = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:as an? |作为))", re.IGNORECASE)


def _unwrapped(lines: list[str]) -> list[str]:
    """Put a line that begins with a small letter behind the point of a list that it goes on with."""
    whole: list[str] = []
    for line in lines:
        if whole and line.strip()[:1].islower() and _BULLET.match(whole[-1]) and not _BULLET.match(line):
            whole[-1] = f"{whole[-1].rstrip()} {line.strip()}"
        else:
            whole.append(line)
    return whole


def _sentences(text: str, language: Language) -> list[tuple[str, bool]]:
    """Cut a brief at line breaks where it is a list, at full stops and semicolons everywhere; True marks a point of a list."""
    lines = text.splitlines()
    listed = any(_BULLET.match(line) for line in lines)
    if listed:
        lines = _unwrapped(lines)
    else:
        joint = "" if language == "zh" else " "
        lines = [joint.join(line.strip() for line in block.splitlines()) for block in _BLOCKS.split(text)]
    end = r"[。；;！!？?\n]" if language == "zh" else r"(?<=[.!?])\s+|[;\n]"
    sentences: list[tuple[str, bool]] = []
    for line in lines:
        point = bool(_BULLET.match(line))
        for part in re.split(end, _BULLET.sub("", line)):
            sentence = _BULLET.sub("", part).strip(" \t.:：")
            if len(re.findall(r"\w", sentence)) >= 2:
                sentences.append((sentence, point))
    return sentences
