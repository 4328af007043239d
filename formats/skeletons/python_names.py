"""Python names and literals from any text: keywords avoided, each name once, nothing of the text ever code."""

import keyword
import re
from collections.abc import Collection

import inflection

_LONGEST = 60
# Names that a model, a serializer or a view of Django uses itself, beside those that Python keeps.
_RESERVED = """
    id pk objects save delete clean full_clean check refresh_from_db self cls fields data
    errors validate context instance initial initial_data validated_data is_valid create update source label help_text
    parent root default default_error_messages style required read_only write_only allow_null validators partial many bind
    run_validation to_internal_value to_representation get_fields get_value field_name request meta models serializers path include views
    settings get put post patch options head trace default_empty_html default_validators fail get_attribute get_default get_initial
    get_validators many_init run_validators set_value validate_empty_values
"""
_TAKEN = frozenset(_RESERVED.split())


def identifier(text: str, taken: Collection[str] = (), lead: str = "value") -> str:
    """Return a snake case name of ASCII letters and digits that is free: no keyword, no dunder, not in `taken`."""
    plain = inflection.underscore(inflection.transliterate(text))
    name = "_".join(re.findall(r"[a-z0-9]+", plain.lower()))[:_LONGEST].strip("_")
    if not name or not name[0].isalpha():
        name = f"{lead}_{name}".strip("_")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _TAKEN:
        name = f"{name}_{lead}"
    return _free(name, taken, "_")


def class_name(text: str, taken: Collection[str] = (), lead: str = "Thing") -> str:
    """Return a camel case name of ASCII letters and digits that is free."""
    words = re.findall(r"[A-Za-z0-9]+", inflection.transliterate(text))
    name = "".join(word[:1].upper() + word[1:] for word in words)[:_LONGEST]
    if not name or not name[0].isalpha():
        name = f"{lead}{name}"
    return _free(f"{name}{lead}" if keyword.iskeyword(name) or name == "Meta" else name, taken, "")


def literal(value: object) -> str:
    """Return a value as the Python literal that means it, on one line, in ASCII: text cannot leave its quotes."""
    return ascii(value)


def is_plain(name: str) -> bool:
    """Tell whether a name can stand as an attribute of a serializer as it is."""
    return (
        bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name))
        and not keyword.iskeyword(name)
        and not keyword.issoftkeyword(name)
        and name not in _TAKEN
    )


def _free(name: str, taken: Collection[str], joint: str) -> str:
    """Return the name, numbered where it is taken."""
    used = {one.lower() for one in taken}
    free, number = name, 2
    while free.lower() in used:
        free, number = f"{name}{joint}{number}", number + 1
    return free
