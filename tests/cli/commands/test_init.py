"""`tk init`: an empty folder becomes a desk, in one commit."""

from pathlib import Path

import pytest

from tests.world import Desk, run_here


def begin(folder: Path, *words: str) -> Desk:
    """Make a desk in `folder` and return it."""
    result = run_here("-C", str(folder.parent), "init", folder.name, *words)
    assert result.code == 0, result
    assert result.out == f"{folder}\n"
    return Desk(folder)


def test_a_new_desk_is_one_clean_commit_that_checks(tmp_path: Path) -> None:
    desk = begin(tmp_path / "support", "--preset", "simple")
    assert desk.git("log", "--format=%s|%an|%aI") == (
        "Start a desk from the preset simple|María López|2026-08-12T09:14:03-05:00"
    )
    assert desk.git("status", "--porcelain") == ""
    assert desk.git("ls-files") == ".gitattributes\ntk.toml"
    assert desk.run("check", "--strict").code == desk.run("audit", "--strict").code == 0


def test_the_founder_is_a_person_of_the_desk(tmp_path: Path) -> None:
    desk = begin(tmp_path / "support")
    ticket = desk.ok("new", "x", "--owner", "me")
    assert desk.ok("list", "owner:me", "--format", "ids") == ticket
    assert desk.ok("list", "owner:mlopez", "--format", "ids") == ticket


def test_language_zone_and_name_are_what_was_asked_for(tmp_path: Path) -> None:
    desk = begin(tmp_path / "support", "--lang", "es", "--zone", "Europe/Madrid", "--name", 'La "mesa" \\ una')
    ticket = desk.ok("new", "x")
    assert "Abierto" in desk.run("list", terminal=True).out
    assert "created:\t2026-08-12T16:14:03+02:00" in desk.ok("show", ticket)
    assert 'name = "La \\"mesa\\" \\\\ una"' in (desk.root / "tk.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("locale", "label"), [("es_ES.UTF-8", "Abierto"), ("de_DE.UTF-8", "Open"), ("C", "Open")])
def test_the_language_is_that_of_the_locale_where_tk_speaks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str, label: str
) -> None:
    monkeypatch.setenv("LANG", locale)
    desk = begin(tmp_path / "support")
    desk.ok("new", "x")
    assert label in desk.run("list", terminal=True).out


def test_a_desk_may_lie_in_a_folder_of_a_repository_and_takes_nothing_else_along(desk: Desk) -> None:
    (desk.root / "mine.txt").write_text("mine\n", encoding="utf-8")
    desk.git("add", "mine.txt")
    inner = begin(desk.root / "inner")
    inner.ok("new", "x")
    assert desk.git("status", "--porcelain") == "A  mine.txt"
    assert not (inner.root / ".git").exists()


def test_a_desk_is_not_begun_twice(desk: Desk) -> None:
    result = desk.run("init", ".")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"tk: {desk.root} is a desk already: it has a tk.toml\nhint: tk -C {desk.root} list shows its tickets\n"
    )


def test_an_unknown_preset_is_answered_with_the_nearest(tmp_path: Path) -> None:
    result = run_here("-C", str(tmp_path), "init", "support", "--preset", "smple")
    assert (result.code, result.err) == (2, 'tk: there is no preset "smple"\nhint: did you mean "simple"?\n')
    assert list(tmp_path.iterdir()) == []


def test_where_you_stand_the_next_step_needs_no_folder(tmp_path: Path) -> None:
    result = run_here("-C", str(tmp_path), "init")
    assert result.err == (
        'a desk from the preset simple; tk.toml says how it works\nnext: tk new "What is it about?"\n'
    )
