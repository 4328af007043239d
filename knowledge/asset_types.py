"""The kinds of assets, and how each is retrieved."""

from typing import Final, Literal, get_args

AssetType = Literal[
    "standard", "template", "checklist", "example", "decision", "domain-rule", "api", "past-artifact", "glossary", "document"
]
ASSET_TYPES: Final[tuple[AssetType, ...]] = get_args(AssetType)

# Considered for every brief of a stage on whose shelves they lie, however little of them the brief says.
STANDING: Final = frozenset({"standard", "template", "checklist"})
# Found by what they are like, not by the words they share: the words of another initiative mislead.
BY_LIKENESS: Final = frozenset({"example", "past-artifact"})
