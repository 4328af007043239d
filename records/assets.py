"""An organisation's files as assets, and the passages that they are cut into."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from errors import Language

# Why what was cited is not shown any more: not open to this person, or gone.
Closing = Literal["closed", "removed"]


@dataclass(frozen=True)
class Asset:
    """One file of the organisation; `groups` are the groups of people that may read it once it is approved.

    `content_hash` is that of the file's bytes, `file_hash` stands for these and the way they were read, `uploaded_by` for who
    put it in by hand. `settled` holds the fields that a curator set: they stay over what the file says.
    """

    id: str
    pack: str
    path: str
    content_hash: str
    title: str
    shelf: str
    type: str
    owner: str
    groups: tuple[str, ...]
    status: str
    language: Language
    updated: datetime
    file_hash: str = ""
    uploaded_by: str = ""
    settled: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def readers(self) -> frozenset[str]:
        """The groups that find it now: its own when it is approved; of a draft, the person alone who put it in."""
        if self.status == "approved":
            return frozenset(self.groups)
        return frozenset([f"@{self.uploaded_by}"]) if self.status == "draft" and self.uploaded_by else frozenset()

    @property
    def citation_readers(self) -> frozenset[str]:
        """Who may read what was cited of it: who finds it now, and of a retired one who found it when it was in force."""
        return frozenset(self.groups) if self.status == "retired" else self.readers

    @property
    def partition(self) -> str:
        """The part of the index that holds the asset: one for each language and set of readers; "" where nobody finds it."""
        return f"{self.language}:{'|'.join(sorted(self.readers))}" if self.readers else ""

    def settled_by(self, settled: Mapping[str, Any]) -> "Asset":
        """Return the asset with what a curator set laid over it."""
        laid = {**settled, "groups": tuple(settled["groups"])} if "groups" in settled else dict(settled)
        return replace(self, **laid, settled=dict(settled))


@dataclass(frozen=True)
class Passage:
    """One piece of an asset; `text_hash` names its vector, so that a text that stays keeps its vector."""

    id: str
    asset: str
    place: int
    breadcrumb: str
    text: str
    text_hash: str
    language: Language
    tokens: int


def embedded_text(breadcrumb: str, text: str) -> str:
    """Return what the embedding reads of a passage: where it stands, then what it says."""
    return f"{breadcrumb}\n{text}"


def text_hash(breadcrumb: str, text: str) -> str:
    """Return the name under which the passage's vector is kept."""
    return hashlib.sha256(embedded_text(breadcrumb, text).encode()).hexdigest()
