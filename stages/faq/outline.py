"""What an FAQ asks about, found by rule: each story's wish, what the brief lists, what has changed, then rules near to these."""

import re
from collections import Counter
from collections.abc import Sequence

from errors import Language
from formats.connextra import read_story
from formats.language import words
from stages.declaration import Entry
from stages.faq.near import HOW_TO, Sentence, nearest, shortened, shown, usable
from stages.faq.topics import Topic, topics
from stages.material import Material, UpstreamItem
from stages.words import likeness, related_sources

MOST_ENTRIES = 10
LEAST_ENTRIES = 4
# What breaks is asked about even where the stories have taken all the room.
MOST_BREAKING = 2
ALIKE = 0.6
# Changes in the order in which readers ask about them.
_SECTIONS = ("removed", "deprecated", "changed", "security", "fixed", "added")
_ADDED = _SECTIONS.index("added")
# A small model asks of a new thing whether it can be done, of a fault whether it is mended, of all else whether it is so.
_KINDS = {"added": "added", "fixed": "fixed", "security": "fixed"}
# What a note begins and ends with beside what it tells of: "Fixed: …", "You can now …", 修复了……的问题.
_AROUND: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"^(?:\w+(?: \w+)?:\s+)?(?:(?:you|we|customers|users) can (?:now )?)?", re.IGNORECASE),
    "zh": re.compile(
        r"^(?:\w{2,6}[:：]\s*)?(?:已?修复了?)?(?:(?:您|客户|用户)?(?:现在)?(?:您|客户|用户)?可以?(?=\w{3}))?|的(?:问题|错误|缺陷)$"
    ),
}
# A note that delivers a story is asked about besides it only where it tells of something else.
OTHER = 0.3


def outlined(material: Material) -> list[Entry]:
    """Return what is asked about, most wanted first and at least one; the ids are still empty.

    An entry's kind says what it is answered from: `how` a sentence of a passage, `story` an upstream item, `added`, `changed` and
    `fixed` a release note; `open` has nothing to be answered from. Its text is the topic that the question is about.
    """
    known = usable(material)
    wishes = _wishes(material, known)
    asked = _once([*wishes, *_of_brief(material, known, alone=not wishes)], kept=len(wishes))
    changes = _changes(material, wishes)
    breaking = changes[: min(MOST_BREAKING, sum(bool(item.body.get("breaking")) for item in material.upstream))]
    asked = asked[: max(len(wishes), MOST_ENTRIES - len(breaking))]
    found = _once([*asked, *breaking, *changes], kept=len(asked))[: max(MOST_ENTRIES, len(asked) + len(breaking))]
    if len(found) < LEAST_ENTRIES:
        found = _once([*found, *_others(material), *_rules(found, known, material)])[:LEAST_ENTRIES]
    return found or [Entry("", shortened(material.brief, material.language) or "FAQ", {"kind": ("open",)})]


def about(kind: str, known: str, sources: Sequence[str], rests: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return what an entry carries beside its topic."""
    return {"kind": (kind,), "known": (known,), "sources": tuple(sources), "rests": tuple(rests)}


def of_upstream(item: UpstreamItem, material: Material, entry_id: str = "") -> Entry:
    """Return the entry that is answered from an upstream item itself: a story's topic is its wish, a note's what has changed."""
    text = shortened(item.text, material.language)
    if item.stage == "release_notes":
        told = shortened(str(item.body.get("text") or item.text), material.language)
        topic = _AROUND[material.language].sub("", told.rstrip(" .。")) or told
        return Entry(entry_id, topic, about(_KINDS.get(str(item.body.get("section")), "changed"), told, (), (item.id,)))
    story = read_story(item.text, material.language)
    if story is None:
        return Entry(entry_id, text, about("story", text, (), (item.id,)))
    # Told as what can be done: a small model that has to turn "I want" into "can" takes the role of an example along.
    able = f"{story.role}可以{story.want}。" if material.language == "zh" else f"The {story.role} can {story.want}."
    topic = shortened(story.want, material.language)
    return Entry(entry_id, topic, about("story", shortened(able, material.language), (), (item.id,)))


def _wishes(material: Material, known: Sequence[Sentence]) -> list[Entry]:
    """Return an entry for each story: answered from a passage that speaks of just that, where there is none from the story itself."""
    items = [item for item in material.upstream if item.stage in ("", "user_stories")]
    told = [(item, story.want) for item in items if (story := read_story(item.text, material.language))]
    subject = _shared([want for _, want in told])
    found: list[Entry] = []
    for item, want in told:
        taken = [one.about["known"][0] for one in found]
        sentence = nearest(Topic(want, subject), known, material.language, taken, wholly=True)
        entry = of_upstream(item, material)
        if sentence is not None and sentence.text not in taken:
            entry = Entry("", entry.text, about("how", shown(sentence, material.language), (sentence.key,), (item.id,)))
        found.append(entry)
    return found


def _shared(wishes: Sequence[str]) -> str:
    """Return the words that half of the wishes or more share: what they are all about."""
    counts = Counter(word for wish in wishes for word in set(words(wish)))
    return " ".join(word for word, count in counts.items() if count > 1 and count * 2 >= len(wishes))


def _of_brief(material: Material, known: Sequence[Sentence], *, alone: bool) -> list[Entry]:
    """Return an entry for each topic of the brief; beside stories, what it is about as a whole is none."""
    found: list[Entry] = []
    for topic in topics(material.brief, material.language):
        if topic.is_subject and not alone:
            continue
        taken = [text for one in found for text in one.about.get("known", ())]
        found.append(_of_topic(topic, material, known, taken))
    return found


def _of_topic(topic: Topic, material: Material, known: Sequence[Sentence], taken: Sequence[str]) -> Entry:
    """Return a topic's entry; where nothing in the answer's language speaks of it, an open one that names what is near."""
    text = topic.told(material.language)
    sentence = nearest(topic, known, material.language, taken)
    if sentence is not None:
        return Entry("", text, about("how", shown(sentence, material.language), (sentence.key,)) | {"point": (topic.text,)})
    near = [source.key for source in related_sources(topic.text, material) if source.kind not in HOW_TO]
    return Entry("", text, {"kind": ("open",), "sources": tuple(near), "point": (topic.text,)})


def _changes(material: Material, wishes: Sequence[Entry]) -> list[Entry]:
    """Return the entries of release notes, what breaks first; what only delivers a story that is asked about is none."""
    entries: list[Entry] = []
    for item in sorted(material.upstream_of("release_notes"), key=_rank):
        entry = of_upstream(item, material)
        delivered = [wish for wish in wishes if set(wish.about["rests"]) & set(item.body.get("upstream", ()))]
        if _rank(item) < _ADDED or all(likeness(entry.text, wish.text) < OTHER for wish in delivered):
            entries.append(entry)
    return entries


def _rank(item: UpstreamItem) -> int:
    """Return the place of a note among the others: what breaks, then by its section."""
    if item.body.get("breaking"):
        return -1
    section = item.body.get("section")
    return _SECTIONS.index(section) if section in _SECTIONS else 0


def _others(material: Material) -> list[Entry]:
    """Return entries for upstream items of other kinds, where there are few stories: a class, an operation, a scenario."""
    other = [item for item in material.upstream if item.stage not in ("", "user_stories", "release_notes")]
    step = max(1, len(other) // LEAST_ENTRIES)
    return [of_upstream(item, material) for item in other[::step][:LEAST_ENTRIES]]


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
        entries.append(Entry("", title or text, about("how", text, (sentence.key,))))
    return entries


def _once(entries: Sequence[Entry], kept: int = 0) -> list[Entry]:
    """Return the entries without those that ask about the same as one before them; the first `kept` stay in any case.

    Stories are told apart by their authors: "raise the limit" and "lower the limit" are alike, and both are asked about.
    """
    found: list[Entry] = []
    for place, entry in enumerate(entries):
        if place < kept or all(likeness(_point(entry), _point(other)) < ALIKE for other in found):
            found.append(entry)
    return found


def _point(entry: Entry) -> str:
    """Return what an entry asks about, without the subject that it shares with others."""
    return entry.about.get("point", (entry.text,))[0]
