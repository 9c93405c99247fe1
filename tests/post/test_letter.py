"""One letter: what a mail program reads in it, and that nothing in a ticket can make it say something else."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import ADDRESSES, LINES, TEXTS, instants
from tk.core.notice import Recipient
from tk.core.text import normalise, one_line
from tk.post.letter import Enclosed, Letter, Origin, subject, thread_of

ID = "TK-260812-7K3QX"
AT = datetime.fromisoformat("2026-08-12T09:14:03-05:00")
DESK = Recipient("mesa@example.com", "Mesa de ayuda")
ANA = Recipient("ana@example.cl")
ORIGIN = Origin(ID, "received", "new", AT)


def letter(title: str = "Caldera", text: str = "Hola.", **more: Any) -> Letter:
    return Letter(**{"origin": ORIGIN, "sender": DESK, "reader": ANA, "title": title, "text": text, **more})


def parsed(written: Letter) -> EmailMessage:
    data = written.written()
    assert b"\r" not in data
    assert all(len(line) <= 78 or b" " not in line.strip() for line in data.partition(b"\n\n")[0].split(b"\n"))
    assert max(map(len, data.split(b"\n"))) <= 998
    assert data.isascii()
    message = message_from_bytes(data.replace(b"\n", b"\r\n"), _class=EmailMessage, policy=SMTP)
    assert not message.defects
    return message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_it_reads_as_it_was_meant() -> None:
    message = parsed(letter("Calentador no enciende: ¿garantía?", "Estimada Ana:\n\nRecibimos su «solicitud». 日本 😀"))
    assert message["Subject"] == f"Calentador no enciende: ¿garantía? [{ID}]"
    assert message["From"] == "Mesa de ayuda <mesa@example.com>"
    assert message["To"] == "ana@example.cl"
    assert message["Date"] == "Wed, 12 Aug 2026 09:14:03 -0500"
    assert re.fullmatch(rf"<{ID}\.[0-9a-f]{{16}}@example\.com>", message["Message-ID"])
    assert message["References"] == message["In-Reply-To"] == f"<{ID}@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Type"] == 'text/plain; charset="utf-8"'
    assert message["Content-Transfer-Encoding"] == "quoted-printable"
    assert (message["Tk-Ticket"], message["Tk-Cause"], message["Tk-Answer"]) == (ID, "received new", None)
    assert text_of(message) == "Estimada Ana:\n\nRecibimos su «solicitud». 日本 😀\n"


def test_a_letter_of_a_person_says_which_answer_it_is_and_is_not_automatic() -> None:
    message = parsed(letter(answer="provisional", is_automatic=False))
    assert (message["Tk-Answer"], message["Auto-Submitted"]) == ("provisional", None)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Caldera", f"Caldera [{ID}]"),
        (f"Re: Caldera [{ID}]", f"Re: Caldera [{ID}]"),
        ("Caldera [TK-260101-00000]", f"Caldera [TK-260101-00000] [{ID}]"),
        ("", f"[{ID}]"),
        ("a\r\nBcc: all@example.com", f"a Bcc: all@example.com [{ID}]"),
        ("=?utf-8?q?a=0d=0aBcc=3A_x?=", f"=?utf-8?q?a=0d=0aBcc=3A_x?= [{ID}]"),
    ],
)
def test_c14_the_requesters_words_stay_and_the_tag_is_there_once(title: str, told: str) -> None:
    assert subject(title, ID) == told
    message = parsed(letter(title))
    assert message["Subject"] == told
    assert message["Bcc"] is None


def test_its_names_follow_from_ticket_cause_instant_and_reader_alone() -> None:
    first = letter()
    assert first == letter()
    assert first.written() == letter().written()
    same = letter(origin=ORIGIN._replace(at=AT.astimezone(UTC)))
    assert (same.path, same.message_id) == (first.path, first.message_id)
    assert letter("Other", "words").path == first.path
    others = [
        letter(reader=Recipient("ana@example.org")),
        *(
            letter(origin=ORIGIN._replace(**change))
            for change in (
                {"ticket": "TK-260812-7K3QY"},
                {"rule": "updated"},
                {"cause": "advance"},
                {"mark": "e-aaaa"},
                {"number": 1},
                {"at": AT.replace(second=4)},
            )
        ),
    ]
    assert len({first.path, *(other.path for other in others)}) == len(others) + 1
    assert len({first.message_id, *(other.message_id for other in others)}) == len(others) + 1
    assert re.fullmatch(rf"outbox/20260812T141403Z-{ID}-received-[0-9a-f]{{8}}\.eml", first.path)


def test_a_letter_stands_in_the_thread_of_its_ticket() -> None:
    outlook = f"<{'A' * 80}@EURPRD05.prod.outlook.com>"
    long = [outlook, "<b@x>", "no id", "<c@x>\r\nBcc: y", "<b@x>", f"<{'d' * 300}@x>"]
    message = parsed(letter(thread=tuple(long)))
    assert message["References"].split() == [f"<{ID}@example.com>", outlook, "<b@x>"]
    assert message["In-Reply-To"] == "<b@x>"
    assert message["Bcc"] is None
    many = [f"<{number}@x>" for number in range(100)]
    assert thread_of(ID, "x", many) == (f"<{ID}@x>", *many[-20:])


def test_documents_go_along_under_their_names() -> None:
    data = {"nota de compra ñ.pdf": b"%PDF\x00\xff", "x.html": b"<b>", "mail.eml": b"From: x\n", "a.txt": b"--=_\r\n"}
    enclosed = tuple(Enclosed(name, content) for name, content in data.items())
    message = parsed(letter("Caldera", "--=_x\nHola", enclosed=enclosed))
    assert text_of(message) == "--=_x\nHola\n"
    parts = list(message.iter_attachments())
    assert {part.get_filename(): part.get_payload(decode=True) for part in parts} == data
    assert [part.get_content_type() for part in parts] == [
        "application/pdf",
        "application/octet-stream",
        "application/octet-stream",
        "text/plain",
    ]
    assert letter(enclosed=enclosed).written() == letter(enclosed=enclosed).written()


TITLES = st.one_of(TEXTS, LINES, st.text(max_size=200), st.sampled_from(["=?utf-8?b?Cg==?=", "a" * 300, "é " * 200]))


@settings(max_examples=150)
@given(
    title=TITLES,
    text=st.one_of(TEXTS, st.text(max_size=300)).map(normalise),
    reader=st.builds(Recipient, ADDRESSES, TITLES),
    sender=st.builds(Recipient, ADDRESSES, TITLES),
    at=instants(),
    thread=st.lists(st.one_of(TEXTS, st.just("<a@b>")), max_size=3).map(tuple),
)
def test_any_ticket_makes_a_letter_with_the_headers_meant(
    title: str, text: str, reader: Recipient, sender: Recipient, at: datetime, thread: tuple[str, ...]
) -> None:
    made = letter(title, text, reader=reader, sender=sender, thread=thread, origin=ORIGIN._replace(at=at))
    message = parsed(made)
    assert list(message.keys()) == HEADERS
    assert message["Subject"] == subject(title, ID)
    assert subject(title, ID).startswith(one_line(title))
    for name, who in (("To", reader), ("From", sender)):
        (mailbox,) = message[name].addresses
        assert mailbox.addr_spec == who.address
        # the parser of EmailMessage puts spaces between the encoded words of a long name, against RFC 2047
        called, address = parseaddr(message_from_bytes(made.written())[name])
        assert (str(make_header(decode_header(called))), address) == (one_line(who.name), who.address)
    assert message["Date"].datetime == at
    assert message["Message-ID"] == made.message_id
    assert text_of(message) == f"{text}\n"


HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "Tk-Ticket",
    "Tk-Cause",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
]
