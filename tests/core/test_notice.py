"""Notices: which a change meets, of what cause, at which instant, and whom they reach."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.policies import DESK, policy_of
from tk.core.action import Action, Draft
from tk.core.facts import NOTHING, Outside, actor_of
from tk.core.law.hearing import Hearing
from tk.core.law.judge import judge
from tk.core.notice import Posting, Recipient, letter_of, postings
from tk.core.policy import Policy
from tk.core.register import Tables
from tk.core.ticket import Event, Ticket
from tk.core.written.reader import read

AT = datetime(2026, 8, 12, 14, 0, tzinfo=UTC)

MARIA = Recipient("mlopez@example.com", "María López")
ZOE = Recipient("zgomez@example.com", "Zoé Gómez")
PIA = Recipient("pnunez@example.com", "Pía Núñez")
ANA = Recipient("ana@example.cl")

TICKET = Ticket(
    "TK-260812-7K3QX",
    title="Caldera",
    status="open",
    requester="ana@example.cl",
    creator="mlopez",
    owner="pnunez",
    team="support",
    created=AT,
    updated=AT,
    status_since=AT,
)


def desk(*notices: str) -> Policy:
    mail = '[mail]\naddress = "mesa@example.com"\n'
    written = (f'[[notify]]\nname = "n{number}"\n{notice}\n' for number, notice in enumerate(notices))
    return policy_of("\n".join([DESK, mail, *written]))


def notice(action: str = "advance", to: str = '["@requester"]', rest: str = "") -> str:
    return f'action = "{action}"\nto = {to}\ntemplate = "x"\n{rest}'


def met(
    policy: Policy,
    after: Ticket,
    *actions: Action,
    before: Ticket | None = TICKET,
    by: str = "zgomez@example.com",
    rules: tuple[str, ...] = (),
    outside: Outside = NOTHING,
) -> list[Posting]:
    return list(postings(Hearing(policy, outside, actor_of(policy, by), AT), before, after, actions, rules))


def readers(to: str, *, by: str = "zgomez@example.com", ticket: Ticket = TICKET, outside: Outside = NOTHING) -> object:
    policy = desk(notice("schedule", to))
    (posting,) = met(policy, ticket, Action("schedule"), before=ticket, by=by, outside=outside)
    return posting.to, posting.missed


def test_a_notice_is_met_by_its_action_once_and_in_the_order_of_the_file() -> None:
    policy = desk(notice("log.*"), notice("advance"), notice("log.note"), notice("new"))
    event = Event(AT, "note", "mlopez", "e-aaaa", "x")
    done = (Action("log", "note", event), Action("log", "call-in", event._replace(id="e-bbbb")))
    after = TICKET._replace(status="solved")
    found = met(policy, after, *done, Action("advance", "", "solved"))
    assert [(p.notice.key, p.cause, p.mark) for p in found] == [
        ("n0", "log.note", "e-aaaa"),
        ("n1", "advance", ""),
        ("n2", "log.note", "e-aaaa"),
    ]


def test_what_is_no_change_meets_nothing() -> None:
    assert met(desk(notice("advance"), notice("*")), TICKET) == []


def test_a_condition_asks_of_before_and_of_new() -> None:
    policy = desk(
        notice(rest='when = { status = "open", new.status = "solved" }'),
        notice(rest='when = { new.status = "pending" }'),
        notice(rest='when = { "actor.role" = "supervisor" }'),
    )
    found = met(policy, TICKET._replace(status="solved"), Action("advance", "", "solved"))
    assert [posting.notice.key for posting in found] == ["n0", "n2"]


def test_a_notice_is_in_force_between_its_days() -> None:
    policy = desk(notice(rest="from = 2026-08-13"), notice(rest="until = 2026-08-12"), notice(rest="from = 2026-08-12"))
    found = met(policy, TICKET._replace(status="solved"), Action("advance", "", "solved"))
    assert [posting.notice.key for posting in found] == ["n2"]


def test_what_a_consequence_brings_about_counts_as_done() -> None:
    rule = '[[on]]\nname = "reopen"\naction = "log.mail-in"\nwhen = { status = "solved" }\nadvance = "open"\n'
    policy = policy_of(
        f'{DESK}\n{rule}\n[mail]\naddress = "m@example.com"\n[[notify]]\nname = "a"\n{notice("advance")}'
        f'[[notify]]\nname = "s"\n{notice("set.priority")}'
    )
    before = TICKET._replace(status="solved")
    action = Action("log", "mail-in", Event(AT, "mail-in", "zgomez", "e-aaaa", "x"))
    after = judge(policy, NOTHING, before, action, actor_of(policy, "zgomez@example.com"), AT)
    assert isinstance(after, Ticket)
    assert after.status == "open"
    assert [posting.cause for posting in met(policy, after, action, before=before)] == ["advance"]
    assert met(policy, before._replace(priority="high"), before=before)[0].cause == "set.priority"


def test_a_new_ticket_that_is_given_to_somebody_is_assigned() -> None:
    policy = desk(notice("assign", '["@owner"]'), notice("advance"), notice("new", '["@requester"]'))
    new = Action("new", "", Draft(TICKET.id, TICKET.title))
    found = met(policy, TICKET, new, before=None)
    assert [(posting.cause, posting.to) for posting in found] == [("assign", (PIA,)), ("new", (ANA,))]


@pytest.mark.parametrize(
    ("to", "reached"),
    [
        ('["@requester"]', (ANA,)),
        ('["@owner"]', (PIA,)),
        ('["@creator"]', (MARIA,)),
        ('["support"]', (MARIA,)),
        ('["agent"]', (MARIA, PIA)),
        ('["anyone"]', (MARIA, PIA)),
        ('["pnunez", "finance", "@owner"]', (PIA,)),
        ('["PNUNEZ@example.com", "@owner"]', (Recipient("PNUNEZ@example.com"),)),
        ('["all@example.org", "@requester"]', (Recipient("all@example.org"), ANA)),
        ('["@actor"]', (ZOE,)),
        ('["zgomez"]', ()),
        ('["supervisor"]', ()),
        ('["zgomez@example.com"]', (Recipient("zgomez@example.com"),)),
        ('["mesa@example.com"]', ()),
    ],
)
def test_each_is_written_to_once_and_staff_not_about_what_they_did_themselves(
    to: str, reached: tuple[Recipient, ...]
) -> None:
    """Zoé, a supervisor of the team support, has acted."""
    assert readers(to) == (reached, ())


def test_who_is_the_requester_hears_of_what_he_did_himself() -> None:
    assert readers('["@requester"]', by="ana@example.cl") == ((ANA,), ())
    assert readers('["@actor"]', by="ana@example.cl") == ((ANA,), ())


@pytest.mark.parametrize("requester", [None, "", "phone 555", "a@b\nBcc: c@d"])
def test_who_has_no_address_is_named(requester: str | None) -> None:
    ticket = TICKET._replace(requester=requester, owner=None)
    assert readers('["@requester", "@owner", "@creator"]', ticket=ticket) == ((MARIA,), ("@requester", "@owner"))


def test_of_an_internal_event_nobody_outside_hears() -> None:
    policy = desk(notice("log.*", '["@requester", "all@example.org", "mlopez@example.com", "agent", "@actor"]'))
    inside = Action("log", "note", Event(AT, "note", "zgomez", "e-aaaa", "x", {"visibility": "internal"}))
    (posting,) = met(policy, TICKET, inside)
    assert posting.to == (Recipient("mlopez@example.com"), PIA, ZOE)
    public = Action("log", "note", Event(AT, "note", "zgomez", "e-bbbb", "y"))
    (posting,) = met(policy, TICKET, inside, public)
    assert (posting.mark, posting.to[0]) == ("e-bbbb", ANA)


def test_a_creator_from_outside_is_written_to_by_his_address() -> None:
    ticket = TICKET._replace(creator="x@elsewhere.org")
    assert readers('["@creator"]', ticket=ticket) == ((Recipient("x@elsewhere.org"),), ())


def test_the_contacts_know_the_address_of_a_requester_who_is_none() -> None:
    ticket = TICKET._replace(requester="ana-sol")
    outside = Outside(Tables({"contacts": {"ana-sol": {"email": "ana@sol.cl"}}}))
    assert readers('["@requester"]', ticket=ticket, outside=outside) == ((Recipient("ana@sol.cl"),), ())


SWEEP = '[[sweep]]\nname = "close"\nwhen = { status = "solved" }\nadvance = "closed"\n'


def test_of_a_sweep_whoever_ran_it_nothing_depends_on_him() -> None:
    """The instant is that of the step that fell due, and nobody is an actor."""
    due = AT - timedelta(hours=3)
    told = notice("sweep.close", '["supervisor", "@actor", "@requester"]', 'when = { not."actor.role" = "agent" }')
    written = f'{DESK}\n{SWEEP}[mail]\naddress = "m@example.com"\n[[notify]]\nname = "n"\n{told}\n'
    policy = policy_of(f'{written}[[notify]]\nname = "m"\n{notice("advance")}')
    before = TICKET._replace(status="solved")
    after = before._replace(status="closed", fired={"close": due, "other": AT}, updated=AT)
    results = [
        met(policy, after, Action("advance", "", "closed"), before=before, by=by, rules=("close",))
        for by in ("zgomez@example.com", "mlopez@example.com", "x@elsewhere.org")
    ]
    first = results[0]
    assert [(p.cause, p.at, p.to, p.missed) for p in first] == [
        ("sweep.close", due, (ZOE, ANA), ("@actor",)),
        ("advance", due, (ANA,), ()),
    ]
    assert results == [first] * 3


def test_a_rule_that_stamps_no_step_has_the_instant_at_which_the_ticket_was_written() -> None:
    told = notice("sweep.close")
    policy = policy_of(f'{DESK}\n{SWEEP}[mail]\naddress = "m@example.com"\n[[notify]]\nname = "n"\n{told}')
    written = TICKET._replace(updated=AT - timedelta(days=1))
    (posting,) = met(policy, written, rules=("close",))
    assert posting.at == written.updated
    assert met(policy, written, rules=("other",)) == []


@pytest.mark.parametrize(
    ("path", "ticket"),
    [
        ("outbox/20260812T141403Z-TK-260812-7K3QX-received-b5d1e309.eml", "TK-260812-7K3QX"),
        ("outbox/20260812T141403Z-TK-260812-7K3QX-a-b-c-b5d1e309.eml", "TK-260812-7K3QX"),
        ("outbox/x.eml", None),
        ("outbox/sub/20260812T141403Z-TK-260812-7K3QX-received-b5d1e309.eml", None),
        ("tickets/20260812T141403Z-TK-260812-7K3QX-received-b5d1e309.eml", None),
    ],
)
def test_the_path_of_a_letter_names_its_ticket(path: str, ticket: str | None) -> None:
    assert letter_of(path) == ticket


def test_a_notice_needs_somebody_to_write_to_and_an_address_to_write_from() -> None:
    notify = '[[notify]]\nname = "n"\naction = "advance"\nto = []\ntemplate = "x"\n'
    findings = read(f"{DESK}\n{notify}").findings
    assert [(finding.code, str(finding.message)) for finding in findings if finding.is_error] == [
        ("missing-key", "a notice needs `to`: who is written to"),
        ("missing-key", "a notice needs [mail]: who its letters are from"),
    ]


@pytest.mark.parametrize("address", ["mesa", "Mesa <mesa@example.com>", "mesa@x\\nBcc: a@b.cl", "ñ@example.com"])
def test_the_desks_own_address_must_be_one(address: str) -> None:
    findings = read(f'{DESK}\n[mail]\naddress = "{address}"\n').findings
    assert {finding.code for finding in findings if finding.is_error} == {"bad-value"}
