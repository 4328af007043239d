"""Leaves secrets out of what is read: the keys, tokens and passwords that people keep in their saved requests."""

import re
from itertools import pairwise
from typing import Any, Final

LEFT_OUT: Final = "(left out)"

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[\u4e00-\u9fff]+")
_SECRET_WORDS: Final = {
    *("password", "passwords", "passwd", "passphrase", "passcode", "pwd", "pass", "pin", "secret", "secrets", "token", "tokens"),
    *("apikey", "credential", "credentials", "signature", "cookie", "cookies", "authorization", "jwt", "bearer", "otp", "cvv"),
}
_SECRET_PAIRS: Final = {
    *(("api", "key"), ("access", "key"), ("private", "key"), ("account", "key"), ("auth", "key"), ("subscription", "key")),
    *(("session", "id"), ("functions", "key"), ("encryption", "key"), ("signing", "key"), ("master", "key")),
}
_SECRET_HAN = re.compile("密码|口令|令牌|密钥|秘钥|验证码")

# What every secret name has in it: most names, and most texts, need no closer look.
_HINT = re.compile(
    f"pass|pwd|pin|secret|token|key|cred|sign|cook|auth|jwt|bear|otp|cvv|session|{_SECRET_HAN.pattern}", re.IGNORECASE
)

_NAMED = re.compile(r"""(?<![\w.-])(\\?["']|)([\w.-]{1,60})\1\s{0,3}[:=：]\s{0,3}""")
_VALUE = re.compile(
    r"""\\?"(?:[^"\\\n]|\\[^"\n])*\\?"?|'[^'\n]*'?|\[[^\]\n]*\]?|\{(?!\{)[^{}\n]*\}?"""
    r"""|(?:Bearer|Basic|Digest|Token)\s{1,3}[^\s"'&,;]+|[^\s"'&?,;{}<>()\[\]]+"""
)
_HARMLESS = re.compile(r"""[\\"']*(?:\{\{[^{}]*\}\}|true|false|null|)[\\"']*""")
# What is a secret by its own form, wherever it stands.
_FORMS: Final = (
    (re.compile(r"\b(Bearer|Basic|Digest) {1,3}(?!\{\{)[\w.~+/=-]{8,}"), rf"\1 {LEFT_OUT}"),
    (re.compile(r"://[^/\s:@{}]{1,200}:[^/\s@{}]{1,200}@"), f"://{LEFT_OUT}@"),
    (re.compile(r"(\s(?:-u|--user)\s{1,3})[^\s:]{1,200}:\S{1,200}"), rf"\1{LEFT_OUT}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"), LEFT_OUT),
    (re.compile(r"\b(?:sk|pk|rk|ghp|gho|ghs|glpat|xox[abps]|AKIA|AIza|PMAK)[-_A-Za-z0-9]{14,}"), LEFT_OUT),
    (re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}-----)?"), LEFT_OUT),
)


def names_a_secret(name: str) -> bool:
    """Say whether what goes by this name is a secret: `apiKey`, `X-Auth-Token`, `db_password`, 密码."""
    if not _HINT.search(name):
        return False
    words = [word.lower() for word in _WORDS.findall(name[:200])]
    return not _SECRET_WORDS.isdisjoint(words) or not _SECRET_PAIRS.isdisjoint(pairwise(words)) or bool(_SECRET_HAN.search(name))


def without_secrets(text: str) -> str:
    """Return the text with the values of secret names, and what is a secret by its form, replaced; `{{variables}}` stay."""
    parts, done = [], 0
    for named in _NAMED.finditer(text) if _HINT.search(text) else ():
        if named.end() < done or not names_a_secret(named.group(2)):
            continue
        value = _VALUE.match(text, named.end())
        if value and not _HARMLESS.fullmatch(value.group()):
            parts += [text[done : named.end()], LEFT_OUT]
            done = value.end()
    left = "".join([*parts, text[done:]])
    for form, instead in _FORMS:
        left = form.sub(instead, left)
    return left


def data_without_secrets(data: Any) -> Any:
    """Return JSON data with the values of secret names replaced, however they are built."""
    if isinstance(data, dict):
        return {
            key: LEFT_OUT if names_a_secret(str(key)) and not _harmless(value) else data_without_secrets(value)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [data_without_secrets(value) for value in data]
    return without_secrets(data) if isinstance(data, str) else data


def _harmless(value: Any) -> bool:
    return value is None or isinstance(value, bool) or (isinstance(value, str) and bool(_HARMLESS.fullmatch(value)))
