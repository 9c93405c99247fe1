"""Who acts at a desk, and in which roles."""

from typing import NamedTuple

from tk.core.policy import Policy


class Actor(NamedTuple):
    """Who acts: the handle of a person of the policy, or None, and the address that git gave."""

    handle: str | None
    email: str
    roles: tuple[str, ...] = ()
    team: str | None = None

    @property
    def name(self) -> str:
        """What stamps and events call the actor: the handle, else the address."""
        return self.handle or self.email


EVERYBODY = "anyone"
"""The role of those who are no person of the policy; a person may do what it may, too."""


def actor_of(policy: Policy, email: str) -> Actor:
    """Return the person of the policy who has this address, else a stranger with the role `anyone` alone."""
    person = policy.person_of(email)
    address = "".join(email.split()) or "nobody"
    if person is None:
        return Actor(None, address, (EVERYBODY,))
    return Actor(person.key, address, (*person.roles, EVERYBODY), person.team)


def speaks_for_another(policy: Policy, by: str, actor: str | None) -> bool:
    """Return whether an event by `by`, entered by `actor`, tells what somebody outside the desk said: a `log-for`."""
    return by != actor and by not in policy.people.entries
