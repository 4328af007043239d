"""The index in PostgreSQL: shared by several processes, verified, and told apart from faults that an administrator mends."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import asyncpg
import numpy as np
import pytest
from numpy.typing import NDArray

from errors import ConfigurationError, KnowledgeError
from knowledge.indexes.index import digest_of
from knowledge.indexes.pgvector import PgVectorIndex
from knowledge.indexes.pgvector_server import SCHEMA, dsn_of
from tests.doubles.databases import NoPostgres, fresh_postgres
from tests.doubles.vector_postgres import VectorPostgres

PART = "zh:board|everyone"


def matrix(rows: int, width: int = 8, seed: int = 0) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(rows, width)).astype(np.float32)
    found: NDArray[np.float32] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return found


IDS = [f"passage-{number}" for number in range(300)]
VECTORS = matrix(300)


def sql(url: str, statement: str, *values: Any) -> list[Any]:
    """Run one statement beside the index, in a thread since a test's own loop may be running in this one."""

    async def run() -> list[Any]:
        connection = await asyncpg.connect(dsn_of(url))
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


@pytest.fixture
def url(vector_postgres: VectorPostgres) -> str:
    """A database of the test's own."""
    name = f"d{uuid4().hex[:12]}"
    sql(vector_postgres.url, f"CREATE DATABASE {name}")
    return vector_postgres.url_of("postgres", name)


@pytest.fixture
def index(url: str) -> Iterator[PgVectorIndex]:
    made = PgVectorIndex(url, "hashed", 8)
    yield made
    made.close()


def table_of(url: str, partition: str = PART) -> str:
    (row,) = sql(url, f"SELECT name FROM {SCHEMA}.parts WHERE partition = $1", partition)
    return f"{SCHEMA}.{row[0]}"


def oid_of(url: str) -> int:
    return int(sql(url, "SELECT $1::regclass::oid", table_of(url))[0][0])


def test_two_processes_may_hold_the_same_partition_at_once(index: PgVectorIndex, url: str) -> None:
    others = [PgVectorIndex(url, "hashed", 8) for _ in range(3)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda one: one.hold(PART, IDS, VECTORS), [index, *others]))
    for one in [index, *others]:
        assert one.digest(PART) == digest_of(IDS)
        assert one.search(PART, VECTORS[250], 1)[0][0] == "passage-250"
    assert len(sql(url, "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename LIKE 'p\\_%'", SCHEMA)) == 1
    for one in others:
        one.close()


def test_processes_may_prepare_an_empty_database_at_once(vector_postgres: VectorPostgres, url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        for made in threads.map(lambda _: PgVectorIndex(url, "hashed", 8), range(4)):
            made.close()


def test_the_next_process_takes_over_what_the_former_has_filled(index: PgVectorIndex, url: str) -> None:
    index.hold(PART, IDS, VECTORS)
    before = oid_of(url)
    second = PgVectorIndex(url, "hashed", 8)
    second.hold(PART, IDS[:290], VECTORS[:290])
    assert oid_of(url) == before
    assert second.digest(PART) == digest_of(IDS[:290])
    second.close()


@pytest.mark.parametrize(
    "damage",
    ["UPDATE {table} SET embedding = (SELECT embedding FROM {table} LIMIT 1)", "DELETE FROM {table}", "DROP TABLE {table}"],
    ids=["changed", "emptied", "dropped"],
)
def test_what_was_damaged_beside_us_is_noticed_by_the_next_process_and_rebuilt(
    index: PgVectorIndex, url: str, damage: str
) -> None:
    index.hold(PART, IDS, VECTORS)
    sql(url, damage.format(table=table_of(url)))
    second = PgVectorIndex(url, "hashed", 8)
    second.hold(PART, IDS, VECTORS)
    ((found, cosine),) = second.search(PART, VECTORS[77], 1)
    assert found == "passage-77"
    assert cosine == pytest.approx(1, abs=1e-5)
    second.close()


def test_a_partition_that_was_let_go_is_written_anew(index: PgVectorIndex, url: str) -> None:
    index.hold(PART, IDS, VECTORS)
    before = oid_of(url)
    index.keep_only([])
    index.hold(PART, IDS, VECTORS)
    assert oid_of(url) != before
    assert index.search(PART, VECTORS[3], 1)[0][0] == "passage-3"


def test_a_digest_tells_rows_that_were_lost(index: PgVectorIndex, url: str) -> None:
    index.hold(PART, IDS, VECTORS)
    sql(url, f"DELETE FROM {table_of(url)} WHERE passage = 'passage-3'")
    assert index.digest(PART) != digest_of(IDS)


def test_another_embedding_keeps_its_tables_while_it_may_still_serve(index: PgVectorIndex, url: str) -> None:
    index.hold(PART, IDS, VECTORS)
    wide = PgVectorIndex(url, "another", 16)
    wide.hold(PART, IDS, matrix(300, 16))
    wide.keep_only([PART])
    assert index.search(PART, VECTORS[5], 1)[0][0] == "passage-5"
    sql(url, f"UPDATE {SCHEMA}.parts SET wanted_at = now() - interval '31 days' WHERE embedding = 'hashed'")
    wide.keep_only([PART])
    with pytest.raises(KnowledgeError):
        index.search(PART, VECTORS[5], 1)
    assert wide.search(PART, matrix(300, 16)[5], 1)[0][0] == "passage-5"
    wide.close()


def test_a_partition_that_another_process_has_just_filled_is_not_dropped_under_it(index: PgVectorIndex, url: str) -> None:
    newer = PgVectorIndex(url, "hashed", 8)
    newer.hold(PART, IDS, VECTORS)
    index.keep_only([])
    assert newer.search(PART, VECTORS[9], 1)[0][0] == "passage-9"
    sql(url, f"UPDATE {SCHEMA}.parts SET wanted_at = now() - interval '11 minutes'")
    index.keep_only([])
    assert sql(url, f"SELECT 1 FROM {SCHEMA}.parts") == []
    with pytest.raises(KnowledgeError):
        newer.search(PART, VECTORS[9], 1)
    newer.close()


@pytest.mark.parametrize(("width", "graph"), [(8, "vector_cosine_ops"), (2560, "halfvec_cosine_ops"), (4096, None)])
def test_vectors_of_every_length_are_found_by_a_graph_where_there_can_be_one(url: str, width: int, graph: str | None) -> None:
    vectors = matrix(60, width)
    wide = PgVectorIndex(url, "wide", width)
    wide.hold(PART, IDS[:60], vectors)
    hits = wide.search(PART, vectors[7], 5)
    assert hits[0][0] == "passage-7"
    assert [cosine for _, cosine in hits] == pytest.approx(sorted(vectors @ vectors[7], reverse=True)[:5], abs=1e-3)
    made = [row[0] for row in sql(url, "SELECT indexdef FROM pg_indexes WHERE indexname LIKE '%graph'")]
    assert ([] if graph is None else [graph]) == [
        name for name in ("vector_cosine_ops", "halfvec_cosine_ops") if f" {name}" in "".join(made)
    ]
    wide.close()


def test_a_large_partition_is_searched_through_its_graph(index: PgVectorIndex, url: str) -> None:
    many = matrix(5000)
    index.hold(PART, [f"p{row}" for row in range(5000)], many)
    found = [{hit for hit, _ in index.search(PART, many[row], 50)} for row in range(0, 5000, 250)]
    true = [{f"p{near}" for near in np.argsort(-(many @ many[row]))[:50]} for row in range(0, 5000, 250)]
    assert sum(len(a & b) for a, b in zip(found, true, strict=True)) >= 0.95 * 50 * len(found)
    plan = sql(url, f"EXPLAIN SELECT passage FROM {table_of(url)} ORDER BY embedding <=> '{[1.0] * 8}'::vector LIMIT 50")
    assert "_graph" in "".join(row[0] for row in plan)


def test_a_server_that_dies_in_the_middle_costs_nothing_but_the_call() -> None:
    server = VectorPostgres()
    try:
        index = PgVectorIndex(server.url, "hashed", 8)
        index.hold(PART, IDS[:200], VECTORS[:200])
        many = matrix(20_000)
        failed: list[KnowledgeError] = []

        def filled() -> None:
            try:
                index.hold(PART, [f"p{row}" for row in range(20_000)], many)
            except KnowledgeError as error:
                failed.append(error)

        filling = Thread(target=filled)
        filling.start()
        sleep(0.3)
        server.kill()
        filling.join(20)
        assert failed[0].sentence("zh").startswith("无法读写 PostgreSQL")
        with pytest.raises(KnowledgeError):
            index.search(PART, VECTORS[0], 1)
        server.start()
        (kept,) = sql(server.url, f"SELECT count(*) FROM {table_of(server.url)}")
        assert kept[0] == 200
        index.hold(PART, IDS, VECTORS)
        assert index.digest(PART) == digest_of(IDS)
        assert index.search(PART, VECTORS[0], 1)[0][0] == "passage-0"
        index.close()
    finally:
        server.end()


def test_closing_cuts_a_filling_off_and_leaves_what_was_there(index: PgVectorIndex, url: str) -> None:
    index.hold(PART, IDS, VECTORS)
    other = PgVectorIndex(url, "hashed", 8)
    failed: list[KnowledgeError] = []

    def filled() -> None:
        try:
            other.hold(PART, [f"p{row}" for row in range(100_000)], matrix(100_000))
        except KnowledgeError as error:
            failed.append(error)

    filling = Thread(target=filled)
    filling.start()
    sleep(0.3)
    begun = monotonic()
    other.close()
    filling.join(10)
    assert failed
    assert monotonic() - begun < 10
    assert index.digest(PART) == digest_of(IDS)
    with pytest.raises(KnowledgeError):
        other.search(PART, VECTORS[0], 1)


def test_without_the_extension_the_sentence_says_who_installs_it() -> None:
    try:
        with fresh_postgres() as plain, pytest.raises(ConfigurationError) as refused:
            PgVectorIndex(plain, "hashed", 8)
    except NoPostgres as reason:
        pytest.skip(f"no PostgreSQL is reachable: {reason}")
    assert "CREATE EXTENSION vector" in str(refused.value)
    assert "管理员" in refused.value.sentence("zh")


def test_a_role_without_rights_is_told_the_statement_that_its_administrator_runs(
    vector_postgres: VectorPostgres, url: str
) -> None:
    role = f"r{uuid4().hex[:12]}"
    sql(url, f"CREATE ROLE {role} LOGIN")
    mine = vector_postgres.url_of(role, url.partition("@/")[2].partition("?")[0])
    with pytest.raises(ConfigurationError, match="runs once in this database: CREATE EXTENSION vector;"):
        PgVectorIndex(mine, "hashed", 8)
    sql(url, "CREATE EXTENSION vector")
    statement = f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {role};"
    with pytest.raises(ConfigurationError, match=statement):
        PgVectorIndex(mine, "hashed", 8)
    sql(url, statement)
    index = PgVectorIndex(mine, "hashed", 8)
    index.hold(PART, IDS, VECTORS)
    assert index.search(PART, VECTORS[1], 1)[0][0] == "passage-1"
    index.close()


def test_an_extension_in_a_schema_of_its_own_is_found(url: str) -> None:
    sql(url, 'CREATE SCHEMA "Add ons"')
    sql(url, 'CREATE EXTENSION vector SCHEMA "Add ons"')
    index = PgVectorIndex(url, "hashed", 8)
    index.hold(PART, IDS, VECTORS)
    index.hold(PART, IDS[:290], VECTORS[:290])
    assert index.search(PART, VECTORS[1], 1)[0][0] == "passage-1"
    index.close()


def test_a_server_that_cannot_be_reached_is_told_without_its_address() -> None:
    with pytest.raises(KnowledgeError) as refused:
        PgVectorIndex("postgresql+asyncpg://ana:secret@127.0.0.1:1/stagecraft", "hashed", 8)
    assert "127.0.0.1" not in str(refused.value)
    assert "secret" not in refused.value.detail


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("postgresql+asyncpg://u:p%40@db:5433/s", "postgresql://u:p%40@db:5433/s"),
        ("postgresql+asyncpg://u@db/s?ssl=require&prepared_statement_cache_size=0", "postgresql://u@db/s?sslmode=require"),
        ("postgres://db/s?host=/run/postgresql", "postgresql://db/s?host=%2Frun%2Fpostgresql"),
    ],
)
def test_the_address_of_the_records_is_read_as_postgresql_writes_it(given: str, written: str) -> None:
    assert dsn_of(given) == written


def test_sqlite_has_no_vectors() -> None:
    with pytest.raises(ConfigurationError, match="needs PostgreSQL"):
        PgVectorIndex("sqlite+aiosqlite:///records.db", "hashed", 8)
