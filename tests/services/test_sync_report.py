"""What `tk sync` says of what came and what went, and of nothing else."""

import json

import pytest

from tests.services.pair import Pair, conflict, meet, ticket


def told(pair: Pair, side: str = "there") -> list[str]:
    """Let one of the two sync after the other, and return the lines that it printed."""
    here, there = (pair.there, pair.here) if side == "here" else (pair.here, pair.there)
    there.now = here.now
    return there.ok("sync").splitlines()


def summary(pair: Pair) -> str:
    """Let the second sync after the first, and return the last line of its remarks."""
    pair.there.now = pair.here.now
    return pair.there.run("sync").err.splitlines()[-1]


def twins(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let both draw one id, and the first send its ticket; return the id."""
    drawn = []
    for office, mark in ((pair.here, "aquí"), (pair.there, "allí")):
        office.now = pair.here.now
        with monkeypatch.context() as patch:
            patch.setattr("tk.store.revision.random_number", lambda: 7)
            drawn.append(office.ok("new", mark, "-m", mark))
    pair.here.ok("sync")
    pair.there.now = pair.here.now
    assert drawn[0] == drawn[1]
    return drawn[0]


def test_what_else_came_is_told_where_a_conflict_stops_it(pair: Pair) -> None:
    other = pair.here.ok("new", "Otro")
    number = conflict(pair)
    pair.here.now = pair.there.now
    pair.here.ok("set", number, "tags+=vip")
    pair.here.ok("set", other, "title=El otro")
    new = pair.here.ok("new", "Nuevo")
    pair.here.policy('name = "', 'name = "A ')
    pair.here.commit("tk.toml")
    pair.here.ok("sync")
    result = pair.there.run("sync")
    assert result.code == 1
    *came, open_ = result.out.splitlines()
    assert came[0].startswith('← tk.toml desk.name: "')
    assert sorted(came[1:]) == sorted(
        [f"← {number} tags: vip", f"← {other} title: Otro → El otro", f"← {new} new: Nuevo"]
    )
    assert open_ == f"! {number} title: Allí here, Aquí there"


def test_a_program_is_told_so_too(pair: Pair) -> None:
    number = conflict(pair)
    other = pair.here.ok("new", "Otro")
    pair.here.ok("sync")
    result = pair.there.run("sync", "--json")
    found = json.loads(result.out)
    assert result.code == 1
    assert found["came"] == [{"ticket": other, "title": "Otro", "kind": "new", "actions": ["new"]}]
    assert found["went"] == []
    assert [each["ticket"] for each in found["conflicts"]] == [number]


def test_the_policy_templates_and_registers_are_told_both_ways(pair: Pair) -> None:
    pair.here.policy('roles = ["supervisor", "agent"]', 'roles = ["agent"]')
    (pair.here.root / "templates/es").mkdir(parents=True)
    (pair.here.root / "templates/es/saludo.md").write_text("Hola\n")
    pair.here.commit()
    lines = ['tk.toml people.mlopez.roles: taken away: "supervisor"']
    lines.insert(0, "templates/es/saludo.md: new")
    assert pair.here.ok("sync").splitlines() == [f"→ {line}" for line in lines]
    assert told(pair) == [f"← {line}" for line in lines]
    pair.here.git("rm", "-q", "templates/es/saludo.md")
    pair.here.commit()
    found = json.loads(pair.here.ok("sync", "--json"))["policy"]
    assert [(each["path"], each["kind"]) for each in found["went"]] == [("templates/es/saludo.md", "removed")]
    assert found["came"] == []
    assert summary(pair) == "in step with origin/main: came 0 tickets and 1 file of the policy, went 0 tickets"


def test_a_removed_ticket_is_told_both_ways(pair: Pair) -> None:
    number = pair.here.ok("new", "Hola")
    meet(pair)
    pair.here.git("rm", "-q", str(pair.here.file(number)))
    pair.here.commit()
    assert pair.here.ok("sync") == f"→ {number} Hola: removed"
    result = pair.there.run("sync", "--json")
    assert json.loads(result.out)["came"] == [{"ticket": number, "title": "Hola", "kind": "removed", "actions": []}]


@pytest.mark.parametrize("minutes", range(3))  # so that now the one, now the other has the greater hash
def test_ones_own_twin_did_not_come(pair: Pair, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Whichever of the two keeps the id: one ticket comes and one goes, on both sides."""
    pair.here.wait(minutes)
    number = twins(pair, monkeypatch)
    result = pair.there.run("sync")
    assert result.code == 0, result
    files = pair.there.root.glob("tickets/*/*/*/*.md")
    held = {found.title: found.id for found in (ticket(pair.there, file.stem) for file in files)}
    assert result.out.splitlines() == [f"← {held['aquí']} new: aquí", f"→ {held['allí']} new: allí"]
    remark, last = result.err.splitlines()
    (moved,) = set(held.values()) - {number}
    assert remark == f"{number}: two tickets had drawn this id; one of them is now {moved}"
    assert last == "in step with origin/main: came 1 ticket, went 1 ticket"
    pair.here.now = pair.there.now
    result = pair.here.run("sync")
    assert result.out == f"← {held['allí']} new: allí\n"
    has_moved = held["aquí"] == moved
    assert result.err.splitlines()[:-1] == ([remark] if has_moved else [])
    assert result.err.endswith("in step with origin/main: came 1 ticket, went 0 tickets\n")


@pytest.mark.parametrize("minutes", range(3))
def test_a_ticket_that_links_a_twin_did_not_come_either(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    pair.here.wait(minutes)
    other = pair.here.ok("new", "Otro")
    meet(pair)
    number = twins(pair, monkeypatch)
    pair.there.ok("link", other, "relates", number)
    result = pair.there.run("sync")
    assert [line[:2] for line in result.out.splitlines() if other not in line] == ["← ", "→ "]
    assert not any(line.startswith(f"← {other}") for line in result.out.splitlines())


def test_what_happened_to_a_ticket_while_its_twin_took_its_id_is_told(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = twins(pair, monkeypatch)
    pair.there.ok("sync")
    files = pair.there.root.glob("tickets/*/*/*/*.md")
    held = {found.title: found.id for found in (ticket(pair.there, file.stem) for file in files)}
    pair.there.ok("set", held["aquí"], "priority=high")
    pair.there.ok("sync")
    assert sorted(told(pair, "here")) == sorted([f"← {held['allí']} new: allí", f"← {held['aquí']} priority: high"])
    assert number in held.values()
