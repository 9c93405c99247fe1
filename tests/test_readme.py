"""README tells the truth: every command it shows runs, in the order in which it shows them."""

import re
import shlex
from pathlib import Path

import pytest

from tests import picture
from tests.world import Desk, run_here

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(fence: str) -> list[str]:
    """Return the fenced blocks of a kind."""
    return re.findall(rf"^```{fence}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_five_minutes_run_as_they_stand(tmp_path: Path) -> None:
    """`7k3` stands for the id that `tk new` has printed, and so does the id shown below it."""
    (session,) = blocks("console")
    folder, ticket, shown = tmp_path, "", ""
    for line in session.splitlines():
        if not line.startswith("$ "):
            shown = line
            assert re.fullmatch(r"TK-\d{6}-[0-9A-Z]{5}", shown)
            assert re.fullmatch(r"TK-\d{6}-[0-9A-Z]{5}", ticket)
            continue
        words = shlex.split(line.removeprefix("$ "))
        if words[0] == "cd":
            folder /= words[1]
            continue
        argv = [ticket.rpartition("-")[2].lower() if word == "7k3" else word for word in words[1:]]
        result = run_here("-C", str(folder), *argv)
        assert result.code == 0, (line, result)
        ticket = result.out.strip() if argv[0] == "new" else ticket
    assert shown


@pytest.mark.parametrize("line", re.findall(r"^    (tk .*)$", README, re.MULTILINE))
def test_a_query_it_shows_is_one(desk: Desk, line: str) -> None:
    assert desk.run(*shlex.split(line)[1:]).code == 0


def test_the_ticket_it_shows_is_read_without_a_finding(desk: Desk) -> None:
    (ticket,) = blocks("markdown")
    file = desk.root / "tickets/2026/08/12/TK-260812-7K3QX.md"
    file.parent.mkdir(parents=True)
    file.write_text(ticket, encoding="utf-8")
    assert desk.ok("check", "--strict", str(file)) == ""
    assert desk.ok("list", "--format", "ids") == "TK-260812-7K3QX"


def test_the_picture_is_what_the_commands_print(tmp_path: Path) -> None:
    """`make picture` draws it anew."""
    assert picture.FILE.read_text(encoding="utf-8") == picture.drawn(tmp_path)


def test_the_files_it_links_are_there() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (Path(__file__).parents[1] / link).exists(), link
