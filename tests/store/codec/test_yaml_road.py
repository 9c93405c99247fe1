"""The YAML road: every trap ends as plain text or as a finding."""

from typing import cast

import pytest
import yaml

from tk.store.codec import yaml_road
from tk.store.codec.node import Field, Node, Trouble, place_of, plain_of

LOADERS = ["CBaseLoader", "BaseLoader"]


@pytest.fixture(params=LOADERS, autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each claim holds with libyaml and without."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(yaml_road, "_LOADER", getattr(yaml, request.param))


def node(text: str) -> Node:
    found = yaml_road.compose(text)
    assert isinstance(found, Node), found
    return found


def trouble(text: str) -> Trouble:
    found = yaml_road.compose(text)
    assert isinstance(found, Trouble), found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "Yes",
        "y",
        "0123",
        "08",
        "0o17",
        "1e3",
        "12:30",
        "1_000",
        "2026-08-12",
        "2026-13-45",
        "2026-08-12T10:00:00Z",
        "cafe\u0301",
        "😀",
        ".inf",
        "0x1f",
        "a#b",
        "=",
        "1.0",
    ],
)
def test_what_yaml_takes_for_a_value_of_its_own_stays_text(text: str) -> None:
    assert plain_of(node(f"a: {text}\n")) == {"a": text}


@pytest.mark.parametrize("text", ["null", "~", "", "Null", "NULL", "# nothing"])
def test_no_value_is_left_out(text: str) -> None:
    assert plain_of(node(f"a: {text}\nb:\n- x\n- {text}\nc: 'null'\n")) == {"b": ("x",), "c": "null"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        ('"\\u00e9\\n"', "é\n"),
        (">-\n  two\n  lines", "two lines"),
        ("|\n  two\n  lines", "two\nlines\n"),
        ("[a, 'b, c',\n d]", ("a", "b, c", "d")),
        ("{k: v,\n  l: [m]}", {"k": "v", "l": ("m",)}),
        ("\n- k: v\n  l: m\n- n: o", ({"k": "v", "l": "m"}, {"n": "o"})),
    ],
)
def test_what_people_write_is_read(text: str, value: object) -> None:
    assert plain_of(node(f"a: {text}\n")) == {"a": value}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: &x [1]\n", "yaml-feature", 2, 4),
        ("a: b\nc: *x\n", "yaml-feature", 3, 4),
        ("a: !!python/object/apply:os.system [id]\n", "yaml-feature", 2, 4),
        ("a: !foo x\n", "yaml-feature", 2, 4),
        ("<<: {a: b}\n", "yaml-feature", 2, 1),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 4, 1),
        ("a:\n  b: 1\n  b: 2\n", "duplicate-key", 4, 3),
        ("a: b\x00\n", "yaml", 2, 5),
        ("b: 1\na: x\u2028y\n", "yaml", 3, 5),
        ("a: x\x7f\n", "yaml", 2, 5),
        ("a: x\x85\n", "yaml", 2, 5),
        ("a: x\ry\n", "yaml", 2, 5),
        ("a: [b\n", "yaml", 3, 1),
        ("a: b: c\n", "yaml", 2, 5),
        ("a:\n\tb: c\n", "yaml", 3, 1),
        ("- a\n", "yaml", 3, 1),
        ("just words\n", "yaml", 2, 1),
        ("a: b\n--- \nc: d\n", "yaml", 3, 1),
        (": x\n", "yaml", 2, 1),
        ("[a]: x\n", "yaml", 2, 1),
        ("%YAML 9.9\n", "yaml", None, None),
        ("a: '\n", "yaml", None, None),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, code: str, line: int | None, column: int | None) -> None:
    found = trouble(text)
    assert found.code == code
    if line is not None:
        assert (found.line, found.column) == (line, column)
    assert str(found.message)


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert trouble(f"l0: &l0 [x]\n{levels}").code == "yaml-feature"


@pytest.mark.parametrize("opening", ["[", "{", "{a: ", "- ", "? "])
def test_a_nest_of_fifty_thousand_ends_as_a_finding(opening: str) -> None:
    found = trouble("a:\n  " + opening * 50_000 + "\n")
    assert found.code in ("too-deep", "yaml")


def test_thirty_two_levels_are_read_and_one_more_is_not() -> None:
    assert plain_of(node("a: " + "[" * 31 + "x" + "]" * 31 + "\n"))
    assert trouble("a: " + "[" * 32 + "x" + "]" * 32 + "\n").code == "too-deep"


def test_a_tab_after_the_colon_gives_text_or_a_finding() -> None:
    found = yaml_road.compose("a:\t1\n")
    assert isinstance(found, Trouble) or plain_of(found) == {"a": "1"}


def test_nothing_but_comments_is_a_map_without_keys() -> None:
    assert plain_of(node("# none yet\n")) == {}
    assert plain_of(node("")) == {}


def test_every_value_knows_its_place() -> None:
    root = node("a: 1\nb:\n  c: [x, y]\n  d:\nt: |\n  text\n\n\n# remark\ne: {f: g}  # z\n")
    assert place_of(root, ("b", "c", 1)) == (2, 9)
    assert place_of(root, ("b", "d")) == (3, 2)
    assert place_of(root, ("b", "missing", 3)) == (2, 2)
    fields = cast("dict[str, Field]", root.value)
    assert (fields["t"].node.end_line, fields["e"].node.end_column) == (5, 9)
