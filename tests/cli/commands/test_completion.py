"""Completion in the shell: what is offered where, and in the real bash, zsh and fish what a tab makes of it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import script, spawn
from tests.world import Desk, run_here
from tk.cli.completing.shells import SHELLS


@pytest.fixture
def tickets(desk: Desk) -> tuple[str, str]:
    """Return the ids of an open and a closed ticket."""
    opened = desk.ok("new", "Heater does not start", "--owner", "me")
    closed = desk.ok("new", "Printer jams")
    desk.ok("advance", closed, "closed")
    return opened, closed


Tickets = tuple[str, str]


def ask(desk: Desk, line: str, **env: str) -> list[str]:
    """Return the lines with which a bash that completes `line` is answered."""
    asked = {"_TK_COMPLETE": "bash_complete", "COMP_LINE": line, "COMP_WORDBREAKS": " \"'><=;|&(:", **env}
    result = desk.tk(**asked)
    assert result.err == ""
    return result.out.splitlines()


def offered(desk: Desk, line: str) -> list[str]:
    """Return the words offered for a line."""
    return [answer.removeprefix("plain,") for answer in ask(desk, line) if answer.startswith("plain,")]


def test_commands_and_options_complete(desk: Desk) -> None:
    assert offered(desk, "tk ad") == ["advance", "advise"]
    assert offered(desk, "tk list --fo") == ["--format"]
    assert offered(desk, "tk list --format n") == ["ndjson"]
    assert offered(desk, "tk completion ") == list(SHELLS)


@pytest.mark.parametrize(
    "command", ["show", "edit", "advance", "assign", "log", "set", "history", "attach", "link", "undo"]
)
def test_ids_complete_by_their_end_open_tickets_first(desk: Desk, tickets: Tickets, command: str) -> None:
    opened, closed = tickets
    assert offered(desk, f"tk {command} ") == [opened[-5:].lower(), closed[-5:].lower()]


def test_ids_complete_as_they_were_begun(desk: Desk, tickets: Tickets) -> None:
    opened, _ = tickets
    tail, day = opened[-5:], "260812"
    assert offered(desk, f"tk show {tail[:4]}") == [tail]
    assert offered(desk, f"tk show {tail[:4].lower()}") in ([tail], [tail.lower()])
    assert opened in offered(desk, "tk show TK-2608")
    assert opened.lower() in offered(desk, "tk show tk-2608")
    assert f"{day}-{tail.lower()}" in offered(desk, f"tk show {day}-")
    assert opened in offered(desk, "tk show T")


def test_a_new_ticket_completes_at_once_and_one_that_is_gone_no_more(desk: Desk, tickets: Tickets) -> None:
    desk.ok("list")
    third = desk.ok("new", "Just now")
    assert third[-5:].lower() in offered(desk, "tk show ")
    desk.file(third).unlink()
    assert third[-5:].lower() not in offered(desk, "tk show ")


def test_statuses_are_those_that_the_ticket_can_go_to(desk: Desk, tickets: Tickets) -> None:
    opened, closed = tickets
    assert offered(desk, f"tk advance {opened[-5:]} ") == ["in-progress", "solved", "closed"]
    assert offered(desk, f"tk advance {closed} ") == ["open"]
    assert offered(desk, "tk advance zzzzz s") == ["solved"]


def test_people_event_types_and_categories_complete(desk: Desk, tickets: Tickets) -> None:
    assert offered(desk, f"tk assign {tickets[0]} ") == ["me", "mlopez", "nobody"]
    assert offered(desk, f"tk log {tickets[0]} call") == ["call-in", "call-out"]
    assert offered(desk, "tk new x --category software/") == ["software/access", "software/fault"]
    assert offered(desk, "tk new x --priority u") == ["urgent"]
    assert offered(desk, "tk new x --owner m") == ["me", "mlopez"]


def test_fields_complete_with_their_sign_and_then_their_values(desk: Desk, tickets: Tickets) -> None:
    assert ask(desk, f"tk set {tickets[0]} pri") == ["plain,priority=", "nospace"]
    assert ask(desk, f"tk set {tickets[0]} priority=h") == ["plain,high"]
    assert offered(desk, f"tk set {tickets[0]} title=x type=") == ["question", "incident", "request"]
    assert offered(desk, "tk new x --set priority=ur") == ["urgent"]


def test_words_of_a_query_complete_with_their_values(desk: Desk) -> None:
    assert ask(desk, "tk list pri") == ["plain,priority:", "nospace"]
    assert offered(desk, "tk list status:o") == ["open"]
    assert offered(desk, "tk list status:open,so") == ["open,solved"]
    assert offered(desk, "tk list is:") == ["new", "open", "waiting", "solved", "closed"]
    assert offered(desk, "tk list owner:") == ["mlopez", "me", "none"]
    assert offered(desk, "tk list sort:-up") == ["-updated"]
    assert offered(desk, "tk list overdue:") == ["yes", "no"]
    assert offered(desk, 'tk list "status:so') == ["status:solved"]


def test_links_papers_and_decisions_complete(desk: Desk, tickets: Tickets) -> None:
    opened, closed = tickets
    assert offered(desk, f"tk link {opened} bl") == ["blocks", "blocked-by"]
    assert offered(desk, f"tk link {opened} blocks {closed[:9]}") == [opened, closed]
    assert offered(desk, f"tk request {opened} ") == ["priority", "type"]
    assert offered(desk, f"tk request {opened} priority u") == ["urgent"]
    assert offered(desk, f"tk approve {opened} ") == ["go-ahead"]
    assert offered(desk, f"tk attach {opened} --kind p") == ["photo"]
    assert ask(desk, f"tk attach {opened} ") == ["file"]
    assert offered(desk, f"tk rate {opened} ") == ["good", "bad"]


def test_custom_fields_complete_too(desk: Desk) -> None:
    fields = '\n[fields.colour]\ntype = "choice"\nvalues = ["red", "green"]\n[fields.vip]\ntype = "flag"\n'
    policy = desk.root / "tk.toml"
    policy.write_text(policy.read_text("utf-8") + fields, encoding="utf-8")
    assert offered(desk, "tk new x --set col") == ["colour="]
    assert offered(desk, "tk new x --set colour=") == ["red", "green"]
    assert offered(desk, "tk list vip:") == ["yes", "no", "none"]


def test_the_desk_that_is_named_is_asked(desk: Desk, tickets: Tickets, tmp_path: Path) -> None:
    assert offered(Desk(tmp_path), f"tk -C {desk.root} show TK-") == list(tickets)


def test_files_are_left_to_the_shell(desk: Desk) -> None:
    assert ask(desk, "tk log x note -F ") == ["file"]
    assert ask(desk, "tk check ") == ["file"]


@pytest.mark.parametrize("line", ["tk show ", "tk -C /nowhere show ", "tk list 'x", "tk advance \\"])
def test_where_nothing_can_be_known_it_is_silent(tmp_path: Path, line: str) -> None:
    assert ask(Desk(tmp_path), line) == []


def test_while_the_policy_is_broken_the_last_one_answers_in_silence(desk: Desk, tickets: Tickets) -> None:
    (desk.root / "tk.toml").write_text("[desk", encoding="utf-8")
    assert ask(desk, f"tk advance {tickets[0]} so") == ["plain,solved"]


def test_a_listing_shows_titles_and_labels_and_no_more(desk: Desk, tickets: Tickets) -> None:
    desk.ok("new", "\x1b[31mred \x1b]0;evil\x07", "--owner", "me")
    lines = ask(desk, "tk show ", COMP_TYPE="63", COLUMNS="60")
    assert any("Heater does not start" in line for line in lines)
    assert not any("\x1b" in line for line in lines)
    assert all(len(line) <= len("plain,") + 60 for line in lines)
    assert ask(desk, f"tk advance {tickets[0]} so", COMP_TYPE="63") == ["plain,solved"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_get_labels_beside_the_words(desk: Desk, tickets: Tickets, shell: str) -> None:
    word = {"zsh": "3", "fish": "so"}[shell]
    asked = {"_TK_COMPLETE": f"{shell}_complete", "COMP_WORDS": f"tk advance {tickets[0]} so", "COMP_CWORD": word}
    assert desk.tk(**asked).out == "plain\tsolved\tSolved\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script_that_asks_tk(shell: str) -> None:
    result = run_here("completion", shell)
    assert (result.code, result.err) == (0, "")
    assert f"_TK_COMPLETE={shell}_complete" in result.out


def test_bash_takes_the_script(tmp_path: Path) -> None:
    file = tmp_path / "script"
    file.write_text(run_here("completion", "bash").out, encoding="utf-8")
    assert subprocess.run(["bash", "-n", str(file)], check=False).returncode == 0


def test_an_unknown_shell_is_wrong_usage() -> None:
    assert run_here("completion", "tcsh").code == 2


START = {
    "bash": (
        "PS1='$ '; bind 'set enable-bracketed-paste off'; eval \"$(tk completion bash)\"",
        "--norc",
        "--noprofile",
    ),
    "zsh": ('autoload -U compinit; compinit -u; eval "$(tk completion zsh)"', "-f", "-i"),
    "fish": ("function fish_prompt; echo '$ '; end; tk completion fish | source", "--no-config"),
}
"""How each shell is started, bare, and what makes it complete the words of tk."""

TOLD = "the words are known"


class Prompt:
    """A shell in a terminal: what is typed there and what tk is then started with."""

    def __init__(self, desk: Desk, folder: Path, shell: str) -> None:
        if shutil.which(shell) is None:
            if os.environ.get("CI"):
                pytest.fail(f"there is no {shell}: .ci/run installs it")
            pytest.skip(f"there is no {shell}")
        self.shell = shell
        self.words = folder / "words"
        complete = f'if [ -n "$_TK_COMPLETE" ] || [ "$1" = completion ]; then exec {sys.executable} -m tk "$@"; fi'
        script(folder, "tk", f"{complete}\nprintf '%s\\n' \"$@\" >'{self.words}'; echo {TOLD}")
        begin, *options = START[shell]
        home = {"HOME": str(folder), "ZDOTDIR": str(folder), "XDG_CONFIG_HOME": str(folder)}
        path = {"PATH": f"{folder}:{os.environ['PATH']}", "HISTFILE": "/dev/null", "TERM": "xterm", **home}
        self.child = spawn(desk, *options, program=shell, env=path)
        self.child.sendline(f"{begin}; echo READ''Y")
        self.child.expect("READY\r\n")

    def enter(self, line: str) -> list[str]:
        """Type a line with its tabs and return the words that tk is started with."""
        self.child.send(line + "\r")
        self.child.expect_exact(f"{TOLD}\r\n")
        return self.words.read_text(encoding="utf-8").splitlines()


@pytest.fixture(params=SHELLS)
def prompt(
    request: pytest.FixtureRequest, desk: Desk, tickets: Tickets, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prompt]:
    """Return each shell in a terminal, at a desk with a category of several words."""
    policy = desk.root / "tk.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(
        text.replace("[categories.other]", '[categories."Sin señal"]\n[categories.other]'), encoding="utf-8"
    )
    here = Prompt(desk, tmp_path_factory.mktemp(str(request.param)), str(request.param))
    yield here
    here.child.close(force=True)


def test_a_real_shell_completes_at_a_tab(prompt: Prompt, tickets: Tickets) -> None:
    """Commands, options, ids, statuses, people, fields, categories, words of a query: whole, in one word each."""
    opened = tickets[0][-5:].lower()
    assert prompt.enter("tk adva\tx") == ["advance", "x"]
    assert prompt.enter("tk list --form\tnd\t") == ["list", "--format", "ndjson"]
    assert prompt.enter(f"tk show {opened[:4]}\t") == ["show", opened]
    assert prompt.enter(f"tk advance {opened} so\tx") == ["advance", opened, "solved", "x"]
    assert prompt.enter(f"tk assign {opened} ml\t") == ["assign", opened, "mlopez"]
    assert prompt.enter(f"tk log {opened} call-o\t-m x") == ["log", opened, "call-out", "-m", "x"]
    assert prompt.enter(f"tk set {opened} prio\th\t") == ["set", opened, "priority=high"]
    assert prompt.enter("tk new x --category software/a\t") == ["new", "x", "--category", "software/access"]
    assert prompt.enter("tk new x --category Sin\t-m x") == ["new", "x", "--category", "Sin señal", "-m", "x"]
    assert prompt.enter("tk list prio\tur\tis:w\t") == ["list", "priority:urgent", "is:waiting"]
    assert prompt.enter("tk list status:open,so\t") == ["list", "status:open,solved"]
    assert prompt.enter('tk list "status:so\t') == ["list", "status:solved"]
    assert prompt.enter("tk audit HE\t") == ["audit", "HEAD"]


def test_a_real_shell_lists_ids_with_their_titles(prompt: Prompt, tickets: Tickets) -> None:
    prompt.child.send("tk show \t\t")
    between = {"bash": "  ", "zsh": "  -- ", "fish": "  ("}[prompt.shell]
    for ticket, title in zip(tickets, ("Heater does not start", "Printer jams"), strict=True):
        prompt.child.expect_exact(f"{ticket[-5:].lower()}{between}{title}")
