"""Conflict markers that somebody committed are not sent; those that others have sent, or that a text quotes, are."""

import pytest

from tests.services.pair import Pair, conflict, meet, ticket

QUOTED = "Me salió esto:\n\n<<<<<<< HEAD\nuno\n=======\ndos\n>>>>>>> otra\n"


def committed(pair: Pair) -> str:
    """Let the second commit a conflict as it is; return the ticket."""
    number = conflict(pair)
    assert pair.there.run("sync").code == 1
    pair.there.git("commit", "-qam", "x")
    return number


def test_a_conflict_that_was_committed_is_not_sent(pair: Pair) -> None:
    number = committed(pair)
    before = pair.hub_head()
    result = pair.there.run("sync")
    assert (result.code, result.out) == (1, "")
    path = pair.there.file(number).relative_to(pair.there.root).as_posix()
    assert result.err.splitlines() == [
        f"tk: {path}: a merge's conflict was committed as it is; nothing was sent",
        f"hint: `tk resolve {number}` settles and commits it; then tk sync sends it",
    ]
    assert pair.hub_head() == before
    pair.there.ok("resolve", number, "--theirs")
    pair.there.ok("sync")
    pair.here.now = pair.there.now
    pair.here.ok("sync")
    assert ticket(pair.here, number).title == "Aquí"


def test_nothing_is_merged_into_it_either(pair: Pair) -> None:
    committed(pair)
    pair.here.now = pair.there.now
    other = pair.here.ok("new", "Otro")
    pair.here.ok("sync")
    head = pair.there.head()
    assert pair.there.run("sync").code == 1
    assert pair.there.head() == head
    pair.there.ok("resolve", "--ours")
    assert pair.there.ok("sync").splitlines()[0] == f"← {other} new: Otro"


@pytest.mark.parametrize("is_named", [True, False])
def test_so_is_one_in_a_text_which_can_be_read_in_spite_of_it(pair: Pair, is_named: bool) -> None:
    number = pair.here.ok("new", "Hola", "-m", "uno")
    words = (number,) if is_named else ()
    meet(pair)
    pair.here.ok("set", number, "description=dos")
    pair.here.ok("sync")
    pair.there.now = pair.here.now
    pair.there.ok("set", number, "description=tres")
    assert pair.there.run("sync").code == 1
    pair.there.git("commit", "-qam", "x")
    pair.there.replace(number, "title: Hola", "title: Hola y adiós")
    pair.there.commit()
    assert "tk resolve" in pair.there.run("sync").err
    assert pair.there.run("resolve").code == 1
    pair.there.ok("resolve", *words, "--ours")
    pair.there.ok("sync")
    assert (ticket(pair.there, number).description, ticket(pair.there, number).title) == ("tres", "Hola y adiós")


def test_a_text_may_quote_a_conflict(pair: Pair) -> None:
    """In a new ticket, and in one that a merge joins of what both sides did."""
    number = pair.here.ok("new", "Hola")
    meet(pair)
    pair.here.ok("log", number, "note", "-m", QUOTED)
    other = pair.here.ok("new", "Otro", "-m", QUOTED)
    pair.there.now = pair.here.now
    pair.there.ok("log", number, "note", "-m", "dos")
    pair.there.ok("sync")
    pair.here.now = pair.there.now
    pair.here.ok("sync")
    assert QUOTED.strip() in [event.text for event in ticket(pair.here, number).events]
    assert f"if it is one, tk resolve {other} settles it" in pair.here.run("check").out
    for words in ((), (number,), (other,)):
        assert pair.here.run("resolve", *words, "--ours").err == "nothing is open, and nothing needs mending\n"


def test_a_policy_in_conflict_is_not_sent(pair: Pair) -> None:
    pair.here.policy('name = "', 'name = "A ')
    pair.here.commit("tk.toml")
    pair.here.ok("sync")
    pair.there.policy('name = "', 'name = "B ')
    pair.there.commit("tk.toml")
    assert pair.there.run("sync").code == 1
    pair.there.git("commit", "-qam", "x")
    before = pair.hub_head()
    result = pair.there.run("sync")
    assert result.code != 0
    assert pair.hub_head() == before


def test_markers_in_a_template_are_not_sent(pair: Pair) -> None:
    for office, word in ((pair.here, "Hola"), (pair.there, "Adiós")):
        file = office.root / "templates/es/saludo.md"
        file.parent.mkdir(parents=True)
        file.write_text(f"{word}\n")
        office.commit()
    pair.here.ok("sync")
    assert pair.there.run("sync").code == 1
    pair.there.git("add", "-A")
    pair.there.git("commit", "-qm", "x")
    result = pair.there.run("sync")
    assert result.code == 1
    assert "hint: edit out the marker lines and git commit; then tk sync sends it" in result.err
    (pair.there.root / "templates/es/saludo.md").write_text("Buenas\n")
    pair.there.commit()
    pair.there.ok("sync")


@pytest.fixture
def sent(pair: Pair) -> str:
    """Send a conflict by plain git, and return the ticket."""
    number = committed(pair)
    pair.there.git("push", "-q")
    pair.here.now = pair.there.now
    return number


def test_where_the_remote_has_one_already_the_desk_still_syncs_and_is_told(pair: Pair, sent: str) -> None:
    told = f"{sent} Aquí: cannot be read: a merge left its conflict here; tk resolve goes through it"
    assert pair.here.ok("sync") == f"← {told}"
    other = pair.here.ok("new", "Otro")
    assert pair.here.ok("sync") == f"→ {other} new: Otro"
    pair.there.now = pair.here.now
    assert pair.there.ok("sync") == f"← {other} new: Otro"


def test_one_that_others_have_mended_meanwhile_is_no_obstacle(pair: Pair, sent: str) -> None:
    pair.here.ok("sync")
    pair.there.ok("resolve", sent, "--theirs")
    pair.there.ok("sync")
    pair.here.now = pair.there.now
    other = pair.here.ok("new", "Otro")
    assert pair.here.ok("sync").splitlines() == [
        f"← {sent} Aquí: can be read again",
        f"→ {other} new: Otro",
    ]


def test_who_clones_it_can_mend_it(pair: Pair, sent: str) -> None:
    pair.here.ok("sync")
    pair.here.ok("resolve", sent, "--ours")
    assert pair.here.ok("sync") == f"→ {sent} Allí: can be read again"
    pair.there.now = pair.here.now
    pair.there.ok("sync")
    assert ticket(pair.there, sent).title == "Allí"
