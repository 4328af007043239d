"""What an answer rests on: the passages and upstream items that it cites, and how far they hold it."""

from collections.abc import Sequence

from formats.language import language_of, words
from formats.names import spoken_names
from formats.support import Support, bears_on, support
from stages.faq.shape import FaqEntry
from stages.material import Material, Source, Term
from stages.words import terms_in


def cited_texts(entry: FaqEntry, material: Material) -> dict[str, str]:
    """Return the texts that an entry cites, by source key or upstream id, each as far as it exists."""
    texts = {key: told(source) for key in entry.sources if (source := material.source(key))}
    upstream = {item.id: item.text for item in material.upstream}
    return texts | {name: upstream[name] for name in entry.rests if name in upstream}


def told(source: Source) -> str:
    """Return a passage with the headings that it stands under: they are part of what it says."""
    return f"{source.title}\n{source.breadcrumb}\n{source.text}"


def support_of(answer: str, texts: Sequence[str], material: Material) -> Support:
    """Return what of an answer these texts hold."""
    said = [term.names for term in terms_in(answer, material.terms)]
    whole = "\n".join(texts)
    held = [term.names for term in _held(whole, material.terms)]
    # People whom no passage names are no words like others: "a member may lift it" is wrong where an officer may.
    people = [(name,) for name in spoken_names(answer, material.language).roles if not terms_in(name, material.terms)]
    named = [name for name in people if set(words(name[0])) <= set(words(whole))]
    own = [text for text in texts if language_of(text) == material.language]
    return support(answer, texts, [*said, *(people if own else ())], [*held, *named])


def bearing(entry: FaqEntry, answer: str, material: Material) -> tuple[str, ...]:
    """Return the citations of an entry that have anything to do with its answer."""
    terms = [term for term in material.terms if term.kind != "role"]
    said = [term.names for term in terms_in(answer, terms)]
    return tuple(
        name
        for name, text in cited_texts(entry, material).items()
        # A story that is asked about stays linked, also where a passage answers it at length.
        if any(
            bears_on(text, spoken, said, [term.names for term in _held(text, terms)])
            for spoken in ((answer, entry.question) if name in entry.rests else (answer,))
        )
    )


def _held(text: str, terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms that a passage speaks of, also by a word that must not stand for them in what we write."""
    named = terms_in(text, terms)
    plain = text.casefold()
    return tuple(term for term in terms if term in named or any(word.casefold() in plain for word in term.forbidden))
