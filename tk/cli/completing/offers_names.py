"""What could come next on the command line, as far as the policy of the desk names it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tk.core import query
from tk.core.conditions.language import Context, own_facts
from tk.core.names import fold
from tk.core.policy import KINDS, Policy, Vocabulary
from tk.core.values import SETTABLE, vocabulary_of
from tk.core.vocabulary import in_language
from tk.store.desk import Desk

Offers = Iterable[tuple[str, str]]
"""Words, each with what it means."""


class Asked(NamedTuple):
    """The desk and the words so far: the one to be completed, and the values of the arguments before it."""

    desk: Desk
    incomplete: str
    params: Mapping[str, Any]

    @property
    def policy(self) -> Policy:
        """The policy of the desk."""
        return self.desk.policy


def people(asked: Asked) -> Offers:
    """Return the people and teams that may be given a ticket."""
    people, teams = named(asked.policy, asked.policy.people), named(asked.policy, asked.policy.teams)
    return [("me", ""), *people, *teams, ("nobody", "")]


def owners(asked: Asked) -> Offers:
    """Return the people that may own a ticket."""
    return [("me", ""), *named(asked.policy, asked.policy.people)]


def events(asked: Asked) -> Offers:
    """Return the types of event."""
    return named(asked.policy, asked.policy.events)


def links(asked: Asked) -> Offers:
    """Return the kinds of link."""
    return named(asked.policy, asked.policy.links)


def requests(asked: Asked) -> Offers:
    """Return what may be asked for."""
    return named(asked.policy, asked.policy.requests)


def wanted(asked: Asked) -> Offers:
    """Return the values of the field that a request is about."""
    kind = asked.policy.requests.entries.get(str(asked.params.get("name")))
    return [] if kind is None or kind.field is None else values(asked.policy, kind.field)


def approvals(asked: Asked) -> Offers:
    """Return what may be approved."""
    return named(asked.policy, asked.policy.approvals)


def documents(asked: Asked) -> Offers:
    """Return the kinds of document."""
    return named(asked.policy, asked.policy.attachments.kinds)


def clocks(asked: Asked) -> Offers:
    """Return the clocks that deadlines name."""
    return [(clock, "") for clock in dict.fromkeys(rule.clock for rule in asked.policy.deadlines)]


def sections(asked: Asked) -> Offers:
    """Return the sections of tk.toml as it stands."""
    from tk.core.written.toml import loads

    return [(name, "") for name in loads(asked.desk.policy_data.decode("utf-8-sig"))]


def ratings(_: Asked) -> Offers:
    """Return what a rating may be."""
    return [("good", ""), ("bad", "")]


def tables(asked: Asked) -> Offers:
    """Return the decision tables."""
    return named(asked.policy, asked.policy.decisions)


def reasons(asked: Asked) -> Offers:
    """Return the reasons for which complaints may be filed."""
    complaints = (table.complaint for table in asked.policy.decisions.entries.values())
    return next((named(asked.policy, complaint.reasons) for complaint in complaints if complaint is not None), [])


def answers(asked: Asked) -> Offers:
    """Return NAME= for each fact of the decision tables, and after the sign its answers."""
    name, equals, _ = asked.incomplete.partition("=")
    language = asked.policy.desk.language
    questions = {
        key: q for table in asked.policy.decisions.entries.values() for key, q in table.questions.entries.items()
    }
    if not equals:
        return [(f"{key}=", in_language(question.labels, language)) for key, question in questions.items()]
    values = questions[name].values if name in questions else None
    return [(f"{name}={answer}", told) for answer, told in named(asked.policy, values)]


def fields(asked: Asked) -> Offers:
    """Return KEY=, and after the sign the values that the key may have."""
    key, equals, _ = asked.incomplete.partition("=")
    if equals:
        name = asked.policy.fields.find(key) or key
        return [(f"{key}={value}", told) for value, told in values(asked.policy, name)]
    keys = (*SETTABLE, "tags+", "tags-", "description", *asked.policy.fields.entries)
    return [(f"{name}=", asked.policy.fields.label(name, asked.policy.desk.language)) for name in keys]


def groups(asked: Asked) -> Offers:
    """Return what reports can be grouped by; which report it is, click does not tell before an option has its value."""
    from tk.core.reports.catalogue import GROUPS
    from tk.core.reports.paths import BY

    return [*((name, "") for name in dict.fromkeys((*GROUPS, *BY))), *named(asked.policy, asked.policy.fields)]


def words(asked: Asked) -> Offers:
    """Return FIELD:, and after the colon the values that may be asked for, those after a comma too."""
    field, colon, value = asked.incomplete.partition(":")
    if not colon:
        return [(f"{name}:", "") for name in dict.fromkeys((*FIRST, *own_facts(Context.of(asked.policy))))]
    before, comma, _ = value.rpartition(",")
    return [(f"{field}:{before}{comma}{word}", told) for word, told in asked_for(asked.policy, fold(field))]


def asked_for(policy: Policy, field: str) -> Offers:
    """Return the values that a query may ask of a field."""
    if field == "is":
        return [(kind, "") for kind in KINDS]
    if field == "sort":
        return [(f"{sign}{key}", "") for sign in ("", "-") for key in query.SORTS]
    if field == "overdue":
        return [("yes", ""), ("no", "")]
    more = ["me"] if field in {"owner", "creator"} else []
    more += ["any"] if field == "status" else ["none"]
    return [*values(policy, "owner" if field == "creator" else field), *((word, "") for word in more)]


def values(policy: Policy, key: str) -> Offers:
    """Return the values that a key of a ticket may have, as far as the policy names them."""
    field = policy.fields.entries.get(key)
    if field is None:
        return named(policy, vocabulary_of(policy, key))
    if field.type == "flag":
        return [("yes", ""), ("no", "")]
    return named(policy, policy.people if field.type == "person" else field.choices or field.tree)


def named(policy: Policy, names: Vocabulary[Any] | None) -> Offers:
    """Return each key with its label, which a path of a tree has of each of its steps."""
    if names is None:
        return []
    return [(key, names.label(key, policy.desk.language)) for key in names.entries]


FIRST = ("status", "is", "owner", "priority", "category", "tag", "overdue", "due", "sort", "limit")
"""The fields of a query that people ask for most."""
