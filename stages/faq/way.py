"""How a weak model is led to an FAQ: topics by rule, each with the sentence that it is answered from; question and answer are its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from formats.language import language_of
from stages.declaration import Entry, Json
from stages.faq.near import nearest, sentences, shown
from stages.faq.outline import about, of_upstream, outlined
from stages.faq.shape import Faq
from stages.faq.topics import Topic
from stages.material import Material
from stages.schema import closed_schema, narrowed, without

QUESTION = {"en": (8, 130), "zh": (5, 50)}
# What "Yes. It is fixed that …" says beside the note.
_SPARE = {"en": 26, "zh": 14}
_ENDS = (".", "!", "?", "。", "！", "？", "”", '"', ")")
ANSWER = {"en": (10, 270), "zh": (5, 130)}


class FaqWay:
    """No outline is asked: what is asked about follows from the brief, the stories and the release notes.

    Of an entry that has nothing to be answered from only the question is asked.
    """

    def outline_schema(self, _material: Material) -> Json | None:
        """Return None: the topics are found by rule."""
        return None

    def entries(self, _outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return what is asked about: each story's wish, what the brief lists, what has changed; then rules near to these."""
        return tuple(Entry(f"Q{number}", entry.text, entry.about) for number, entry in enumerate(outlined(material), 1))

    def item_schema(self, entry: Entry, material: Material) -> Json:
        """Return the schema of a question and its answer; of an open one the question alone."""
        bounds = {"question": QUESTION[material.language], "answer": ANSWER[material.language]}
        if entry.about["kind"] == ("open",):
            del bounds["answer"]
        else:
            bounds["answer"] = _room(entry, material)
        texts: Json = {name: {"type": "string", "minLength": least, "maxLength": most} for name, (least, most) in bounds.items()}
        return {"type": "object", "properties": texts, "required": list(texts), "additionalProperties": False}

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], material: Material) -> Json:
        """Return the questions that were written; each cites what it was to be answered from."""
        written = []
        for entry in entries:
            if entry.id in replies:
                told: Json = {"answer": "", **replies[entry.id]}
                told["answer"] = _whole_sentences(told["answer"], _room(entry, material)[1])
                told |= {name: list(entry.about.get(name, ())) for name in ("rests", "sources")}
                written.append({"id": entry.id, "status": "answered" if told["answer"] else "open", **told})
        return {"entries": written, "questions": []}

    def completed(self, body: Json, _material: Material) -> Json:
        """Return the body as it is: an entry holds nothing that the model did not write."""
        return body

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        """Return the topic that a question was made of, with the sentence of what it cites that is nearest to it."""
        topic = Topic(str(item["question"]).strip(" ?？"))
        cited = [sentence for key in item["sources"] if (source := material.source(key)) for sentence in sentences(source)]
        own = [sentence for sentence in cited if language_of(sentence.text) == material.language]
        if sentence := nearest(topic, own, material.language):
            return (
                Entry(item["id"], topic.text, about("how", shown(sentence, material.language), (sentence.key,), item["rests"])),
            )
        upstream = next((one for one in material.upstream if one.id in item["rests"]), None)
        if upstream is None:
            return (Entry(item["id"], topic.text, {"kind": ("open",), "sources": tuple(item["sources"])}),)
        return (of_upstream(upstream, material, item["id"]),)


def narrow(material: Material) -> Json:
    """Return the schema of the whole artifact, closed to the passages and upstream items in hand; drafts are kept by us."""
    schema = closed_schema(Faq)
    entries: dict[str, Any] = schema["properties"]["entries"]
    entries["items"] = without(entries["items"], "draft")
    schema = narrowed(schema, "entries[].rests[]", tuple(item.id for item in material.upstream))
    return narrowed(schema, "entries[].sources[]", tuple(source.key for source in material.sources))


def _room(entry: Entry, material: Material) -> tuple[int, int]:
    """Return the least and most signs of an answer: with more room than what it answers from, a small model makes things up."""
    least, most = ANSWER[material.language]
    spare = _SPARE[material.language] if entry.about["kind"][0] in ("added", "changed", "fixed") else 8
    return least, min(most, int(len("".join(entry.about.get("known", ()))) * 1.1) + spare)


def _whole_sentences(answer: Any, most: int) -> Any:
    """Return an answer that its room cut off without the sentence that was cut, where whole ones stand before it."""
    if not isinstance(answer, str) or len(answer) < most - 1 or answer.rstrip().endswith(_ENDS):
        return answer
    end = max(answer.rfind(sign) for sign in (". ", "! ", "? ", "。", "！", "？"))
    return answer[: end + 1] if end > 0 else answer
