"""What a stranger writes by hand is judged like anything else: it stops no audit, and slips past none."""

import pytest

from tests.services.office import BOSS, STRANGER, Office
from tk.services.blame import blame

RULE = """
[[on]]
name = "taken"
action = "assign"
set = { priority = "high" }
note = "Taken."
"""


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of María's, which says three things, on a desk with a rule that writes notes."""
    policy = office.root / "tk.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    office.commit()
    return office.ok("new", "Monitor negro", "-m", "uno\n\ndos, importante\n\ntres, prometido")


def codes(office: Office, base: str) -> list[tuple[str, str]]:
    """Return for each refusal since `base` its code and who made the commit."""
    found = office.audit(f"{base}..").findings
    refused = [finding for finding in found if finding.verdict == "refused"]
    return [(f.code, office.git("show", "-s", "--format=%ae", f.commit or "")) for f in refused]


@pytest.mark.parametrize("key", ["links", "attachments", "rating", "requests", "approvals", "due", "status"])
def test_a_note_that_says_what_a_rule_replaced_stops_nothing(office: Office, ticket: str, key: str) -> None:
    base = office.head()
    with office.by(STRANGER):
        text = office.file(ticket).read_text(encoding="utf-8")
        note = f'### {office.now} note {STRANGER} {{#e-zz12 rule=taken was-{key}="x"}}\n\nf\n'
        office.file(ticket).write_text(f"{text}\n## Log\n\n{note}", encoding="utf-8")
        office.commit()
        office.replace(ticket, "title: Monitor negro", "title: Otro")
        office.commit()
    assert codes(office, base) == [("event-forged", STRANGER), ("not-allowed", STRANGER)]
    assert office.story(ticket).entries[-1].commit == office.head()
    assert office.ok("export", "events")
    assert blame(office.opened(), ticket)


def parted(office: Office, ticket: str) -> str:
    """Let María say the first thing otherwise on two branches, and leave their merge in conflict; return the base."""
    base = office.head()
    with office.by(BOSS):
        office.git("checkout", "-q", "-b", "side")
        office.ok("set", ticket, "description=uno, o dos\n\ndos, importante\n\ntres, prometido")
        office.git("checkout", "-q", "main")
        office.ok("set", ticket, "description=uno, o cuatro\n\ndos, importante\n\ntres, prometido")
    with office.by(STRANGER):
        assert office.try_git("merge", "side").returncode == 1
    return base


@pytest.mark.parametrize(
    "first", ["uno, o dos", "uno, o cuatro", "uno, o dos\nuno, o cuatro", "uno, o cuatro\nuno, o dos"]
)
def test_whoever_merges_may_choose_between_what_the_sides_say(office: Office, ticket: str, first: str) -> None:
    base = parted(office, ticket)
    ours = office.git("show", f"HEAD:{office.file(ticket).relative_to(office.root)}") + "\n"
    office.file(ticket).write_text(ours.replace("uno, o cuatro", first), encoding="utf-8")
    with office.by(STRANGER):
        office.commit()
    assert codes(office, base) == []


@pytest.mark.parametrize("kept", ["tres, prometido", "uno, o dos\n\ntres, prometido", "uno\n\ndos, importante"])
def test_whoever_merges_drops_nothing_that_neither_side_did(office: Office, ticket: str, kept: str) -> None:
    base = parted(office, ticket)
    ours = office.git("show", f"HEAD:{office.file(ticket).relative_to(office.root)}") + "\n"
    whole = "uno, o cuatro\n\ndos, importante\n\ntres, prometido"
    assert whole in ours
    office.file(ticket).write_text(ours.replace(whole, kept), encoding="utf-8")
    with office.by(STRANGER):
        office.commit()
    assert codes(office, base) == [("not-allowed", STRANGER)]
