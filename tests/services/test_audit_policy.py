"""What governs a desk stays fit to govern it: who breaks or removes tk.toml, or what it names, is found."""

from pathlib import Path

import pytest

from tests.services.office import AGENT, BOSS, STRANGER, Office
from tk.core.finding import Finding
from tk.services.audit import Audit
from tk.services.check import check, check_policy

NOTICE = """
[mail]
address = "mesa@example.com"
[[notify]]
name = "solved"
action = "advance"
to = ["@requester"]
template = "solved"
"""

REGISTER = """
[customers]
file = "registers/customers.csv"
key = "key"
"""


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's at status open."""
    with office.by(AGENT):
        return office.ok("new", "Monitor negro", "--priority", "low", "--owner", "ana")


def refusals(office: Office, words: str) -> list[tuple[str | None, str, str]]:
    return [(f.commit, f.path, f.code) for f in office.audit(words).findings if f.verdict == "refused"]


def errors(found: tuple[Finding, ...]) -> set[tuple[str, str, int]]:
    return {(finding.path, finding.code, finding.line) for finding in found if finding.is_error}


def put(office: Office, path: str, text: str) -> Path:
    file = office.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


# tk.toml


def test_removing_tk_toml_is_found_and_the_policy_before_stays(office: Office, ticket: str) -> None:
    base, whole = office.head(), (office.root / "tk.toml").read_bytes()
    office.git("rm", "-q", "tk.toml")
    office.git("commit", "-qm", "gone")
    gone = office.head()
    office.replace(ticket, "Monitor negro", "Monitor gratis")
    with office.by(AGENT):
        use = office.commit()
    path = office.file(ticket).relative_to(office.root).as_posix()
    (office.root / "tk.toml").write_bytes(whole)
    office.commit("tk.toml")
    assert refusals(office, f"{base}..") == [(gone, "tk.toml", "removed"), (use, path, "not-allowed")]
    assert refusals(office, f"{gone}..") == [(use, path, "not-allowed")]


def test_no_second_beginning_gives_rights_where_a_desk_was_removed(office: Office, ticket: str) -> None:
    text = (office.root / "tk.toml").read_text("utf-8")
    office.git("rm", "-q", "tk.toml")
    office.git("commit", "-qm", "gone")
    gone = office.head()
    put(office, "tk.toml", text.replace('may = ["new"]', 'may = ["*"]'))
    with office.by(STRANGER):
        own = office.commit("tk.toml")
    assert refusals(office, f"{gone}..") == [(own, "tk.toml", "not-allowed")]


BROKEN = {
    "a zone that there is not": ('zone = "America/Lima"', 'zone = "Nowhere"'),
    "a key that there is not": ("[desk]", "[desk]\ncolour = 1"),
    "a role that nobody made": ('roles = ["supervisor", "agent"]', 'roles = ["supervisor", "agent", "boss"]'),
    "two roles called alike": (
        "[roles.agent]",
        '[roles.other]\nlabel = { en = "Agent" }\nmay = ["new"]\n[roles.agent]',
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_check_calls_broken_is_found_with_its_line_and_comes_not_into_force(
    office: Office, ticket: str, name: str
) -> None:
    base = office.head()
    office.policy(*BROKEN[name])
    office.policy('"set.priority"', '"set.priority", "set.title"')
    commit = office.commit("tk.toml")
    wrong = errors(check(office.opened()).findings)
    found = office.audit(f"{base}..").findings
    assert wrong
    assert {(f.path, f.code, f.line) for f in found} == wrong
    assert {(f.commit, f.verdict) for f in found} == {(commit, "refused")}
    office.replace(ticket, "Monitor negro", "Monitor gratis")
    with office.by(AGENT):
        use = office.commit()
    assert refusals(office, f"{base}..")[len(found) :] == [
        (use, office.file(ticket).relative_to(office.root).as_posix(), "not-allowed")
    ]


def test_what_was_broken_before_is_not_told_again(office: Office) -> None:
    office.policy("[desk]", "[desk]\ncolour = 1")
    base = office.commit("tk.toml")
    office.policy("[desk]", "\n# a line more\n[desk]")
    office.commit("tk.toml")
    assert office.audit(f"{base}..") == Audit(1, 0, ())
    office.policy("[desk]", "[desk]\nsize = 1")
    assert refusals(office, f"{base}..{office.commit('tk.toml')}") == [(office.head(), "tk.toml", "unknown-key")]
    office.policy("size = 1\ncolour = 1\n", "")
    office.commit("tk.toml")
    assert office.audit("HEAD~1..").findings == ()


def test_a_merge_of_what_a_side_broke_is_not_blamed_for_it(office: Office) -> None:
    base = office.head()
    office.git("checkout", "-q", "-b", "side")
    office.policy("[desk]", "[desk]\ncolour = 1")
    broken = office.commit("tk.toml")
    office.git("checkout", "-q", "main")
    office.policy("[people]", "# a line more\n[people]")
    office.commit("tk.toml")
    office.git("merge", "-q", "--no-edit", "side")
    assert refusals(office, f"{base}..") == [(broken, "tk.toml", "unknown-key")]


def test_warnings_are_no_offence(office: Office) -> None:
    base = office.head()
    office.policy("[roles.agent]", '[roles.idle]\nlabel = { en = "Idle" }\nmay = []\n[roles.agent]')
    office.commit("tk.toml")
    assert [f.code for f in check_policy(office.opened())] == ["empty-role"]
    assert office.audit(f"{base}..") == Audit(1, 0, ())


def test_tk_toml_as_a_link_is_found(office: Office) -> None:
    base = office.head()
    blob = office.git("rev-parse", "HEAD:tk.toml")
    office.git("update-index", "--cacheinfo", f"120000,{blob},tk.toml")
    office.git("commit", "-qm", "link")
    assert refusals(office, f"{base}..") == [(office.head(), "tk.toml", "symlink")]


# What it names


def test_a_register_that_tk_toml_needs_may_not_go(office: Office) -> None:
    put(office, "registers/customers.csv", "key\nsol\n")
    put(office, "registers/other.csv", "key\nsol\n")
    office.policy("[people]", f"{REGISTER}\n[people]")
    base = office.commit()
    assert office.audit("HEAD~1..").findings == ()
    (office.root / "registers/other.csv").unlink()
    office.commit()
    assert office.audit(f"{base}..").findings == ()
    (office.root / "registers/customers.csv").unlink()
    commit = office.commit()
    assert refusals(office, f"{base}..") == [(commit, "registers/customers.csv", "missing-register")]
    put(office, "registers/customers.csv", "key\n\nsol,x\n")
    commit = office.commit()
    assert refusals(office, "HEAD~1..") == [(commit, "registers/customers.csv", "bad-row")]


def test_a_policy_that_names_a_register_brings_it(office: Office) -> None:
    base = office.head()
    office.policy("[people]", f"{REGISTER}\n[people]")
    commit = office.commit()
    assert refusals(office, f"{base}..") == [(commit, "registers/customers.csv", "missing-register")]


def test_a_template_that_a_notice_needs_may_not_go(office: Office) -> None:
    for language in ("en", "es"):
        put(office, f"templates/{language}/solved.txt.j2", "Hola\n")
    office.policy("[people]", f"{NOTICE}\n[people]")
    base = office.commit()
    assert [str(f.message) for f in office.audit("HEAD~1..").findings] == []
    (office.root / "templates/en/solved.txt.j2").unlink()
    office.commit()
    assert office.audit(f"{base}..").findings == ()
    (office.root / "templates/es/solved.txt.j2").unlink()
    commit = office.commit()
    wrong = errors(check(office.opened()).findings)
    (found,) = office.audit(f"{base}..").findings
    assert {(found.path, found.code, found.line)} == wrong
    assert (found.commit, found.code, found.verdict) == (commit, "missing-template", "refused")


def test_a_template_that_is_no_text_and_one_that_is_a_link_are_found(office: Office) -> None:
    base = office.head()
    put(office, "templates/es/new.md", "Hola \x07\n")
    (office.root / "templates/es/other.md").symlink_to("new.md")
    commit = office.commit()
    assert errors(check(office.opened()).findings) == {
        ("templates/es/new.md", "bad-value", 1),
        ("templates/es/other.md", "symlink", 1),
    }
    assert sorted(refusals(office, f"{base}..")) == [
        (commit, "templates/es/new.md", "bad-value"),
        (commit, "templates/es/other.md", "symlink"),
    ]
    assert office.who == BOSS
