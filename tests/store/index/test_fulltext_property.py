"""Whatever people write and do to a desk, a search finds what a slow scan with the same folding finds."""

import os
import random
import re
import unicodedata
from pathlib import Path

import pytest

from tests.store.index.test_index_property import Walker, next_tick
from tk.core.terms import Term, read_terms
from tk.store import codec
from tk.store.index import Index, fulltext
from tk.store.repo import find
from tk.store.sqlite_file import file_of

_WORD = re.compile(r"[^\W_]+")
SYLLABLES = [
    "ca",
    "len",
    "ta",
    "dor",
    "ñan",
    "dú",
    "ción",
    "que",
    "pin",
    "güi",
    "no",
    "Á",
    "é",
    "ti",
    "MO",
    "x",
    "5",
    "10",
]
MARKS = [" ", " ", " ", " ", "\n", ", ", ". ", "-", "_", "/", " ¿", "? ", '"', "'", "@", ":", " * ", "\t", "\u2014"]


def folded(text: str) -> list[str]:
    """Return the words of a text without case and accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return _WORD.findall(bare)


def occurs(term: Term, text: str) -> bool:
    wanted, words = folded(term.text), folded(text)
    for start in range(len(words) - len(wanted) + 1):
        *whole, last = words[start : start + len(wanted)]
        if whole == wanted[:-1] and (last.startswith(wanted[-1]) if term.begins else last == wanted[-1]):
            return True
    return False


def some_word(dice: random.Random) -> str:
    word = "".join(dice.choices(SYLLABLES, k=dice.randrange(1, 4)))
    word = dice.choice([word, word.upper(), word.title()])
    return unicodedata.normalize("NFD", word) if dice.random() < 0.3 else word


def some_text(dice: random.Random, most: int) -> str:
    return "".join(some_word(dice) + dice.choice(MARKS) for _ in range(dice.randrange(most)))


class Writer(Walker):
    """Somebody who writes Spanish, or nearly, into the tickets of a desk."""

    def text(self, number: int) -> str:
        dice = self.dice
        name = f"TK-260812-{number:05d}"
        title, requester = some_text(dice, 4).split("\n")[0], some_text(dice, 2).split("\n")[0]
        front = f"id: {name}\ntitle: {quoted('t ' + title)}\nstatus: open\ncreated: 2026-08-12T09:14:03-05:00\n"
        front += f"requester: {quoted(requester)}\n" if requester.strip() else ""
        events = "".join(
            f"\n### 2026-08-12T10:0{turn}:00-05:00 note mlopez {{#e-{turn}}}\n\n{some_text(dice, 8)}\n"
            for turn in range(dice.randrange(3))
        )
        return f"---\n{front}---\n{some_text(dice, 12)}\n" + (f"\n## Log\n{events}" if events else "")

    def create(self) -> None:
        number = self.dice.randrange(12)
        self.write(self.root / f"tickets/2026/08/12/TK-260812-{number:05d}.md", self.text(number))

    def edit(self) -> None:
        for path in self.dice.sample(self.files(), min(2, len(self.files()))):
            path.write_text(self.text(1))


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "").replace("\t", " ").strip() + '"'


def scanned(root: Path) -> dict[str, list[str]]:
    """Return the texts of each ticket, field by field, by path."""
    texts = {}
    for folder, folders, files in os.walk(root / "tickets"):
        folders[:] = [name for name in folders if not name.startswith(("TK-", "."))]
        for name in files:
            path = Path(folder, name)
            data = b"" if path.is_symlink() else path.read_bytes()
            ticket = codec.read(name, data).ticket
            if ticket is not None and name.endswith(".md") and not name.startswith("."):
                log = "\n".join(event.text for event in ticket.events)
                shown = os.path.relpath(path, root)
                texts[shown] = [ticket.title, ticket.description, log, ticket.requester or ""]
    return texts


def searched(root: Path, terms: tuple[Term, ...]) -> list[str]:
    with Index.open(find(root)) as index:
        return [row.path for row, matches in index.search(terms, None, 8).hits if matches]


def some_terms(dice: random.Random, texts: dict[str, list[str]]) -> tuple[Term, ...]:
    """Return what to look for: mostly words that are somewhere, as people might write them."""
    held = " ".join(" ".join(fields) for fields in texts.values()).split() or ["nada"]
    words = [dice.choice(held) if dice.random() < 0.8 else some_word(dice) for _ in range(dice.randrange(1, 3))]
    text = " ".join(word[: dice.choice([2, 4, 99])] + dice.choice(["", "", "*"]) for word in words)
    return read_terms(dice.choice([text, text, f'"{text}"']))


@pytest.mark.parametrize("seed", range(int(os.environ.get("SEEDS", "6"))))
def test_a_search_finds_what_a_scan_finds(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    root = tmp_path / "desk"
    writer = Writer(root, dice)
    others = [step for step in writer.steps() if step != writer.link_folder]  # with no folder there is no text
    steps = [*[writer.create] * 20, *[writer.edit] * 10, *others]
    hits = 0
    for _ in range(30):
        for step in dice.choices(steps, k=2):
            step()
        next_tick(root)
        texts = scanned(root)
        for terms in filter(None, (some_terms(dice, texts) for _ in range(4))):
            wanted = {path for path, held in texts.items() if all(any(occurs(t, x) for x in held) for t in terms)}
            found = searched(root, terms)
            assert set(found) == wanted, terms
            hits += len(found)
    assert hits > 10
    order = [searched(root, (Term(text, begins=True),)) for text in ("t", "ca", "no")]
    repo = find(root)
    Path(file_of(str(repo.state), repo.prefix, fulltext.KEPT)).unlink()
    assert [searched(root, (Term(text, begins=True),)) for text in ("t", "ca", "no")] == order


def test_the_texts_of_a_file_are_those_of_its_ticket(tmp_path: Path) -> None:
    dice = random.Random(7)
    writer = Writer(tmp_path / "desk", dice)
    for number in range(200):
        text = writer.text(number)
        if dice.random() < 0.5:
            text = text.replace("\n", "\r\n")
        ticket = codec.read("x", text.encode()).ticket
        assert ticket is not None
        description, log = codec.texts(text.encode())
        assert folded(description) == folded(ticket.description)
        assert folded(log) == folded("\n".join(event.text for event in ticket.events))
