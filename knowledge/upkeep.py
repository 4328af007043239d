"""What curators do with the knowledge: look through it, approve, retire, set right and remove."""

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from errors import KnowledgeError
from knowledge.asset_types import ASSET_TYPES
from knowledge.intake.ingest import UPLOADS
from knowledge.intake.uploads import folder_of
from records.asset_events import AssetEvent, Happening
from records.assets import Asset, Passage
from records.knowledge import KnowledgeRecords
from records.sources import Refusal
from records.uploads import UploadRecords

_MAY = frozenset({"curator", "admin"})
_GROUP = re.compile(r"[^|@\s][^|]*")
# A part of an id that names one asset must be as long as this.
_LEAST_OF_ID = 6


class Curator(Protocol):
    """Who does it: `reads` are the groups that knowledge is opened to, `roles` what the person may do."""

    @property
    def id(self) -> str:
        """The person's id."""
        ...

    @property
    def roles(self) -> frozenset[str]:
        """Curators and admins may change assets, and see all of them."""
        ...

    @property
    def reads(self) -> frozenset[str]:
        """The groups to search for."""
        ...


@dataclass(frozen=True)
class Wanted:
    """Which assets to list: what is not empty must be so; `text` stands in a title, a path or an owner."""

    pack: str = ""
    shelf: str = ""
    type: str = ""
    status: str = ""
    text: str = ""

    def fits(self, asset: Asset) -> bool:
        """Tell whether an asset is wanted."""
        named = ((self.pack, asset.pack), (self.shelf, asset.shelf), (self.type, asset.type), (self.status, asset.status))
        told = f"{asset.title}\n{asset.path}\n{asset.owner}".casefold()
        return all(not wanted or wanted == value for wanted, value in named) and self.text.casefold() in told


_ALL = Wanted()


@dataclass(frozen=True)
class AssetRow:
    """An asset in a list, with the number of its passages."""

    asset: Asset
    passages: int


@dataclass(frozen=True)
class AssetDetail:
    """An asset with its passages in order and what happened to it, oldest first; `source` is its file, "" where unknown."""

    asset: Asset
    passages: tuple[Passage, ...]
    events: tuple[AssetEvent, ...]
    source: str


@dataclass(frozen=True)
class PackRow:
    """A pack: the folder it comes from, its counts, and its assets by status."""

    name: str
    root: str
    assets: int
    passages: int
    terms: int
    refused: int
    statuses: dict[str, int]


class Upkeep:
    """Curators' work on assets; every change is on record with its person. Every method may raise KnowledgeError.

    `which` names an asset by its id, by a beginning of it, or by its path where only one asset has that.
    """

    def __init__(self, records: KnowledgeRecords, data_dir: Path, changed: Callable[[], Awaitable[None]]) -> None:
        """`changed` is awaited after each change, so that search follows."""
        self._records, self._data_dir, self._changed = records, data_dir, changed
        self._uploads = UploadRecords(records.database)

    async def assets(self, by: Curator, wanted: Wanted = _ALL) -> list[AssetRow]:
        """Return the wanted assets that the person may see, by pack and path."""
        counts = await self._records.passage_counts()
        present = await self._records.assets()
        return [AssetRow(asset, counts.get(asset.id, 0)) for asset in present if wanted.fits(asset) and _may_see(by, asset)]

    async def show(self, which: str, by: Curator) -> AssetDetail:
        """Return an asset with its passages and history."""
        asset = await self._one(which, by)
        pieces = await self._records.passages_of([asset.id])
        root = (await self._records.pack_roots()).get(asset.pack, "")
        source = str(Path(root) / asset.path) if root else ""
        return AssetDetail(asset, tuple(pieces), tuple(await self._records.asset_events(asset.id)), source)

    async def approve(self, which: str, groups: Sequence[str] | None, by: Curator) -> Asset:
        """Open an asset to groups, to those it names itself where none are given."""
        asset = await self._one(which, by)
        chosen = _checked_groups(asset.groups if groups is None else groups)
        return await self._settle(asset, {"status": "approved", "groups": chosen}, "approved", by)

    async def retire(self, which: str, by: Curator) -> Asset:
        """Take an asset out of all answers; it stays on record."""
        return await self._settle(await self._one(which, by), {"status": "retired"}, "retired", by)

    async def settle(
        self, which: str, by: Curator, *, kind: str = "", shelf: str = "", owner: str = "", groups: Sequence[str] | None = None
    ) -> Asset:
        """Set what is given (`kind` is the type); it stays over what the file says, also when the file changes."""
        if kind and kind not in ASSET_TYPES:
            names = ", ".join(ASSET_TYPES)
            raise KnowledgeError(f"There is no type '{kind}'; there are {names}.", f"没有类型“{kind}”；可用的有 {names}。")
        given = {"type": kind, "shelf": shelf.strip(), "owner": owner.strip()}
        settled: dict[str, Any] = {name: value for name, value in given.items() if value}
        if groups is not None:
            settled["groups"] = _checked_groups(groups)
        if not settled:
            raise KnowledgeError(
                "Nothing was given to set: a type, a shelf, an owner or groups.", "未指定要设置的内容：类型、书架、负责人或组。"
            )
        return await self._settle(await self._one(which, by), settled, "settled", by)

    async def remove(self, which: str, by: Curator) -> AssetDetail:
        """Remove an asset with its passages, vectors and uploaded file; return what it was."""
        _require_curator(by)
        detail = await self.show(which, by)
        await self._removed([detail.asset], by)
        return detail

    async def remove_pack(self, pack: str, by: Curator) -> int:
        """Remove a pack with all that belongs to it; return the number of its assets."""
        _require_curator(by)
        present = await self._records.assets(pack)
        if pack not in [row.name for row in await self.packs()]:
            raise KnowledgeError(f"There is no pack '{pack}'.", f"没有名为“{pack}”的知识包。")
        await self._removed(present, by)
        await self._records.remove_pack(pack, by=by.id)
        await self._changed()
        return len(present)

    async def refusals(self, pack: str | None = None) -> list[Refusal]:
        """Return the files that were refused, with their reasons."""
        return await self._records.refusals(pack)

    async def packs(self) -> list[PackRow]:
        """Return every pack with its counts."""
        roots, counts = await self._records.pack_roots(), await self._records.passage_counts()
        terms = Counter(str(row["pack"]) for row in await self._records.terms())
        refused = Counter(refusal.pack for refusal in await self._records.refusals())
        held: dict[str, list[Asset]] = {}
        for asset in await self._records.assets():
            held.setdefault(asset.pack, []).append(asset)
        return [
            PackRow(
                name=name,
                root=roots.get(name, ""),
                assets=len(held.get(name, ())),
                passages=sum(counts.get(asset.id, 0) for asset in held.get(name, ())),
                terms=terms[name],
                refused=refused[name],
                statuses=dict(Counter(asset.status for asset in held.get(name, ()))),
            )
            for name in sorted({*held, *terms, *refused, *roots})
        ]

    async def _one(self, which: str, by: Curator) -> Asset:
        """Return the asset that is meant, among those that the person may see."""
        present = [asset for asset in await self._records.assets() if _may_see(by, asset)]
        exact = [asset for asset in present if asset.id == which] or [asset for asset in present if asset.path == which]
        near = [asset for asset in present if len(which) >= _LEAST_OF_ID and asset.id.startswith(which)]
        found = exact or near
        if len(found) == 1:
            return found[0]
        ids = ", ".join(asset.id for asset in found[:5])
        if found:
            raise KnowledgeError(f"Several assets are called '{which}': {ids}.", f"有多个资产符合“{which}”：{ids}。")
        raise KnowledgeError(
            f"There is no asset '{which}'. `stagecraft knowledge list` shows them all.",
            f"没有资产“{which}”。`stagecraft knowledge list` 可列出全部。",
        )

    async def _settle(self, asset: Asset, settled: dict[str, Any], what: Happening, by: Curator) -> Asset:
        _require_curator(by)
        found = await self._records.settle_asset(asset.id, settled, what, by.id)
        if found is None:
            raise KnowledgeError("The asset was removed meanwhile.", "该资产刚刚已被移除。")
        await self._changed()
        return found

    async def _removed(self, gone: Collection[Asset], by: Curator) -> None:
        """Remove assets, and of uploads the files and the rows that point to them."""
        if gone:
            await self._records.remove_assets([asset.id for asset in gone], by=by.id)
        for asset in (asset for asset in gone if asset.pack == UPLOADS):
            for upload in await self._uploads.uploads_to(asset.id):
                await self._uploads.drop_upload(upload.id)
            await asyncio.to_thread(shutil.rmtree, folder_of(self._data_dir, asset.path), ignore_errors=True)
        if gone:
            await self._changed()


def _may_see(by: Curator, asset: Asset) -> bool:
    """Tell whether a person may see an asset at all: curators see everything, others what they find."""
    return not _MAY.isdisjoint(by.roles) or "everyone" in asset.readers or not asset.readers.isdisjoint(by.reads)


def _require_curator(by: Curator) -> None:
    if _MAY.isdisjoint(by.roles):
        raise KnowledgeError(
            "Only a curator may change the knowledge. Ask your curator, or your administrator for that role.",
            "只有知识管理员可以更改知识库。请联系知识管理员，或向系统管理员申请该角色。",
        )


def _checked_groups(groups: Sequence[str]) -> list[str]:
    """Return groups without blanks. Raises KnowledgeError where there is none, or where a name is no group's."""
    found = sorted({group.strip() for group in groups} - {""})
    if not found or not all(_GROUP.fullmatch(group) for group in found):
        raise KnowledgeError(
            "Name at least one group; a group's name has no '|' and does not begin with '@'.",
            "请至少指定一个组；组名不含“|”，也不以“@”开头。",
        )
    return found
