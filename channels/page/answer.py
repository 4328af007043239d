"""One brief on the page: the card that grows, the steps beneath it, and the artifact or the reason that there is none."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import chainlit as cl

from chains.events import Event, Request, StepDone
from channels import house
from channels.elements.cards import Json
from channels.elements.live import LiveAnswer, step_title
from channels.page.posted_cards import CARD, current_props, remember
from channels.page.session import logged, page_texts, person, preferences, turn
from channels.rendering import plain
from channels.texts import Texts
from errors import AssistantError

_log = logging.getLogger("stagecraft.page")
# At most five updates a second a page: the browser lays the whole card out anew at each.
_UPDATE_SECONDS = 0.2


async def answer_brief(stage: str, brief: str, upstream: tuple[str, ...] = ()) -> None:
    """Have a brief answered when its turn comes, and show the answer as it grows."""
    async with turn() as may:
        if may:
            chosen = preferences()
            request = Request(stage, brief, person(), chosen.workspace, "page", chosen.language, upstream)
            await _show(request, page_texts())
            # Chainlit keeps every message of a session for a model that we do not feed from there.
            cl.chat_context.clear()


async def _show(request: Request, texts: Texts) -> None:
    assistant = house.opened().assistant
    title = assistant.stage(request.stage, texts.language).title
    live = LiveAnswer(request, title, texts, assistant.draft_views)
    steps = _Steps(texts)
    await steps.open()
    card = _Card(live)
    await card.open()
    try:
        answer = cast("AsyncGenerator[Event, None]", assistant.answer(request))
        async with card.kept_fresh(), contextlib.aclosing(answer) as events:
            async for event in events:
                live.take(event)
                if isinstance(event, StepDone):
                    await steps.add(event)
    except asyncio.CancelledError:
        live.stop()
        raise
    except AssistantError as error:
        live.fail(error.sentence(texts.language))
    except Exception:  # noqa: BLE001 - a bug of ours: the card says so and keeps the brief
        live.fail(texts("unexpected", id=logged("an answer")))
    finally:
        # Stop may be pressed twice: the card still has to say how it ended.
        await asyncio.shield(_end(steps, card, live, texts))


async def _end(steps: "_Steps", card: "_Card", live: LiveAnswer, texts: Texts) -> None:
    await steps.close()
    await card.finish(await _final_props(live, texts))


async def _final_props(live: LiveAnswer, texts: Texts) -> Json:
    """Return the recorded artifact's properties, or those of an answer that ended without one."""
    if live.ready is None:
        return live.props()
    try:
        props = await current_props(live.ready.artifact_id, live.ready.version)
        return {**props, "notices": live.notices or props["notices"]}
    except AssistantError as error:
        live.fail(error.sentence(texts.language))
    except Exception:  # noqa: BLE001 - the artifact is recorded; showing it failed
        live.fail(texts("unexpected", id=logged("a card")))
    return live.props()


class _Card:
    """The card of one answer: sent at most five times a second while it grows, kept by Chainlit when it is done."""

    def __init__(self, live: LiveAnswer) -> None:
        self._live = live
        self._element: Any = cl.CustomElement(name=CARD, props=live.props())
        self._sent = self._element.props

    async def open(self) -> None:
        """Post the card."""
        await cl.Message("", elements=[self._element]).send()

    @contextlib.asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """Send what has changed, again and again, until the answer has ended."""
        task = asyncio.create_task(self._refresh())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled() and (error := task.exception()):
                _log.error("a card could not be refreshed", exc_info=error)

    async def finish(self, props: Json) -> None:
        """Show the last state, and remember where this artifact is shown."""
        self._element.props = props
        if artifact_id := props.get("artifactId"):
            remember(artifact_id, self._element)
        await self._element.update()

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(_UPDATE_SECONDS)
            props = self._live.props()
            if props != self._sent:
                self._sent = self._element.props = props
                # Not `update()`: it would write a file of the session for every state in between.
                await cl.context.emitter.send_element(self._element.to_dict())


class _Steps:
    """How an answer came about, folded under one line; titles and counts only, never the prompt."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        run = cl.context.current_run
        self._whole: Any = cl.Step(
            name=texts("how"), type="tool", parent_id=run.id if run else None, show_input=False, icon="list-checks"
        )

    async def open(self) -> None:
        """Post the line that the steps fold under."""
        self._whole.start = _now()
        await self._whole.send()

    async def add(self, done: StepDone) -> None:
        """Add a step that is done."""
        title = f"{step_title(done.name, self._texts)} · {self._texts('seconds', seconds=f'{done.seconds:.1f}')}"
        step = cl.Step(name=title, type="tool", parent_id=self._whole.id, show_input=False, icon="check")
        step.start, step.end = _now(-done.seconds), _now()
        step.output = "\n".join(f"- {plain(line)}" for line in done.lines)
        await step.send()

    async def close(self) -> None:
        """Mark the whole as done."""
        self._whole.end = _now()
        await self._whole.update()


def _now(seconds: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
