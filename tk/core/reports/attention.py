"""`attention`: the open tickets that somebody should look at, and why (rules A4, A16).

Tried by one call only; with an owner and no follow-up ahead; those whose requesters have waited longest for a word;
those that went back and forth between owners.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tk.core.chronicle import Life
from tk.core.reports.courses import contacts, is_done, owners
from tk.core.reports.people import next_step
from tk.core.reports.values import Cell, Column, Named, Question, Report, Word
from tk.errors import Message, say

FIELDS = ("status", "owner", "follow-up", "title")
"""The keys whose changes this report reads, beside the one it groups by."""

CALL = "call-out"
"""The type of event that a call to the requester is, in every desk (desks.md, names fixed)."""

LONGEST = 10
"""How many of those that wait longest are told."""

BACK_AND_FORTH = 2
"""How often a ticket must have come back to somebody who had had it before."""

REASONS: Mapping[str, Message] = {
    "one-call": say("One call only"),
    "no-next-step": say("No next step"),
    "longest-waiting": say("Waiting longest"),
    "ping-pong": say("Back and forth"),
}
"""Why a ticket is listed, by name."""

_COLUMNS = (
    Column("reason", say("Why")),
    Column("id", say("Id")),
    Column("owner", say("Owner"), shrinks=True),
    Column("status", say("Status")),
    Column("since", say("Since"), "instant"),
    Column("title", say("Title"), shrinks=True),
)


def attention(question: Question, lives: Iterable[Life]) -> Report:
    """Return the report: a row for each reason and ticket, the longest first."""
    unsolved = [life for life in lives if not is_done(question.policy, life)]
    found = {
        "one-call": [(at, life) for life in unsolved if (at := _one_call(question, life)) is not None],
        "no-next-step": [(life.last, life) for life in unsolved if _lacks_next(question, life)],
        "longest-waiting": _longest(question, unsolved),
        "ping-pong": [(at, life) for life in unsolved if (at := _back_and_forth(life)) is not None],
    }
    rows: list[tuple[Cell, ...]] = []
    for reason, tickets in found.items():
        for at, life in sorted(tickets, key=lambda item: (item[0], item[1].id)):
            owner, status = Named("owner", life.text("owner")), Named("status", life.text("status"))
            rows.append((Word(reason, REASONS[reason]), life.id, owner, status, at, life.text("title")))
    return Report(
        name="attention",
        title=say("Tickets to look at"),
        since=question.since,
        until=question.until,
        columns=_COLUMNS,
        rows=tuple(rows),
        totals={"open": len(unsolved), **{reason.replace("-", "_"): len(held) for reason, held in found.items()}},
    )


def _one_call(question: Question, life: Life) -> datetime | None:
    """Return when a ticket's requester was called, if that was the only try and he has not been in touch since."""
    tries = contacts(question.policy, life, "to")
    if len(tries) != 1 or tries[0].type != CALL:
        return None
    answers = contacts(question.policy, life, "from")
    return None if any(answer.at > tries[0].at for answer in answers) else tries[0].at


def _lacks_next(question: Question, life: Life) -> bool:
    return bool(life.text("owner")) and next_step(question, life) is None


def _longest(question: Question, unsolved: Iterable[Life]) -> list[tuple[datetime, Life]]:
    """Return the tickets whose requesters have waited longest since they were last told something."""
    ours = (life for life in unsolved if question.policy.kind(life.text("status")) != "waiting")
    waiting = [(max([life.begun, *_told(question, life)]), life) for life in ours]
    return sorted(waiting, key=lambda item: (item[0], item[1].id))[:LONGEST]


def _told(question: Question, life: Life) -> Iterator[datetime]:
    return (contact.at for contact in contacts(question.policy, life, "to"))


def _back_and_forth(life: Life) -> datetime | None:
    """Return when a ticket last came back to somebody, if it did so often; None where it did not."""
    had: list[str] = []
    returns = []
    for span in owners(life):
        if had and span.value != had[-1] and span.value in had:
            returns.append(span.start)
        had.append(span.value)
    return returns[-1] if len(returns) >= BACK_AND_FORTH else None
