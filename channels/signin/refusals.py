"""Why a sign-in is refused, as a person reads it."""

from datetime import timedelta

from channels.texts import Texts
from errors import AssistantError


class SignInRefused(AssistantError):
    """The person did not get in: the sentence says why; `status` is that of the answer, `wait` how long until another attempt."""

    def __init__(self, key: str, *, status: int = 403, detail: str = "", wait: timedelta | None = None, **values: object) -> None:
        super().__init__(Texts("en")(key, **values), Texts("zh")(key, **values), detail=detail)
        self.status = status
        self.wait = wait
