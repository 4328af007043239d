"""Where a person finds on the page what a tool was told of."""

from starlette.requests import HTTPConnection


def card_link(connection: HTTPConnection) -> str:
    """Return the address of a card on the page that the caller reached, with `{artifact}` in the place of its id."""
    address = f"{connection.url.scheme}://{connection.headers.get('host', '')}"
    return address.replace("{", "").replace("}", "") + "/?artifact={artifact}"
