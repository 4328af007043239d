"""The sign-in page, in the language of who opens it."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from channels.signin.options import Method
from channels.texts import language_of_reader, texts_in
from errors import AssistantError

if TYPE_CHECKING:
    from jinja2 import Template

_SHOWN = ("title", "email", "password", "enter", "forgotten", "organisation_lead", "organisation", "by_proxy", "promise")


def sign_in_page(method: Method, accepted: str | None, back: str, error: AssistantError | None = None, email: str = "") -> str:
    """Return the HTML of the page: how to sign in, and why the last attempt did not succeed."""
    texts = texts_in(language_of_reader(accepted))
    return _template().render(
        method=method,
        tag="zh-CN" if texts.language == "zh" else "en",
        text={name: texts(f"signin_{name}") for name in _SHOWN},
        back=back,
        start=f"/signin/start?next={quote(back, safe='')}",
        error=error.sentence(texts.language) if error else "",
        email=email,
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    source = Path(__file__).with_name("signin.html.jinja").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(source)
