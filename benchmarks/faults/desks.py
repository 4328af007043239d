"""A bank of ten desks: groups, people in none to three of them, documents with a marker each, and what each person may read."""

import itertools
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

from chains.events import Person
from knowledge.intake.uploads import Uploads
from knowledge.knowledge import Knowledge
from knowledge.reading.reader import Reader

GROUPS = tuple(f"desk-{number}" for number in range(10))
# Of one length, so that a marker cut in two by a stream is none, least of all another one.
MARKER = re.compile(r"secretg\w+?x\d{3}")
BRIEFS = (
    "Officers confirm the transfer limit of a customer and see the code word of the desk.",
    "客户经理确认客户的转账限额，并查看本部门的暗号。",
)
_HEAD = "---\nshelf: rules\ntype: domain-rule\nowner: Tests\ngroups: [{groups}]\nstatus: approved\nlanguage: {language}\n---\n"


@dataclass
class Seen:
    """What one way in showed: how often it was tried, which markers were read rightly, and which were not."""

    tries: int = 0
    rightly: int = 0
    leaks: list[str] = field(default_factory=list)

    def look(self, shown: str, person: Person, allowed: frozenset[str]) -> None:
        """Count the markers of a text that a person was shown."""
        self.tries += 1
        found = set(MARKER.findall(shown))
        self.rightly += len(found & allowed)
        self.leaks += [f"{person.id} saw {marker}" for marker in sorted(found - allowed)]


@dataclass(frozen=True)
class Bank:
    """The people, and the markers that each of them may read."""

    people: tuple[Person, ...]
    allowed: dict[str, frozenset[str]]


def marker_of(area: object, number: int) -> str:
    """Return the word that stands in this document of an area and nowhere else."""
    return f"secretg{area}x{number:03d}"


def write_bank(pack: Path, documents: int) -> dict[str, frozenset[str]]:
    """Write the documents, one marker each, and return marker → groups; every tenth belongs to two groups, four to everyone."""
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "name: desks\ntitle: {en: Desks, zh: 部门}\nabout: {en: Made., zh: 生成。}\nlicence: none\n", "utf-8"
    )
    markers: dict[str, frozenset[str]] = {marker_of("all", number): frozenset({"everyone"}) for number in range(4)}
    for (number, group), document in itertools.product(enumerate(GROUPS), range(documents)):
        others = {GROUPS[(number + 1) % len(GROUPS)]} if document % 10 == 0 else set()
        markers[marker_of(number, document)] = frozenset({group} | others)
    for place, (marker, groups) in enumerate(markers.items()):
        language = "zh" if place % 2 else "en"
        # One word that few documents share, so that words alone find it too: what stands everywhere says nothing.
        body = body_of(marker, language) + (
            "\nThe canteen opens at noon. 食堂中午开放。\n" if marker.endswith(("x001", "x003")) else ""
        )
        head = _HEAD.format(groups=", ".join(sorted(groups)), language=language)
        (pack / f"{marker}.{language}.md").write_text(head + body, "utf-8")
    return markers


def body_of(marker: str, language: str) -> str:
    """Return a document that speaks of what all of them do, and of its marker."""
    if language == "zh":
        return f"# 转账限额\n\n客户经理在提高客户的转账限额之前须确认其身份。本部门的暗号是 {marker}。\n"
    return f"# Transfer limit\n\nOfficers confirm the transfer limit of a customer before it is raised. The code word of the desk is {marker}.\n"


def bank_of(people: int, markers: dict[str, frozenset[str]]) -> Bank:
    """Draw so many people, in none to three desks each."""
    drawn = random.Random(7)
    persons = [
        Person(f"person-{number}", f"Person {number}", frozenset({"everyone", *drawn.sample(GROUPS, number % 4)}))
        for number in range(people)
    ]
    allowed = {one.id: frozenset(marker for marker, groups in markers.items() if groups & one.groups) for one in persons}
    return Bank(tuple(persons), allowed)


async def with_drafts(knowledge: Knowledge, bank: Bank, data: Path) -> Bank:
    """Add what each person drops into the page: a draft that nobody else may read, though the file calls itself approved."""
    allowed, reader = dict(bank.allowed), Reader()
    uploads = Uploads(knowledge.records, data, reader, changed=knowledge.reload)
    try:
        for number, person in enumerate(bank.people):
            marker = marker_of("draft", number)
            text = _HEAD.format(groups="everyone", language="en") + body_of(marker, "en")
            await uploads.submit(person.id, f"{marker}.md", text.encode())
            await uploads.work_off()
            allowed[person.id] |= {marker}
    finally:
        await reader.close()
    await knowledge.catch_up()
    return Bank(bank.people, allowed)
