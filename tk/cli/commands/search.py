"""`tk search`: the tickets whose text holds what is looked for."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import click

from tk.cli.app import App, pass_app
from tk.cli.options import formats
from tk.cli.output.columns import READABLE
from tk.cli.output.paging import paged
from tk.cli.output.render import FORMATS, Column, Table, write_rows, write_values
from tk.cli.output.review import place
from tk.cli.terminal.safe import cell
from tk.cli.terminal.widths import cut, padded, width
from tk.core.policy import Policy
from tk.core.terms import Match
from tk.errors import WrongUsage, say
from tk.services.search import Hit, Results, search, whole
from tk.store.desk import Desk
from tk.store.index_changes import Pending

_ON_SCREEN = 20
"""How many tickets a terminal shows unless told otherwise."""

_MOST = 10**9

_PIECE = 16
"""How many words of a text a program gets around what matches."""

_WORD = 8
"""How many columns a word takes, roughly, with its space."""

_INDENT = "    "


def _whole(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """Return the limit that the option says."""
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and 0 < int(value[:10]) <= _MOST):
        why = say("a limit is a whole number from 1")
        raise WrongUsage(say('"{word}": {why}', word=f"--limit {value}", why=why), say("--limit 20"))
    return int(value)


@click.command("search")
@click.argument("text", metavar="TEXT...", nargs=-1, required=True)
@click.option(
    "--limit",
    metavar="NUMBER",
    callback=_whole,
    help="Show no more than so many: on a terminal 20 unless told, in a pipe all.",
)
@formats("text", *FORMATS, terminal="text", pipe="tsv")
@paged
@pass_app
def command(app: App, text: tuple[str, ...], limit: int | None, form: str) -> None:
    """Search the text of all tickets: title, description, log, requester.

    Every word must occur; case and accents do not matter. A word of three letters or more also finds longer words that
    begin with it, tv* those that begin with tv, "in quotes" just these words in this order. What fits best comes first,
    closed tickets too.

    \b
    Example:
      tk search calentador ruido
      tk search '"nota de compra"' --limit 5
      tk search ana@example.cl --json
    """
    if limit is None and app.is_terminal:
        limit = _ON_SCREEN
    length = {"ids": 0, "text": min(64, max(4, app.width // _WORD))}.get(form, _PIECE)
    pending = app.started if isinstance(app.started, Pending) else None
    found = search(app.desk, " ".join(text), limit, length, pending)
    _write(app, app.desk, found, form)
    for finding in found.broken:
        app.say(say("{place}: {why}", place=place(finding), why=finding.message))
    if not app.is_terminal:
        return
    if not found.hits:
        app.say(say("no ticket holds that"))
    elif len(found.hits) < found.total:
        app.say(say("{shown} of {total}; --limit shows more", shown=len(found.hits), total=found.total))


def _write(app: App, desk: Desk, found: Results, form: str) -> None:
    if form in {"json", "ndjson"}:
        write_values(app, _portraits(desk, found), form)
    elif form == "text":
        lines = list(_for_people(app, desk.policy, found.hits))
        if lines:
            app.out("\n".join(lines))
    else:
        write_rows(app, _table(desk.policy, found, people=form in {"table", "markdown"}), form)


def _portraits(desk: Desk, found: Results) -> Iterator[object]:
    """Yield each ticket as `tk list --json` gives it, with what matches beside."""
    from tk.core.portrait import ticket_json  # people need no JSON

    for hit in found.hits:
        ticket = whole(desk, hit)
        if ticket is not None:
            matches = [{"field": each.field, "text": each.text, "words": each.words} for each in hit.matches]
            yield ticket_json(ticket, desk.policy, hit.row.path, whole=False) | {"matches": matches}


def _table(policy: Policy, found: Results, *, people: bool) -> Table:
    columns = (
        Column("id", str(say("Id"))),
        Column("status", str(say("Status"))),
        Column("title", str(say("Title")), shrinks=True, least=READABLE),
        Column("match", str(say("Match")), shrinks=True),
    )
    return Table(columns, [_cells(policy, hit, people=people) for hit in found.hits])


def _cells(policy: Policy, hit: Hit, *, people: bool) -> tuple[str, ...]:
    status = policy.statuses.label(hit.row.status, policy.desk.language) if people else hit.row.status
    match = _best(hit.matches)
    return (hit.row.id, status, hit.row.title, "" if match is None else match.text)


def _best(matches: Sequence[Match]) -> Match | None:
    """Return the piece with most of what was looked for, beside the title, which is always shown."""
    return max((match for match in matches if match.field != "title"), key=lambda match: len(match.spans), default=None)


def _for_people(app: App, policy: Policy, hits: Sequence[Hit]) -> Iterator[str]:
    """Yield two lines for each ticket: what it is, and what matches in its text."""
    labels = [cell(policy.statuses.label(hit.row.status, policy.desk.language)) for hit in hits]
    wide = max(map(width, labels), default=0)
    for hit, label in zip(hits, labels, strict=True):
        head = f"{cell(hit.row.id)}  {padded(label, wide, width(label))}  "
        in_title = next((match for match in hit.matches if match.field == "title"), None)
        title = in_title or Match("title", hit.row.title, ())
        yield head + _marked(app, title, max(_WORD, app.width - width(head)))
        match = _best(hit.matches)
        if match is not None:
            yield _INDENT + _marked(app, match, app.width - len(_INDENT))


def _marked(app: App, match: Match, room: int) -> str:
    """Return a piece of text in `room` columns, what matches in it in another colour."""
    edges = [0, *(edge for span in match.spans for edge in span), len(match.text)]
    parts = [cell(match.text[start:end]) for start, end in pairwise(edges)]  # every second one matches
    left, shown = cut("".join(parts), room), ""
    for turn, part in enumerate(parts):
        piece, left = left[: len(part)], left[len(part) :]
        shown += app.styled(piece, "red", bold=True) if piece and turn % 2 else piece
    return shown
