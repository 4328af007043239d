"""The chat page: what a person meets on opening it, and how a message becomes an answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import chainlit as cl
from chainlit.input_widget import Select, TextInput

from channels import house
from channels.curation import may_curate, may_settle
from channels.elements.cards import Json
from channels.page.actions import ACTIONS
from channels.page.answer import answer_brief
from channels.page.desk_buttons import DESK_ACTIONS, take_files
from channels.page.events import guard_events
from channels.page.files import needs_text, with_files
from channels.page.from_browser import DEFAULT_WORKSPACE, known_settings
from channels.page.paste import taken_as_artifact
from channels.page.recording import HISTORY, show_only
from channels.page.resuming import last_stage, up_to_date
from channels.page.session import guarded, page_texts, person, preferences, say
from channels.page.welcome import welcome_props
from channels.page.workspace import WORKSPACE_ACTIONS
from channels.texts import Texts
from channels.widget.context import is_widget
from errors import BriefError


def register() -> None:
    """Hand Chainlit the callbacks of the page; called once, by its target file."""
    cl.data_layer(lambda: HISTORY)
    cl.on_chat_start(_on_chat_start)
    cl.on_chat_resume(_on_chat_resume)
    cl.on_message(_on_message)
    cl.on_settings_update(_on_settings_update)
    for name, action in (ACTIONS | WORKSPACE_ACTIONS | DESK_ACTIONS).items():
        cl.action_callback(name)(action)
    guard_events()


async def _on_chat_start() -> None:
    """Welcome the person and show what can be asked."""
    async with guarded():
        texts = page_texts()
        await _show_composer(texts)
        status = await house.opened().assistant.status(texts.language)
        stages = house.opened().assistant.stages(texts.language)
        if is_widget():
            stages = tuple(stage for stage in stages if stage.name in house.opened().widget_starters)
        props = welcome_props(status, stages, texts, await _desks(texts), person=person(), links=not is_widget())
        await show_only(cl.CustomElement(name="Welcome", props=props))


async def _on_chat_resume(thread: dict[str, Any]) -> None:
    """Put the composer up as it was, and show every card as it is now; Chainlit sends the thread after this."""
    async with guarded():
        settings = cl.context.session.chat_settings = known_settings(cl.context.session.chat_settings)
        await _show_composer(page_texts(), chosen=last_stage(thread), settings=settings)
        await up_to_date(thread)


async def _desks(texts: Texts) -> list[Json]:
    """Return the desks that this person may open; those of the steward say how much waits there."""
    curation = house.opened().curation
    desks: list[Json] = []
    if curation is not None and may_curate(person()):
        desks.append({"desk": "knowledge", "title": texts("open_knowledge")})
    if curation is not None and may_settle(person()):
        waiting = len(await curation.steward.offers()) + len(await curation.steward.terms(status="draft"))
        desks.append({"desk": "terms", "title": texts("open_terms", count=waiting)})
    return desks


async def _show_composer(texts: Texts, *, chosen: str = "", settings: Mapping[str, str] = MappingProxyType({})) -> None:
    """Put the stages and the preferences beside the text field, with what was chosen before."""
    stages = house.opened().assistant.stages(texts.language)
    default = chosen if chosen in [stage.name for stage in stages] else stages[0].name
    options = [
        cl.ModeOption(id=stage.name, name=stage.title, description=stage.about, default=stage.name == default) for stage in stages
    ]
    await cl.context.emitter.set_modes([cl.Mode(id="stage", name=texts("mode_stage"), options=options)])
    languages = {texts("setting_language_auto"): "auto", "English": "en", "中文": "zh"}
    await cl.ChatSettings(
        [
            Select(
                id="language", label=texts("setting_language"), items=languages, initial_value=settings.get("language", "auto")
            ),
            TextInput(id="workspace", label=texts("setting_workspace"), initial=settings.get("workspace", DEFAULT_WORKSPACE)),
        ]
    ).send()


async def _on_message(message: cl.Message) -> None:
    """Take in the files, and answer a brief for the stage that its command names, or else the one chosen beside the text field."""
    async with guarded():
        texts = page_texts()
        stage = _stage_asked(message.command, message.modes or {}, texts)
        text = message.content
        if message.elements:
            if needs_text(stage, texts.language):
                text = with_files(text, message.elements)
            else:
                await take_files(message.elements)
                if not text.strip():
                    return
        if not await taken_as_artifact(text, stage):
            await answer_brief(stage, _readable(text))


async def _on_settings_update(_settings: dict[str, Any]) -> None:
    """Tell the person when a preference cannot be taken; it is read anew with every brief."""
    async with guarded():
        if not preferences().sound:
            await say(page_texts()("setting_refused"))


def _stage_asked(command: str | None, modes: dict[str, str], texts: Texts) -> str:
    """Return the name of the stage: the command's, by its title in either language or its name, before the mode's.

    Raises BriefError where neither is a stage.
    """
    assistant = house.opened().assistant
    asked = command or modes.get("stage") or assistant.stages(texts.language)[0].name
    for language in ("en", "zh"):
        for stage in assistant.stages(language):
            if asked in (stage.name, stage.title):
                return stage.name
    return assistant.stage(asked, texts.language).name


def _readable(brief: str) -> str:
    """Return the brief without surrounding space. Raises BriefError where it is empty or too long."""
    brief, most = brief.strip(), house.opened().brief_characters
    if not brief:
        raise _in_both("brief_empty")
    if len(brief) > most:
        raise _in_both("brief_long", length=len(brief), most=most)
    return brief


def _in_both(key: str, **values: object) -> BriefError:
    """Return the error whose sentence stands under this key."""
    return BriefError(Texts("en")(key, **values), Texts("zh")(key, **values))
