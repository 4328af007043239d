"""The things that wishes are about, read from their words: what is done to, and what the doing leaves behind, in both languages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from errors import Language
from formats.actions import read_actions
from formats.connextra import read_story
from formats.language import simplified, stem
from formats.lexicon import lexicon
from stages.material import Material

# Doing these leaves something that is kept and spoken of again: a booking, a rating, an instalment plan.
_EVENTS = frozenset(
    ["预约", "分期", "评价", "投诉", "申诉", "签约", "转账", "挂失", "补卡", "质押", "抵押", "授信", "理赔", "催收"]
)
# Behind what it is for, an application is a thing too: 还款计划申请.
_ENDING_EVENTS = _EVENTS | {"申请", "申购", "认购", "兑换"}
_DOCUMENTS = re.compile(r"(?:证明|凭证|记录|计划|报表|回单|合同|协议|报告|方案|清单|通知书|申请书|资料|材料|单|书)$")
_ASIDE = re.compile(
    r"[^\u4e00-\u9fff]+|在线|随时|自动|批量|重新|进行|当前|全部|所有|历史|剩余|待|已|未|[把将给为对按在到从向与和或及的并里中后前由]|时(?![间长])|等(?![级候])"
    r"|[一两每单各本该某几多][笔次张份条期月日年个项户名]"
)
# Parts of something, told behind it: 案件详情 is about a case.
_PARTS = re.compile(r"(?:详情|列表|名单|进度|状态|情况|信息|结果|日期|时间|金额|内容|期数|次数|原因|类型|方式)$")
_NO_THING = re.compile(
    r"(?:员|人|者|主管|经理|部门|客户|柜台|网点|邮寄|手机银行|网银|邮箱|短信|电话|手机|渠道|系统|页面|功能|业务|工作|问题|应还|新卡|处理|失败|成功|到期|逾期|发放|等候|境外|岗)$|^(?:材料|资料|文件)$|[不没太很还须做上下完再仍只会]|有误"
)
_MODIFIERS = re.compile(r"^(?:新|旧)(?=..)")
_LONGEST = 8

_ENGLISH_JOINT = re.compile(
    r"\b(?:of|for|from|to|towards|with|into|in|out|on|off|at|by|as|about|until|within|without|before|after|when|while|if|that|which|whether)\b|,"
)
_ENGLISH_LEAD = re.compile(
    r"^(?:(?:an?|the|this|that|these|those|each|every|any|all|some|his|her|its|their|our|my|your|us|me|him|them|new|second|next|last"
    r"|first|open|closed|current|monthly|daily|missing|upcoming|remaining|available|online|up|back|[a-z]+ed|unpaid|lost|faulty|extra|two|three|four|five|ten|\d+)\s+)+"
)
_ENGLISH_TAIL = re.compile(
    r"\s+(?:(?:sorted|online|again|all|back|themselves|himself|herself|electronically|later)\b.*|up|\w+ly)$"
)


# A phrase that holds one of these is half of a sentence, a person or a unit.
_ENGLISH_ODD = """
    or and how much is was his her their not us it them one ones what who they he she out charge long soon times mb id home need needs we you i
    such per once first let day week month year mum dad mind the into department team colleague
"""
_ENGLISH_NO_THING = frozenset(_ENGLISH_ODD.split())


@dataclass(frozen=True)
class _Piece:
    """A part of a Chinese wish: a verb, or what stands between verbs; `joined` where it goes on without a word of grammar between."""

    text: str
    verb: bool
    joined: bool


def wished_things(material: Material) -> tuple[str, ...]:
    """Return the nouns of the wishes' objects, each once, in their order; names of parts, people and channels are left out."""
    wishes = _wishes(material)
    if material.language == "zh":
        return tuple(dict.fromkeys(thing for wish in wishes for thing in _chinese(simplified(wish))))
    return _english(wishes)


def could_be_thing(name: str, language: Language) -> bool:
    """Tell whether a name that was read from a brief can be a thing: no person, no unit, no channel, no half of a sentence."""
    return not _NO_THING.search(name) if language == "zh" else _is_thing(name.lower())


def _wishes(material: Material) -> tuple[str, ...]:
    """Return what the stories want, or the actions that the brief names."""
    told = []
    for item in material.upstream_of("user_stories", ""):
        story = read_story(item.text, material.language)
        told.append(str(item.body.get("want") or (story.want if story else "")))
    return tuple(want for want in told if want) or read_actions(material.brief, material.language).actions


@lru_cache(maxsize=512)
def _chinese(wish: str) -> tuple[str, ...]:
    pieces = _merged(list(_pieces(wish)))
    lead = next((piece for piece in pieces if piece.verb), None)
    found: list[str] = []
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) and pieces[place + 1].joined else None
        if not piece.verb:
            ends = after is not None and after.text in _ENDING_EVENTS and not _follows(pieces, place + 1)
            found.append(_MODIFIERS.sub("", piece.text) + after.text if ends and after else _whole(piece.text))
        elif piece.text in _EVENTS and (after is None or after.verb or piece is lead):
            # 满意度评价 is told with what it is of.
            told = place > 0 and piece.joined and not pieces[place - 1].verb and not _follows(pieces, place)
            found += [] if told else [piece.text]
    return tuple(thing for thing in found if 2 <= len(thing) <= _LONGEST)


def _follows(pieces: Sequence[_Piece], place: int) -> bool:
    """Tell whether a piece goes on behind another one without a word of grammar between."""
    return place + 1 < len(pieces) and pieces[place + 1].joined


def _merged(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Put a verb that tells the kind of a document together with it: 结清证明 after 下载, 催收记录 after 登记."""
    merged: list[_Piece] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        kind = before is not None and before.verb and any(one.verb for one in merged[:-1])
        if before and kind and piece.joined and not piece.verb and _DOCUMENTS.fullmatch(piece.text):
            merged[-1] = _Piece(before.text + piece.text, verb=False, joined=before.joined)
        elif before and not before.verb and piece.joined and piece.verb and _DOCUMENTS.fullmatch(piece.text):
            # 催收记录: what can be a verb is a noun behind one.
            merged[-1] = _Piece(before.text + piece.text, verb=False, joined=before.joined)
        else:
            merged.append(piece)
    return merged


def _pieces(wish: str) -> Iterator[_Piece]:
    """Cut a wish at its verbs and at words of grammar."""
    place = start = 0
    joined = False

    def rest(until: int) -> Iterator[_Piece]:
        if until > start:
            yield _Piece(wish[start:until], verb=False, joined=joined)

    while place < len(wish):
        aside = _ASIDE.match(wish, place)
        verb = lexicon().chinese_verbs.match(wish, place)
        if verb is None and aside is None:
            place += 1
            continue
        yield from rest(place)
        if verb is not None:
            yield _Piece(verb.group(0), verb=True, joined=joined or place > start)
        joined = verb is not None
        place = start = verb.end() if verb is not None else aside.end() if aside is not None else place
    yield from rest(place)


def _whole(text: str) -> str:
    """Return a noun without what names but a part of it; empty for people, channels, and what is no thing."""
    thing = _MODIFIERS.sub("", _PARTS.sub("", text))
    return "" if _NO_THING.search(thing) else thing


def _english(wishes: Sequence[str]) -> tuple[str, ...]:
    """Return the objects of the wishes, and what stands behind a preposition where wishes for different objects speak of it."""
    objects: list[str] = []
    others: list[tuple[str, str]] = []
    for wish in wishes:
        first, *more = [_bare(part) for part in _ENGLISH_JOINT.split(wish.lower().partition(" ")[2])]
        # "Ask us for a statement": the object stands behind the preposition.
        if first in ("us", "me", "") and more:
            first = more.pop(0)
        objects.append(first)
        others += [(thing, first) for thing in more]
    spoken = {(_head(thing), first) for thing, first in [*others, *((one, one) for one in objects)]}
    counted = Counter(head for head, _ in spoken)
    again = [thing for thing, _ in others if counted[_head(thing)] > 1]
    return tuple(dict.fromkeys(thing for thing in (*objects, *again) if _is_thing(thing)))


def _head(phrase: str) -> str:
    return stem(phrase.rsplit(maxsplit=1)[-1]) if phrase else ""


def _bare(phrase: str) -> str:
    return _ENGLISH_TAIL.sub("", _ENGLISH_LEAD.sub("", f"{phrase.strip()} ").strip())


def _is_thing(phrase: str) -> bool:
    """Tell whether a phrase is the short name of a thing: one to three words, none of them a verb's form or a number."""
    told = phrase.split()
    return 1 <= len(told) <= 3 and all(re.fullmatch(r"[a-z][a-z-]+", word) for word in told) and not set(told) & _ENGLISH_NO_THING
