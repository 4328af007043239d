"""The bare model: the same endpoint asked for the same artifact in plain chat, read by the same parsers."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from typing import Any

from pydantic import ValidationError

from chains.assistant import Assistant
from chains.endpoint.asking import Ask, Endpoint, Message, Piece, Reply
from errors import EndpointError, Language
from evaluation.briefs import Brief
from evaluation.expected import missed
from evaluation.initiatives import Initiative
from evaluation.whole_line import Carried, StageResult, words_of
from stages.catalog import CatalogedStage
from stages.declaration import Imported

Json = dict[str, Any]
LEAST_SECONDS = 5.0
_FENCE = re.compile(r"```[a-z]*\s*\n(.*?)(?:\n```|\Z)", re.DOTALL)
_ASKED: dict[str, dict[Language, str]] = {
    "user_stories": {
        "en": "Write the user stories for this brief, one a line: As a …, I want to …, so that …",
        "zh": "请为以下需求编写用户故事，每行一条：作为…，我想…，以便于…",
    },
    "acceptance_criteria": {
        "en": "Write acceptance criteria for these user stories as a Gherkin feature file, at least a positive, a negative and a boundary scenario for each.",
        "zh": "请为以下用户故事编写验收标准，采用 Gherkin 功能文件（# language: zh-CN），每个故事至少一个正例、一个反例和一个边界场景。",
    },
    "domain_model": {
        "en": "Draw the domain model of these user stories as a Mermaid class diagram with attributes and multiplicities.",
        "zh": "请把以下用户故事的领域模型画成 Mermaid 类图，包含属性和多重性。",
    },
    "api_definition": {
        "en": "Write the REST API for these as OpenAPI 3.1 in YAML.",
        "zh": "请为以下内容编写 REST API，采用 OpenAPI 3.1 的 YAML 格式，路径用英文。",
    },
    "release_notes": {
        "en": "Write release notes in the Keep a Changelog format from these tickets and commits. Name the tickets.",
        "zh": "请根据以下工单和提交记录，按 Keep a Changelog 格式编写发布说明，并注明工单编号。",
    },
    "faq": {
        "en": "Write an FAQ for customers from these, as Q: and A: lines.",
        "zh": "请根据以下内容为客户编写常见问题，采用“问：”和“答：”的形式。",
    },
}


async def asked_bare(
    endpoint: Endpoint,
    assistant: Assistant,
    stage: CatalogedStage,
    ours: Carried,
    initiative: Initiative,
    brief: Brief,
    *,
    tokens: int,
) -> StageResult:
    """Return what the bare model makes of the same material within the seconds that ours took, at least LEAST_SECONDS."""
    result = ours.result
    text, used, seconds = await _replied(endpoint, _prompt(ours, brief), max(LEAST_SECONDS, result.seconds), tokens)
    imported = _read(stage, text, brief.language)
    body = imported.body if imported is not None else {}
    points, lacking = missed(stage.name, body, brief, initiative)
    told: Json = {"outcome": "answered" if imported else "unreadable", "seconds": seconds, "tokens": used}
    told |= {"points": points, "missed": lacking, "items": tuple(text.splitlines()[:40])}
    told |= words_of(text, assistant, brief.language)
    if imported is not None:
        told |= {"unparsed": imported.faults, "follows_schema": _follows(stage, body)}
        told["broken_references"] = _unknown_changes(body, initiative) if stage.name == "release_notes" else ()
    return StageResult(**StageResult(result.initiative, result.stage, result.language).as_json() | told)


def _prompt(ours: Carried, brief: Brief) -> str:
    material = "\n\n".join(part for part in (ours.brief or (brief.text if not ours.upstream else ""), ours.upstream) if part)
    return f"{_ASKED[ours.result.stage][brief.language]}\n\n{material}"


async def _replied(endpoint: Endpoint, prompt: str, limit: float, reply_tokens: int) -> tuple[str, int, float]:
    """Return the text that came within the limit, its tokens and the seconds."""
    since = time.perf_counter()
    pieces: list[str] = []
    tokens = 0
    stream: AsyncIterator[Piece | Reply] = endpoint.stream(Ask((Message("user", prompt),), None, "bare", reply_tokens))
    try:
        async with asyncio.timeout(limit):
            async for piece in stream:
                if isinstance(piece, Reply):
                    tokens, pieces = piece.completion_tokens, [piece.text]
                else:
                    pieces.append(piece.text)
    except (TimeoutError, EndpointError):
        pass
    finally:
        await stream.aclose()  # type: ignore[attr-defined]
    return "".join(pieces), tokens or len(pieces), time.perf_counter() - since


def _read(stage: CatalogedStage, text: str, language: Language) -> Imported | None:
    """Read a reply as a person would: the block in its fence, or else all of it."""
    fenced = _FENCE.findall(text)
    for candidate in (*fenced, text):
        try:
            imported = stage.stage.read(candidate, language)
        except ValueError:
            continue
        if imported is not None:
            return imported
    return None


def _follows(stage: CatalogedStage, body: Json) -> bool:
    try:
        return bool(stage.stage.artifact.model_validate(body).items())
    except ValidationError:
        return False


def _unknown_changes(body: Json, initiative: Initiative) -> tuple[str, ...]:
    cited = {found for entry in body.get("entries", ()) for found in re.findall(r"[A-Z]{2,}-\d+", str(entry))}
    return tuple(sorted(name for name in cited if name not in initiative.changes))
