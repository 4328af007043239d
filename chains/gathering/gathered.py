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
    found = [source for source in material.sources if not source.is_offered]
    if found:
        titles = ", ".join(dict.fromkeys(source.title for source in found))
        lines.append(say("passages-found", language, count=len(found), names=titles))
    if all(source.kept for source in found):
        lines.append(say("none-found", language))
    if offered := len(material.sources) - len(found):
        lines.append(say("offered-read", language, count=offered))
    if unlisted := (*material.unlisted_roles, *material.unlisted_entities):
        lines.append(say("unlisted", language, names=", ".join(unlisted)))
    return tuple(lines)


def first_words(text: str) -> str:
    """Return the first words of a brief as the artifact's title."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 80 else plain[:79].rstrip() + "…"
