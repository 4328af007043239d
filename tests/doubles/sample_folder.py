"""A folder as an analyst's desk has it: every format, both languages, folders in folders, and one file that nobody can read."""

import json
from pathlib import Path

from tests.doubles.office_files import limits_csv, limits_xlsx, procedure_pdf, product_training_pptx, transfer_standard_docx

UNREADABLE = "scans/signed-contract.pdf"

_STANDARD = """---
title: Naming of services
type: standard
owner: Architecture board
---
# Naming of services

## Paths

A path names a resource in the plural, never an action: `/cards/{id}/freezes`, not `/freezeCard`.

## Errors

| Code | Meaning |
| --- | --- |
| 409 | The card is frozen already |
| 422 | The card is not the customer's |
"""
_STANDARD_ZH = """# 需求评审检查单

- 每条需求都注明来源和提出人。
- 涉及资金的需求必须经过风险合规部会签。
- 验收标准覆盖异常和边界情形。
"""
_FEATURE = """Feature: Freezing a card

  Background:
    Given the customer is signed in

  Rule: A lost card is frozen at once
    Scenario: The holder freezes a lost card
      When the holder reports the card as lost
      Then the card is frozen within five seconds

    Scenario Outline: A frozen card refuses <use>
      Given a frozen card
      When it is used for <use>
      Then the payment is refused

      Examples:
        | use        |
        | shopping   |
        | withdrawal |
"""
_FEATURE_ZH = """# language: zh-CN
功能: 转账限额

  背景:
    假如客户已登录手机银行

  场景: 超过单日限额
    当客户转账300000元
    那么系统提示"超过单日限额，请前往网点办理"

  场景: 限额以内
    当客户转账1000元
    那么转账成功
"""
_CLASSES = """classDiagram
  class Customer {
    +String name
  }
  class Account {
    +String iban
    +freeze()
  }
  class StandingOrder
  Customer "1" --> "0..*" Account : holds
  Account "1" --> "0..*" StandingOrder : pays by
"""
_SEQUENCE = """@startuml
title 跨行转账时序
actor 客户
participant "支付网关" as Gateway
participant "核心系统" as Core
客户 -> Gateway : 提交转账
Gateway -> Core : 校验余额并冻结
Core --> Gateway : 冻结成功
Gateway --> 客户 : 返回受理回执
@enduml
"""
_COMMITS = [
    (
        "3f1c9a7e",
        "Li Wei",
        "Mon Mar 4 09:12:11 2024 +0800",
        "feat(limits): raise the daily limit of branch counters",
        "Refs: PAY-311",
    ),
    (
        "90aa1b2c",
        "Mary Smith",
        "Tue Mar 5 10:40:02 2024 +0800",
        "fix(cards): refuse a second freeze with 409",
        "Reviewed-by: Li Wei",
    ),
    ("b7d21e40", "陈静", "Fri Apr 12 15:03:45 2024 +0800", "feat(对账): 日终对账差错自动挂账", "Refs: PAY-402"),
]


def write_sample_folder(folder: Path) -> dict[str, str]:
    """Write the folder. Return each readable file's path within it, and a phrase that must be found in what is read from it."""
    written: dict[str, tuple[bytes, str]] = {
        "standards/naming.en.md": (_STANDARD.encode(), "A path names a resource in the plural"),
        "standards/评审检查单.zh.md": (_STANDARD_ZH.encode("gb18030"), "风险合规部会签"),
        "standards/transfers.docx": (transfer_standard_docx(), "held until a second officer has released it"),
        "training/instant-transfers.pptx": (product_training_pptx(), "Settled within ten seconds"),
        "limits/limits.xlsx": (limits_xlsx(), "second officer"),
        "limits/渠道限额.csv": (limits_csv().encode("utf-8-sig"), "人民币二十万元"),
        "procedures/disputes.pdf": (procedure_pdf(), "within sixty days"),
        "interfaces/cards-v1.json": (_as_json(_swagger()), "Freeze a lost card"),
        "interfaces/accounts.yaml": (_OPENAPI.encode(), "按客户号查询账户"),
        "interfaces/bank.postman_collection.json": (_as_json(_postman()), "Start a standing order"),
        "examples/freeze.feature": (_FEATURE.encode(), "the card is frozen within five seconds"),
        "examples/限额.feature": (_FEATURE_ZH.encode(), "超过单日限额，请前往网点办理"),
        "models/accounts.mmd": (_CLASSES.encode(), "StandingOrder"),
        "models/transfer.puml": (_SEQUENCE.encode(), "校验余额并冻结"),
        "history/2024.txt": (_history().encode(), "日终对账差错自动挂账"),
        "notes.txt": ("会议纪要：客户经理可代客户申请提高限额，须双人复核。\n".encode("utf-16"), "须双人复核"),
    }
    for name, (raw, _) in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    (folder / UNREADABLE).parent.mkdir(parents=True, exist_ok=True)
    (folder / UNREADABLE).write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog\ncut off in the copier\n")
    return {name: phrase for name, (_, phrase) in written.items()}


def _as_json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _swagger() -> dict[str, object]:
    freeze = {
        "tags": ["Cards"],
        "summary": "Freeze a lost card",
        "operationId": "freezeCard",
        "consumes": ["application/json"],
        "parameters": [
            {
                "name": "cardId",
                "in": "path",
                "required": True,
                "type": "string",
                "description": "The card's token, never its number",
            },
            {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Freeze"}},
        ],
        "responses": {
            "202": {"description": "Frozen", "schema": {"$ref": "#/definitions/Freeze"}},
            "409": {"description": "The card is frozen already", "schema": {"$ref": "#/definitions/Problem"}},
        },
        "security": [{"oauth": ["cards.write"]}],
    }
    return {
        "swagger": "2.0",
        "info": {"title": "Cards API", "version": "1.4"},
        "host": "api.bank.example",
        "basePath": "/cards/v1",
        "schemes": ["https"],
        "securityDefinitions": {"oauth": {"type": "oauth2", "flow": "application", "tokenUrl": "https://id.bank.example/token"}},
        "paths": {"/cards/{cardId}/freezes": {"post": freeze}},
        "definitions": {
            "Freeze": {
                "type": "object",
                "required": ["reason"],
                "properties": {
                    "reason": {"type": "string", "enum": ["lost", "stolen"]},
                    "since": {"type": "string", "format": "date-time"},
                },
            },
            "Problem": {"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "integer"}}},
        },
    }


_OPENAPI = """openapi: 3.1.0
info: {title: 账户接口, version: "2.0"}
servers: [{url: "https://api.bank.example/accounts"}]
security: [{key: []}]
paths:
  /customers/{customerId}/accounts:
    get:
      tags: [账户]
      summary: 按客户号查询账户
      parameters:
      - {name: customerId, in: path, required: true, schema: {type: string, pattern: "^[0-9]{10}$"}}
      responses:
        "200":
          description: 查询成功
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Account"}}}}
        "404": {description: 客户不存在}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Account:
      type: object
      required: [iban]
      properties:
        iban: {type: string}
        balance: {type: [number, "null"]}
        owner: {$ref: "#/components/schemas/Account"}
"""


def _postman() -> dict[str, object]:
    request = {
        "method": "POST",
        "description": "Start a standing order",
        "url": {"raw": "{{host}}/accounts/:iban/standing-orders"},
        "header": [{"key": "Authorization", "value": "Bearer 1f2e3d4c5b6a"}],
        "body": {"mode": "raw", "raw": '{"amount": 100, "currency": "CNY", "pin": "4711"}'},
    }
    saved = [{"name": "Started", "code": 201, "status": "Created"}]
    item = {"name": "Start", "request": request, "response": saved}
    return {
        "info": {"name": "Bank", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": [{"name": "Standing orders", "item": [item]}],
    }


def _history() -> str:
    return "\n".join(
        f"commit {sha}{'0' * 32}\nAuthor: {who} <someone@bank.example>\nDate:   {date}\n\n    {subject}\n    \n    {trailer}\n"
        for sha, who, date, subject, trailer in _COMMITS
    )
