"""The encodings that texts come in: UTF-16 where it is marked, as Windows writes it, UTF-8, then GB 18030."""


def decoded(raw: bytes) -> str | None:
    """Return the text of these bytes, decoded strictly; None where they are in none of the encodings."""
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
