"""Addresses of mail: which of what people write is one that every mail system takes."""

import re

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
"""What may stand before the @ without quotes (RFC 5322, 3.2.3)."""

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
_LONGEST_LOCAL, _LONGEST_ADDRESS = 64, 254


def mailable(text: str) -> str | None:
    """Return an address as every mail system takes it, its domain in ASCII; None for what is no such address."""
    local, at, domain = text.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    address = f"{local}{at}{ascii_domain}"
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain):
        return None
    return address if len(local) <= _LONGEST_LOCAL and len(address) <= _LONGEST_ADDRESS else None
