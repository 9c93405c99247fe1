"""What a log comes to: the same however it was read, at once or as it grew, whatever was read in between."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.cases import AT, event, ticket
from tests.policies import DESK, desk_policy, policy_of
from tk.core.log import count_ids, first_answer, has_event, last_answer, unanswered_since
from tk.core.policy import Policy
from tk.core.ticket import Event

OTHER = policy_of(DESK.replace('contact = "to"', 'contact = "from"'))
IDS = ("e-aaaa", "e-bbbb", "e-cccc")

LOGS = st.lists(
    st.builds(
        lambda minute, type_, by, name, automatic: event(
            at=AT + timedelta(minutes=minute), type=type_, by=by, id=name, facts=automatic
        ),
        st.integers(0, 4),
        st.sampled_from(["note", "call-in", "call-out", "mail-out", "no such"]),
        st.sampled_from(["mlopez", "zgomez", "ana@example.cl"]),
        st.sampled_from(IDS),
        st.sampled_from([{}, {}, {"auto-submitted": "auto-replied"}]),
    ),
    max_size=8,
).map(tuple)


def contacts(policy: Policy, log: Sequence[Event], direction: str) -> list[tuple[datetime, int]]:
    kinds = {key for key, kind in policy.events.entries.items() if kind.contact == direction}
    return [(e.at, place) for place, e in enumerate(log) if e.type in kinds and not e.is_automatic]


def asked(policy: Policy, log: tuple[Event, ...]) -> list[object]:
    held = ticket(events=log)
    answers = [first_answer(policy, held), last_answer(policy, held), unanswered_since(policy, held)]
    return [*answers, count_ids(policy, held), *(has_event(policy, held, name) for name in IDS)]


def worked_out(policy: Policy, log: tuple[Event, ...]) -> list[object]:
    """Return what `asked` should, from the whole log."""
    answers = [contact for contact in contacts(policy, log, "to") if log[contact[1]].by in policy.people.entries]
    waiting = [contact for contact in contacts(policy, log, "from") if not answers or contact > max(answers)]
    first, last, oldest = (
        found[0] if found else (None,) for found in (sorted(answers), sorted(answers)[-1:], sorted(waiting))
    )
    held = {e.id for e in log}
    return [first[0], last[0], oldest[0], len(held), *(name in held for name in IDS)]


@given(st.lists(st.tuples(LOGS, st.integers(0, 8), st.booleans()), max_size=6))
def test_a_log_comes_to_the_same_whatever_was_read_before(reads: list[tuple[tuple[Event, ...], int, bool]]) -> None:
    for log, start, is_other in reads:
        policy = OTHER if is_other else desk_policy()
        for length in (*range(min(start, len(log)), len(log) + 1), 0, len(log)):
            assert asked(policy, log[:length]) == worked_out(policy, log[:length])


def test_instants_are_told_as_the_log_has_them() -> None:
    """Two logs that say the same in the times of two zones are equal, and yet not written alike."""
    here = event(type="call-out")
    there = here._replace(at=AT.astimezone(datetime.fromisoformat("2026-08-12T00:00:00+09:00").tzinfo))
    for told in (here, there, here):
        found = first_answer(desk_policy(), ticket(events=(told,)))
        assert found is not None
        assert found.isoformat() == told.at.isoformat()
