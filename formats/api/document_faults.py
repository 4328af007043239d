"""What is held against an OpenAPI 3.1 document: what the specification's validator finds, and what it lets pass."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from formats.api.faults import Fault, design_faults
from formats.api.loose import listed, mapping, pointed, references, rest, text
from formats.api.model import Api
from formats.api.openapi import openapi

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_EXAMPLES: Final = ("example", "examples", "value", "default", "enum", "const")
_BASE: Final = "urn:api"
_SLOW_PATTERN: Final = re.compile(r"\)[*+{]|.{200}", re.DOTALL)
_MOST: Final = 50
_DEEPEST: Final = 40
_BROKEN: Final = (RecursionError, OSError, ValueError, LookupError, TypeError, AttributeError, re.error)


def faults_of(api: Api) -> tuple[Fault, ...]:
    """Return everything that is held against an API: its design, and the document that it is written as."""
    document = openapi(api)
    return (*design_faults(api), *document_faults(document), *validity_faults(document))


def document_faults(document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return what the validator lets pass: unknown security schemes, `nullable`, references to nothing, wrong examples."""
    return (*_references(document), *_security(document), *nullable_faults(document), *_examples(_closed(document)))


def validity_faults(document: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return what the specification's validator finds; references that it breaks on are cut before, and nothing is fetched."""
    from openapi_spec_validator import OpenAPIV31SpecValidator  # late: it is slow to load

    found: list[Fault] = []
    try:
        for error in OpenAPIV31SpecValidator(_Circles(_closed(document)).cut()).iter_errors():
            place = "/".join(str(each) for each in error.absolute_path)
            found.append(Fault("invalid", place, {"message": " ".join(error.message.split())[:200]}))
            if len(found) >= _MOST:
                break
    except _BROKEN as error:
        found.append(Fault("not-validated", "", {"reason": f"{type(error).__name__}: {error}"[:200]}))
    return tuple(found)


def _references(document: Mapping[str, Any]) -> Iterator[Fault]:
    for reference in dict.fromkeys(references(document)):
        if not reference.startswith("#") or pointed(document, reference) is None:
            yield Fault("dangling-reference", "", {"reference": reference})


def _security(document: Mapping[str, Any]) -> Iterator[Fault]:
    known = mapping(mapping(document.get("components")).get("securitySchemes"))
    asked = [("", document.get("security"))]
    for path, item in mapping(document.get("paths")).items():
        asked += [(f"{method.upper()} {path}", mapping(mapping(item).get(method)).get("security")) for method in _METHODS]
    for place, requirements in asked:
        for scheme in dict.fromkeys(name for each in listed(requirements) for name in mapping(each)):
            if scheme not in known:
                yield Fault("security-undefined", place, {"scheme": scheme})


def nullable_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield where a document of 3.1 says `nullable`, which means nothing there."""
    if text(document.get("openapi")).startswith("3.0"):
        return
    for pointer, each in _walked(document):
        if isinstance(each.get("nullable"), bool):
            yield Fault("nullable", pointer, {"place": pointer})


def _examples(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield examples that are none of the schema that they stand beside."""
    from jsonschema import Draft202012Validator
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    registry: Any = Registry().with_resource(_BASE, DRAFT202012.create_resource(dict(document)))
    for pointer, schema_pointer, example in _told_examples(document):
        validator = Draft202012Validator({"$ref": f"{_BASE}#{schema_pointer}"}, registry=registry)
        try:
            error = next(validator.iter_errors(example), None)
        except _BROKEN:
            continue  # the schema itself is unsound: the validator of the specification tells of it
        if error is not None:
            message = " ".join(error.message.split())[:200]
            yield Fault("example-wrong", pointer, {"place": pointer, "message": message})


def _told_examples(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for pointer, each in _walked(document):
        if isinstance(each.get("schema"), dict):
            beside = f"{pointer}/schema"
            if "example" in each:
                yield f"{pointer}/example", beside, each["example"]
            for name, told in mapping(each.get("examples")).items():
                if isinstance(told, dict) and "value" in told:
                    yield f"{pointer}/examples/{_step(name)}", beside, told["value"]
        elif isinstance(each.get("examples"), list):
            for number, told in enumerate(each["examples"]):
                yield f"{pointer}/examples/{number}", pointer, told


def _walked(value: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every mapping of a document with its JSON pointer; examples and extensions are not gone into."""
    if depth > 100:
        return
    if isinstance(value, dict):
        yield pointer, value
        for key, each in value.items():
            if key not in _EXAMPLES and not str(key).startswith("x-") and isinstance(each, dict | list):
                yield from _walked(each, f"{pointer}/{_step(str(key))}", depth + 1)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _walked(each, f"{pointer}/{number}", depth + 1)


def _step(key: str) -> str:
    from urllib.parse import quote

    return quote(key.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@")


def _closed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with what leads out of it, or nowhere, taken out, and without patterns that take forever."""
    lost = {each for each in references(document) if not each.startswith("#") or pointed(document, each) is None}
    closed: dict[str, Any] = _cleaned(dict(document), lost)
    return closed


def _cleaned(value: Any, lost: set[str]) -> Any:
    if isinstance(value, list):
        return [_cleaned(each, lost) for each in value]
    if not isinstance(value, dict):
        return value
    kept = rest(value, "$ref") if isinstance(value.get("$ref"), str) and value["$ref"] in lost else value
    if isinstance(kept.get("pattern"), str) and _SLOW_PATTERN.search(kept["pattern"]):
        kept = rest(kept, "pattern")
    return {str(key): _cleaned(each, lost) for key, each in kept.items()}


class _Circles:
    """References that lead back to where they came from, found part by part and replaced by "anything"."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._done: set[str] = set()

    def cut(self) -> dict[str, Any]:
        """Return the document without them; it is changed in place."""
        for part in ("components", "paths", "webhooks"):
            for section, each in mapping(self._document.get(part)).items():
                for name in mapping(each):
                    self._enter(f"#/{part}/{_plain(section)}/{_plain(name)}", ())
        return self._document

    def _enter(self, reference: str, above: tuple[str, ...]) -> None:
        target = pointed(self._document, reference)
        if reference in self._done or not isinstance(target, dict):
            return
        self._done.add(reference)
        without = self._without(target, (*above, reference))
        target.clear()
        target.update(without)

    def _without(self, value: Any, above: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [self._without(each, above) for each in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return {key: self._without(each, above) for key, each in value.items()}
        if reference in above or len(above) > _DEEPEST:
            return rest(value, "$ref")
        self._enter(reference, above)
        return value


def _plain(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
