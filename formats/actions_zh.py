"""Chinese sentences cut into actions: at commas and conjunctions, each piece beginning with its verb or its manner.

Verbs that share an object get it each: 查看、修改、删除收入记录 holds three actions.
"""

import re
from collections.abc import Sequence

from formats.lexicon import lexicon

_CUT = re.compile(r"[，,、]|并且|然后|以及|同时|或者|并(?![行发购])|和(?=[^，,、]{0,2}(?:查|修|删|新|添|增|导|提|撤|取消|申))")
_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)")
_PRONOUNS = frozenset(["它", "它们", "之", "该项"])
_LONGEST_THING = 110
_LONGEST_POINT = 40
# After these a wish follows, also one whose verb is not known.
_WISH = re.compile(r"(?:可以|能够|可于|允许|支持|需要|应当|必须|可(?!能)|(?<![功智职性])能(?!力))(?!的)(.{3,30})$")
_MANNER = re.compile(
    r"((?:[^，,]{0,6}(?:失败|成功|到期|逾期|超限))?(?:短信|邮件|在线|自动|提前|随时|批量|重新|电子|代客户)+|[^，,]{1,6}(?:失败|成功|到期|逾期|超限)|按[^，,]{1,8}|[把将][^，,]{1,12}|对[^，,]{1,12}进行[^，,]{0,4}|[为给][^，,]{1,10}|在[^，,]{1,8})\s*$"
)


def chinese_actions(sentences: Sequence[tuple[str, bool]]) -> list[tuple[str, str]]:
    """Return the actions, each with its sentence; a point of a list (True) in which no verb is known is kept as it stands."""
    found: list[tuple[str, str]] = []
    for sentence, listed in sentences:
        actions = _cut(sentence, found[-1][0] if found else "")
        if not actions and listed and 4 <= len(sentence) <= _LONGEST_POINT and not lexicon().chinese_background.search(sentence):
            actions = [sentence]
        found.extend((action, sentence) for action in actions)
    return found


def _cut(sentence: str, before: str) -> list[str]:
    """Return the actions of one sentence; `before` is the action that went before it."""
    pieces: list[str] = []
    waiting: list[str] = []
    for part in _CUT.split(_ASIDE.sub("", sentence)):
        piece = _from_verb(part.strip())
        if piece is None:
            continue
        verb = lexicon().chinese_verbs.match(piece)
        if verb and verb.end() == len(piece) and len(piece) <= 2 and piece not in lexicon().chinese_whole:
            waiting.append(piece)
            continue
        thing = piece[verb.end() :][:_LONGEST_THING] if verb else ""
        if verb and thing in _PRONOUNS:
            thing = _thing_of(pieces[-1] if pieces else before) or thing
            piece = piece[: verb.end()] + thing
        pieces.extend(lone + thing for lone in waiting if thing)
        pieces.append(piece)
        waiting = []
    return pieces + [lone + _thing_of(pieces[0] if pieces else before) for lone in waiting]


def _thing_of(action: str) -> str:
    """Return what an action is about, without its verb."""
    verb = lexicon().chinese_verbs.search(action)
    if verb is None:
        return ""
    return action[verb.end() :] or action[: verb.start()]


def _from_verb(part: str) -> str | None:
    """Return the part from its wish on; None where it names no action."""
    part = re.split(r"[：:]", part)[-1].strip()
    if lexicon().chinese_background.search(part) or re.search(r"[后前时]$", part):
        return None
    verb = lexicon().chinese_verbs.search(part, _after_modal(part, 0))
    if verb is None:
        wish = _WISH.search(part)
        return wish.group(1).strip() if wish else None
    start = max((modal.end() for modal in lexicon().chinese_modals.finditer(part, 0, verb.start())), default=0)
    lead = part[start : verb.start()]
    manner = _MANNER.search(lead[-40:])
    if not manner and verb.end() == len(part) and len(lead) <= 8:
        return part[start:].strip()
    return ((manner.group(0) if manner else "") + part[verb.start() :]).strip()


def _after_modal(part: str, start: int) -> int:
    """Return where the wish may begin: after the first modal that a verb follows."""
    modal = lexicon().chinese_modals.search(part, start)
    return modal.end() if modal and lexicon().chinese_verbs.search(part, modal.end()) else start
