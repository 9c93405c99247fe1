"""Keys that sign, as tk.toml lists them, told by their fingerprints."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256

_OPENPGP = re.compile(r"[0-9A-F]{40}(?:[0-9A-F]{24})?")
_SSH = re.compile(r"SHA256:[0-9A-Za-z+/]{43}")
_SSH_KEY = re.compile(r"(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ ([0-9A-Za-z+/]+={0,2})(?: .*)?", re.ASCII)


def fingerprint(key: str) -> str | None:
    """Return the fingerprint of a key as tk.toml lists it; None where it is none.

    It is a public key of SSH (`ssh-ed25519 AAAA…`, as in a .pub file), its fingerprint (`SHA256:…`), or the whole
    fingerprint of an OpenPGP or X.509 key, spaces or not.
    """
    bare = re.sub(r"\s+", " ", key.strip())
    found = _SSH_KEY.fullmatch(bare)
    if found is not None:
        try:
            blob = b64decode(found[1], validate=True)
        except Error:
            return None
        named = bare.partition(" ")[0].encode()
        if blob[4 : 4 + len(named)] != named:
            return None
        return "SHA256:" + b64encode(sha256(blob).digest()).decode().rstrip("=")
    if _SSH.fullmatch(bare):
        return bare
    print_ = bare.replace(" ", "").upper().removeprefix("0X")
    return print_ if _OPENPGP.fullmatch(print_) else None
