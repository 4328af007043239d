"""What the trace of a workspace shows: the thread from story to question as rows of cells, gaps and stale items marked."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from channels.elements.cards import Json
from channels.texts import Texts

if TYPE_CHECKING:
    from chains.workspace.trace import TraceItem, TraceTable


def trace_desk(table: "TraceTable", texts: Texts) -> Json:
    """Return the properties of the trace."""
    name = quote(table.workspace, safe="")
    return {
        "workspace": table.workspace,
        "title": texts("trace_of", name=table.workspace),
        "counts": texts("trace_counts", rows=len(table.rows), gaps=table.gaps, stale=table.stale),
        "columns": [column.title for column in table.columns],
        "rows": [
            [
                {"items": [_item(item) for item in cell], "gap": column.name in row.gaps}
                for column, cell in zip(table.columns, row.cells, strict=True)
            ]
            for row in table.rows
        ],
        "downloads": [
            {"title": texts("trace_xlsx"), "href": f"/workspace/trace.xlsx?name={name}"},
            {"title": texts("trace_zip"), "href": f"/workspace/export.zip?name={name}"},
        ],
        "labels": texts.labels("trace_label_"),
    }


def _item(item: "TraceItem") -> Json:
    return {"id": item.item, "title": item.title, "about": item.title, "stale": item.reason if item.stale else ""}
