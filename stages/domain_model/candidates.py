"""The classes that a brief and its stories name by themselves: official entities, other things, never a role."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from errors import Language
from formats.language import has_han, simplified, stem, words
from formats.lexicon import lexicon
from stages.domain_model.shape import Kind, plain_name, same_name, singular
from stages.domain_model.wished import could_be_thing, wished_things
from stages.material import Material, Term, UpstreamItem
from stages.words import terms_in

MOST = 8
# Where the rules find fewer, the model is asked what else there is.
FEW = 3
_KINDS: dict[str, Kind] = {"entity": "entity", "process": "entity", "event": "event", "value": "value object"}
# What stands for a part of something else, or for the program itself, is no class of its own.
_ENGLISH = """
    access action amount app area bank change channel comment data date day detail details email field history information item list mail
    money name note number option overview page people phone progress queue reason result size state status system term thing time total
    type value view way
"""
_CHINESE = """
    金额 日期 时间 期限 名称 编号 状态 进度 详情 列表 名单 备注 原因 类型 结果 信息 数据 系统 页面 渠道 邮箱 短信 方式 内容 资料 情况 总额
    次数 功能 流程 操作 银行 用户 剩余期数 寄送进度 业务类型 案件详情 处理结果 个人信息
"""
_NO_CLASS: dict[Language, frozenset[str]] = {"en": frozenset(_ENGLISH.split()), "zh": frozenset(_CHINESE.split())}
# Who owns what the bank keeps is kept as well; who only works with it is a role and no class.
PARTY = re.compile(
    r"\b(?:customer|client|(?:card|account |policy)?holder|borrower|member|guest|payee|beneficiary|merchant|tenant|company)\b"
    r"|客户|持卡人|持有人|借款人|会员|收款人|商户|租户|企业",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A class to be written: its name, the words that stand for it, what the glossary says of it, and who names it upstream.

    `party` marks the person or company to whom the others belong.
    """

    name: str
    names: tuple[str, ...]
    kind: Kind = "entity"
    definition: str = ""
    stories: tuple[str, ...] = ()
    party: bool = False


def candidates(material: Material, more: Sequence[str] = ()) -> tuple[Candidate, ...]:
    """Return the classes that are named, official entities first; `more` are names that the model adds, kept where they are spoken of."""
    told = _told(material)
    official = [(_candidate(term), term.kind == "value") for term in material.terms if term.name in material.entities]
    official = [pair for pair in official if _spoken(pair[0].names, told)] or official
    things = [_named(name) for name in _things(material) if _spoken((name,), told)]
    said = {_named(name).name for name in more}
    added = [_named(name) for name in more if not _is_action(name) and _spoken((name,), f"{told}\n{material.brief}")]
    ranked = [one for one, value in official if not value]
    ranked += [one for one in (*things, *added) if _is_class(one.name, material)]
    ranked += [one for one, value in official if value]
    kept: list[Candidate] = []
    for one in ranked:
        if one.name in said and any(_retells(one, other) for other in kept):
            continue
        if not is_role(one.name, material) and not same_name(one.name, [name for other in kept for name in other.names]):
            kept.append(one)
    kept = [*_party(material, told), *kept] if kept else kept
    return tuple(replace(one, stories=_stories(one, material.upstream)) for one in kept[:MOST])


def _is_action(name: str) -> bool:
    """Tell whether a name is one English verb alone."""
    plain = name.strip().lower()
    return stem(plain) in lexicon().verbs and plain not in lexicon().also_nouns


def _retells(one: Candidate, other: Candidate) -> bool:
    """Tell whether a name that the model adds is only a part of another: an official term is whole, the end of any is no thing by itself."""
    return _holds(other.name, one.name) and (bool(other.definition) or _is_special(other.name, one.name))


def _party(material: Material, told: str) -> list[Candidate]:
    """Return the one role that owns what is kept, where brief or stories name it."""
    roles = [term for term in material.terms if term.name in material.roles and PARTY.search(term.name)]
    found = [replace(_candidate(term), kind="entity", party=True) for term in roles if _spoken(term.names, told)]
    return found[:1]


@dataclass(frozen=True)
class Owned:
    """A class with the one that it belongs to, or is a kind of, as far as the words tell; None where they do not."""

    one: Candidate
    owner: Candidate | None = None
    special: bool = False


def owned(found: Sequence[Candidate], material: Material) -> tuple[Owned, ...]:
    """Return the classes, each after the one that it belongs to: `records of an account`, 账户的记录, a loan before its application."""
    told = _spoken_text(material)
    left = list(found)
    ordered: list[Owned] = []
    while left:
        owners = {one.name: _owner(one, [other for other in found if other is not one], told) for one in left}
        waiting = {one.name for one in left}
        # Where each waits for another, the words run in a circle: the first of them goes first.
        free = next((one for one in left if owners[one.name] is None or _name(owners[one.name]) not in waiting), left[0])
        owner = owners[free.name]
        known = owner if owner is not None and owner.name not in waiting else None
        ordered.append(Owned(free, known, known is not None and _is_special(free.name, known.name)))
        left.remove(free)
    return tuple(ordered)


def _name(one: Candidate | None) -> str:
    return one.name if one else ""


def _owner(one: Candidate, others: Sequence[Candidate], told: str) -> Candidate | None:
    """Return the class that the names or the text tell to be the owner of this one."""
    inside = [other for other in others if _holds(one.name, other.name)]
    if inside:
        return max(inside, key=lambda other: len(other.name))
    return next(
        (other for other in others if any(_belongs(name, owner, told) for name in one.names for owner in other.names)), None
    )


def _candidate(term: Term) -> Candidate:
    return Candidate(_headed(term.name), term.names or (term.name,), _KINDS.get(term.kind, "entity"), term.definition)


def _named(name: str) -> Candidate:
    one = singular(" ".join(name.split()))
    return Candidate(_headed(one), (one, name))


def _headed(name: str) -> str:
    return name[:1].upper() + name[1:]


def _things(material: Material) -> Iterable[str]:
    """Return the things outside the glossary: those of the brief, those that the stories name as entities, and those they are about."""
    upstream = [
        name
        for item in material.upstream
        for name in item.body.get("entities") or ()
        if isinstance(name, str) and not same_name(name, material.entities)
    ]
    told = dict.fromkeys([*material.unlisted_entities, *upstream])
    named = [name for name in told if could_be_thing(name, material.language)]
    for name in wished_things(material):
        known = [*material.entities, *named]
        # 逾期案件 and 案件 are one thing, and so are a push notification and a notification.
        if not any(_ends_as(name, other) or _ends_as(other, name) for other in known):
            named.append(name)
    return named


def _ends_as(name: str, other: str) -> bool:
    """Tell whether a name is another with a word before it."""
    return plain_name(singular(name)).endswith(plain_name(singular(other)))


def _told(material: Material) -> str:
    """Return the text that decides what is a class: brief, stories and operations; a scenario speaks of much besides."""
    chosen = [item for item in material.upstream if item.stage != "acceptance_criteria"] or material.upstream
    entities = [name for item in chosen for name in item.body.get("entities") or () if isinstance(name, str)]
    return "\n".join([material.brief, *(item.text for item in chosen), *entities])


def _spoken_text(material: Material) -> str:
    return simplified("\n".join([material.brief, *(item.text for item in material.upstream)])).lower()


def _spoken(names: Iterable[str], told: str) -> bool:
    """Tell whether a text names something, in the singular or the plural."""
    plain, stems = simplified(told).lower(), set(words(told))
    return any(simplified(name).lower() in plain if has_han(name) else set(words(name)) <= stems for name in names if words(name))


def _is_class(name: str, material: Material) -> bool:
    plain = singular(name.lower()).removeprefix("new ").strip()
    last = plain.split()[-1] if plain.split() else ""
    return 2 <= len(name) <= 40 and plain not in _NO_CLASS[material.language] and last not in {"detail", "list", "status"}


def is_role(name: str, material: Material) -> bool:
    """Tell whether a name is that of a role, of the glossary or of the brief."""
    roles = [name for term in material.terms if term.kind == "role" for name in (term.name, *term.names)]
    return same_name(name, [*roles, *material.roles, *material.unlisted_roles, *material.all_roles])


def _stories(one: Candidate, upstream: Sequence[UpstreamItem]) -> tuple[str, ...]:
    """Return the ids of the upstream items that name a class."""
    term = Term("", "", one.name, "", tuple(dict.fromkeys([*one.names, one.name])))
    return tuple(
        item.id
        for item in upstream
        if terms_in(simplified(item.text), [term]) or same_name(one.name, map(str, item.body.get("entities") or ()))
    )[:40]


def _belongs(name: str, owner: str, told: str) -> bool:
    if has_han(name) or has_han(owner):
        return f"{owner}的{name}" in told or f"{owner}{name}" in told
    small, large = name.lower(), owner.lower()
    return bool(
        re.search(rf"\b{re.escape(small)}s?\s+(?:of|on|for|from|in|to)\s+(?:\w+\s+)?{re.escape(large)}s?\b", told)
        or re.search(rf"\b{re.escape(large)}(?:'s|s')\s+(?:\w+\s+)?{re.escape(small)}", told)
    )


def _holds(name: str, other: str) -> bool:
    """Tell whether one name is a part of another: a loan application belongs to a loan, a joint account is an account."""
    one, part = plain_name(name), plain_name(other)
    return one != part and len(part) >= 2 and (one.startswith(part) or one.endswith(part))


def _is_special(name: str, other: str) -> bool:
    return plain_name(name).endswith(plain_name(other))
