"""One brief on the page: the card that grows, the steps beneath it, and the artifact or the reason that there is none."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import chainlit as cl

from chains.events import Event, Request, StepDone, TurnBegan
from channels import house
from channels.elements.cards import Json
from channels.elements.live import LiveAnswer, step_title
from channels.page.posted_cards import CARD, JUDGED, Place, current_props, remember, remember_turn
from channels.page.recording import all_recorded, recorded
from channels.page.session import logged, page_texts, person, preferences, turn
from channels.rendering import plain
from channels.texts import Texts
from channels.widget.context import is_widget, offered_by_page
from errors import AssistantError

_log = logging.getLogger("stagecraft.page")
# At most five updates a second a page: the browser lays the whole card out anew at each.
_UPDATE_SECONDS = 0.2


async def answer_brief(stage: str, brief: str, upstream: tuple[str, ...] = ()) -> None:
    """Have a brief answered when its turn comes, and show the answer as it grows."""
    async with turn() as may:
        if may:
            chosen = preferences()
            door, material = "widget" if is_widget() else "page", await offered_by_page()
            request = Request(stage, brief, person(), chosen.workspace, door, chosen.language, upstream, material)
            await _show(request, page_texts())
            # Chainlit keeps every message of a session for a model that we do not feed from there.
            cl.chat_context.clear()


async def go_on(request: Request, place: Place | None) -> None:
    """Have an answer that was cut off go on, when its turn comes, on the card that shows it, or on a new one."""
    async with turn() as may:
        if may:
            await _show(request, page_texts(), place)


async def _show(request: Request, texts: Texts, place: Place | None = None) -> None:
    assistant = house.opened().assistant
    title = assistant.stage(request.stage, texts.language).title
    live = LiveAnswer(request, title, texts, assistant.draft_views)
    steps = None if place else _Steps(texts)
    if steps is not None:
        await steps.open()
    card = _Card(live, place)
    await card.open()
    try:
        answer = cast("AsyncGenerator[Event, None]", assistant.answer(request))
        async with card.kept_fresh(), contextlib.aclosing(answer) as events:
            async for event in events:
                card.take(event)
                if isinstance(event, TurnBegan):
                    await card.note(event.turn_id)
                if isinstance(event, StepDone) and steps is not None:
                    await steps.add(event)
    except asyncio.CancelledError:
        live.interrupt() if assistant.is_leaving else live.stop()
        raise
    except AssistantError as error:
        live.fail(error.sentence(texts.language))
    except Exception:  # noqa: BLE001 - a bug of ours: the card says so and keeps the brief
        live.fail(texts("unexpected", id=logged("an answer")))
    finally:
        # Stop may be pressed twice: the card still has to say how it ended.
        await asyncio.shield(_end(steps, card, live, texts))


async def _end(steps: "_Steps | None", card: "_Card", live: LiveAnswer, texts: Texts) -> None:
    if steps is not None:
        await steps.close()
    await card.finish(await _final_props(live, texts))
    await all_recorded()


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

    def __init__(self, live: LiveAnswer, place: Place | None = None) -> None:
        self._live = live
        self._is_posted = place is not None
        self._element: Any = (
            cl.CustomElement(name=CARD, props=live.props())
            if place is None
            else cl.CustomElement(**place, name=CARD, props=live.props())
        )
        self._sent = self._element.props
        self._changed = asyncio.Event()
        self._noting: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Post the card, or begin anew on the one that is there."""
        if self._is_posted:
            await cl.context.emitter.send_element(self._element.to_dict())
        else:
            await cl.Message(JUDGED, elements=[self._element]).send()

    async def note(self, turn_id: str) -> None:
        """Put on record which turn this card shows: should the server die, that is how it is found again."""
        self._element.props = self._live.props()
        remember_turn(turn_id, self._element)
        # The answer does not wait for it; whoever ends the card waits for all that is put on record.
        self._noting = asyncio.create_task(recorded(self._element))

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

    def take(self, event: Event) -> None:
        """Take in what happened, and have it sent, at once where nothing was sent for a while."""
        if self._live.take(event):
            self._changed.set()

    async def _refresh(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            props = self._live.props()
            if props != self._sent:
                self._sent = self._element.props = props
                # Not `update()`: it would write a file of the session for every state in between.
                await cl.context.emitter.send_element(self._element.to_dict())
            await asyncio.sleep(_UPDATE_SECONDS)


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
