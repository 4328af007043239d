"""The states of a class, as far as the actions of the brief tell them: what is submitted and withdrawn has been so."""

import re
from collections.abc import Sequence

from formats.actions import read_actions
from formats.language import stem
from stages.material import Material

# What something is after each action, in the order of a life.
_ENGLISH = {
    "save": "saved",
    "submit": "submitted",
    "raise": "raised",
    "request": "requested",
    "book": "booked",
    "assign": "assigned",
    "approve": "approved",
    "accept": "accepted",
    "reject": "rejected",
    "decline": "declined",
    "refuse": "refused",
    "activate": "activated",
    "sign": "signed",
    "pause": "paused",
    "resume": "resumed",
    "freeze": "frozen",
    "unfreeze": "unfrozen",
    "block": "blocked",
    "unblock": "unblocked",
    "reschedule": "rescheduled",
    "escalate": "escalated",
    "withdraw": "withdrawn",
    "cancel": "cancelled",
    "revoke": "revoked",
    "release": "released",
    "complete": "completed",
    "close": "closed",
}
_CHINESE = """
    提交 申请 预约 登记 上传 分配 转派 审核 审批 批准 驳回 拒绝 退回 签署 签约 激活 启用 暂停 恢复 冻结 解冻 挂失 撤回 取消 解约 终止 结清 注销 关闭
"""
_MOST = 6


def states_of(names: Sequence[str], material: Material) -> tuple[tuple[str, str], ...]:
    """Return the states of what goes by these names, each with the action that leads there; none where fewer than two are told."""
    spoken = "\n".join([material.brief, *(item.text for item in material.upstream_of("user_stories"))])
    reading = read_actions(spoken, material.language)
    about = [action for action in reading.actions if any(_names(name, action) for name in names)]
    found = _chinese(about) if material.language == "zh" else _english(about)
    return tuple(found.items())[:_MOST] if len(found) > 1 else ()


def _names(name: str, action: str) -> bool:
    return name.lower() in action.lower()


def _english(actions: Sequence[str]) -> dict[str, str]:
    verbs = {stem(word.lower()) for action in actions for word in re.findall(r"[A-Za-z]+", action)[:1]}
    return {state: verb for verb, state in _ENGLISH.items() if stem(verb) in verbs}


def _chinese(actions: Sequence[str]) -> dict[str, str]:
    return {f"已{verb}": verb for verb in _CHINESE.split() if any(action.startswith(verb) for action in actions)}
