"""A file that was read, as the asset and the passages that are committed."""

import hashlib
from dataclasses import dataclass

from knowledge.intake.front_matter import FrontMatter
from knowledge.intake.splitting import split_reading
from knowledge.reading.section import CannotRead, Reading
from records.assets import Asset, Passage, text_hash
from records.database import now


@dataclass(frozen=True)
class Manuscript:
    """A file's bytes and place by their hashes; `asset_id` is that of the asset which it becomes."""

    asset_id: str
    pack: str
    path: str
    content_hash: str
    file_hash: str
    uploaded_by: str = ""

    def asset(self, front: FrontMatter) -> Asset:
        """Return the asset."""
        return Asset(
            id=self.asset_id,
            pack=self.pack,
            path=self.path,
            content_hash=self.content_hash,
            title=front.title,
            shelf=front.shelf,
            type=front.type,
            owner=front.owner,
            groups=front.groups,
            status=front.status,
            language=front.language,
            updated=now(),
            file_hash=self.file_hash,
            uploaded_by=self.uploaded_by,
        )


def passages_of(asset: Asset, reading: Reading, passage_tokens: int) -> list[Passage]:
    """Cut what was read; a passage's id names the version of its asset, so that a citation never moves to other words.

    Raises CannotRead where there is no text.
    """
    pieces = split_reading(reading, asset.title, passage_tokens)
    if not pieces:
        raise CannotRead(
            "There is no text in it: take it out, or put its text in.", "其中没有文字：请移除该文件，或补充文字内容。"
        )
    return [
        Passage(
            id=short_hash(f"{asset.id}/{asset.content_hash}/{place}/{piece.text}"),
            asset=asset.id,
            place=place,
            breadcrumb=piece.breadcrumb,
            text=piece.text,
            text_hash=text_hash(piece.breadcrumb, piece.text),
            language=asset.language,
            tokens=piece.tokens,
        )
        for place, piece in enumerate(pieces)
    ]


def short_hash(text: str) -> str:
    """Return a name for what a text says."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
