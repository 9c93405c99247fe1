"""What tk.toml says of registers, and of whom letters are from."""

import re
from collections.abc import Iterator

from tk.core.address import mailable
from tk.core.condition_terms import Path
from tk.core.policy import Policy
from tk.core.rules import Cover, Mail, Register
from tk.core.vocabulary import vocabulary
from tk.core.written import file
from tk.core.written.builder import LineOf
from tk.core.written.faults import Faults
from tk.core.written.file_rules import Register as Written
from tk.errors import say

FOLDER = "registers/"
"""Where registers lie: who changes one there needs the action `policy`."""

_FILE = re.compile(r"registers/(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.csv")


def add_registers(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with what `data` says of registers and of the desk's own address."""
    registers = vocabulary(
        _register(key, path, written, line_of, faults) for key, path, written in _written(data, faults)
    )
    return policy._replace(registers=registers, mail=_mail(data, policy.desk.name, line_of, faults))


def _written(data: file.PolicyFile, faults: Faults) -> Iterator[tuple[str, Path, Written]]:
    own = {"customers": data.customers, "units": data.units, "contacts": data.contacts}
    for key, written in own.items():
        if written is not None:
            yield key, (key,), written
    for key, written in data.registers.items():
        if key in own:
            message = say("[registers.{key}] is written [{key}]", key=key)
            faults.add_key(("registers", key), "duplicate-name", message)
        else:
            yield key, ("registers", key), written


def _register(key: str, path: Path, written: Written, line_of: LineOf, faults: Faults) -> Register:
    if written.file and not _FILE.fullmatch(written.file):
        message = say('"{file}" is no register: one is a file such as registers/{key}.csv', file=written.file, key=key)
        faults.add((*path, "file"), "bad-value", message)
    columns = (written.key, *written.columns)
    for name, cover in written.covers.items():
        for side, column in (("from", cover.since), ("until", cover.until)):
            if column is not None and column not in columns:
                faults.unknown_of((*path, "covers", name, side), say("column"), column, columns)
        if name in columns:
            message = say('"{name}" is a column already; call the cover something else', name=name)
            faults.add_key((*path, "covers", name), "duplicate-name", message)
    covers = {name: Cover(cover.since, cover.until) for name, cover in written.covers.items()}
    return Register(key, {}, written.file, written.key, tuple(written.columns), covers, written.required, line_of(path))


def _mail(data: file.PolicyFile, desk: str, line_of: LineOf, faults: Faults) -> Mail | None:
    if data.mail is None:
        return None
    if mailable(data.mail.address) is None:
        message = say('"{email}" is no address', email=data.mail.address)
        faults.add(("mail", "address"), "bad-value", message)
    return Mail(data.mail.address, data.mail.name or desk, line_of(("mail",)))
