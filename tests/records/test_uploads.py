"""Uploads as they are committed, on every database."""

import asyncio
from dataclasses import replace

import pytest

from records.database import Database, now
from records.uploads import Upload, UploadRecords

UPLOAD = Upload("u1", "ana", "cards.md", 7, "queued", None, None, now(), now())


@pytest.fixture
def uploads(database: Database) -> UploadRecords:
    return UploadRecords(database)


async def test_an_upload_comes_back_as_it_was_put_and_moves_on(uploads: UploadRecords) -> None:
    assert await uploads.put_upload(UPLOAD, most_waiting=1)
    assert await uploads.uploads_of("ana") == [UPLOAD]
    await uploads.set_upload("u1", "refused", reason={"en": "no text", "zh": "没有文字"})
    (after,) = await uploads.uploads_of("ana")
    assert (after.state, after.reason) == ("refused", {"en": "no text", "zh": "没有文字"})
    await uploads.drop_upload("u1")
    assert await uploads.upload("u1") is None


async def test_what_is_not_finished_is_found_oldest_first(uploads: UploadRecords) -> None:
    for number, state in enumerate(("queued", "reading", "ready", "refused")):
        await uploads.put_upload(replace(UPLOAD, id=f"u{number}", state=state, created=now()), most_waiting=9)  # type: ignore[arg-type]
    assert [upload.id for upload in await uploads.unfinished_uploads()] == ["u0", "u1"]
    await uploads.set_upload("u1", "ready", asset="a1")
    assert [upload.id for upload in await uploads.uploads_to("a1")] == ["u1"]


async def test_no_more_of_a_persons_files_wait_than_may(uploads: UploadRecords) -> None:
    assert await uploads.put_upload(UPLOAD, most_waiting=1)
    assert not await uploads.put_upload(replace(UPLOAD, id="u2"), most_waiting=1)
    assert await uploads.put_upload(replace(UPLOAD, id="u3", person="ben"), most_waiting=1)
    await uploads.set_upload("u1", "ready", asset="a1")
    assert await uploads.put_upload(replace(UPLOAD, id="u2"), most_waiting=1)


async def test_two_that_come_at_once_do_not_both_take_the_last_place(uploads: UploadRecords) -> None:
    both = [uploads.put_upload(replace(UPLOAD, id=f"u{number}"), most_waiting=1) for number in range(2)]
    assert sorted(await asyncio.gather(*both)) == [False, True]
