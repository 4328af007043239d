"""Django projects made from APIs: they pass Django's own checks, serve every operation, and hold text as text."""

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from formats.api.model import Api, Body, Field, Operation, Parameter, Response
from formats.skeletons.django import django_project
from formats.skeletons.python_names import is_plain

HOSTILE = '"""\nimport os; os.system("touch pwned")\n\'\'\' {% raw %} {{ 7*7 }} \\'
CARD = (
    Field("id", required=True),
    Field("limit", "object"),
    Field("limit.value", "string", "decimal"),
    Field("class"),
    Field("状态"),
)
CARDS = Api(
    "卡片接口",
    operations=(
        Operation(
            "GET",
            "/v1/cards",
            summary="list cards",
            responses=(
                Response("200", fields=(Field("items", "array"), Field("items[].id"), Field("items[].opened", format="date"))),
            ),
        ),
        Operation("POST", "/v1/cards", request=Body(fields=CARD), responses=(Response("201", fields=CARD), Response("422"))),
        Operation(
            "GET",
            "/v1/cards/{cardId}",
            parameters=(Parameter("cardId", "path", required=True),),
            responses=(Response("200", fields=CARD),),
        ),
        Operation("GET", "/v1/cards/active", responses=(Response("200", fields=CARD),)),
        Operation("POST", "/v1/cards/{cardId}/freezes", request=Body(fields=(Field("reason", enum=("LOST", "STOLEN")),))),
        Operation("DELETE", "/v1/cards/{cardId}/freezes/{freezeId}"),
        Operation("PATCH", "/v1/cards/{cardId}"),
    ),
)
ODD = Api(
    HOSTILE,
    operations=(
        Operation("GET", "/", summary=HOSTILE, description=HOSTILE),
        Operation(
            "PUT",
            "/import/{class}/{1st}/{}",
            request=Body(
                fields=(
                    Field('"odd name"', description=HOSTILE),
                    Field("fields"),
                    Field("class", enum=(HOSTILE, 1, None)),
                    Field("__x", "array"),
                    Field("a*", "any"),
                )
            ),
        ),
        Operation(
            "GET",
            "/卡片/{卡号}.{ext}",
            responses=(
                Response(
                    "200",
                    fields=(
                        Field("pk"),
                        Field("save"),
                        Field("objects"),
                        Field("a__b"),
                        Field("end_"),
                        Field("End"),
                        Field("卡"),
                        Field("卷", "integer/null"),
                    ),
                ),
            ),
        ),
        Operation("TRACE", "/a(b)/+$?x={y}", tags=(HOSTILE,)),
        Operation("HEAD", "/lambda/{id}/{id}"),
        Operation("GET", "/a/{id}"),
        Operation("POST", "/a/{name}", request=Body(fields=(Field("", "array"), Field("[]", "string")))),
        Operation(
            "POST",
            '/x"); import os; ("{y}',
            request=Body(fields=(Field("tree", "object"), Field("tree.*", "string"), Field("tree2[].leaf[].x", "number"))),
        ),
    ),
)


def unpacked(api: Api, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(django_project(api))) as archive:
        archive.extractall(folder)
    return folder


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"DJANGO_SECRET_KEY": "for-the-test", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


SERVED = """
import json, sys
import django; django.setup()
from django.urls import resolve
for method, path in json.load(open("asked.json")):
    found = resolve(path)
    assert hasattr(found.func.view_class, method.lower()), (method, path)
from django.test.client import RequestFactory
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView
from api import serializers, views
for one in vars(serializers).values():
    if isinstance(one, type) and issubclass(one, serializers.serializers.Serializer) and one is not serializers.serializers.Serializer:
        one().fields
print("served")
"""


@pytest.mark.parametrize("api", [CARDS, ODD, Api(operations=())], ids=["cards", "odd", "empty"])
def test_a_project_passes_djangos_checks_and_needs_no_further_migration(api: Api, tmp_path: Path) -> None:
    folder = unpacked(api, tmp_path)
    checked = manage(folder, "check", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    migrated = manage(folder, "makemigrations", "--check", "--dry-run")
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    assert not (folder / "pwned").exists()


@pytest.mark.parametrize("api", [CARDS, ODD], ids=["cards", "odd"])
def test_every_operation_is_served_by_a_view_with_its_method(api: Api, tmp_path: Path) -> None:
    import re

    folder = unpacked(api, tmp_path)
    asked = [(one.method, re.sub(r"\{[^{}]*\}", "x1", one.path.split("?")[0])) for one in api.operations]
    (folder / "asked.json").write_text(json.dumps(asked))
    told = manage(folder, "shell", "-c", SERVED)
    assert "served" in told.stdout, told.stdout + told.stderr


def test_a_plain_path_is_found_before_one_with_a_parameter(tmp_path: Path) -> None:
    urls = (unpacked(CARDS, tmp_path) / "api/urls.py").read_text()
    assert urls.index("cards/active") < urls.index("<card_id>")


def test_text_of_the_api_stands_in_literals_alone(tmp_path: Path) -> None:
    folder = unpacked(ODD, tmp_path)
    for file in folder.rglob("*.py"):
        tree = ast.parse(file.read_text())
        assert not any(isinstance(node, ast.Attribute) and node.attr == "system" for node in ast.walk(tree)), file
    assert (folder / "api/views.py").read_text().isascii()


def test_a_resource_becomes_one_model_with_the_fields_that_its_answers_show(tmp_path: Path) -> None:
    models = (unpacked(CARDS, tmp_path) / "api/models.py").read_text()
    assert "class Card(models.Model):" in models
    assert "opened = models.DateField(null=True, blank=True)" in models
    assert "limit = models.JSONField" in models


def test_a_nested_object_becomes_a_serializer_of_its_own(tmp_path: Path) -> None:
    told = (unpacked(CARDS, tmp_path) / "api/serializers.py").read_text()
    assert "value = serializers.DecimalField(max_digits=20, decimal_places=4, required=False)" in told
    assert "limit = PostV1CardsRequestLimit(required=False)" in told
    assert "fields['class'] = serializers.CharField(required=False)" in told


def test_a_project_is_the_same_each_time(tmp_path: Path) -> None:
    one = {file.name: file.read_bytes() for file in unpacked(CARDS, tmp_path / "one").rglob("*.py")}
    other = {file.name: file.read_bytes() for file in unpacked(CARDS, tmp_path / "other").rglob("*.py")}
    assert one == other


def test_no_name_of_the_framework_is_taken_for_a_field(tmp_path: Path) -> None:
    folder = unpacked(CARDS, tmp_path)
    listed = manage(folder, "shell", "-c", "from rest_framework import serializers; print('names', *dir(serializers.Serializer))")
    names = next(line for line in listed.stdout.splitlines() if line.startswith("names ")).split()[1:]
    assert "validate" in names
    assert [name for name in names if not name.startswith("_") and is_plain(name)] == []
