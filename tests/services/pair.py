"""Two clones of one desk and what passes between them, to test with."""

from pathlib import Path
from typing import NamedTuple

from tests.services.office import Office
from tk.core.ticket import Ticket
from tk.store import codec


class Pair(NamedTuple):
    """Two clones, the first of María, the second of Ana, and the bare repository that they share."""

    here: Office
    there: Office
    hub: Path

    def hub_head(self) -> str:
        """Return the commit where the shared branch is."""
        return self.here.git("--git-dir", str(self.hub), "rev-parse", "main")


def ticket(office: Office, number: str) -> Ticket:
    found = codec.read("", office.file(number).read_bytes()).ticket
    assert found is not None
    return found


def meet(pair: Pair) -> None:
    """Let both sync until they have the same."""
    pair.there.now = pair.here.now = max(pair.here.now, pair.there.now)
    pair.here.ok("sync")
    pair.there.now = pair.here.now
    pair.there.ok("sync")
    pair.here.now = pair.there.now
    pair.here.ok("sync")
    assert pair.here.head() == pair.there.head()
    for office in (pair.here, pair.there):
        assert office.git("status", "--porcelain") == ""
    assert pair.here.ok("check", "--strict") == ""
    assert pair.here.audit("HEAD").findings == ()


def conflict(pair: Pair) -> str:
    """Bring about a conflict there, and return the ticket."""
    number = pair.here.ok("new", "Hola")
    meet(pair)
    pair.here.ok("set", number, "title=Aquí")
    pair.here.ok("sync")
    pair.there.now = pair.here.now
    pair.there.ok("set", number, "title=Allí")
    pair.there.ok("log", number, "note", "-m", "entre tanto")
    return number
