"""The door: the table, unknown words, `-C`, the clock, and every way a command can stop."""

import json
import os
import subprocess
import sys
import termios
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType

import click
import pytest

from tests.world import Golden, Result, Stream, run_here
from tk import __version__
from tk.cli.app import App, pass_app
from tk.cli.boundary import run, wants_json
from tk.cli.group import Row, rows, tk
from tk.cli.main import early
from tk.cli.opening import opening
from tk.cli.options import formats
from tk.cli.terminal.screen import columns, is_terminal
from tk.core.instant import format_instant
from tk.errors import Busy, Refused, UnknownTicket, say
from tk.store.index_changes import Pending

Body = Callable[[App], object]
Stand = Callable[[Body], None]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Put a body of the test's own in the place of `tk show`."""

    def put(body: Body) -> None:
        @click.command("show")
        @click.option("--json", "as_json", is_flag=True)
        @click.option("--format", "form", type=click.Choice(["table", "json"]))
        @pass_app
        def command(app: App, as_json: bool, form: str | None) -> object:
            return body(app)

        module = ModuleType("tk.cli.commands.show")
        module.__dict__["command"] = command
        monkeypatch.setitem(sys.modules, "tk.cli.commands.show", module)

    return put


def raising(error: BaseException) -> Body:
    """Return a command's body that raises `error`."""

    def body(_: App) -> object:
        raise error

    return body


def idle(_: App) -> None:
    """Do nothing, as a command's body."""


def test_help_names_every_command_with_its_summary_and_shows_an_example() -> None:
    told = run_here("--help")
    assert told.code == 0
    assert "tk new" in told.out
    for row in rows():
        assert row.name in told.out
        assert row.summary in " ".join(told.out.split())


def test_the_help_reads_as_the_golden_file_says(golden: Golden) -> None:
    golden("help.txt", run_here("--help").out)


def test_version_is_one_line() -> None:
    assert run_here("--version") == Result(0, f"tk {__version__}\n", "")


def test_no_command_at_all_shows_the_help_on_stderr_and_is_wrong_usage() -> None:
    result = run_here()
    assert (result.code, result.out) == (2, "")
    assert "Usage: tk" in result.err


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    assert run_here("lst") == Result(2, "", "tk: there is no command 'lst'\nhint: did you mean `tk list`?\n")


def test_a_command_like_no_other_is_answered_with_where_they_are_listed() -> None:
    assert run_here("xyzzy").err.endswith("hint: `tk --help` lists the commands\n")


def test_an_escape_sequence_in_an_argument_reaches_no_terminal() -> None:
    assert "\x1b" not in run_here("\x1b[31mred").err


def test_completion_offers_names_from_the_table_without_loading_a_command() -> None:
    loaded = set(sys.modules)
    with tk.make_context("tk", [], resilient_parsing=True) as context:
        assert [item.value for item in tk.shell_complete(context, "sh")] == ["show"]
    assert not {row.module for row in rows()} & (set(sys.modules) - loaded)


def test_a_command_called_like_a_word_of_python_has_a_module_that_can_be_imported() -> None:
    assert Row("import", "").module == "tk.cli.commands.import_"
    assert Row("list", "").module == "tk.cli.commands.list"


def test_the_folder_is_reached_step_by_step_as_in_git(tmp_path: Path, stand_in: Stand) -> None:
    (tmp_path / "a" / "ñ b").mkdir(parents=True)
    stand_in(lambda app: app.out(str(app.folder)))
    assert run_here("-C", str(tmp_path), "-C", "a", "-C", "ñ b", "show").out == f"{tmp_path / 'a' / 'ñ b'}\n"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, stand_in: Stand) -> None:
    stand_in(idle)
    assert run_here("-C", str(tmp_path), "-C", "nowhere", "show") == Result(
        2, "", "tk: -C nowhere: there is no such folder\n"
    )


def test_a_working_folder_that_was_removed_is_told(
    tmp_path: Path, stand_in: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    stand_in(idle)
    assert run_here("show").err == "tk: the folder you are in no longer exists\nhint: change to another folder\n"


def test_tk_now_sets_the_clock(stand_in: Stand) -> None:
    stand_in(lambda app: app.out(f"{format_instant(app.now)} {app.is_simulated}"))
    assert run_here("show", now="2026-03-29T02:30:00.75+01:00").out == "2026-03-29T02:30:00+01:00 True\n"


def test_without_tk_now_the_clock_is_read_once_in_whole_seconds(stand_in: Stand) -> None:
    def body(app: App) -> None:
        assert app.now is app.now
        assert app.now.utcoffset() is not None
        assert app.now.microsecond == 0
        assert app.now.timestamp() <= datetime.now().timestamp()
        assert not app.is_simulated

    stand_in(body)
    assert run_here("show", now="").code == 0


@pytest.mark.parametrize("text", ["2026-08-12", "2026-08-12T09:14:03", "yesterday", "2026-13-40T99:00:00Z"])
def test_a_tk_now_that_is_no_instant_with_an_offset_is_wrong_usage(text: str, stand_in: Stand) -> None:
    stand_in(lambda app: app.out(str(app.now)))
    result = run_here("show", now=text)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"tk: TK_NOW is '{text}', which is not an instant\nhint: write it as 2026-")


def test_what_a_command_returns_is_its_exit_status(stand_in: Stand) -> None:
    stand_in(lambda _: 1)
    assert run_here("show").code == 1
    stand_in(idle)
    assert run_here("show").code == 0


def test_a_remark_goes_to_stderr_and_the_result_to_stdout(stand_in: Stand) -> None:
    def body(app: App) -> None:
        app.say(say("one file was skipped: {path}", path="a\x1b.md"))
        app.out("result")

    stand_in(body)
    assert run_here("show") == Result(0, "result\n", "one file was skipped: a\\x1b.md\n")


def test_a_refusal_is_a_sentence_with_hints_and_its_own_exit_status(stand_in: Stand) -> None:
    stand_in(raising(UnknownTicket(say("no ticket {id}", id="7k3"), say("first\nsecond"))))
    assert run_here("show") == Result(1, "", "tk: no ticket 7k3\nhint: first\nhint: second\n")
    stand_in(raising(Busy(say("a merge is in progress"))))
    assert run_here("show") == Result(2, "", "tk: a merge is in progress\n")


@pytest.mark.parametrize("asked", [["--json"], ["--format", "json"], ["--format=json"]])
def test_a_program_reads_a_refusal_as_json(asked: list[str], stand_in: Stand) -> None:
    stand_in(raising(Refused("role", say("{who} may not\x9b", who="María"), None)))
    result = run_here("show", *asked)
    assert (result.code, result.out) == (1, "")
    assert json.loads(result.err) == {"error": "role", "message": "María may not\x9b", "hint": None}
    assert "\x9b" not in result.err


def test_words_after_two_dashes_ask_for_no_json() -> None:
    assert wants_json(["list", "--json"])
    assert wants_json(["list", "--format", "ndjson"])
    assert not wants_json(["list", "--format", "csv"])
    assert not wants_json(["list", "--", "--json"])


def test_a_wrong_option_shows_the_nearest_and_the_usage(stand_in: Stand) -> None:
    stand_in(idle)
    assert run_here("show", "--jsom") == Result(
        2, "", "tk: there is no option --jsom\nusage: tk show [OPTIONS]\nhint: did you mean --json?\n"
    )


def test_a_wrong_value_begins_in_lower_case_and_says_where_help_is(stand_in: Stand) -> None:
    stand_in(idle)
    result = run_here("show", "--format", "xml")
    assert result.code == 2
    assert result.err.startswith(
        "tk: invalid value for '--format': 'xml' is not one of 'table', 'json'\nusage: tk show"
    )
    assert result.err.endswith("hint: `tk show --help` shows how\n")


def test_wrong_usage_is_json_too_where_a_program_asked() -> None:
    told = json.loads(run_here("lst", "--json").err)
    assert told == {"error": "usage", "message": "there is no command 'lst'", "hint": "did you mean `tk list`?"}


def test_a_file_that_click_cannot_open_is_a_sentence(stand_in: Stand) -> None:
    stand_in(raising(click.FileError("nota.pdf", "it is gone")))
    result = run_here("show")
    assert (result.code, result.err) == (2, "tk: Could not open file 'nota.pdf': it is gone\n")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_control_c_ends_with_130_and_no_trace(error: BaseException, stand_in: Stand) -> None:
    stand_in(raising(error))
    assert run_here("show") == Result(130, "", "tk: interrupted\n")


def test_an_error_of_the_disk_names_the_file(stand_in: Stand) -> None:
    stand_in(raising(PermissionError(13, "Permission denied", "tickets/x.md")))
    assert run_here("show") == Result(2, "", "tk: tickets/x.md: Permission denied\n")


def test_a_fault_of_our_own_is_one_sentence(stand_in: Stand) -> None:
    stand_in(raising(KeyError("owner")))
    result = run_here("show")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("tk: internal error: KeyError: 'owner'\nhint: this is a fault in tk")
    assert "Traceback" not in result.err


def test_tk_debug_shows_where_a_fault_happened(stand_in: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TK_DEBUG", "1")
    stand_in(raising(KeyError("owner")))
    assert "Traceback" in run_here("show").err


@pytest.mark.parametrize(
    ("argv", "steps", "word"),
    [
        (["list"], [], "list"),
        (["-C", "a", "-Cb", "list", "-C"], ["a", "b"], "list"),
        (["--version"], [], "--version"),
        (["-C"], [""], ""),
        ([], [], ""),
    ],
)
def test_the_command_is_known_before_click_is(argv: list[str], steps: list[str], word: str) -> None:
    assert opening(argv) == (steps, word, "")


def test_nothing_is_started_for_another_command_or_where_there_is_no_desk(tmp_path: Path) -> None:
    assert early(["-C", str(tmp_path), "show"]) is None
    assert early(["-C", str(tmp_path), "list"]) is None
    assert early(["-C", str(tmp_path / "nowhere"), "list"]) is None
    assert early(["list", "--help"]) is None


def test_a_listing_begins_with_what_git_looks_for_beside_the_imports(tmp_path: Path, stand_in: Stand) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "tk.toml").touch()
    started = early(["-C", str(tmp_path), "list"])
    assert isinstance(started, Pending)
    assert started.answer() == {}
    seen: list[object] = []
    stand_in(lambda app: seen.append(app.started))
    run(["-C", str(tmp_path), "show"], started)
    assert seen == [started]


@pytest.mark.parametrize(("told", "width"), [("132", 132), ("", 80), ("wide", 80), ("0", 80)])
def test_the_width_is_what_columns_says_where_no_terminal_tells(
    told: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert columns(Stream(terminal=False)) == width


def test_a_terminal_tells_how_wide_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    leader, follower = os.openpty()
    termios.tcsetwinsize(follower, (24, 97))
    with os.fdopen(leader, "rb"), os.fdopen(follower, "w", encoding="utf-8") as screen:
        assert columns(screen) == 97
        assert is_terminal(screen)
    assert not is_terminal(screen)
    assert not is_terminal(None)


@pytest.fixture
def show_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a command in the place of `tk show` that prints the format it is asked for."""

    @click.command("show")
    @formats("table", "tsv", "json", terminal="table", pipe="tsv")
    @pass_app
    def command(app: App, form: str) -> None:
        app.out(form)

    module = ModuleType("tk.cli.commands.show")
    module.__dict__["command"] = command
    monkeypatch.setitem(sys.modules, "tk.cli.commands.show", module)


@pytest.mark.usefixtures("show_form")
def test_the_format_is_what_was_asked_for_else_what_suits_the_reader() -> None:
    assert run_here("show").out == "tsv\n"
    assert run_here("show", terminal=True).out == "table\n"
    assert run_here("show", "--json").out == "json\n"
    assert run_here("show", "--format", "table").out == "table\n"
    assert run_here("show", "--json", "--format", "json").out == "json\n"


@pytest.mark.usefixtures("show_form")
def test_two_formats_at_once_are_wrong_usage() -> None:
    result = run_here("show", "--json", "--format", "tsv")
    assert result.code == 2
    assert json.loads(result.err)["message"] == "--json and --format tsv contradict each other"


def with_path(**env: str) -> dict[str, str]:
    """Return this process's environment for a child that imports the same tk."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **env}


def child(script: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which `tk` is this tk."""
    line = f'tk() {{ "{sys.executable}" -m tk "$@"; }}; {script}'
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, encoding="utf-8", check=False, env=with_path(**env)
    )


def test_a_reader_who_has_seen_enough_ends_the_command_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        argv = [sys.executable, "-m", "tk", "--help"]
        done = subprocess.run(argv, stdout=gone, stderr=subprocess.PIPE, check=False, env=with_path())
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_broken_pipe_is_141(stand_in: Stand) -> None:
    stand_in(raising(BrokenPipeError()))
    assert run_here("show") == Result(141, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_stdout_is_told() -> None:
    done = child("tk --help >/dev/full")
    assert (done.returncode, done.stderr) == (2, "tk: cannot read or write: No space left on device\n")


def test_a_closed_stdout_breaks_nothing_that_prints_nothing() -> None:
    done = child("tk lst >&-")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "tk: there is no command 'lst'")


def test_a_result_that_cannot_be_printed_is_told(stand_in: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    def body(app: App) -> None:
        monkeypatch.setattr(sys, "stdout", None)
        app.out("result")

    stand_in(body)
    assert run_here("show").err == "tk: cannot write the result: standard output is closed\n"


def test_a_closed_stderr_does_not_hide_the_exit_status() -> None:
    assert child("tk lst 2>&-").returncode == 2


def test_colours_and_width_are_for_terminals_only(stand_in: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(lambda app: app.out(app.styled("open", "green")))
    assert run_here("show").out == "open\n"
    assert run_here("show", terminal=True).out == "\x1b[32mopen\x1b[0m\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert run_here("show", terminal=True).out == "open\n"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert run_here("show", terminal=True).out == "open\n"


def test_output_in_a_pipe_is_utf_8_in_any_locale() -> None:
    done = child("tk ñandú", PYTHONIOENCODING="ascii")
    assert done.stderr.startswith("tk: there is no command 'ñandú'")


def test_the_language_is_known_before_click_is() -> None:
    assert opening(["--lang", "es", "-C", "a", "list", "--lang", "en"]) == (["a"], "list", "es")
    assert opening(["--lang=es"]) == ([], "", "es")
