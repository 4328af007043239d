"""The kinds of columns that read the same from SQLite and from PostgreSQL: moments, people's texts, and JSON."""

import re
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

# PostgreSQL stores no NUL, and no database a half of a surrogate pair; models and pasted files produce both.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back at reading. A naive datetime is refused (ValueError)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Hand the moment to the database in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Return the moment in UTC, whatever the session's zone is."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Prose(sa.TypeDecorator[str]):
    """A text of a person or a model: what no database can store becomes U+FFFD, so that one bad byte never loses a turn."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        """Replace the characters that cannot be stored."""
        return None if value is None else storable_text(value)


class Json(sa.TypeDecorator[Any]):
    """A value of JSON, its keys in the order given, `None` as NULL.

    PostgreSQL's JSON, not JSONB: JSONB reorders keys, and then the prompt on record would not be the prompt that was sent.
    """

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: sa.Dialect) -> Any:
        """Replace the characters that cannot be stored, at every depth."""
        return storable_json(value)


def storable_text(text: str) -> str:
    """Return the text with NUL and halves of surrogate pairs replaced by U+FFFD."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def storable_json(value: Any) -> Any:
    """Return the value with every text in it storable; tuples become lists, as they would in JSON."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable_json(key): storable_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(part) for part in value]
    return value
