"""A scribe who writes the history of a desk as one stream for git: honest work by the law, forgeries as they come."""

import subprocess
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.services.office import BOSS, NAMES, Office
from tk.core import ids
from tk.core.action import Action, Draft
from tk.core.facts import NO_REGISTERS, Outside, actor_of
from tk.core.instant import epoch, format_instant
from tk.core.law.judge import judge
from tk.core.sweep import swept
from tk.core.ticket import Event, Ticket
from tk.core.written.reader import read
from tk.store import codec
from tk.store.revision import shape


class Branch(NamedTuple):
    """Where a branch is: the mark of its tip, and the files there."""

    tip: str
    files: Mapping[str, bytes]


class Scribe:
    """Writes commits on one branch after another; `oids` tells, once all is written, which commit bears which mark."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.stream: list[bytes] = []
        self.marks = 0
        self.drawn = 0
        names = office.git("ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0")
        self.files = {name: (office.root / name).read_bytes() for name in names if name}
        self.tip = office.head()
        policy = read(self.files["tk.toml"].decode()).policy
        assert policy is not None
        self.policy = policy
        self.now = datetime.fromisoformat(office.now)
        self.last: dict[str, tuple[str, bytes | None]] = {}
        self.honest: set[str] = set()
        self.oids: dict[str, str] = {}

    # Time, chance and branches

    def wait(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)

    def draw(self) -> int:
        """Return a number that was not drawn before."""
        self.drawn += 1
        return self.drawn * 7919

    def leave(self) -> Branch:
        """Return the branch as it stands, to come back to."""
        return Branch(self.tip, dict(self.files))

    def enter(self, branch: Branch) -> None:
        """Go on from a branch."""
        self.tip, self.files = branch.tip, dict(branch.files)

    # Commits

    def commit(
        self, who: str, changes: Mapping[str, bytes | None], *, honest: bool = True, name: str = "", merging: str = ""
    ) -> str:
        """Write a commit of somebody and return its mark; None for a file that goes."""
        self.wait(seconds=37)
        self.marks += 1
        mark = f":{self.marks}"
        person = f"{name or NAMES[who]} <{who}> {epoch(self.now)} {self.now:%z}".encode()
        lines = [b"commit refs/heads/main", f"mark {mark}".encode(), b"author " + person, b"committer " + person]
        lines += [b"data 1", b"x", f"from {self.tip}".encode(), *([f"merge {merging}".encode()] if merging else [])]
        for path, data in changes.items():
            quoted = f'"{path}"' if " " in path else path
            if data is None:
                lines.append(f"D {quoted}".encode())
                self.files.pop(path, None)
            else:
                mode = "120000" if data.startswith(b"->") else "100644"
                lines += [f"M {mode} inline {quoted}".encode(), f"data {len(data)}".encode(), data]
                self.files[path] = data
        self.stream.append(b"\n".join(lines) + b"\n")
        self.tip = mark
        if honest:
            self.honest.add(mark)
        return mark

    def seal(self, name: str, branch: str) -> None:
        """Write a seal of the commit where the scribe is, as `tk audit --seal` does."""
        tagger = f"tagger {NAMES[BOSS]} <{BOSS}> {epoch(self.now)} {self.now:%z}"
        text = f"Sealed\n\nTk-Branch: {branch}\n".encode()
        self.stream.append(f"tag tk-seal-{name}\nfrom {self.tip}\n{tagger}\ndata {len(text)}\n".encode() + text + b"\n")

    def written(self) -> None:
        """Hand the stream to git, and learn the commits' names."""
        marks = self.office.root / ".git" / "marks"
        done = subprocess.run(
            ["git", "fast-import", "--quiet", "--force", f"--export-marks={marks}"],
            cwd=self.office.root,
            input=b"".join(self.stream) + f"reset refs/heads/main\nfrom {self.tip}\n".encode(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.oids = dict(line.split() for line in marks.read_text().splitlines())
        self.office.git("reset", "-q", "--hard")
        self.office.now = self.now.isoformat()

    # Honest work

    def ticket(self, path: str) -> Ticket:
        """Return the ticket at a path of the branch."""
        held = codec.read(path, self.files[path]).ticket
        assert held is not None
        return held

    def open(self, who: str, title: str, **values: object) -> str:
        """Open a ticket and return its path."""
        number = self.number()
        self.act(who, ids.path_of(number), Action("new", "", Draft(number, title, "Hola.", values)))
        return ids.path_of(number)

    def number(self) -> str:
        """Return an id for a ticket that is opened now."""
        return ids.make("TK", (self.now + timedelta(seconds=37)).date(), ids.tail_from(self.draw()))

    def act(self, who: str, path: str, *actions: Action, beside: Mapping[str, bytes] | None = None) -> str:
        """Do what the law allows, in one commit, and return its mark; `beside` are files beside the ticket."""
        at = self.now + timedelta(seconds=37)
        old = self.files.get(path)
        held = None if old is None else self.ticket(path)
        actor = actor_of(self.policy, who)
        after = held
        for action in actions:
            found = judge(self.policy, self._outside(path, beside or {}, action), after, action, actor, at)
            assert isinstance(found, Ticket), str(found)
            after = found
        assert after is not None
        form = shape(self.policy)
        made = codec.render(after, *form) if old is None else codec.edit(codec.read(path, old), after, *form)
        self.last[path] = who, old
        folder = path.removesuffix(".md")
        return self.commit(who, {path: made, **{f"{folder}/{name}": data for name, data in (beside or {}).items()}})

    def log(self, who: str, path: str, text: str = "Llamé.", kind: str = "note") -> str:
        """Enter an event and return the commit's mark."""
        at = self.now + timedelta(seconds=37)
        event = Event(at, kind, actor_of(self.policy, who).name, ids.event_id(self.draw()), text)
        return self.act(who, path, Action("log", kind, event))

    def sweep(self, who: str) -> str | None:
        """Let somebody, or a robot, do what the sweep rules prescribe; None where nothing is due."""
        at = self.now + timedelta(seconds=37)
        changes: dict[str, bytes | None] = {}
        for path in filter(ids.is_ticket_path, self.files):
            held = self.ticket(path)
            after = swept(self.policy, Outside(), held, at).ticket
            if after != held:
                changes[path] = codec.edit(codec.read(path, self.files[path]), after, *shape(self.policy))
                self.last.pop(path, None)
        return self.commit(who, changes) if changes else None

    def undo(self, path: str) -> str | None:
        """Take back the latest commit on a ticket, by whoever made it; None where that opened the ticket."""
        who, old = self.last.pop(path, ("", None))
        return None if old is None else self.commit(who, {path: old})

    def _outside(self, path: str, beside: Mapping[str, bytes], action: Action) -> Outside:
        folder = path.removesuffix(".md") + "/"
        sizes = {name.removeprefix(folder): len(data) for name, data in self.files.items() if name.startswith(folder)}
        sizes |= {name: len(data) for name, data in beside.items()}
        others = [ids.path_of(str(action.value))] if action.verb == "link" else []
        linked = {held.id: held for held in map(self.ticket, others)}
        return Outside(NO_REGISTERS, linked, sizes)

    # Forgery

    def text(self, path: str) -> str:
        """Return a file of the branch as text."""
        return self.files[path].decode()

    def forge(self, who: str, path: str, *changes: tuple[str, str], moved: bool = True, name: str = "") -> str:
        """Replace text in a ticket by hand and commit it; `moved` sets `updated` as tk would."""
        text = self.text(path)
        for old, new in changes:
            assert old in text, (old, text)
            text = text.replace(old, new, 1)
        if moved:
            stamp = format_instant(self.now + timedelta(seconds=37))
            lines = [f"updated: {stamp}" if line.startswith("updated:") else line for line in text.split("\n")]
            text = "\n".join(lines)
        return self.commit(who, {path: text.encode()}, honest=False, name=name)

    def soon(self) -> str:
        """Return the instant of the next commit, as files write it."""
        return format_instant(self.now + timedelta(seconds=37))
