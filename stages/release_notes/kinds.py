"""What kind of change a commit or ticket is, by its type and its words, and which changes no reader asks for."""

import re
from collections.abc import Mapping

from formats.changes_model import Change
from stages.release_notes.shape import Audience, Left, Section

_TYPES: Mapping[Section, tuple[str, ...]] = {
    "added": (
        *("feat", "feature", "new feature", "story", "user story", "epic", "add", "added", "requirement", "new"),
        *("需求", "故事", "用户故事", "新功能", "新增", "功能", "特性", "新特性", "史诗"),
    ),
    "changed": (
        *("improvement", "improve", "enhancement", "change", "changed", "change request", "task", "perf", "performance"),
        *("优化", "改进", "变更", "任务", "性能", "性能优化"),
    ),
    "fixed": (
        *("fix", "bug", "bugfix", "hotfix", "defect", "incident", "problem", "fault"),
        *("缺陷", "故障", "修复", "修正", "问题", "错误"),
    ),
    "security": ("sec", "security", "vulnerability", "安全", "漏洞", "安全漏洞"),
    "deprecated": ("deprecate", "deprecated", "废弃", "弃用"),
    "removed": ("remove", "removed", "移除", "下线"),
}
_SECTIONS: Mapping[str, Section] = {name: section for section, names in _TYPES.items() for name in names}
# Nobody but these readers asks for them.
_READERS: tuple[tuple[tuple[Audience, ...], tuple[str, ...]], ...] = (
    (
        (),
        (
            "merge",
            "revert",
            "wip",
            "fixup",
            "squash",
            "style",
            "test",
            "tests",
            "ci",
            "spike",
            "测试",
            "样式",
            "测试任务",
            "技术预研",
        ),
    ),
    (("operations",), ("subtask", "sub-task", "子任务", "杂项", "chore")),
    (("developers",), ("doc", "docs", "documentation", "文档", "refactor", "重构")),
    (
        ("operations", "developers"),
        (
            *("build", "构建", "deployment", "infrastructure", "technical task", "tech task", "tech debt", "technical debt"),
            *("技术任务", "技术债", "技术改造"),
        ),
    ),
)
_INTERNAL: Mapping[str, tuple[Audience, ...]] = {name: readers for readers, names in _READERS for name in names}
_UNDONE = re.compile(
    r"to ?do|open|new|reopened|in progress|in review|in test(?:ing)?|backlog|selected.*|blocked|won'?t (?:do|fix).*|cancell?ed|duplicate"
    r"|rejected|declined|invalid|cannot reproduce|待办|待处理|待开发|未开始|新建|打开|重新打开|进行中|开发中|测试中|处理中|评审中|已取消|取消|不修复|不处理|重复|已拒绝|挂起|无法重现",
    re.IGNORECASE,
)
_SECURITY = re.compile(
    r"\b(?:vulnerab\w*|CVE-\d+|XSS|CSRF|SQL injection|security (?:hole|gap|fix|issue))|漏洞|注入攻击|越权", re.IGNORECASE
)
# The first words of a subject, where its type says nothing.
_WORDS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("fixed", re.compile(r"(?:fix|correct|repair|resolve|prevent)\w*\b|.*(?:修复|修正|更正|解决)", re.IGNORECASE)),
    ("deprecated", re.compile(r"deprecat\w*|.*(?:废弃|弃用|不再推荐)", re.IGNORECASE)),
    ("removed", re.compile(r"(?:remove|drop|delete|retire|discontinue|shut down|withdraw)\w*\b|.*(?:移除|下线|停用|去除|取消支持|停止支持)|删除", re.IGNORECASE)),
    ("added", re.compile(r"(?:add|introduce|support|allow|enable|offer|let|new|provide|launch|as an? )\w*\b|(?:新增|增加|支持|允许|提供|上线|作为|可)", re.IGNORECASE)),
)  # fmt: skip


def section_of(change: Change) -> Section:
    """Return the section that a change belongs to."""
    by_type = _SECTIONS.get(change.type)
    if by_type in (None, "fixed", "changed", "security") and _SECURITY.search(change.title):
        return "security"
    by_words = next((section for section, pattern in _WORDS if pattern.match(change.title)), None)
    # "Delete a payee" is a new function; a breaking change that removes is none.
    if by_words in ("removed", "deprecated") and (change.breaking or by_type in (None, "changed")):
        return by_words
    return by_type or by_words or "changed"


def left_out(change: Change, audience: tuple[Audience, ...]) -> Left:
    """Return why no entry is asked of a change: it is the team's own affair, or not done; empty where one is asked."""
    if change.kind == "ticket" and _UNDONE.fullmatch(change.status):
        return "open"
    readers = _INTERNAL.get(change.type)
    if readers is None and re.match(r"(?:fixup|squash|amend)! ", change.title):
        readers = ()
    if readers is None or change.breaking or set(readers).intersection(audience):
        return ""
    return "internal"
