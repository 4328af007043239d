"""Why a portal, or the browser that it sent, is refused."""

from channels.texts import Texts
from errors import AssistantError


class WidgetRefused(AssistantError):
    """Nobody gets in: the sentence says why; `status` is that of the answer, `reason` one word for the portal's program."""

    def __init__(self, key: str, reason: str, *, status: int = 403, detail: str = "", **values: object) -> None:
        super().__init__(Texts("en")(key, **values), Texts("zh")(key, **values), detail=detail or reason)
        self.status = status
        self.reason = reason
