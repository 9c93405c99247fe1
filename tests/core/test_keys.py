"""Keys as tk.toml lists them are told by the fingerprint that git names."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tk.core.keys import fingerprint


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_public_ssh_key_has_the_fingerprint_that_ssh_gives(tmp_path: Path, kind: str) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("there is no ssh-keygen here")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "ana @ home", "-f", key], check=True)
    told = subprocess.run(["ssh-keygen", "-l", "-f", key], check=True, capture_output=True, encoding="utf-8").stdout
    public = key.with_suffix(".pub").read_text()
    assert fingerprint(public) == told.split()[1]
    assert fingerprint(" ".join(public.split()[:2])) == told.split()[1]
    assert fingerprint(told.split()[1]) == told.split()[1]


def test_a_fingerprint_of_openpgp_may_be_written_with_spaces() -> None:
    whole = "0123456789ABCDEF0123456789ABCDEF01234567"
    assert fingerprint("0123 4567 89ab cdef 0123  4567 89AB CDEF 0123 4567") == whole
    assert fingerprint(f"0x{whole}") == whole
    assert fingerprint(whole + "0" * 24) == whole + "0" * 24


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "89ABCDEF01234567",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-rsa !!!!",
        "SHA256:short",
        "SHA1:aaaa",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ",
    ],
)
def test_what_names_no_key_wholly_is_none(text: str) -> None:
    assert fingerprint(text) is None
