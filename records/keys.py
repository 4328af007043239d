"""Personal keys: by one of them a tool of somebody's asks in their name, until it ends or is revoked."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from uuid import uuid4

import sqlalchemy as sa

from errors import BriefError, NothingThere
from records.columns import storable_text
from records.database import Database, now
from records.key_tables import access_keys

Scope = Literal["ask", "read", "mcp"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "sk-stagecraft-"
LIFETIME = timedelta(days=180)
# A write at every call would cost more than the call.
_NOTED_EVERY = timedelta(minutes=1)
_MOST_KEYS = 50
_LONGEST_NAME = 100
_LONGEST_WORKSPACE = 255
_LONGEST_TEXT = 100
_ENDING = 4


@dataclass(frozen=True)
class Key:
    """A key without its text: `ending` is its last four characters, by which a person knows it again."""

    id: str
    person: str
    name: str
    scopes: frozenset[Scope]
    workspace: str
    ending: str
    created: datetime
    expires: datetime
    last_used: datetime | None
    revoked: datetime | None

    @property
    def is_valid(self) -> bool:
        """Whether the key still opens anything."""
        return self.revoked is None and now() < self.expires


class Keys:
    """Keeps keys; a new one is valid for `lifetime`. Every method raises RecordsError where the database is in trouble."""

    def __init__(self, database: Database, lifetime: timedelta = LIFETIME) -> None:
        self._database = database
        self._lifetime = lifetime

    async def create(
        self, person_id: str, name: str, scopes: Collection[Scope] = SCOPES, workspace: str = "default"
    ) -> tuple[str, Key]:
        """Return a new key's text, which is told this once, and what is kept of it. Raises BriefError for unsound values."""
        name, workspace = " ".join(storable_text(name).split()), " ".join(storable_text(workspace).split())
        _refuse_unsound(name, scopes, workspace)
        text = PREFIX + secrets.token_urlsafe(32)
        created = now()
        key = Key(
            str(uuid4()),
            person_id,
            name,
            frozenset(scopes),
            workspace,
            text[-_ENDING:],
            created,
            created + self._lifetime,
            None,
            None,
        )
        row = vars(key) | {"digest": _digest(text), "scopes": sorted(key.scopes)}
        async with self._database.begin() as connection:
            valid = sa.select(sa.func.count()).select_from(access_keys).where(_valid_of(person_id, created))
            if (await connection.execute(valid)).scalar_one() >= _MOST_KEYS:
                raise BriefError(
                    f"You have {_MOST_KEYS} keys already. Revoke one that is not used any more.",
                    f"您已有 {_MOST_KEYS} 个密钥。请先撤销不再使用的密钥。",
                )
            await connection.execute(access_keys.insert().values(row))
        return text, key

    async def find(self, text: str) -> Key | None:
        """Return the valid key of this text, its use noted at most once a minute; None where there is none."""
        if not text.startswith(PREFIX) or len(text) > _LONGEST_TEXT:
            return None
        asked = access_keys.select().where(access_keys.c.digest == _digest(text))
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is None or not (key := _key(row)).is_valid:
            return None
        await self._note_use(key)
        return key

    async def list(self, person_id: str) -> tuple[Key, ...]:
        """Return the person's keys that still open something, the newest first."""
        asked = access_keys.select().where(_valid_of(person_id, now())).order_by(access_keys.c.created.desc(), access_keys.c.id)
        async with self._database.read() as connection:
            return tuple(_key(row) for row in (await connection.execute(asked)).mappings())

    async def revoke(self, key_id: str, person_id: str) -> None:
        """End a key of the person's at once. Raises BriefError where they have no such key."""
        moment = now()
        ended = access_keys.update().where(access_keys.c.id == key_id, _valid_of(person_id, moment)).values(revoked=moment)
        async with self._database.begin() as connection:
            if (await connection.execute(ended)).rowcount == 0:
                raise NothingThere("There is no such key; choose one from the list.", "没有这个密钥，请从列表中选择。")

    async def revoke_all(self, person_id: str) -> int:
        """End every key of the person's at once, and return how many there were."""
        moment = now()
        ended = access_keys.update().where(_valid_of(person_id, moment)).values(revoked=moment)
        async with self._database.begin() as connection:
            return int((await connection.execute(ended)).rowcount)

    async def _note_use(self, key: Key) -> None:
        """Note that the key was used just now, unless that was noted within the last minute."""
        moment = now()
        if key.last_used is not None and moment - key.last_used < _NOTED_EVERY:
            return
        noted = access_keys.update().where(access_keys.c.id == key.id).values(last_used=moment)
        async with self._database.begin() as connection:
            await connection.execute(noted)


def _valid_of(person_id: str, moment: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a key is the person's and opens something at that moment."""
    return sa.and_(access_keys.c.person == person_id, access_keys.c.revoked.is_(None), access_keys.c.expires > moment)


def _refuse_unsound(name: str, scopes: Collection[str], workspace: str) -> None:
    """Raise BriefError where a key would have no usable name, nothing that it opens, or no workspace."""
    if not name or len(name) > _LONGEST_NAME:
        raise BriefError(f"A key needs a name of 1 to {_LONGEST_NAME} characters.", f"密钥名称须为 1 至 {_LONGEST_NAME} 个字符。")
    if not scopes or not set(scopes) <= set(SCOPES):
        listed = ", ".join(SCOPES)
        raise BriefError(f"A key needs at least one scope of: {listed}.", f"密钥至少需要以下一个权限范围：{listed}。")
    if not workspace or len(workspace) > _LONGEST_WORKSPACE:
        raise BriefError(
            f"A workspace needs a name of 1 to {_LONGEST_WORKSPACE} characters.",
            f"工作区名称须为 1 至 {_LONGEST_WORKSPACE} 个字符。",
        )


def _digest(text: str) -> str:
    """Return what is kept of a key: 32 random bytes need no salt and no slow hash."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: Any) -> Key:
    values = {name: row[name] for name in Key.__dataclass_fields__}
    return Key(**values | {"scopes": frozenset(row["scopes"])})
