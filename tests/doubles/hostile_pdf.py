"""Hostile PDFs: loops, bombs, locks, scripts and lies about how many pages there are."""

import zlib

from tests.doubles.hostile_kinds import EVIL, MEGABYTE, Kind, Size
from tests.doubles.office_files import procedure_pdf


def _pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Number the objects from 1 on and put the table of places behind them; the first is the catalog."""
    raw, places = b"%PDF-1.7\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return raw + head + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(raw))


def _stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_FONT = b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R " + _FONT + b" >>"
_ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def _reference_loop(size: Size) -> bytes:
    loop = size.dice.choice([b"4 0 R", b"5 0 R", b"[4 0 R 5 0 R]"])
    return _pdf([_CATALOG, _ONE_PAGE, _PAGE, loop, b"4 0 R"])


def _page_loop(size: Size) -> bytes:
    kids = size.dice.choice([b"[2 0 R]", b"[3 0 R 3 0 R 2 0 R]", b"[3 0 R]"])
    return _pdf(
        [
            _CATALOG,
            b"<< /Type /Pages /Kids %s /Count 3 >>" % kids,
            b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>",
        ]
    )


def _page_tower(size: Size) -> bytes:
    depth = size.of(20_000, 2_000)
    tower = [b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (max(2, n - 1), n + 1) for n in range(2, depth)]
    return _pdf([_CATALOG, *tower, _PAGE])


def _wide_tree(size: Size) -> bytes:
    """Ten nodes whose ten children are the next node: ten thousand million pages."""
    nodes = [b"<< /Type /Pages /Kids [%s] /Count 9999999 >>" % (b"%d 0 R " % (n + 1) * 10) for n in range(2, 12)]
    return _pdf([_CATALOG, *nodes, _PAGE])


def _bomb(size: Size) -> bytes:
    packed = zlib.compress(b"BT /F 9 Tf (a) Tj ET " * (size.of(400 * MEGABYTE, 30 * MEGABYTE) // 20), 9)
    filters = b"/Filter /FlateDecode"
    if size.dice.random() < 0.4:
        packed, filters = zlib.compress(packed, 9), b"/Filter [/FlateDecode /FlateDecode]"
    return _pdf([_CATALOG, _ONE_PAGE, _PAGE, _stream(packed, filters)])


def _runs(size: Size) -> bytes:
    """Chain run lengths and LZW behind each other, each multiplying the last."""
    packed = b"\x81a" * size.of(2 * MEGABYTE, 200_000) + b"\x80"
    return _pdf([_CATALOG, _ONE_PAGE, _PAGE, _stream(zlib.compress(packed), b"/Filter [/FlateDecode /RunLengthDecode]")])


def _operators(size: Size) -> bytes:
    content = size.dice.choice([b"[" * 99 + b"]" * 99 + b" TJ ", b"q ", b"BT ET ", b"<< " * 99, b"(" * 999]) * size.of(
        100_000, 5_000
    )
    return _pdf([_CATALOG, _ONE_PAGE, _PAGE, _stream(zlib.compress(content), b"/Filter /FlateDecode")])


def _torn(size: Size) -> bytes:
    raw = procedure_pdf()
    return raw[: int(len(raw) * size.dice.uniform(0.05, 0.9))]


def _flipped(size: Size) -> bytes:
    raw = bytearray(procedure_pdf())
    for _ in range(size.dice.randint(1, 60)):
        raw[size.dice.randrange(len(raw))] = size.dice.randrange(256)
    return bytes(raw)


def _locked(size: Size) -> bytes:
    return procedure_pdf(password=f"hidden{size.dice.random()}")


def _script(size: Size) -> bytes:
    run = f"app.launchURL('http://127.0.0.1:9/{EVIL}')".encode()
    catalog = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (%s) >> /Names << /EmbeddedFiles 5 0 R >> >>" % run
    )
    said = _stream(b"BT /F 9 Tf (A harmless page) Tj ET")
    attached = b"<< /Names [(evil.exe) << /Type /Filespec /F (evil.exe) /EF << /F 6 0 R >> >>] >>"
    return _pdf([catalog, _ONE_PAGE, _PAGE, said, attached, _stream(b"MZ" + EVIL.encode())])


def _many_pages(size: Size) -> bytes:
    count = size.of(20_000, 2_100)
    kids = b"".join(b"%d 0 R " % (n + 5) for n in range(count))
    pages = [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R " + _FONT + b" >>"] * (count + 1)
    return _pdf([_CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), pages[0], _stream(b""), *pages])


def _lying_count(size: Size) -> bytes:
    count = size.dice.choice([b"-1", b"2147483648", b"99999999999999999999", b"(many)", b"null"])
    said = _stream(b"BT /F 9 Tf (One page only) Tj ET")
    return _pdf([_CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count %s >>" % count, _PAGE, said])


def _object_streams(size: Size) -> bytes:
    """An object stream that extends itself, and a table of places that names itself as the one before."""
    inner = b"4 0 5 10 << /A 5 0 R >> << /B 4 0 R >>"
    held = _stream(inner, b"/Type /ObjStm /N 2 /First 8 /Extends 3 0 R")
    raw = _pdf([_CATALOG, _ONE_PAGE, held])
    place = raw.rfind(b"xref\n0")
    return raw.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d /XRefStm %d" % (place, place), 1)


def _deep_arrays(size: Size) -> bytes:
    depth = size.of(500_000, 5_000)
    opened, closed = size.dice.choice([(b"[", b"]"), (b"<</A", b">>")])
    return _pdf(
        [b"<< /Type /Catalog /Pages 2 0 R /X %s0%s >>" % (opened * depth, closed * depth), _ONE_PAGE, _PAGE, _stream(b"")]
    )


def _outline_loop(size: Size) -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>"
    said = _stream(b"BT /F 9 Tf (A page with a looping outline) Tj ET")
    entry = b"<< /Title (again) /Parent 5 0 R /First 6 0 R /Next 6 0 R /Dest [3 0 R /Fit] >>"
    return _pdf([catalog, _ONE_PAGE, _PAGE, said, b"<< /First 6 0 R /Last 6 0 R /Count 9 >>", entry])


def _nothing(size: Size) -> bytes:
    return b"%PDF-1.7\n" + size.dice.randbytes(size.dice.randint(0, 100_000))


KINDS = (
    Kind("pdf with references in a circle", ".pdf", "refused", _reference_loop),
    Kind("pdf whose pages contain themselves", ".pdf", "refused", _page_loop),
    Kind("pdf with a tower of page nodes", ".pdf", "either", _page_tower),
    Kind("pdf with a page tree that multiplies", ".pdf", "refused", _wide_tree),
    Kind("pdf with a packed bomb", ".pdf", "refused", _bomb),
    Kind("pdf with chained filters", ".pdf", "either", _runs),
    Kind("pdf with operators without end", ".pdf", "refused", _operators),
    Kind("pdf torn off", ".pdf", "either", _torn),
    Kind("pdf with flipped bytes", ".pdf", "either", _flipped),
    Kind("pdf with a password", ".pdf", "refused", _locked),
    Kind("pdf with a script and an attached program", ".pdf", "read", _script),
    Kind("pdf of twenty thousand pages", ".pdf", "refused", _many_pages),
    Kind("pdf that lies about its pages", ".pdf", "either", _lying_count),
    Kind("pdf with object streams in a circle", ".pdf", "refused", _object_streams),
    Kind("pdf with arrays nested without end", ".pdf", "either", _deep_arrays),
    Kind("pdf with an outline in a circle", ".pdf", "either", _outline_loop),
    Kind("pdf with nothing but its first line", ".pdf", "refused", _nothing),
)
