"""Reasons of others: what they say word for word in English, and as a message where it is known."""

import errno
import os
import re
import tomllib

import pytest
import yaml

from tk.core import reasons
from tk.core.reasons import of_git, of_system, of_toml, of_yaml
from tk.core.written.reader import read
from tk.errors import Message, translated

UNKNOWN = "{sentence}"

NUMBERS = sorted(
    {errno.ENOENT, errno.EACCES, errno.EPERM, errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.ENOSPC}
    | {errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.ENAMETOOLONG, errno.ELOOP, errno.EMFILE, errno.ENFILE, errno.EIO}
    | {errno.EBUSY, errno.ETXTBSY, errno.EAGAIN, errno.ENOLCK, errno.EINVAL, errno.EXDEV, errno.ENOMEM, errno.ENXIO}
    | {errno.ESTALE, errno.EPIPE, errno.EMLINK}
)


def upper(template: str) -> str:
    """Translate a template so that one can tell; names in braces stay."""
    return re.sub(r"\{\w+\}|[a-z]", lambda found: found[0] if len(found[0]) > 1 else found[0].upper(), template)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_system_s_own_words_are_known(number: int) -> None:
    text = os.strerror(number)
    message = of_system(OSError(number, text, "file"))
    assert (message.template, str(message)) == (text, text)


def test_an_error_without_words_of_the_system_is_told_as_it_is() -> None:
    assert str(of_system(OSError("a {strange} one"))) == "a {strange} one"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bad revision 'nowhere'", "BAD REVISION 'nowhere'"),
        ("Unable to create '/x/index.lock': File exists", "UNABLE TO CREATE '/x/index.lock': FILE EXISTS"),
        ("not a git repository: '/x'", "NOT A GIT REPOSITORY: '/x'"),
        ("something {new} in git", "something {new} in git"),
        ("exit status 3", "EXIT STATUS 3"),
    ],
)
def test_git_s_words_are_told_in_the_language_spoken_with_what_varies(text: str, told: str) -> None:
    message = of_git(text)
    assert str(message) == text
    with translated(upper):
        assert str(message) == told


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 b = 2",
        "a",
        "a = ",
        "a = 1979-13-01",
        'a = "\\u12"',
        'a = "\\ud800"',
        "[a",
        "[[a]",
        "= 1",
        "a = [1, 2",
        "a = {b = 1",
        'a = "x',
        'a = "\\q"',
        "a = 'x\ny'",
        "a = {b = 1, b = 2}",
        "a = 1\na = 2",
        "[a]\n[a]",
        "a = {}\n[a.b]",
        "[a.b]\n[a]\nb.c = 1",
        'a = """x',
        "a = 1 # \x01",
    ],
)
def test_every_reason_of_tomllib_is_known(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(text)
    message = of_toml(str(error.value).partition(" (at ")[0])
    assert message.template != UNKNOWN
    assert "(" not in str(message)
    (finding,) = read(text).findings
    with translated(upper):
        assert str(message) in str(finding.message)


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c",
        "a: [1, 2",
        "a: {b: 1",
        "a: @b",
        'a: "x',
        'a: "\\q"',
        "a: 1\n  b: 2\n c: 3",
        "a:\n\t- b",
        "a: - b",
        "? a\n? b: - c",
        "a: !x!y z",
        "%FOO bar\n---\na: %",
        "a: 1\nb",
        "a: &",
        "a: |0\n x",
        "a: }",
        "- a\nb: c",
        'a: "b" c',
    ],
)
def test_every_reason_of_libyaml_is_known(text: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as error:
        list(yaml.parse(text, Loader=yaml.CSafeLoader))
    assert of_yaml(error.value.problem or "").template != UNKNOWN, error.value.problem


@pytest.mark.parametrize("table", ["_SYSTEM", "_GIT", "_TOML", "_YAML"])
def test_each_sentence_finds_itself_and_no_other_before_it(table: str) -> None:
    known: tuple[Message, ...] = getattr(reasons, table)
    for message in known:
        made = str(Message(message.template, dict.fromkeys(re.findall(r"\{(\w+)\}", message.template), "x")))
        assert reasons._told(made, known).template == message.template
