"""RFC 9457 problem details: the body that every error of an API answers with, as one shared schema."""

from dataclasses import replace
from typing import Final

from formats.api.model import Api, Field, Operation, Response

PROBLEM: Final = "Problem"
PROBLEM_MEDIA: Final = "application/problem+json"
PROBLEM_FIELDS: Final = (
    Field("type", format="uri-reference", description="A URI reference that names the kind of problem."),
    Field("title", description="A short summary of the kind of problem."),
    Field("status", type="integer", format="int32", description="The HTTP status code."),
    Field("detail", description="What happened this time."),
    Field("instance", format="uri-reference", description="A URI reference that names this occurrence."),
)


def problem(status: str, description: str = "") -> Response:
    """Return an error response that carries problem details."""
    return Response(status, description, PROBLEM_MEDIA, PROBLEM_FIELDS, PROBLEM)


def with_problems(api: Api) -> Api:
    """Return the API with problem details in every error response that carries nothing."""
    return replace(api, operations=tuple(_with_problems(each) for each in api.operations))


def _with_problems(operation: Operation) -> Operation:
    told = tuple(
        replace(each, media=PROBLEM_MEDIA, fields=PROBLEM_FIELDS, name=PROBLEM) if each.is_error and not each.media else each
        for each in operation.responses
    )
    return replace(operation, responses=told)
