"""Front matter: where it stands, and that both roads agree."""

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.strategies import KEYS_WITHIN, PLAINS, TEXTS, hand_written, tickets
from tk.core.ticket import Plain, Ticket
from tk.store.codec import emit, frontmatter, scalar, yaml_road
from tk.store.codec.node import Node, Trouble, plain_of
from tk.store.document import Front


def head_of(ticket: Ticket) -> str:
    return emit.front_of(ticket, (), frozenset()).removeprefix("---\n").removesuffix("---\n")


def by_yaml(head: str) -> "Plain | Trouble":
    root = yaml_road.compose(head)
    return plain_of(root) if isinstance(root, Node) else root


@given(tickets())
def test_both_roads_agree_on_what_tk_writes(ticket: Ticket) -> None:
    head = head_of(ticket)
    found = frontmatter.scan(head)
    assert found is None or found == by_yaml(head)


@given(tickets())
def test_the_scanner_reads_every_ticket_without_nested_custom_fields(ticket: Ticket) -> None:
    head = head_of(ticket._replace(fields={"level": "1", "list": ("a, b", "c"), "empty": ""}))
    assume('"y":' not in head and '"no":' not in head and '"on":' not in head and '"n":' not in head)
    assert frontmatter.scan(head) is not None


@given(hand_written())
def test_both_roads_agree_on_what_people_write(written: tuple[str, list[str]]) -> None:
    text = written[0].replace("\r\n", "\n")
    front = frontmatter.split(text)
    assert isinstance(front, Front)
    head = text[front.start : front.end]
    found = frontmatter.scan(head)
    assert found is None or found == by_yaml(head)


PIECES = st.sampled_from(
    [
        "a",
        "key",
        "b-c",
        "x.y",
        ":",
        ": ",
        " ",
        "  ",
        "- ",
        "\n",
        "\n",
        "\n  ",
        "\n- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        '"',
        "'",
        "#",
        " #",
        "no",
        "null",
        "~",
        "\\",
        "\\u0041",
        "\\n",
        "&",
        "*",
        "!",
        "|",
        ">",
        "%",
        "@",
        "`",
        "é",
        "1",
        "-",
        "---",
        "\t",
        "\u2028",
        "\x00",
        "\ufeff",
        "\xa0",
        "=",
        "<<",
        "?",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_scanner_reads_nothing_that_yaml_reads_otherwise(text: str) -> None:
    head = f"{text}\n"
    found = frontmatter.scan(head)
    assert found is None or found == by_yaml(head)


@given(
    TEXTS | st.lists(PIECES, max_size=5).map("".join),
    st.sampled_from(["a: {}\n", "a: [{}]\n", "a: {{k: {}}}\n", "- {}\n"]),
)
def test_every_reader_of_yaml_takes_written_text_for_that_text(text: str, frame: str) -> None:
    document = frame.format(scalar.scalar(text, flow="[" in frame or "{{" in frame))
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        value = yaml.load(document, Loader=loader)
        while isinstance(value, dict | list):
            value = value["a" if "a" in value else "k"] if isinstance(value, dict) else value[0]
        assert value == text


def test_a_question_in_a_list_is_quoted() -> None:
    assert scalar.scalar("0?", flow=True) == '"0?"'
    assert scalar.scalar("0?") == "0?"


@given(KEYS_WITHIN)
def test_every_reader_of_yaml_takes_a_written_key_for_that_key(text: str) -> None:
    assert yaml.load(f"{scalar.key(text)}: x\n", Loader=yaml.CSafeLoader) == {text: "x"}


@pytest.mark.parametrize("text", ["0o17", "1e3", ".5", "+.inf", ".NAN", "-0", "0b1", "1.", "12e03", "True", "NULL"])
def test_what_only_yaml_12_takes_for_a_value_is_quoted_too(text: str) -> None:
    assert scalar.scalar(text) == f'"{text}"'


@pytest.mark.parametrize(
    "text", ["Calentador no enciende", "SN-20881", "ana@example.cl", "OLD-4711", "a:b", "C#", "it's", "3 cajas"]
)
def test_plain_words_stay_plain(text: str) -> None:
    assert scalar.scalar(text) == text


@given(PLAINS)
def test_values_of_custom_fields_read_back(value: Plain) -> None:
    head = head_of(Ticket("TK-260812-7K3QX", fields={"x": value}))
    assert by_yaml(head) == {"id": "TK-260812-7K3QX", "x": value}


@pytest.mark.parametrize(
    "head",
    [
        "a: b # c\n",
        "# c\n",
        "\n",
        "a: 'b'\n",
        "a: b\n  c\n",
        "a: |\n  b\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !t b\n",
        "a: b\na: c\n",
        "a:\n",
        "a: \n",
        "a: b \n",
        "a: null\n",
        "a: ~\n",
        "a: [b,c]\n",
        "a: [b, ]\n",
        "a: [null]\n",
        "a: {b: c, }\n",
        "a: {b: c, b: d}\n",
        "a: {b: {c: d}}\n",
        "a: [b]  \n",
        'a: "b" \n',
        'a: "\\x41"\n',
        'a: "\\ud83d"\n',
        "a: b: c\n",
        "a: b:\n",
        "  a: b\n",
        "- a: b\n",
        "a: b\n  c: d\n",
        "a:\n  b: c\n  b: d\n",
        "a:\n- b: c\n  b: d\n",
        "a:\n  b: c\n- d: e\n",
        "a:\n- b\n",
        "a:\n    b: c\n",
        "a:\n  b:\n",
        "<<: b\n",
        "? a\n",
        "a: b\rc: d\n",
        "a:\tb\n",
        "a: b\tc\n",
        "a: x\u2028y\n",
        "a: x\x00\n",
        "a: \ufeffx\n",
        "a: b\n..\n",
        "links: [\n",
        "due: {\n",
    ],
)
def test_the_scanner_gives_up_on_anything_else(head: str) -> None:
    assert frontmatter.scan(head) is None


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        ("---\na: b\n---\nc\n", "a: b\n", "c\n"),
        ("\ufeff---\r\na: b\r\n--- \r\nc", "a: b\r\n", "c"),
        ("---\n---", "", ""),
        ("---\na: b\n---\n---\n", "a: b\n", "---\n"),
        ("--- \t\na: |\n  ---\n---\n", "a: |\n  ---\n", ""),
    ],
)
def test_front_matter_stands_between_fences(text: str, head: str, body: str) -> None:
    front = frontmatter.split(text)
    assert isinstance(front, Front)
    assert (text[front.start : front.end], text[front.body :]) == (head, body)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "no-front-matter", 1),
        ("title: x\n", "no-front-matter", 1),
        ("---\ntitle: x\n", "no-front-matter", 1),
        ("----\n---\n", "no-front-matter", 1),
        (" ---\n---\n", "no-front-matter", 1),
        ("<<<<<<< HEAD\n---\n", "conflict", 1),
        ("---\na: b\n<<<<<<< HEAD\n", "conflict", 3),
        ("---\n" + "a: b\n" * 60_000 + "---\n", "too-large", 1),
    ],
)
def test_a_file_without_front_matter_is_told(text: str, code: str, line: int) -> None:
    found = frontmatter.split(text)
    assert isinstance(found, Trouble)
    assert (found.code, found.line) == (code, line)


def test_a_conflict_is_told_before_anything_else_about_yaml() -> None:
    found = frontmatter.compose("a: b\n<<<<<<< HEAD\nc: d\n=======\nc: e\n>>>>>>> theirs\n")
    assert isinstance(found, Trouble)
    assert (found.code, found.line, found.column) == ("conflict", 3, 1)


def test_only_a_whole_conflict_counts_in_a_body() -> None:
    assert frontmatter.body_conflict("a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y\n") == 2
    assert frontmatter.body_conflict("Heading\n=======\n>>>>>>> quoted\n") is None
    assert frontmatter.body_conflict("<<<<<<< x\n" * 20_000) is None
