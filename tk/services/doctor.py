"""Looking at what a desk stands on: git, the repository, who acts, the policy, tk's own state."""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tk.core.numbers import counted
from tk.errors import Message, TkError, say
from tk.store import git, history, tuning
from tk.store.desk import Desk
from tk.store.index import Index
from tk.store.writing import refs
from tk.store.writing.commit import Change, apply


class Sign(NamedTuple):
    """One thing looked at: "good", "note" or "bad", what was seen, and what to do."""

    verdict: str
    about: str
    message: Message
    remedy: Message | None = None


def examine(desk: Desk) -> list[Sign]:
    """Return what was seen, in a stable order; an examination that fails is itself a bad sign."""
    return [sign for name, look in _EXAMINATIONS.items() for sign in _signs(name, look, desk)]


def tune(desk: Desk) -> list[Message]:
    """Set git up for the desk as well as it can be, in this clone, and return what was done.

    Only the line of `.gitattributes` is for all clones, and is committed.
    """
    repo, done = desk.repo, []
    old, rules = tuning.name_driver(repo)
    if rules:
        message = "Name the merge driver of tickets\n\nTk-Action: policy\n"
        apply(repo, Change(rules, {tuning.ATTRIBUTES: old}, message, desk.now), desk.remark)
        done.append(say("{file} names the merge driver of tickets; committed", file=tuning.ATTRIBUTES))
    tuning.know(repo)
    done.append(say("git merges tickets by meaning in this clone"))
    if not tuning.has_untracked_cache(repo):
        tuning.keep_untracked_cache(repo)
        done.append(say("git remembers which folders hold new files (core.untrackedCache)"))
    tuning.write_graph(repo)
    done.append(say("git has a commit-graph with changed paths: the history of a ticket is quick"))
    return done


def _signs(name: str, look: Callable[[Desk], Iterator[Sign]], desk: Desk) -> list[Sign]:
    """Return the signs of one examination, all about what it is called in the table."""
    try:
        return [sign._replace(about=name) for sign in look(desk)]
    except TkError as error:
        return [Sign("bad", name, error.message, error.hint)]


def _git(desk: Desk) -> Iterator[Sign]:
    git.require(desk.repo)
    yield Sign("good", "git", say("git {version}", version=".".join(map(str, git.version(desk.repo)))))


def _repository(desk: Desk) -> Iterator[Sign]:
    yield Sign("good", "repository", say("the desk is {root}", root=desk.repo.root))
    refs.fit(desk.repo)
    if history.shallow_ends(desk.repo):
        message = say("this clone is shallow: history and audit see only a part")
        yield Sign("note", "repository", message, say("git fetch --unshallow"))


def _identity(desk: Desk) -> Iterator[Sign]:
    actor = desk.actor
    if actor.handle is None:
        message = say("{email} is no person of this desk and acts as anyone", email=actor.email)
        yield Sign("note", "identity", message, say("add yourself to [people] in tk.toml"))
    else:
        yield Sign(
            "good", "identity", say("you are {handle} ({roles})", handle=actor.handle, roles=", ".join(actor.roles))
        )


def _policy(desk: Desk) -> Iterator[Sign]:
    policy = desk.reading.usable()
    warnings = len(desk.reading.findings)
    if warnings:
        yield Sign(
            "note",
            "policy",
            counted(warnings, "tk.toml has {count} warning", "tk.toml has {count} warnings"),
            say("tk check"),
        )
    else:
        yield Sign(
            "good",
            "policy",
            counted(
                len(policy.statuses.entries), "tk.toml is right: {count} status", "tk.toml is right: {count} statuses"
            ),
        )


def _signing(desk: Desk) -> Iterator[Sign]:
    """Say whether what the actor commits will prove to be theirs, where the desk wants that."""
    policy = desk.policy
    if not policy.desk.signed:
        return
    actor = desk.actor
    told = git.run(desk.repo, "config", "--type=bool", "commit.gpgSign", check=False).out.decode().strip()
    person = policy.people.entries.get(actor.handle or "")
    if told != "true":
        remedy = say("git config commit.gpgSign true, with gpg.format and user.signingKey")
        yield Sign("bad", "signing", say("this desk wants signed commits, and git does not sign yours"), remedy)
    elif person is None or not person.signing_keys:
        remedy = say("list your key under signing-keys in [people]")
        yield Sign("bad", "signing", say("tk.toml lists no key of {actor}", actor=actor.name), remedy)
    else:
        yield Sign("good", "signing", say("git signs your commits"))


def _tickets(desk: Desk) -> Iterator[Sign]:
    with Index.open(desk.repo, progress=desk.progress) as index:
        broken, double = index.broken(), index.duplicates()
        yield Sign("good", "tickets", counted(index.total(), "{count} ticket", "{count} tickets"))
    if broken:
        yield Sign(
            "bad",
            "tickets",
            counted(len(broken), "{count} ticket cannot be read", "{count} tickets cannot be read"),
            say("tk check"),
        )
    if double:
        yield Sign("bad", "tickets", say("ids that two files have: {ids}", ids=", ".join(double)), say("tk check"))


def _merging(desk: Desk) -> Iterator[Sign]:
    named, known = tuning.is_named(desk.repo), tuning.is_known(desk.repo)
    if named and known:
        yield Sign("good", "merging", say("git merges tickets by meaning"))
    elif named:
        message = say("git merges tickets line by line in this clone: it does not know how to call tk")
        yield Sign("note", "merging", message, say("tk doctor --tune"))
    else:
        message = say("git merges tickets line by line: no .gitattributes names tk's merge driver")
        yield Sign("note", "merging", message, say("tk doctor --tune"))


def _state(desk: Desk) -> Iterator[Sign]:
    if not os.access(desk.repo.root, os.W_OK):
        yield Sign("bad", "state", say("{path} cannot be written", path=desk.repo.root), say("reading still works"))
    state = desk.repo.state
    place = state if state.exists() else state.parent
    if os.access(place, os.W_OK):
        yield Sign("good", "state", say("index and caches lie in {path}; they may be deleted", path=state))
    else:
        message = say("{path} cannot be written: every command reads all tickets anew", path=place)
        yield Sign("note", "state", message)


_EXAMINATIONS: dict[str, Callable[[Desk], Iterator[Sign]]] = {
    "git": _git,
    "repository": _repository,
    "identity": _identity,
    "policy": _policy,
    "signing": _signing,
    "tickets": _tickets,
    "merging": _merging,
    "state": _state,
}

TOPICS = tuple(_EXAMINATIONS)
"""What a sign may be about."""
