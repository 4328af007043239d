"""A whole workspace taken away and brought in again: other tools open what is in it, and nothing hostile comes in."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
import yaml
from openapi_spec_validator import validate

from chains.endpoint.asking import Endpoint
from chains.workspace.artifact_files import SUFFIX
from chains.workspace.desk import WorkspaceDesk
from errors import BriefError
from formats.archive import pack, unpack
from records.artifacts import NewArtifact
from stages.catalog import catalog
from tests.doubles.life_cycle import Cycle, cycle, thing
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, ZH, criteria, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse


def desk_of(house: SmallHouse, endpoint: Endpoint | None = None) -> WorkspaceDesk:
    return WorkspaceDesk(house.flow(endpoint or ScriptedEndpoint()), house.knowledge)


@pytest.fixture
async def filled(house: SmallHouse) -> WorkspaceDesk:
    """A workspace with stories and their scenarios in both languages, and an example of every other stage."""
    for brief, language in ((EN, "en"), (ZH, "zh")):
        kept = (await house.answer(ScriptedEndpoint([stories(language)]), brief)).ready.artifact_id
        told = criteria("S1", "S2")
        await house.answer(ScriptedEndpoint([told]), "", "acceptance_criteria", upstream=[kept])
    workspace = await house.workspaces.open("default", ANA.id)
    for stage in catalog():
        if stage.name not in ("user_stories", "acceptance_criteria"):
            example = next(one for one in stage.examples.whole if one.language == "en")
            body = stage.stage.artifact.model_validate(example.artifact).model_dump()
            await house.workspaces.add_artifact(
                NewArtifact(workspace.id, stage.name, f"An example: {stage.name}", "en", body, "assistant"), owner=ANA.id
            )
    return desk_of(house)


async def exported(desk: WorkspaceDesk, workspace: str = "default") -> dict[str, bytes]:
    return unpack((await desk.export(workspace, ANA, "en")).content).files


async def test_the_same_workspace_gives_the_same_zip(filled: WorkspaceDesk) -> None:
    first, second = [await filled.export("default", ANA, "zh") for _ in range(2)]
    assert (first.name, first.mime) == ("default.zip", "application/zip")
    once, again = unpack(first.content).files, unpack(second.content).files
    assert [name for name in once if once[name] != again.get(name)] == []
    assert first.content == second.content


async def test_the_index_names_every_file_and_every_link_leads_to_one(filled: WorkspaceDesk) -> None:
    from urllib.parse import unquote

    files = await exported(filled)
    index = files["README.md"].decode()
    linked = {unquote(part.split(")")[0]) for part in index.split("](")[1:]}
    there = set(files) - {"README.md"}
    assert all(link in there or (link.endswith("/") and any(name.startswith(link) for name in there)) for link in linked)
    assert all(name in linked or any(link.endswith("/") and name.startswith(link) for link in linked) for name in there)
    for artifact in ("md", "feature", SUFFIX, "svg", "mmd", "yaml"):
        assert any(name.endswith(artifact) for name in files), artifact
    assert any("查看账户收入" in name for name in files)


async def test_behave_finds_every_step_of_every_feature(filled: WorkspaceDesk, tmp_path: Path) -> None:
    files = await exported(filled)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    folders = sorted(path.parent for path in tmp_path.rglob("steps") if path.is_dir())
    assert len(folders) == 2
    for folder in folders:
        ran = subprocess.run(
            [sys.executable, "-m", "behave", "--dry-run", "--no-summary", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


async def test_the_openapi_files_are_valid_and_the_same_in_yaml_and_json(filled: WorkspaceDesk) -> None:
    files = {name: text for name, text in (await exported(filled)).items() if name.startswith("4-") and SUFFIX not in name}
    told = [yaml.safe_load(text) for name, text in files.items() if name.endswith((".yaml", ".json"))]
    described = [one for one in told if isinstance(one, dict) and "openapi" in one]
    assert len(described) == 2
    assert described[0] == described[1]
    validate(described[0])


async def test_the_trace_opens_in_a_spreadsheet_reader_without_a_formula(house: SmallHouse, filled: WorkspaceDesk) -> None:
    told = stories()
    told["stories"][0]["want"] = "=HYPERLINK(1) income records"
    await house.answer(ScriptedEndpoint([told]), EN)
    book = openpyxl.load_workbook(io.BytesIO((await exported(filled))["trace.xlsx"]))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    # An empty text comes back as `inlineStr`; a formula would be "f".
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert any("HYPERLINK" in str(cell.value) for cell in cells)


async def test_drawings_hold_no_script(filled: WorkspaceDesk) -> None:
    drawings = [text for name, text in (await exported(filled)).items() if name.endswith(".svg")]
    assert drawings
    assert not any(b"<script" in text for text in drawings)


async def test_a_workspace_comes_back_with_its_versions_links_words_and_what_is_stale(house: SmallHouse) -> None:
    six = cycle(house, ScriptedEndpoint())
    made = await six.all_six()
    await six.changed(made["user_stories"], thing("S1", "another story"))
    await six.desk.approve(made["faq"].artifact.id, 1, ANA)
    taken = await six.desk.export("default", ANA, "en")
    report = await six.desk.import_file("again", "default.zip", taken.content, ANA, "en")
    assert (len(report.kept), report.refused) == (6, ())
    before, after = [await six.desk.overview(name, ANA, "en") for name in ("default", "again")]
    for old, new in zip(before.artifacts, after.artifacts, strict=True):
        assert old.artifact_id != new.artifact_id
        assert (old.stage, old.title, old.status, old.version, old.items, old.stale) == (
            new.stage,
            new.title,
            new.status,
            new.version,
            new.items,
            new.stale,
        )
    tables = [await six.desk.trace(name, ANA, "en") for name in ("default", "again")]
    told = [[[[item.item for item in cell] for cell in row.cells] for row in table.rows] for table in tables]
    assert told[0] == told[1]
    assert tables[1].stale == 8
    versions = await six.desk.versions(after.artifacts[0].artifact_id, ANA, "en")
    assert [one.reason_text for one in versions] == ["brought in from a file"] * 2


async def test_what_another_person_imports_is_theirs(house: SmallHouse, filled: WorkspaceDesk) -> None:
    taken = await filled.export("default", ANA, "en")
    report = await filled.import_file("theirs", "x.zip", taken.content, BEN, "en")
    assert len(report.kept) == 8
    with pytest.raises(BriefError, match="no workspace"):
        await filled.overview("theirs", ANA, "en")
    assert len((await filled.overview("theirs", BEN, "en")).artifacts) == 8


def altered(files: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    """Return an export with some values of its first artifact's file changed."""
    name = next(name for name in files if name.endswith(SUFFIX))
    return {**files, name: json.dumps({**json.loads(files[name]), **changes}).encode()}


@pytest.fixture
def six(house: SmallHouse) -> Cycle:
    return cycle(house, ScriptedEndpoint())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stage": "payroll"}, "no stage"),
        ({"status": "holy"}, "status"),
        ({"versions": []}, "versions"),
        ({"format": "other"}, "format"),
        ({"extra": 1}, "extra"),
    ],
)
async def test_an_altered_file_is_refused_with_the_reason_and_the_others_are_kept(
    six: Cycle, changes: dict[str, object], said: str
) -> None:
    await six.all_six()
    files = unpack((await six.desk.export("default", ANA, "en")).content).files
    report = await six.desk.import_file("again", "x.zip", pack(altered(files, **changes)), ANA, "en")
    assert len(report.kept) == 5
    (refused,) = report.refused
    assert said in refused.reason


async def test_a_body_that_does_not_fit_its_stage_is_refused_whole(six: Cycle) -> None:
    await six.all_six()
    files = unpack((await six.desk.export("default", ANA, "en")).content).files
    name = next(name for name in files if name.endswith(SUFFIX))
    told = json.loads(files[name])
    told["versions"][0]["body"]["things"][0]["text"] = "x" * 500
    report = await six.desk.import_file("again", "x.zip", pack({name: json.dumps(told).encode()}), ANA, "zh")
    assert report.kept == ()
    assert "第 1 版不符合其阶段的结构" in report.refused[0].reason


async def test_links_to_what_is_not_in_the_zip_are_left_out(six: Cycle) -> None:
    await six.all_six()
    files = unpack((await six.desk.export("default", ANA, "en")).content).files
    alone = {name: text for name, text in files.items() if name.startswith("6-")}
    report = await six.desk.import_file("again", "x.zip", pack(alone), ANA, "en")
    (kept,) = report.kept
    assert await six.house.workspaces.links(kept.artifact_id, owner=ANA.id) == ()


async def test_a_zip_of_other_files_brings_in_what_a_stage_reads_and_names_the_rest(house: SmallHouse) -> None:
    feature = b"Feature: Freeze\n\n  Scenario: A card is frozen\n    Given 1 card\n    When it is frozen\n    Then a payment of 10 EUR is refused\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a/freeze.feature", feature)
        archive.writestr("picture.png", b"\x89PNG\x00\x00")
        archive.writestr("../evil.feature", feature)
    report = await desk_of(house).import_file("default", "files.zip", buffer.getvalue(), ANA, "en")
    assert [(row.name, row.stage) for row in report.kept] == [("a/freeze.feature", "acceptance_criteria")]
    assert {row.name: row.reason.split(".")[0] for row in report.refused} == {
        "../evil.feature": "Its name leads out of the folder",
        "picture.png": "This is no text in UTF-8, UTF-16 or GB 18030",
    }


async def test_one_file_is_brought_in_or_refused_with_a_sentence(house: SmallHouse) -> None:
    desk = desk_of(house)
    feature = "# language: zh-CN\n功能: 冻结\n\n  场景: 冻结借记卡\n    假如有 1 张卡\n    当冻结该卡\n    那么拒付 10 元\n"
    report = await desk.import_file("default", "冻结.feature", feature.encode("gb18030"), ANA, "zh")
    assert report.kept[0].stage == "acceptance_criteria"
    for name, content, said in (
        ("x.zip", b"PK\x03\x04 broken", "cannot be read"),
        (f"x{SUFFIX}", b"{}", "no file of an artifact"),
        ("x.png", b"\x89PNG\x00", "no text"),
    ):
        with pytest.raises(BriefError, match=said):
            await desk.import_file("default", name, content, ANA, "en")
