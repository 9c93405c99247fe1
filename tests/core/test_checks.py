"""What `tk check` says of one ticket by format and policy."""

from datetime import timedelta

from tests.cases import AT, event, ticket
from tests.policies import desk_policy
from tk.core.checks import CHECKS, Place, Subject, check_ticket
from tk.core.finding import Finding
from tk.core.ticket import KEYS, Ticket

PATH = "tickets/2026/08/10/TK-260810-7K3QX.md"


def place(key: str) -> Place:
    return Place([*KEYS].index(key) + 2 if key in KEYS else 99, 1)


def found(checked: Ticket, path: str = PATH) -> list[Finding]:
    return check_ticket(desk_policy(), Subject(checked, path, place))


def told(checked: Ticket, path: str = PATH) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.message)) for finding in found(checked, path)]


def test_a_sound_ticket_has_no_finding() -> None:
    sound = ticket(priority="high", category=("medidor", "cobranza"), fields={"level": "2"}, events=(event(),))
    assert told(sound) == []


def test_a_finding_stands_where_its_key_does() -> None:
    (finding,) = found(ticket(priority="hihg"))
    assert finding == Finding(PATH, 7, 1, "unknown-priority", "error", finding.message, ticket="TK-260810-7K3QX")
    assert str(finding.message) == '"hihg" is no priority of this desk; did you mean "high"?'


def test_the_id_must_be_one_and_the_file_where_it_says() -> None:
    for odd in ("7", "", "TK-260810-7K3QU", "tk-260810-7K3QX"):
        assert told(ticket(id=odd)) == [("bad-id", f'"{odd}" is no id; one looks like TK-260812-7K3QX')]
    assert told(ticket(id="7", created=AT.replace(year=1999))) == told(ticket(id="7"))
    assert told(ticket(), "tickets/2026/08/11/TK-260810-7K3QX.md") == [
        ("misplaced", f"the ticket TK-260810-7K3QX belongs at {PATH}")
    ]


def test_every_value_is_checked() -> None:
    odd = ticket(
        title="a\tb",
        status="mislaid",
        type="xyz",
        channel="fone",
        category=("medidor/cobranza",),
        requester="a\nb",
        owner="mlopes",
        team="supporx",
        tags=("\u202eevil",),
        fields={"level": "two", "line": ("a",), "first-call": "yes"},
    )
    assert [code for code, _ in told(odd)] == [
        "bad-value",
        "unknown-type",
        "unknown-category",
        "unknown-channel",
        "bad-value",
        "bad-value",
        "unknown-status",
        "unknown-owner",
        "unknown-team",
        "bad-field",
        "bad-field",
        "bad-field",
    ]
    assert told(ticket(title="  ")) == [("missing-key", "a ticket needs a title")]


def test_what_is_missing_was_said_when_the_file_was_read() -> None:
    bare = Ticket("TK-260810-7K3QX", fields={"level": ""})
    assert told(bare) == []


def test_an_unknown_key_is_a_warning() -> None:
    findings = found(ticket(fields={"levelx": "2", "xyzzy": "x"}))
    assert [(finding.severity, str(finding.message)) for finding in findings] == [
        ("warning", "unknown key levelx; did you mean level?"),
        ("warning", "unknown key xyzzy; it is kept, and no rule sees it"),
    ]


def test_events_are_checked() -> None:
    log = (event(type="nte"), event(id="e-b", type="xyzzy"), event(id="e-c", facts={"visibility": "internalx"}))
    choice = "note, call-in, call-out, mail-in, mail-out, follow-up"
    assert told(ticket(events=log)) == [
        ("unknown-event", 'e-aaaa: "nte" is no event type of this desk; did you mean "note"?'),
        ("unknown-event", f'e-b: "xyzzy" is no event type of this desk; the choice is: {choice}'),
        ("bad-event", 'e-c: an event is public or internal, not "internalx"'),
    ]


def test_nothing_lies_before_the_creation() -> None:
    early = AT - timedelta(days=9)
    assert told(ticket(updated=early, status_since=early, activity=early)) == [
        ("bad-order", f"{key} lies before created") for key in ("status-since", "updated", "activity")
    ]


def test_every_check_says_what_it_asks() -> None:
    assert all(check.__doc__ for check in CHECKS)


def test_no_clock_runs_and_stands_still_or_outlives_what_it_was_for() -> None:
    both = ticket(due={"resolution": AT}, paused={"resolution": "2h", "next-response": "1h"})
    ((code, message),) = told(both)
    assert (code, message.partition(";")[0]) == ("bad-clock", "resolution runs (due) and stands still (paused)")
    assert [(f.code, f.severity) for f in found(ticket(status="solved", due={"resolution": AT}))] == [
        ("bad-clock", "warning")
    ]
    assert told(ticket(status="solved", due={"next-response": AT}, paused={"resolution": "1h"})) == []
