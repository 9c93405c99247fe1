"""Every report there is, by name: what makes it, which keys' changes it reads, what it can be grouped by."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from tk.core.chronicle import Life
from tk.core.reports import attention, flow, paths, people, recurring, sla, times
from tk.core.reports.values import Question, Report


class Kind(NamedTuple):
    """A report that can be asked for.

    `fields` are the keys it reads beside the one it groups by, None for all; `by` what it can be grouped by, None for
    any key of a ticket; `counts_over` whether it counts over periods, `is_bounded` whether bounds of time mean
    something to it.
    """

    make: Callable[[Question, Iterable[Life]], Report]
    fields: tuple[str, ...] | None
    by: tuple[str, ...] | None = None
    counts_over: bool = False
    is_bounded: bool = True


KINDS: Mapping[str, Kind] = {
    "time": Kind(times.time, times.FIELDS),
    "recurring": Kind(recurring.recurring, recurring.FIELDS, counts_over=True),
    "sla": Kind(sla.sla, sla.FIELDS),
    "workload": Kind(people.workload, people.FIELDS),
    "follow-ups": Kind(people.follow_ups, people.FIELDS),
    "satisfaction": Kind(people.satisfaction, people.FIELDS),
    "attention": Kind(attention.attention, attention.FIELDS, (), is_bounded=False),
    "flow": Kind(flow.flow, flow.FIELDS, counts_over=True),
    "paths": Kind(paths.paths, None, paths.BY),
}
"""The reports in the order in which help names them."""

GROUPS = (
    "owner",
    "team",
    "status",
    "priority",
    "type",
    "category",
    "channel",
    "requester",
    "customer",
    "unit",
    "creator",
)
"""The built-in keys that tickets can be grouped by; every custom field can, too."""
