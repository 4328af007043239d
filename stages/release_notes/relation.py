"""Whether changes belong to the initiative, by the words that they share with its stories."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from formats.changes_model import Change
from formats.connextra import read_story
from formats.language import language_of, simplified, words
from stages.material import Material, Term, UpstreamItem
from stages.words import terms_in

# Words of every ticket of a bank, which tell nothing about what it is about.
_GENERIC = frozenset(
    words(
        "customer user client person people team bank system app application online page screen portal mobile web service new old add view"
        " show see change update remove fix support allow enable make use set get create delete edit list manage data information detail"
        " number name time day option function feature improve error wrong issue problem display want able need bug story task work good"
        " better fast slow first last one two way know keep quickly easily request process handle check"
    )
)
_GENERIC_HAN = re.compile(
    "|".join(
        [
            "客户",
            "用户",
            "系统",
            "银行(?!卡|账|承兑)",
            "支持",
            "可以",
            "能够",
            "进行",
            "功能",
            "页面",
            "显示",
            "新增",
            "增加",
            "修改",
            "修复",
            "优化",
            "查看",
            "管理",
            "信息",
            "数据",
            "问题",
            "错误",
            "提示",
            "使用",
            "设置",
            "以便",
            "便于",
            "作为",
            "我想",
            "操作",
            "处理",
            "相关",
            "应用",
            "手机",
            "在线",
            "网上",
            "需要",
            "办理",
            "提供",
            "自己",
            "时间",
            "客服",
            "人员",
            "员工",
            "部门",
            "更新",
            "调整",
            "允许",
            "完成",
            "无法",
            "正确",
            "方便",
        ]
    )
)


def is_related(changes: Sequence[Change], material: Material) -> bool:
    """Tell whether changes share what the initiative is about with its stories; everything is related where none lie upstream.

    A word that runs through the stories is enough in a title; of what stands in one of them alone it takes two.
    """
    stories = material.upstream_of("user_stories") or material.upstream
    if not stories:
        return True
    if any(repeats(change.title, wish_of(story)) for change in changes for story in stories):
        return True
    told = " ".join(headline(change) for change in changes)
    mine = content(told)
    through = _through(stories)
    if mine & through or named_terms(told, material.terms) & named_terms(
        " ".join(wish_of(story) for story in stories), material.terms
    ):
        return True
    whole = mine | content(" ".join(change.body for change in changes))
    needed = 1 if len(stories) < 3 else 2
    return any(
        len(mine & content(wish_of(story))) >= needed or len(whole & content(wish_of(story))) > needed for story in stories
    )


def repeats(title: str, wish: str) -> bool:
    """Tell whether every word of a title stands in a wish, however common each of them is: 回复客户."""
    said = set(words(title))
    return len(said) > 1 and said <= set(words(wish))


def headline(change: Change) -> str:
    """Return the words by which a change is filed: title, scope and labels."""
    return " ".join([change.title, change.note, change.scope, *change.labels]).replace("-", " ").replace("_", " ")


def wish_of(item: UpstreamItem) -> str:
    """Return what an upstream item is about: of a story its wish and its reason, for the role is that of many stories."""
    if "want" in item.body:
        return f"{item.body['want']} {item.body.get('benefit', '')}"
    story = read_story(item.text, language_of(item.text))
    return f"{story.want} {story.benefit}" if story else item.text


@lru_cache(maxsize=2048)
def content(text: str) -> frozenset[str]:
    """Return the words of a text that tell what it is about."""
    # Taken out before the text is cut into pairs of neighbours: 看账 of 查看账户 tells nothing either.
    told = _GENERIC_HAN.sub(" ", simplified(text))
    return frozenset(word for word in words(told) if word not in _GENERIC and not word.isdecimal() and len(word) > 1)


def _through(stories: Sequence[UpstreamItem]) -> frozenset[str]:
    """Return the words that run through the stories: those of at least a third of them, and of two."""
    counted = Counter(word for story in stories for word in content(wish_of(story)))
    least = max(2, -(-len(stories) // 3)) if len(stories) > 2 else 1
    return frozenset(word for word, count in counted.items() if count >= least)


def named_terms(text: str, terms: Sequence[Term]) -> frozenset[str]:
    """Return the terms that a text names, but for roles."""
    return frozenset(term.id for term in terms_in(text, terms) if term.kind != "role")
