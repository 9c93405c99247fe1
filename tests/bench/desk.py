"""The desk that is measured: made once by one `git fast-import`, kept in a folder of the user's, cloned to work in.

`python -m tests.bench.desk FOLDER TICKETS COMMITS` makes it, in a process of its own: what it takes in memory would
else count for every process that the measuring one starts.
"""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.bench import years
from tk.core.instant import epoch
from tk.core.policy import Policy
from tk.core.written import reader
from tk.store import presets

RULES = """
[people]
{people}

[mail]
address = "help@desk.example"

[[deadline]]
name = "solve"
clock = "resolution"
target = "90d"

[[sweep]]
name = "close-solved"
when = {{ status = "solved", idle = ">= 30d", not.tags = "{again}" }}
advance = "closed"

[[sweep]]
name = "recheck"
when = {{ status = "solved", tags = "{again}" }}
advance = "closed"
from = 2026-09-10

[[notify]]
name = "received"
action = "new"
when = {{ "new.tags" = "letter" }}
to = ["@requester"]
template = "received"
"""
"""What the desk has beyond the preset `simple`: people, a clock, rules for a sweep, a letter for what asks for one."""

LETTER = "Subject: {{ ticket.title }}\n\nDear {{ to.name or 'customer' }},\n\nwe have {{ ticket.id }} now.\n"


def policy_text() -> str:
    """Return the desk's tk.toml."""
    people = "\n".join(f'{who} = {{ name = "{who.title()}", email = "{years.address(who)}" }}' for who in years.PEOPLE)
    rules = RULES.format(people=people, again=years.RECHECKED).lstrip()
    head, found, _ = presets.load("simple").policy.replace('"UTC"', '"America/Lima"').partition("[people]")
    assert found
    return head + rules


def policy_of(text: str) -> Policy:
    """Return the policy that the text makes, which has no fault."""
    reading = reader.read(text)
    assert not reading.findings, reading.findings
    assert reading.policy is not None
    return reading.policy


def make(root: Path, tickets: int, commits: int) -> None:
    """Make the desk in the folder `root`, packed and with a commit-graph, without a work tree."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    git(root, "init", "-q", "--bare", "--initial-branch=main")
    with subprocess.Popen(
        ["git", "-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--date-format=raw"],
        cwd=root,
        stdin=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        text = policy_text()
        first = {"tk.toml": text.encode(), "templates/en/received.txt.j2": LETTER.encode()}
        process.stdin.write(_commit(years.PEOPLE[0], epoch(years.BEGIN) - 60, "Start a desk\n", first))
        for done in years.years(policy_of(text), tickets, commits):
            process.stdin.write(_commit(done.who, epoch(done.at), done.message, {done.path: done.data}))
    assert process.returncode == 0
    git(root, "repack", "-adq")
    git(root, "commit-graph", "write", "--reachable", "--changed-paths")


def kept(cache: Path, tickets: int, commits: int) -> Path:
    """Return the desk of so many tickets in the folder `cache`, made there if it is not there yet."""
    source = b"".join(Path(module.__file__ or "").read_bytes() for module in (years, sys.modules[__name__]))
    root = cache / f"desk-{tickets}-{commits}-{sha256(source).hexdigest()[:8]}.git"
    if not root.exists():
        half = root.with_suffix(".making")
        subprocess.run([sys.executable, "-m", "tests.bench.desk", str(half), str(tickets), str(commits)], check=True)
        half.rename(root)
    return root


def clone(kept_at: Path, folder: Path) -> Path:
    """Return a clone to work in."""
    git(kept_at, "clone", "-q", "--local", str(kept_at), str(folder))
    for setting in ("user.name=Ana", f"user.email={years.address('ana')}", "gc.auto=0", "maintenance.auto=false"):
        git(folder, "config", *setting.split("="))
    settle(folder, git(folder, "ls-files", "-z"))
    return folder


def settle(folder: Path, paths: bytes) -> None:
    """Let these files be older than git's index, as in a desk that has lain a while: git reads younger ones each time.

    `paths` are as git lists them with -z.
    """
    for path in paths.split(b"\0")[:-1]:
        os.utime(folder / os.fsdecode(path), (epoch(years.END), epoch(years.END)))
    git(folder, "update-index", "-q", "--refresh")


def git(folder: Path, *argv: str, stdin: bytes = b"") -> bytes:
    """Run git in a folder and return what it printed."""
    return subprocess.run(["git", *argv], cwd=folder, input=stdin, capture_output=True, check=True).stdout


def _commit(who: str, when: int, message: str, files: dict[str, bytes]) -> bytes:
    whose = f"{who.title()} <{years.address(who)}> {when} -0500"
    parts = [f"commit refs/heads/main\nauthor {whose}\ncommitter {whose}\n".encode(), _data(message.encode())]
    for path, content in files.items():
        parts += [f"M 100644 inline {path}\n".encode(), _data(content)]
    return b"".join(parts)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
