"""`tk mail outbox`: the letters not yet sent, for people, pipes and programs; each mistake."""

import json
import re
from pathlib import Path

import click
import pytest

from tests.cli.commands.test_completion import offered
from tests.post.desk import ANA, write_letters
from tests.world import Desk
from tk.cli.commands.mail import command
from tk.cli.commands.reply import command as reply

LETTER = "20260812T141403Z-{}-received-{}.eml"


@pytest.fixture
def mailroom(desk: Desk) -> Desk:
    """Return a desk that writes letters."""
    write_letters(desk)
    return desk


@pytest.fixture
def ticket(mailroom: Desk) -> str:
    """Return a ticket that wrote a letter."""
    return mailroom.ok("new", "Caldera: ¿garantía?", "--requester", ANA)


def file_of(desk: Desk) -> Path:
    (file,) = (desk.root / "outbox").iterdir()
    return file


def test_a_pipe_gets_a_line_a_letter(mailroom: Desk, ticket: str) -> None:
    name = file_of(mailroom).name
    mark = name[-12:-4]
    assert mailroom.ok("mail", "outbox").split("\t") == [
        mark,
        mailroom.now,
        ANA,
        f"Caldera: ¿garantía? [{ticket}]",
        "received new",
        ticket,
    ]
    assert mailroom.ok("mail", "outbox", "--format", "ids") == mark


def test_programs_get_every_name(mailroom: Desk, ticket: str) -> None:
    file = file_of(mailroom)
    (told,) = json.loads(mailroom.ok("mail", "outbox", "--json"))
    assert told == {
        "letter": file.name[-12:-4],
        "name": file.name,
        "path": f"outbox/{file.name}",
        "date": mailroom.now,
        "ticket": ticket,
        "cause": "received new",
        "from": "Mesa de ayuda <mesa@example.com>",
        "to": ANA,
        "subject": f"Caldera: ¿garantía? [{ticket}]",
        "message_id": told["message_id"],
        "answer": None,
        "attachments": [],
    }
    one = json.loads(mailroom.ok("mail", "outbox", file.name, "--json"))
    assert one == {**told, "text": f"Hello {ANA}: {ticket} is under review.\n\nCaldera: ¿garantía?"}


def test_people_get_a_table_and_the_letter_as_they_read_it(mailroom: Desk, ticket: str) -> None:
    head, row = mailroom.run("mail", "outbox", terminal=True).out.splitlines()
    assert re.findall(r"[A-Z]{2,}", head) == ["LETTER", "DATE", "TO", "SUBJECT", "CAUSE", "TICKET"]
    mark = file_of(mailroom).name[-12:-4]
    assert row.startswith(mark)
    assert len(row) <= 80
    for name in (mark, mark[:4], mark.upper(), file_of(mailroom).name, f"outbox/{file_of(mailroom).name}", ticket):
        assert mailroom.run("mail", "outbox", name).code == 0
    shown = mailroom.run("mail", "outbox", mark, terminal=True)
    lines = re.sub(r"\x1b\[\d*m", "", shown.out).splitlines()
    assert lines[:5] == [
        "from:     Mesa de ayuda <mesa@example.com>",
        f"to:       {ANA}",
        f"date:     {mailroom.now}",
        f"subject:  Caldera: ¿garantía? [{ticket}]",
        "cause:    received new",
    ]
    assert lines[5:] == ["", f"Hello {ANA}: {ticket} is under review.", "", "Caldera: ¿garantía?"]
    assert mailroom.ok("mail", "outbox", mark).splitlines()[1] == f"to:\t{ANA}"


def test_an_answer_shows_its_kind_and_its_documents(mailroom: Desk, ticket: str) -> None:
    (mailroom.root.parent / "a.pdf").write_bytes(b"%PDF")
    mailroom.ok("reply", ticket, "-m", "Va.", "--provisional", "--attach", "../a.pdf")
    shown = mailroom.ok("mail", "outbox", "reply").splitlines()
    assert shown[5:7] == ["answer:\tprovisional", "attachment:\ta.pdf"]


def test_it_speaks_spanish(mailroom: Desk, ticket: str) -> None:
    assert mailroom.ok("--lang", "es", "mail", "outbox", ticket).startswith("de:\tMesa de ayuda")
    assert "bandeja de salida" in mailroom.ok("--lang", "es", "mail", "--help")
    assert "Lista las cartas" in mailroom.ok("--lang", "es", "mail", "outbox", "--help")
    assert "Lista las cartas" in mailroom.ok("--lang", "es", "mail", "--help")
    assert mailroom.run("--lang", "es", "mail", "outbox", "nada").err.startswith("tk: ninguna carta")


def test_an_empty_outbox_is_clean(mailroom: Desk) -> None:
    assert mailroom.run("mail", "outbox") == (0, "", "")
    assert mailroom.run("mail", "outbox", terminal=True).err == "the outbox is empty: every letter has been sent\n"
    assert mailroom.ok("mail", "outbox", "--json") == "[]"


def test_a_name_that_none_or_several_have_gets_its_sentence(mailroom: Desk, ticket: str) -> None:
    unknown = mailroom.run("mail", "outbox", "nope")
    assert (unknown.code, unknown.err) == (
        1,
        'tk: no letter in the outbox is called "nope"\nhint: tk mail outbox lists them\n',
    )
    assert json.loads(mailroom.run("mail", "outbox", "../../etc/passwd", "--json").err)["error"] == "unknown-letter"
    mailroom.ok("log", ticket, "note", "-m", "x")
    several = mailroom.run("mail", "outbox", ticket)
    names = sorted(file.name for file in (mailroom.root / "outbox").iterdir())
    assert several.code == 1
    assert (
        several.err
        == f'tk: "{ticket}" is a part of 2 letters:\n  {names[0]}\n  {names[1]}\nhint: write more of the name\n'
    )
    assert json.loads(mailroom.run("mail", "outbox", ticket, "--json").err)["error"] == "ambiguous-letter"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"Date: nonsense\nTo: \x1b[31m<<>>@,\nSubject: =?utf-8?b?!!?=\n\n\x1b[2Jx",
        b"To: a\n" * 5000,
    ],
)
def test_a_letter_that_somebody_broke_is_still_listed(mailroom: Desk, ticket: str, data: bytes) -> None:
    broken = mailroom.root / "outbox" / "broken.eml"
    broken.write_bytes(data)
    (mailroom.root / "outbox" / "README").write_text("no letter")
    told = mailroom.run("mail", "outbox")
    assert told.code == 0
    assert told.out.count("\n") == 2
    for form in ("json", "table", "csv", "markdown"):
        assert "\x1b[2J" not in mailroom.run("mail", "outbox", "--format", form).out
    assert "\x1b" not in mailroom.ok("mail", "outbox", "broken")


def test_a_letter_that_is_a_link_out_of_the_desk_is_not_read(mailroom: Desk, ticket: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Subject: secret\n\nx")
    (mailroom.root / "outbox" / "a.eml").symlink_to(tmp_path / "secret")
    told = mailroom.run("mail", "outbox")
    assert told.code == 0
    assert "secret" not in told.out
    assert "outbox/a.eml: lies outside the desk" in told.err


def test_a_family_shows_its_commands_and_knows_what_was_nearly_typed(mailroom: Desk) -> None:
    alone = mailroom.run("mail")
    assert alone.code == 2
    assert "outbox  List the letters" in alone.err
    near = mailroom.run("mail", "outbx")
    assert (near.code, near.err) == (
        2,
        "tk: there is no command 'mail outbx'\nhint: did you mean `tk mail outbox`?\n",
    )
    far = mailroom.run("mail", "xyzzy")
    assert (far.code, far.err) == (2, "tk: there is no command 'mail xyzzy'\nhint: there are: outbox\n")


@pytest.mark.parametrize("each", [*command.commands.values(), reply], ids=lambda each: str(each.name))
def test_each_option_is_explained_and_an_example_shown(each: click.Command) -> None:
    assert [option.name for option in each.params if isinstance(option, click.Option) and not option.help] == []
    assert f"{each.name}" in (each.help or "").partition("Example:")[2]


def test_letters_and_templates_are_completed(mailroom: Desk, ticket: str) -> None:
    assert offered(mailroom, "tk mail o") == ["outbox"]
    assert offered(mailroom, "tk mail outbox ") == [file_of(mailroom).name[-12:-4]]
    assert offered(mailroom, f"tk reply {ticket} --template rec") == ["received"]
    assert offered(mailroom, "tk reply ") == [ticket[-5:].lower()]
