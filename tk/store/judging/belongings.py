"""What a commit did below `tickets/` beside the tickets: files attached to them, and what does not belong there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tk.core import ids
from tk.core.facts import Actor
from tk.core.finding import Finding
from tk.core.law.permission import may_some
from tk.core.policy import Policy
from tk.core.review.places import Stray, stray
from tk.core.ticket import Ticket
from tk.errors import say
from tk.store.history import Commit
from tk.store.judging.committed import Committed
from tk.store.repo import Repo, oddity
from tk.store.touches import REGULAR, Touch


class Belongings(NamedTuple):
    """What a commit did beside tickets; `made` are those that it touched, as it left them."""

    repo: Repo
    commit: Commit
    made: Sequence[Ticket]

    def altered(self, touches: Sequence[Touch]) -> Iterator[Touch]:
        """Yield the attached files that are not there any more as they were."""
        doubted = [touch for touch in touches if ids.owner_of(touch.path) and not self._is_kept(touch)]
        numbers = {ids.owner_of(touch.path) or "" for touch in doubted}
        sides = [Committed(self.repo, parent).listed(numbers) for parent in self.commit.parents if numbers]
        for touch in doubted:
            number, name = ids.owner_of(touch.path) or "", touch.path.rpartition("/")[2]
            if any(name in side[number] for side in sides):
                yield touch

    def strays(self, policy: Policy, actor: Actor, touches: Sequence[Touch]) -> Iterator[Finding]:
        """Yield what the commit put there that does not belong there."""
        new = [touch for touch in touches if touch.after is not None and not ids.is_ticket_path(touch.path)]
        listed = self._listed(new)
        for touch in new:
            odd = oddity(touch.path, touch.mode)
            wrong = stray(touch.path, listed.get(ids.owner_of(touch.path) or "", frozenset()))
            if odd is not None:
                wrong = Stray(odd[0], "error", odd[1])
            elif wrong is not None and wrong.severity != "error" and not may_some(policy, actor, "attach"):
                message = say(
                    "{actor} may not put {path} there: no role allows attach", actor=actor.name, path=touch.path
                )
                wrong = Stray("not-allowed", "error", message)
            if wrong is not None:
                verdict = "refused" if wrong.severity == "error" else "allowed"
                found = Finding(touch.path, 0, 0, *wrong, ticket=ids.owner_of(touch.path))
                yield found._replace(commit=self.commit.oid, verdict=verdict)

    def _listed(self, touches: Sequence[Touch]) -> Mapping[str, frozenset[str]]:
        """Return by id the names of the files that the tickets list beside which the commit left something."""
        listed = {ticket.id: frozenset(held.file for held in ticket.attachments) for ticket in self.made}
        others = {number for touch in touches if (number := ids.owner_of(touch.path))} - {*listed}
        return {**listed, **(Committed(self.repo, self.commit.oid).listed(others) if others else {})}

    def _is_kept(self, touch: Touch) -> bool:
        """Return whether what stood in a file is there still: in its place or, as a merge may leave it, elsewhere.

        A merge may give one of two files of one name another, and what lies beside a ticket moves along with one of two
        that had one id.
        """
        if not any(touch.before):
            return True
        if touch.mode != REGULAR or (touch.after is not None and touch.after not in touch.before):
            return False
        wanted = ({blob for blob in touch.before if blob != touch.base} or {touch.base}) - {None, touch.after}
        number = ids.owner_of(touch.path) or ""
        places = [number] if touch.after is not None else []
        places += [other.id for other in self.made if number in other.aliases]
        left = Committed(self.repo, self.commit.oid)
        return not wanted or wanted <= {blob for place in places for blob in left.blobs(place).values()}
