"""In which order the index gives tickets: SQL for the keys by which lists are sorted."""

from collections.abc import Mapping

from tk.core.policy import Policy
from tk.core.ticket import attribute
from tk.store.index.query import Clause, Values

_SORTS: Mapping[str, str] = {
    **{key: f"{attribute(key)}_at" for key in ("created", "updated", "activity", "status-since", "follow-up")},
    "title": "folded(title)",
    "due": "due_at",
    "age": "-created_at",
    "idle": "-coalesce(activity_at, updated_at)",
    "in-status": "-status_since_at",
}
"""What a list is sorted by where that is not the column of the same name; priority and status go by the policy."""


def order(sort: tuple[tuple[str, bool], ...], policy: Policy) -> Clause:
    """Return the ORDER BY of `sort`, keys of `tk.core.query.SORTS` and whether each descends; no value comes last."""
    terms: list[str] = []
    values: Values = ()
    for key, descending in sort:
        term = _rank(key, policy) if key in {"priority", "status"} else Clause(_SORTS.get(key, key))
        terms.append(f"({term.text}) {'DESC' if descending else 'ASC'} NULLS LAST")
        values += term.values
    return Clause(", ".join([*terms, "id", "path"]), values)


def _rank(key: str, policy: Policy) -> Clause:
    """Return the place of a priority (the highest first) or of a status in the policy."""
    if key == "priority":
        ranks = {entry.key: -entry.rank for entry in policy.priorities.entries.values()}
    else:
        ranks = {status: place for place, status in enumerate(policy.statuses.entries)}
    if not ranks:
        return Clause("NULL")
    cases = " ".join(["WHEN ? THEN ?"] * len(ranks))
    return Clause(f"CASE {key} {cases} END", tuple(value for pair in ranks.items() for value in pair))
