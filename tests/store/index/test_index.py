"""The index in every state of its file and of the desk: what it answers is what the files say."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.policies import desk_policy
from tk.core.conditions.language import Condition
from tk.core.ids import normalise
from tk.core.instant import parse_instant
from tk.store.index import Hit, Index, Selection
from tk.store.index import renewal as index_refresh
from tk.store.index import rows as index_rows
from tk.store.index import schema as index_schema
from tk.store.index.query import Scale
from tk.store.index.tables import Tables
from tk.store.index_changes import Pending, begin
from tk.store.repo import Repo, find
from tk.store.sqlite_file import file_of

FOLDER = "tickets/2026/08/12"
NOW = parse_instant("2026-08-12T12:00:00-05:00")
ALL = Selection(Condition(), Scale(desk_policy(), NOW), (("id", False),))


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


def write(root: Path, tail: str, title: str, more: str = "", folder: str = FOLDER) -> Path:
    path = root / folder / f"TK-260812-{tail}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\nid: TK-260812-{tail}\ntitle: {title}\nstatus: open\ncreated: 2026-08-12T09:14:03-05:00\n{more}---\n"
    )
    return path


def make(root: Path) -> Path:
    root.mkdir(parents=True)
    (root / "tk.toml").write_text("")
    git(root, "init", "-q")
    write(root, "AAAAA", "one")
    write(root, "BBBBB", "two")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "a desk, más")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every stamp be old enough to be trusted."""
    monkeypatch.setattr("tk.store.index_changes._RACY", -60_000_000_000)


def titles(root: Path) -> list[str]:
    with Index.open(find(root)) as index:
        return [row.title for row in index.rows(ALL)]


def index_file(root: Path) -> Path:
    repo = find(root)
    return Path(file_of(str(repo.state), repo.prefix, index_schema.KEPT))


def generation(root: Path) -> int:
    with sqlite3.connect(index_file(root)) as connection:
        return int(connection.execute("SELECT generation FROM state").fetchone()[0])


def spoil_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("UPDATE ticket SET title = 'wrong'")


def spoil_table(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE exception")


def spoil_pages(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        spoil_version,
        spoil_table,
        spoil_pages,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no database at all, but long enough to look like one" * 99),
        lambda file: file.write_bytes(file.read_bytes()[:5000]),
    ],
    ids=["deleted", "of another version", "a table gone", "pages overwritten", "empty", "garbage", "cut short"],
)
def test_a_spoilt_index_is_made_anew(root: Path, spoil: Callable[[Path], object]) -> None:
    titles(root)
    spoil(index_file(root))
    write(root, "CCCCC", "three")
    assert titles(root) == ["one", "two", "three"]
    assert generation(root) >= 1
    assert titles(root) == ["one", "two", "three"]


def test_damage_that_only_a_question_meets_is_healed(root: Path) -> None:
    with Index.open(find(root)) as index:
        index._connection.execute("DROP TABLE front")
        rows = index.rows(ALL._replace(front=True))
        assert [row.front[:25] for row in rows] == ['{"id":"TK-260812-AAAAA","', '{"id":"TK-260812-BBBBB","']


def test_without_a_place_for_the_file_memory_will_do(root: Path) -> None:
    (root / ".git/tk").write_text("in the way")
    assert titles(root) == ["one", "two"]
    assert (root / ".git/tk").read_text() == "in the way"


def test_a_locked_index_is_copied_into_memory(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_schema, "PATIENCE", 0.0)
    assert titles(root) == ["one", "two"]
    write(root, "CCCCC", "three")
    other = sqlite3.connect(index_file(root), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert titles(root) == ["one", "two", "three"]
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.usefixtures("settled")
def test_nothing_is_read_or_written_when_nothing_changed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "CCCCC", "never added to git")
    titles(root)
    before = generation(root)
    monkeypatch.setattr(index_rows, "read_entry", lambda *_: pytest.fail("a file was read"))
    assert titles(root) == ["one", "two", "never added to git"]
    assert generation(root) == before


@pytest.mark.usefixtures("settled")
def test_only_what_changed_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles(root)
    read: list[str] = []
    real = index_rows.read_entry

    def noted(root: str, path: str) -> object:
        read.append(path)
        return real(root, path)

    monkeypatch.setattr(index_rows, "read_entry", noted)
    write(root, "BBBBB", "other")
    write(root, "CCCCC", "new")
    assert titles(root) == ["one", "other", "new"]
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "second")
    assert titles(root) == ["one", "other", "new"]
    assert read == [f"{FOLDER}/TK-260812-BBBBB.md", f"{FOLDER}/TK-260812-CCCCC.md"]


@pytest.mark.parametrize("tracked", [True, False])
def test_edits_of_one_size_in_one_instant_are_seen(root: Path, tracked: bool) -> None:
    if not tracked:
        git(root, "rm", "-q", "-r", "--cached", "tickets")
    path = root / FOLDER / "TK-260812-AAAAA.md"
    for turn in range(100, 120):
        data = write(root, "AAAAA", f"t{turn}").stat()
        os.utime(path, ns=(data.st_atime_ns, 1_700_000_000_000_000_000))
        assert titles(root) == [f"t{turn}", "two"]


@pytest.mark.usefixtures("settled")
def test_a_base_that_is_gone_or_too_far_is_replaced(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles(root)
    git(root, "commit", "-q", "--amend", "-m", "again", "--allow-empty", "--date=2020-01-01T00:00:00Z")
    write(root, "AAAAA", "amended")
    git(root, "commit", "-q", "-a", "--amend", "-m", "again")
    git(root, "reflog", "expire", "--expire=now", "--all")
    git(root, "gc", "-q", "--prune=now")
    assert titles(root) == ["amended", "two"]
    monkeypatch.setattr(index_refresh, "_MANY", 0)
    write(root, "CCCCC", "three")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "third")
    assert titles(root) == ["amended", "two", "three"]
    with sqlite3.connect(index_file(root)) as connection:
        assert (
            connection.execute("SELECT base FROM state").fetchone()[0] == git(root, "rev-parse", "HEAD^{tree}").strip()
        )
        assert connection.execute("SELECT count(*) FROM exception").fetchone()[0] == 0


def test_an_index_of_git_without_a_hash_will_do(root: Path) -> None:
    titles(root)
    write(root, "AAAAA", "staged")
    git(root, "add", ".")
    index = root / ".git/index"
    index.write_bytes(index.read_bytes()[:-20] + bytes(20))  # as index.skipHash leaves it
    assert titles(root) == ["staged", "two"]
    git(root, "reset", "-q", "--hard")
    assert titles(root) == ["one", "two"]


@pytest.mark.parametrize("steady", [True, False])
def test_who_comes_second_looks_again(root: Path, monkeypatch: pytest.MonkeyPatch, steady: bool) -> None:
    """Between the look and the write of one process another one writes the index; or git's index never rests."""
    titles(root)
    real = index_refresh._look
    looks: list[int] = []

    def disturbed(tables: Tables, repo: Repo, pending: Pending) -> object:
        found = real(tables, repo, pending)
        looks.append(1)
        if not steady:
            return found._replace(steady=False, signature="")
        if len(looks) == 1:
            write(root, "AAAAA", "other")
            assert titles(root) == ["other", "two", "three"]
            write(root, "AAAAA", "again")
        return found

    monkeypatch.setattr(index_refresh, "_look", disturbed)
    write(root, "CCCCC", "three")
    assert titles(root) == (["again", "two", "three"] if steady else ["one", "two", "three"])
    monkeypatch.undo()
    assert titles(root) == (["again", "two", "three"] if steady else ["one", "two", "three"])
    assert len(looks) > 1


def test_processes_may_open_it_at_once(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.store.index.test_index import titles, write\n"
        "root = Path(sys.argv[1])\n"
        "for turn in range(5):\n"
        "    write(root, 'C' + sys.argv[2] * 4, f't{turn}')\n"
        "    assert f't{turn}' in titles(root), titles(root)\n"
    )
    command = [sys.executable, "-c", script, str(root)]
    here = Path(__file__).parents[3]
    running = [subprocess.Popen([*command, str(number)], cwd=here, env={**os.environ}) for number in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert titles(root) == ["one", "two", "t4", "t4", "t4", "t4"]


def test_a_question_begun_early_is_used(root: Path) -> None:
    repo = find(root)
    write(root, "AAAAA", "edited")
    with Index.open(repo, begin(repo)) as index:
        assert [row.title for row in index.rows(ALL)] == ["edited", "two"]


def test_before_the_first_commit_and_without_tickets(tmp_path: Path) -> None:
    (tmp_path / "tk.toml").write_text("")
    git(tmp_path, "init", "-q")
    assert titles(tmp_path) == []
    write(tmp_path, "AAAAA", "one")
    assert titles(tmp_path) == ["one"]


def test_desks_in_one_repository_have_an_index_each(tmp_path: Path) -> None:
    top = make(tmp_path / "top")
    for name in ("sub/a", "sub%a"):
        (top / name).mkdir(parents=True)
        (top / name / "tk.toml").write_text("")
        write(top / name, "CCCCC", name)
    git(top, "add", ".")
    write(top / "sub/a", "DDDDD", "untracked")
    for _ in range(2):
        assert titles(top) == ["one", "two"]
        assert titles(top / "sub/a") == ["sub/a", "untracked"]
        assert titles(top / "sub%a") == ["sub%a"]
    write(top / "sub/a", "CCCCC", "edited")
    assert titles(top / "sub/a") == ["edited", "untracked"]
    git(top, "commit", "-q", "-a", "-m", "all")
    assert titles(top / "sub/a") == ["edited", "untracked"]


def test_each_work_tree_has_its_own(root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "-q", str(tmp_path / "other"))
    (tmp_path / "other/tk.toml").write_text("")
    write(tmp_path / "other", "AAAAA", "elsewhere")
    assert titles(tmp_path / "other") == ["elsewhere", "two"]
    assert titles(root) == ["one", "two"]


def test_what_is_a_ticket(root: Path) -> None:
    write(root, "CCCCC", "attached", folder=f"{FOLDER}/TK-260812-AAAAA")
    write(root, "DDDDD", "hidden", folder="tickets/.trash")
    write(root, "EEEEE", "by hand", folder="tickets/mine").rename(root / "tickets/mine/my ticket.md")
    (root / FOLDER / ".#TK-260812-AAAAA.md").symlink_to("editor@host")
    (root / "tickets/notes.txt").write_text("")
    (root / "tickets/folder.md").mkdir()
    assert titles(root) == ["one", "two", "by hand"]


def test_what_cannot_be_read_is_told_by_its_path(root: Path) -> None:
    bad, link, pipe = (root / FOLDER / f"TK-260812-{tail}.md" for tail in ("BBBBB", "CCCCC", "DDDDD"))
    bad.write_text("---\ntitle: [a\n---\n")
    link.symlink_to("/etc/passwd")
    os.mkfifo(pipe)
    with Index.open(find(root)) as index:
        assert [row.title for row in index.rows(ALL)] == ["one"]
        first, second, third = index.broken()
        assert index.find(normalise("bbb", "TK")) == [Hit("TK-260812-BBBBB", first.path, "")]
        assert index.total() == 4
    assert first.path == f"{FOLDER}/TK-260812-BBBBB.md"
    assert first.line > 1
    assert first.is_error
    assert str(second.message) == f"{second.path} is a symbolic link; put the file itself in its place"
    assert str(third.message) == f"{third.path} is not a regular file"


def test_names_that_are_not_utf_8(root: Path) -> None:
    path = write(root, "CCCCC", "odd")
    odd = path.rename(path.with_name(os.fsdecode(b"TK-260812-\xff.md")))
    for _ in range(2):
        with Index.open(find(root)) as index:
            assert os.fsencode(index.rows(ALL)[2].path).endswith(b"TK-260812-\xff.md")
    odd.unlink()
    assert titles(root) == ["one", "two"]


def test_ids_go_before_aliases_and_aliases_before_beginnings(root: Path) -> None:
    write(root, "7K3QX", "three", more="aliases: [TK-260812-AAAAA, OLD-4711, '7k3']\n")
    with Index.open(find(root)) as index:

        def found(text: str) -> list[str]:
            return [hit.title for hit in index.find(normalise(text, "TK"))]

        assert found("TK-260812-AAAAA") == ["one"]
        assert found("OLD-4711") == ["three"]
        assert [found(text) for text in ("7k3", "7K3Q", "260812-7", "tk-260812-a")] == [["three"]] * 3 + [["one"]]
        assert found("260812") == ["three", "one", "two"]
        assert found("ZZZ") == found("no id") == []
        assert index.near(normalise("7k4q", "TK")) == ["TK-260812-7K3QX"]
        assert index.near(normalise("TK-260812-AAABA", "TK")) == ["TK-260812-AAAAA"]
        assert index.near(normalise("no id", "TK")) == []


def test_an_id_that_two_files_bear(root: Path) -> None:
    write(root, "AAAAA", "twin", folder="tickets/elsewhere")
    with Index.open(find(root)) as index:
        assert index.duplicates() == {
            "TK-260812-AAAAA": [f"{FOLDER}/TK-260812-AAAAA.md", "tickets/elsewhere/TK-260812-AAAAA.md"]
        }
        assert [hit.title for hit in index.find(normalise("aaaaa", "TK"))] == ["one", "twin"]
