"""The notations that every stage has: made of its `document` and `sheets`, so that a stage declares only what is its own."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from errors import Language
from formats.document import Document
from formats.sheet import Sheet
from stages.declaration import Notation, Stage
from stages.material import Source

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Documents = Callable[[Any, Language, Sequence[Source]], Document]
Tables = Callable[[Any, Language], Sequence[Sheet]]


def all_notations(stage: Stage) -> dict[str, Notation]:
    """Return every notation of a stage; one of its own stands in the place of the common one of that name."""
    return {**common_notations(stage), **stage.notations}


def common_notations(stage: Stage) -> Mapping[str, Notation]:
    """Return Markdown, DOCX and HTML of a stage that has a document, XLSX and CSV of one that has sheets."""
    found: dict[str, Notation] = {}
    if stage.document is not None:
        found |= {
            "md": Notation("md", "text/markdown", partial(_markdown, stage.document), {"en": "Markdown", "zh": "Markdown"}),
            "docx": Notation("docx", _DOCX, partial(_docx, stage.document), {"en": "Word", "zh": "Word 文档"}),
            "html": Notation("html", "text/html", partial(_html, stage.document), {"en": "HTML page", "zh": "HTML 网页"}),
        }
    if stage.sheets is not Stage.sheets:
        found |= {
            "xlsx": Notation("xlsx", _XLSX, partial(_xlsx, stage.sheets), {"en": "Excel", "zh": "Excel 表格"}),
            "csv": Notation("csv", "text/csv", partial(_csv, stage.sheets), {"en": "CSV", "zh": "CSV"}),
        }
    return found


def _markdown(document: Documents, artifact: Any, language: Language, sources: Sequence[Source]) -> bytes:
    from formats.markdown import render_markdown

    return render_markdown(document(artifact, language, sources)).encode()


def _docx(document: Documents, artifact: Any, language: Language, sources: Sequence[Source]) -> bytes:
    from formats.docx import render_docx  # late: python-docx costs a second of the start

    return render_docx(document(artifact, language, sources), _png)


def _html(document: Documents, artifact: Any, language: Language, sources: Sequence[Source]) -> bytes:
    from formats.html import render_html

    return render_html(document(artifact, language, sources), _svg).encode()


def _xlsx(sheets: Tables, artifact: Any, language: Language, _sources: Sequence[Source]) -> bytes:
    from formats.xlsx import workbook

    return workbook(sheets(artifact, language))


def _csv(sheets: Tables, artifact: Any, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return the first sheet, the one that tells the items; a workbook holds them all."""
    from formats.csv_export import csv_file

    return csv_file(sheets(artifact, language)[0])


# A second each to draw; whoever takes a document away as a page takes it away for Word, too.
@lru_cache(maxsize=64)
def _svg(mermaid: str) -> bytes:
    from formats.mermaid_svg import svg

    return svg(mermaid)


def _png(mermaid: str) -> bytes:
    from formats.mermaid_png import png

    return png(_svg(mermaid))
