import json
import tomllib
from pathlib import Path

from channels.web.page_files import SHIPPED, prepare, without_foreign_links


def test_the_page_that_is_served_names_no_other_host(tmp_path: Path) -> None:
    root = prepare(tmp_path)
    page = (root / "build" / "index.html").read_text("utf-8")
    assert "https://" not in page
    assert '<script type="module"' in page
    assert any((root / "build" / "assets").glob("index-*.js"))


def test_a_link_that_spans_lines_is_removed_and_ours_stay() -> None:
    page = '<link\n  href="https://fonts.test/a"\n  rel="stylesheet"\n/><link rel="stylesheet" href="/assets/a.css">'
    assert without_foreign_links(page) == '<link rel="stylesheet" href="/assets/a.css">'


def test_allowed_origins_reach_chainlits_configuration(tmp_path: Path) -> None:
    config = tomllib.loads((prepare(tmp_path, ["https://portal.test"]) / ".chainlit" / "config.toml").read_text("utf-8"))
    assert config["project"]["allow_origins"] == ["https://portal.test"]
    assert config["features"]["unsafe_allow_html"] is False
    assert config["features"]["mcp"]["enabled"] is False


def test_what_an_earlier_run_left_is_gone_and_the_folder_is_private(tmp_path: Path) -> None:
    left = prepare(tmp_path) / ".files" / "session" / "upload.html"
    left.parent.mkdir(parents=True)
    left.write_text("x")
    root = prepare(tmp_path)
    assert not left.exists()
    assert root.stat().st_mode & 0o777 == 0o700


def test_both_translations_have_the_same_texts() -> None:
    def keys(tree: object, above: str = "") -> set[str]:
        return (
            {key for name, below in tree.items() for key in keys(below, f"{above}.{name}")} if isinstance(tree, dict) else {above}
        )

    english, chinese = (
        json.loads((SHIPPED / f".chainlit/translations/{name}.json").read_text("utf-8")) for name in ("en-US", "zh-CN")
    )
    assert keys(english) == keys(chinese)
