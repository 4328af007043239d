"""The terminal's door to the house: what commands take from it, opened only when a command needs it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from channels.watching.lines import LogOptions, log_options
from errors import Language

if TYPE_CHECKING:
    from assembly import House
    from chains.assistant import Assistant
    from knowledge.knowledge import Knowledge
    from knowledge.terms.stewardship import Steward
    from settings import Settings

_Found = TypeVar("_Found")


def _part(module: str, name: str) -> Any:
    """Return a part of the house: the modules that put it together load every vendor, so no command imports them before."""
    return getattr(import_module(module), name)


def _settings() -> "Settings":
    return _part("settings", "load")()  # type: ignore[no-any-return]


def _assembled(settings: "Settings") -> "House":
    # Vectors come from SQL into memory: the index folder belongs to the server, also to one that starts just now.
    return _part("assembly", "assemble")(settings, index="memory")  # type: ignore[no-any-return]


def _application() -> Any:
    return _part("app", "app")


class Door:
    """One run of the terminal; tests hand in parts of their own.

    `language` is the one in which an error is told; `apology` is told the sentence of an error as well, for a command that
    has to say it in a form of its own.
    """

    def __init__(
        self,
        load: Callable[[], "Settings"] = _settings,
        assemble: Callable[["Settings"], "House"] = _assembled,
        application: Callable[[], Any] = _application,
    ) -> None:
        self._load = load
        self._assemble = assemble
        self.application = application
        self.language: Language = "en"
        self.apology: Callable[[str], None] = lambda _sentence: None

    @cached_property
    def settings(self) -> "Settings":
        """The settings, read once. Raises ConfigurationError where they are unsound."""
        return self._load()

    def data_dir(self) -> Path:
        """Return the data folder; the default one as long as no sound settings were read."""
        return self.settings.data_dir if "settings" in self.__dict__ else Path(".data")

    def log_options(self) -> LogOptions:
        """Return how log lines are written; the default way as long as no sound settings were read."""
        return log_options(self.settings) if "settings" in self.__dict__ else LogOptions()

    def language_of_answers(self) -> Language | None:
        """Return the language that the settings ask for, or None where it follows the brief."""
        chosen = self.settings.language
        return None if chosen == "auto" else chosen

    def run(self, work: Callable[["House"], Awaitable[_Found]], *, with_index: bool = False) -> _Found:
        """Open the house, do the work in it, close it. Ctrl-C cancels the work, so that what was begun is recorded.

        `with_index` opens the index folder as well, where no server has it.
        """
        return asyncio.run(self._run(work, with_index=with_index))

    async def _run(self, work: Callable[["House"], Awaitable[_Found]], *, with_index: bool) -> _Found:
        from channels.terminal.opening import told_while_opening

        house = self._assemble(self.settings)
        if with_index and self.settings.knowledge.index == "chroma":
            house.index = "auto"
        try:
            async with told_while_opening(house, self.language):
                await house.start()
            return await work(house)
        finally:
            await house.stop()


def assistant_of(house: "House") -> "Assistant":
    """Return the assistant of a house that is open."""
    assert house.assistant is not None
    return house.assistant


def knowledge_of(house: "House") -> "Knowledge":
    """Return the knowledge of a house that is open."""
    assert house.knowledge is not None
    return house.knowledge


def steward_of(house: "House") -> "Steward":
    """Return the stewardship of a house that is open."""
    assert house.steward is not None
    return house.steward
