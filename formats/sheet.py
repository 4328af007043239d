"""A sheet: rows under named columns, as a spreadsheet, a CSV file and the page's table view show them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """A table with a title; every row has as many cells as there are columns, and `ids` names the item that each row tells of."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    ids: Sequence[str] = ()
