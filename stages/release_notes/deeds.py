"""What a text does to its thing: the verb it leads with, and the family of verbs to which that belongs, in both languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from formats.language import language_of, simplified, stem
from formats.lexicon import lexicon

# Verbs that stand for one another, as a ticket words a wish differently from its story; in English and Chinese.
_FAMILIES: Mapping[str, str] = {
    "see": (
        "view see list show display browse search find look look-up query check follow track filter sort preview"
        " 查看 查询 查阅 浏览 看到 查找 搜索 检索 筛选 过滤 跟踪 追踪 排序 显示 展示"
    ),
    "add": (
        "add create insert enter register issue make raise initiate set-up log"
        " 新增 添加 增加 创建 建立 新建 登记 录入 输入 记录 开立 发起 补录"
    ),
    "change": (
        "change edit update modify amend correct rename adjust alter raise lower increase decrease reduce reschedule"
        " 修改 更改 变更 更新 编辑 调整 调高 调低 设置 设定 更正 订正 改约 改为"
    ),
    "remove": "delete remove cancel withdraw revoke terminate void 删除 移除 取消 撤销 撤回 解约 终止 退订 收回",
    "freeze": "freeze block lock suspend pause disable deactivate 冻结 锁定 屏蔽 暂停 停用 禁用 挂失",
    "unfreeze": "unfreeze unblock unlock resume reactivate enable activate 解冻 解锁 恢复 启用 激活 开通",
    "apply": "apply ask request order book reserve submit propose 申请 申办 申领 预约 提交 办理",
    "decide": "approve accept decline reject refuse review decide 审批 审核 复核 批准 拒绝 驳回 接受",
    "confirm": "confirm verify validate acknowledge 确认 核对 核实 核验 验证 校验",
    "tell": "notify inform remind send push mail forward 通知 短信通知 提醒 发送 推送 转发",
    "answer": "reply answer respond comment 回复 答复",
    "hand over": "assign allocate delegate dispatch transfer escalate 分配 指派 转派 派给 派单",
    "take along": "export download print extract 导出 下载 打印",
    "hand in": "upload attach file import 上传 导入",
    "reckon": "calculate compute simulate estimate 试算 测算 计算 估算",
    "rate": "rate assess evaluate score 评价 评分 打分 评估",
    "end": "close complete settle finish resolve 关闭 结清 提前结清 结单 销户",
    "pay": "pay repay overpay move deposit 支付 缴费 还款 提前还款 存入 转入 转账",
}
# The HTTP methods that serve a family.
_METHODS: Mapping[str, str] = {"see": "GET", "take along": "GET POST", "change": "PATCH PUT", "remove": "DELETE", "add": "POST"}
# "Allow customers to", "add support for", "fix": the deed comes after it.
_OPENING = re.compile(
    r"(?:(?:add|new) support (?:for|of)|(?:it is )?(?:now )?possible to|(?:fix|allow|support|enable|let|offer|implement|introduce|provide)(?:s|ed|ing)?\b"
    r"|支持|允许|可以|实现|提供|修复|修正)[\s:：]*",
    re.IGNORECASE,
)
# Participles whose stem is not their verb's, and an adjective whose stem is a verb's.
_IRREGULAR = {"frozen": "freeze", "unfrozen": "unfreeze", "shown": "show", "seen": "see", "found": "find", "sent": "send", "paid": "pay"} | {
    "withdrawn": "withdraw", "chosen": "choose", "taken": "take", "active": "state", "inactive": "state"
}  # fmt: skip
_WISHED = re.compile(r"\b(?:can(?: now)?|to|may)\s+(?P<verb>[a-z-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Deed:
    """The verb that a text leads with (a stem in English; empty where it tells of a state), and the others that it holds."""

    lead: str
    others: frozenset[str]

    @property
    def families(self) -> frozenset[str]:
        """The families of the leading verb."""
        return families_of([self.lead])


@cache
def _family_of() -> Mapping[str, frozenset[str]]:
    """Return the families of each verb, English ones by their stem."""
    stems = {family: {stem(verb) for verb in told.split()} for family, told in _FAMILIES.items()}
    verbs = frozenset(verb for told in stems.values() for verb in told)
    return {verb: frozenset(family for family, told in stems.items() if verb in told) for verb in verbs}


@lru_cache(maxsize=2048)
def deed_of(text: str) -> Deed:
    """Return what a text does; of "Payee list is not sorted" no verb leads, but it lists and sorts."""
    bare = _OPENING.sub("", simplified(text).strip(), count=1) if _OPENING.match(text.strip()) else simplified(text).strip()
    if language_of(bare) == "zh":
        found = [match.group(0).lower() for match in lexicon().chinese_verbs.finditer(bare)]
        return Deed(found[0] if found else "", frozenset(found[1:]))
    told = [
        stem(_IRREGULAR.get(word, word))
        for word in re.findall(r"[a-z]+(?:-up)?", re.sub(r"\b(set|look) up\b", r"\1-up", bare.lower()))
    ]
    verbs = [word for word in told if word in lexicon().verbs or word in _family_of()]
    wished = _WISHED.search(bare)
    lead = told[0] if told and told[0] in verbs else stem(wished["verb"].lower()) if wished else ""
    return Deed(lead if lead in verbs else "", frozenset(verbs) - {lead})


def families_of(verbs: Iterable[str]) -> frozenset[str]:
    """Return the families to which verbs belong."""
    return frozenset(family for verb in verbs for family in _family_of().get(verb, ()))


def fits_method(families: Iterable[str], method: str) -> bool:
    """Tell whether an HTTP method serves one of these families; what does not read, change or remove is posted."""
    return any(method.upper() in _METHODS.get(family, "POST PATCH PUT").split() for family in families)
