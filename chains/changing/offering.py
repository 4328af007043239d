"""Offer: nouns that an artifact uses and the glossary lacks, for a steward to settle."""

import re
from collections.abc import Sequence
from itertools import chain
from typing import Protocol

from errors import Language
from formats.language import has_han
from knowledge.terms.glossary import comparable
from records.terms import Noun
from stages.declaration import Artifact
from stages.material import Material

MOST_NOUNS = 8
_LONGEST_NAME, _LONGEST_EXAMPLE = 80, 400
# Words that every brief may use and no glossary defines.
_COMMON = """
    account action amount application app button change channel comment data date day detail document email entry field file form
    function history information input item link list login menu message name note notification number option output page part
    password person phone process record report request result row screen search service setting status step system table task
    team text thing time title tool type update user value view week word work
    用户 系统 数据 信息 列表 页面 内容 详情 结果 记录 时间 日期 状态 名称 类型 文件 按钮 功能 操作 消息 通知 报表 人员 界面 附件
"""
_GENERIC = frozenset(comparable(word) for word in _COMMON.split())


class Offers(Protocol):
    """Where nouns are offered; nobody waits for it."""

    def offer_soon(self, nouns: Sequence[Noun], person_id: str) -> None:
        """Offer nouns beside the answer."""
        ...


def nouns_to_offer(material: Material, artifact: Artifact, artifact_id: str) -> tuple[Noun, ...]:
    """Return the names of the brief that the glossary lacks and the artifact uses, roles first, each with the text it stands in."""
    texts = [text for item in artifact.items() for text in item.texts().values() if text]
    named = chain(((name, "role") for name in material.unlisted_roles), ((name, "entity") for name in material.unlisted_entities))
    found: dict[str, Noun] = {}
    for name, kind in named:
        key = comparable(name)
        example = next((text for text in texts if _uses(text, name)), "")
        if example and key not in found and _tells(name, key, material.language):
            found[key] = Noun(material.language, key, name, kind, example[:_LONGEST_EXAMPLE], artifact_id)
    return tuple(found.values())[:MOST_NOUNS]


def _tells(name: str, key: str, language: Language) -> bool:
    """Tell whether a name is worth a steward's time: in the language of the brief, no common word, neither a letter nor a sentence."""
    return len(key) >= 2 and len(name) <= _LONGEST_NAME and key not in _GENERIC and has_han(name) == (language == "zh")


def _uses(text: str, name: str) -> bool:
    """Tell whether a text says a name: as words, in the singular or plural, where it is written in Latin letters."""
    if has_han(name):
        return name in text
    return re.search(rf"(?<!\w){re.escape(name)}(?:s|es)?(?!\w)", text, re.IGNORECASE) is not None
