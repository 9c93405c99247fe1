"""`tk demo`: a day on a new desk, whatever the user's own git is set up to do."""

import json
import os
from pathlib import Path

import pytest

from tests.world import EMAIL, Desk, run_here

LATER = "2027-01-01T09:00:00-05:00"
"""Each day is over: what was committed on it does not lie ahead."""


@pytest.fixture
def day(tmp_path: Path) -> str:
    """Work the day in a folder called `demo` and return what it printed."""
    result = run_here("demo", str(tmp_path / "demo"))
    assert result.code == 0, result
    return result.out


def test_each_command_is_printed_before_what_it_prints(day: str) -> None:
    blocks = [block.splitlines() for block in day.strip().split("\n\n") if " $ tk " in block.splitlines()[0]]
    asked = [block[0].split(" $ tk ")[1].split()[0] for block in blocks]
    assert asked[0] == "init"
    assert {"new", "assign", "log", "advance", "set", "list", "show", "history", "check", "audit"} <= set(asked)
    assert all(block[0][2] == ":" for block in blocks)


def test_the_desk_that_stays_is_clean_lawful_and_one_s_own(day: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "demo", LATER)
    assert desk.git("status", "--porcelain") == ""
    assert desk.run("audit", "--strict").code == desk.run("check", "--strict").code == 0
    assert day.endswith(f"The desk stays in {desk.root}: try tk -C {desk.root} list\n")


def test_a_second_time_in_the_same_folder_is_refused_without_harm(day: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "demo")
    head = desk.git("rev-parse", "HEAD")
    result = run_here("demo", str(desk.root))
    assert result == (
        2,
        "",
        f"tk: {desk.root} is there already; name a folder that is not, or is empty\n",
    )
    assert desk.git("rev-parse", "HEAD") == head


def test_within_another_repository_the_demo_keeps_to_its_own(desk: Desk) -> None:
    head = desk.git("rev-parse", "HEAD")
    assert desk.run("demo", "inner").code == 0
    assert desk.git("rev-parse", "HEAD") == head
    assert Desk(desk.root / "inner").git("rev-parse", "--show-toplevel") == str(desk.root / "inner")


def test_the_user_s_signing_hooks_and_identity_are_left_out(tmp_path: Path, sealed: Path) -> None:
    hook = sealed / "hooks" / "pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    config = sealed / ".gitconfig"
    config.write_text(f"[commit]\n\tgpgSign = true\n[core]\n\thooksPath = {hook.parent}\n", encoding="utf-8")
    result = run_here("demo", str(tmp_path / "demo"))
    assert result.code == 0, result
    assert set(Desk(tmp_path / "demo").git("log", "--format=%ae").split()) == {EMAIL}


def test_the_identity_and_the_clock_are_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ana@example.com")
    before = dict(os.environ)
    run_here("demo", str(tmp_path / "demo"))
    assert dict(os.environ) == before


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("preset", ["simple", "warranty", "contact-centre"])
def test_a_day_on_each_desk_goes_as_it_is_told_and_leaves_it_lawful(tmp_path: Path, preset: str, language: str) -> None:
    result = run_here("--lang", language, "demo", str(tmp_path / "demo"), "--preset", preset)
    assert result.code == 0, result
    desk = Desk(tmp_path / "demo", LATER)
    assert desk.git("status", "--porcelain") == ""
    assert desk.run("audit", "--strict").code == 0
    assert json.loads(desk.run("check", "--json").out)["findings"] == [] or preset == "contact-centre"


def test_a_preset_that_is_none_is_said_before_anything_is_made(tmp_path: Path) -> None:
    result = run_here("demo", str(tmp_path / "demo"), "--preset", "waranty")
    assert result.code == 2
    assert 'did you mean "warranty"?' in result.err
    assert not (tmp_path / "demo").exists()
