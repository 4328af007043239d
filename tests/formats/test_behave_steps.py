"""Step skeletons on which behave itself finds every step, whatever stands in the texts."""

import subprocess
import sys
from pathlib import Path

import pytest

from errors import Language
from formats.behave_steps import render_steps
from formats.gherkin import Feature, Scenario, Step, render_feature

REGEX = "costs $5.00 (net) [x] {y} ^z a+b? *c\\d | e"
PLAIN: dict[Language, tuple[str, ...]] = {
    "en": (
        "the customer has a card",
        "the customer has a card limit",
        "costs 5",
        "costs 5$",
        REGEX,
        "she says \"yes\" and 'no'",
        '"""',
        "| a | row |",
        "Given a Given",
        "a <b> that is no column",
        "spaces   and\nline breaks",
        "emoji 😀 \u200b zero width",
        "ends with a backslash \\",
        "# no comment @tag",
        "is 50% of {0} or %s",
        "a.b",
        "a\\.b",
    ),
    "zh": (
        "当前余额为 0",
        "当前余额为 0 元",
        "假如明天下雨",
        "余额不足",
        "余额不足时",
        "“引号”和'单引号'",
        "金额为 <没有这一列>",
        "（括号）[方括号]｜竖线",
        "那么多",
        "并且",
    ),
}
OUTLINE: dict[Language, tuple[str, ...]] = {
    "en": (
        "the <amount> is paid",
        "<amount>",
        "<amount> of <name>",
        "the card of <name>",
        "the card of Ana",
        "<name> pays <amount>$",
        "<name>.<amount>",
        "<name>? (<amount>*)",
    ),
    "zh": ("客户有<amount>元", "<name>有<amount>", "<amount>", "客户<name>", "客户小安", "余额<amount>元的账户"),
}
KINDS = ("given", "when", "then")
VALUES = (("5", "Ana"), ("a|b", "\\"), ("", "(x)"), ("那么", "当 | 前"), ("<name>", "^"))


def feature(language: Language, name: str, scenarios: tuple[Scenario, ...]) -> Feature:
    return Feature(language, name, "Rule: a description\n# that looks like more", scenarios, (name,))


def dry_run(folder: Path, *features: Feature) -> subprocess.CompletedProcess[str]:
    (folder / "features" / "steps").mkdir(parents=True)
    for number, one in enumerate(features):
        (folder / "features" / f"{number}.feature").write_text(render_feature(one), "utf-8")
    (folder / "features" / "steps" / "steps.py").write_text(render_steps(features), "utf-8")
    command = [sys.executable, "-m", "behave", "--dry-run", "--no-color", "-f", "plain"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_behave_finds_every_step_of_plain_scenarios_and_outlines(language: Language, tmp_path: Path) -> None:
    plain = tuple(
        Scenario(f"Plain {number}: {text}", tuple(Step(kind, text) for kind in KINDS), ("positive",))  # type: ignore[arg-type]
        for number, text in enumerate(PLAIN[language])
    )
    outline = tuple(
        Scenario(f"Outline {number}", tuple(Step(kind, text) for kind in KINDS), (), ("amount", "name"), VALUES)  # type: ignore[arg-type]
        for number, text in enumerate(OUTLINE[language])
    )
    done = dry_run(tmp_path, feature(language, "S1", plain), feature(language, "S2", outline))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "undefined" not in done.stdout.replace("0 undefined", "")


def test_a_step_without_a_function_makes_behave_fail(tmp_path: Path) -> None:
    one = feature("en", "S1", (Scenario("N", (Step("given", "known"), Step("when", "b"), Step("then", "c"))),))
    dry_run(tmp_path, one)
    text = render_feature(one).replace("known", "unknown")
    (tmp_path / "features" / "0.feature").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "behave", "--dry-run"], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1


def test_columns_and_steps_are_compared_as_the_file_tells_them(tmp_path: Path) -> None:
    steps = (Step("given", "pays <the  sum>"), Step("when", "b\n<the  sum>"), Step("then", "c"))
    done = dry_run(tmp_path, feature("en", "S1", (Scenario("N", steps, (), ("the  sum",), (("1",),)),)))
    assert done.returncode == 0, done.stdout + done.stderr


def test_equal_texts_of_one_kind_get_one_function_and_of_two_kinds_two() -> None:
    scenario = Scenario("N", (Step("given", "a"), Step("given", "a"), Step("when", "a"), Step("then", "b")))
    assert render_steps([feature("en", "S1", (scenario, scenario))]).count("def step_") == 3


def test_a_pattern_with_placeholders_comes_after_the_step_that_it_would_swallow() -> None:
    told = render_steps(
        [
            feature("en", "S1", (Scenario("N", (Step("given", "pays <x>"), Step("when", "<x>")), (), ("x",), (("1",),)),)),
            feature("en", "S2", (Scenario("M", (Step("given", "pays 5"), Step("given", "pays <x> to Ana"))),)),
        ]
    )
    assert told.index("pays 5") < told.index("(.*?)")


def test_skeletons_of_no_feature_are_a_sound_module() -> None:
    compile(render_steps([]), "steps.py", "exec")
