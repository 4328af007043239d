"""JSON and YAML are read within limits; aliases count as what they stand for, keys that stand twice are told."""

import pytest

from formats.plain_data import MOST_NODES, Unsound, safe_json, safe_yaml


def test_aliases_are_refused_unless_they_are_asked_for() -> None:
    text = "a: &x {b: 1, c: no}\nd: *x\ne:\n  <<: *x\n  b: 3\n"
    with pytest.raises(Unsound, match="anchors or aliases"):
        safe_yaml(text)
    taken = {"b": 1, "c": "no"}
    assert safe_yaml(text, aliases=True) == {"a": taken, "d": taken, "e": {"b": 3, "c": "no"}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [*a]\n", f"{MOST_NODES:,} values"),
        ("x0: &x0 [1]\n" + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 9)), "values"),
        ("x0: &x0 [1]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}]\n" for n in range(1, 80)), "deeper than 64"),
        ("a: *nowhere\n", "values"),
    ],
)
def test_aliases_without_end_are_refused(text: str, words: str) -> None:
    with pytest.raises(Unsound, match=words):
        safe_yaml(text, aliases=True)


def test_a_key_that_stands_twice_is_refused_or_told() -> None:
    told: list[str] = []
    for read, text in ((safe_json, '{"a": 1, "a": 2}'), (safe_yaml, "a: 1\na: 2\n")):
        with pytest.raises(Unsound, match="'a' stands twice"):
            read(text)
        assert read(text, twice=told.append) == {"a": 2}
    assert told == ["a", "a"]
