"""What the policy names that lies outside a ticket, handed in where a rule may ask for it."""

from collections.abc import Mapping
from typing import NamedTuple

from tk.core.register import Registers, Tables
from tk.core.ticket import Ticket

NO_REGISTERS: Registers = Tables()


class Outside(NamedTuple):
    """What the policy names outside the ticket.

    The registers; the tickets it links, and those to which a link would lead; how many bytes each file beside it has,
    None where nobody looked; how many tickets each person has that are not closed, None where nobody counted.
    """

    registers: Registers = NO_REGISTERS
    linked: Mapping[str, Ticket] = {}
    sizes: Mapping[str, int] | None = None
    loads: Mapping[str, int] | None = None


NOTHING = Outside()
"""No register and no linked ticket."""
