"""A small pack of a bank, written into a folder of the test's own."""

from pathlib import Path

GLOSSARY = """terms:
- {id: payee, kind: role, context: payments, en: payee, zh: 收款人,
   definition: {en: Who receives a transfer., zh: 收到转账的人。},
   aliases: {en: [beneficiary], zh: [受益人]}, forbidden: {en: [recipient], zh: [收钱人]}, owner: Payments, status: approved}
- {id: transfer, kind: entity, context: payments, en: transfer, zh: 转账,
   definition: {en: Money moved between accounts., zh: 账户之间的资金划转。},
   aliases: {en: [], zh: []}, forbidden: {en: [remittance], zh: []}, owner: Payments, status: approved}
- {id: transfer-limit, kind: entity, context: payments, en: transfer limit, zh: 转账限额,
   definition: {en: The most that one transfer may move., zh: 单笔转账的最高金额。},
   aliases: {en: [T+1 cap], zh: []}, forbidden: {en: [], zh: []}, owner: Payments, status: approved}
- {id: loan, kind: entity, context: lending, en: mortgage, zh: 按揭,
   definition: {en: A loan for a home., zh: 购房贷款。}, owner: Lending, status: draft}
"""

HEADING = """name: small-bank
title: {en: Small bank, zh: 小银行}
about: {en: For tests., zh: 测试用。}
licence: Apache-2.0
"""

ASSETS = {
    "shelves/rules/limits.en.md": (
        "rules",
        "everyone",
        "approved",
        "# Transfer limits\n\nA transfer above 5,000 needs a second approval.\n\n## Cooling-off\n\n"
        "A first transfer to a new payee waits for thirty minutes.",
    ),
    "shelves/rules/limits.zh.md": (
        "rules",
        "everyone",
        "approved",
        "# 转账限额\n\n单笔转账超过五千元须复核。\n\n## 冷静期\n\n首次向新收款人转账须等待三十分钟。",
    ),
    "shelves/secret/board.en.md": (
        "secret",
        "board",
        "approved",
        "# Board paper\n\nThe transfer limit will be raised to 9,000 next year.",
    ),
    "shelves/rules/old.en.md": ("rules", "everyone", "retired", "# Former limits\n\nA transfer above 700 needed a visit."),
    "shelves/stories/example.en.md": (
        "stories",
        "everyone",
        "approved",
        "# Story example\n\nAs an account holder I want to schedule a transfer so that rent is paid.",
    ),
}


def asset(shelf: str, groups: str, status: str, body: str, language: str) -> str:
    title = body.splitlines()[0].removeprefix("# ")
    return (
        f"---\ntitle: {title}\nshelf: {shelf}\ntype: domain-rule\nowner: Somebody\ngroups: [{groups}]\n"
        f"status: {status}\nlanguage: {language}\n---\n{body}\n"
    )


def write_pack(folder: Path) -> Path:
    """Write the whole pack and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(HEADING, "utf-8")
    (folder / "glossary.yaml").write_text(GLOSSARY, "utf-8")
    for path, (shelf, groups, status, body) in ASSETS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(asset(shelf, groups, status, body, path[-5:-3]), "utf-8")
    return folder
