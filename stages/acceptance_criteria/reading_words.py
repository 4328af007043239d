"""The words by which a scenario's kind is told, and in which is said what an imported feature loses."""

import re
from collections.abc import Mapping

from errors import Language
from stages.acceptance_criteria.shape import Kind

_TAGS: Mapping[str, Kind] = {
    "positive": "positive",
    "happy": "positive",
    "happy-path": "positive",
    "happy_path": "positive",
    "正例": "positive",
    "negative": "negative",
    "error": "negative",
    "unhappy": "negative",
    "sad-path": "negative",
    "反例": "negative",
    "异常": "negative",
    "boundary": "boundary",
    "edge": "boundary",
    "edge-case": "boundary",
    "limit": "boundary",
    "边界": "boundary",
}
_BOUNDARY = re.compile(
    r"\b(?:boundar(?:y|ies)|limits?|maximum|minimum|at most|at least|exactly|edge|last second|just (?:below|above|before|after))\b"
    r"|边界|上限|下限|限额|最大|最小|最多|最少|恰好|刚好|临界",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:not|no|cannot|can't|invalid|wrong|without|fail(?:s|ed|ure)?|refus(?:e|es|ed|al)|reject(?:s|ed)?|den(?:y|ies|ied)|errors?"
    r"|unauthori[sz]ed|forbidden|expired|missing|blocked|declined)\b"
    r"|拒绝|失败|不能|无法|不允许|无效|错误|非法|未授权|过期|缺少|不存在|不足",
    re.IGNORECASE,
)

UNNAMED: Mapping[str, Mapping[Language, str]] = {
    "given": {"en": "no precondition is named", "zh": "未写明前提"},
    "when": {"en": "no action is named", "zh": "未写明操作"},
    "then": {"en": "no outcome is named", "zh": "未写明结果"},
    "scenario": {"en": "Scenario", "zh": "场景"},
    "story": {"en": "A feature without a name", "zh": "未命名的功能"},
    "cell": {"en": "(empty)", "zh": "（空）"},
}
LEFT: Mapping[str, Mapping[Language, str]] = {
    "tag": {"en": "The tag @{name} is not kept.", "zh": "标签 @{name} 未保留。"},
    "comments": {"en": "Comments are not kept ({count}), such as “{text}”.", "zh": "{count} 条注释未保留，例如“{text}”。"},
    "kind": {
        "en": "Scenarios without a tag for their kind (@positive, @negative, @boundary) were sorted by their words ({count}).",
        "zh": "{count} 个场景没有类别标签（@positive、@negative、@boundary），已按文字归类。",
    },
    "background": {
        "en": "The Background is no part by itself; its steps stand in every scenario.",
        "zh": "“背景”不单独保留，其步骤已写入每个场景。",
    },
    "rule": {"en": "The Rule “{name}” is not kept; its scenarios are.", "zh": "规则“{name}”未保留，其中的场景已保留。"},
    "description": {
        "en": "The description of “{name}” is not kept: “{text}”.",
        "zh": "“{name}”的说明未保留：“{text}”。",
    },
    "block": {
        "en": "In “{name}”, the table or text below the step “{step}” is not kept: “{text}”.",
        "zh": "“{name}”中步骤“{step}”下的表格或文本未保留：“{text}”。",
    },
    "steps": {"en": "“{name}” has more steps than can be kept: “{text}”.", "zh": "“{name}”的步骤过多，未保留：“{text}”。"},
    "joined": {
        "en": "“{name}” has {count} steps of one kind; from the fourth on they stand in one line.",
        "zh": "“{name}”有 {count} 个同类步骤，从第四个起合并为一行。",
    },
    "rows": {"en": "{count} rows of the examples of “{name}” are not kept.", "zh": "“{name}”的例子中有 {count} 行未保留。"},
    "columns": {
        "en": "Columns of the examples of “{name}” are not kept: {names}.",
        "zh": "“{name}”的例子中以下列未保留：{names}。",
    },
    "refused": {"en": "Gherkin's parser refuses line {text}", "zh": "Gherkin 解析器拒绝第 {text}"},
    "no-steps": {
        "en": "The scenario “{name}” has no steps and was left out.",
        "zh": "场景“{name}”没有任何步骤，已略去。",
    },
    "no-given": {"en": "“{name}” has no Given.", "zh": "“{name}”没有“假如”。"},
    "no-when": {"en": "“{name}” has no When.", "zh": "“{name}”没有“当”。"},
    "no-then": {"en": "“{name}” has no Then.", "zh": "“{name}”没有“那么”。"},
    "then-first": {"en": "In “{name}”, a Then stands before the When.", "zh": "“{name}”中“那么”出现在“当”之前。"},
    "several-whens": {
        "en": "“{name}” has {count} Whens, which stand in one line here; make a scenario of each.",
        "zh": "“{name}”有 {count} 个“当”，此处合并为一行；请拆成多个场景。",
    },
    "no-examples": {"en": "The outline “{name}” has no rows of examples.", "zh": "场景大纲“{name}”没有例子。"},
}


def kind_tag(tag: str) -> Kind | None:
    """Return the kind that a tag names."""
    return _TAGS.get(tag.casefold())


def kind_of(name: str, outcome: str) -> Kind:
    """Return the kind that a scenario's name, or what comes of it, speaks of; positive where neither says otherwise."""
    if _BOUNDARY.search(name):
        return "boundary"
    return "negative" if _NEGATIVE.search(f"{name} {outcome}") else "positive"
