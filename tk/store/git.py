"""git, asked through its own commands: the one door to subprocess.

Every question runs in a named folder, in the C locale, with an environment that no outer git can steer (`environment`),
and its status is looked at. Descriptors that are marked inheritable pass to the children: that is how the lock of a
writing command outlives it until its last git child has ended.
"""

import os
import re
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from tk.errors import GitFailed, Message, NoIdentity, say

OLDEST = (2, 36)
"""The first git with `git hook run`."""

# What an outer git (a hook, an alias, a rebase) leaves in the environment names *its* repository and index; only what
# says who acts and how git is set up is let through. The list follows pre-commit's `no_git_env`.
_KEPT = re.compile(
    r"GIT_(?:AUTHOR_|COMMITTER_|CONFIG_|SSH|SSL_|TRACE|HTTP_|PROXY_|ASKPASS$|ALLOW_PROTOCOL$|EXEC_PATH$|TEMPLATE_DIR$"
    r"|TERMINAL_PROMPT$|CEILING_DIRECTORIES$|DISCOVERY_ACROSS_FILESYSTEM$|DEFAULT_HASH$|NO_LAZY_FETCH$)"
)
_AS_COMMITTED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": ""}
"""What has git read every commit as it was made, whatever this clone has put in its place (`git replace`, grafts)."""

_IDENT = re.compile(r"(.*?) ?<(.*)> \d+ [+-]\d+", re.DOTALL)
_FITS_A_PIPE = 16_384


class WorkTree(Protocol):
    """What a question needs to know of a repository: the top of its work tree and its git folder."""

    @property
    def top(self) -> Path:
        """The top of the work tree."""

    @property
    def git_dir(self) -> Path:
        """The work tree's own git folder."""


class Result(NamedTuple):
    """How a git command ended and what it said."""

    status: int
    out: bytes
    err: bytes

    @property
    def reason(self) -> Message:
        """The first line of what it complained of, without git's `fatal:`."""
        from tk.core.reasons import of_git  # only a failure pays for it

        lines = self.err.decode("utf-8", "replace").strip().splitlines()
        told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
        return of_git(re.sub(r"^(?:fatal|error): ", "", told[0]) if told else f"exit status {self.status}")


class Question(NamedTuple):
    """A git command under way; `join` waits for its answer, a second time as well as the first."""

    place: WorkTree | Path
    command: str
    process: "subprocess.Popen[bytes]"

    def join(self, *, check: bool = True) -> Result:
        """Return the answer; with `check`, raise GitFailed when git refused."""
        out, err = self.process.communicate()
        result = Result(self.process.returncode, out, err)
        if check and result.status != 0:
            raise failed(self.place, self.command, result)
        return result


def environment(place: WorkTree | Path) -> dict[str, str]:
    """Return the environment for git in `place`: what an outer git has set there is gone, see `_KEPT`."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or _KEPT.match(key)}
    env |= _AS_COMMITTED
    if not isinstance(place, Path) and place.git_dir != place.top / ".git" and not (place.top / ".git").is_file():
        # found by GIT_DIR: git would not find it again from the folder alone
        env |= {"GIT_DIR": str(place.git_dir), "GIT_WORK_TREE": str(place.top)}
    return env


def run(
    place: WorkTree | Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, check: bool = True
) -> Result:
    """Return git's answer to `args`, asked at the top of `place`; with `check`, raise GitFailed when it refuses."""
    return start(place, *args, stdin=stdin, env=env).join(check=check)


def start(place: WorkTree | Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Question:
    """Ask git and do not wait: `join` the question later, in any case."""
    process = _spawn(place, args, env or {})
    asked, process.stdin = process.stdin, None
    if asked is not None and len(stdin) <= _FITS_A_PIPE:
        _send(asked, stdin)
    elif asked is not None:
        threading.Thread(target=_send, args=(asked, stdin), daemon=True).start()
    return Question(place, _command(args), process)


@contextmanager
def asking(
    place: WorkTree | Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Iterator[Question]:
    """Give a question under way, and see to it that its process has ended before the block is left."""
    question = start(place, *args, stdin=stdin, env=env)
    try:
        yield question
    finally:
        question.join(check=False)


@contextmanager
def conversation(
    place: WorkTree | Path, *args: str, env: Mapping[str, str] | None = None
) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Give what one writes to and what one reads from a git that answers line by line."""
    process = _spawn(place, args, env or {})
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise ValueError(args)
    with process:
        try:
            yield process.stdin, process.stdout
        except BrokenPipeError:
            process.stdin = None
        else:
            process.stdin.close()
        process.stdout.read()
        err = process.stderr.read()
    if process.returncode != 0:
        raise failed(place, _command(args), Result(process.returncode, b"", err))


def hook(place: WorkTree, name: str, *args: str, env: Mapping[str, str]) -> Result:
    """Run the hook `name` as git would, in the user's own locale, and return how it ended.

    It inherits no descriptor: a hook that leaves a server running behind it must not keep the desk locked.
    """
    process = subprocess.Popen(
        ["git", "hook", "run", "--ignore-missing", name, "--", *args],
        cwd=place.top,
        env={**environment(place), **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    out, _ = process.communicate()
    return Result(process.returncode, out, b"")


def version(place: WorkTree | Path) -> tuple[int, ...]:
    """Return git's version as numbers; raise GitFailed where there is no git."""
    result = run(place, "version", check=False)
    found = re.search(rb"(\d+(?:\.\d+)+)", result.out)
    return tuple(int(part) for part in found[1].split(b".")) if found else ()


def require(place: WorkTree | Path) -> None:
    """Raise GitFailed when git is missing or too old; asked only by who checks a set-up, or once something failed."""
    found, oldest = version(place), ".".join(map(str, OLDEST))
    if not found:
        raise GitFailed(say("git does not tell its version"), say("tk needs git {oldest} or newer", oldest=oldest))
    if found < OLDEST:
        shown = ".".join(map(str, found))
        raise GitFailed(say("git {found} is too old: tk needs git {oldest} or newer", found=shown, oldest=oldest))


def failed(place: WorkTree | Path, command: str, result: Result) -> GitFailed:
    """Return the refusal for a git command that failed, or raise the one that says git is too old."""
    require(place)
    return GitFailed(say("git {command} failed: {reason}", command=command, reason=result.reason))


def identity(place: WorkTree | Path) -> tuple[str, str]:
    """Return name and address of who acts, as git would write the author; raise NoIdentity where nobody said who.

    What git would guess from the login and the name of the host is no identity.
    """
    name, email = os.environ.get("GIT_AUTHOR_NAME", ""), os.environ.get("GIT_AUTHOR_EMAIL", "")
    if name and email:
        return name, email
    result = run(place, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT", check=False)
    if result.status != 0 and os.environ.get("EMAIL"):  # an address git takes as said, though not by its configuration
        result = run(place, "var", "GIT_AUTHOR_IDENT", check=False)
    match = _IDENT.fullmatch(result.out.decode("utf-8", "replace").strip())
    if result.status != 0 or match is None:
        require(place)
        raise NoIdentity(
            say("git does not know who you are: {reason}", reason=result.reason),
            say('git config --global user.name "Your Name"; git config --global user.email you@example.com'),
        )
    return match[1], match[2]


def commit_of(place: WorkTree | Path, revision: str) -> str | None:
    """Return the name of the commit that a revision names; None where there is none."""
    result = run(place, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", check=False)
    return result.out.decode().strip() or None


class Found(NamedTuple):
    """An object of git: its name, its kind (blob, tree, commit, tag) and its bytes."""

    oid: str
    kind: str
    content: bytes


def objects(place: WorkTree | Path, names: Iterable[str]) -> Iterator[Found | None]:
    """Yield for each of `names` (`HEAD:path`, an object's name) what git has, None for what it has not.

    One process answers them all. A thread writes the names, so that neither side waits for the other's full pipe.
    """
    # git reads a name a line, without the CR before the newline; no object can be asked for by a name of several lines
    lines = ["" if "\n" in name or name.endswith("\r") else name for name in names]
    process = _spawn(place, ("cat-file", "--batch", "--buffer"), {})
    asked, answers = process.stdin, process.stdout
    if asked is None or answers is None:
        raise ValueError(place)
    text = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    sender = threading.Thread(target=_send, args=(asked, text), daemon=True)
    sender.start()
    with process:
        try:
            yield from _answers(answers, len(lines))
        except EOFError:
            process.wait()
            err = process.stderr.read() if process.stderr else b""
            raise failed(place, "cat-file", Result(process.returncode, b"", err)) from None
        finally:
            process.kill()  # a reader who has seen enough leaves the rest unread
            sender.join()


def blobs(place: WorkTree | Path, names: Iterable[str]) -> Iterator[bytes | None]:
    """Yield the bytes of each of `names` (`HEAD:path`, an object's name), None for what git has not."""
    for found in objects(place, names):
        yield None if found is None else found.content


def _answers(answers: IO[bytes], count: int) -> Iterator[Found | None]:
    for _ in range(count):
        header = answers.readline()
        if not header:
            raise EOFError
        parts = header.split()
        if len(parts) == 3 and parts[2].isdigit():
            size = int(parts[2])
            content = answers.read(size + 1)
            if len(content) != size + 1:
                raise EOFError
            yield Found(parts[0].decode(), parts[1].decode(), content[:-1])
        else:
            yield None


def _send(pipe: IO[bytes], text: bytes) -> None:
    with suppress(BrokenPipeError):  # git's own words say why it left
        pipe.write(text)
    with suppress(BrokenPipeError):
        pipe.close()


def _command(args: tuple[str, ...]) -> str:
    """Return the name of the command in `args`, behind git's own `-c NAME=VALUE`."""
    at = 0
    while args[at] == "-c":
        at += 2
    return args[at]


def _spawn(place: WorkTree | Path, args: tuple[str, ...], env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            ["git", "--no-pager", "--literal-pathspecs", *args],
            cwd=place if isinstance(place, Path) else place.top,
            env={**environment(place), "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            close_fds=False,
        )
    except FileNotFoundError as error:
        if error.filename != "git":
            raise
        raise GitFailed(
            say("git is not installed, or not on the PATH"),
            say("tk keeps its desks in git: install git {oldest} or newer", oldest=".".join(map(str, OLDEST))),
        ) from None
