"""`tk diff`: one line a change, for people, programs and pull requests."""

import json

import pytest

from tests.cli.output.test_findings import JUNIT, SARIF
from tests.world import Desk


@pytest.fixture
def worked(desk: Desk) -> tuple[Desk, str, str]:
    """Return a desk with two tickets, of which the first was worked on since the tag `base`."""
    first, second = desk.ok("new", "Heater fixes #3", "--priority", "low"), desk.ok("new", "Login")
    desk.git("tag", "base")
    desk.ok("assign", first, "me")
    desk.ok("set", first, "priority=high", "tags+=vip")
    desk.ok("log", first, "call-out", "-m", "Hello ::error::")
    desk.ok("advance", first, "solved", "-m", "Done.")
    return desk, first, second


def test_a_ticket_is_one_line(worked: tuple[Desk, str, str]) -> None:
    desk, first, _ = worked
    result = desk.run("diff", "base..HEAD")
    assert (result.code, result.out) == (
        0,
        f"{first} Heater fixes #3: open → solved by mlopez; priority: low → high; owner: mlopez; tags: +vip; "
        "2 events added: call-out, note\n",
    )
    assert result.err == "1 ticket changed, 0 opened, 0 removed, 0 files of the policy\n"


def test_people_read_labels(worked: tuple[Desk, str, str]) -> None:
    desk, _, _ = worked
    assert "Open → Solved by María López; priority: Low → High;" in desk.run("diff", "base", terminal=True).out


def test_labels_are_in_the_language_asked_for(worked: tuple[Desk, str, str]) -> None:
    desk, first, _ = worked
    desk.ok("approve", first, "go-ahead")
    told = desk.run("--lang", "es", "diff", "base", terminal=True).out
    assert "Abierto → Resuelto por María López; prioridad: Baja → Alta;" in told
    assert "aprobaciones: Visto bueno por María López, el 12 ago 2026 09:14" in told
    assert "Abierto → Resuelto" in desk.run("--lang", "es", "diff", "base..HEAD", terminal=True).out
    assert "approvals: Go-ahead by María López, at 12 Aug 2026 09:14" in desk.run("diff", "base", terminal=True).out
    (desk.root / "tk.toml").write_text("= nonsense\n", encoding="utf-8")
    assert "Resuelto" in desk.run("--lang", "es", "show", first, terminal=True).out


def test_nothing_changed_is_no_line(worked: tuple[Desk, str, str]) -> None:
    desk, _, _ = worked
    assert desk.run("diff").out == ""
    assert json.loads(desk.ok("diff", "--json"))["tickets"] == []
    assert desk.ok("diff", "--format", "markdown") == (
        "**0 tickets changed, 0 opened, 0 removed, 0 files of the policy**"
    )


def test_a_program_reads_every_name(worked: tuple[Desk, str, str]) -> None:
    desk, first, _ = worked
    told = json.loads(desk.ok("diff", "base..HEAD", "--json"))
    assert list(told) == ["from", "to", "policy", "tickets"]
    assert (told["from"], told["to"]) == (desk.git("rev-parse", "base"), desk.git("rev-parse", "HEAD"))
    (ticket,) = told["tickets"]
    assert list(ticket) == [
        *("ticket", "path", "title", "kind", "by", "late_seconds", "changes", "events", "files"),
    ]
    assert (ticket["ticket"], ticket["kind"], ticket["by"]) == (first, "changed", "mlopez")
    assert ticket["changes"][0] == {"field": "status", "from": "open", "to": "solved"}
    assert [event["type"] for event in ticket["events"]["added"]] == ["call-out", "note"]
    assert json.loads(desk.ok("diff", "base", "--json"))["to"] is None


def test_markdown_fits_a_pull_request_and_no_word_acts_in_it(worked: tuple[Desk, str, str]) -> None:
    desk, first, second = worked
    desk.ok("set", second, "title=@everyone <img src=x> `fixes #4`", "--no-commit")
    assert desk.ok("diff", "base", "--format", "markdown").splitlines() == [
        "**2 tickets changed, 0 opened, 0 removed, 0 files of the policy**",
        "",
        *sorted(
            (
                f"- `{first}` `Heater fixes #3`: `Open` → `Solved` by `María López`; `priority`: `Low` → `High`; "
                "`owner`: `María López`; `tags`: `+vip`; 2 events added: `Outgoing call, Note`",
                f"- `{second}` `` @everyone <img src=x> `fixes #4` ``: "
                "`title`: `Login` → `` @everyone <img src=x> `fixes #4` ``",
            )
        ),
    ]


def test_the_policys_changes_are_told_key_by_key(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    text = policy.read_text(encoding="utf-8").replace("[people]", "[people]\nana = { email = 'ana@example.com' }\n", 1)
    policy.write_text(text.replace('prefix = "TK"', 'prefix = "HD"'), encoding="utf-8")
    assert desk.ok("diff").splitlines() == [
        'tk.toml desk.prefix: "TK" → "HD"',
        'tk.toml people.ana: new: { email = "ana@example.com" }',
    ]
    policy.write_text("= nonsense\n", encoding="utf-8")
    assert desk.ok("diff") == "tk.toml: before or after, it cannot be read as TOML"


@pytest.mark.parametrize("hopeless", [f"[{'a.' * 20_000}a]", f"x = {'9' * 9000}", f"x = 0x{'f' * 9000}"])
def test_a_policy_that_nobody_could_read_leaves_the_tickets_told(desk: Desk, hopeless: str) -> None:
    number = desk.ok("new", "Monitor roto", "--no-commit")
    policy = desk.root / "tk.toml"
    policy.write_text(f"{policy.read_text(encoding='utf-8')}\n{hopeless}\n", encoding="utf-8")
    told = desk.ok("diff")
    assert "tk.toml: before or after, it cannot be read as TOML" in told
    assert number in told
    assert desk.run("policy", "show").code == desk.run("policy", "show", "--json").code == 2


def test_a_role_that_stands_twice_and_roles_in_another_order_are_told_as_such(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    text = policy.read_text(encoding="utf-8")
    assert '"supervisor", "agent"]' in text
    policy.write_text(text.replace('"supervisor", "agent"]', '"supervisor", "agent", "supervisor"]'), encoding="utf-8")
    assert desk.ok("diff") == 'tk.toml people.mlopez.roles: added: "supervisor"'
    policy.write_text(text.replace('"supervisor", "agent"]', '"agent", "supervisor"]'), encoding="utf-8")
    assert desk.ok("diff") == 'tk.toml people.mlopez.roles: ["supervisor", "agent"] → ["agent", "supervisor"]'


def test_an_id_that_was_edited_by_hand_is_told(desk: Desk) -> None:
    number = desk.ok("new", "Heater")
    desk.file(number).write_text(desk.file(number).read_text().replace(f"id: {number}", "id: TK-260812-00000"))
    result = desk.run("diff")
    assert result.out == f"{number} Heater: id: {number} → TK-260812-00000\n"
    assert result.err.startswith("1 ticket changed")


def test_tags_in_another_order_are_told_whole(desk: Desk) -> None:
    number = desk.ok("new", "Heater", "--tag", "a", "--tag", "b")
    desk.file(number).write_text(desk.file(number).read_text().replace("[a, b]", "[b, a]"))
    assert desk.ok("diff") == f"{number} Heater: tags: a, b → b, a"


@pytest.mark.parametrize("form", ["github", "sarif", "junit"])
def test_forges_are_told_of_each_change_as_a_note(worked: tuple[Desk, str, str], form: str) -> None:
    desk, first, _ = worked
    told = desk.ok("diff", "base..HEAD", "--format", form)
    if form == "github":
        path = desk.file(first).relative_to(desk.root).as_posix()
        assert told.startswith(f"::notice file={path},line=1,col=1,title=tk diff%3A changed::")
    elif form == "sarif":
        SARIF.validate(json.loads(told))
        assert json.loads(told)["runs"][0]["results"][0]["level"] == "note"
    else:
        JUNIT.validate(told)


def test_an_unknown_revision_is_wrong_usage(desk: Desk) -> None:
    result = desk.run("diff", "nonsense")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith('tk: git knows no revision "nonsense"\n')
