"""`python -m benchmarks.slack_exchange FOLDER`: one exchange in Slack, recorded at a fake Slack and drawn as a page to look at.

A mention, the answer while it grows, the card, the modal of an edit, and the card after it was accepted; in English and in Chinese.
"""

import asyncio
import html
import re
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

from records.database import Database, sqlite_url
from records.migrate import migrate
from tests.doubles.fake_slack import FakeSlack
from tests.doubles.scripted_assistant import ScriptedAssistant
from tests.doubles.slack_payloads import event, mention, press, submission
from tests.doubles.slack_served import Served, ana_signs_in, named, opened

Json = dict[str, Any]
_BRIEFS = {
    "en": ("en-US", "user stories: a customer freezes a lost debit card in the app"),
    "zh": ("zh-CN", "用户故事：客户可以在手机银行冻结丢失的银行卡"),
}
_MORE = {"en": ", day or night", "zh": "，全天有效"}
_STYLE = """
body{font:15px/1.46 Lato,"Noto Sans CJK SC",sans-serif;background:#fff;color:#1d1c1d;margin:0;padding:24px;width:760px}
.m{display:flex;gap:10px;margin:0 0 18px}.a{flex:0 0 36px;height:36px;border-radius:6px;background:#611f69;color:#fff;
display:flex;align-items:center;justify-content:center;font-weight:700}.b{flex:1;min-width:0}.w{font-weight:900}.t{color:#616061;
font-size:12px;margin-left:6px}.c{color:#616061;font-size:13px;margin:4px 0;white-space:pre-wrap}.s{white-space:pre-wrap;margin:6px 0}
h2{font-size:18px;margin:6px 0}hr{border:0;border-top:1px solid #ddd;margin:10px 0}button,select{font:700 13px Lato,"Noto Sans CJK SC",
sans-serif;border:1px solid #bbb;border-radius:4px;background:#fff;padding:4px 11px;margin:4px 6px 4px 0}.p{background:#007a5a;
color:#fff;border-color:#007a5a}.modal{border:1px solid #bbb;border-radius:8px;box-shadow:0 4px 18px #0003;padding:16px;width:520px;
margin:6px 0 18px 46px}.modal textarea{width:100%;height:110px;font:inherit;box-sizing:border-box}code{background:#f4f4f4;border:1px
solid #ddd;border-radius:3px;padding:0 3px;color:#c01343;font-size:12px}h1{font-size:13px;color:#616061;border-bottom:1px solid #ddd}
"""
_SIGNS = {
    ":white_check_mark:": "✓",
    ":pencil2:": "✎",
    ":x:": "✕",
    ":red_circle:": "●",
    ":large_orange_circle:": "◐",
    ":white_circle:": "○",
}


def main(folder: Path) -> None:
    """Record and draw both exchanges."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in _BRIEFS:
        moments = asyncio.run(_recorded(folder, language))
        (folder / f"slack-{language}.html").write_text(_page(moments), "utf-8")
        print(folder / f"slack-{language}.html")


async def _recorded(folder: Path, language: str) -> list[tuple[str, str]]:
    """Have the exchange, and return what Slack showed at each moment."""
    locale, brief = _BRIEFS[language]
    (folder / "stagecraft.db").unlink(missing_ok=True)
    database = Database(sqlite_url(folder))
    await migrate(database)
    await ana_signs_in(database)
    async with FakeSlack() as slack:
        slack.person("UANA", email="ana@bank.example", locale=locale)
        async with opened(database, slack, ScriptedAssistant(pace=0.15), send_seconds=0.2) as served:
            moments = await _exchange(served, brief, language)
    await database.close()
    return moments


async def _exchange(served: Served, brief: str, language: str) -> list[tuple[str, str]]:
    moments = [("mention", _said("Ana", f"@Stagecraft {brief}"))]
    await served.send(event(mention(brief)))
    await served.until(lambda: len(served.slack.of("chat.appendStream")) > 3)
    status = served.slack.of("assistant.threads.setStatus")[-1]["status"]
    growing = deepcopy(served.slack.ours("C1")[0])
    moments.append(("streamed", _said("Stagecraft", _markdown(growing.text), status)))
    card = await served.card()
    moments.append(("card", _shown(card)))
    await served.send(press(named(card, "edit", "S1"), card))
    view = (await served.until(lambda: served.slack.of("views.open")))[0]["view"]
    moments.append(("edit", _modal(view)))
    text = view["blocks"][0]["element"]["initial_value"]
    await served.send(submission(view, text + _MORE[language]))
    await served.until(lambda: '"v":2' in str(card.blocks))
    await served.send(press(named(card, "accept", ""), card))
    await served.until(lambda: str(card.blocks).count(":white_check_mark:") >= 2)
    moments.append(("accepted", _shown(card)))
    return moments


def _page(moments: list[tuple[str, str]]) -> str:
    body = "".join(f"<h1>{html.escape(name)}</h1>{drawn}" for name, drawn in moments)
    return f'<!doctype html><meta charset="utf-8"><title>Slack</title><style>{_STYLE}</style>{body}'


def _said(who: str, inner: str, status: str = "") -> str:
    told = f'<div class="c"><i>Stagecraft {html.escape(status)}</i></div>' if status else ""
    return (
        f'<div class="m"><div class="a">{who[0]}</div><div class="b"><span class="w">{who}</span>'
        f'<span class="t">09:41</span><div class="s">{inner}</div>{told}</div></div>'
    )


def _shown(message: Any) -> str:
    return _said("Stagecraft", "".join(_block(block) for block in message.blocks))


def _block(block: Json) -> str:
    """Draw a block as Slack does."""
    kind = block["type"]
    if kind == "header":
        return f"<h2>{html.escape(block['text']['text'])}</h2>"
    if kind == "divider":
        return "<hr>"
    if kind == "section":
        return f'<div class="s">{_mrkdwn(block["text"]["text"])}</div>'
    if kind == "context":
        return "".join(f'<div class="c">{_mrkdwn(one["text"])}</div>' for one in block["elements"])
    return "<div>" + "".join(_element(one) for one in block["elements"]) + "</div>"


def _element(element: Json) -> str:
    if element["type"] == "static_select":
        return f"<select><option>{html.escape(element['placeholder']['text'])}</option></select>"
    style = ' class="p"' if element.get("style") == "primary" else ""
    return f"<button{style}>{html.escape(element['text']['text'])}</button>"


def _modal(view: Json) -> str:
    field = view["blocks"][0]
    return (
        f'<div class="modal"><h2>{html.escape(view["title"]["text"])}</h2><b>{html.escape(field["label"]["text"])}</b>'
        f"<textarea>{html.escape(field['element'].get('initial_value', ''))}</textarea>"
        f'<button>{html.escape(view["close"]["text"])}</button><button class="p">{html.escape(view["submit"]["text"])}</button></div>'
    )


def _mrkdwn(text: str) -> str:
    """Draw Slack's own formatting: its entities are ours already."""
    text = re.sub(r"<(https?://[^|>]+)\|([^>]+)>", r'<a href="\1">\2</a>', text)
    text = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", text)
    text = re.sub(r"(?<![\w\u2060])\*(?!\u2060)([^*\n]+)\*", r"<b>\1</b>", text)
    for name, sign in _SIGNS.items():
        text = text.replace(name, sign)
    return text


def _markdown(text: str) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+!|~])", r"\1", text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
