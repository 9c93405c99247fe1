"""Whatever people do to a desk, what the index lists is what a scan of the files finds."""

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tk.store import codec
from tk.store.index import Index
from tk.store.index.schema import KEPT
from tk.store.repo import Repo, find
from tk.store.sqlite_file import file_of as file_of_index

TICKETS = "tickets/2026/08"


def file_of(number: int) -> str:
    return f"{TICKETS}/{10 + number % 4}/TK-2608{10 + number % 4}-{number:05d}.md"


def text_of(number: int, title: str, status: str = "open") -> str:
    name = Path(file_of(number)).stem
    return f"---\nid: {name}\ntitle: {title}\nstatus: {status}\ncreated: 2026-08-12T09:14:03-05:00\n---\nText.\n"


class Walker:
    """A desk, and somebody who does one thing after another to it."""

    def __init__(self, root: Path, dice: random.Random) -> None:
        self.root = root
        self.dice = dice
        self.words = 0
        root.mkdir()
        (root / "tk.toml").write_text("")
        self.git("init", "-q", "-b", "main")
        (root / ".git/info/exclude").write_text("tk.toml\n")  # out of the reach of `git clean` and `git stash`

    def git(self, *arguments: str) -> bool:
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=False)
        return done.returncode == 0

    @property
    def repo(self) -> Repo:
        return find(self.root)

    def files(self) -> list[Path]:
        return sorted(path for path in (self.root / "tickets").rglob("*") if path.is_file() and not path.is_symlink())

    def word(self) -> str:
        """Return a word of always the same length, so that files differ in content alone."""
        self.words += 1
        return f"word{self.words:06d}"

    def write(self, path: Path, text: str) -> None:
        with suppress(FileExistsError):  # a link that leads nowhere in the folder's place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def create(self) -> None:
        number = self.dice.randrange(30)
        self.write(self.root / file_of(number), text_of(number, self.word()))

    def edit(self) -> None:
        for path in self.dice.sample(self.files(), min(2, len(self.files()))):
            path.write_text(text_of(int(path.stem[-5:]) if path.stem[-5:].isdigit() else 1, self.word()))

    def replace(self) -> None:
        """Edit as editors do, by another file in the place of the first."""
        for path in self.dice.sample(self.files(), min(1, len(self.files()))):
            other = path.with_name("." + path.name)
            other.write_text(text_of(1, self.word()))
            other.replace(path)

    def break_one(self) -> None:
        for path in self.dice.sample(self.files(), min(1, len(self.files()))):
            path.write_text(self.dice.choice(["", "nothing\n", "---\nid: [\n---\n", "---\nid: X\n"]))

    def delete(self) -> None:
        for path in self.dice.sample(self.files(), min(2, len(self.files()))):
            path.unlink()

    def rename(self) -> None:
        for path in self.dice.sample(self.files(), min(1, len(self.files()))):
            to = self.dice.choice([f"hand-{self.dice.randrange(5)}.md", "notes.txt", "a.md", "deep/er/b.md"])
            target = path.parent / to
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)

    def move_folder(self) -> None:
        folders = sorted((self.root / TICKETS).glob("*"))
        if folders:
            folder = self.dice.choice(folders)
            target = folder.with_name(str(self.dice.randrange(10, 20)))
            if folder.is_dir() and not folder.is_symlink() and not target.exists():
                folder.rename(target)

    def drop_folder(self) -> None:
        folders = sorted(path for path in (self.root / TICKETS).glob("*") if path.is_dir() and not path.is_symlink())
        if folders:
            shutil.rmtree(self.dice.choice(folders))

    def link(self) -> None:
        path = self.root / file_of(self.dice.randrange(30))
        self.write(path, "")
        with suppress(FileNotFoundError):
            path.unlink()
            path.symlink_to("../somewhere.md")

    def link_folder(self) -> None:
        folders = sorted(path for path in (self.root / TICKETS).glob("1*") if path.is_dir() and not path.is_symlink())
        if folders:
            folder = self.dice.choice(folders)
            aside = self.root / f"aside-{self.word()}"
            folder.rename(aside)
            folder.symlink_to(aside)

    def attach(self) -> None:
        self.write(self.root / file_of(self.dice.randrange(30)).removesuffix(".md") / "attached.md", "text\n")

    def add(self) -> None:
        self.git("add", "-A", "--", "tickets")

    def add_some(self) -> None:
        for path in self.dice.sample(self.files(), min(2, len(self.files()))):
            self.git("add", str(path))

    def intend(self) -> None:
        for path in self.dice.sample(self.files(), min(1, len(self.files()))):
            self.git("add", "-N", str(path))

    def commit(self) -> None:
        self.git("commit", "-q", "-a", "-m", "all")

    def commit_staged(self) -> None:
        self.git("commit", "-q", "-m", "staged")

    def branch(self) -> None:
        self.git("checkout", "-q", "-b", f"b{self.word()}")

    def checkout(self) -> None:
        branches = subprocess.run(
            ["git", "branch", "--format=%(refname:short)"], cwd=self.root, capture_output=True, text=True, check=True
        ).stdout.split()
        if branches:
            force = ["-f"] if self.dice.random() < 0.5 else []
            self.git("checkout", "-q", *force, self.dice.choice(branches))

    def merge(self) -> None:
        branches = subprocess.run(
            ["git", "branch", "--format=%(refname:short)"], cwd=self.root, capture_output=True, text=True, check=True
        ).stdout.split()
        if branches:
            self.git("merge", "-q", "--no-edit", self.dice.choice(branches))

    def forget_cached(self) -> None:
        for path in self.dice.sample(self.files(), min(1, len(self.files()))):
            self.git("rm", "-q", "--cached", "-f", str(path))

    def lose_index(self) -> None:
        (self.root / ".git/index").unlink(missing_ok=True)

    def collect_garbage(self) -> None:
        self.git("reflog", "expire", "--expire=now", "--all")
        self.git("gc", "-q", "--prune=now")

    def ignore(self) -> None:
        (self.root / ".git/info/exclude").write_text("tk.toml\n" + self.dice.choice(["", "*.md\n"]))

    def touch(self) -> None:
        for path in self.files():
            os.utime(path)

    def set_back(self) -> None:
        """Edit a file and give it back its old time, as rsync and archives do."""
        for path in self.dice.sample(self.files(), min(1, len(self.files()))):
            status = path.stat()
            path.write_text(text_of(2, self.word()))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def steps(self) -> list[Callable[[], object]]:
        git = {
            "stash": ("stash", "-q"),
            "stash all": ("stash", "-q", "-u"),
            "pop": ("stash", "pop", "-q"),
            "reset": ("reset", "-q"),
            "hard": ("reset", "-q", "--hard"),
            "back": ("reset", "-q", "--hard", "HEAD~1"),
            "soft back": ("reset", "-q", "--soft", "HEAD~1"),
            "abort": ("merge", "--abort"),
            "clean": ("clean", "-qfd"),
            "status": ("status",),
            "rebase": ("rebase", "-q", "main"),
            "rebase abort": ("rebase", "--abort"),
        }
        asked = [lambda arguments=arguments: self.git(*arguments) for arguments in git.values()]
        own = [
            *[self.create] * 6,
            *[self.edit] * 4,
            self.replace,
            self.break_one,
            self.delete,
            self.rename,
            self.move_folder,
            self.drop_folder,
            self.link,
            self.link_folder,
            self.attach,
            *[self.add] * 2,
            self.add_some,
            self.intend,
            *[self.commit] * 3,
            self.commit_staged,
            self.branch,
            *[self.checkout] * 2,
            *[self.merge] * 2,
            self.forget_cached,
            self.lose_index,
            self.collect_garbage,
            self.ignore,
            self.touch,
            self.set_back,
        ]
        return [*own, *asked]


Listing = dict[str, tuple[str, str] | None]
"""Path → id and title, None for what cannot be read."""


def scanned(root: Path) -> Listing:
    found: Listing = {}
    for folder, folders, files in os.walk(root / "tickets"):
        folders[:] = [name for name in folders if not name.startswith(("TK-", "."))]
        for name in [*files, *(name for name in folders if Path(folder, name).is_symlink())]:
            path = os.path.relpath(f"{folder}/{name}", root)
            if name.endswith(".md") and not name.startswith("."):
                found[path] = read(root, path)
    return found


def read(root: Path, path: str) -> tuple[str, str] | None:
    if (root / path).is_symlink():
        return None
    ticket = codec.read(path, (root / path).read_bytes()).ticket
    return None if ticket is None else (ticket.id, ticket.title)


def listed(repo: Repo) -> Listing:
    with Index.open(repo) as index:
        assert Path(file_of_index(str(repo.state), repo.prefix, KEPT)).exists(), (
            "in memory there is nothing to be out of step"
        )
        rows = index._ask("SELECT path, coalesce(id, ''), coalesce(title, ''), broken FROM ticket")
    return {path: None if broken else (id_, title) for path, id_, title, broken in rows}


def next_tick(root: Path) -> None:
    """Wait until the file system's clock has moved on."""
    probe = root / ".git/probe"
    probe.write_text("")
    before = probe.stat().st_mtime_ns
    while probe.stat().st_mtime_ns == before:
        probe.write_text("")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything on disk look old enough for its stamp to be trusted."""
    monkeypatch.setattr("tk.store.index_changes._RACY", -60_000_000_000)


@pytest.mark.parametrize("seed", range(int(os.environ.get("SEEDS", "6"))))
def test_what_is_listed_is_what_a_scan_finds_right_after_each_change(seed: int, tmp_path: Path) -> None:
    walk(seed, tmp_path / "desk", often=1)


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("seed", range(100, 100 + int(os.environ.get("SEEDS", "6"))))
def test_what_is_listed_is_what_a_scan_finds_when_stamps_are_trusted(seed: int, tmp_path: Path) -> None:
    walk(seed, tmp_path / "desk", often=2)


def walk(seed: int, root: Path, often: int) -> None:
    dice = random.Random(seed)
    walker = Walker(root, dice)
    done: list[str] = []
    for turn in range(60):
        step = dice.choice(walker.steps())
        step()
        done.append(getattr(step, "__name__", "git"))
        next_tick(root)
        if turn % often == 0 or dice.random() < 0.5:
            assert listed(walker.repo) == scanned(root), done
    if dice.random() < 0.5:
        assert listed(walker.repo) == scanned(root), done
