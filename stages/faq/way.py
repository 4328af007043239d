"""How a weak model is led to an FAQ: topics by rule, each with the sentence that it is answered from; question and answer are its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from formats.connextra import read_story
from formats.language import language_of
from stages.declaration import Entry, Json
from stages.faq.near import HOW_TO, Sentence, nearest, sentences, shortened, shown, usable
from stages.faq.shape import Faq
from stages.faq.topics import Topic, topics
from stages.material import Material, UpstreamItem
from stages.schema import closed_schema, narrowed, without
from stages.words import likeness, related_sources

MOST_ENTRIES = 8
LEAST_ENTRIES = 4
MOST_CHANGES = 2
ALIKE = 0.6
QUESTION = {"en": (8, 110), "zh": (5, 45)}
_ENDS = (".", "!", "?", "。", "！", "？", "”", '"', ")")
ANSWER = {"en": (10, 270), "zh": (5, 130)}


class FaqWay:
    """No outline is asked: what is asked about follows from the brief, the stories and the release notes.

    An entry's kind says what it is answered from: `how` a sentence of a passage, `story` an upstream item, `change` a release
    note; `open` has nothing to be answered from, and only its question is asked for.
    """

    def outline_schema(self, _material: Material) -> Json | None:
        """Return None: the topics are found by rule."""
        return None

    def entries(self, _outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return what is asked about: each story's wish, what the brief lists, what has changed; then rules near to these."""
        known = usable(material)
        changes = [_change(item, material) for item in material.upstream_of("release_notes")]
        wishes = _wishes(material, known)
        asked = _once([*wishes, *_of_brief(material, known, alone=not wishes)])
        if len(asked) + len(changes) < LEAST_ENTRIES:
            asked = _once([*asked, *_others(material)])
        room = MOST_ENTRIES - min(len(changes), max(MOST_CHANGES, MOST_ENTRIES - len(asked)))
        found = _once([*asked[:room], *changes])[:MOST_ENTRIES]
        if len(found) < LEAST_ENTRIES:
            found = _once([*found, *_rules(found, known, material)])[:LEAST_ENTRIES]
        found = found or [Entry("", shortened(material.brief, material.language) or "FAQ", {"kind": ("open",)})]
        return tuple(Entry(f"Q{number}", entry.text, entry.about) for number, entry in enumerate(found, 1))

    def item_schema(self, entry: Entry, material: Material) -> Json:
        """Return the schema of a question and its answer; of an open one the question alone."""
        bounds = {"question": QUESTION[material.language], "answer": ANSWER[material.language]}
        if entry.about["kind"] == ("open",):
            del bounds["answer"]
        else:
            bounds["answer"] = _room(entry, material)
        texts = {name: {"type": "string", "minLength": least, "maxLength": most} for name, (least, most) in bounds.items()}
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
                Entry(item["id"], topic.text, _about("how", shown(sentence, material.language), (sentence.key,), item["rests"])),
            )
        upstream = next((one for one in material.upstream if one.id in item["rests"]), None)
        if upstream is None:
            return (Entry(item["id"], topic.text, {"kind": ("open",), "sources": tuple(item["sources"])}),)
        kind = "change" if upstream.stage == "release_notes" else "story"
        return (Entry(item["id"], topic.text, _about(kind, shortened(upstream.text, material.language), (), (upstream.id,))),)


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
    return least, min(most, int(len("".join(entry.about.get("known", ()))) * 1.1) + 8)


def _whole_sentences(answer: Any, most: int) -> Any:
    """Return an answer that its room cut off without the sentence that was cut, where whole ones stand before it."""
    if not isinstance(answer, str) or len(answer) < most - 1 or answer.rstrip().endswith(_ENDS):
        return answer
    end = max(answer.rfind(sign) for sign in (". ", "! ", "? ", "。", "！", "？"))
    return answer[: end + 1] if end > 0 else answer


def _about(kind: str, known: str, sources: Sequence[str], rests: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    return {"kind": (kind,), "known": (known,), "sources": tuple(sources), "rests": tuple(rests)}


def _wishes(material: Material, known: Sequence[Sentence]) -> list[Entry]:
    """Return an entry for each story: answered from the nearest passage, where none is near from the story itself."""
    found: list[Entry] = []
    for item in material.upstream:
        story = read_story(item.text, material.language) if item.stage in ("", "user_stories") else None
        if story is None:
            continue
        entry = _of_topic(Topic(story.want), material, known, [one.about["known"][0] for one in found], (item.id,))
        if entry.about["kind"] == ("open",):
            entry = Entry("", story.want, _about("story", shortened(item.text, material.language), (), (item.id,)))
        found.append(entry)
    return found


def _of_brief(material: Material, known: Sequence[Sentence], *, alone: bool) -> list[Entry]:
    """Return an entry for each topic of the brief; beside stories, what it is about as a whole is none."""
    found: list[Entry] = []
    for topic in topics(material.brief, material.language):
        if topic.is_subject and not alone:
            continue
        taken = [text for one in found for text in one.about.get("known", ())]
        found.append(_of_topic(topic, material, known, taken))
    return found


def _of_topic(
    topic: Topic, material: Material, known: Sequence[Sentence], taken: Sequence[str], rests: Sequence[str] = ()
) -> Entry:
    """Return a topic's entry; where nothing in the answer's language speaks of it, an open one that names what is near."""
    text = topic.told(material.language)
    sentence = nearest(topic, known, material.language, taken)
    if sentence is not None:
        about = _about("how", shown(sentence, material.language), (sentence.key,), rests)
        return Entry("", text, about | {"point": (topic.text,)})
    near = [source.key for source in related_sources(topic.text, material) if source.kind not in HOW_TO]
    return Entry("", text, {"kind": ("open",), "sources": tuple(near), "rests": tuple(rests), "point": (topic.text,)})


def _change(item: UpstreamItem, material: Material) -> Entry:
    """Return the entry of a release note."""
    text = shortened(item.text, material.language)
    return Entry("", text, _about("change", text, (), (item.id,)))


def _others(material: Material) -> list[Entry]:
    """Return entries for upstream items of other kinds, where there are no stories: a class, an operation, a scenario."""
    other = [item for item in material.upstream if item.stage not in ("", "user_stories", "release_notes")]
    step = max(1, len(other) // LEAST_ENTRIES)
    texts = [(item, shortened(item.text, material.language)) for item in other[::step][:LEAST_ENTRIES]]
    return [Entry("", text, _about("story", text, (), (item.id,))) for item, text in texts]


def _rules(found: Sequence[Entry], known: Sequence[Sentence], material: Material) -> list[Entry]:
    """Return entries for rules with a number in them: the first of each passage that no entry is answered from yet."""
    used = {key for entry in found for key in entry.about.get("sources", ())}
    entries: list[Entry] = []
    for sentence in known:
        text = shown(sentence, material.language)
        if sentence.key in used or not any(sign.isdigit() for sign in text):
            continue
        used.add(sentence.key)
        title = sentence.heading.replace("›", ">").rsplit(">", 1)[-1].strip()
        entries.append(Entry("", title or text, _about("how", text, (sentence.key,))))
    return entries


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries without those that ask about the same as one before them."""
    kept: list[Entry] = []
    for entry in entries:
        if all(likeness(_point(entry), _point(other)) < ALIKE for other in kept):
            kept.append(entry)
    return kept


def _point(entry: Entry) -> str:
    """Return what an entry asks about, without the subject that it shares with others."""
    return entry.about.get("point", (entry.text,))[0]
