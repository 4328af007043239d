"""A Django project from an API: models, serializers, URLs and views that pass Django's own checks; the views are to be written."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from formats.api.model import Api, Operation
from formats.skeletons.django_models import read_models
from formats.skeletons.django_serializers import Serializers
from formats.skeletons.python_names import class_name, identifier, literal

# Each file of the project and the template that it is made of.
FILES: Mapping[str, str] = {
    "manage.py": "django_manage.jinja",
    "requirements.txt": "django_requirements.jinja",
    "README.md": "django_readme.jinja",
    "project/__init__.py": "django_package.jinja",
    "project/settings.py": "django_settings.jinja",
    "project/urls.py": "django_project_urls.jinja",
    "project/wsgi.py": "django_wsgi.jinja",
    "api/__init__.py": "django_package.jinja",
    "api/apps.py": "django_apps.jinja",
    "api/models.py": "django_models.jinja",
    "api/serializers.py": "django_serializers.jinja",
    "api/urls.py": "django_urls.jinja",
    "api/views.py": "django_views.jinja",
    "api/migrations/__init__.py": "django_package.jinja",
    "api/migrations/0001_initial.py": "django_migration.jinja",
}
_PARAMETER = re.compile(r"\{([^{}]*)\}")


def django_project(api: Api) -> bytes:
    """Return the project as a zip: `manage.py check` passes, and every operation has its URL and its view."""
    serializers = Serializers()
    context = {
        "title": " ".join(api.title.split())[:200],
        "models": read_models(api),
        "views": list(_views(api, serializers)),
        "serializers": serializers.classes,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, template in FILES.items():
            archive.writestr(name, _template(template).render(context))
    return buffer.getvalue()


@cache
def _template(name: str) -> Template:
    # What is written is Python, never HTML; text of the API goes through `literal`.
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["literal"] = literal
    return environment.from_string(files("formats.skeletons").joinpath(name).read_text("utf-8"))


def _views(api: Api, serializers: Serializers) -> Iterator[dict[str, Any]]:
    """Yield a view for each path, the plain paths before those whose parameters would match them too."""
    paths: dict[str, list[Operation]] = {}
    for operation in api.operations:
        paths.setdefault(_PARAMETER.sub("{}", _bare(operation.path)), []).append(operation)
    taken: list[str] = []
    for shape in sorted(paths, key=lambda shape: [part.count("{}") for part in shape.split("/")]):
        operations = paths[shape]
        words = [word for word in re.split(r"[/{}]+", operations[0].path) if word and not re.fullmatch(r"v\d+", word)]
        name = class_name(f"{' '.join(words)} View", taken, "View")
        taken.append(name)
        methods: dict[str, dict[str, Any]] = {}
        for operation in operations:
            methods.setdefault(operation.method.lower(), _method(operation, serializers))
        yield {
            "name": name,
            "route": _route(operations[0].path),
            "url_name": identifier(name),
            "methods": methods,
            "path": operations[0].path,
        }


def _bare(path: str) -> str:
    """Return a path without what is no part of it for a router."""
    return re.split(r"[?#]", path, maxsplit=1)[0]


def _route(path: str) -> str:
    """Return the regular expression of a path, its parameters as named groups."""
    taken: list[str] = []
    route = "^"
    for place, part in enumerate(re.split(_PARAMETER, _bare(path).removeprefix("/"))):
        if place % 2:
            taken.append(identifier(part, taken))
            route += f"(?P<{taken[-1]}>[^/]+)"
        else:
            route += re.escape(part)
    return route + r"\Z"


def _method(operation: Operation, serializers: Serializers) -> dict[str, Any]:
    """Return what a view says of one operation."""
    lead = f"{operation.method.title()} {re.sub(r'[/{}]+', ' ', operation.path)}"
    success = next((one for one in operation.responses if not one.is_error), None)
    return {
        "told": "\n\n".join(text for text in (operation.summary, operation.description) if text)
        or f"{operation.method} {operation.path}",
        "request": serializers.of(f"{lead} Request", operation.request.fields) if operation.request else "",
        "response": serializers.of(f"{lead} Response", success.fields) if success and success.fields else "",
        "status": success.status if success else "",
        "query": [(one.name, one.required) for one in operation.parameters if one.place == "query"],
    }
