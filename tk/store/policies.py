"""The policy of a desk, read from the text of a tk.toml and kept compiled beside that text.

The compiled form lies in tk's own state folder under git's, which is the user's as git's hooks are; it may go at any
moment. A policy reads in some 50 ms, its compiled form in two.
"""

import os
import pickle
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, tzinfo
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from tk import __version__
from tk.core.finding import Finding, in_order
from tk.core.policy import Policy, vocabulary
from tk.errors import PolicyBroken, say

NAME = "tk.toml"
"""The policy's file, at the root of the desk."""

_KEPT = 64
"""How many compiled policies stay: an audit meets every policy that its commits lived under."""

_SUM = 4
"""How many bytes the checksum of a cache takes: it finds damage, and loads quicker than what can hash."""

_NOT_OURS = (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError)
"""What reading a compiled policy may raise that other code of the same version wrote."""


class Reading(NamedTuple):
    """What a tk.toml says: the policy, None where it cannot be read at all, and what is wrong with it."""

    policy: Policy | None
    findings: tuple[Finding, ...]

    def readable(self) -> Policy:
        """Return the policy for reading; raise PolicyBroken where the file makes none."""
        if self.policy is None:
            raise _broken(self.findings)
        return self.policy

    def spoken_in(self, language: str) -> "Reading":
        """Return the same with its labels in another language."""
        if self.policy is None:
            return self
        return self._replace(policy=self.policy._replace(desk=self.policy.desk._replace(language=language)))

    def usable(self) -> Policy:
        """Return the policy for a change; raise PolicyBroken where the file has an error, however small."""
        if self.policy is None or any(finding.is_error for finding in self.findings):
            raise _broken(self.findings)
        return self.policy


def _broken(findings: tuple[Finding, ...]) -> PolicyBroken:
    errors = [finding for finding in findings if finding.is_error]
    first = errors[0]
    message = say(
        "{path}:{line}:{column}: {why}", path=first.path, line=first.line, column=first.column, why=first.message
    )
    if len(errors) > 1:
        return PolicyBroken(message, say("and {count} more; tk check lists them all", count=len(errors) - 1))
    return PolicyBroken(message, say("nothing can be changed until tk.toml is right; reading still works"))


def load(state: Path, data: bytes) -> Reading:
    """Return what the text `data` of a tk.toml says; compiled before, it comes from the folder `state`."""
    folder = state / "policies"
    cache = folder / f"{crc32(data):08x}-{len(data)}-{__version__}"
    kept = _kept(cache, data)
    if kept is not None:
        return kept
    reading = _read(data)
    _keep(folder, cache, data, reading)
    return reading


def _read(data: bytes) -> Reading:
    from tk.core.written.reader import read

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = say("this file is not UTF-8 text; save it as UTF-8")
        return Reading(None, (Finding(NAME, line, 1, "encoding", "error", message),))
    policy, findings = read(text, NAME)
    if policy is None:
        return Reading(None, findings)
    unknown = list(_unknown_zones(policy, text))
    return Reading(_in_known_zones(policy) if unknown else policy, tuple(in_order([*findings, *unknown])))


def _unknown_zones(policy: Policy, text: str) -> Iterator[Finding]:
    """Yield a finding for each zone that this machine does not know: where `zone` is written next."""
    lines = text.splitlines()
    for zone, after in ((policy.desk.zone, 0), *((each.zone, each.line) for each in policy.calendars.entries.values())):
        if _zone(zone) is None and not (after and zone == policy.desk.zone):
            message = say('"{zone}" is no zone that this machine knows; write one like Europe/Madrid', zone=zone)
            rows = (number for number, row in enumerate(lines, 1) if number >= after and row.strip().startswith("zone"))
            yield Finding(NAME, next(rows, after or 1), 1, "bad-zone", "error", message)


def _in_known_zones(policy: Policy) -> Policy:
    """Return the policy with the desk's zone for each unknown one, and UTC for that: so that reading works."""
    desk = policy.desk if _zone(policy.desk.zone) else policy.desk._replace(zone="UTC")
    known = (
        calendar if _zone(calendar.zone) else calendar._replace(zone=desk.zone)
        for calendar in policy.calendars.entries.values()
    )
    return policy._replace(desk=desk, calendars=vocabulary(known))


def zone_of(policy: Policy) -> tzinfo:
    """Return the desk's zone; UTC where this machine knows none of that name, which is a finding already."""
    return _zone(policy.desk.zone) or UTC


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _kept(cache: Path, text: bytes) -> Reading | None:
    """Return what the cache holds of this text, None where it is not there or is not what was put there."""
    try:
        found = cache.read_bytes()
    except OSError:
        return None
    body = found[_SUM:]
    if _sum(body) != found[:_SUM] or not body.startswith(text):
        return None
    try:
        kept = pickle.loads(body[len(text) :])
    except _NOT_OURS:
        return None
    return kept if isinstance(kept, Reading) else None


def _sum(body: bytes) -> bytes:
    return crc32(body).to_bytes(_SUM, "big")


def _keep(folder: Path, cache: Path, text: bytes, reading: Reading) -> None:
    body = text + pickle.dumps(reading)
    beside = cache.with_name(f"{cache.name}.{os.getpid()}")
    with suppress(OSError):  # a read-only or full disk only costs the next command its time
        folder.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(_sum(body) + body)
        beside.replace(cache)
        kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for old in kept[:-_KEPT]:
            old.unlink()
