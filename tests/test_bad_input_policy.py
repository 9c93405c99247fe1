"""A tk.toml with mistakes: reading works, writing is refused with line and column, and check names them all."""

import json
from typing import NamedTuple

import pytest

from tests.still import unchanged
from tests.world import Desk, Result

HINT = "hint: nothing can be changed until tk.toml is right; reading still works\n"


@pytest.fixture
def ticket(desk: Desk) -> str:
    """Return the id of a ticket on the desk."""
    return desk.ok("new", "Heater does not start", "--priority", "high")


class Mistake(NamedTuple):
    """What is written for what, the column it is found at, and the sentence that is told of it."""

    old: str
    new: str
    column: int
    says: str

    def make(self, desk: Desk) -> str:
        """Make the mistake in tk.toml, not committed, and return the place where it then is."""
        file = desk.root / "tk.toml"
        text = file.read_text(encoding="utf-8")
        assert self.old in text
        file.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")
        line = text[: text.index(self.old)].count("\n") + 1
        return f"tk.toml:{line}:{self.column}"


KIND = Mistake('kind = "solved"', 'kind = "solvd"', 8, 'statuses.solved.kind cannot be "solvd"; did you mean "solved"?')
KEY = Mistake("prefix =", "prefx =", 1, "unknown key `prefx` in [desk]; did you mean `prefix`?")
TOML = Mistake("[types]", "[types", 7, "this is not TOML")
NEWER = Mistake("format = 1", "format = 2", 10, "written for a newer tk: format 2, this one reads 1")

WRITERS = [("new", "x"), ("set", "ID", "priority=low"), ("advance", "ID", "solved"), ("assign", "ID", "me")]


@pytest.mark.parametrize("mistake", [KIND, KEY])
@pytest.mark.parametrize("words", WRITERS)
def test_writing_is_refused_where_the_policy_has_a_mistake(
    desk: Desk, ticket: str, words: tuple[str, ...], mistake: Mistake
) -> None:
    place = mistake.make(desk)
    argv = [ticket if word == "ID" else word for word in words]
    with unchanged(desk):
        assert desk.run(*argv) == Result(2, "", f"tk: {place}: {mistake.says}\n{HINT}")


@pytest.mark.parametrize("mistake", [TOML, NEWER])
@pytest.mark.parametrize("words", WRITERS)
def test_writing_is_refused_where_the_policy_cannot_be_read_at_all(
    desk: Desk, ticket: str, words: tuple[str, ...], mistake: Mistake
) -> None:
    place = mistake.make(desk)
    argv = [ticket if word == "ID" else word for word in words]
    with unchanged(desk):
        result = desk.run(*argv)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"tk: {place}: {mistake.says}")


@pytest.mark.parametrize("mistake", [KIND, KEY, TOML, NEWER])
def test_reading_works_where_the_policy_has_a_mistake(desk: Desk, ticket: str, mistake: Mistake) -> None:
    readers = (("list",), ("show", ticket), ("history", ticket), ("list", "--json"), ("audit",), ("schema", "ticket"))
    before = [desk.run(*words).out for words in readers]
    mistake.make(desk)
    with unchanged(desk):
        after = [desk.run(*words) for words in readers]
    assert [result.code for result in after] == [0] * len(readers)
    assert [result.out for result in after[:3]] == before[:3]
    assert json.loads(after[3].out)[0]["id"] == ticket


@pytest.mark.parametrize("mistake", [KIND, KEY, TOML, NEWER])
def test_check_names_each_mistake_of_the_policy(desk: Desk, ticket: str, mistake: Mistake) -> None:
    place = mistake.make(desk)
    result = desk.run("check")
    assert result.code == 1
    assert result.out.startswith(f"{place}: error[")
    assert f"] {mistake.says}" in result.out
    assert result.err == "1 ticket checked: 1 error, 0 warnings\n"


def test_doctor_calls_a_policy_with_a_mistake_bad(desk: Desk, ticket: str) -> None:
    place = KIND.make(desk)
    result = desk.run("doctor")
    assert result.code == 1
    assert f"bad  policy:      {place}: {KIND.says}" in result.out


def test_a_program_reads_that_the_policy_is_broken(desk: Desk, ticket: str) -> None:
    place = KIND.make(desk)
    result = desk.run("set", ticket, "priority=low", "--json")
    told = json.loads(result.err)
    assert (result.code, result.out, told["error"]) == (2, "", "policy")
    assert told["message"].startswith(f"{place}: ")


def test_reading_goes_on_by_the_last_policy_that_could_be_read_when_a_broken_one_was_committed(desk: Desk) -> None:
    number = desk.ok("new", "Monitor negro")
    for text in ("[desk\n", "[desk]\nname = 3\n"):
        (desk.root / "tk.toml").write_text(text)
        desk.git("commit", "-qam", "broken")
    result = desk.run("list", "--format", "ids")
    assert (result.code, result.out) == (0, f"{number}\n")
    assert "tk.toml makes no policy now" in result.err
    assert desk.run("show", number).code == 0
    result = desk.run("set", number, "title=Otro")
    assert (result.code, "tk: tk.toml:" in result.err) == (2, True)
