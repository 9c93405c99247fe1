"""What the desk does not know or does not allow: the very sentence, the exit status, and nothing changed."""

import json

import pytest

from tests.still import refused, reword, unchanged
from tests.world import Desk


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket on the desk."""
    return desk.ok("new", "Heater does not start")


COMMANDS_ON_A_TICKET = (
    ("show",),
    ("history",),
    ("assign", "me"),
    ("advance", "solved"),
    ("log", "note", "-m", "x"),
    ("set", "priority=high"),
)


FIELDS = "the choice is: description, title, priority, type, category, channel, requester, customer, unit, tags"


@pytest.mark.parametrize("words", COMMANDS_ON_A_TICKET, ids=lambda words: str(words[0]))
def test_an_unknown_id_is_no(desk: Desk, ticket: str, words: tuple[str, ...]) -> None:
    command, *rest = words
    wanted = "00000" if not ticket.endswith("00000") else "11111"
    says = f'tk: no ticket answers to "{wanted}"\nhint: tk list shows the tickets that are not closed\n'
    refused(desk, command, wanted, *rest, code=1, says=says)


def test_an_unknown_id_is_answered_with_the_near_one(desk: Desk, ticket: str) -> None:
    typed = ticket[:-1] + ("0" if ticket[-1] != "0" else "1")
    refused(desk, "show", typed, code=1, says=f'tk: no ticket answers to "{typed}"\nhint: did you mean {ticket}?\n')


@pytest.mark.parametrize("words", COMMANDS_ON_A_TICKET, ids=lambda words: str(words[0]))
def test_an_ambiguous_id_is_no_and_names_the_tickets(desk: Desk, ticket: str, words: tuple[str, ...]) -> None:
    other = desk.ok("new", "Cannot log in")
    command, *rest = words
    with unchanged(desk):
        result = desk.run(command, "260812", *rest)
    titles = {ticket: "Heater does not start", other: "Cannot log in"}
    named = [f"  {name} {titles[name]}" for name in sorted(titles)]
    assert (result.code, result.out) == (1, "")
    assert result.err.splitlines() == [
        'tk: "260812" is the beginning of 2 tickets:',
        *named,
        "hint: write more of the id",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("advance", "ID", "solvd"), 'unknown status "solvd"\nhint: did you mean "solved"?'),
        (
            ("advance", "ID", "zzz"),
            'unknown status "zzz"\nhint: the choice is: open, in-progress, solved, closed',
        ),
        (("assign", "ID", "mlopes"), 'unknown person or team "mlopes"\nhint: did you mean "mlopez"?'),
        (("assign", "ID", "zzz"), 'unknown person or team "zzz"\nhint: the people and teams are: mlopez'),
        (("assign", "ID", ""), 'unknown person or team ""\nhint: the people and teams are: mlopez'),
        (
            ("set", "ID", "category=hardware/printr"),
            'unknown category "hardware/printr"\nhint: did you mean "hardware/printer"?',
        ),
        (
            ("set", "ID", "category=zzz"),
            'unknown category "zzz"\nhint: the choice is: hardware, hardware/computer, hardware/printer, '
            "software, software/access, software/fault, other",
        ),
        (("set", "ID", "priority=urgnt"), 'unknown priority "urgnt"\nhint: did you mean "urgent"?'),
        (("set", "ID", "priority=zzz"), 'unknown priority "zzz"\nhint: the choice is: low, normal, high, urgent'),
        (("set", "ID", "type=incidnt"), 'unknown type "incidnt"\nhint: did you mean "incident"?'),
        (("set", "ID", "channel=fone"), 'unknown channel "fone"\nhint: did you mean "phone"?'),
        (
            ("set", "ID", "prioritty=high"),
            'a ticket of this desk has no field "prioritty" that can be set\nhint: did you mean "priority"?',
        ),
        (("set", "ID", "zzz=1"), f'a ticket of this desk has no field "zzz" that can be set\nhint: {FIELDS}'),
        (("set", "ID", "status=open"), '"status" is not set but acted on\nhint: use: tk advance ID STATUS'),
        (("set", "ID", "owner=mlopez"), '"owner" is not set but acted on\nhint: use: tk assign ID PERSON'),
        (("set", "ID", "priority"), '"priority" is not KEY=VALUE\nhint: such as priority=high'),
        (("log", "ID", "calout", "-m", "x"), 'unknown event type "calout"\nhint: did you mean "call-out"?'),
        (
            ("log", "ID", "zzz", "-m", "x"),
            'unknown event type "zzz"\nhint: the choice is: note, call-in, call-out, mail-in, mail-out',
        ),
        (
            ("log", "ID", "note", "-m", "x", "--at", "yesterday"),
            '"yesterday" is no instant\nhint: write 2026-08-12T09:30 or 2026-08-12T09:30:00-05:00',
        ),
        (
            ("log", "ID", "note", "-m", "x", "--set", "two words=1"),
            '"two words" cannot be the name of a fact\n'
            "hint: a name is lower-case letters, digits and hyphens, such as minutes",
        ),
        (("new", "x", "--owner", "zzz"), 'unknown person or team "zzz"\nhint: the people and teams are: mlopez'),
        (("new", "x", "--team", "zzz"), 'unknown team "zzz"\nhint: tk.toml of this desk names no team'),
        (("new", "x", "--priority", "urgnt"), 'unknown priority "urgnt"\nhint: did you mean "urgent"?'),
        (("new", "x", "--type", "incidnt"), 'unknown type "incidnt"\nhint: did you mean "incident"?'),
        (("new", "x", "--channel", "fone"), 'unknown channel "fone"\nhint: did you mean "phone"?'),
        (
            ("new", "x", "--set", "level=3"),
            f'a ticket of this desk has no field "level" that can be set\nhint: {FIELDS}',
        ),
        (("new", "x", "--set", "level"), '"level" is not KEY=VALUE\nhint: such as priority=high'),
    ],
)
def test_what_the_desk_does_not_know_is_wrong_usage_with_the_nearest_spelling(
    desk: Desk, ticket: str, words: tuple[str, ...], says: str
) -> None:
    argv = [ticket if word == "ID" else word for word in words]
    refused(desk, *argv, code=2, says=f"tk: {says}\n")


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("statuss:open", '"statuss:open": a query has no field "statuss"\nhint: did you mean "status:"?'),
        ("status:opne", '"status:opne": this desk has no status "opne"; did you mean "open"?'),
        ("owner:mlopes", '"owner:mlopes": this desk has no owner "mlopes"; did you mean "mlopez"?'),
        (
            "status:",
            '"status:": a value is missing\nhint: a shell takes < and > for itself: put a word with one in quotes',
        ),
        ("?!", '"?!": there is no word in it'),
    ],
)
def test_a_query_that_cannot_be_understood_is_wrong_usage(desk: Desk, ticket: str, word: str, says: str) -> None:
    refused(desk, "list", word, code=2, says=f"tk: {says}\n")


def test_a_transition_that_is_not_there_is_refused_with_the_ways_there_are(desk: Desk, ticket: str) -> None:
    desk.ok("advance", ticket, "closed")
    line = (desk.root / "tk.toml").read_text(encoding="utf-8").splitlines().index("[statuses.closed]") + 1
    says = f"{ticket}: no way leads from Closed to Solved (tk.toml:{line})\nhint: from Closed it can go to: Open\n"
    refused(desk, "advance", ticket, "solved", code=1, says=f"tk: {says}")


def test_advance_without_a_status_lists_the_ways_where_there_are_several(desk: Desk, ticket: str) -> None:
    says = (
        f"tk: {ticket} can go more than one way from open\n"
        f"hint: tk advance {ticket} with one of: in-progress, solved, closed\n"
    )
    refused(desk, "advance", ticket, code=2, says=says)


def test_what_no_role_allows_is_refused_with_who_may(desk: Desk, ticket: str) -> None:
    reword(
        desk, '[roles.agent]\nlabel = { en = "Agent", es = "Agente" }\nmay = ["*"]', '[roles.agent]\nmay = ["log.*"]'
    )
    reword(
        desk,
        '[roles.anyone]\nlabel = { en = "Anyone", es = "Cualquiera" }\nmay = ["*"]',
        '[roles.anyone]\nmay = ["log.note"]',
    )
    reword(desk, 'roles = ["supervisor", "agent"]', 'roles = ["agent"]')
    lines = (desk.root / "tk.toml").read_text(encoding="utf-8").splitlines()
    agent, anyone = (lines.index(f"[roles.{role}]") + 1 for role in ("agent", "anyone"))
    says = (
        f"tk: {ticket}: mlopez may not advance; roles: agent (tk.toml:{agent}), anyone (tk.toml:{anyone})\n"
        "hint: who may: supervisor\n"
    )
    refused(desk, "advance", ticket, "solved", code=1, says=says)


def test_an_unmet_requirement_is_refused_with_what_is_missing(desk: Desk, ticket: str) -> None:
    rule = (
        '\n[[require]]\nname = "customer"\naction = "advance"\nlabel = "a customer"\nfields = ["customer"]\n\n[people]'
    )
    reword(desk, "\n[people]", rule)
    line = (desk.root / "tk.toml").read_text(encoding="utf-8").splitlines().index("[[require]]") + 1
    says = (
        f"tk: {ticket}: advance needs more: a customer (tk.toml:{line})\nhint: what is missing: customer has no value\n"
    )
    refused(desk, "advance", ticket, "solved", code=1, says=says)


def test_a_program_reads_a_refusal_of_the_law_as_json(desk: Desk, ticket: str) -> None:
    desk.ok("advance", ticket, "closed")
    with unchanged(desk):
        result = desk.run("advance", ticket, "solved", "--json")
    told = json.loads(result.err)
    assert (result.code, result.out) == (1, "")
    assert list(told) == ["error", "message", "hint"]
    assert (told["error"], told["hint"]) == ("transition", "from Closed it can go to: Open")


def test_me_where_the_desk_does_not_know_you_is_wrong_usage(
    desk: Desk, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "stranger@example.com")
    says = (
        "tk: you are no person of this desk: no entry in [people] has your address\n"
        "hint: git config user.email says who you are; [people] in tk.toml says who belongs to the desk\n"
    )
    refused(desk, "assign", ticket, "me", code=2, says=says)
