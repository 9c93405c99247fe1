"""Cases for the law: policies, tickets that fit them or do not, actors, and actions of every verb."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.policies import desk_policy, policies
from tests.strategies import LINES, TEXTS, events, tickets
from tk.core import ids
from tk.core.action import ORDER, Action, Assignment, Draft
from tk.core.facts import EVERYBODY, NOTHING, Actor, actor_of
from tk.core.instant import format_instant
from tk.core.law.judge import judge
from tk.core.policy import Permission, Policy, Role, vocabulary
from tk.core.ticket import Approval, Attachment, Event, Link, Rating, Request, Ticket
from tk.core.verdict import Refusal

AT = datetime.fromisoformat("2026-08-12T11:02:40-05:00")
"""The instant of the cases, in the zone of their desks."""

NAMES = st.sampled_from(["refund", "type", "reinstall", "follows", "purchase-note"])
_SELDOM = st.integers(0, 9).map(lambda number: number == 9)
_ADDRESS = "ana@example.cl"
_OTHER = "TK-260701-0B2M4"


class Case(NamedTuple):
    """Who stands before which ticket when, and the policy in force."""

    policy: Policy
    before: Ticket | None
    actor: Actor
    at: datetime = AT

    def judge(self, action: Action) -> Ticket | Refusal:
        """Ask the law."""
        return judge(self.policy, NOTHING, self.before, action, self.actor, self.at)


def lenient(policy: Policy) -> Policy:
    """Return the policy with everything allowed to everybody, as in the preset `simple`."""
    return policy._replace(
        roles=vocabulary([Role(EVERYBODY, {}, (Permission("*", None, 7),), 6)]),
        requirements=(),
    )


def ticket(**values: Any) -> Ticket:
    """Return a ticket of the desk of `desk_policy`, two days old."""
    created = AT - timedelta(days=2)
    return Ticket(
        **{
            "id": "TK-260810-7K3QX",
            "title": "Calentador no enciende",
            "status": "open",
            "status_since": created,
            "creator": "mlopez",
            "created": created,
            "updated": created,
            **values,
        }
    )


def actor(handle: str = "mlopez", policy: Policy | None = None) -> Actor:
    """Return a person of the desk of `desk_policy`."""
    return actor_of(policy or desk_policy(), f"{handle}@example.com")


def event(**values: Any) -> Event:
    """Return a note that María López enters now."""
    return Event(**{"at": AT, "type": "note", "by": "mlopez", "id": "e-aaaa", "text": "x", **values})


def _pick(names: Mapping[str, object], odd: st.SearchStrategy[str] = LINES) -> st.SearchStrategy[str]:
    """Draw one of `names`, seldom something else."""
    known = st.sampled_from([*names]) if names else odd
    return _SELDOM.flatmap(lambda is_odd: odd if is_odd else known)


def _values(policy: Policy, key: str) -> st.SearchStrategy[Any]:
    """Draw values for a key: most of them right, some that its tk.toml does not know, some of a wrong shape."""
    by_key: dict[str, st.SearchStrategy[Any]] = {
        "priority": _pick(policy.priorities.entries),
        "type": _pick(policy.types.entries),
        "channel": _pick(policy.channels.entries),
        "category": _pick(policy.categories.entries).map(lambda path: tuple(path.split("/"))),
        "tags": st.lists(LINES, min_size=1, max_size=3).map(tuple),
        "requester": st.just(_ADDRESS),
    }
    field = policy.fields.entries.get(key)
    if field is not None:
        by_type: dict[str, st.SearchStrategy[Any]] = {
            "number": st.integers(-5, 99).map(str),
            "date": st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(str),
            "flag": st.sampled_from(["true", "false"]),
            "person": _pick(policy.people.entries),
            "choice": _pick(field.choices.entries if field.choices else {}),
            "tree": _pick(field.tree.entries if field.tree else {}).map(lambda path: tuple(path.split("/"))),
        }
        by_key[key] = by_type.get(field.type, LINES)
    odd = st.one_of(TEXTS, st.lists(TEXTS, max_size=2).map(tuple), st.dictionaries(TEXTS, TEXTS, max_size=1))
    return _SELDOM.flatmap(lambda is_odd: odd if is_odd else by_key.get(key, LINES))


_SET = ("title", "priority", "type", "category", "channel", "requester", "customer", "unit", "tags")


@st.composite
def fitting_tickets(draw: st.DrawFn, policy: Policy) -> Ticket:
    """Draw tickets that the policy may have led to, most of their values known to it."""
    created = AT - timedelta(minutes=draw(st.integers(0, 9_000)))
    updated = created + (AT - created) * draw(st.sampled_from([0, 0.5, 1]))
    updated = updated.replace(microsecond=0)
    keys = [key for key in _SET[1:] if draw(st.booleans())]
    people, others = _pick(policy.people.entries), st.sampled_from(["a.pdf", "b.pdf"])
    fields = [key for key in policy.fields.entries if draw(st.booleans())]
    return Ticket(
        id="TK-260810-7K3QX",
        title="Calentador no enciende",
        status=draw(_pick(policy.statuses.entries)),
        status_since=updated,
        **{key: draw(_values(policy, key)) for key in keys},
        creator=draw(people),
        owner=draw(st.none() | people),
        team=draw(st.none() | _pick(policy.teams.entries)),
        created=created,
        updated=updated,
        activity=draw(st.sampled_from([None, created])),
        follow_up=draw(st.sampled_from([None, AT])),
        links=draw(st.sampled_from([(), (Link("follows", _OTHER),)])),
        attachments=tuple(Attachment(name) for name in draw(st.lists(others, unique=True))),
        requests=draw(st.dictionaries(NAMES, st.just(Request("mlopez", created)), max_size=2)),
        approvals=draw(st.dictionaries(NAMES, st.just(Approval("zgomez", created)), max_size=2)),
        rating=draw(st.sampled_from([None, Rating("bad", _ADDRESS, created)])),
        fields={key: draw(_values(policy, key)) for key in fields},
        description=draw(st.sampled_from(["", "It is cold."])),
        events=draw(events()),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw cases: before a new ticket, one of this desk, or one that nobody could have made."""
    policy = draw(st.just(desk_policy()) | policies())
    policy = lenient(policy) if draw(st.booleans()) else policy
    before = draw(st.sampled_from([fitting_tickets(policy)] * 4 + [tickets(), st.none()]).flatmap(lambda drawn: drawn))
    email = draw(st.sampled_from([*(p.emails[0] for p in policy.people.entries.values()), "who@example.net", ""]))
    return Case(policy, before, actor_of(policy, email))


def _drafts(policy: Policy) -> st.SearchStrategy[Draft]:
    keys = st.lists(st.sampled_from([*_SET[1:], *policy.fields.entries]), unique=True, max_size=3)
    values = keys.flatmap(lambda chosen: st.fixed_dictionaries({key: _values(policy, key) for key in chosen}))
    tails = st.integers(0, ids.TAILS - 1).map(ids.tail_from)
    right = st.builds(ids.make, st.just(policy.desk.prefix), st.just(AT.date()), tails)
    return st.builds(Draft, _pick({}, right) | right, LINES, TEXTS, values)


@st.composite
def _logged(draw: st.DrawFn, case: Case) -> Event:
    by = draw(st.sampled_from([case.actor.name, case.actor.name, "zgomez", _ADDRESS, ""]))
    late = draw(st.sampled_from([0, 0, 60, 301, 9_000, -5]))
    logged = draw(st.sampled_from([{}, {"logged": format_instant(case.at)}, {"logged": "soon"}]))
    facts = {**draw(st.dictionaries(st.sampled_from(["minutes", "visibility"]), TEXTS, max_size=1)), **logged}
    number = ids.event_id(draw(st.integers(0, 32**4 - 1)))
    kind = draw(_pick(case.policy.events.entries, TEXTS))
    return Event(case.at - timedelta(seconds=late), kind, by, number, draw(TEXTS), facts)


def _mostly(right: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _SELDOM.flatmap(lambda is_odd: odd if is_odd else right)


@st.composite
def actions(draw: st.DrawFn, case: Case, verbs: tuple[str, ...] = ()) -> Action:
    """Draw actions of every verb, most of them what a person could mean."""
    policy = case.policy
    verb = draw(st.sampled_from(verbs or (*ORDER, "undo")))
    document = st.builds(
        Attachment,
        _mostly(st.sampled_from(["c.pdf", "d e.pdf"]), TEXTS),
        st.none() | _pick(policy.attachments.kinds.entries, NAMES | TEXTS),
        st.none() | st.dates(),
    )
    people = st.none() | _pick(policy.people.entries, TEXTS)
    given: dict[str, st.SearchStrategy[Any]] = {
        "new": _drafts(policy),
        "attach": document,
        "request": st.none() | LINES | TEXTS,
        "approve": st.none(),
        "link": _mostly(st.sampled_from(["TK-260812-0B2M4", _OTHER]), TEXTS),
        "log": _logged(case),
        "log-for": _logged(case),
        "assign": st.builds(Assignment, people, st.none() | _pick(policy.teams.entries, TEXTS)),
        "schedule": st.none() | st.just(AT + timedelta(days=1)),
        "advance": _pick(policy.statuses.entries, TEXTS),
        "rate": _mostly(st.sampled_from(["good", "bad"]), TEXTS),
    }
    key = draw(_mostly(st.sampled_from([*_SET, "description", *policy.fields.entries]), TEXTS))
    given["set"] = st.none() | _values(policy, key)
    value = draw(given.get(verb, TEXTS))
    objects = {"set": key, "attach": getattr(value, "kind", None) or "", "log": getattr(value, "type", "")}
    objects["log-for"] = objects["log"]
    names: dict[str, Mapping[str, object]] = {
        "request": policy.requests.entries,
        "approve": policy.approvals.entries,
        "link": policy.links.entries,
    }
    named = draw(_pick(names[verb], NAMES)) if verb in names else objects.get(verb, "")
    if verb == "request" and named == "type":
        value = draw(st.none() | _pick(policy.types.entries, TEXTS))
    return Action(verb, draw(_mostly(st.just(named), TEXTS)), value)
