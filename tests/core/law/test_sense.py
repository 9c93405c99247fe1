"""What makes no sense is refused, whoever asks: the sentences name the ticket, the reason and what would do."""

from datetime import datetime, timedelta

import pytest

from tests.cases import AT, Case, actor, event, ticket
from tests.policies import desk_policy
from tk.core.action import Action, Assignment, Draft
from tk.core.ticket import Attachment, Link, Ticket
from tk.core.verdict import Refusal

ID = "TK-260810-7K3QX"
BEFORE = ticket(
    attachments=(Attachment("a.pdf"),),
    links=(Link("follows", "TK-260701-0B2M4"),),
    events=(event(id="e-0000"),),
    fields={"color": "red", "empty": ""},
)


def asked(action: Action, before: Ticket | None = BEFORE) -> Refusal | Ticket:
    return Case(desk_policy(), before, actor("zgomez")).judge(action)


def refused(action: Action, before: Ticket | None = BEFORE) -> tuple[str, str, str | None]:
    refusal = asked(action, before)
    assert isinstance(refusal, Refusal), refusal
    return refusal.code, str(refusal.message), None if refusal.instead is None else str(refusal.instead)


def log(verb: str = "log", by: str = "zgomez", **values: object) -> Action:
    entered = event(by=by, **values)
    return Action(verb, entered.type, entered)


CHOICE = "the choice is: incident, warranty, fault"

REFUSALS = [
    (
        Action("advance", "", "on-hold"),
        BEFORE._replace(status="pending"),
        "transition",
        f"{ID}: no way leads from Pendiente to En espera (tk.toml:19)",
        "from Pendiente it can go to: Abierto, Resuelto",
    ),
    (
        Action("advance", "", "pendingx"),
        BEFORE,
        "unknown-status",
        f'{ID}: "pendingx" is no status of this desk',
        'did you mean "pending"?',
    ),
    (Action("advance", "", ""), BEFORE, "bad-value", f"{ID}: status cannot be empty; it has a value or none", None),
    (Action("set", "type", "xyz"), BEFORE, "unknown-type", f'{ID}: "xyz" is no type of this desk', CHOICE),
    (
        Action("set", "category", ("medidor", "cobransa")),
        BEFORE,
        "unknown-category",
        f'{ID}: "medidor/cobransa" is no category of this desk',
        'did you mean "medidor/cobranza"?',
    ),
    (
        Action("set", "category", ("medidor/cobranza",)),
        BEFORE,
        "unknown-category",
        f"{ID}: category is a list of steps: [medidor, cobranza]",
        None,
    ),
    (
        Action("set", "level", "high"),
        BEFORE,
        "bad-field",
        f'{ID}: "high" is no value for level, which is a number',
        "write it like 12 or 3.5",
    ),
    (
        Action("set", "line", "granell"),
        BEFORE,
        "bad-field",
        f'{ID}: "granell" is no line of this desk',
        'did you mean "granel"?',
    ),
    (Action("set", "title", None), BEFORE, "missing-key", f"{ID}: a ticket needs a title", None),
    (
        Action("set", "title", "a\nb"),
        BEFORE,
        "bad-value",
        f"{ID}: title must be text on one line, without control characters",
        None,
    ),
    (
        Action("set", "customer", ""),
        BEFORE,
        "bad-value",
        f"{ID}: customer cannot be empty; it has a value or none",
        None,
    ),
    (Action("set", "description", ("a",)), BEFORE, "bad-action", f"{ID}: this is no way to set.description", None),
    (
        Action("set", "serail", "x"),
        BEFORE,
        "unknown-field",
        f'{ID}: a ticket of this desk has no field "serail" that can be set',
        'did you mean "serial"?',
    ),
    (
        Action("set", "status", "open"),
        BEFORE,
        "unknown-field",
        f'{ID}: "status" is not set but acted on',
        "use: tk advance ID STATUS",
    ),
    (
        Action("set", "created", None),
        BEFORE,
        "unknown-field",
        f'{ID}: a ticket of this desk has no field "created" that can be set',
        None,
    ),
    (
        Action("set", "color", "blue"),
        BEFORE,
        "unknown-field",
        f'{ID}: a ticket of this desk has no field "color" that can be set',
        None,
    ),
    (
        Action("attach", "purchase note", Attachment("b.pdf", "purchase note")),
        BEFORE,
        "bad-name",
        f'{ID}: "purchase note" cannot be the name of what attach is about',
        "a name is lower-case letters, digits and hyphens: purchase-note",
    ),
    (
        Action("attach", "", Attachment("../b.pdf")),
        BEFORE,
        "bad-name",
        f'{ID}: "../b.pdf" is no name of a file beside the ticket',
        None,
    ),
    (
        Action("attach", "", Attachment("a.pdf")),
        BEFORE,
        "attached",
        f"{ID}: a.pdf is attached already",
        "give it another name",
    ),
    (
        Action("attach", "invoice", Attachment("b.pdf")),
        BEFORE,
        "bad-action",
        f"{ID}: this is no way to attach.invoice",
        None,
    ),
    (
        Action("request", "type", "a\nb"),
        BEFORE,
        "bad-value",
        f"{ID}: what is requested is text on one line, or nothing",
        None,
    ),
    (
        Action("approve", "Refund!"),
        BEFORE,
        "bad-name",
        f'{ID}: "Refund!" cannot be the name of what approve is about',
        "a name is lower-case letters, digits and hyphens: purchase-note",
    ),
    (
        Action("link", "", "TK-260701-0B2M4"),
        BEFORE,
        "bad-name",
        f'{ID}: "" cannot be the name of what link is about',
        "a name is lower-case letters, digits and hyphens: purchase-note",
    ),
    (Action("link", "see", "garbage"), BEFORE, "bad-link", f'{ID}: "garbage" is no id of a ticket', None),
    (Action("link", "see", ID), BEFORE, "bad-link", f"{ID}: a ticket cannot be linked to itself", None),
    (
        Action("link", "follows", "TK-260701-0B2M4"),
        BEFORE,
        "linked",
        f"{ID}: TK-260701-0B2M4 is linked already as follows",
        "link it under another kind, if that is meant",
    ),
    (
        log(by="mlopez"),
        BEFORE,
        "wrong-author",
        f"{ID}: zgomez cannot log as mlopez",
        "log what mlopez said under your own name",
    ),
    (
        log("log-for", by="mlopez"),
        BEFORE,
        "wrong-author",
        f"{ID}: nobody logs for mlopez, who belongs to this desk",
        "whoever belongs to the desk logs under the own name",
    ),
    (
        log("log-for", by="a\nb"),
        BEFORE,
        "wrong-author",
        f"{ID}: an event is by somebody; this one names nobody",
        None,
    ),
    (log(id="e-0000"), BEFORE, "duplicate-event", f"{ID}: there is an event e-0000 already", None),
    (
        log(type="nota"),
        BEFORE,
        "unknown-event",
        f'{ID}: "nota" is no event type of this desk',
        'did you mean "Nota"?',
    ),
    (
        log(facts={"visibility": "internalx"}),
        BEFORE,
        "bad-event",
        f'{ID}: an event is public or internal, not "internalx"',
        None,
    ),
    (Action("log", "call-in", event()), BEFORE, "bad-action", f"{ID}: this is no way to log.call-in", None),
    (
        log(at=AT + timedelta(seconds=1)),
        BEFORE,
        "future-event",
        f"{ID}: e-aaaa is said to happen at 2026-08-12T11:02:41-05:00, later than now",
        "a log holds what has happened; it is 2026-08-12T11:02:40-05:00",
    ),
    (
        log(at=AT - timedelta(minutes=6)),
        BEFORE,
        "backdated",
        f"{ID}: e-aaaa, at 2026-08-12T10:56:40-05:00, is entered at another time than it says",
        "say when it was entered: logged=2026-08-12T11:02:40-05:00",
    ),
    (
        log(at=AT, facts={"logged": "2026-08-12T11:02:00-05:00"}),
        BEFORE,
        "backdated",
        f"{ID}: e-aaaa, at 2026-08-12T11:02:40-05:00, is entered at another time than it says",
        "say when it was entered: logged=2026-08-12T11:02:40-05:00",
    ),
    (
        log(at=AT, facts={"logged": "2026-08-12T12:02:00-05:00"}),
        BEFORE,
        "backdated",
        f"{ID}: e-aaaa, at 2026-08-12T11:02:40-05:00, is entered at another time than it says",
        "say when it was entered: logged=2026-08-12T11:02:40-05:00",
    ),
    (log(facts={"logged": "today"}), BEFORE, "bad-event", f"{ID}: logged=today is no instant", None),
    (
        log(at=datetime(2026, 8, 12)),
        BEFORE,
        "bad-event",
        f"{ID}: e-aaaa has an instant without an offset",
        None,
    ),
    (
        Action("assign", "", Assignment("mlopes")),
        BEFORE,
        "unknown-owner",
        f'{ID}: "mlopes" is no owner of this desk',
        'did you mean "mlopez"?',
    ),
    (
        Action("assign", "", Assignment(None, "supporx")),
        BEFORE,
        "unknown-team",
        f'{ID}: "supporx" is no team of this desk',
        'did you mean "support"?',
    ),
    (
        Action("assign", "", Assignment("")),
        BEFORE,
        "bad-value",
        f"{ID}: owner cannot be empty; it has a value or none",
        None,
    ),
    (
        Action("schedule", "", datetime(2026, 8, 12)),
        BEFORE,
        "bad-value",
        f"{ID}: a follow-up needs an instant with an offset",
        None,
    ),
    (Action("rate", "", "fine"), BEFORE, "bad-rating", f'{ID}: a rating is good or bad, not "fine"', None),
    (Action("rate", "x", "good"), BEFORE, "bad-action", f"{ID}: this is no way to rate", None),
    (Action("assign", "", "mlopez"), BEFORE, "bad-action", f"{ID}: this is no way to assign", None),
    (Action("undo"), BEFORE, "unknown-action", f'{ID}: "undo" is nothing done to a ticket', None),
    (Action("new", "", Draft("TK-260812-7K3QX", "x")), BEFORE, "exists", f"{ID}: there is such a ticket already", None),
    (Action("set", "title", "x"), None, "no-ticket", "there is no ticket yet to set.title", None),
    (Action("new", "", "title"), None, "no-ticket", "there is no ticket yet to new", None),
    (
        Action("new", "", Draft("TK-260811-7K3QX", "x")),
        None,
        "bad-id",
        "TK-260811-7K3QX is no id for a ticket of this desk made on 2026-08-12",
        "it would be one like TK-260812-7K3QX",
    ),
    (
        Action("new", "", Draft("HD-260812-7K3QX", "x")),
        None,
        "bad-id",
        "HD-260812-7K3QX is no id for a ticket of this desk made on 2026-08-12",
        "it would be one like TK-260812-7K3QX",
    ),
    (
        Action("new", "", Draft("TK-260812-7K3QX", " ")),
        None,
        "missing-key",
        "TK-260812-7K3QX: a ticket needs a title",
        None,
    ),
    (
        Action("new", "", Draft("TK-260812-7K3QX", "x", "", {"priority": "hihg"})),
        None,
        "unknown-priority",
        'TK-260812-7K3QX: "hihg" is no priority of this desk',
        'did you mean "high"?',
    ),
    (
        Action("new", "", Draft("TK-260812-7K3QX", "x", "", {"title": "y"})),
        None,
        "bad-action",
        "TK-260812-7K3QX: this is no way to new",
        None,
    ),
    (
        Action("new", "", Draft("TK-260812-7K3QX", "x", "", {"owner": "mlopez"})),
        None,
        "unknown-field",
        'TK-260812-7K3QX: a ticket of this desk has no field "owner" that can be set',
        None,
    ),
]


@pytest.mark.parametrize(("action", "before", "code", "sentence", "instead"), REFUSALS)
def test_the_sentence_says_what_is_wrong_and_what_would_do(
    action: Action, before: Ticket | None, code: str, sentence: str, instead: str | None
) -> None:
    assert refused(action, before) == (code, sentence, instead)


LAWFUL = [
    Action("set", "color", None),
    Action("set", "description", "other words"),
    Action("set", "description", None),
    Action("set", "serial", "two\nlines"),
    Action("request", "type", "fault"),
    Action("request", "type"),
    Action("schedule", "", AT),
    Action("schedule"),
    Action("rate", "", "bad"),
    log("log-for", by="ana@example.cl"),
    log(at=AT - timedelta(minutes=5)),
    log(at=AT - timedelta(days=9), facts={"logged": "2026-08-12T16:02:40Z", "visibility": "internal"}),
]


@pytest.mark.parametrize("action", LAWFUL)
def test_what_makes_sense_is_let_through(action: Action) -> None:
    assert isinstance(asked(action), Ticket)


def test_from_a_status_that_nobody_knows_any_more_every_way_is_open() -> None:
    assert isinstance(asked(Action("advance", "", "pending"), BEFORE._replace(status="mislaid")), Ticket)


def test_who_has_a_ticket_may_be_gone_from_the_policy_when_it_is_given_on() -> None:
    orphan = BEFORE._replace(owner="gone", team="dissolved")
    for to in (Assignment("mlopez", "dissolved"), Assignment("gone", "support"), Assignment(None, "dissolved")):
        assert isinstance(asked(Action("assign", "", to), orphan), Ticket)


def test_huge_text_is_shortened_in_what_is_said_of_it() -> None:
    for action in (
        Action("rate", "", "x" * 10**6),
        Action("set", "y" * 10**6, "x"),
        Action("link", "see", "z" * 10**6),
    ):
        assert len(refused(action)[1]) < 300


def test_an_empty_field_of_a_file_is_no_value_to_take_away() -> None:
    assert asked(Action("set", "serial", None), BEFORE._replace(fields={"serial": ""})) == BEFORE._replace(
        fields={"serial": ""}
    )
