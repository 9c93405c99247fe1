"""The picture of a terminal session in README: `make picture` draws docs/session.svg from what the commands print."""

import io
import sys
from pathlib import Path
from unittest import mock

from rich.console import Console
from rich.text import Text

from tests.world import run_here, sealed_in

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "session.svg"

SESSION = (
    ("09:14", ("new", "Calentador no enciende", "--priority", "high", "--requester", "ana@example.cl")),
    ("09:20", ("new", "Cannot log in since this morning", "--owner", "me", "--category", "software/access")),
    ("09:40", ("log", "zzz", "call-out", "-m", "Asked for the purchase note.", "--set", "minutes=5")),
    ("09:54", ("advance", "zzz", "in-progress")),
    ("10:10", ("advance", "zzz", "sloved")),
    ("10:44", ("list",)),
    ("10:46", ("history", "zzz")),
)
"""When each command is given, and its words; `zzz` is the beginning of the first ticket's id."""

NUMBERS = (0xFFFFFFFF, 0x12345, 0x23456)


def drawn(folder: Path) -> str:
    """Return the picture, drawn of a session on a new desk in `folder`."""
    console = Console(record=True, width=92, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    with (
        sealed_in(folder / "home"),
        mock.patch("tk.store.revision.random_number", side_effect=NUMBERS),
    ):
        desk = folder / "support"
        run_here("init", str(desk), "--lang", "en", "--zone", "America/Bogota", now=_at("09:00"))
        for time, words in SESSION:
            console.print(Text(f"$ tk {' '.join(_quoted(word) for word in words)}", style="bold"))
            result = run_here("--no-pager", "-C", str(desk), *words, now=_at(time), terminal=True)
            console.print(Text.from_ansi((result.out + result.err).rstrip("\n")), "", sep="\n")
    return console.export_svg(title="tk", unique_id="tk")


def _at(time: str) -> str:
    return f"2026-08-12T{time}:00-05:00"


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        FILE.write_text(drawn(Path(place)), encoding="utf-8")
    sys.stderr.write(f"{FILE.relative_to(ROOT)} drawn\n")
