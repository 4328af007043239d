"""The widget's addresses refuse what they cannot read, whoever is not meant, and too much of it; in the reader's language."""

import json
from typing import Any

import pytest

from records.assertions import challenge_of
from tests.doubles.portal_keys import assertion
from tests.doubles.widget_page import WidgetPage

SOUND = {"assertion": "a.b.c", "challenge": challenge_of("x")}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        json.dumps({"challenge": SOUND["challenge"]}).encode(),
        json.dumps({**SOUND, "id_token": "t"}).encode(),
        json.dumps({**SOUND, "challenge": "short"}).encode(),
        json.dumps({**SOUND, "challenge": f"{SOUND['challenge'][:-1]}\n"}).encode(),
        json.dumps({**SOUND, "assertion": ["a"]}).encode(),
        json.dumps({**SOUND, "assertion": "a" * 20_000}).encode(),
        json.dumps({**SOUND, "roles": ["admin"]}).encode(),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_sentence(page: WidgetPage, body: bytes) -> None:
    async with page.portal() as portal:
        answer = await portal.post("/widget/session", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "body")


@pytest.mark.parametrize(
    "said", [{"ticket": "t"}, {"ticket": "t", "secret": "short"}, {"ticket": "t", "secret": "s" * 43, "language": "fr"}]
)
async def test_what_a_browser_hands_in_is_read_strictly_too(page: WidgetPage, said: dict[str, Any]) -> None:
    async with page.browser() as browser:
        assert (await browser.post("/widget/enter", json=said)).status_code == 400


async def test_no_page_may_hand_in_a_portals_word_not_even_the_portals(page: WidgetPage) -> None:
    body = {"assertion": assertion(), "challenge": SOUND["challenge"]}
    async with page.browser() as browser, page.portal() as portal:
        refused = await browser.post("/widget/session", json=body)
        assert (refused.status_code, refused.json()["reason"]) == (403, "browser")
        assert (await portal.post("/widget/session", json=body)).status_code == 200


async def test_a_browser_that_says_not_where_it_is_does_not_come_in(page: WidgetPage) -> None:
    secret = "s" * 43
    ticket = await page.ticket(secret)
    async with page.browser(headers={"origin": "", "sec-fetch-site": ""}) as program, page.browser() as browser:
        refused = await program.post("/widget/enter", json={"ticket": ticket, "secret": secret})
        assert (refused.status_code, refused.json()["reason"]) == (403, "origin")
        assert (await program.post("/widget/leave")).status_code == 403
        assert (await browser.post("/widget/enter", json={"ticket": ticket, "secret": secret})).status_code == 200


async def test_refusals_are_told_in_the_readers_language_and_betray_nothing(page: WidgetPage) -> None:
    for language, word in (("en", "could not confirm"), ("zh-CN", "未能确认")):
        async with page.portal() as portal:
            body = {**SOUND, "assertion": assertion(owner="evil")}
            answer = await portal.post("/widget/session", json=body, headers={"accept-language": language})
        assert word in answer.json()["error"]
        assert "bank.test" not in answer.text


async def test_who_keeps_guessing_has_to_wait_and_a_sound_portal_never(page: WidgetPage) -> None:
    async with page.portal() as portal:
        for _ in range(105):
            body = {"assertion": assertion(), "challenge": SOUND["challenge"]}
            assert (await portal.post("/widget/session", json=body)).status_code == 200
        statuses = {(await portal.post("/widget/session", json=SOUND)).status_code for _ in range(110)}
    assert statuses == {403, 429}
