"""Reads the text of a tk.toml: the policy it makes, and everything that is wrong with it, at its line and column."""

from hashlib import sha256
from typing import NamedTuple

from tk.core.finding import Finding, in_order
from tk.core.policy import Policy
from tk.core.written.beside import add_beside
from tk.core.written.builder import build
from tk.core.written.calendars import add_calendars
from tk.core.written.checks import CHECKS
from tk.core.written.deadlines import add_deadlines
from tk.core.written.decisions import add_decisions
from tk.core.written.faults import Fault, Faults
from tk.core.written.places import Place, Places, read_places
from tk.core.written.registers import add_registers
from tk.core.written.routes import add_routes
from tk.core.written.rules import add_rules
from tk.core.written.shape import fit
from tk.core.written.toml import NotToml, loads
from tk.errors import Message, say

PARTS = (add_beside, add_registers, add_calendars, add_deadlines, add_decisions, add_rules, add_routes)
"""What adds to the bare policy, each what the next ones may name."""

FORMAT = 1
"""The newest format of tk.toml that this version reads."""


class Reading(NamedTuple):
    """What a tk.toml says: the policy, None where none could be made of it, and what is wrong with it, in order."""

    policy: Policy | None
    findings: tuple[Finding, ...]


def read(text: str, path: str = "tk.toml") -> Reading:
    """Return the policy that `text` writes with all findings; `path` is what the findings call the file.

    A policy with errors is still read as far as it can be understood, so that tickets can be shown; whoever writes
    looks at the findings first. It is None where the text is no TOML, [desk] or [statuses] are unusable, or the
    format is newer.
    """
    text = text.removeprefix("\ufeff")
    try:
        data = loads(text)
        places = read_places(text)
    except NotToml as error:
        return _refused(path, Place(error.line, error.column), "toml", error.why)
    desk = data.get("desk")
    written = desk.get("format") if isinstance(desk, dict) else None
    if isinstance(written, int) and not isinstance(written, bool) and written > FORMAT:
        message = say("written for a newer tk: format {format}, this one reads {known}", format=written, known=FORMAT)
        return _refused(path, places.value(("desk", "format")), "newer-format", message)
    faults = Faults()
    policy = _policy(data, places, faults)
    if policy is not None:
        policy = policy._replace(digest=sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
    return Reading(policy, tuple(in_order([_finding(fault, places, path) for fault in faults.found])))


def _policy(data: dict[str, object], places: Places, faults: Faults) -> Policy | None:
    shaped = fit(data, faults)
    if shaped is None:
        return None
    policy = build(shaped, lambda path: places.key(path).line, faults)
    for add in PARTS:
        policy = add(policy, shaped, lambda path: places.key(path).line, faults)
    for check in CHECKS:
        check(policy, faults)
    return policy


def _refused(path: str, place: Place, code: str, message: Message) -> Reading:
    return Reading(None, (Finding(path, place.line, place.column, code, "error", message),))


def _finding(fault: Fault, places: Places, path: str) -> Finding:
    where = fault.path
    if where not in places.values and where not in places.keys:
        # A label that stands for its whole entry has no key `label` above it.
        where = tuple(part for part in where if part != "label")
    place = places.key(where) if fault.on_key else places.value(where)
    return Finding(path, place.line, place.column, fault.code, fault.severity, fault.message)
