"""The way to PostgreSQL for the index: a loop in a thread of its own, few connections, and its faults in words."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from errors import ConfigurationError, KnowledgeError

if TYPE_CHECKING:
    from knowledge.indexes.index import Vector

SCHEMA = "stagecraft_index"
_CONNECT_SECONDS, _CLOSE_SECONDS = 10.0, 3.0
# Searches run beside each other, one filling at a time.
_CONNECTIONS = 4
# Candidates that a search of the graph looks at: at least as many as are asked for, and more find more of the true nearest.
EF_SEARCH = 100
# One key for all processes that prepare the schema at once; CREATE … IF NOT EXISTS alone collides.
_PREPARING = 0x57A9EC4A
_PARTS = f"""
CREATE TABLE IF NOT EXISTS {SCHEMA}.parts (
    name text PRIMARY KEY, embedding text NOT NULL, partition text NOT NULL, digest text NOT NULL,
    wanted_at timestamptz NOT NULL DEFAULT now()
)"""

Value = TypeVar("Value")


class Server:
    """A small pool of connections to one database, called from any thread; each call blocks that thread."""

    def __init__(self, url: str) -> None:
        """Connect, and make the schema and the extension where they are missing.

        `url` is a SQLAlchemy URL (`postgresql+asyncpg://…`) or a PostgreSQL one. Raises ConfigurationError where the
        database lacks what only its administrator can give, KnowledgeError where it cannot be reached.
        """
        self._dsn = dsn_of(url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="pgvector", daemon=True)
        self._thread.start()
        self._pool: Any = None
        try:
            self._pool = self._wait(self._opened())
        except BaseException:
            self._end()
            raise

    def run(self, work: Callable[[Any], Awaitable[Value]]) -> Value:
        """Do work with a connection and return what it returns. Raises KnowledgeError where the server fails."""
        return self._wait(self._lent(work))

    def close(self) -> None:
        """Give the connections back; what still runs after three seconds is cut off and rolled back by the server."""
        if self._pool is not None:
            asyncio.run_coroutine_threadsafe(self._given_back(), self._loop).result()
            self._pool = None
            self._end()

    def _wait(self, work: Coroutine[Any, Any, Value]) -> Value:
        if self._loop.is_closed():
            work.close()
            raise KnowledgeError("The index is closed.", "索引已关闭。")
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except (KnowledgeError, ConfigurationError):
            raise
        except Exception as error:
            if not _is_fault(error):
                raise
            raise KnowledgeError(
                "The index in PostgreSQL cannot be read or written; vectors are searched in memory until it can.",
                "无法读写 PostgreSQL 中的索引；恢复之前在内存中搜索向量。",
                detail=f"{type(error).__name__}: {error}",
            ) from error

    async def _lent(self, work: Callable[[Any], Awaitable[Value]]) -> Value:
        async with self._pool.acquire(timeout=_CONNECT_SECONDS) as connection:
            return await work(connection)

    async def _opened(self) -> Any:
        import asyncpg

        connection = await asyncpg.connect(self._dsn, timeout=_CONNECT_SECONDS)
        try:
            schema = await _prepared(connection)
        finally:
            await connection.close()

        async def taught(fresh: Any) -> None:
            await fresh.set_type_codec("vector", schema=schema, encoder=_written, decoder=_read, format="binary")

        # As settings of the connection they survive the reset between two uses, and cost a search no round trip.
        settings = {
            "search_path": f'{SCHEMA}, "{schema}"',
            "hnsw.ef_search": str(EF_SEARCH),
            "application_name": "stagecraft index",
        }
        return await asyncpg.create_pool(
            self._dsn, min_size=1, max_size=_CONNECTIONS, timeout=_CONNECT_SECONDS, server_settings=settings, init=taught
        )

    async def _given_back(self) -> None:
        try:
            await asyncio.wait_for(self._pool.close(), _CLOSE_SECONDS)
        except TimeoutError:
            self._pool.terminate()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def dsn_of(url: str) -> str:
    """Return the address as PostgreSQL's own clients write it. Raises ConfigurationError where it is none of PostgreSQL's."""
    parts = urlsplit(url)
    if parts.scheme.partition("+")[0] not in {"postgresql", "postgres"}:
        raise ConfigurationError(
            "The index `pgvector` needs PostgreSQL: set STAGECRAFT_RECORDS__DATABASE_URL to postgresql+asyncpg://….",
            "索引 pgvector 需要 PostgreSQL：请将 STAGECRAFT_RECORDS__DATABASE_URL 设为 postgresql+asyncpg://…。",
        )
    # What SQLAlchemy reads for itself would be taken for a setting of the server.
    asked = [(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("prepared_statement")]
    query = urlencode([("sslmode" if name == "ssl" else name, value) for name, value in asked])
    return f"postgresql://{parts.netloc}{parts.path}{'?' if query else ''}{query}"


async def _prepared(connection: Any) -> str:
    """Make what is missing, one process at a time; return the schema in which the extension lies."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _PREPARING)
        await _ensure_extension(connection)
        await _ensure_schema(connection)
        await connection.execute(_PARTS)
        found: str = await connection.fetchval(
            "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'vector'"
        )
        return found


async def _ensure_extension(connection: Any) -> None:
    import asyncpg

    if await connection.fetchval("SELECT 1 FROM pg_extension WHERE extname = 'vector'"):
        return
    if not await connection.fetchval("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"):
        raise ConfigurationError(
            "The PostgreSQL server has no pgvector. Its administrator installs the package (postgresql-NN-pgvector on Debian and "
            "Red Hat) and runs CREATE EXTENSION vector in this database; until then choose the index `chroma` or `memory`.",
            "PostgreSQL 服务器未安装 pgvector。请管理员安装软件包（如 postgresql-NN-pgvector），并在本数据库执行 CREATE EXTENSION vector；"
            "在此之前请选择索引 chroma 或 memory。",
        )
    try:
        await connection.execute("CREATE EXTENSION vector")
    except asyncpg.InsufficientPrivilegeError as error:
        raise ConfigurationError(
            "This database role may not install pgvector. The database's administrator (a superuser) runs once in this database: "
            "CREATE EXTENSION vector;",
            "本数据库角色无权安装 pgvector。请数据库管理员（超级用户）在本数据库执行一次：CREATE EXTENSION vector;",
        ) from error


async def _ensure_schema(connection: Any) -> None:
    # Asked first: IF NOT EXISTS wants the right to create even where nothing is to be created.
    role, there, may = await connection.fetchrow(
        "SELECT quote_ident(current_user), to_regnamespace($1) IS NOT NULL, CASE WHEN to_regnamespace($1) IS NULL"
        " THEN has_database_privilege(current_database(), 'CREATE') ELSE has_schema_privilege($1, 'CREATE') END",
        SCHEMA,
    )
    if not may:
        mend = f"GRANT ALL ON SCHEMA {SCHEMA} TO {role};" if there else f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {role};"
        raise ConfigurationError(
            f"The database role {role} may not make the index's tables. The database's administrator runs once in this database: {mend}",
            f"数据库角色 {role} 无权创建索引所需的表。请数据库管理员在本数据库执行一次：{mend}",
        )
    if not there:
        await connection.execute(f"CREATE SCHEMA {SCHEMA}")


def _is_fault(error: Exception) -> bool:
    """Tell a server in trouble from a mistake of ours."""
    import asyncpg

    # The driver calls a COPY that is cut off in the middle an error of its own.
    faults = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    mistakes = (asyncpg.PostgresSyntaxError, asyncpg.DataError, asyncpg.DatatypeMismatchError)
    return isinstance(error, faults) and not isinstance(error, mistakes)


def _written(vector: "Vector") -> bytes:
    """Write a vector as pgvector sends it: its length, two bytes unused, and big-endian numbers."""
    import numpy

    numbers = numpy.asarray(vector, dtype=">f4")
    return len(numbers).to_bytes(2, "big") + b"\x00\x00" + numbers.tobytes()


def _read(raw: bytes) -> "Vector":
    import numpy

    return numpy.frombuffer(raw, dtype=">f4", offset=4).astype(numpy.float32)
