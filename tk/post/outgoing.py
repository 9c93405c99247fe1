"""Letters that go with a change: written to the outbox in the commit that causes them, so that none is lost.

Services compose a change here. Where no notice applies, nothing is loaded that only letters need.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from tk.core import ids
from tk.core.law.hearing import Hearing
from tk.core.notice import Posting, postings
from tk.errors import say
from tk.store.desk import Desk
from tk.store.revision import Revision, change_of
from tk.store.writing.commit import Change

NO_RULES: Mapping[str, Sequence[str]] = {}


def with_letters(
    desk: Desk, revisions: Sequence[Revision], beside: Mapping[str, bytes] | None = None, *, commit: bool
) -> Change:
    """Return the change that makes `revisions`, new files `beside` them, and the letters that they cause.

    Raises:
        BadTemplate: a letter's template is not there or cannot be rendered.
    """
    return change_of(desk, revisions, {**(beside or {}), **letters(desk, revisions)}, commit=commit)


def letters(
    desk: Desk,
    revisions: Sequence[Revision],
    rules: Mapping[str, Sequence[str]] = NO_RULES,
    spared: Collection[str] = (),
) -> dict[str, bytes]:
    """Return the letters that the notices of the policy ask for, each by the path of its file.

    Args:
        desk: the desk; it is told where a notice reaches nobody.
        revisions: what is done to tickets, all in one commit.
        rules: by ticket, the sweep rules that did it.
        spared: addresses, in lower case, to which something else is written.

    Raises:
        BadTemplate: a letter's template is not there or cannot be rendered.
    """
    found = [(revision, posting) for revision in revisions for posting in _met(desk, revision, rules, spared)]
    if not found:
        return {}
    from tk.post.writer import Writer, put  # jinja2 and email come with it

    writer = Writer(desk)
    made: dict[str, bytes] = {}
    for revision, posting in found:
        for letter in writer.of_notice(revision, posting):
            put(desk, letter, made)
    return made


def _met(
    desk: Desk, revision: Revision, rules: Mapping[str, Sequence[str]], spared: Collection[str]
) -> Iterator[Posting]:
    """Yield the notices that a change met and that reach somebody; say which reaches nobody."""
    policy, after = desk.policy, revision.after
    if not policy.notices or not ids.is_id(after.id):
        return
    hearing = Hearing(policy, desk.outside(after), desk.actor, desk.now)
    for posting in postings(hearing, revision.before, after, revision.actions, rules.get(after.id, ())):
        if posting.missed and not posting.to:
            name, missed = posting.notice.key, ", ".join(posting.missed)
            desk.remark(
                say("{id}: no letter for {name}: {missed} has no address", id=after.id, name=name, missed=missed)
            )
        to = tuple(reader for reader in posting.to if reader.address.lower() not in spared)
        if to:
            yield posting._replace(to=to)
