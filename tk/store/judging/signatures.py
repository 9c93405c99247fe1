"""Signatures of commits and tags by git's own verification, whichever of SSH, OpenPGP and X.509 they are of.

Which keys count is for the policy to say, so git is asked without any list of its own: of an SSH key that nobody lists
it still says whether the signature is good, and of which key.
"""

import re

from tk.core.review.signing import Signature
from tk.store import git
from tk.store.repo import Repo

_SSH = re.compile(r'^Good "git" signature (?:for .+ )?with \S+ key (SHA256:\S+)$', re.MULTILINE)
_STATUS = re.compile(r"^\[GNUPG:\] (GOODSIG|EXPSIG|EXPKEYSIG|REVKEYSIG|BADSIG|ERRSIG)\b", re.MULTILINE)
_VALID = re.compile(r"^\[GNUPG:\] VALIDSIG ([0-9A-F]+)(?: \S+){8}(?: ([0-9A-F]+))?", re.MULTILINE)
_GOOD = frozenset({"GOODSIG", "EXPSIG", "EXPKEYSIG"})
"""A key that has expired since signed all the same; one that was revoked may have been stolen."""


def of_commit(repo: Repo, oid: str) -> Signature:
    """Return the signature of a commit."""
    return _verified(repo, "verify-commit", oid)


def of_tag(repo: Repo, oid: str) -> Signature:
    """Return the signature of a tag."""
    return _verified(repo, "verify-tag", oid)


def _verified(repo: Repo, command: str, oid: str) -> Signature:
    answer = git.run(repo, "-c", "gpg.ssh.allowedSignersFile=/dev/null", command, "--raw", oid, check=False)
    told = answer.err.decode("utf-8", "replace")
    by_ssh = _SSH.findall(told)
    if len(by_ssh) == 1:
        return Signature("good", frozenset(by_ssh))
    states = _STATUS.findall(told)
    if len(states) == 1 and states[0] in _GOOD:
        return Signature("good", frozenset(print_ for found in _VALID.findall(told) for print_ in found if print_))
    if states == ["ERRSIG"]:
        return Signature("unknown")
    if not states and not _is_signed(repo, oid):
        return Signature("none")
    return Signature("bad")


def _is_signed(repo: Repo, oid: str) -> bool:
    found = next(git.objects(repo, [oid]))
    if found is None:
        return False
    head, _, message = found.content.partition(b"\n\n")
    if found.kind == "tag":
        return b"\n-----BEGIN " in b"\n" + message
    return re.search(rb"^gpgsig", head, re.MULTILINE) is not None
