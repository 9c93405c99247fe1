"""Addresses that every mail system takes, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import TEXTS
from tk.core.address import mailable


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@example.cl", "ana@example.cl"),
        (" Ana.Ruiz+tk@Example.CL ", "Ana.Ruiz+tk@example.cl"),
        ("o'neill=x@example.com", "o'neill=x@example.com"),
        ("ana@ñandú.cl", "ana@xn--and-6ma2c.cl"),
        ("ana@localhost", "ana@localhost"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_is_one(text: str, address: str) -> None:
    assert mailable(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "@example.com",
        "ana@",
        "ana ruiz@example.com",
        "ana@example.com, boss@example.com",
        "Ana <ana@example.com>",
        "ana@example.com\nBcc: all@example.com",
        "ana@example.com\r\nSubject: x",
        "ana@exa mple.com",
        "ana@-x.com",
        "ana@x..com",
        "ana@x.com.",
        "a..b@example.com",
        ".a@example.com",
        'a"b@example.com',
        "añá@example.com",
        "a@b@example.com",
        "ana@[127.0.0.1]",
        "-rf@example.com; ls",
        "ana@" + "a" * 64 + ".com",
        "a" * 65 + "@example.com",
        "ana@" + ".".join(["abcdefgh"] * 40),
        "\udcff@example.com",
        "ana@\udcff.com",
    ],
)
def test_what_is_none_is_none(text: str) -> None:
    assert mailable(text) is None


@given(st.one_of(TEXTS, st.builds("{}@{}".format, TEXTS, TEXTS), st.emails()))
def test_an_address_is_plain_and_stays_one(text: str) -> None:
    address = mailable(text)
    if address is not None:
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set(' <>,;:"()[]\\')
        assert mailable(address) == address
