"""Words by which a text for readers is told from a note among colleagues."""

import re

VAGUE = re.compile(
    r"\b(?:various|several|some|minor|small|misc(?:ellaneous)?|general|other|many|multiple) (?:\w+ )?(?:bug ?)?(?:fixes|improvements|changes|updates|enhancements|issues|tweaks|optimi[sz]ations)\b"
    r"|^(?:bug ?fixes|improvements|performance improvements|stability improvements|fixed (?:some |several )?(?:bugs|issues)|bug fixes and (?:\w+ )?improvements)[.!]?$"
    r"|\bbug fixes and (?:\w+ )?improvements\b"
    r"|若干(?:问题|优化|改进|缺陷)|(?:一些|部分|多处|多项|其他)(?:已知)?(?:问题|缺陷|优化|改进|调整)|已知问题|体验优化$|性能优化$|常规(?:优化|更新)",
    re.IGNORECASE,
)
_KEY = r"(?<![\w-])(?!(?:UTF|ISO|SHA|RFC|TLS|IEC|GB|EN|AES|IPV)-)[A-Z][A-Z0-9]{1,9}-\d{1,7}(?![\w-])"
_SHA = r"(?<![\w.-])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?![\w-])"
IDS = re.compile(rf"{_KEY}|(?<!\w)#\d+\b|{_SHA}")
# With what stands around an id when it is taken out: brackets, a colon after it.
BRACKETED_IDS = re.compile(rf"\s*[\[(（【](?:(?:{_KEY}|#\d+|{_SHA})[,，、;\s]*)+[\])）】]|^(?:{_KEY}|#\d+|{_SHA})\s*[:：–—-]\s*")
PREFIX = re.compile(
    r"^(?:feat(?:ure)?|bugfix|hotfix|fix|docs?|style|refactor|perf|tests?|chore|build|ci|revert|sec)(?:\([^()]{1,60}\))?!?\s?[:：]\s*"
    r"|^(?:新增|功能|修复|优化|重构|变更|移除|安全)\s?[:：]\s*",
    re.IGNORECASE,
)
# The kind of a change put before its title: "Fixed: ".
LABEL = re.compile(
    r"^(?:fixed|added|new|changed|updated|improved|removed|deprecated|security|(?:已|现已)?(?:修复|新增|优化|更新|变更|移除))\s?[:：]\s*",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(?:refactor\w*|back-?end|front-?end|null ?pointers?|NPE|stack ?traces?|exceptions?|commits?|pull requests?|merge[ds]?|repositor(?:y|ies)|schemas?|payloads?"
    r"|DTOs?|regressions?|cron|micro-?services?|endpoints?|middleware|tech(?:nical)? debt|unit tests?|CI/CD|pipelines?|SQL|database|cache invalidation|race condition)\b"
    r"|\b[a-z]+[a-z0-9]*(?:_[a-z0-9]+)+\b|\b[a-z]+(?:[A-Z][a-z0-9]+)+\b|\w+\(\)|(?<!\w)/[\w{}-]+/[\w/{}-]+|\b\w+\.(?:py|java|js|ts|sql|xml|ya?ml)\b"
    r"|空指针|重构|后端|前端|数据库|接口层|单元测试|微服务|中间件|流水线|合并请求|堆栈|技术债",
)


def plain(text: str) -> str:
    """Return a text as two texts are compared: without case, prefix, full stop and needless blanks."""
    return " ".join(PREFIX.sub("", text).casefold().split()).rstrip(".。!！")
