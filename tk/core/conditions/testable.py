"""The facts that a condition may test, and what each can be compared with (design, section 5)."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tk.core.names import nearest
from tk.core.policy import KINDS, Branch, Entry, Field, Plain, Policy, Vocabulary, vocabulary
from tk.core.register import COVER_STATES, FAMILIES
from tk.core.rules import CLOCKS, Register


class Context(NamedTuple):
    """The names a desk knows, which conditions are compiled against: each vocabulary under its section of tk.toml.

    Beside the sections there are `kinds` (of status), `ratings` and `clocks`; `fields` are the custom fields.
    """

    names: Mapping[str, Vocabulary[Entry]]
    fields: Mapping[str, Field]

    @classmethod
    def of(cls, policy: Policy) -> "Context":
        """Return the names that `policy` knows."""
        names: dict[str, Vocabulary[Entry]] = {
            name: getattr(policy, name)
            for name in (
                "statuses",
                "priorities",
                "types",
                "categories",
                "channels",
                "events",
                "people",
                "teams",
                "roles",
                "links",
                "requests",
                "approvals",
                "registers",
                "decisions",
                "calendars",
            )
        }
        own_clocks = (rule.clock for rule in policy.deadlines)
        names["clocks"] = vocabulary([Plain(clock, {}) for clock in dict.fromkeys((*CLOCKS, *own_clocks))])
        names["attachments"] = vocabulary(policy.attachments.kinds.entries.values())
        names["kinds"] = vocabulary([Plain(kind, {}) for kind in KINDS])
        names["ratings"] = vocabulary([Plain(rating, {}) for rating in ("good", "bad")])
        return cls(names, policy.fields.entries)


class Fact(NamedTuple):
    """A fact: its full name, the shape of its values, and the vocabulary they come from where they are names.

    Of a length of time that is the vocabulary of calendars: with one of them it has business time, too.

    Shapes: text (case and accents aside), address, exact (as it stands), name and path (of `names`), number, count,
    date, instant, span (a length of time), flag, state (a flag that is always known), words, and open: whatever a
    register or a request holds.
    """

    name: str
    shape: str
    names: Vocabulary[Entry] | Vocabulary[Branch] | Vocabulary[Plain] | None = None

    @property
    def is_counted(self) -> bool:
        """Whether the fact follows from the ticket, so that "none" of it means zero or no."""
        return self.shape in {"count", "state"}


class NoFact(NamedTuple):
    """There is no fact of that name; `near` is the nearest there is."""

    near: str | None


_OWN: Mapping[str, tuple[str, str]] = {
    "id": ("exact", ""),
    "title": ("text", ""),
    "status": ("name", "statuses"),
    "kind": ("name", "kinds"),
    "status-since": ("instant", ""),
    "priority": ("name", "priorities"),
    "type": ("name", "types"),
    "category": ("path", "categories"),
    "channel": ("name", "channels"),
    "requester": ("address", ""),
    "customer": ("exact", ""),
    "unit": ("exact", ""),
    "creator": ("name", "people"),
    "owner": ("name", "people"),
    "team": ("name", "teams"),
    "created": ("instant", ""),
    "updated": ("instant", ""),
    "activity": ("instant", ""),
    "follow-up": ("instant", ""),
    "tags": ("exact", ""),
    "rating": ("name", "ratings"),
}
"""The keys of a ticket that are facts, with `kind`; its lists and maps of records are facts by their members."""

_DERIVED: Mapping[str, tuple[str, str]] = {
    "age": ("span", "calendars"),
    "idle": ("span", "calendars"),
    "in-status": ("span", "calendars"),
    "late": ("span", "calendars"),
    "left": ("span", "calendars"),
    "overdue": ("state", ""),
    "text": ("words", ""),
    "description": ("text", ""),
    "day": ("date", ""),
    "actor": ("name", "people"),
    "actor.role": ("name", "roles"),
    "actor.team": ("name", "teams"),
}

_FAMILIES: Mapping[str, str] = dict.fromkeys(FAMILIES, "open")
"""Facts named by what follows the dot, which may be anything."""

_NAMED: Mapping[str, tuple[str, str]] = {
    "events": ("events", "count"),
    "events-in-status": ("events", "count"),
    "attachments": ("attachments", "count"),
    "attached": ("attachments", "date"),
    "approvals": ("approvals", "state"),
    "requests": ("requests", "open"),
    "decided": ("decisions", "exact"),
    "due": ("clocks", "instant"),
    "breached": ("clocks", "instant"),
    "overdue": ("clocks", "state"),
    "late": ("clocks", "span"),
    "left": ("clocks", "span"),
}
"""Facts named by what follows the dot, which is an entry of the vocabulary: that one, and the shape of the fact."""

_OF_FIELD: Mapping[str, str] = {"choice": "name", "tree": "path", "person": "name"}

RESERVED = frozenset({*_OWN, *_DERIVED, *_FAMILIES, *_NAMED, "linked", "new", "not", "any", "description"})
"""The names a custom field may not have, beside the keys of a ticket."""


def look_up(name: str, context: Context) -> Fact | NoFact:
    """Return the fact called `name`, an event type in it turned into its key."""
    head, _, rest = name.partition(".")
    if rest and head in {"new", "linked", *_NAMED}:
        return _look_inside(head, rest, context)
    if rest and head in _FAMILIES:
        return _look_up_column(name, head, rest, context)
    return _own_fact(name, context) or _derived_fact(name, context) or _no_fact(name, context)


def own_facts(context: Context) -> Iterator[str]:
    """Yield the names of the facts that a ticket holds itself: its keys and the custom fields."""
    yield from _OWN
    yield from context.fields


def _look_inside(head: str, rest: str, context: Context) -> Fact | NoFact:
    if head in _NAMED:
        section, shape = _NAMED[head]
        names = context.names[section]
        key = names.find(rest)
        if key is None:
            return _near(head, names.nearest(rest))
        return Fact(f"{head}.{key}", shape, context.names["calendars"] if shape == "span" else None)
    if head == "new":
        own = _own_fact(rest, context)
        return own._replace(name=f"new.{rest}") if own is not None else _near("new", nearest(rest, own_facts(context)))
    named, _, inner = rest.partition(".")
    links = context.names["links"]
    kind = links.find(named)
    if kind is None:
        return _near("linked", links.nearest(named))
    if not inner:
        return Fact(f"linked.{kind}", "count")
    if inner.partition(".")[0] in {"linked", "new", "actor", "day"}:
        return NoFact(None)
    fact = look_up(inner, context)
    if isinstance(fact, NoFact):
        return _near(f"linked.{kind}", fact.near)
    return fact._replace(name=f"linked.{kind}.{fact.name}")


def _look_up_column(name: str, head: str, column: str, context: Context) -> Fact | NoFact:
    """Return the fact of a register's row; of a register that tk.toml does not describe, any name may be one."""
    register = context.names["registers"].entries.get(FAMILIES[head][0]) if head in FAMILIES else None
    if not isinstance(register, Register):
        return Fact(name, _FAMILIES[head])
    if column in register.covers:
        return Fact(name, "name", COVER_STATES)
    columns = (register.column, *register.columns)
    return Fact(name, "open") if column in columns else _near(head, nearest(column, (*columns, *register.covers)))


def _near(head: str, near: str | None) -> NoFact:
    return NoFact(None if near is None else f"{head}.{near}")


def _own_fact(name: str, context: Context) -> Fact | None:
    if name in _OWN:
        shape, names = _OWN[name]
        return Fact(name, shape, context.names.get(names))
    field = context.fields.get(name)
    if field is None:
        return None
    names_of_field = context.names["people"] if field.type == "person" else field.tree or field.choices
    return Fact(name, _OF_FIELD.get(field.type, field.type), names_of_field)


def _derived_fact(name: str, context: Context) -> Fact | None:
    if name not in _DERIVED:
        return None
    shape, names = _DERIVED[name]
    return Fact(name, shape, context.names.get(names))


def _no_fact(name: str, context: Context) -> NoFact:
    families = (f"{head}.{entry}" for head, (section, _) in _NAMED.items() for entry in context.names[section].entries)
    heads = (f"{head}.NAME" for head in (*_FAMILIES, *_NAMED, "linked", "new"))
    return NoFact(nearest(name, (*own_facts(context), *_DERIVED, *families, *heads)))
