"""What people have on their hands and have done: `workload`, `follow-ups`, `satisfaction` (rules A4, A15, C12, E11)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from tk.core.chronicle import Life, spans, value_at
from tk.core.reports.courses import entries, instant_of, is_done, owners, solved_at
from tk.core.reports.values import Cell, Chart, Column, Named, Question, Report, group, share
from tk.errors import say

FIELDS = ("status", "owner", "due", "follow-up", "rating")
"""The keys whose changes these reports read, beside the one they group by."""

_WORK = (
    Column("key", say("Who"), shrinks=True),
    Column("open", say("Open"), "number"),
    Column("waiting", say("Waiting"), "number"),
    Column("overdue", say("Overdue"), "number"),
    Column("without_next", say("No next step"), "number"),
    Column("oldest_days", say("Oldest"), "length"),
    Column("solved", say("Solved"), "number"),
    Column("minutes", say("Minutes logged"), "number"),
)


def workload(question: Question, lives: Iterable[Life]) -> Report:
    """Return who has how much: what is open now, and what was solved and logged within the bounds."""
    counts: dict[str, Counter[Named]] = {column.name: Counter() for column in _WORK[1:]}
    oldest: dict[Named, datetime] = {}
    for life in lives:
        under = group(question, life, "owner")
        if is_done(question.policy, life):
            solved = solved_at(question.policy, life)
            counts["solved"][under] += solved is not None and question.covers(solved)
        else:
            kind = question.policy.kind(life.text("status"))
            counts["waiting" if kind == "waiting" else "open"][under] += 1
            counts["overdue"][under] += is_overdue(question, life)
            counts["without_next"][under] += next_step(question, life) is None
            oldest[under] = min(oldest.get(under, life.begun), life.begun)
        for event in life.events:
            by = under if question.by not in {"", "owner"} else Named("owner", event.by)
            if event.minutes and question.covers(event.at):
                counts["minutes"][by] += event.minutes
    who = sorted({under for held in counts.values() for under, count in held.items() if count} | oldest.keys())
    rows: list[tuple[Cell, ...]] = []
    for under in sorted(who, key=lambda under: (-counts["open"][under] - counts["waiting"][under], under)):
        age = question.now - oldest[under] if under in oldest else None
        told = (counts[name][under] for name in ("open", "waiting", "overdue", "without_next"))
        rows.append((under, *told, age, counts["solved"][under], counts["minutes"][under]))
    return Report(
        name="workload",
        title=say("Who has how much"),
        since=question.since,
        until=question.until,
        columns=_WORK,
        rows=tuple(rows),
        totals={name: held.total() for name, held in counts.items() if name != "oldest_days"},
        chart=Chart("bars", ("open", "waiting")),
    )


_FOLLOWED = (
    Column("key", say("Who"), shrinks=True),
    Column("scheduled", say("Scheduled"), "number"),
    Column("overdue", say("Overdue"), "number"),
    Column("none", say("None"), "number"),
    Column("logged", say("Logged"), "number"),
)


def follow_ups(question: Question, lives: Iterable[Life]) -> Report:
    """Return who has how many follow-ups ahead and behind, and how many were logged within the bounds."""
    types = {event.key for event in question.policy.events.entries.values() if event.follow_up}
    counts: dict[str, Counter[Named]] = {column.name: Counter() for column in _FOLLOWED[1:]}
    for life in lives:
        under = group(question, life, "owner")
        if not is_done(question.policy, life):
            at = instant_of(life.state.get("follow-up"), question.now)
            counts["none" if at is None else "scheduled" if at > question.now else "overdue"][under] += 1
        for event in life.events:
            if event.type in types and event.by in question.policy.people.entries and question.covers(event.at):
                counts["logged"][under if question.by not in {"", "owner"} else Named("owner", event.by)] += 1
    who = sorted({under for held in counts.values() for under in held})
    return Report(
        name="follow-ups",
        title=say("Follow-ups ahead and behind"),
        since=question.since,
        until=question.until,
        columns=_FOLLOWED,
        rows=tuple((under, *(held[under] for held in counts.values())) for under in who),
        totals={name: held.total() for name, held in counts.items()},
        chart=Chart("bars", ("scheduled", "overdue", "none")),
    )


_RATED = (
    Column("key", say("Who"), shrinks=True),
    Column("good", say("Good"), "number"),
    Column("bad", say("Bad"), "number"),
    Column("rated", say("Rated"), "number"),
    Column("solved", say("Solved"), "number"),
    Column("share_good", say("Share good"), "share"),
)


def satisfaction(question: Question, lives: Iterable[Life]) -> Report:
    """Return what requesters thought, by who had the ticket when they said so, and how many were solved besides."""
    good: Counter[Named] = Counter()
    bad: Counter[Named] = Counter()
    solved: Counter[Named] = Counter()
    for life in lives:
        under = group(question, life, "owner")
        done = solved_at(question.policy, life)
        if done is not None and question.covers(done):
            solved[under] += 1
        rating = entries(life.state.get("rating"))
        at = instant_of(rating.get("at"), question.now)
        if at is not None and question.covers(at):
            then = value_at(owners(life), at) if question.by in {"", "owner"} else ""
            (good if rating.get("value") == "good" else bad)[Named("owner", then) if then else under] += 1
    who = sorted(good.keys() | bad.keys() | solved.keys())
    rows = ((under, good[under], bad[under], good[under] + bad[under], solved[under]) for under in who)
    total = good.total() + bad.total()
    return Report(
        name="satisfaction",
        title=say("What requesters thought"),
        since=question.since,
        until=question.until,
        columns=_RATED,
        rows=tuple((*row, share(int(row[1]), int(row[3]))) for row in rows),
        totals={
            "good": good.total(),
            "bad": bad.total(),
            "rated": total,
            "solved": solved.total(),
            "share_good": share(good.total(), total),
        },
        chart=Chart("bars", ("good", "bad")),
    )


def is_overdue(question: Question, life: Life) -> bool:
    """Return whether a running clock of a ticket is past its due instant."""
    due = (instant_of(at, question.now) for at in entries(life.state.get("due")).values())
    return any(at is not None and at < question.now for at in due)


def next_step(question: Question, life: Life) -> datetime | None:
    """Return when a ticket is to be followed up; None where it is not, or was to be already."""
    at = instant_of(life.state.get("follow-up"), question.now)
    return None if at is None or at <= question.now else at


def status_since(life: Life) -> datetime:
    """Return since when a ticket has had its status."""
    held = spans(life, "status")
    return held[-1].start if held else life.begun
