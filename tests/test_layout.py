"""The house keeps its own rules: contracts over every package, documents that follow the code, nothing of one machine."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import settings
from deploy.documents import documents

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OUTSIDE_CONTRACTS = {"tests", "benchmarks", "deploy"}
TEXT_SUFFIXES = {
    ".py", ".md", ".toml", ".yaml", ".yml", ".json", ".js", ".jsx", ".css", ".svg", ".html", ".lock", ".ini", ".mako", ".example", ""
}  # fmt: skip
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def project_files() -> Iterator[Path]:
    """Yield every file that belongs to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            yield ROOT / name


def text_files() -> Iterator[tuple[str, str]]:
    """Yield the project's text files as path and text."""
    for path in project_files():
        if path.suffix in TEXT_SUFFIXES:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def pages() -> Iterator[Path]:
    """Yield the documents that people read."""
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))


def code_blocks(text: str) -> list[str]:
    """Return the commands of a document's code blocks, without comments, which are translated."""
    lines = [line for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [re.sub(r"\s+#.*", "", line).strip() for line in lines if not line.lstrip().startswith("#")]


def test_every_package_is_under_the_import_contracts() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - OUTSIDE_CONTRACTS
    assert packages == set(PROJECT["tool"]["importlinter"]["root_packages"])


def test_every_package_and_module_of_the_root_is_shipped() -> None:
    shipped = PROJECT["tool"]["setuptools"]
    assert {name.removesuffix("*") for name in shipped["packages"]["find"]["include"]} == set(
        PROJECT["tool"]["importlinter"]["root_packages"]
    )
    assert set(shipped["py-modules"]) == {path.stem for path in ROOT.glob("*.py")}


@pytest.mark.parametrize("name", sorted(documents()))
def test_a_generated_document_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == documents()[name], "run `python -m deploy.documents`, or `make fix`"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    for name, pattern in ((".env.example", r"^#(STAGECRAFT_\w+)="), ("docs/settings.md", r"^\| `(STAGECRAFT_\w+)`")):
        written = re.findall(pattern, (ROOT / name).read_text("utf-8"), re.MULTILINE)
        assert written == list(settings.names())


def test_documents_name_no_setting_that_there_is_not() -> None:
    known = {*settings.names(), "STAGECRAFT_TEST_DATA", "STAGECRAFT_TEST_POSTGRES"}
    for page in pages():
        written = set(re.findall(r"STAGECRAFT_\w*[A-Z]", page.read_text("utf-8")))
        assert written <= known, page.name


def test_both_readmes_say_the_same() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    headings = [re.findall(r"^(#+) ", text, re.MULTILINE) for text in (english, chinese)]
    assert headings[0] == headings[1]
    commands = [[line for line in code_blocks(text) if "ask " not in line] for text in (english, chinese)]
    assert commands[0] == commands[1]
    links = [
        sorted(link.replace("-zh.png", ".png") for link in LINK.findall(text) if not link.startswith("README"))
        for text in (english, chinese)
    ]
    assert links[0] == links[1]
    assert "(README.zh-CN.md)" in english
    assert "(README.md)" in chinese


def test_every_link_inside_the_documents_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages()
        for link in LINK.findall(page.read_text("utf-8"))
        if "://" not in link and not link.startswith("#") and not (page.parent / link.split("#")[0]).exists()
    ]
    assert dead == []


def test_commands_of_make_in_the_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in pages():
        text = page.read_text("utf-8")
        written = set(re.findall(r"`make ([a-z-]+)", text))
        written |= {match.group(1) for line in code_blocks(text) if (match := re.match(r"make ([a-z-]+)", line))}
        assert written <= targets, page.name


def test_every_target_of_make_that_a_person_calls_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    silent = set(re.findall(r"^([a-z-]+):(?!.*##)", makefile, re.MULTILINE))
    assert silent == {"install", "install-test"}


def test_the_changelog_keeps_its_form() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert changelog.startswith("# Changelog\n")
    assert "https://keepachangelog.com/" in changelog
    versions = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert versions[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", version) for version in versions[1:])
    sections = set(re.findall(r"^### (.+)$", changelog, re.MULTILINE))
    assert sections <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_every_direct_dependency_stands_among_the_licences() -> None:
    licences = (ROOT / "docs/licences.md").read_text("utf-8").lower()
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["local-models"]]
    names = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0].lower() for line in wanted]
    assert [name for name in names if f"| `{name}` |" not in licences] == []


def test_nothing_speaks_of_one_developers_machine() -> None:
    # Written in parts, so that this file does not find itself.
    places = re.compile(r"/(?:wor" + r"k|roo" + r"t|home/\w+|Users/\w+)/")
    found = [f"{name}: {match.group()}" for name, text in text_files() for match in places.finditer(text)]
    assert found == []


def test_nothing_speaks_of_how_it_was_written() -> None:
    # An issue's number says nothing to who has only the files; hex colours and Markdown anchors look alike and are none.
    tickets = re.compile(r"\b(?:issue|ticket|task)s? #?\d+\b", re.IGNORECASE)
    found = [f"{name}: {match.group()}" for name, text in text_files() for match in tickets.finditer(text)]
    assert found == []


def test_what_is_made_at_run_time_is_ignored_by_git() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {".venv/", ".data/", ".env"} <= set(ignored)


def test_no_stage_knows_another_stage() -> None:
    """Checked here by folder, so that a new stage touches nothing but its own folder."""
    graph = grimp.build_graph("stages", cache_dir=None)
    folders = [name for name in graph.find_children("stages") if graph.find_children(name)]
    assert len(folders) >= 2
    crossed = [
        (importer, imported)
        for folder in folders
        for importer in {folder} | graph.find_descendants(folder)
        for imported in graph.find_modules_directly_imported_by(importer)
        for other in folders
        if other != folder and (imported == other or imported.startswith(f"{other}."))
    ]
    assert crossed == []
