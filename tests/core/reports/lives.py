"""Lives for tests, written as a day at a desk: `life("TK-1", ("1 09:00", "status=open", "owner=ana"), …)`."""

from datetime import datetime, timedelta, timezone
from typing import Any

from tests.policies import desk_policy
from tk.core.chronicle import Change, Happened, Life, Step, lived
from tk.core.reports.values import Question

ZONE = timezone(timedelta(hours=-5))


def at(words: str) -> datetime:
    """Return the instant of a day and a time of August 2026: `3 09:30`."""
    day, _, time = words.partition(" ")
    return datetime.fromisoformat(f"2026-08-{int(day):02}T{time or '00:00'}:00").replace(tzinfo=ZONE)


def stamp(words: str) -> str:
    """Return that instant as a file has it."""
    return at(words).isoformat()


def life(number: str, *steps: tuple[str, ...], **values: Any) -> Life:
    """Return a life of steps: when, then changes `field=value` and events `type by [minutes]`.

    `values` are what further keys hold from the first step on, such as maps.
    """
    made = []
    for place, (when, *words) in enumerate(steps):
        changes = [Change(*_change(word)) for word in words if "=" in word]
        if place == 0:
            changes.append(Change("id", None, number))
            changes += [Change(key.replace("_", "-"), None, value) for key, value in values.items()]
        events = tuple(_event(f"e-{place}-{n}", at(when), word) for n, word in enumerate(words) if "=" not in word)
        made.append(Step(f"{place:040}", at(when), at(when), "ana@example.com", None, tuple(changes), events))
    found = lived(number, made)
    assert found is not None
    return found


def _change(word: str) -> tuple[str, None, Any]:
    field, _, value = word.partition("=")
    path = value.split("/") if field == "category" else value
    return field, None, path or None


def _event(number: str, when: datetime, word: str) -> Happened:
    kind, by, *minutes = word.split()
    return Happened(number, when, kind, by, int(minutes[0]) if minutes else 0)


def question(now: str = "31 00:00", **more: Any) -> Question:
    """Return a question at an instant of August 2026."""
    return Question(desk_policy(), at(now), **more)
