"""The catalogue of messages: `make messages` brings tk/locale in step with the code, and the tests hold it there.

Messages are the templates of `say` and what help says: summaries, paragraphs, options. click's own words that a person
can meet are named here, since click asks the same catalogue for them.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tk.cli import group
from tk.cli.language import LOCALE, paragraphs

ROOT = Path(__file__).parents[1]
LANGUAGES = ("es",)

OF_CLICK = (
    "Usage:",
    "Options",
    "Error: {message}",
    "Show this message and exit.",
    "Show the version and exit.",
    "Missing argument {param_hint}.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "argument",
    "option",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "{value!r} is not one of {choices}.",
    "{value!r} is not {choice}.",
    "No such option: {name}",
    "Option {name!r} requires an argument.",
    "Option {name!r} does not take a value.",
    "Got unexpected extra argument ({args})",
    "Got unexpected extra arguments ({args})",
    "default: {default}",
    "required",
    "Aborted!",
)
"""Words of click's; the order is of no importance."""


UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""git knows when the catalogue changed; in the file a date would only make noise."""


def messages() -> list[str]:
    """Return everything that can be translated, each once, in order."""
    return sorted({*_templates(), *_helps(), *OF_CLICK, "Example:"})


def _templates() -> Iterator[str]:
    found = extract_from_dir(str(ROOT / "tk"), [("**.py", "python")], keywords={"say": None}, comment_tags=())
    for _, _, message, _, _ in found:
        yield message if isinstance(message, str) else message[0]


def _helps() -> Iterator[str]:
    commands = [group.tk, *(group.tk.get_command(click.Context(group.tk), row.name) for row in group.rows())]
    yield from group.SECTIONS
    yield from (row.summary for row in group.rows())
    for command in commands:
        if command is not None:
            yield from paragraphs(command.help or "")
            yield from paragraphs(command.epilog or "")
            for param in command.params:
                if isinstance(param, click.Option) and param.help:
                    yield " ".join(param.help.split())


def po_of(language: str) -> Path:
    """Return the file that translators edit."""
    return Path(LOCALE) / language / "LC_MESSAGES" / "tk.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it stands."""
    path = po_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def bring_in_step(language: str) -> int:
    """Write the catalogue anew with the messages of the code; return how many wait for a translation."""
    held = read(language)
    made = Catalog(
        locale=language,
        project="tk",
        version="",
        header_comment="# Messages of tk.",
        creation_date=UNDATED,
        revision_date=UNDATED,
    )
    for message in messages():
        kept = held.get(message)
        made.add(message, "" if kept is None else str(kept.string or ""))
    path = po_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, made, width=0, omit_header=False, no_location=True, sort_output=True)
    path.write_bytes(out.getvalue())
    path.with_suffix(".mo").write_bytes(compiled(read(language)))
    return sum(not message.string for message in made if message.id)


if __name__ == "__main__":
    for each in LANGUAGES:
        sys.stderr.write(f"{each}: {bring_in_step(each)} messages wait for a translation\n")
