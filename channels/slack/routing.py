"""What a message asks for: which stage, and the brief that is left when its name is taken off."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chains.cards.cards import StageInfo

_USER = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>")
_SPECIAL = re.compile(r"<!(?:subteam\^[A-Z0-9]+\|)?@?(\w+)[^>]*>")
# How people set the stage apart from the brief: "user stories: …", "验收标准：…", or nothing but a space.
_AFTER = re.compile(r"^\s*[:：,，;；\-–—]?\s*")


@dataclass(frozen=True)
class Asked:
    """`stage` is the name of the stage that was named, or empty; `brief` what is left."""

    stage: str
    brief: str


def plain_text(text: str) -> str:
    """Return what somebody wrote in Slack as they see it: mentions gone, links as their words, entities as characters."""
    text = _USER.sub(" ", text)
    text = _CHANNEL.sub(r"#\1", text)
    text = _LINK.sub(lambda found: found[2] or found[1].removeprefix("mailto:"), text)
    text = _SPECIAL.sub(r"@\1", text)
    lines = (" ".join(line.split(" ")).strip() for line in unescape(text).splitlines())
    return "\n".join(lines).strip()


def asked_in(text: str, stages: "Iterable[StageInfo]") -> Asked:
    """Return the stage whose name or title (in whichever language `stages` are given) begins a text, the longest that fits."""
    lowered = text.lower()
    best = ("", 0)
    for stage in stages:
        for name in {stage.name, stage.name.replace("_", " "), stage.title}:
            if len(name) > best[1] and lowered.startswith(name.lower()) and _ends(text, len(name)):
                best = (stage.name, len(name))
    stage_name, at = best
    return Asked(stage_name, _AFTER.sub("", text[at:], count=1) if stage_name else text)


def _ends(text: str, at: int) -> bool:
    """Tell whether a name ends here: "user stories2" names no stage; Chinese needs no space after a title."""
    return at >= len(text) or not text[at].isascii() or not (text[at].isalnum() or text[at] == "_")
