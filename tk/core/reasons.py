"""Why the system, git or a parser said no: its own English words, as messages that are told in the language spoken.

What is not listed is told in the words it came in. The tables hold what people meet; each entry is, letter for letter,
what the system (the C library), git, tomllib or libyaml writes, with what varies in braces.
"""

import re
from collections.abc import Iterable
from functools import cache

from tk.errors import Message, say

_KEYS = re.compile(r"\('[^']*'(?:, '[^']*')*,?\)")
"""A path of keys as tomllib writes it."""


def of_system(error: OSError) -> Message:
    """Return why the system refused."""
    return _told(error.strerror or str(error), _SYSTEM)


def of_git(text: str) -> Message:
    """Return why git refused; `text` is a line of its complaint without `fatal:`."""
    return _told(text, _GIT)


def of_toml(text: str) -> Message:
    """Return why a text is no TOML; `text` is tomllib's reason without the place."""
    return _told(_KEYS.sub(lambda found: ".".join(re.findall("'([^']*)'", found[0])), text), _TOML)


def of_yaml(text: str) -> Message:
    """Return why a text is no YAML."""
    return _told(text, _YAML)


def _told(text: str, known: Iterable[Message]) -> Message:
    for message in known:
        found = _pattern(message.template).fullmatch(text)
        if found is not None:
            return say(message.template, **{name: _system_words(part) for name, part in found.groupdict().items()})
    return say("{sentence}", sentence=text)


def _system_words(text: str) -> Message | str:
    """Return what git repeats of the system's words as a message, any other part as it is."""
    return next((message for message in _SYSTEM if message.template == text), text)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return what matches the sentences that a template makes."""
    from string import Formatter  # only a failure pays for it

    parts = ((re.escape(text), f"(?P<{name}>.+)" if name else "") for text, name, _, _ in Formatter().parse(template))
    return re.compile("".join(text + group for text, group in parts), re.DOTALL)


_SYSTEM = (
    say("No such file or directory"),
    say("Permission denied"),
    say("Operation not permitted"),
    say("File exists"),
    say("Is a directory"),
    say("Not a directory"),
    say("Directory not empty"),
    say("No space left on device"),
    say("Disk quota exceeded"),
    say("Read-only file system"),
    say("File too large"),
    say("File name too long"),
    say("Too many levels of symbolic links"),
    say("Too many open files"),
    say("Too many open files in system"),
    say("Too many links"),
    say("Input/output error"),
    say("Device or resource busy"),
    say("Text file busy"),
    say("Resource temporarily unavailable"),
    say("No locks available"),
    say("Invalid argument"),
    say("Invalid cross-device link"),
    say("Cannot allocate memory"),
    say("No such device or address"),
    say("Stale file handle"),
    say("Broken pipe"),
)

_GIT = (
    say("exit status {status}"),
    say("not a git repository (or any of the parent directories): {folder}"),
    say("not a git repository: {folder}"),
    say("detected dubious ownership in repository at {folder}"),
    say("no email was given and auto-detection is disabled"),
    say("no name was given and auto-detection is disabled"),
    say("empty ident name (for {email}) not allowed"),
    say("unable to auto-detect email address (got {email})"),
    say("Terminal is dumb, but EDITOR unset"),
    say("Unable to create {file}: {reason}"),
    say("could not lock config file {file}: {reason}"),
    say("could not open {file} for reading: {reason}"),
    say("could not open {file} for writing: {reason}"),
    say("unable to create temporary file: {reason}"),
    say("unable to write file {file}: {reason}"),
    say("unable to append to {file}: {reason}"),
    say("insufficient permission for adding an object to repository database {folder}"),
    say("cannot lock ref {ref}: {reason}"),
    say("bad revision {revision}"),
    say("bad object {object}"),
    say("not a valid object name: {object}"),
    say("Not a valid object name {object}"),
    say("unable to read tree ({object})"),
    say("object file {file} is empty"),
    say("loose object {object} (stored in {file}) is corrupt"),
    say("missing blob object {object}"),
    say("bad config line {line} in file {file}"),
    say("bad signature {signature}"),
    say("index file corrupt"),
    say("bad index file sha1 signature"),
    say("gpg failed to sign the data"),
    say("Out of memory, {detail}"),
)

_TOML = (
    say("Invalid statement"),
    say("Invalid value"),
    say("Invalid date or datetime"),
    say("Invalid hex value"),
    say("Invalid initial character for a key part"),
    say("Expected newline or end of document after a statement"),
    say("Expected '=' after a key in a key/value pair"),
    say("Expected ']' at the end of a table declaration"),
    say("Expected ']]' at the end of an array declaration"),
    say("Expected {sign}"),
    say("Unclosed array"),
    say("Unclosed inline table"),
    say("Unterminated string"),
    say("Unescaped '\\' in a string"),
    say("Escaped character is not a Unicode scalar value"),
    say("Illegal character {character}"),
    say("Found invalid character {character}"),
    say("Duplicate inline table key {key}"),
    say("Cannot overwrite a value"),
    say("Cannot declare {key} twice"),
    say("Cannot redefine namespace {key}"),
    say("Cannot mutate immutable namespace {key}"),
)

_YAML = (
    say("mapping values are not allowed in this context"),
    say("mapping keys are not allowed in this context"),
    say("block sequence entries are not allowed in this context"),
    say("did not find expected key"),
    say("did not find expected node content"),
    say("did not find expected '-' indicator"),
    say("did not find expected ',' or ']'"),
    say("did not find expected ',' or '}}'"),
    say("did not find expected alphabetic or numeric character"),
    say("did not find expected whitespace or line break"),
    say("did not find expected comment or line break"),
    say("did not find expected <document start>"),
    say("could not find expected ':'"),
    say("could not find expected directive name"),
    say("found character that cannot start any token"),
    say("found a tab character that violates indentation"),
    say("found a tab character where an indentation space is expected"),
    say("found an indentation indicator equal to 0"),
    say("found unexpected ':'"),
    say("found unexpected end of stream"),
    say("found unexpected document indicator"),
    say("found unknown escape character"),
    say("found invalid Unicode character escape code"),
    say("found undefined tag handle"),
    say("found incompatible YAML document"),
    say("found unknown directive name"),
)
