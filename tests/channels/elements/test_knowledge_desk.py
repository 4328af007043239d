"""The curator's desk as the page gets it: real uploads and a real knowledge behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chains.events import Person
from channels.curation import Curation
from channels.elements.knowledge_desk import hits_on_desk, is_settled, knowledge_desk
from channels.texts import texts_in
from knowledge.intake.uploads import Uploads
from knowledge.knowledge import Knowledge
from knowledge.reading.reader import Reader
from knowledge.terms.stewardship import Steward
from knowledge.upkeep import Upkeep
from records.database import Database, sqlite_url
from records.migrate import migrate
from records.terms import TermRecords
from tests.doubles.packs import write_pack

CURATOR = Person("cara", "Cara", roles=frozenset({"analyst", "curator"}))
READER = Person("ray", "Ray")


@pytest.fixture
async def curation(tmp_path: Path) -> AsyncIterator[Curation]:
    database = Database(sqlite_url(tmp_path))
    await migrate(database)
    reader = Reader()
    knowledge = await Knowledge.open(database, tmp_path, write_pack(tmp_path / "pack"), reader=reader)
    await knowledge.sync_pack()

    async def changed() -> None:
        await knowledge.reload()

    records = knowledge.records
    uploads = Uploads(records, tmp_path, reader, changed=changed)
    steward = Steward(records, TermRecords(database))
    yield Curation(knowledge, Upkeep(records, tmp_path, changed), uploads, steward)
    await knowledge.close()
    await reader.close()
    await database.close()


async def test_a_file_is_queued_then_ready_and_its_words_are_found_by_its_person_alone(curation: Curation) -> None:
    await curation.uploads.submit(CURATOR.id, "fees.md", b"# Fee waiver\n\nA branch manager waives the courier fee.\n")
    queued = await knowledge_desk(curation, CURATOR, texts_in("en"))
    assert [file["stateText"] for file in queued["files"]] == ["Queued"]
    assert not is_settled(queued)

    await curation.uploads.work_off()
    desk = await knowledge_desk(curation, CURATOR, texts_in("zh"))
    (file,) = desk["files"]
    assert (file["stateText"], file["openness"], file["about"], file["approvable"]) == ("就绪", "仅您可检索", "1 个段落", True)
    assert is_settled(desk)
    hits = await curation.knowledge.search("courier fee waiver", groups=CURATOR.reads)
    assert hits_on_desk(hits, texts_in("en"))[0]["from"] == "Uploaded file fees.md"
    assert all(hit.asset.title != "Fee waiver" for hit in await curation.knowledge.search("courier fee", groups=READER.reads))


async def test_a_refused_file_says_why_in_the_readers_language(curation: Curation) -> None:
    await curation.uploads.submit(CURATOR.id, "setup.exe", b"MZ\x90\0" + b"\0\1\2\3" * 500)
    await curation.uploads.work_off()
    for language, word in (("en", "program"), ("zh", "程序")):
        (file,) = (await knowledge_desk(curation, CURATOR, texts_in("zh" if language == "zh" else "en")))["files"]
        assert file["state"] == "refused"
        assert word in file["reason"]
        assert (file["approvable"], file["removable"]) == (False, True)


async def test_a_desk_counts_what_can_be_found_and_offers_uploading_to_curators_only(curation: Curation) -> None:
    desk = await knowledge_desk(curation, READER, texts_in("en"))
    assert desk["counts"].startswith(f"{curation.knowledge.status().passages} passages")
    assert (desk["files"], desk["mayUpload"]) == ([], False)
    assert (await knowledge_desk(curation, CURATOR, texts_in("en")))["mayUpload"] is True
