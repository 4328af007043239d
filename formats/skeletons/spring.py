"""A Spring Boot project from an OpenAPI document, by openapi-generator: offered where Java and the generator are there."""

import importlib.util
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from errors import BriefError

GENERATOR = "openapi_generator_cli"
SECONDS = 120
_PROPERTIES = "useSpringBoot3=true,hideGenerationTimestamp=true,openApiNullable=false,useTags=false"
_PROSE = frozenset({"summary", "description", "title"})
# What ends a comment or a text of Java, or begins an escape in one.
_UNSAFE = re.compile(r"[^\S ]+|[\x00-\x1f\x7f\\\"`${}<>@]+|\*+/+|/+\*+")


def spring_is_there() -> bool:
    """Tell whether Java and the generator are on this machine."""
    return shutil.which("java") is not None and importlib.util.find_spec(GENERATOR) is not None


def spring_project(document: Mapping[str, Any]) -> bytes:
    """Return the project as a zip: controllers and DTOs of an OpenAPI document.

    Nothing is fetched: references that leave the document are taken out. Raises BriefError where the generator refuses it.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "openapi.json").write_text(json.dumps(safe_document(dict(document))), "utf-8")
        _generate(work)
        return _packed(work / "project")


def safe_document(value: Any, *, prose: bool = False) -> Any:
    """Return a document that the generator may read: without extensions, by which text becomes code, and without references to
    other files; prose holds nothing that ends a comment."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str) and not value["$ref"].startswith("#/"):
            return {}
        named = _holds_names(value)
        return {
            key: safe_document(each, prose=key in _PROSE and isinstance(each, str) and not named)
            for key, each in value.items()
            if not str(key).startswith("x-")
        }
    if isinstance(value, list):
        return [safe_document(each) for each in value]
    return " ".join(_UNSAFE.sub(" ", value).split()) if prose and isinstance(value, str) else value


def _holds_names(value: Mapping[str, Any]) -> bool:
    """Tell whether the keys are names of a person's own (properties), none of OpenAPI's words."""
    return bool(value) and all(isinstance(each, dict) for each in value.values())


def _generate(work: Path) -> None:
    """Run the generator. Raises BriefError where it fails or takes too long."""
    java, jar = shutil.which("java"), _jar()
    if java is None or jar is None:
        raise BriefError(
            "Spring skeletons need Java and openapi-generator on this machine.",
            "生成 Spring 骨架需要本机装有 Java 与 openapi-generator。",
        )
    command = [
        java,
        "-Xmx512m",
        f"-Duser.home={work}",
        "-jar",
        str(jar),
        "generate",
        "-g",
        "spring",
        "-i",
        "openapi.json",
        "-o",
        "project",
    ]
    command += ["--additional-properties", _PROPERTIES]
    try:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - our own command
    except subprocess.TimeoutExpired as error:
        raise BriefError(
            f"The Spring generator took longer than {SECONDS} seconds: export OpenAPI and generate it aside.",
            f"Spring 生成器超过 {SECONDS} 秒未完成：请导出 OpenAPI 后另行生成。",
        ) from error
    if done.returncode != 0:
        raise BriefError(
            "The Spring generator refused this API: mend what its findings say, or export OpenAPI instead.",
            "Spring 生成器拒绝了该 API：请先修正所列问题，或改为导出 OpenAPI。",
            detail=(done.stderr or done.stdout)[-2000:],
        )


def _jar() -> Path | None:
    """Return where the generator lies."""
    found = importlib.util.find_spec(GENERATOR)
    return Path(found.origin).with_name("openapi-generator.jar") if found and found.origin else None


def _packed(project: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(project.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(project))
    return buffer.getvalue()
