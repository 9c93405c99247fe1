"""What reading a foreign file gives."""

from typing import NamedTuple

from tk.core.arrival import Arrival
from tk.core.finding import Finding


class Read(NamedTuple):
    """What a file says: what arrives from it in the order of its rows, and what of it could not be understood.

    `skipped` counts the rows that the map leaves out.
    """

    arrivals: list[Arrival]
    findings: list[Finding]
    skipped: int = 0
