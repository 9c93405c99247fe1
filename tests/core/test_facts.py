"""The facts of a ticket at an instant, as conditions see them: fact and judge agree on every shape of value."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cases import AT, actor, event, ticket
from tests.policies import DESK, desk_policy, policy_of
from tk.core.calendars.lapse import first_due
from tk.core.conditions.language import Context, compile_condition, holds
from tk.core.facts import NOTHING, Facts, Outside, actor_of, speaks_for_another
from tk.core.policy import KINDS
from tk.core.register import Tables
from tk.core.ticket import Approval, Attachment, Link, Plain, Rating, Request, Ticket

HOUR = timedelta(hours=1)
OTHER = ticket(id="TK-260701-0B2M4", status="closed", owner="pnunez", created=AT - 50 * 24 * HOUR)
TICKET = ticket(
    aliases=("OLD-1",),
    title="Calentador no enciende",
    description="Tras la reinstalación.",
    status="pending",
    status_since=AT - 3 * HOUR,
    priority="high",
    type="warranty",
    category=("medidor", "cobranza"),
    channel="phone",
    requester="Ana@example.cl",
    customer="panaderia-sol",
    unit="SN-1",
    owner="mlopez",
    team="support",
    updated=AT - HOUR,
    due={"resolution": AT + 2 * HOUR, "first-response": AT + 5 * HOUR},
    tags=("vip", "b"),
    links=(Link("follows", OTHER.id), Link("see", "TK-260701-00001"), Link("see", "TK-260701-00002")),
    attachments=(Attachment("a", "invoice"), Attachment("b", "invoice"), Attachment("c")),
    requests={"type": Request("mlopez", AT, "fault"), "call": Request("mlopez", AT)},
    approvals={"refund": Approval("pnunez", AT)},
    rating=Rating("good", "ana@example.cl", AT),
    fields={
        "serial": "SN 1",
        "level": "2",
        "bought": "2026-08-01",
        "line": "granel",
        "resolution": ("replaced", "sensor"),
        "consultant": "pnunez",
        "first-call": "true",
        "unknown": "x",
    },
    events=(event(at=AT - 9 * HOUR), event(id="e-b"), event(id="e-c", type="follow-up")),
)
OUTSIDE = Outside(
    Tables(
        {
            "customers": {"panaderia-sol": {"maintenance": "active", "since": "2024-05-01"}},
            "units": {"SN-1": {"item": "77", "billed": "no"}},
        }
    ),
    {OTHER.id: OTHER},
)
AFTER = TICKET._replace(status="solved", owner="pnunez")
FACTS = Facts(desk_policy(), TICKET, AT, actor("zgomez"), OUTSIDE, AFTER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "TK-260810-7K3QX"),
        ("aliases", ("OLD-1",)),
        ("status", "pending"),
        ("kind", "waiting"),
        ("category", "medidor/cobranza"),
        ("tags", ("vip", "b")),
        ("status-since", AT - 3 * HOUR),
        ("due", AT + 2 * HOUR),
        ("due.first-response", AT + 5 * HOUR),
        ("due.none", None),
        ("follow-up", None),
        ("rating", "good"),
        ("age", timedelta(days=2)),
        ("idle", HOUR),
        ("in-status", 3 * HOUR),
        ("overdue", False),
        ("late", None),
        ("left", 2 * HOUR),
        ("day", AT.date()),
        ("text", "Calentador no enciende\nTras la reinstalación."),
        ("serial", "SN 1"),
        ("resolution", "replaced/sensor"),
        ("unknown", None),
        ("links", None),
        ("actor", "zgomez"),
        ("actor.role", ("supervisor", "anyone")),
        ("actor.team", "support"),
        ("actor.shoe", None),
        ("new.status", "solved"),
        ("new.kind", "solved"),
        ("new.owner", "pnunez"),
        ("new.new.owner", None),
        ("linked.follows", 1),
        ("linked.see", 2),
        ("linked.none", 0),
        ("linked.follows.status", "closed"),
        ("linked.see.status", None),
        ("linked.none.status", None),
        ("requests.type", "fault"),
        ("requests.call", True),
        ("requests.resolution", None),
        ("approvals.refund", True),
        ("approvals.visto-bueno", False),
        ("events.note", 2),
        ("events.call-in", 0),
        ("events-in-status.note", 1),
        ("attachments.invoice", 2),
        ("customer.maintenance", "active"),
        ("unit.item", "77"),
        ("unit.none", None),
        ("nothing", None),
        ("nothing.at-all", None),
    ],
)
def test_each_fact_has_its_value(name: str, value: object) -> None:
    assert FACTS(name) == value


@pytest.mark.parametrize(
    "table",
    [
        {"category": "medidor/**"},
        {"category": "Meter/Billing"},
        {"category": "medidor/*"},
        {"not.category": "medidor"},
        {"resolution": "replaced/**"},
        {"resolution": "replaced/sensor"},
        {"level": 2},
        {"level": ">= 1.5"},
        {"bought": "2026-08-01"},
        {"bought": "< 2026-08-12"},
        {"bought": ["2025-01-01", ">= 2026-08-01"]},
        {"first-call": True},
        {"first-call": "sí"},
        {"line": "Granel"},
        {"serial": "sn-1"},
        {"consultant": "Pía Núñez"},
        {"tags": "vip"},
        {"not.tags": ["a", "c"]},
        {"requests.type": "Fault"},
        {"requests.call": True},
        {"requests.resolution": "!"},
        {"approvals.refund": True},
        {"approvals.visto-bueno": "!"},
        {"events.note": ">= 2"},
        {"events-in-status.Nota": 1},
        {"attachments.invoice": 2},
        {"attachments.purchase-note": "!"},
        {"linked.follows": ">= 1"},
        {"linked.follows.status": "closed"},
        {"linked.follows.age": "> 40d"},
        {"linked.follows.category": "!"},
        {"linked.see": 2},
        {"customer.maintenance": "ACTIVE"},
        {"customer.since": "< 2025-01-01"},
        {"unit.item": "> 70"},
        {"unit.billed": False},
        {"due.resolution": "> 2026-08-11"},
        {"left": "<= 2h"},
        {"overdue": False},
        {"late": "!"},
        {"idle": "< 2h", "in-status": ">= 3h", "age": "2d"},
        {"kind": "waiting", "new.status": "Resuelto"},
        {"actor.role": "supervisor"},
        {"actor.role": "anyone", "actor.team": "support", "actor": "zgomez"},
        {"owner": "mlopez", "new.owner": "pnunez"},
        {"creator": "@owner"},
        {"not.owner": "@actor"},
        {"requester": "ana@EXAMPLE.cl"},
        {"text": "reinstalacion calentador"},
        {"rating": "good"},
        {"day": "2026-08-12"},
        {"any": [{"owner": "!"}, {"team": "Soporte"}]},
    ],
    ids=str,
)
def test_fact_and_condition_agree(table: dict[str, object]) -> None:
    compiled = compile_condition(table, Context.of(desk_policy()))
    assert not compiled.problems
    assert holds(compiled.condition, FACTS)


@pytest.mark.parametrize("written", ["no", "maybe", "", ("true",), {"a": "b"}])
def test_a_flag_that_is_not_written_as_one_is_not_yes(written: Plain) -> None:
    facts = FACTS._replace(ticket=TICKET._replace(fields={"first-call": written}))
    assert not holds(compile_condition({"first-call": True}, Context.of(desk_policy())).condition, facts)


@pytest.mark.parametrize("written", ["two", "9" * 5000, "²", "1_0", "", ("2", "3"), {"a": "b"}])
def test_a_number_that_is_none_compares_with_nothing(written: Plain) -> None:
    facts = FACTS._replace(ticket=TICKET._replace(fields={"level": written, "bought": written}))
    for test in ({"level": ">= 0"}, {"level": "< 99"}, {"bought": "> 1999-01-01"}, {"bought": "< 2099-01-01"}):
        assert not holds(compile_condition(test, Context.of(desk_policy())).condition, facts)


def test_a_ticket_of_which_nothing_is_known_has_facts_without_value() -> None:
    facts = Facts(desk_policy(), Ticket("TK"), AT)
    unknown = "status kind category tags owner due left late age idle in-status actor actor.role new.status rating"
    assert [facts(name) for name in unknown.split()] == [None] * 3 + [()] + [None] * 11
    assert facts("overdue") is False
    assert facts("events-in-status.note") == 0
    logged = Ticket("TK", events=(event(),))
    assert Facts(desk_policy(), logged, AT)("events-in-status.note") == 1


def test_overdue_begins_after_the_first_clock_fell_due() -> None:
    due = first_due(TICKET)
    assert due == AT + 2 * HOUR
    on_time, late = FACTS._replace(at=due), FACTS._replace(at=due + timedelta(seconds=1))
    assert [on_time("overdue"), on_time("left"), on_time("late")] == [False, timedelta(0), None]
    assert [late("overdue"), late("left"), late("late")] == [True, None, timedelta(seconds=1)]


def test_each_clock_has_facts_of_its_own() -> None:
    held = FACTS._replace(ticket=TICKET._replace(due={"resolution": AT - HOUR, "visit": AT + 3 * HOUR}))
    assert [held(f"{fact}.resolution") for fact in ("overdue", "late", "left")] == [True, HOUR, None]
    assert [held(f"{fact}.visit") for fact in ("overdue", "late", "left")] == [False, None, 3 * HOUR]
    assert [held(f"{fact}.next-response") for fact in ("overdue", "late", "left", "due")] == [False, None, None, None]


OFFICE = """
[calendars.office]
zone = "UTC"
hours.mon-fri = ["08:00-18:00"]
[calendars.night]
zone = "UTC"
hours.mon-sun = ["22:00-06:00"]
[[deadline]]
name = "visit"
clock = "visit"
target = "8bh"
calendar = "night"
start = { status = "open" }
"""


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"age": ">= 20bh"}, True),
        ({"age": "> 20bh"}, False),
        ({"age": "< 21bh"}, True),
        ({"age": ">= 2bd"}, True),
        ({"age": "> 2bd"}, False),
        ({"age": "<= 2bd"}, True),
        ({"idle": "> 1bd"}, True),
        ({"idle": "< 2bd"}, True),
        ({"idle": "12bh"}, True),
        ({"in-status": ">= 1bh"}, False),
        ({"in-status": ["1bh", "30m"]}, True),
        ({"not.age": ["20bh", "30m"]}, False),
        ({"left": "<= 4bh"}, True),
        ({"left.visit": "<= 4bh"}, True),
        ({"left.visit": "< 4bh"}, False),
        ({"late.visit": ">= 0bh"}, False),
        ({"late.resolution": ">= 0bh"}, False),
    ],
)
def test_lengths_of_time_are_told_in_business_time_too(condition: dict[str, object], found: bool) -> None:
    """A Monday, 12:00: two business days after it was created, a day and two hours after the last activity."""
    policy = policy_of(DESK + OFFICE)
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    held = ticket(
        created=datetime(2026, 11, 26, 12, tzinfo=UTC),
        updated=datetime(2026, 11, 27, 10, tzinfo=UTC),
        status_since=datetime(2026, 11, 30, 11, 30, tzinfo=UTC),
        due={"visit": datetime(2026, 12, 1, 2, tzinfo=UTC)},
    )
    compiled = compile_condition(condition, Context.of(policy))
    assert compiled.problems == ()
    assert holds(compiled.condition, Facts(policy, held, now)) is found


def test_business_time_is_that_of_the_desk_as_it_was_for_linked_tickets_too() -> None:
    policy = policy_of(DESK + OFFICE)
    linked = ticket(id=OTHER.id, created=datetime(2026, 11, 27, 12, tzinfo=UTC))
    held = Facts(policy, TICKET, datetime(2026, 11, 30, 12, tzinfo=UTC), None, Outside(linked={OTHER.id: linked}))
    assert held("linked.follows.age@bh") == 10 * HOUR
    assert held("linked.follows.age@bd") == 1


def test_idle_counts_from_the_last_activity() -> None:
    assert FACTS._replace(ticket=TICKET._replace(activity=AT - 9 * HOUR))("idle") == 9 * HOUR


def test_the_day_is_that_of_the_desk() -> None:
    midnight = datetime.fromisoformat("2026-08-12T23:30:00-05:00")
    assert FACTS._replace(at=midnight)("day") == midnight.date()


def test_a_linked_ticket_that_is_not_at_hand_has_no_facts() -> None:
    assert FACTS._replace(outside=NOTHING)("linked.follows.status") is None
    assert FACTS._replace(outside=NOTHING)("linked.follows") == 1


def test_an_address_of_the_policy_is_a_person_any_other_anyone() -> None:
    maria = actor_of(desk_policy(), "MARIA@example.org")
    assert (maria.name, maria.roles, maria.team) == ("mlopez", ("agent", "anyone"), "support")
    stranger = actor_of(desk_policy(), "who@example.net")
    assert (stranger.name, stranger.handle, stranger.roles) == ("who@example.net", None, ("anyone",))
    assert actor_of(desk_policy(), " a b\n").name == "ab"
    assert actor_of(desk_policy(), " ").name == "nobody"


def test_whoever_is_neither_oneself_nor_of_the_desk_is_spoken_for() -> None:
    assert speaks_for_another(desk_policy(), "ana@example.cl", "mlopez")
    assert not speaks_for_another(desk_policy(), "ana@example.cl", "ana@example.cl")
    assert not speaks_for_another(desk_policy(), "zgomez", "mlopez")
    assert speaks_for_another(desk_policy(), "ana@example.cl", None)


def test_every_kind_of_status_is_a_kind_of_ticket() -> None:
    kinds = {FACTS._replace(ticket=ticket(status=status))("kind") for status in desk_policy().statuses.entries}
    assert kinds == set(KINDS)
