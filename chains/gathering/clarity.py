"""Whether a brief says enough to be answered: what has no meaning is asked about instead of being answered."""

import re

from formats.actions import read_actions
from formats.language import has_han, simplified, words
from formats.names import spoken_names
from stages.material import Material

LEAST_LETTERS = 2
# People by a word that is no name of a role in Chinese, but says as much as "customer" does in English.
_SOMEBODY = re.compile(r"客户|用户|顾客|持卡人|员工")


def is_clear(material: Material) -> bool:
    """Tell whether a brief names an action, a term or a role, or speaks in sentences whose words the material knows.

    Items of an artifact always say enough. "asdf" and "……" do not: no verb of a wish, no term, no word that a passage knows.
    """
    if any(item.artifact_id for item in material.upstream):
        return True
    brief = "\n".join([material.brief, *(item.text for item in material.upstream)]).strip()
    letters = sum(character.isalpha() for character in brief)
    if letters < LEAST_LETTERS:
        return False
    if material.terms or read_actions(brief, material.language).actions:
        return True
    if spoken_names(brief, material.language).roles or _SOMEBODY.search(simplified(brief)):
        return True
    spoken = set(words(brief))
    known = set(words(" ".join(f"{source.title} {source.text}" for source in material.sources)))
    enough = 2 if has_han(brief) else 3
    return len(spoken & known) >= enough and len(re.findall(r"\w+", brief)) >= enough
