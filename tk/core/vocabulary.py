"""Vocabularies: entries with a stable key and the desk's own words for it, found by either."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, NamedTuple, Protocol, TypeVar

from tk.core.names import fold, nearest

Labels = Mapping[str, str]
"""Language → the desk's own words; the language "" stands for any."""


class Entry(Protocol):
    """Anything with a stable key and labels."""

    @property
    def key(self) -> str:
        """The stable key, as files hold it."""

    @property
    def labels(self) -> Labels:
        """The desk's own words for it."""


E = TypeVar("E", bound=Entry)


class Vocabulary(NamedTuple, Generic[E]):
    """The entries of one kind in the order of tk.toml; `spellings` maps each folded key and label to its key."""

    entries: Mapping[str, E]
    spellings: Mapping[str, str]

    def find(self, text: str) -> str | None:
        """Return the key that `text` names as key or label, in any case, accents optional; None where none does."""
        return text if text in self.entries else self.spellings.get(fold_path(text))

    def nearest(self, text: str) -> str | None:
        """Return the key or label nearest to `text`, as it is written in tk.toml."""
        return nearest(text, self.names())

    def names(self) -> Iterator[str]:
        """Yield every key and label."""
        for key, entry in self.entries.items():
            yield key
            yield from entry.labels.values()

    def label(self, key: str | None, language: str) -> str:
        """Return the words for `key` in `language`, else the language-free ones, else any, else the key itself."""
        if key is None:
            return ""
        entry = self.entries.get(key)
        if entry is None or not entry.labels:
            return key
        return in_language(entry.labels, language)


def in_language(labels: Labels, language: str) -> str:
    """Return the words in `language`, else the language-free ones, else any; "" where there are none."""
    return labels.get(language) or labels.get("") or next(iter(labels.values()), "")


def fold_path(text: str) -> str:
    """Return `text` folded as a name, the space around each `/` dropped: "Medidor / Cobranza" is `medidor/cobranza`."""
    return "/".join(map(fold, text.split("/"))) if "/" in text else fold(text)


def vocabulary(entries: Iterable[E]) -> Vocabulary[E]:
    """Return the vocabulary of `entries`; of two that share a spelling, a key goes before a label, then the first."""
    by_key = {entry.key: entry for entry in entries}
    spellings: dict[str, str] = {}
    for key in by_key:
        spellings.setdefault(fold_path(key), key)
    for key, entry in by_key.items():
        for label in entry.labels.values():
            spellings.setdefault(fold_path(label), key)
    return Vocabulary(by_key, spellings)


class Plain(NamedTuple):
    """A type, channel, team or choice: nothing but its name."""

    key: str
    labels: Labels
    line: int = 0


class Branch(NamedTuple):
    """A node of a tree of categories; `key` is its whole path joined by `/`, `labels` name its last step."""

    key: str
    labels: Labels
    line: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        """The steps from the root, as a ticket holds them."""
        return tuple(self.key.split("/"))


def tree(branches: Iterable[Branch]) -> Vocabulary[Branch]:
    """Return the vocabulary of a tree, parents before their branches; each step of a path may be key or label."""
    by_key = {branch.key: branch for branch in branches}
    spelled: dict[str, list[str]] = {}
    spellings: dict[str, str] = {}
    for key, branch in by_key.items():
        above, slash, step = key.rpartition("/")
        words = dict.fromkeys(fold_path(word) for word in (step, *branch.labels.values()))
        spelled[key] = [f"{path}/{word}" for path in spelled[above] for word in words] if slash else list(words)
        for path in spelled[key]:
            spellings.setdefault(path, key)
    return Vocabulary(by_key, spellings)
