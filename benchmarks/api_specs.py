"""What is lost of API files: read, written as a table, read from the table, written as OpenAPI and read again; differences are printed."""

import json
from pathlib import Path
from typing import Any

from benchmarks.api_census import census, told
from benchmarks.api_kinds import KINDS
from benchmarks.figures import Figure, Journal
from formats.api.comparison import KINDS as FACTS
from formats.api.comparison import differences, facts
from formats.api.document_faults import validity_faults
from formats.api.model import Api
from formats.api.openapi import openapi
from formats.api.reading import read_api
from formats.api.table import api_table
from formats.api.table_reading import read_table
from formats.plain_data import safe_json, safe_yaml

_SHOWN = 5


def measure(source: Path | None, journal: Journal) -> None:
    """Measure our own kinds of files, and the public ones where there are any."""
    _tell("own kinds", KINDS, journal)
    folder = source / "api-specs" if source else None
    if folder is None or not folder.is_dir():
        journal.tell(Figure("api", "STAGECRAFT_TEST_DATA holds no api-specs: public files not measured", ""))
        return
    public = {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.suffix in (".json", ".yaml")}
    _tell("public files", public, journal)
    missed = {name: unread(text) for name, text in public.items() if not name.startswith("postman")}
    for name, lines in missed.items():
        _print(name, lines)
    count = sum(len(lines) for lines in missed.values())
    journal.tell(Figure("api", f"facts of {len(missed)} public files that are not read", str(count), "0", count == 0))
    valid = sum(not validity_faults(openapi(read_api(text).api)) for text in public.values())
    journal.tell(Figure("api", "public files that are strictly valid when written again", f"{valid} of {len(public)}"))


def carried(text: str) -> tuple[Api, Api]:
    """Return an API as it was read, and as it is after the way through table, bare of its artifact, and OpenAPI."""
    read = read_api(text).api
    through = read_table(api_table(read)).api
    return read, read_api(json.dumps(openapi(through))).api


def comes_back(text: str) -> bool:
    """Whether the table with its artifact gives the very OpenAPI document that the artifact gives."""
    read = read_api(text).api
    return openapi(read_table(api_table(read), read).api) == openapi(read)


def unread(text: str) -> list[str]:
    """Return what a file says, counted straight from it, that was not read, and what was read that it does not say."""
    document: dict[str, Any] = safe_json(text) if text.lstrip().startswith("{") else safe_yaml(text)
    said, read = census(document), told(read_api(text).api)
    return [f"{kind}: {each}" for kind in FACTS for each in sorted(said[kind] ^ read[kind])]


def _tell(name: str, texts: dict[str, str], journal: Journal) -> None:
    total = dict.fromkeys(FACTS, 0)
    lost = dict.fromkeys(FACTS, 0)
    for file, text in texts.items():
        before, after = carried(text)
        for kind, lines in differences(before, after).items():
            total[kind] += len(facts(before)[kind])
            lost[kind] += len(lines)
            _print(f"{file}: {kind}", lines)
    for kind in FACTS:
        label = f"{name} ({len(texts)}): {kind}, differences through the table"
        journal.tell(Figure("api", label, f"{lost[kind]} of {total[kind]:,}", "0", lost[kind] == 0))
    back = sum(comes_back(text) for text in texts.values())
    journal.tell(
        Figure("api", f"{name}: same OpenAPI from table and artifact", f"{back} of {len(texts)}", "all", back == len(texts))
    )


def _print(name: str, lines: list[str]) -> None:
    for line in lines[:_SHOWN]:
        print(f"  {name}: {line[:200]}")
    if len(lines) > _SHOWN:
        print(f"  {name}: … and {len(lines) - _SHOWN} more")
