"""Finding the desk and the repository it lies in, and reading its files.

Found by looking, without starting git: a `tk.toml` here or above, a `.git` there or above. Only an environment that
names another git folder makes it ask.
"""

import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

from tk import errors
from tk.errors import DiskFailed, Message, NotADesk, Refused

POLICY = "tk.toml"
_BARE = re.compile(r"^\s*bare\s*=\s*(true|yes|on|1)\s*$", re.MULTILINE | re.IGNORECASE)


class Repo(NamedTuple):
    """A desk and its place in a git repository.

    `root` is the desk's folder, with `tk.toml`; `top` the top of the work tree; `prefix` the way from `top` to `root`
    ("" or "sub/dir/"); `git_dir` this work tree's own git folder; `common_dir` the one all work trees share; `state`
    the folder of tk's own, disposable state.
    """

    root: Path
    top: Path
    prefix: str
    git_dir: Path
    common_dir: Path
    state: Path

    def whole(self) -> "Repo":
        """Return the whole work tree as if it were the desk: for what changes files around it, too, as a merge does."""
        return self._replace(root=self.top, prefix="")

    @property
    def journal(self) -> Path:
        """The file that is there while a command changes the desk, or when one was interrupted."""
        return self.state / "journal" / "entry"


def find(start: Path, *, former: bool = False) -> Repo:
    """Return the desk that `start` lies in; raise NotADesk where there is none, or none that git keeps.

    With `former`, a desk whose tk.toml is gone from the files is one, too, as long as git remembers it.
    """
    start = start.resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / POLICY).is_file()), None)
    if root is not None:
        return at(root)
    _refuse_bare(start)
    from tk.store.former import lost_desk  # only who stands in no desk asks git for one

    gone = lost_desk(_top(start), start, POLICY)
    if gone is None:
        raise NotADesk(errors.say("not a desk: no tk.toml in {folder} or above", folder=start), errors.say("tk init"))
    if former:
        return at(gone.root)
    raise gone.refusal()


def _top(start: Path) -> Path | None:
    try:
        return _places(start)[0]
    except NotADesk:
        return None


def at(root: Path) -> Repo:
    """Return the desk whose folder is `root` (resolved), with or without a tk.toml yet; raise NotADesk as `find`."""
    top, git_dir, common_dir = _places(root)
    if not root.is_relative_to(top):
        raise NotADesk(errors.say("the desk {desk} lies outside the work tree {top}", desk=root, top=top))
    prefix = "" if root == top else f"{root.relative_to(top).as_posix()}/"
    return Repo(root, top, prefix, git_dir, common_dir, git_dir / "tk")


def read_file(repo: Repo, path: str) -> bytes | None:
    """Return what stands in the file `path` of the desk, None where there is none.

    Raise Refused for what lies outside the desk, by its name or by a symbolic link, DiskFailed for what is no file or
    cannot be read.
    """
    file = os.path.realpath(repo.root / path)  # text: `resolve` takes twice as long, and a check reads every file
    if not f"{file}/".startswith(f"{str(repo.root).rstrip('/')}/"):
        raise outside(path)
    try:
        # without waiting: a named pipe would never answer
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as source:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DiskFailed(errors.say("{path}: not an ordinary file", path=path))
            return source.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise DiskFailed(errors.say("{path}: not an ordinary file", path=path)) from None
    except OSError as error:
        from tk.core.reasons import of_system  # nearly every file opens

        raise DiskFailed(errors.say("{path}: {reason}", path=path, reason=of_system(error))) from error


def oddity(path: str, mode: int) -> tuple[str, Message] | None:
    """Return the code of, and what is to be said about, a ticket's file that is a link or no file; None for a file."""
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return "symlink", errors.say("{path} is a symbolic link; put the file itself in its place", path=path)
    return "not-a-file", errors.say("{path} is not a regular file", path=path)


def outside(path: str) -> Refused:
    """Return the refusal of a path that leads out of the desk."""
    return Refused(
        "outside-desk",
        errors.say("{path}: lies outside the desk, or is reached by a symbolic link", path=path),
        errors.say("put the file itself in its place"),
    )


def _places(root: Path) -> tuple[Path, Path, Path]:
    return _ask(root) if _is_told_elsewhere(root) else _look(root)


def _look(root: Path) -> tuple[Path, Path, Path]:
    for folder in (root, *root.parents):
        dot_git = folder / ".git"
        if dot_git.is_dir():
            git_dir = dot_git
        elif dot_git.is_file():
            pointer = dot_git.read_text(encoding="utf-8", errors="surrogateescape").removeprefix("gitdir:").strip()
            git_dir = (folder / pointer).resolve()
        else:
            continue
        common_dir = _common(git_dir)
        if git_dir == common_dir and _says_bare(common_dir):
            raise NotADesk(errors.say("{folder} is a bare repository: it has no files to work on", folder=git_dir))
        return folder, git_dir, common_dir
    raise NotADesk(errors.say("{desk} is not in a git repository", desk=root), errors.say("git init"))


def _common(git_dir: Path) -> Path:
    try:
        pointer = (git_dir / "commondir").read_text(encoding="utf-8", errors="surrogateescape").strip()
    except FileNotFoundError:
        return git_dir
    return (git_dir / pointer).resolve()


def _says_bare(git_dir: Path) -> bool:
    try:
        return _BARE.search((git_dir / "config").read_text(encoding="utf-8", errors="replace")) is not None
    except FileNotFoundError:
        return False


def _refuse_bare(start: Path) -> None:
    for folder in (start, *start.parents):
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
            raise NotADesk(
                errors.say("{folder} is a bare repository: it has no files to work on", folder=folder),
                errors.say("git clone {folder} DESK", folder=folder),
            )


def _is_told_elsewhere(root: Path) -> bool:
    """Whether the environment names another repository than the one around `root` (git's own hooks name that one)."""
    if "GIT_WORK_TREE" in os.environ:
        return True
    if "GIT_DIR" not in os.environ:
        return False
    try:
        return Path(os.environ["GIT_DIR"]).resolve() != _look(root)[1].resolve()
    except NotADesk:
        return True


def _ask(root: Path) -> tuple[Path, Path, Path]:
    from tk.store import git  # costs what starting a process costs, and only an odd environment needs it

    here = Path.cwd()  # what such an environment says is relative to it
    env = {name: os.environ[name] for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR") if name in os.environ}
    answer = git.run(
        here, "rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir", env=env, check=False
    )
    if answer.status != 0:
        raise NotADesk(
            errors.say("{desk} is not in a git repository: {reason}", desk=root, reason=answer.reason),
            errors.say("GIT_DIR or GIT_WORK_TREE is set: unset it, or correct it"),
        )
    top, git_dir, common_dir = answer.out.decode("utf-8", "surrogateescape").splitlines()
    return Path(top), Path(git_dir), (here / common_dir).resolve()
