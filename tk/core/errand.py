"""What people's words come to when they schedule, ask, approve, rate, attach or link."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tk.core.action import Action
from tk.core.instant import format_instant, in_zone, parse_date, parse_duration, parse_instant
from tk.core.law.requests import wanted
from tk.core.names import fold
from tk.core.policy import Plain, Policy, vocabulary
from tk.core.values import choose
from tk.errors import Message, WrongUsage, say

_NEVER = frozenset({"none", "never", "ninguno", "nunca"})
_DAYS = {"today": 0, "hoy": 0, "tomorrow": 1, "manana": 1}

_RATINGS = vocabulary([Plain("good", {"es": "Buena"}), Plain("bad", {"es": "Mala"})])


def follow_up(text: str, now: datetime, zone: str) -> datetime | None:
    """Return the instant that the words name, as `moment` reads them; None for "none".

    Raises:
        WrongUsage: they name none, or one that is past.
    """
    words = text.strip()
    if words.lower() in _NEVER:
        return None
    at = moment(words, now, zone, say('write 2026-08-12T09:30, "tomorrow 10:00", 2026-08-12, +2d, or none'))
    if at < now:
        raise WrongUsage(say("{at} is past; a follow-up is yet to come", at=format_instant(at)))
    return at


def moment(text: str, now: datetime, zone: str, hint: Message | None = None) -> datetime:
    """Return the instant that the words name, in the desk's zone.

    An instant with its offset; a day and a time, or a day alone (its beginning); `today` or `tomorrow`, with a time or
    without one; `+2d`, `+90m`, `+4h`, `+1w` from now.

    Raises:
        WrongUsage: they name none; `hint` says what would be right.
    """
    try:
        return in_zone(_instant(text.strip(), now, ZoneInfo(zone)), ZoneInfo(zone))
    except (ValueError, OverflowError, KeyError):  # KeyError: a length in business time, which needs a calendar
        message = say('"{text}" is no instant', text=text.strip())
        instead = hint or say('write 2026-08-12T09:30, "tomorrow 10:00", 2026-08-12 or +2d')
        raise WrongUsage(message, instead) from None


def _instant(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    if text.startswith("+"):
        return now + parse_duration(text[1:]).wall
    try:
        return parse_instant(text.replace(" ", "T", 1))
    except ValueError:
        pass
    day_text, _, time_text = text.replace("T", " ", 1).partition(" ")
    ahead = _DAYS.get(fold(day_text))
    day = parse_date(day_text) if ahead is None else now.astimezone(zone).date() + timedelta(days=ahead)
    return _local(day, time_text.strip(), zone)


def _local(day: date, text: str, zone: ZoneInfo) -> datetime:
    """Return the instant at which clocks of the zone show a time of a day; through UTC, as some times do not exist."""
    at = time.fromisoformat(text) if text else time()
    if at.tzinfo is not None or (text and len(text) not in {len("09:30"), len("09:30:00")}):
        raise ValueError(text)
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def request(policy: Policy, name: str, value: str | None) -> Action:
    """Return the action that asks for what `name` names, with the value wanted; raise WrongUsage for what is none."""
    key = choose(policy.requests, name, say("request"))
    return Action("request", key, None if value is None else wanted(policy, policy.requests.entries[key], value))


def approve(policy: Policy, name: str) -> Action:
    """Return the action that approves what `name` names; raise WrongUsage for what is none."""
    return Action("approve", choose(policy.approvals, name, say("approval")))


def rate(text: str) -> Action:
    """Return the action that rates a ticket; raise WrongUsage for what is no rating."""
    return Action("rate", "", choose(_RATINGS, text, say("rating")))


def document_kind(policy: Policy, text: str | None) -> str | None:
    """Return the kind of document that the words name; raise WrongUsage where none is called so."""
    return None if text is None else choose(policy.attachments.kinds, text, say("kind of document"))


def document_date(text: str | None) -> date | None:
    """Return the day that a document bears; raise WrongUsage for what is none."""
    try:
        return None if text is None else parse_date(text)
    except ValueError:
        raise WrongUsage(say('"{text}" is no day', text=text), say("write it as 2026-08-12")) from None
