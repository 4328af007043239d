"""How a conversation becomes a request: the last message is the brief, what stands before it is material, nothing is a rule."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channels.api.chat_request import ChatMessage
from channels.texts import texts_in

# The card that an earlier answer ended with names its artifact; the next stage may rest on it.
_ARTIFACT = re.compile(r"/\?artifact=([0-9a-f-]{36})\b")
_MOST_EARLIER = 6
_LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Conversation:
    """The brief, the texts that are material to it, and the artifacts that earlier answers made, the newest first."""

    brief: str
    material: tuple[str, ...]
    artifacts: tuple[str, ...]


def read_conversation(messages: Sequence[ChatMessage]) -> Conversation | None:
    """Return what a conversation asks; None where nobody asks anything.

    The answer to questions that were asked back is no brief by itself: it goes below the brief that it completes.
    """
    places = [place for place, message in enumerate(messages) if message.role == "user"]
    if not places:
        return None
    last = places[-1]
    told = [messages[last].text]
    used = {last}
    while len(places) > 1 and _asked_back(messages[places[-2] + 1 : places[-1]]):
        places.pop()
        told.insert(0, messages[places[-1]].text)
        used.add(places[-1])
    earlier = [message for place, message in enumerate(messages[:last]) if place not in used]
    answers = [message.text for message in earlier if message.role == "assistant"]
    artifacts = [found for text in reversed(answers) for found in reversed(_ARTIFACT.findall(text))]
    return Conversation("\n\n".join(told).strip(), _material(earlier), tuple(dict.fromkeys(artifacts)))


def questions_heading(language: str) -> str:
    """Return the line by which questions that are asked back begin."""
    return texts_in("zh" if language == "zh" else "en")("api_questions")


def _asked_back(between: Sequence[ChatMessage]) -> bool:
    """Tell whether the messages between two of the person's are questions of ours."""
    answers = [message.text for message in between if message.role == "assistant"]
    return bool(answers) and any(answers[-1].startswith(questions_heading(language)) for language in _LANGUAGES)


def _material(earlier: Sequence[ChatMessage]) -> tuple[str, ...]:
    """Return the texts that may help: what the tool says of itself, then the newest of what was said before."""
    system = [message.text for message in earlier if message.role in ("system", "developer")]
    said = [message.text for message in earlier if message.role in ("user", "assistant") and not _is_questions(message)]
    return tuple(text for text in (*reversed(said[-_MOST_EARLIER:]), *system) if text)


def _is_questions(message: ChatMessage) -> bool:
    return message.role == "assistant" and _asked_back([message])
