"""The words that a steward gives a term: instead of what a noun or a draft says, or as they are."""

from dataclasses import dataclass, replace
from typing import Final

from errors import BriefError
from formats.language import has_han
from knowledge.terms.glossary import Definition, Names, Term, comparable
from records.terms import Offer


@dataclass(frozen=True)
class Wording:
    """What a steward writes in the place of what a noun or a draft says; None keeps that."""

    en: str | None = None
    zh: str | None = None
    kind: str | None = None
    context: str | None = None
    definition_en: str | None = None
    definition_zh: str | None = None
    owner: str | None = None

    def over(self, term: Term) -> Term:
        """Return a term in these words. Raises BriefError where no name is left, or one is too long."""
        said = {name: " ".join(text.split()) for name, text in vars(self).items() if text is not None}
        plain = {name: text for name, text in said.items() if name in ("en", "zh", "kind", "context", "owner")}
        definition = Definition(said.get("definition_en", term.definition.en), said.get("definition_zh", term.definition.zh))
        changed = Term(**{**vars(term), **plain, "definition": definition})
        if not comparable(changed.en + changed.zh):
            raise BriefError("A term needs a name in one language at least.", "术语至少需要一种语言的名称。")
        if max(len(changed.en), len(changed.zh)) > 200 or max(len(changed.kind), len(changed.context)) > 100:
            raise BriefError(
                "A name may have 200 characters, a kind and a context 100: shorten it.",
                "名称最多 200 个字符，类型和上下文最多 100 个：请缩短。",
            )
        return replace(changed, kind=changed.kind or "entity")


AS_IT_IS: Final = Wording()


def drafted(offer: Offer, owner: str) -> Term:
    """Return the term that an offered noun would become."""
    en, zh = ("", offer.name) if has_han(offer.name) else (offer.name, "")
    return Term("", offer.kind, "", en, zh, Definition("", ""), Names(), Names(), owner, "approved")
