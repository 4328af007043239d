"""How long it takes to find the terms of a text in a glossary of 20,000, to build that glossary, and what it takes in memory.

Run `python -m benchmarks.glossary`.
"""

import gc
import itertools
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.figures import ROOT, Figure, Journal
from knowledge.terms.glossary import Definition, Glossary, Names, Term

TERMS, WORDS, RUNS = 20_000, 2_000, 50
FOUND_MS = 10.0
# Parts of names, in the order in which a name takes them: thousands of names begin alike, as they do in a bank.
_PARTS = (
    "retail 零售,corporate 公司,private 私人,mobile 手机,cross-border 跨境,domestic 境内,foreign 外币,joint 联名,virtual 虚拟,green 绿色,"
    "secured 抵押,overdue 逾期,recurring 定期,instant 即时,bulk 批量,pending 待处理",
    "savings 储蓄,current 活期,deposit 存款,loan 贷款,mortgage 按揭,card 卡片,payment 支付,transfer 转账,insurance 保险,fund 基金,bond 债券,"
    "collateral 担保品,merchant 商户,customer 客户,branch 网点,settlement 清算,clearing 结算,treasury 资金",
    "account 账户,agreement 协议,application 申请,statement 对账单,balance 余额,limit 限额,fee 费用,rate 利率,schedule 计划,order 指令,"
    "mandate 授权,dispute 争议,refund 退款,approval 审批,review 复核,risk 风险,score 评分,notice 通知",
    "owner 所有者,number 编号,status 状态,history 历史,policy 政策,type 类型,officer 专员,code 代码",
)
_BETWEEN = (
    "the customer can see and change this in the app when every rule of the bank allows it so that nobody has to visit us again "
    "before an officer checks what was asked for and tells them by mail"
)
_BETWEEN_ZH = "在手机上可以查看并修改这些内容只要符合我行的规定以便于无需再次到店办理之前由人员核对所提交的并通过短信告知"


def measure(journal: Journal) -> None:
    """Print the median of each text with its target, then the time to build the glossary and its memory."""
    terms = list(itertools.islice(_terms(), TERMS))
    gc.collect()
    before, since = psutil.Process().memory_info().rss, time.perf_counter()
    glossary = Glossary(terms)
    built = time.perf_counter() - since
    megabytes = (psutil.Process().memory_info().rss - before) / 2**20
    # As a server does after loading: else the collector goes through every term now and then.
    gc.collect()
    gc.freeze()
    try:
        for name, text in _texts(terms).items():
            _tell_text(journal, glossary, name, text)
    finally:
        gc.unfreeze()
    journal.tell(Figure("glossary", f"building it from {len(terms):,} terms", f"{built:.2f} s"))
    journal.tell(Figure("glossary", "memory of what finds them, without the terms", f"{megabytes:.0f} MB"))


def _tell_text(journal: Journal, glossary: Glossary, name: str, text: str) -> None:
    """Print the median of the clock, which is held to the target, with the median of the processor, which a busy machine leaves alone."""
    clock, processor = [], []
    for _ in range(RUNS):
        since, worked = time.perf_counter(), time.process_time()
        found = glossary.found_in(text)
        clock.append((time.perf_counter() - since) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    median = statistics.median(clock)
    value = f"{median:.1f} ms (CPU {statistics.median(processor):.1f}, {len(found)} found)"
    longer = len(text) > 20 * WORDS
    journal.tell(
        Figure("glossary", name, value, "" if longer else f"under {FOUND_MS:.0f} ms", None if longer else median < FOUND_MS)
    )


def _terms() -> Iterator[Term]:
    """Yield terms with names in both languages and an alias in each, always the same ones."""
    slots = [[tuple(part.split()) for part in parts.split(",")] for parts in _PARTS]
    chosen = list(itertools.product([("", ""), *slots[0]], slots[1], slots[2], [("", ""), *slots[3]], ["", " plan", " service"]))
    random.Random(7).shuffle(chosen)
    for number, (*pairs, last) in enumerate(chosen):
        en = " ".join(english for english, _ in pairs if english) + last
        zh = "".join(chinese for _, chinese in pairs) + {"": "", " plan": "方案", " service": "服务"}[last]
        aliases = Names((f"{en} item",), (f"本行{zh}",))
        yield Term(f"t{number}", "entity", "", en, zh, Definition("", ""), aliases, Names(), "", "approved")


def _texts(terms: list[Term]) -> dict[str, str]:
    """Return the texts to search, by what they are."""
    chance = random.Random(11)
    english: list[str] = []
    while len(english) < WORDS:
        name = chance.choice(terms).en.split()
        # A third are names, a third beginnings of names that go on differently.
        english += chance.choice([name, name[:-1], []]) + chance.sample(_BETWEEN.split(), 6)
    chinese = ""
    while len(chinese) < WORDS:
        name_zh = chance.choice(terms).zh
        start = chance.randrange(len(_BETWEEN_ZH) - 12)
        chinese += chance.choice([name_zh, name_zh[:-1], ""]) + _BETWEEN_ZH[start : start + 12]
    longest = max(terms, key=lambda term: len(term.en.split())).en.split()[:-1]
    repeated = (longest * WORDS)[:WORDS]
    return {
        f"terms of {WORDS:,} English words": " ".join(english[:WORDS]),
        f"terms of {WORDS:,} Chinese characters": chinese[:WORDS],
        "the same with traditional characters in it": chinese[:WORDS].replace("账户", "賬戶").replace("贷款", "貸款"),
        f"{WORDS:,} words of one long beginning, repeated": " ".join(repeated),
        f"{10 * WORDS:,} English words": " ".join(english[:WORDS] * 10),
    }


if __name__ == "__main__":
    measure(Journal(Path(ROOT / ".data/benchmarks-data")))
