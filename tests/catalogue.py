"""The catalogue of messages: `make messages` brings tk/locale in step with the code, and the tests hold it there.

Messages are the templates of `say`, what help says (summaries, paragraphs, options, texts in examples), the keys of a
ticket, and what presets are for. click's own words that a person can meet are named here, since click asks the same
catalogue for them, and so are the templates that come to `say` out of a variable.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain, zip_longest
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tk.cli import group
from tk.cli.language import LOCALE, paragraphs, quoted
from tk.core.ticket import KEYS
from tk.store import presets

ROOT = Path(__file__).parents[1]
LANGUAGES = ("es",)

OF_CLICK = (
    "Usage:",
    "Options",
    "Commands",
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
    "Choose from:\n\t{choices}",
    "Missing command.",
    "Option {name!r} does not take a value.",
    "default: {default}",
    "required",
    "Aborted!",
    "[OPTIONS]",
)
"""Words of click's; the order is of no importance."""

PLURALS_OF_CLICK = (
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
)
"""What click says of one and of several; it asks for both at once."""


BY_NAME = (
    '{key} cannot be "{value}"; it is one of {choices}',
    '{fact} is a length of time, such as 90m, 24h, 4d or 2w; "{value}" is none',
    "{fact} is {values}",
    "{fact} is not {values}",
    "{fact} is {values} or below",
    "{fact} is neither {values} nor below",
    "{fact} is one step below {values}",
    "{fact} is not one step below {values}",
    "{fact} has the words {values}",
    "{fact} has not the words {values}",
    "{fact} has no value",
    "{fact} has a value",
    "{fact} is less than {values}",
    "{fact} is not less than {values}",
    "{fact} is at most {values}",
    "{fact} is not at most {values}",
    "{fact} is more than {values}",
    "{fact} is not more than {values}",
    "{fact} is at least {values}",
    "{fact} is not at least {values}",
)
"""Templates that stand in tables and variables of the code; a test asks that they are still there."""

KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": None, "counted": (2, 3)}
"""The functions whose arguments are messages; of `counted` the second, for one, and the third, for several."""

UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""git knows when the catalogue changed; in the file a date would only make noise."""


def messages() -> list[str]:
    """Return everything that can be translated, each once, in order; of click's plurals the forms are `plurals`."""
    summaries = (presets.load(name).summary for name in presets.names())
    return sorted(filter(None, {*_templates(), *BY_NAME, *_helps(), *OF_CLICK, *KEYS, *summaries, "Example:"}))


def _templates() -> Iterator[str]:
    found = extract_from_dir(str(ROOT / "tk"), [("**.py", "python")], keywords=KEYWORDS, comment_tags=())
    for _, _, message, _, _ in found:
        yield from (message,) if isinstance(message, str) else message


def _helps() -> Iterator[str]:
    rows = [group.tk.get_command(click.Context(group.tk), row.name) for row in group.rows()]
    families = (row.commands.values() for row in rows if isinstance(row, click.Group))
    commands = [group.tk, *rows, *chain.from_iterable(families)]
    yield from group.SECTIONS
    yield from (row.summary for row in group.rows())
    for command in commands:
        if command is not None:
            yield from paragraphs(command.help or "")
            yield from paragraphs(command.epilog or "")
            yield from quoted(command.help or "")
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


def forms(message: Message) -> list[tuple[str, str]]:
    """Return each form of a message (one, or one for singular and one for plural) with its translation."""
    originals = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    translations = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return [(one, str(other or "")) for one, other in zip_longest(originals, translations, fillvalue="")]


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
    for pair in PLURALS_OF_CLICK:
        kept = held.get(pair[0])
        made.add(pair, ("", "") if kept is None else kept.string)
    path = po_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, made, width=0, omit_header=False, no_location=True, sort_output=True)
    path.write_bytes(out.getvalue())
    path.with_suffix(".mo").write_bytes(compiled(read(language)))
    return sum(not told for message in made if message.id for _, told in forms(message))


if __name__ == "__main__":
    for each in LANGUAGES:
        sys.stderr.write(f"{each}: {bring_in_step(each)} messages wait for a translation\n")
