"""What tk.toml says of what a ticket has beside its fields: links, attachments, requests and approvals."""

from collections.abc import Iterator, Mapping

from tk.core.condition_terms import Path
from tk.core.policy import Attachments, Labels, LinkKind, Plain, Policy, RequestKind, Vocabulary, vocabulary
from tk.core.values import SETTABLE, parse_size
from tk.core.written import file
from tk.core.written.builder import LineOf, labels
from tk.core.written.faults import Faults
from tk.core.written.file_terms import Entry
from tk.errors import say

_ASKED_FOR = ("status", "owner", "team")
"""Keys that nobody sets, and whose values may yet be asked for."""


def add_beside(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with what `data` says of links, attachments, requests and approvals."""
    known = [*SETTABLE, *_ASKED_FOR, *policy.fields.entries]
    limit = data.attachments.limit
    kinds = _plain(("attachments", "kinds"), data.attachments.kinds, line_of)
    return policy._replace(
        links=vocabulary(_links(data.links, line_of, faults)),
        requests=vocabulary(_requests(data.requests, known, line_of, faults)),
        approvals=_plain(("approvals",), data.approvals, line_of),
        attachments=Attachments(kinds, None if limit is None else parse_size(limit), line_of(("attachments",))),
    )


def _plain(section: Path, written: Mapping[str, "str | Entry"], line_of: LineOf) -> Vocabulary[Plain]:
    return vocabulary(Plain(key, _labels(entry), line_of((*section, key))) for key, entry in written.items())


def _labels(entry: "str | Entry | file.LinkKind | file.RequestKind") -> Labels:
    return labels(entry if isinstance(entry, str) else entry.label)


def _links(written: Mapping[str, "str | file.LinkKind"], line_of: LineOf, faults: Faults) -> Iterator[LinkKind]:
    kinds = {key: file.LinkKind(kind) if isinstance(kind, str) else kind for key, kind in written.items()}
    inverses: dict[str, str] = {}
    for key, kind in kinds.items():
        if kind.inverse is None:
            continue
        path: Path = ("links", key, "inverse")
        if kind.inverse not in kinds:
            faults.unknown_of(path, say("kind of link"), kind.inverse, kinds)
        elif inverses.get(key, kind.inverse) != kind.inverse or inverses.get(kind.inverse, key) != key:
            taken = next(name for name in (key, kind.inverse) if name in inverses)
            message = say("{kind} is the inverse of {other} already", kind=taken, other=inverses[taken])
            faults.add(path, "bad-value", message)
        else:
            inverses |= {key: kind.inverse, kind.inverse: key}
    for key, kind in kinds.items():
        inverse = inverses.get(key, key)
        if kind.acyclic and inverse == key:
            message = say("links of kind {kind} say the same at both ends: each would be a circle", kind=key)
            faults.add(("links", key, "acyclic"), "bad-value", message)
        yield LinkKind(
            key, labels(kind.label), inverse, kind.acyclic or kinds[inverse].acyclic, line_of(("links", key))
        )


def _requests(
    written: Mapping[str, "str | file.RequestKind"], known: list[str], line_of: LineOf, faults: Faults
) -> Iterator[RequestKind]:
    for key, kind in written.items():
        field = None if isinstance(kind, str) else kind.field
        if field is not None and field not in known:
            faults.unknown_of(("requests", key, "field"), say("field"), field, known)
            field = None
        yield RequestKind(key, _labels(kind), field, line_of(("requests", key)))
