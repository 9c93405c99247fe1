"""What a template may read: nothing internal, everything under the names of `tk show --json`."""

from tests.policies import desk_policy
from tests.strategies import tickets
from hypothesis import given, settings
from tk.core.notice import Recipient
from tk.core.ticket import Ticket
from tk.post.view import to, view


@settings(max_examples=50)
@given(tickets())
def test_no_internal_event_is_in_it(ticket: Ticket) -> None:
    events = tuple(
        event._replace(text=f"{text}{number}", facts={**event.facts, "visibility": visibility})
        for number, event in enumerate(ticket.events)
        for visibility, text in [("internal", "SECRET") if number % 2 == 0 else ("public", "told")]
    )
    held = ticket._replace(events=events)
    read = view(desk_policy(), "es", None, held, "tickets/x.md")
    assert "SECRET" not in str(read)
    assert [event["text"] for event in read["new_events"]] == [e.text for e in events if e.text.startswith("told")]
    assert sum(read["counts"].values()) == len(events)
