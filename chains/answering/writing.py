"""Write: the prompt of each call, what never changes first, so that the endpoint's prefix cache serves it."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chains.answering.plan import Plan, plan
from chains.endpoint.asking import Abilities, Ask, Message
from formats.language import words
from stages.catalog import CatalogedStage, ItemExample
from stages.declaration import Entry
from stages.findings import Finding
from stages.material import Material, UpstreamItem
from stages.words import likeness

Json = dict[str, Any]


def compact(value: Any) -> str:
    """Return JSON without white space: it costs a third of the tokens."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Writer:
    """Writes the calls of one answer: the same rules and examples each time, byte for byte."""

    def __init__(self, stage: CatalogedStage, material: Material, abilities: Abilities, reply_tokens: int) -> None:
        self.stage = stage
        self.abilities = abilities
        self._prompt = stage.prompts[material.language]
        self._examples = stage.examples
        self._reply_tokens = reply_tokens
        # Drawn for each request: text that pretends to close the fence cannot know it.
        self._fence = f"~~~{secrets.token_hex(4)}"
        self.material = material

    def plan(self) -> Plan:
        """Return what fits for the way that the endpoint is asked.

        Raises BriefError where the brief does not fit.
        """
        whole = self.abilities.way == "whole"
        schema = compact(self.stage.stage.narrow(self.material)) if whole and not self.abilities.structured else ""
        pairs = self._whole_pairs(self.material) if whole else self._item_pairs(self.material)
        texts = [f"{asked.text}\n{told.text}" for asked, told in pairs]
        return plan(
            self.material, self.abilities, rules=self._rules(), examples=texts, schema=schema, reply_tokens=self._reply_tokens
        )

    def whole(self, planned: Plan) -> Ask:
        """Return the call for the whole artifact."""
        schema = self.stage.stage.narrow(planned.material)
        pairs = self._whole_pairs(planned.material)[: planned.examples]
        asked = self._prompt.text("Whole", self._values(planned.material))
        return self._ask(pairs, asked, schema, planned.reply_tokens, self.stage.name)

    def in_hand(self, planned: Plan) -> Material:
        """Return the material that an answer is judged by: whole, but for the passages that the plan left out."""
        return replace(self.material, sources=planned.material.sources)

    def outline(self, planned: Plan, schema: Json) -> Ask:
        """Return the call for the outline."""
        material = planned.material
        pairs = [
            self._pair(self._prompt.text("Outline", {"brief": example.brief, "terms": (), "fence": ""}), example.reply)
            for example in self._examples.outlines
            if example.language == material.language
        ]
        terms = () if self.abilities.demonstration else material.terms
        asked = self._prompt.text("Outline", {"brief": material.brief, "terms": terms, "fence": self._fence})
        return self._ask(pairs, asked, schema, min(planned.reply_tokens, 400), "outline")

    def item(self, planned: Plan, entry: Entry) -> Ask:
        """Return the call for one item of the outline.

        The demonstration model sees the entry alone: with the brief and passages before it, a model of that size answers the
        first thing that it read (`docs/decisions/0003-weak-models.md`).
        """
        schema = self.stage.stage.way.item_schema(entry, planned.material)
        pairs = self._item_pairs(planned.material, entry)[-planned.examples :] if planned.examples else []
        seen = self._bare() if self.abilities.demonstration else self._values(planned.material)
        asked = self._prompt.text("Item", self._item_values(entry, seen))
        return self._ask(pairs, asked, schema, min(planned.reply_tokens, 400), f"{self.stage.name}_item")

    def again(self, ask: Ask, draft: str, findings: Sequence[Finding]) -> Ask:
        """Return the call that asks for the same once more, with what stands against the draft."""
        told = self._prompt.text("Mend", {"draft": draft, "findings": [finding.message for finding in findings]})
        return replace(ask, messages=(*ask.messages, Message("assistant", draft or "{}"), Message("user", told)))

    def _ask(self, pairs: Sequence[tuple[Message, Message]], asked: str, schema: Json, tokens: int, name: str) -> Ask:
        """Put a call together; without structured decoding the schema, which differs from brief to brief, stands in the last message."""
        if not self.abilities.structured:
            asked = f"JSON Schema: {compact(schema)}\n\n{asked}"
        messages = [Message("system", self._rules()), *(message for pair in pairs for message in pair), Message("user", asked)]
        return Ask(tuple(messages), schema, name, tokens)

    def _rules(self) -> str:
        return self._prompt.text("Short rules" if self.abilities.demonstration else "Rules", {})

    def _whole_pairs(self, material: Material) -> list[tuple[Message, Message]]:
        """Return the examples of whole artifacts, in the brief's language."""
        pairs = []
        allowed = self.stage.stage.narrow(material)["properties"]
        for example in self._examples.whole:
            if example.language == material.language:
                upstream = tuple(UpstreamItem(f"S{number}", text) for number, text in enumerate(example.upstream, 1))
                values = self._bare() | {"brief": example.brief, "upstream": upstream}
                reply = {name: value for name, value in example.artifact.items() if name in allowed}
                pairs.append(self._pair(self._prompt.text("Whole", values), reply))
        return pairs

    def _item_pairs(self, material: Material, entry: Entry | None = None) -> list[tuple[Message, Message]]:
        """Return the examples of single items in the brief's language, of the entry's kind where it has one.

        The one that is most like the entry comes last, since a small model follows what it read last; the others keep their
        order, so that the endpoint's prefix cache serves them.
        """
        shown = [
            example
            for example in self._examples.items
            if example.language == material.language and (entry is None or _of_a_kind(example.about, entry.about))
        ]
        if entry is not None and shown:
            nearest = max(shown, key=lambda example: _nearness(example, entry.text))
            shown = [example for example in shown if example is not nearest] + [nearest]
        return [
            self._pair(
                self._prompt.text("Item", self._item_values(Entry("S1", example.entry, example.about), self._bare())),
                example.reply,
            )
            for example in shown
        ]

    def _values(self, material: Material) -> Json:
        return {
            "brief": material.brief,
            "terms": material.terms,
            "sources": material.sources,
            "upstream": material.upstream,
            "fence": self._fence,
            "roles": (*material.roles, *material.unlisted_roles),
        }

    def _bare(self) -> Json:
        return {"brief": "", "terms": (), "sources": (), "upstream": (), "fence": "", "roles": ()}

    @staticmethod
    def _item_values(entry: Entry, seen: Json) -> Json:
        return {name: value for name, value in seen.items() if name != "roles"} | {"entry": entry}

    @staticmethod
    def _pair(asked: str, reply: Json) -> tuple[Message, Message]:
        return Message("user", asked), Message("assistant", compact(reply))


def _nearness(example: ItemExample, text: str) -> tuple[float, float]:
    """Return how like an example is to an entry: by its verb first (the earliest word they share counts most), then by all words."""
    entry = words(text)
    near = set(words(example.near))
    place = next((place for place, word in enumerate(entry) if word in near), len(entry))
    return (1 - place / max(1, len(entry)), likeness(example.entry, text))


def _of_a_kind(example: Mapping[str, tuple[str, ...]], entry: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether an example is of the entry's kind: a positive scenario is shown positive ones only."""
    return example.get("kind") == entry.get("kind")
