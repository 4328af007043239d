"""Where a person goes after signing in: a page of this host, and nowhere else."""

from urllib.parse import quote, urlsplit

HOME = "/"
_LONGEST = 2000
_NOT_BACK_TO = ("/signin", "/login", "/logout")


def safe_return(path: str | None) -> str:
    """Return the path if it is one of this host that may be opened after signing in, otherwise the page itself."""
    path = path or HOME
    # A browser reads "\" as "/", leaves out tabs and line breaks, and takes "//host" for another host.
    if len(path) > _LONGEST or not path.isprintable() or "\\" in path or not path.startswith("/") or path.startswith("//"):
        return HOME
    try:
        parts = urlsplit(path)
    except ValueError:
        return HOME
    if parts.scheme or parts.netloc or parts.path.startswith(_NOT_BACK_TO):
        return HOME
    return quote(path, safe="/?&=%-_.~:,@!$'()*+;#[]")


def signin_for(path: str, query: str) -> str:
    """Return the address of the sign-in page that leads back to a path."""
    back = safe_return(f"{path}?{query}" if query else path)
    return "/signin" if back == HOME else f"/signin?next={quote(back, safe='')}"
