"""What became of a ticket, of the policy and of what it governs, told from two contents of one file."""

from collections.abc import Mapping
from typing import NamedTuple

from tk.core import ids
from tk.core.finding import Finding
from tk.core.policy import Policy
from tk.core.review.contrast import Contrast, contrast
from tk.core.review.governed import POLICY
from tk.core.review.policy_contrast import PolicyChange, policy_contrast
from tk.core.rules import Register
from tk.core.ticket import Ticket
from tk.store import codec, registers
from tk.store.repo import oddity


class TicketChange(NamedTuple):
    """What became of one ticket: the ticket before and after, None where there was none or none that can be read.

    `by` is who gave it the status it came to, None where that did not change or is not committed; `broken` why the file
    cannot be read after; `files` are those beside it that hold something else than before under the same name. A ticket
    that is `mended` was there before, though it could not be read.
    """

    path: str
    before: Ticket | None
    after: Ticket | None
    what: Contrast | None
    by: str | None = None
    broken: Finding | None = None
    files: tuple[str, ...] = ()
    mended: bool = False

    @property
    def ticket(self) -> str:
        """The ticket's id, as it was where somebody edited it; its path's where neither side can be read."""
        held = self.before or self.after
        return ids.id_of(self.path) or self.path if held is None else held.id

    @property
    def kind(self) -> str:
        """One of "new", "changed", "removed", "unreadable"."""
        if self.broken is not None:
            return "unreadable"
        if self.after is None:
            return "removed"
        return "new" if self.before is None and not self.mended else "changed"


class FileChange(NamedTuple):
    """What became of a file that the policy governs: "new", "changed" or "removed".

    Of tk.toml the keys that changed, None where one side cannot be read; of a register the keys of its rows.
    """

    path: str
    kind: str
    keys: tuple[PolicyChange, ...] | None = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def ticket_change(
    policy: Policy, path: str, old: bytes | None, new: bytes | None, mode: int = 0
) -> TicketChange | None:
    """Return what became of the ticket at a path, None where nothing did; `mode` is what stands there now, if told."""
    odd = oddity(path, mode) if mode else None
    if old == new and odd is None:
        return None
    before = None if old is None else codec.read(path, old).ticket
    if odd is not None:
        return TicketChange(path, before, None, None, broken=Finding(path, 1, 1, odd[0], "error", odd[1]))
    document = None if new is None else codec.read(path, new)
    after = None if document is None else document.ticket
    broken = document.findings[0] if document is not None and after is None else None
    if old is not None and before is None and after is not None:
        return TicketChange(path, None, after, None, mended=True)
    what = None if after is None else contrast(policy, before, after)
    if before is not None and what is not None and what == Contrast(()):
        return None
    return TicketChange(path, before, after, what, broken=broken)


def file_change(policy: Policy, path: str, old: bytes | None, new: bytes | None) -> FileChange:
    """Return what became of tk.toml, a template or a register, whose contents differ."""
    kind = "new" if old is None else "removed" if new is None else "changed"
    if path == POLICY:
        keys = policy_contrast(old, new)
        return FileChange(path, kind, None if keys is None else tuple(keys))
    register = next((entry for entry in policy.registers.entries.values() if entry.file == path), None)
    if register is None or kind != "changed":
        return FileChange(path, kind)
    before, after = (_rows(register, data or b"") for data in (old, new))
    return FileChange(
        path,
        kind,
        added=tuple(key for key in after if key not in before),
        changed=tuple(key for key in after if key in before and before[key] != after[key]),
        removed=tuple(key for key in before if key not in after),
    )


def _rows(register: Register, data: bytes) -> Mapping[str, Mapping[str, str]]:
    return registers.read(register, lambda _: data).keyed
