"""What was gathered, told in a few lines: terms, passages, names that the glossary lacks; and a brief by its first words."""

from chains.sentences import say
from stages.material import Material


def found_lines(material: Material) -> tuple[str, ...]:
    """Tell what was gathered."""
    language = material.language
    lines = []
    if material.terms:
        lines.append(
            say("terms-found", language, count=len(material.terms), names=", ".join(term.name for term in material.terms))
        )
    if material.sources:
        titles = ", ".join(dict.fromkeys(source.title for source in material.sources))
        lines.append(say("passages-found", language, count=len(material.sources), names=titles))
    if all(source.kept for source in material.sources):
        lines.append(say("none-found", language))
    if unlisted := (*material.unlisted_roles, *material.unlisted_entities):
        lines.append(say("unlisted", language, names=", ".join(unlisted)))
    return tuple(lines)


def first_words(text: str) -> str:
    """Return the first words of a brief as the artifact's title."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 80 else plain[:79].rstrip() + "…"
