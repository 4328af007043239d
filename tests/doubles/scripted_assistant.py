"""An assistant that answers by script: the API of chains.assistant without a model, a knowledge or records.

What a brief holds decides what comes: "unreachable" fails at the first try, "unclear" asks questions, "bug" raises, "hostile"
delivers texts that attack the page, "slowly" takes seconds; a brief in Chinese is answered in Chinese.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from chains.assistant import Mark, Status
from chains.cards.cards import ArtifactCard, ItemCard, StageInfo, Starter
from chains.changing.workshop import Export
from chains.events import (
    AnswerFailed,
    ArtifactReady,
    DraftGrew,
    Event,
    MaterialGathered,
    Outcome,
    Person,
    QuestionsAsked,
    Request,
    StepDone,
    TextArrived,
    TurnBegan,
    TurnEnded,
)
from errors import BriefError, EndpointUnreachable, Language, UnexpectedFailure
from formats.language import language_of
from stages.declaration import ItemView, Line
from stages.findings import Finding, Mended
from stages.material import Source, Term

SCRIPT = yaml.safe_load(Path(__file__).with_name("scripted_artifacts.yaml").read_text("utf-8"))
FAILURE_ID = "0badf00d"
HOSTILE = '![x](http://evil.test/leak.png) <img src="http://evil.test/p.png" onerror="fetch(1)"> role:admin [go](http://evil.test) www.evil.test'


class ScriptedDesk:
    """A workspace in which nothing changes."""

    async def stale(self, artifact_id: str, person: Person, language: Language) -> tuple[()]:
        return ()

    async def proposals(self, artifact_id: str, person: Person, language: Language) -> tuple[()]:
        return ()


class ScriptedAssistant:
    """See the module; `pace` is the seconds between two events."""

    def __init__(self, pace: float = 0.15) -> None:
        self.pace = pace
        self.cards: dict[str, ArtifactCard] = {}
        self.asked: list[Request] = []
        self.desk = ScriptedDesk()

    async def start(self) -> "ScriptedAssistant":
        """Return itself: there is nothing to load."""
        return self

    async def stop(self) -> None:
        """Nothing to end."""

    is_leaving = False

    def leave(self) -> None:
        """Note that the program ends."""
        self.is_leaving = True

    async def turn(self, turn_id: str, person: Person) -> None:
        """No turn is on record."""

    async def recognise(self, text: str) -> None:
        """Every text is a brief."""

    async def open_points(self, artifact_id: str, person: Person) -> tuple[()]:
        """Nothing is open."""
        return ()

    def stages(self, language: Language) -> tuple[StageInfo, ...]:
        return tuple(self.stage(name, language) for name in SCRIPT[language]["stages"])

    def stage(self, name: str, language: Language) -> StageInfo:
        words = SCRIPT[language]["stages"].get(name)
        if words is None:
            raise BriefError(f"There is no stage “{name}”.", f"没有名为“{name}”的阶段。")
        starters = tuple(Starter(*starter) for starter in words["starters"])
        return StageInfo(name, "Requirements", words["title"], words["about"], (), (), starters)

    async def answer(self, request: Request) -> AsyncIterator[Event]:
        self.asked.append(request)
        language = request.language or language_of(request.brief)
        pace = self.pace * (10 if "slowly" in request.brief else 1)
        turn_id = f"t{len(self.asked)}"
        yield TurnBegan(turn_id, request.stage, language, "scripted", True)
        outcome: Outcome = "failed"
        script = SCRIPT[language][request.stage]
        for event in self._story(request, language, script):
            await asyncio.sleep(pace)
            yield event
        if "bug" in request.brief:
            raise UnexpectedFailure(FAILURE_ID) from RuntimeError("secret-key-123")
        if "unreachable" in request.brief and sum(r.brief == request.brief for r in self.asked) == 1:
            error = EndpointUnreachable(
                "The model service cannot be reached. Your brief is kept; try again in a moment.",
                "无法连接模型服务。您的需求已保留，请稍后重试。",
            )
            yield AnswerFailed(
                error.sentence(language),
                draft='{"stories": [{"id": "S1", "want": "to freeze',
                findings=(Finding("cut", "error", "", "The reply broke off after one story."),),
            )
        elif "unclear" in request.brief:
            outcome = "questions"
            yield QuestionsAsked(
                ("Who freezes the card?", "Through which channel?"),
                (
                    "A cardholder freezes a debit card in the mobile app.",
                    "A contact centre agent freezes a debit card on the phone.",
                ),
            )
        else:
            outcome = "answered"
            card = self._card(request, language, script, turn_id)
            self.cards[card.artifact_id] = card
            yield ArtifactReady(card.artifact_id, 1, {}, card.findings, card.mends)
        yield TurnEnded(turn_id, outcome, 1.0, 0.2)

    def _story(self, request: Request, language: Language, script: dict[str, Any]) -> list[Event]:
        facts = SCRIPT[language]["facts"]
        gathered = (*facts["gather"], HOSTILE) if "hostile" in request.brief else tuple(facts["gather"])
        events: list[Event] = [
            MaterialGathered((), _sources(script)),
            StepDone("gather", gathered, 0.21),
            StepDone("plan", tuple(facts["plan"]), 0.01),
        ]
        if "unclear" in request.brief:
            return events
        total = len(script["items"])
        for at, item in enumerate(script["items"][: 1 if "unreachable" in request.brief else total]):
            for shown in range(1, len(item["lines"]) + 1):
                grown = [*script["items"][:at], {**item, "lines": item["lines"][:shown]}]
                events += [TextArrived("…"), DraftGrew({"items": grown}, at, total)]
        return [*events, StepDone("items", tuple(facts["items"]), 2.4), StepDone("check", tuple(facts["check"]), 0.03)]

    def _card(self, request: Request, language: Language, script: dict[str, Any], turn_id: str) -> ArtifactCard:
        views = self.draft_views(request.stage, script, language)
        findings = tuple(Finding(f["rule"], f["severity"], "", f["message"], f["item"]) for f in script["findings"])
        if "hostile" in request.brief:
            views = (replace(views[0], title=HOSTILE, lines=(Line("As a", HOSTILE),)), *views[1:])
        stories = request.stage == "user_stories"
        return ArtifactCard(
            artifact_id=f"a{len(self.cards) + 1}",
            version=1,
            versions=1,
            stage=request.stage,
            stage_title=self.stage(request.stage, language).title,
            title=script["title"],
            language=language,
            status="draft",
            items=tuple(ItemCard(view, _edit_text(view), tuple(f for f in findings if f.item == view.id), "") for view in views),
            sources=_sources(script),
            findings=findings,
            mends=tuple(Mended(m["rule"], "", m["before"], m["after"], m["item"]) for m in script["mends"]),
            terms=tuple(Term(word, "term", word, about) for word, about, kind in SCRIPT[language]["marks"] if kind == "term"),
            questions=tuple(script["questions"]),
            notations=(("md", "Markdown"), ("json", "JSON") if stories else ("feature", "Gherkin")),
            next=(self.stage("acceptance_criteria", language),) if stories else (),
            turn_id=turn_id,
            model="scripted",
            demonstration=True,
        )

    def draft_views(self, stage: str, body: dict[str, Any], language: Language | None) -> tuple[ItemView, ...]:
        return tuple(
            ItemView(
                item["id"],
                item["title"],
                tuple(Line(*line) for line in item["lines"]),
                tuple(item["sources"]),
                item.get("link", ""),
            )
            for item in body["items"]
        )

    async def card(self, artifact_id: str, person: Person, version: int | None = None) -> ArtifactCard:
        if artifact_id not in self.cards:
            raise BriefError("There is no such artifact.", "没有这个产物。")
        return self.cards[artifact_id]

    async def accept(self, artifact_id: str, version: int, person: Person, item: str = "") -> ArtifactCard:
        return await self._judge(artifact_id, version, person, item, "accepted")

    async def reject(self, artifact_id: str, version: int, person: Person, reason: str, item: str = "") -> ArtifactCard:
        return await self._judge(artifact_id, version, person, item, "rejected")

    async def edit(self, artifact_id: str, version: int, person: Person, item: str, text: str) -> ArtifactCard:
        card = await self._current(artifact_id, version, person)
        lines = [line.partition(": ") for line in text.strip().splitlines()]
        if any(not colon for _keyword, colon, _text in lines):
            raise BriefError(
                "Each line needs a keyword, a colon and a text, such as “I want: to pay”.",
                "每行须为“关键词: 内容”，如“我想要: 付款”。",
            )
        edited = tuple(Line(keyword, words) for keyword, _colon, words in lines[1:])
        items = tuple(
            ItemCard(replace(i.view, title=lines[0][2], lines=edited), text, (), "edited") if i.view.id == item else i
            for i in card.items
        )
        return self._keep(replace(card, items=items, version=card.version + 1, versions=card.versions + 1))

    async def _judge(self, artifact_id: str, version: int, person: Person, item: str, status: str) -> ArtifactCard:
        card = await self._current(artifact_id, version, person)
        items = tuple(replace(i, status=status) if item in ("", i.view.id) else i for i in card.items)
        whole = (
            status
            if not item or (all(i.status in ("accepted", "edited") for i in items) and status == "accepted")
            else card.status
        )
        return self._keep(replace(card, items=items, status=whole))

    async def _current(self, artifact_id: str, version: int, person: Person) -> ArtifactCard:
        card = await self.card(artifact_id, person)
        if card.version != version:
            raise BriefError(
                "Somebody changed this meanwhile. Read the newest version first.", "内容已被他人更改，请先阅读最新版本。"
            )
        return card

    def _keep(self, card: ArtifactCard) -> ArtifactCard:
        self.cards[card.artifact_id] = card
        return card

    async def export(self, artifact_id: str, person: Person, notation: str, version: int | None = None) -> Export:
        card = await self.card(artifact_id, person)
        if notation not in dict(card.notations):
            raise BriefError(f"There is no notation “{notation}”.", f"没有“{notation}”格式。")
        text = f"# {card.title}\n\n" + "\n\n".join(item.edit_text for item in card.items) + "\n"
        return Export(f"{card.title}.{notation}", "text/markdown; charset=utf-8", text.encode())

    async def prompt_sent(self, turn_id: str, person: Person) -> str:
        return f"# Rules\nYou write user stories.\n\n# Brief\n{self.asked[int(turn_id[1:]) - 1].brief}"

    async def status(self, language: Language) -> Status:
        notice = (
            "Indexing: 120 of 400 passages can be found so far."
            if language == "en"
            else "正在建立索引：400 个段落中已有 120 个可查。"
        )
        return Status("gemma3-270m", True, (notice,))

    async def passage(self, artifact_id: str, key: str, person: Person) -> Source:
        card = await self.card(artifact_id, person)
        found = next((source for source in card.sources if source.key == key), None)
        if found is None:
            raise BriefError("There is no such passage.", "没有这个段落。")
        return found

    def marks(self, text: str, language: Language) -> tuple[Mark, ...]:
        places = ((text.lower().find(word), word, about, kind) for word, about, kind in SCRIPT[language]["marks"])
        return tuple(Mark(at, at + len(word), word, about, kind) for at, word, about, kind in places if at >= 0)


def _sources(script: dict[str, Any]) -> tuple[Source, ...]:
    return tuple(Source(s["key"], f"p-{s['key']}", s["title"], s["shelf"], s["breadcrumb"], s["text"]) for s in script["sources"])


def _edit_text(view: ItemView) -> str:
    return f"Title: {view.title}\n" + "\n".join(f"{line.keyword}: {line.text}" for line in view.lines)
