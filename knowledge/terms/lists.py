"""The shape of a glossary in YAML, as packs hold it and as it is imported."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

TermStatus = Literal["approved", "draft", "retired"]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Meaning(_Strict):
    """What a term means; one language will do."""

    en: str = ""
    zh: str = ""


class FurtherNames(_Strict):
    """Further names of a term in either language."""

    en: tuple[Name, ...] = ()
    zh: tuple[Name, ...] = ()


class TermEntry(_Strict):
    """One term; a name in one language will do, without a status it is taken in as the import says."""

    id: Word
    kind: Word
    context: Annotated[str, Field(max_length=100)] = ""
    en: Annotated[str, Field(max_length=200)] = ""
    zh: Annotated[str, Field(max_length=200)] = ""
    definition: Meaning = Meaning()
    aliases: FurtherNames = FurtherNames()
    forbidden: FurtherNames = FurtherNames()
    owner: str = ""
    status: TermStatus | None = None

    @model_validator(mode="after")
    def _is_named(self) -> "TermEntry":
        if not self.en.strip() and not self.zh.strip():
            raise ValueError(f"the term '{self.id}' has a name in neither language")
        return self


class TermFile(_Strict):
    """`glossary.yaml`."""

    terms: tuple[TermEntry, ...]


def shaped(loaded: Any) -> TermFile:
    """Return loaded YAML as a list of terms. Raises ValueError whose text names the place and the reason."""
    try:
        return TermFile.model_validate(loaded)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
