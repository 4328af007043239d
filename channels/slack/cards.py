"""An artifact as Block Kit: its items with their buttons, its sources as numbered context, what the checks found."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from channels.slack.mrkdwn import BLOCKS, PLAIN, SECTION, bold, cut, escaped, link, literal, split
from channels.texts import Texts

Json = dict[str, Any]
_BUTTON, _OPTIONS, _EXCERPT = 75, 100, 280
_SIGNS = {"error": ":red_circle:", "warning": ":large_orange_circle:", "hint": ":white_circle:"}
_ACCEPTED = ("accepted", "reviewed", "approved")
_MARKS = {"accepted": ":white_check_mark:", "edited": ":pencil2:", "rejected": ":x:"}


@dataclass(frozen=True)
class Shown:
    """What a card is drawn from: the properties of the page's card, the texts, and the address of the artifact in the browser."""

    props: Json
    texts: Texts
    address: str = ""

    def value(self, **more: str) -> str:
        """Return what a button carries: ids and the version that the person saw, never content."""
        return json.dumps({"a": self.props["artifactId"], "v": self.props["version"], **more}, separators=(",", ":"))


def card_parts(shown: Shown) -> list[list[Json]]:
    """Return the blocks of each message that a card takes; an item is never torn apart unless it is longer than a message."""
    groups = [_head(shown), *(_item(shown, item, before) for item, before in _with_before(shown.props["items"]))]
    groups += [_whole(shown), _sources(shown), [_footer(shown)]]
    parts: list[list[Json]] = [[]]
    for group in groups:
        for at in range(0, len(group), BLOCKS):
            piece = group[at : at + BLOCKS]
            if len(parts[-1]) + len(piece) > BLOCKS:
                parts.append([])
            parts[-1] += piece
    return [part for part in parts if part]


def card_text(shown: Shown) -> str:
    """Return what a notification shows of a card."""
    return cut(f"{literal(shown.props['stageTitle'])}: {literal(shown.props['title'])}", 300)


def section(text: str) -> list[Json]:
    """Return mrkdwn as sections of no more than Slack takes."""
    return [{"type": "section", "text": _mrkdwn(piece)} for piece in split(text, SECTION)]


def context(lines: Sequence[str]) -> list[Json]:
    """Return mrkdwn lines in small grey print."""
    return [{"type": "context", "elements": [_mrkdwn(piece)]} for piece in split("\n".join(lines), SECTION)] if lines else []


def button(label: str, action: str, value: str, style: str = "") -> Json:
    """Return a button."""
    made: Json = {"type": "button", "action_id": action, "text": _plain(label, _BUTTON), "value": value}
    return {**made, "style": style} if style else made


def findings_lines(findings: Iterable[Json]) -> list[str]:
    """Return findings, each with its sign and its gravity in words."""
    return [
        f"{_SIGNS.get(one['severity'], '')} {literal(one['severityText'])} {literal(cut(one['message'], 500))}"
        for one in findings
    ]


def _head(shown: Shown) -> list[Json]:
    props = shown.props
    facts = [literal(part) for part in (props["stageTitle"], props["badge"]["text"], props["versionText"]) if part]
    if shown.address:
        facts.append(link(shown.address, shown.texts("slack_open")))
    notices = [literal(one) for one in [props["notice"], *props["notices"]] if one]
    return [
        {"type": "header", "text": _plain(props["title"] or props["stageTitle"], PLAIN)},
        *context([" · ".join(facts)]),
        *context(notices),
    ]


def _with_before(items: Sequence[Json]) -> Iterable[tuple[Json, str]]:
    """Yield each item with the section of the one before it."""
    before = ""
    for item in items:
        yield item, before
        before = item["section"]


def _item(shown: Shown, item: Json, before: str) -> list[Json]:
    heading = bold(item["section"]) if item["section"] and item["section"] != before else ""
    title = " ".join(filter(None, (bold(f"{item['id']} {item['title']}"), *(f"`{escaped(one)}`" for one in item["badges"]))))
    text = "\n".join(filter(None, (heading, title, *map(_line, item["lines"]))))
    facts = [" ".join(filter(None, (_MARKS.get(item["status"], ""), literal(item["badge"]["text"]))))] if item["badge"] else []
    if item["sources"]:
        facts.append(f"{literal(shown.texts('label_sources'))} {' '.join(f'[{number}]' for number in item['sources'])}")
    facts += [literal(item["link"])] if item["link"] else []
    said = context([*([" · ".join(facts)] if facts else []), *findings_lines(item["findings"])])
    value = shown.value(i=item["id"])
    labels = shown.texts
    actions = [] if item["status"] == "accepted" else [button(labels("label_accept"), "accept", value)]
    actions += [button(labels("label_edit"), "edit", value), button(labels("label_reject"), "reject", value)]
    return [{"type": "divider"}, *section(text), *said, {"type": "actions", "elements": actions}]


def _line(line: Json) -> str:
    text = " | ".join(line["cells"]) if line["cells"] else "".join(part["text"] for part in line["parts"])
    return "    " * int(line["depth"]) + " ".join(filter(None, (bold(line["keyword"]), literal(text))))


def _whole(shown: Shown) -> list[Json]:
    """Return what stands against the whole, what was mended, and what the artifact leaves open."""
    props, labels = shown.props, shown.texts
    mended = [*props["mends"], *(mend for item in props["items"] for mend in item["mends"])]
    blocks = context([bold(labels("label_findings")), *findings_lines(props["findings"])]) if props["findings"] else []
    if mended:
        told = [f"{literal(cut(one['before'], 200))} → {literal(cut(one['after'], 200)) or '∅'}" for one in mended[:20]]
        blocks += context([bold(labels("label_mended")), *told])
    if props["questions"]:
        blocks += section("\n".join([bold(labels("label_assumptions")), *(f"• {literal(one)}" for one in props["questions"])]))
    return blocks


def _sources(shown: Shown) -> list[Json]:
    blocks: list[Json] = []
    for source in shown.props["sources"]:
        where = " › ".join(filter(None, (source["title"], source["section"])))
        excerpt = " ".join(source["text"].split())
        line = f"[{source['n']}] {bold(cut(where, 300))}"
        line += f" ({literal(source['shelf'])})" if source["shelf"] else ""
        blocks += context([f"{line} {literal(cut(excerpt, _EXCERPT))}".rstrip()])
    return [*context([bold(shown.texts("label_sources"))]), *blocks] if blocks else []


def _footer(shown: Shown) -> Json:
    """Return the buttons of the whole: accept, reject, carry on, download."""
    labels, props = shown.texts, shown.props
    done = props["badge"]["tone"] in _ACCEPTED
    elements = [] if done else [button(labels("label_accept_all"), "accept", shown.value(i=""), "primary")]
    elements.append(button(labels("label_reject_all"), "reject", shown.value(i="")))
    elements += [
        button(one["label"], f"carry_on:{one['stage']}", shown.value(s=one["stage"])) for one in props["next"] if not one["paste"]
    ][:8]
    options = [
        {"text": _plain(one["title"], _BUTTON), "value": shown.value(n=_notation(one["href"]))} for one in props["downloads"]
    ]
    if options:
        menu = {"type": "static_select", "action_id": "download", "placeholder": _plain(labels("label_downloads"), PLAIN)}
        elements.append({**menu, "options": options[:_OPTIONS]})
    return {"type": "actions", "elements": elements}


def _notation(href: str) -> str:
    """Return the notation that a download of the page's card is in."""
    return str(href).rpartition("/")[2].partition("?")[0]


def _mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": cut(" ".join(text.split()) or "—", most), "emoji": False}
