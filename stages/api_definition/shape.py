"""What an API definition looks like: operations with parameters, bodies and responses, and the stories and classes that each rests on."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from formats.api.model import JSON, Place, Scalar
from stages.declaration import Artifact, Item, Shape

Beyond = dict[str, Any]
Question = Annotated[str, Field(min_length=2, max_length=240)]


class BodyField(Shape):
    """One place of a body (`amount.value`, `items[].id`)."""

    path: str = Field(description="place in the body: amount, amount.value, items[].id")
    type: str = "string"
    format: str = ""
    required: bool = False
    enum: list[Scalar] = Field(default_factory=list)
    description: str = ""
    name: str = ""
    beyond: Beyond = Field(default_factory=dict)


class Parameter(Shape):
    """A value in the path, the query or a header."""

    name: str = Field(min_length=1)
    place: Place
    type: str = "string"
    format: str = ""
    required: bool = False
    enum: list[Scalar] = Field(default_factory=list)
    description: str = ""
    beyond: Beyond = Field(default_factory=dict)


class Body(Shape):
    """What a request carries."""

    media: str = JSON
    fields: list[BodyField] = Field(default_factory=list)
    name: str = ""
    required: bool = False
    description: str = ""
    beyond: Beyond = Field(default_factory=dict)


class Response(Shape):
    """What comes back under a status; an error without fields is a problem by RFC 9457, whose members are added when it is written."""

    status: str = Field(min_length=1, description="201, 404, ...")
    description: str = ""
    media: str = ""
    fields: list[BodyField] = Field(default_factory=list)
    name: str = ""
    beyond: Beyond = Field(default_factory=dict)


class Operation(Item):
    """One method on one path; `beyond` is what an imported file said that we have no place for, and is never asked of a model."""

    id: str = Field(pattern=r"^O\d{1,4}$", description="O1, O2, ...")
    method: str = Field(pattern=r"^[A-Z][A-Z-]*$", description="GET, POST, PUT, PATCH, DELETE")
    path: str = Field(min_length=1, description="/v1/plural-nouns/{pluralNounId}")
    name: str = ""
    summary: str = Field(description="what it does, in a few words")
    description: str = ""
    parameters: list[Parameter] = Field(default_factory=list)
    request: Body | None = None
    responses: list[Response] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    stories: list[str] = Field(default_factory=list, description="ids of the stories that it serves")
    classes: list[str] = Field(default_factory=list, description="ids of the classes that it shows or changes")
    sources: list[str] = Field(default_factory=list, description="keys of the passages that it rests on")
    beyond: Beyond = Field(default_factory=dict)

    def rests_on(self) -> tuple[str, ...]:
        """Return the stories and classes that the operation is made of."""
        return tuple(dict.fromkeys((*self.stories, *self.classes)))

    def texts(self) -> dict[str, str]:
        """Return what a person reads: the summary and the description."""
        return {"summary": self.summary, "description": self.description}

    def with_texts(self, texts: Mapping[str, str]) -> "Operation":
        """Return a copy with these texts."""
        return self.model_copy(update=dict(texts))


class ApiDefinition(Artifact):
    """The operations of one API; `beyond` holds what belongs to the whole of it (servers, security schemes, components).

    `by_standard` says that it was made here: what the API standard lays down for every operation (the members of a problem, the
    security scheme, the Location of what was created) is added when it is written as OpenAPI. An imported file comes back as it was.
    """

    ITEMS: ClassVar[str] = "operations"

    title: str = "API"
    version: str = "1.0.0"
    description: str = ""
    operations: list[Operation] = Field(min_length=1, max_length=2000)
    questions: list[Question] = Field(
        default_factory=list, max_length=5, description="what is left open and somebody must decide"
    )
    beyond: Beyond = Field(default_factory=dict)
    by_standard: bool = False

    def items(self) -> Sequence[Operation]:
        """Return the operations in reading order."""
        return self.operations

    def with_items(self, items: Sequence[Any]) -> "ApiDefinition":
        """Return a copy that holds these operations."""
        return self.model_copy(update={"operations": list(items)})
