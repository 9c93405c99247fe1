"""What an importer answers for, and what he does not."""

from collections.abc import Mapping

import pytest

from tests.cases import AT, actor, ticket
from tests.policies import desk_policy
from tk.core.action import Action, Draft
from tk.core.facts import NOTHING
from tk.core.finding import Finding
from tk.core.importing import IMPORTED, ROLE, Tally, admit, is_foreign, may_import
from tk.core.law.judge import judge
from tk.core.policy import Permission, Policy, Role, vocabulary
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal
from tk.errors import say


def policy(*may: str, roles: tuple[str, ...] = (ROLE,)) -> Policy:
    """Return the policy with a role importer that may do this, which María has."""
    held = desk_policy()
    everybody: Mapping[str, Role] = {key: role for key, role in held.roles.entries.items() if key != ROLE}
    importer = Role(ROLE, {}, tuple(Permission(pattern) for pattern in may))
    people = [
        person._replace(roles=roles) if key == "mlopez" else person for key, person in held.people.entries.items()
    ]
    return held._replace(roles=vocabulary([*everybody.values(), importer]), people=vocabulary(people))


@pytest.mark.parametrize(
    ("held", "email", "is_one"),
    [
        (policy("import"), "mlopez@example.com", True),
        (policy("*"), "MLOPEZ@example.com", True),
        (policy("log.*"), "mlopez@example.com", False),
        (policy("import", roles=("supervisor",)), "mlopez@example.com", False),
        (policy("import"), "x@elsewhere.org", False),
        (desk_policy(), "mlopez@example.com", False),
    ],
)
def test_an_importer_has_the_role_and_the_role_allows_it(held: Policy, email: str, is_one: bool) -> None:
    assert may_import(held, email) is is_one


def test_what_only_this_desks_rules_are_against_comes_in() -> None:
    held, stranger = policy("import"), actor("nobody")
    old = ticket(aliases=("OLD-1",))
    closing = Action("advance", "", "pending")
    verdict = judge(held, NOTHING, old, closing, stranger, AT)
    assert isinstance(verdict, Refusal)
    assert verdict.code == "not-allowed"
    after = admit(held, NOTHING, old, closing, stranger, AT)
    assert isinstance(after, Ticket)
    assert (after.status, after.status_since) == ("pending", AT)
    refused = admit(held, NOTHING, ticket(), closing, stranger, AT)
    assert isinstance(refused, Refusal)  # a ticket of this desk's own, by no other name


def test_what_makes_no_sense_stays_refused() -> None:
    old = ticket(aliases=("OLD-1",))
    verdict = admit(policy("import"), NOTHING, old, Action("advance", "", "nowhere"), actor(), AT)
    assert isinstance(verdict, Refusal)
    assert verdict.code == "unknown-status"


def test_an_id_may_tell_the_day_of_the_ticket_instead_of_the_commits() -> None:
    held, made = policy("import"), ticket()
    assert is_foreign(held, "bad-id", None, made)
    assert not is_foreign(held, "bad-id", None, made._replace(id="TK-260811-7K3QX"))
    assert not is_foreign(held, "bad-id", None, made._replace(id="XX-260810-7K3QX"))
    assert not is_foreign(held, "bad-id", made, made)


def named(aliases: object, held: Policy) -> Ticket | Refusal:
    new = Action("new", "", Draft("TK-260812-7K3QX", "Cold", values={"aliases": aliases}))
    return judge(held, NOTHING, None, new, actor(policy=held), AT)


def test_a_new_ticket_may_bear_the_names_it_has_elsewhere() -> None:
    held = policy("import", "new")
    made = named(("OLD 1",), held)
    assert isinstance(made, Ticket)
    assert made.aliases == ("OLD 1",)
    for wrong in ("OLD-1", (), (" ",), ("a\nb",), (3,)):
        assert isinstance(named(wrong, held), Refusal), wrong


def test_who_may_not_import_names_no_ticket_as_another_is_called() -> None:
    refusal = named(("TK-260812-00001", "OLD-1"), policy("new"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-allowed"
    assert str(refusal.message) == (
        "TK-260812-7K3QX: mlopez may not call it TK-260812-00001, OLD-1, too: that takes import"
    )
    held = policy("import")
    made = admit(held, NOTHING, None, Action("new", "", Draft("TK-260812-7K3QX", "Cold")), actor(), AT)
    assert isinstance(made, Ticket)
    assert is_foreign(held, refusal.code, None, made)


def test_commits_of_an_importer_are_counted_and_only_what_he_answers_for_is_dropped() -> None:
    held, tally = policy("import"), Tally()
    other = Finding("x", 0, 0, "event-removed", "error", say("x"))
    mine = other._replace(code=IMPORTED)
    boss = "mlopez@example.com"
    assert tally.take(held, boss, boss, "c1", [other]) == [other]
    assert list(tally.told()) == []
    assert tally.take(held, boss, boss, "c2", [other, mine]) == [other]
    assert tally.take(held, boss, "ana@example.com", "c3", []) == []
    (note,) = tally.told()
    assert (note.code, note.severity, note.verdict, note.commit) == (IMPORTED, "note", "allowed", "c3")
    assert "mlopez" in str(note.message)
    assert "2" in str(note.message)
