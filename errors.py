"""The tree of errors that a person may read, drawn by who must act.

AssistantError              a sentence that a person may read, and what they can do
├─ BriefError               the asker mends it
│  ├─ NothingThere          no such stage, artifact, workspace or key, or it is somebody else's
│  └─ ChangedMeanwhile      somebody else was faster
├─ KnowledgeError           the curator mends it
├─ AskedTooOften            nobody must: the asker waits (carries the seconds)
├─ EndpointError            the operator mends it
│  ├─ EndpointUnreachable   refused, no such host, cut before the first byte
│  ├─ EndpointBusy          429, overload, too many who wait (carries the seconds)
│  ├─ EndpointTimeout       no first token, or no end, within the budget
│  ├─ EndpointMisconfigured wrong key, wrong model, an HTML page where an API was expected
│  ├─ ContextTooLong        the prompt does not fit the model
│  └─ BrokenReply           cut stream, nothing at all, a body that is no JSON (carries the partial text)
├─ ReplyError               nobody can: try again (carries the draft)
├─ RecordsError             the operator mends it: the database is locked, full, damaged or out of reach
└─ ConfigurationError       the operator mends settings, a stage or a pack before the start

Every error holds its sentence in English and Chinese: `str(error)` is English, `error.sentence("zh")` Chinese.
What an operator needs (addresses, key names) goes into `detail`, which is logged and never shown.

Outside the tree stands UnexpectedFailure: a bug of ours, told by a number alone.
"""

import secrets
from typing import Literal

Language = Literal["en", "zh"]


class AssistantError(Exception):
    """A sentence that a person may read: what happened, why, and what they can do."""

    def __init__(self, en: str, zh: str, *, detail: str = "") -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh
        self.detail = detail

    def sentence(self, language: Language) -> str:
        """Return the sentence in the asker's language."""
        return self.zh if language == "zh" else self.en


class BriefError(AssistantError):
    """The asker mends it: an empty brief, one that is too long, an unknown stage, a stale edit."""


class NothingThere(BriefError):
    """What was named does not exist for this person: they choose another."""


class ChangedMeanwhile(BriefError):
    """What was decided on is not current any more: the person looks again and decides anew."""


class KnowledgeError(AssistantError):
    """The curator mends it: an asset that cannot be read, an index folder in use, no space left."""


class AskedTooOften(AssistantError):
    """The asker waits: they began more turns than one person may; `retry_after` is in seconds."""

    def __init__(self, en: str, zh: str, *, detail: str = "", retry_after: float = 0.0) -> None:
        super().__init__(en, zh, detail=detail)
        self.retry_after = retry_after


class EndpointError(AssistantError):
    """The operator mends it; the brief is kept and may be tried again."""


class EndpointUnreachable(EndpointError):
    """Nothing answers at the endpoint's address."""


class EndpointBusy(EndpointError):
    """The endpoint refuses work for now (429, 503 with Retry-After), or too many wait for it; `retry_after` is in seconds, 0 unknown."""

    def __init__(self, en: str, zh: str, *, detail: str = "", retry_after: float = 0.0) -> None:
        super().__init__(en, zh, detail=detail)
        self.retry_after = retry_after


class EndpointTimeout(EndpointError):
    """The time budget ran out before the first token or before the end."""

    def __init__(self, en: str, zh: str, *, detail: str = "", partial: str = "") -> None:
        super().__init__(en, zh, detail=detail)
        self.partial = partial


class EndpointMisconfigured(EndpointError):
    """The key, the model's name or the address is wrong."""


class ContextTooLong(EndpointError):
    """The prompt has more tokens than the model reads."""


class BrokenReply(EndpointError):
    """The reply broke off, was empty or no JSON; `partial` is the text that had arrived."""

    def __init__(self, en: str, zh: str, *, detail: str = "", partial: str = "") -> None:
        super().__init__(en, zh, detail=detail)
        self.partial = partial


class ReplyError(AssistantError):
    """The model's reply could not be read as the stage's artifact; `draft` is its text, kept for the person."""

    def __init__(self, en: str, zh: str, *, detail: str = "", draft: str = "") -> None:
        super().__init__(en, zh, detail=detail)
        self.draft = draft


class RecordsError(AssistantError):
    """The records cannot be read or written just now; the person keeps the text and tries again, the operator reads `detail`."""


class ConfigurationError(AssistantError):
    """Unsound settings, stage or pack: refused at the start, naming the file."""

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en, zh or en)


class UnexpectedFailure(Exception):
    """A bug of ours, raised from the exception that it was; the record of the turn holds the same `failure_id`."""

    def __init__(self, failure_id: str) -> None:
        super().__init__(f"failure {failure_id}")
        self.failure_id = failure_id


def failure_id_of(error: BaseException | None) -> str:
    """Return the number under which a bug is on record already, or a new one."""
    return error.failure_id if isinstance(error, UnexpectedFailure) else secrets.token_hex(4)
