"""`tk diff`: what two states of the desk have different, in its own terms, one line a change."""

from itertools import chain

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.options import formats
from tk.cli.output.findings import FORMATS, write_findings
from tk.cli.output.paging import paged
from tk.cli.output.render import write_json
from tk.cli.output.telling import Telling, file_json, line, of_file, of_ticket
from tk.core.finding import Finding
from tk.core.numbers import counted
from tk.core.portrait import event_json, plain
from tk.core.review.contrast import Contrast
from tk.core.ticket import attribute
from tk.errors import Message, say
from tk.services.compare import Comparison, compare
from tk.store.judging.outcome import TicketChange


@click.command("diff")
@click.argument("revisions", metavar="[REV[..REV]]", required=False, shell_complete=offering("revisions"))
@formats(*FORMATS, terminal="text", pipe="text")
@paged
@pass_app
def command(app: App, revisions: str | None, form: str) -> None:
    """Tell what changed, in the desk's terms.

    Without REV: what is not committed yet. REV alone is compared with the files; A..B are two commits, A...B is what B
    has since it parted from A. A line for each ticket, for each key of tk.toml, each template and register.

    \b
    Example:
      tk diff
      tk diff main...topic
      tk diff HEAD~20 --format markdown
    """
    desk = app.former_desk
    found = compare(desk, revisions)
    for_people = app.is_terminal or form == "markdown"
    tickets = (of_ticket(found.policy, change, for_people=for_people) for change in found.tickets)
    tellings = [*chain.from_iterable(map(of_file, found.files)), *tickets]
    if form == "json":
        write_json(app, _portrait(found))
    elif form == "markdown":
        from tk.cli.output.marks import told

        app.out(told(_summary(found), tellings))
    elif form == "text":
        if tellings:
            app.out("\n".join(line(app, telling) for telling in tellings))
        app.say(_summary(found))
    else:
        write_findings(app, [_finding(telling, found) for telling in tellings], form)


def _finding(telling: Telling, found: Comparison) -> Finding:
    """Return a change as forges show what they are told about a file: nothing against it, a note."""
    what = say("{title}: {what}", title=telling.title or telling.name, what="; ".join(map(str, telling.parts)))
    number = telling.name if telling.is_ticket else None
    return Finding(telling.path, 1, 1, telling.kind, "note", what, number, found.sides.new)


def _summary(found: Comparison) -> Message:
    kinds = [change.kind for change in found.tickets]
    opened, gone = kinds.count("new"), kinds.count("removed")
    changed = len(kinds) - opened - gone
    return say(
        "{changed}, {opened}, {removed}, {files}",
        changed=counted(changed, "{count} ticket changed", "{count} tickets changed"),
        opened=counted(opened, "{count} opened", "{count} opened"),
        removed=counted(gone, "{count} removed", "{count} removed"),
        files=counted(len(found.files), "{count} file of the policy", "{count} files of the policy"),
    )


def _portrait(found: Comparison) -> dict[str, object]:
    return {
        "from": found.sides.old,
        "to": found.sides.new,
        "policy": [file_json(change) for change in found.files],
        "tickets": [_ticket(change) for change in found.tickets],
    }


def _ticket(change: TicketChange) -> dict[str, object]:
    held, what = change.after or change.before, change.what or Contrast(())
    return {
        "ticket": change.ticket,
        "path": change.path,
        "title": None if held is None else held.title,
        "kind": change.kind,
        "by": change.by,
        "late_seconds": None if what.late is None else int(what.late.total_seconds()),
        "changes": [
            {"field": attribute(field.field), "from": plain(field.before), "to": plain(field.after)}
            for field in what.changes
        ],
        "events": {
            "added": [event_json(event) for event in what.added],
            "altered": [event_json(event) for event in what.altered],
            "removed": [event_json(event) for event in what.removed],
        },
        "files": list(change.files),
    }
