"""A pull request that a sweep made is reviewed by `tk diff` and `tk audit` alone."""

import json

import pytest

from tests.world import Desk

RULES = """
[[sweep]]
name = "close-solved"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"
note = "Closed: four days without a word."
"""

ROBOT = "robot@forge.example"


@pytest.fixture
def swept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, str]:
    """Return a desk where a robot has swept on a branch of its own, and the ticket that fell due."""
    policy = desk.root / "tk.toml"
    before, anyone, after = policy.read_text("utf-8").partition("[roles.anyone]")
    after = after.replace('may = ["*"]', 'may = ["new"]', 1)
    policy.write_text(f"{before}{anyone}{after}{RULES}", encoding="utf-8")
    desk.git("commit", "-qam", "rules")
    ticket = desk.ok("new", "Heater", "--owner", "me")
    desk.ok("advance", ticket, "solved", "-m", "Done.")
    desk.ok("new", "Login")
    desk.git("checkout", "-q", "-b", "tk-sweep")
    desk.now = "2026-08-17T09:14:03-05:00"
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", ROBOT)
        monkeypatch.setenv(f"GIT_{role}_DATE", desk.now)
    assert desk.run("sweep").code == 0
    return desk, ticket


def test_what_they_print_is_enough_to_approve_it(swept: tuple[Desk, str]) -> None:
    desk, ticket = swept
    assert desk.ok("diff", "main..tk-sweep", "--format", "markdown").splitlines() == [
        "**1 ticket changed, 0 opened, 0 removed, 0 files of the policy**",
        "",
        f"- `{ticket}` `Heater`: `Solved` → `Closed` by `{ROBOT}`; `fired`: `close-solved 16 Aug 2026 09:14`; "
        "1 event added: `Note`",
    ]
    assert desk.run("audit", "main..tk-sweep", "--strict") == (
        0,
        "",
        "1 commit audited: 0 refusals, 0 not to be judged\n",
    )


def test_what_no_rule_prescribes_is_refused_whatever_it_looks_like(swept: tuple[Desk, str]) -> None:
    desk, ticket = swept
    file = desk.file(ticket)
    desk.git("reset", "-q", "--soft", "main")
    text = file.read_text("utf-8")
    file.write_text(text.replace("title: Heater", "title: Heater, paid"), encoding="utf-8")
    desk.git("commit", "-qam", "sweep")
    result = desk.run("audit", "main..tk-sweep", "--json")
    assert result.code == 1
    assert {finding["verdict"] for finding in json.loads(result.out)["findings"]} == {"refused"}
