"""Answering: the letter, the event and the step to solved, in one commit; and what undo takes back of it."""

import json
from pathlib import Path

import pytest

from tests.post.desk import ANA, outbox, template, words, write_letters
from tests.services.office import AGENT, OTHER, Office
from tests.still import unchanged


@pytest.fixture
def mailroom(office: Office) -> Office:
    return write_letters(office)


@pytest.fixture
def ticket(mailroom: Office) -> str:
    """Return a ticket in progress whose requester has an address; the outbox is empty."""
    number = mailroom.ok("new", "Caldera", "--requester", ANA, "--owner", "mlopez")
    mailroom.ok("advance", number, "in-progress")
    for file in (mailroom.root / "outbox").iterdir():
        file.unlink()
    mailroom.commit()
    return number


def shown(office: Office, ticket: str) -> dict[str, object]:
    told: dict[str, object] = json.loads(office.ok("show", ticket, "--json"))
    return told


def last_event(office: Office, ticket: str) -> dict[str, str]:
    events = shown(office, ticket)["events"]
    assert isinstance(events, list)
    event: dict[str, str] = events[-1]
    return event


def test_c20_an_answer_is_a_letter_and_an_event_in_one_commit(mailroom: Office, ticket: str) -> None:
    before = mailroom.head()
    told = mailroom.run("reply", ticket, "-m", "Mándenos la nota.")
    assert (told.code, mailroom.git("rev-list", "--count", f"{before}..HEAD")) == (0, "1")
    (letter,) = outbox(mailroom)
    assert (letter["To"], letter["Subject"]) == (ANA, f"Caldera [{ticket}]")
    assert words(letter) == "Mándenos la nota.\n"
    assert (letter["Auto-Submitted"], letter["Tk-Answer"], letter["Tk-Cause"]) == (None, None, "reply log.mail-out")
    event = last_event(mailroom, ticket)
    assert (event["type"], event["by"], event["text"]) == ("mail-out", "mlopez", "Mándenos la nota.")
    assert event["message_id"] == letter["Message-ID"]
    assert told.out == f"{ticket} mail-out {event['id']}\n"
    (file,) = (mailroom.root / "outbox").iterdir()
    assert told.err == f"the letter lies in outbox/{file.name} until it is sent\n"
    assert mailroom.git("log", "-1", "--format=%B").splitlines() == [
        f"{ticket}: log mail-out",
        "",
        f"Tk-Ticket: {ticket}",
        "Tk-Action: log.mail-out",
    ]
    assert mailroom.git("status", "--porcelain") == ""
    assert mailroom.ok("audit") == mailroom.ok("check", "--strict") == ""


def test_the_next_answer_stands_in_the_thread_of_the_first(mailroom: Office, ticket: str) -> None:
    mailroom.ok("reply", ticket, "-m", "uno")
    mailroom.ok("reply", ticket, "-m", "dos")
    first, second = outbox(mailroom)
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"].split() == [f"<{ticket}@example.com>", first["Message-ID"]]


def test_e8_a_provisional_answer_says_so_and_leaves_the_ticket_open(mailroom: Office, ticket: str) -> None:
    mailroom.ok("reply", ticket, "-m", "Lo vemos.", "--provisional")
    (letter,) = outbox(mailroom)
    assert letter["Tk-Answer"] == "provisional"
    assert words(letter) == "Lo vemos.\n\nThis answer is provisional: your request stays open.\n"
    assert last_event(mailroom, ticket)["answer"] == "provisional"
    assert shown(mailroom, ticket)["status"] == "in-progress"


def test_e8_a_definitive_answer_says_so_and_solves_the_ticket(mailroom: Office, ticket: str) -> None:
    with mailroom.by(AGENT):
        told = mailroom.ok("reply", ticket, "-m", "Se cambió.", "--definitive")
    assert told.splitlines()[1] == f"{ticket} in-progress → solved"
    letter = next(letter for letter in outbox(mailroom) if letter["Tk-Answer"])
    assert letter["Tk-Answer"] == "definitive"
    assert words(letter).endswith("\n\nThis is the definitive answer to your request.\n")
    assert (last_event(mailroom, ticket)["answer"], shown(mailroom, ticket)["status"]) == ("definitive", "solved")
    assert [other["To"] for other in outbox(mailroom) if not other["Tk-Answer"]] == ["María López <mlopez@example.com>"]
    assert mailroom.ok("audit") == ""


def test_the_requester_gets_the_answer_and_no_notice_of_it(mailroom: Office, ticket: str) -> None:
    mailroom.ok("log", ticket, "note", "-m", "x")
    mailroom.ok("reply", ticket, "-m", "Mándenos la nota.")
    assert [letter["Tk-Cause"] for letter in outbox(mailroom)] == ["updated log.note", "reply log.mail-out"]


def test_an_answer_may_be_put_into_a_template(mailroom: Office, ticket: str) -> None:
    template(
        mailroom,
        "en/answer",
        "{{ ticket.id }} ({{ words.status }})\n{{ text }}\n{{ answer_words }}\n-- \n{{ desk.name }}\n",
    )
    mailroom.commit()
    mailroom.ok("reply", ticket, "--template", "answer", "-m", "Se cambió.", "--definitive")
    letter = next(letter for letter in outbox(mailroom) if letter["Tk-Answer"])
    text = f"{ticket} (Solved)\nSe cambió.\nThis is the definitive answer to your request.\n-- \nMesa de ayuda"
    assert words(letter) == f"{text}\n"
    assert last_event(mailroom, ticket)["text"] == text


def test_documents_go_along_and_stay_beside_the_ticket(mailroom: Office, ticket: str) -> None:
    file = mailroom.root.parent / "informe ñ.pdf"
    file.write_bytes(b"%PDF\x00")
    mailroom.ok("reply", ticket, "-m", "Va el informe.", "--attach", str(file))
    (letter,) = outbox(mailroom)
    assert [part.get_filename() for part in letter.iter_attachments()] == ["informe ñ.pdf"]
    assert (mailroom.file(ticket).with_suffix("") / "informe ñ.pdf").read_bytes() == b"%PDF\x00"
    again = mailroom.run("reply", ticket, "-m", "Otra vez.", "--attach", str(file))
    assert again.code == 0
    assert "is not stored again" in again.err
    assert [part.get_filename() for part in outbox(mailroom)[-1].iter_attachments()] == ["informe ñ.pdf"]
    assert mailroom.ok("audit") == ""


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ((), 2, "tk: what is the answer? there is no text\nhint: give it by -m TEXT, -F FILE or --template T\n"),
        (("--template", "updatd"), 2, 'tk: there is no template "updatd"\nhint: did you mean "updated"?\n'),
        (("--template", "../x"), 2, 'tk: there is no template "../x"\nhint: the templates are: received, updated\n'),
        (("-m", "x", "--attach", "nowhere"), 2, "tk: nowhere: there is no such file\n"),
    ],
)
def test_what_is_no_answer_gets_its_sentence(
    mailroom: Office, ticket: str, words: tuple[str, ...], status: int, sentence: str
) -> None:
    with unchanged(mailroom):
        refused = mailroom.run("reply", ticket, *words)
    assert (refused.code, refused.out, refused.err) == (status, "", sentence)


def test_who_has_no_address_cannot_be_answered(mailroom: Office) -> None:
    ticket = mailroom.ok("new", "Llamó alguien")
    with unchanged(mailroom):
        refused = mailroom.run("reply", ticket, "-m", "x")
    assert (refused.code, refused.err) == (
        1,
        f"tk: {ticket}: the requester has no address to write to\nhint: tk set {ticket} requester=ADDRESS gives one\n",
    )
    assert json.loads(mailroom.run("reply", ticket, "-m", "x", "--json").err)["error"] == "no-address"


def test_a_desk_without_an_address_cannot_answer(office: Office) -> None:
    ticket = office.ok("new", "Caldera", "--requester", ANA)
    with unchanged(office):
        refused = office.run("reply", ticket, "-m", "x")
    assert (refused.code, refused.err) == (
        2,
        'tk: tk.toml does not say whom letters are from\nhint: [mail] address = "help@example.com" says it\n',
    )


def test_the_law_is_asked_for_the_event(mailroom: Office, ticket: str) -> None:
    mailroom.policy('"log.*"', '"log.note"')
    mailroom.commit()
    with mailroom.by(AGENT):
        mailroom.wait()
        with unchanged(mailroom), pytest.MonkeyPatch.context() as patch:
            for name, value in mailroom.environment().items():
                patch.setenv(name, value)
            refused = mailroom.run("reply", ticket, "-m", "x")
    assert refused.code == 1
    assert "log.mail-out" in refused.err


def test_undo_takes_the_letter_back_and_once_more_writes_it_again(mailroom: Office, ticket: str) -> None:
    before = mailroom.git("rev-parse", "HEAD^{tree}")
    mailroom.ok("reply", ticket, "-m", "Mándenos la nota.")
    after = mailroom.git("rev-parse", "HEAD^{tree}")
    mailroom.ok("undo", ticket)
    assert mailroom.git("rev-parse", "HEAD^{tree}") == before
    mailroom.ok("undo", ticket)
    assert mailroom.git("rev-parse", "HEAD^{tree}") == after
    assert mailroom.ok("audit") == ""


@pytest.mark.parametrize("turned", ["input", "true"])
def test_undo_takes_a_letter_back_where_git_turns_line_ends(mailroom: Office, ticket: str, turned: str) -> None:
    mailroom.git("config", "core.autocrlf", turned)
    mailroom.ok("reply", ticket, "-m", "Mándenos la nota.")
    assert mailroom.git("status", "--porcelain") == ""
    mailroom.ok("undo", ticket)
    assert outbox(mailroom) == []


def test_undo_of_a_new_ticket_takes_its_letter_back_and_no_other(mailroom: Office, ticket: str) -> None:
    mailroom.ok("reply", ticket, "-m", "Mándenos la nota.")
    kept = sorted((mailroom.root / "outbox").iterdir())
    other = mailroom.ok("new", "Otra", "--requester", ANA)
    mailroom.ok("undo", other)
    assert sorted((mailroom.root / "outbox").iterdir()) == kept


def test_what_was_sent_is_not_undone(mailroom: Office, ticket: str) -> None:
    """Sending takes the file out of the outbox, by whomever."""
    mailroom.ok("reply", ticket, "-m", "Mándenos la nota.")
    (file,) = (mailroom.root / "outbox").iterdir()
    file.unlink()
    mailroom.commit()
    with unchanged(mailroom):
        refused = mailroom.run("undo", ticket, "--json")
    assert refused.code == 1
    assert json.loads(refused.err) == {
        "error": "sent",
        "message": f"{ticket}: a letter that the commit wrote has been sent: outbox/{file.name}",
        "hint": f"what was sent cannot be taken back; tk reply {ticket} writes another",
    }


def test_a_letter_that_was_rewritten_by_hand_is_not_thrown_away(mailroom: Office, ticket: str) -> None:
    mailroom.ok("reply", ticket, "-m", "Mándenos la nota.")
    (file,) = (mailroom.root / "outbox").iterdir()
    file.write_bytes(file.read_bytes().replace(b"nota", b"factura"))
    refused = mailroom.run("undo", ticket)
    assert refused.code == 1
    assert file.exists()


def test_somebody_elses_command_keeps_its_letter(mailroom: Office, ticket: str, tmp_path: Path) -> None:
    with mailroom.by(OTHER):
        mailroom.ok("log", ticket, "note", "-m", "x")
    refused = mailroom.run("undo", ticket)
    assert refused.code == 1
    assert len(outbox(mailroom)) == 1
