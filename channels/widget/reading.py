"""What a browser says of the portal's page, read strictly: any script of that page, or a person, may have written it."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class _PageContext(BaseModel):
    """What a person looks at: the title, the address and the text of a page or a ticket. Other fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    title: Annotated[str, Field(max_length=300)] = ""
    url: Annotated[str, Field(max_length=2_000, pattern=r"^(https?://[^\s<>\"]+)?$")] = ""
    text: Annotated[str, Field(max_length=8_000)] = ""


def read_context(answer: Any) -> tuple[str, ...]:
    """Return what a browser says of its page as one text, or nothing where it says nothing or something unsound."""
    try:
        page = _PageContext.model_validate(answer)
    except ValidationError:
        return ()
    if not (page.title or page.text):
        return ()
    return ("\n".join(part for part in (page.title, page.url, page.text) if part),)
