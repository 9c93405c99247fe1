"""Importing: what was done elsewhere becomes tickets and their history, each change asked of the law.

Each arrival becomes a commit by who did it, at its instant, committed by the importer; all of them one upon the other
in time order, by one git process, and landed at once: a desk has the whole import or none of it. What the desk has
already, by an import before, is known by what its files and commits say, and left out.
"""

from collections.abc import Sequence
from contextlib import nullcontext

from tk.core import importing
from tk.core.arrival import Arrival
from tk.core.finding import Finding
from tk.errors import GitFailed, Refused, say
from tk.store import git
from tk.store.desk import Desk
from tk.store.intake import Imported, Intake, Wish
from tk.store.progress import Progress, unseen
from tk.store.writing.commit import turn
from tk.store.writing.series import Author, require_plain, series

__all__ = ["Imported", "Wish", "bring"]


def bring(
    desk: Desk, arrivals: Sequence[Arrival], findings: Sequence[Finding], wish: Wish, progress: Progress = unseen
) -> Imported:
    """Import `arrivals`; `findings` are what was wrong with others of the same source.

    Who did something and is not told (no address) is the importer.

    Raises:
        Refused: strictly, where something would be left out (`wish.strict`), or one commit is asked for by somebody who
            is no importer.
        WrongUsage, PolicyBroken, Busy, GitFailed, DiskFailed: so the sentence says. Nothing was changed then.
    """
    policy = desk.reading.usable()
    importer = Author(*git.identity(desk.repo))
    lenient = importing.may_import(policy, importer.email)
    if wish.squash and not lenient:
        raise _no_importer(importer)
    if policy.desk.signed and not wish.squash and not wish.dry:
        raise GitFailed(
            say("this desk is signed, and git cannot sign many commits at once"),
            say("--squash makes one, which it signs"),
        )
    ordered = [each if each.email else each._replace(name=importer.name, email=importer.email) for each in arrivals]
    if any(arrival.change is None for arrival in ordered):  # tk's own logs are in the order of its commits
        ordered.sort(key=lambda arrival: arrival.at)
    with turn(desk.repo, desk.remark) as make:
        intake = Intake(desk, policy, wish, lenient=lenient)
        with nullcontext() if wish.dry or wish.squash else series(desk.repo, importer) as gathered:
            made = intake.take(ordered, gathered, progress)
            found = tuple(sorted((*findings, *intake.findings), key=lambda finding: finding.line))
            if wish.strict and found:
                raise _strictly(found)
            if gathered is not None:
                require_plain(desk.repo, list(intake.revisions))
        done = made._replace(findings=found)
        if wish.dry or not intake.revisions:
            return done._replace(commits=0)
        return done._replace(commits=1 if gathered is None else done.commits, commit=make(intake.change(gathered)))


def _no_importer(importer: Author) -> Refused:
    message = say("{email} has no role importer, and one commit cannot have the authors of all", email=importer.email)
    hint = say('give yourself the role importer in tk.toml, with may = ["import"], or do without --squash')
    return Refused("not-allowed", message, hint)


def _strictly(found: Sequence[Finding]) -> Refused:
    first = found[0]
    message = say("{path}:{line}: {why}", path=first.path, line=first.line, why=first.message)
    return Refused("strict", message, say("nothing was imported: {count} rows cannot be", count=len(found)))
