"""Each test of the records runs on a real SQLite file and, where one is reachable, on a real PostgreSQL database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import records.chat_tables
import records.key_tables
import records.knowledge_tables
import records.limit_tables
import records.people_tables
import records.slack_tables
import records.widget_tables  # noqa: F401  its tables are emptied too
from records.artifacts import NewArtifact, Workspace
from records.database import Database, metadata, sqlite_url
from records.ledger import Ledger
from records.migrate import migrate
from records.turns import TurnStart
from records.workspaces import Workspaces
from tests.doubles.databases import NoPostgres, delete_rows, drop_tables, fresh_postgres

OWNER = "ana"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of the session's PostgreSQL database whose tables come and go."""
    yield from reached()


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """The URL of the session's PostgreSQL database that keeps its tables, because making them is slow."""
    yield from reached()


def reached() -> Iterator[str]:
    try:
        with fresh_postgres() as url:
            yield url
    except NoPostgres as reason:
        pytest.skip(f"no PostgreSQL is reachable: {reason}")


@pytest.fixture(params=["sqlite", "postgresql"])
async def blank(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table."""
    url = sqlite_url(tmp_path)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")
        drop_tables(url)
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with this program's tables, and nothing in them."""
    url = sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("migrated_postgres")
    database = Database(url)
    await migrate(database)
    if not database.is_sqlite:
        delete_rows(url, metadata.sorted_tables)
    yield database
    await database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database)


@pytest.fixture
def workspaces(database: Database) -> Workspaces:
    return Workspaces(database)


@pytest.fixture
async def workspace(workspaces: Workspaces) -> Workspace:
    """Ana's workspace."""
    return await workspaces.open("Transfers", OWNER)


@pytest.fixture
def start(workspace: Workspace) -> TurnStart:
    """The start of a turn of Ana's."""
    return TurnStart(
        workspace=workspace.id,
        stage="user_stories",
        phase="requirements",
        asker=OWNER,
        channel="browser",
        language="en",
        brief="Customers freeze a lost card 冻结银行卡",
        prompt_hash="a" * 64,
        model="model-a",
    )


@pytest.fixture
def stories(workspace: Workspace) -> NewArtifact:
    """Two stories of Ana's, not yet kept."""
    return NewArtifact(
        workspace=workspace.id,
        stage="user_stories",
        title="Freeze a card 冻结",
        language="zh",
        body={"stories": [{"id": "S1", "benefit": "no loss"}, {"id": "S2", "benefit": "peace"}]},
        author="assistant",
        sources=(
            {"key": "P1", "passage_id": "p", "title": "Cards", "shelf": "rules", "breadcrumb": "Cards › Loss", "text": "…"},
        ),
        findings=({"check": "has_benefit", "item": "S1"},),
        mends=({"what": "trimmed"},),
    )
