"""API files written after kinds that are met in the field, each as plain data: what readers stumble over stands in one of them."""

import json
from typing import Any

_OBJECT: dict[str, Any] = {"type": "object"}


def _schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _answers(*statuses: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {each: {"description": f"Answer {each}"} | (_json(schema) if schema else {}) for each in statuses}


def _document(paths: dict[str, Any], version: str = "3.1.0", **more: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "Kind", "version": "1"}, "paths": paths, **more}


RECURSIVE = _document(
    {
        "/categories/{categoryId}": {
            "parameters": [
                {"name": "categoryId", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
            ],
            "get": {"responses": _answers("200", "404", schema=_schema("Category"))},
            "put": {
                "requestBody": {"required": True} | _json(_schema("Category")),
                "responses": _answers("200", "4XX", "default"),
            },
        }
    },
    components={
        "schemas": {
            "Category": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 40},
                    "parent": _schema("Category"),
                    "children": {"type": "array", "items": _schema("Category")},
                    "owner": _schema("Owner"),
                },
            },
            "Owner": {
                "type": "object",
                "properties": {"main": _schema("Category"), "email": {"type": "string", "format": "email"}},
            },
        }
    },
)

POLYMORPHIC = _document(
    {
        "/payments": {
            "post": {
                "operationId": "pay",
                "security": [{"oauth": ["pay"]}],
                "callbacks": {"paid": {"{$request.body#/callback}": {"post": {"responses": _answers("200")}}}},
                "requestBody": _json(_schema("Payment")),
                "responses": {
                    "201": {
                        "description": "Paid",
                        "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
                        "links": {"read": {"operationId": "pay"}},
                    }
                    | _json(
                        {"allOf": [_schema("Base"), {"type": "object", "required": ["amount"], "properties": {"amount": {}}}]}
                    ),
                    "422": {"description": "Refused", "content": {"application/problem+json": {"schema": _schema("Base")}}},
                },
            }
        }
    },
    components={
        "schemas": {
            "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "format": "int64"}}},
            "Card": {"allOf": [_schema("Base"), {"properties": {"pan": {"type": "string", "pattern": "^[0-9]{16}$"}}}]},
            "Cash": {"allOf": [_schema("Base")], "properties": {"coin": {"type": "boolean"}}},
            "Payment": {"oneOf": [_schema("Card"), _schema("Cash")], "discriminator": {"propertyName": "kind"}},
        },
        "securitySchemes": {
            "oauth": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://a.example/t", "scopes": {"pay": ""}}},
            }
        },
    },
)

NULLABLE_30 = _document(
    {
        "/people": {
            "get": {
                "parameters": [
                    {"name": "born", "in": "query", "schema": {"type": "string", "format": "date", "nullable": True}},
                    {"name": "state", "in": "query", "schema": {"type": "string", "nullable": True, "enum": ["open", "on hold"]}},
                ],
                "responses": _answers("200", "400", schema={"type": "array", "items": _schema("Person")}),
            }
        }
    },
    "3.0.3",
    components={
        "schemas": {
            "Person": {
                "type": "object",
                "required": ["name", "not-listed"],
                "properties": {
                    "name": {"type": "string", "nullable": True, "example": "Ada"},
                    "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
                    "home": {"allOf": [_schema("Address")], "nullable": True, "description": "Where they live"},
                    "work": {"$ref": "#/components/schemas/Address"},
                    "kind": {"type": "string", "nullable": True, "enum": ["a", "b", None]},
                },
            },
            "Address": {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False},
        }
    },
)

TYPES_31 = _document(
    {
        "/events": {
            "post": {
                "requestBody": _json(
                    {
                        "type": "object",
                        "properties": {
                            "any": {},
                            "either": {"type": ["string", "integer", "null"]},
                            "maybe": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                            "who": {"anyOf": [_schema("Actor"), {"type": "null"}]},
                            "constant": {"const": "x"},
                            "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
                            "matrix": {
                                "type": "array",
                                "items": {"type": "array", "items": {"type": "number", "format": "double"}},
                            },
                            "never": False,
                            "level": {"enum": [1, 2, 3.5, True, None, "1", "true"]},
                        },
                    }
                ),
                "responses": _answers("202", "4XX"),
            }
        }
    },
    components={"schemas": {"Actor": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}},
)

ODD_NAMES = _document(
    {
        "/a|b/{id}": {
            "get": {
                "summary": "Read | write `code` <b>bold</b> *stars* _lines_\nsecond line",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {
                        "name": "filter[state]",
                        "in": "query",
                        "schema": {"type": "string", "enum": ["a|b", "c, d", "{e}", "", "f!"]},
                    },
                    {"name": "X-Trace, Id", "in": "header", "schema": {"type": "string"}},
                    {"name": "sitzung", "in": "cookie", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {"description": 'It\'s "fine" | good\nand well'}
                    | _json(
                        {
                            "type": "object",
                            "required": ["a.b", "*", "客户"],
                            "properties": {
                                "a.b": {"type": "string"},
                                "*": {"type": "string"},
                                "[]": {"type": "string"},
                                "": {"type": "string"},
                                "客户": {
                                    "type": "object",
                                    "properties": {"a|b": {"type": "string", "enum": ["\\", "`", "<br>", "†"]}},
                                },
                                '"quoted"': {"type": "array", "items": {"type": "object", "properties": {"x y": _OBJECT}}},
                            },
                        }
                    )
                },
            }
        }
    }
)

MAPS = _document(
    {
        "/balances": {
            "get": {
                "responses": _answers(
                    "200",
                    "503",
                    schema={
                        "type": "object",
                        "properties": {
                            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                            "open": {"type": "object", "additionalProperties": True},
                            "byCurrency": {
                                "type": "object",
                                "additionalProperties": {"type": "array", "items": {"type": "number", "enum": [0.5, 1]}},
                            },
                        },
                    },
                )
            }
        },
        "/balances/raw": {"get": {"responses": _answers("200", schema={"additionalProperties": {"type": "integer"}})}},
    }
)

FILES = _document(
    {
        "/documents": {
            "post": {
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "required": ["file"],
                                "properties": {"file": {"type": "string", "format": "binary"}, "note": {"type": "string"}},
                            },
                            "encoding": {"file": {"contentType": "application/pdf"}},
                        },
                        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                    }
                },
                "responses": {
                    "201": {"description": ""},
                    "413": {"description": "Too large", "content": {"text/plain; charset=utf-8": {"schema": {"type": "string"}}}},
                    "500": {"description": "", "content": {"application/json": {}}},
                },
            }
        }
    }
)

PARAMETERS = _document(
    {
        "/search": {
            "get": {
                "parameters": [
                    {
                        "name": "ids",
                        "in": "query",
                        "style": "form",
                        "explode": False,
                        "schema": {"type": "array", "items": {"type": "integer", "format": "int64"}},
                    },
                    {
                        "name": "grid",
                        "in": "query",
                        "schema": {"type": "array", "items": {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}}},
                    },
                    {
                        "name": "where",
                        "in": "query",
                        "style": "deepObject",
                        "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
                    },
                    {"name": "json", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                    {"name": "free", "in": "query", "schema": {}},
                    {"$ref": "#/components/parameters/Page"},
                ],
                "responses": _answers("200", "400"),
            }
        }
    },
    components={
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}}}
    },
)

SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Old", "version": "1"},
    "host": "a.example",
    "basePath": "/v1",
    "consumes": ["application/json", "application/xml"],
    "produces": ["application/xml", "application/json"],
    "parameters": {"tenant": {"name": "X-Tenant", "in": "header", "type": "string", "required": True}},
    "responses": {"NotFound": {"description": "None", "schema": {"$ref": "#/definitions/Page«Order»"}}},
    "paths": {
        "/orders/{id}": {
            "parameters": [
                {"$ref": "#/parameters/tenant"},
                {"name": "id", "in": "path", "required": True, "type": "integer", "format": "int64"},
            ],
            "put": {
                "parameters": [{"name": "order", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Order"}}],
                "responses": {
                    "200": {"description": "", "schema": {"$ref": "#/definitions/Page«Order»"}},
                    "404": {"$ref": "#/responses/NotFound"},
                },
            },
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "scan", "in": "formData", "type": "file", "required": True},
                    {
                        "name": "tags",
                        "in": "formData",
                        "type": "array",
                        "items": {"type": "string", "enum": ["a", "b"]},
                        "collectionFormat": "multi",
                    },
                    {"name": "sort", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "csv"},
                ],
                "responses": {
                    "201": {"description": "", "examples": {"application/json": {"id": 1}}},
                    "default": {"description": "Any"},
                },
            },
        }
    },
    "definitions": {
        "Order": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "integer", "format": "int64", "x-nullable": True}},
        },
        "Page«Order»": {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/definitions/Order"}}}},
    },
    "securityDefinitions": {
        "login": {
            "type": "oauth2",
            "flow": "accessCode",
            "authorizationUrl": "https://a.example/a",
            "tokenUrl": "https://a.example/t",
            "scopes": {},
        }
    },
}

POSTMAN = {
    "info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "variable": [{"key": "base", "value": "https://shop.example"}],
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "secret-value"}]},
    "item": [
        {
            "name": "Orders",
            "item": [
                {
                    "name": "Create an order",
                    "request": {
                        "method": "POST",
                        "header": [{"key": "X-Trace", "value": "1"}, {"key": "Content-Type", "value": "application/json"}],
                        "url": {"raw": "{{base}}/orders/:shopId?dry=true", "query": [{"key": "dry", "value": "true"}], "variable": [{"key": "shopId", "value": "7"}]},
                        "body": {"mode": "raw", "raw": '{"lines": [{"sku": "a", "count": 2, "price": 1.5}], "note": null, "count": {{n}}}'},
                    },
                    "response": [
                        {"name": "Created", "code": 201, "header": [{"key": "Content-Type", "value": "application/json"}], "body": '{"id": "0b6c4c2e-1d0f-4a6e-9d52-0d6b4d3d5a11", "at": "2024-05-01T10:00:00Z"}'},
                        {"name": "Wrong", "code": 422, "body": "no lines"},
                    ],
                },
                {"name": "Upload", "request": {"method": "POST", "url": "{{base}}/files", "body": {"mode": "formdata", "formdata": [{"key": "file", "type": "file"}, {"key": "name", "value": "x"}]}}},
                {"name": "Sign in", "request": {"method": "POST", "url": "{{base}}/sessions", "body": {"mode": "urlencoded", "urlencoded": [{"key": "user", "value": "a"}]}}},
            ],
        },
        {"name": "Copy", "request": {"method": "COPY", "url": "{{base}}/files/{{fileId}}"}},
    ],
}  # fmt: skip

EMPTY = _document(
    {
        "/ping": {"get": {"responses": {"204": {"description": "Nothing"}}}},
        "/": {"options": {"responses": {"default": {"description": ""}}}, "trace": {"responses": {"200": {"description": ""}}}},
        "/nothing": {
            "post": {"requestBody": {"content": {}}, "responses": {"200": {"description": ""} | _json(_schema("Empty"))}}
        },
        "/same": {"delete": {"responses": _answers("200", schema=_schema("Empty"))}},
    },
    components={
        "schemas": {"Empty": {"type": "object"}, "Unused": {"type": "object", "properties": {"kept": {"type": "string"}}}}
    },
)

WIDE = _document(
    {f"/level{level}": {"get": {"responses": _answers("200", schema=_schema(f"L{level}"))}} for level in range(3)},
    components={
        "schemas": {
            f"L{level}": {
                "type": "object",
                "properties": {
                    f"p{number}": _schema(f"L{level + 1}") if level < 7 else {"type": "string"} for number in range(6)
                },
            }
            for level in range(8)
        }
    },
)

KINDS: dict[str, str] = {
    "recursive": json.dumps(RECURSIVE),
    "polymorphic": json.dumps(POLYMORPHIC),
    "nullable 3.0": json.dumps(NULLABLE_30),
    "types 3.1": json.dumps(TYPES_31),
    "odd names": json.dumps(ODD_NAMES),
    "maps": json.dumps(MAPS),
    "files": json.dumps(FILES),
    "parameters": json.dumps(PARAMETERS),
    "swagger 2": json.dumps(SWAGGER),
    "postman": json.dumps(POSTMAN),
    "empty bodies": json.dumps(EMPTY),
    "too wide to unfold": json.dumps(WIDE),
}
