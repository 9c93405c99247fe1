"""Who signed: whether a signature proves that a commit is its author's, by the keys that the policy lists."""

from typing import NamedTuple

from tk.core.facts import Actor
from tk.core.policy import Policy
from tk.core.verdict import Refusal
from tk.errors import say


class Signature(NamedTuple):
    """What git found: "good", "bad", "unknown" (there is one, and its key is not here) or "none"; and the keys' prints.

    `prints` are the fingerprints of the key that signed, and of the primary key that it belongs to.
    """

    state: str
    prints: frozenset[str] = frozenset()


def unproven(policy: Policy, actor: Actor, signature: Signature) -> Refusal | None:
    """Return why the signature does not prove that `actor` made what bears it; None where it does."""
    if signature.state == "none":
        return Refusal("unsigned", say("not signed, and this desk wants every change signed"))
    if signature.state == "bad":
        return Refusal("bad-signature", say("the signature is not of these contents, or its key was revoked"))
    if signature.state == "unknown":
        hint = say("import the key of {actor}", actor=actor.name)
        return Refusal("unknown-signature", say("the key that signed is not here to check it by"), hint)
    person = None if actor.handle is None else policy.people.entries.get(actor.handle)
    listed = () if person is None else person.signing_keys
    if signature.prints.isdisjoint(listed):
        used = ", ".join(sorted(signature.prints))
        message = say("signed by the key {used}, which tk.toml does not list for {actor}", used=used, actor=actor.name)
        return Refusal("wrong-signer", message)
    return None
