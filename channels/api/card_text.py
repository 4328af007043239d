"""A card as Markdown that may be read before it is whole: head, items one by one, and what can only be said at the end."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from channels.texts import Texts
from formats.document import Table
from formats.markdown import escape_markdown, table_lines
from formats.printable import printable
from stages.declaration import ItemView, Line
from stages.findings import Finding

if TYPE_CHECKING:
    from chains.cards.cards import ArtifactCard

_GRAVEST_FIRST = ("error", "warning", "hint")


class CardText:
    """Gives the pieces of one card's text in their order: joined, they are the text.

    What was given cannot be taken back: an item that the checks changed afterwards is told again below the others.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._given: dict[str, str] = {}
        self._section = ""
        self._begun = False
        self._headed = True

    def head(self, title: str, *, demonstration: bool) -> str:
        """Return the beginning: the stage, and a warning where the demonstration model writes."""
        blocks = [f"# {_plain(title)}"]
        return self._joined([*blocks, f"> {_plain(self._texts('demonstration_about'))}"] if demonstration else blocks)

    def items(self, views: Sequence[ItemView]) -> str:
        """Return those of the items that were not given yet."""
        return self._joined([self._item(view) for view in views if view.id not in self._given])

    def end(self, card: "ArtifactCard", link: str = "") -> str:
        """Return the rest: items not given yet, what was changed since, findings, questions, sources, and where the card is."""
        views = [item.view for item in card.items]
        changed = self._changed(views)
        # Headings that the draft had not yet would stand above its last items alone.
        self._headed = self._headed and (not self._given or bool(self._section))
        missing = self.items(views)
        blocks = [
            self._listed(self._texts("api_changed"), changed, sep="\n\n"),
            _plain(self._texts("silent")) if card.silent else "",
            self._listed(self._texts("label_findings"), self._findings(card)),
            self._listed(self._texts("label_mended"), [_mended(one.item, one.before, one.after) for one in card.mends]),
            self._listed(self._texts("label_assumptions"), [f"- {_plain(question)}" for question in card.questions]),
            self._listed(self._texts("label_sources"), _sources(card)),
            self._texts("api_card", link=link) if link else "",
        ]
        return missing + self._joined([block for block in blocks if block])

    def _item(self, view: ItemView) -> str:
        text = item_text(view, self._texts)
        self._given[view.id] = text
        if self._headed and view.section and view.section != self._section:
            text = f"## {_plain(view.section)}\n\n{text}"
        self._section = view.section
        return text

    def _changed(self, views: Sequence[ItemView]) -> list[str]:
        """Return the items that read otherwise than they were given, and name those that are gone."""
        now = {view.id: item_text(view, self._texts) for view in views}
        again = [text for item, text in now.items() if item in self._given and self._given[item] != text]
        return again + [_plain(self._texts("api_gone", item=item)) for item in self._given if item not in now]

    def _findings(self, card: "ArtifactCard") -> list[str]:
        whole = [("", finding) for finding in card.findings]
        of_items = [(item.view.id, finding) for item in card.items for finding in item.findings]
        ordered = sorted([*whole, *of_items], key=lambda pair: _GRAVEST_FIRST.index(pair[1].severity))
        return [self._finding(item, finding) for item, finding in ordered]

    def _finding(self, item: str, finding: Finding) -> str:
        about = f"{_plain(item)}: " if item else ""
        return f"- **{self._texts(f'label_{finding.severity}')}** {about}{_plain(finding.message)}"

    def _listed(self, title: str, lines: Sequence[str], sep: str = "\n") -> str:
        return f"## {_plain(title)}\n\n{sep.join(lines)}" if lines else ""

    def _joined(self, blocks: Iterable[str]) -> str:
        """Return blocks with an empty line between them, and before them where something was given already."""
        text = "\n\n".join(block for block in blocks if block)
        if text and self._begun:
            text = f"\n\n{text}"
        self._begun = self._begun or bool(text)
        return text


def item_text(view: ItemView, texts: Texts) -> str:
    """Return one item as Markdown."""
    badges = "".join(f" · {_plain(badge)}" for badge in view.badges)
    blocks = [f"### {_plain(f'{view.id} {view.title}')}{badges}"]
    for is_table, grouped in groupby(view.lines, key=lambda line: bool(line.cells)):
        lines = list(grouped)
        blocks.append(_table(lines) if is_table else "\n".join(_line(line) for line in lines))
    if view.links:
        blocks.append(_plain(texts("rests_on", item=", ".join(view.links))))
    return "\n\n".join(blocks)


def questions_text(heading: str, questions: Sequence[str], examples_heading: str, examples: Sequence[str]) -> str:
    """Return questions that are asked back, with examples of briefs that would do."""
    blocks = [heading, "\n".join(f"{number}. {_plain(question)}" for number, question in enumerate(questions, 1))]
    if examples:
        blocks += [examples_heading, "\n".join(f"- {_plain(example)}" for example in examples)]
    return "\n\n".join(blocks)


def _line(line: Line) -> str:
    keyword = f"**{_plain(line.keyword)}** " if line.keyword else ""
    return f"{'  ' * line.depth}- {keyword}{_plain(line.text)}"


def _table(lines: Sequence[Line]) -> str:
    columns, *rows = (line.cells for line in lines)
    return "\n".join(table_lines(Table(tuple(columns), tuple(rows))))


def _sources(card: "ArtifactCard") -> list[str]:
    """Return the sources under the numbers that the page gives them, each with the items that cite it."""
    lines = []
    for number, source in enumerate(card.sources, 1):
        citing = ", ".join(item.view.id for item in card.items if source.key in item.view.sources)
        where = f" › {_plain(source.breadcrumb)}" if source.breadcrumb and source.breadcrumb != source.title else ""
        lines.append(f"{number}. {_plain(source.title)}{where} ({_plain(citing)})")
    return lines


def _mended(item: str, before: str, after: str) -> str:
    about = f"{_plain(item)}: " if item else ""
    return f"- {about}{_plain(before)} → {_plain(after) or '∅'}"


def _plain(text: str) -> str:
    """Return a text in which nothing is markup, so that what a model wrote neither fetches nor runs anything."""
    return escape_markdown(printable(text))
