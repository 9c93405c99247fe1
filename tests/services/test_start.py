"""A desk begins whole: a folder, a repository, a policy that names its founder, one commit; or not at all."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from tests.services.office import Office, silent
from tests.world import EMAIL, NAME, NOW, run_here
from tk.core.text import one_line
from tk.errors import DiskFailed, NoIdentity, NotADesk, TkError, WrongUsage
from tk.services.audit import Audit
from tk.services.check import Checked, check
from tk.services.start import Started, Wish, local_zone, start


def begin(folder: Path, name: str | None = None, language: str = "es", zone: str = "America/Lima") -> Started:
    return start(Wish(folder, "simple", language, zone, name), datetime.fromisoformat(NOW), silent)


@pytest.mark.parametrize("folder", ["mesa", "muy/hondo/año nuevo"])
def test_a_new_desk_checks_audits_and_works(tmp_path: Path, folder: str) -> None:
    begun = begin(tmp_path / folder)
    office = Office(tmp_path / folder)
    assert (begun.commit, begun.preset) == (office.head(), "simple")
    assert office.git("status", "--porcelain") == ""
    assert check(office.opened()) == Checked(0, ())
    assert office.audit() == Audit(1, 0, ())
    policy = office.opened().policy
    assert (policy.desk.name, policy.desk.language, policy.desk.zone) == (Path(folder).name, "es", "America/Lima")
    founder = policy.person_of(EMAIL)
    assert founder is not None
    assert (founder.key, set(founder.labels.values()), founder.roles) == ("mlopez", {NAME}, ("supervisor", "agent"))
    office.ok("new", "Hola")


@pytest.mark.parametrize("name", ['Mesa "de" ayuda', "C:\\mesa\\1", "a\x7fb\tc", "[people]", "ñandú 🐦", "\\g<0>"])
def test_a_name_of_any_characters_is_the_desks(tmp_path: Path, name: str) -> None:
    begin(tmp_path / "mesa", name)
    assert Office(tmp_path / "mesa").opened().reading.usable().desk.name == one_line(name)


def test_a_folder_of_any_name_can_be_a_desk(tmp_path: Path) -> None:
    begin(tmp_path / "a\tb\nc'\"")
    assert Office(tmp_path / "a\tb\nc'\"").opened().reading.usable().desk.name == "a b c'\""


def test_an_unknown_zone_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match='there is no time zone "Perú/Lima"') as refused:
        begin(tmp_path / "muy/hondo", zone="Perú/Lima")
    assert str(refused.value.hint) == "did you mean America/Lima?"
    assert not (tmp_path / "muy").exists()


@pytest.mark.parametrize(
    ("email", "name", "handle"),
    [
        ("Ana.Ruiz@x.org", "Ana", "anaruiz"),
        ("123@x.org", "José Ñu", "jose-nu"),
        ("7@x.org", "李", "founder"),
        ("a+b@x.org", 'A "B" C', "ab"),
    ],
)
def test_the_founder_gets_a_handle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, email: str, name: str, handle: str
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", email)
    monkeypatch.setenv("GIT_AUTHOR_NAME", name)
    begin(tmp_path / "mesa")
    founder = Office(tmp_path / "mesa").opened().reading.usable().person_of(email)
    assert founder is not None
    assert (founder.key, set(founder.labels.values())) == (handle, {name})


def test_in_a_repository_only_the_policy_is_committed(tmp_path: Path) -> None:
    whole = Office(tmp_path / "code")
    whole.root.mkdir()
    whole.git("init", "-q")
    (whole.root / "a.py").write_text("1\n")
    whole.commit()
    (whole.root / "b.py").write_text("1\n")
    whole.git("add", "b.py")
    begun = begin(whole.root / "mesa de ayuda")
    assert begun.repo.prefix == "mesa de ayuda/"
    assert whole.git("show", "--format=", "--name-only") == "mesa de ayuda/.gitattributes\nmesa de ayuda/tk.toml"
    assert whole.git("status", "--porcelain") == "A  b.py"


def test_in_a_repository_without_a_commit_what_is_staged_stays_so(tmp_path: Path) -> None:
    whole = Office(tmp_path / "code")
    whole.root.mkdir()
    whole.git("init", "-q")
    (whole.root / "b.py").write_text("1\n")
    whole.git("add", "b.py")
    begin(whole.root)
    assert whole.git("ls-tree", "-r", "--name-only", "HEAD") == ".gitattributes\ntk.toml"
    assert whole.git("status", "--porcelain") == "A  b.py"


def test_a_second_desk_may_begin_inside_another(tmp_path: Path) -> None:
    begin(tmp_path / "mesa")
    assert begin(tmp_path / "mesa" / "otra").repo.prefix == "otra/"


def nothing(folder: Path) -> bool:
    return not folder.exists() or not any(folder.iterdir())


def test_an_unknown_preset_leaves_nothing(tmp_path: Path) -> None:
    wish = Wish(tmp_path / "mesa", "smiple", "es", "UTC")
    with pytest.raises(WrongUsage, match='no preset "smiple"') as refusal:
        start(wish, datetime.fromisoformat(NOW), silent)
    assert str(refusal.value.hint) == 'did you mean "simple"?'
    assert nothing(tmp_path / "mesa")


def test_a_desk_is_not_begun_twice(tmp_path: Path) -> None:
    begin(tmp_path / "mesa")
    with pytest.raises(WrongUsage, match="is a desk already"):
        begin(tmp_path / "mesa")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "mesa").write_text("Hola\n")
    for folder in ("mesa", "mesa/de/ayuda"):
        with pytest.raises(DiskFailed, match="mesa is no folder"):
            begin(tmp_path / folder)
    assert (tmp_path / "mesa").read_text() == "Hola\n"


def test_without_an_identity_nothing_is_made(tmp_path: Path, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))]:
        monkeypatch.delenv(name)
    (sealed / ".gitconfig").write_text("")
    with pytest.raises(NoIdentity):
        begin(tmp_path / "muy/hondo")
    assert nothing(tmp_path / "muy")


def refusing(sealed: Path) -> None:
    hooks = sealed / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\necho not here >&2\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    with (sealed / ".gitconfig").open("a") as config:
        config.write(f"[core]\n\thooksPath = {hooks}\n")


def test_a_hook_that_refuses_leaves_nothing(tmp_path: Path, sealed: Path) -> None:
    refusing(sealed)
    with pytest.raises(TkError, match="not here"):
        begin(tmp_path / "muy/hondo")
    assert not (tmp_path / "muy").exists()


def test_a_hook_that_refuses_leaves_what_was_there(tmp_path: Path, sealed: Path) -> None:
    refusing(sealed)
    folder = tmp_path / "mesa"
    folder.mkdir()
    (folder / "notas.txt").write_text("Hola\n")
    with pytest.raises(TkError, match="not here"):
        begin(folder)
    assert [path.name for path in folder.iterdir()] == ["notas.txt"]


def test_a_repository_that_was_there_stays_after_a_refusal(tmp_path: Path, sealed: Path) -> None:
    folder = tmp_path / "mesa"
    folder.mkdir()
    Office(folder).git("init", "-q")
    refusing(sealed)
    with pytest.raises(TkError, match="not here"):
        begin(folder)
    assert [path.name for path in folder.iterdir()] == [".git"]
    with pytest.raises(NotADesk):
        Office(folder).opened()


def test_the_zone_is_that_of_the_environment_else_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Europe/Madrid")
    assert local_zone() == "Europe/Madrid"
    for odd in ("EST5EDT", "/etc/localtime", ""):
        monkeypatch.setenv("TZ", odd)
        assert local_zone() != odd


def test_a_git_folder_that_git_cannot_read_is_never_taken_away(tmp_path: Path) -> None:
    kept = tmp_path / ".git" / "objects" / "kept"
    kept.parent.mkdir(parents=True)
    kept.write_text("somebody's", encoding="utf-8")
    assert run_here("init", str(tmp_path), "--zone", "Mars/Base").code == 2
    assert kept.read_text(encoding="utf-8") == "somebody's"
