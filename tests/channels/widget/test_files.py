"""What a portal loads: small at first, named by its content, and asking nobody outside the house."""

import json
import re

import pytest

from channels.web.page_files import SHIPPED
from channels.widget.files import PATCHES, BundleChanged, WidgetFiles, _patched
from channels.widget.options import WidgetOptions
from tests.doubles.portal_keys import PORTAL
from tests.doubles.widget_page import WidgetPage

FILES = WidgetFiles(WidgetOptions((PORTAL,), theme="dark", language="zh", position="left", load="idle"))


def settings_in(script: bytes) -> dict[str, object]:
    found = re.search(r"const settings = (\{.*\})\n", script.decode())
    assert found is not None
    settings: dict[str, object] = json.loads(found[1])
    return settings


def test_the_script_is_a_few_kilobytes_and_carries_the_settings() -> None:
    assert len(FILES.script.content) < 6_000
    settings = settings_in(FILES.script.plain)
    assert [settings[name] for name in ("theme", "language", "position", "load")] == ["dark", "zh", "left", "idle"]
    assert settings["chat"] == f"widget/{FILES.chat.name}"
    assert settings["look"] == f"widget/{FILES.look.name}"
    texts = settings["texts"]
    assert isinstance(texts, dict)
    assert texts["zh"]["open"] == "打开助手"
    assert set(texts["en"]) == set(texts["zh"])


def test_the_script_asks_for_every_text_that_it_needs_and_no_other() -> None:
    source = (SHIPPED / "public" / "widget.js").read_text("utf-8")
    asked = set(re.findall(r"\btexts\.(\w+)", source))
    texts = settings_in(FILES.script.plain)["texts"]
    assert isinstance(texts, dict)
    assert asked == set(texts["en"])


def test_the_script_builds_no_markup_from_texts() -> None:
    source = (SHIPPED / "public" / "widget.js").read_text("utf-8")
    for door in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert door not in source


def test_a_text_cannot_end_the_script() -> None:
    assert b"</" not in FILES.script.plain.split(b"const settings = ")[1].split(b"\n")[0]


def test_the_installed_chat_is_the_one_that_is_known_and_asks_no_foreign_host_for_a_font() -> None:
    chat = FILES.chat.plain.decode()
    assert "fonts.googleapis.com" not in chat
    assert 'storageKey:"vite-ui-theme"' not in chat
    assert "No authentication token" not in chat
    assert "mountChainlitWidget" in chat


def test_another_chat_than_the_known_one_is_refused() -> None:
    sound = "".join(before for before, _ in PATCHES)
    assert _patched(sound) == "".join(after for _, after in PATCHES)
    for before, _ in PATCHES:
        with pytest.raises(BundleChanged):
            _patched(sound.replace(before, ""))
        with pytest.raises(BundleChanged):
            _patched(sound + before)


def test_the_look_is_the_pages_own_and_what_differs() -> None:
    look = FILES.look.plain.decode()
    assert ".sc-card" in look
    assert ".sc-page-name" in look
    assert "@import" not in look
    assert "url(" not in look


def test_a_name_changes_with_the_content_and_other_names_are_nobodys() -> None:
    plain = WidgetFiles(WidgetOptions((PORTAL,)))
    assert plain.script.name != FILES.script.name
    assert plain.chat.name == FILES.chat.name
    assert plain.named(plain.chat.name) == plain.chat
    assert plain.named("chat-0000000000000000.js") is None


async def test_the_script_is_asked_for_anew_and_what_it_names_is_kept(page: WidgetPage) -> None:
    async with page.browser() as browser:
        script = await browser.get("/widget.js")
        settings = settings_in(script.content)
        chat = await browser.get(f"/{settings['chat']}")
        known = await browser.get("/widget.js", headers={"if-none-match": script.headers["etag"]})
        plain = await browser.get(f"/{settings['look']}", headers={"accept-encoding": "identity"})
        gone = await browser.get("/widget/chat-0000000000000000.js")
    assert script.headers["cache-control"] == "public, max-age=300"
    assert (known.status_code, known.content) == (304, b"")
    assert chat.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert chat.headers["content-encoding"] == "gzip"
    assert chat.headers["content-type"].startswith("text/javascript")
    assert len(chat.content) > 8_000_000
    assert "content-encoding" not in plain.headers
    assert plain.content == FILES.look.plain
    assert gone.status_code == 404
