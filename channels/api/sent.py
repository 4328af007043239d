"""Cards, passages and terms as `/api` sends them."""

import difflib
from typing import TYPE_CHECKING

from channels.api.shapes import (
    SentCard,
    SentFinding,
    SentItem,
    SentLine,
    SentMend,
    SentNotation,
    SentPassage,
    SentSource,
    SentTerm,
    SentTerms,
)

if TYPE_CHECKING:
    from chains.cards.cards import ArtifactCard, ItemCard
    from knowledge.search.retrieval import PassageHit
    from knowledge.terms.glossary import Glossary, TermHit
    from stages.findings import Finding

_NEAR = 5


def sent_card(card: "ArtifactCard", link: str) -> SentCard:
    """Return a card; `link` is where a person finds it on the page."""
    numbers = {source.key: number for number, source in enumerate(card.sources, 1)}
    plain = ("version", "versions", "stage", "stage_title", "title", "language", "status", "workspace")
    facts = {name: getattr(card, name) for name in (*plain, "model", "demonstration", "silent")}
    return SentCard(
        **facts,
        id=card.artifact_id,
        turn=card.turn_id,
        link=link.format(artifact=card.artifact_id),
        items=[_item(item, numbers) for item in card.items],
        sources=[
            SentSource(
                number=number,
                offered=source.is_offered,
                **{name: getattr(source, name) for name in ("title", "shelf", "breadcrumb", "text", "language")},
            )
            for number, source in enumerate(card.sources, 1)
        ],
        findings=[_finding(finding) for finding in card.findings],
        mends=[SentMend.model_validate(mend) for mend in card.mends],
        questions=list(card.questions),
        notations=[SentNotation(name=name, title=title) for name, title in card.notations],
    )


def _item(item: "ItemCard", numbers: dict[str, int]) -> SentItem:
    view = item.view
    return SentItem(
        id=view.id,
        title=view.title,
        section=view.section,
        badges=list(view.badges),
        lines=[SentLine(keyword=line.keyword, text=line.text, depth=line.depth, cells=list(line.cells)) for line in view.lines],
        rests_on=list(view.links),
        sources=[numbers[key] for key in view.sources if key in numbers],
        findings=[_finding(finding) for finding in item.findings],
        status=item.status,
        edit_text=item.edit_text,
    )


def _finding(finding: "Finding") -> SentFinding:
    return SentFinding.model_validate(finding)


def sent_passage(hit: "PassageHit") -> SentPassage:
    """Return a passage that was found."""
    return SentPassage(
        passage=hit.passage.id,
        title=hit.asset.title,
        shelf=hit.asset.shelf,
        owner=hit.asset.owner,
        breadcrumb=hit.passage.breadcrumb,
        language=hit.passage.language,
        text=hit.text,
        score=round(hit.score, 4),
        kept=hit.kept,
    )


def sent_terms(glossary: "Glossary", text: str) -> SentTerms:
    """Return the terms that a text names, each once; where it names none, the names that are written nearly so."""
    told: dict[str, TermHit] = {}
    for hit in glossary.found_in(text):
        told.setdefault(hit.term.id, hit)
    if told:
        return SentTerms(items=[_term(hit) for hit in told.values()], near=[])
    names = {name.casefold(): name for name in glossary.all_names}
    near = difflib.get_close_matches(text.strip().casefold()[:100], names, n=_NEAR, cutoff=0.6)
    return SentTerms(items=[], near=[names[name] for name in near])


def _term(hit: "TermHit") -> SentTerm:
    term = hit.term
    plain = {name: getattr(term, name) for name in ("id", "kind", "context", "en", "zh", "owner")}
    return SentTerm(
        **plain,
        definition={"en": term.definition.en, "zh": term.definition.zh},
        aliases={"en": list(term.aliases.en), "zh": list(term.aliases.zh)},
        forbidden={"en": list(term.forbidden.en), "zh": list(term.forbidden.zh)},
        written=hit.written,
        how=hit.how,
    )
