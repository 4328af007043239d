"""Data in braces as people write it: JSON whose keys and words need no quotes, read within a depth."""

import re
from typing import Any, Final

from formats.plain_data import MOST_DEPTH

_TOKEN = re.compile(r'\s*(?:(?P<sign>[{}\[\],，:：])|(?P<quoted>"(?:[^"\\]|\\.)*"|\'[^\']*\')|(?P<word>[^{}\[\],，:："\']+))')
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}


class NotData(ValueError):
    """Text in braces that does not close, or that nobody can take apart."""


def loose_data(text: str) -> Any:
    """Return what the text tells; a key without a value is a name alone (None is read as text). Raises NotData."""
    tokens = _tokens(text)
    value, at = _value(tokens, 0, 0)
    if at < len(tokens):
        raise NotData(text)
    return value


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise NotData(text[at:])
        word = token["sign"] or token["quoted"] or token["word"].strip()
        found.append({"，": ",", "：": ":"}.get(word, word))
        at = token.end()
    return [each for each in found if each]


def _value(tokens: list[str], at: int, depth: int) -> tuple[Any, int]:
    if at >= len(tokens) or depth > MOST_DEPTH:
        raise NotData(" ".join(tokens[at:]))
    sign = tokens[at]
    if sign == "{":
        return _object(tokens, at + 1, depth + 1)
    if sign == "[":
        return _list(tokens, at + 1, depth + 1)
    if sign in "}],:":
        raise NotData(sign)
    return _word(sign), at + 1


def _object(tokens: list[str], at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while at < len(tokens) and tokens[at] != "}":
        key = tokens[at]
        if key in "{[]:,":
            raise NotData(key)
        name = key[1:-1] if key[0] in "\"'" else key
        found[name], at = "string", at + 1
        if at < len(tokens) and tokens[at] == ":":
            found[name], at = _value(tokens, at + 1, depth)
        at = _passed(tokens, at, "}")
    if at >= len(tokens):
        raise NotData("{")
    return found, at + 1


def _list(tokens: list[str], at: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while at < len(tokens) and tokens[at] != "]":
        value, at = _value(tokens, at, depth)
        found.append(value)
        at = _passed(tokens, at, "]")
    if at >= len(tokens):
        raise NotData("[")
    return found, at + 1


def _passed(tokens: list[str], at: int, end: str) -> int:
    """Pass over a comma; what stands there else must be the end."""
    if at < len(tokens) and tokens[at] == ",":
        return at + 1
    if at < len(tokens) and tokens[at] != end:
        raise NotData(tokens[at])
    return at


def _word(token: str) -> Any:
    if token[0] in "\"'":
        return token[1:-1]
    if token in _WORDS:
        return _WORDS[token]
    if re.fullmatch(r"-?\d{1,18}", token):
        return int(token)
    return float(token) if re.fullmatch(r"-?\d{1,18}\.\d{1,18}", token) else token
