"""Text without the characters that XML and its readers refuse: what DOCX, XLSX and HTML can hold."""

import re

# XML 1.0 allows no other control character than tab, line feed and carriage return, no lone surrogate and no noncharacter.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")


def printable(text: str) -> str:
    """Return a text in which every character is allowed, with line feeds alone at the ends of its lines."""
    return _REFUSED.sub("", _LINE_ENDS.sub("\n", text))


def printable_line(text: str) -> str:
    """Return a text on one line, every character of it allowed."""
    return " ".join(printable(text).split())
