"""A refusal as a value: what the law answers when an action is not allowed."""

from typing import NamedTuple

from tk.errors import Message


class Refusal(NamedTuple):
    """Why an action is refused.

    `code` is stable and listed in docs/codes.md; `message` names the ticket, the rule and where in tk.toml it stands;
    `instead` says what would be allowed, where something would.
    """

    code: str
    message: Message
    instead: Message | None = None
