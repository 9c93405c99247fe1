"""Letters and the changes that cause them: in one commit, whole or not at all, the same from two clones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.post.desk import ANA, outbox, template, words, write_letters
from tests.services.office import AGENT, BOSS, OTHER, Office
from tests.still import unchanged
from tests.world import ROOT


def test_c3_c18_e7_a_new_ticket_writes_to_its_requester_in_the_commit_that_makes_it(mailroom: Office) -> None:
    """Who asked hears that it is under review, and of which number."""
    before = mailroom.head()
    ticket = mailroom.ok("new", "Caldera: ¿garantía?", "--requester", ANA)
    (letter,) = outbox(mailroom)
    assert (letter["To"], letter["From"]) == (ANA, "Mesa de ayuda <mesa@example.com>")
    assert letter["Subject"] == f"Caldera: ¿garantía? [{ticket}]"
    assert words(letter) == f"Hello {ANA}: {ticket} is under review.\n\nCaldera: ¿garantía?\n"
    assert letter["Date"].datetime.isoformat() == mailroom.now
    assert mailroom.git("rev-list", "--count", f"{before}..HEAD") == "1"
    files = mailroom.git("show", "--name-only", "--format=", "HEAD").splitlines()
    assert sorted(file.split("/")[0] for file in files) == ["outbox", "tickets"]
    assert mailroom.git("status", "--porcelain") == ""
    assert "Caldera" not in mailroom.git("log", "-1", "--format=%B")
    assert mailroom.ok("audit") == ""
    assert mailroom.ok("check", "--strict") == ""


def test_c3_each_change_of_the_ticket_writes_in_its_thread(mailroom: Office) -> None:
    ticket = mailroom.ok("new", "Caldera", "--requester", ANA)
    mailroom.ok("log", ticket, "mail-in", "-m", "Mandé la nota.", "--set", "message-id=<b@x.cl>")
    mailroom.ok("log", ticket, "note", "-m", "Se busca.")
    assert [letter["Subject"] for letter in outbox(mailroom)] == [f"Caldera [{ticket}]"] * 3
    assert [letter["References"].split() for letter in outbox(mailroom)] == [
        [f"<{ticket}@example.com>"],
        [f"<{ticket}@example.com>"],
        [f"<{ticket}@example.com>", "<b@x.cl>"],
    ]


def test_what_is_internal_never_leaves(mailroom: Office) -> None:
    ticket = mailroom.ok("new", "Caldera", "--requester", ANA)
    mailroom.ok("log", ticket, "note", "-m", "Sospecho fraude.", "--internal", "--set", "message-id=<secret@x>")
    mailroom.ok("log", ticket, "note", "-m", "Lo vemos.")
    mailroom.ok("advance", ticket, "in-progress", "-m", "Empezamos.")
    told = [words(letter) for letter in outbox(mailroom)]
    assert len(told) == 3
    assert not [text for text in told if "fraude" in text]
    assert not [letter for letter in outbox(mailroom) if "secret" in letter.as_string()]
    assert told[1].startswith("log.note: Open -> Open\nnew: Lo vemos.\n")


def test_staff_hear_of_what_others_did(mailroom: Office) -> None:
    ticket = mailroom.ok("new", "Caldera", "--owner", "ana")
    with mailroom.by(AGENT):
        mailroom.ok("advance", ticket, "in-progress")
    assert [letter["To"] for letter in outbox(mailroom)] == ["María López <mlopez@example.com>"]
    mailroom.ok("advance", ticket, "solved")
    assert [letter["To"] for letter in outbox(mailroom)][-1:] == ["Ana Ruiz <ana@example.com>"]


def test_a_ticket_of_nobodys_address_gets_a_remark_and_no_letter(mailroom: Office) -> None:
    told = mailroom.run("new", "Llamó alguien")
    assert told.code == 0
    assert told.err == f"{told.out.strip()}: no letter for received: @requester has no address\n"
    assert outbox(mailroom) == []


def test_two_changes_at_one_instant_write_two_letters(mailroom: Office) -> None:
    ticket = mailroom.ok("new", "Caldera", "--requester", ANA)
    for text in ("uno", "dos"):
        assert mailroom.run("log", ticket, "note", "-m", text).code == 0
    assert mailroom.run("set", ticket, "priority=high").code == 0
    assert len(outbox(mailroom)) == 3
    assert len({letter["Message-ID"] for letter in outbox(mailroom)}) == 3


def test_one_of_the_same_name_and_other_words_is_numbered(mailroom: Office) -> None:
    ticket = mailroom.ok("new", "Caldera", "--owner", "ana")
    now = mailroom.now
    for status in ("in-progress", "solved", "in-progress"):
        with mailroom.by(OTHER), mailroom.by(BOSS):
            assert mailroom.run("advance", ticket, status).code == 0
    assert mailroom.now == now
    assert len(outbox(mailroom)) == 3
    assert len({letter["Message-ID"] for letter in outbox(mailroom)}) == 3


def test_the_language_of_a_ticket_is_that_of_its_letters(mailroom: Office) -> None:
    with (mailroom.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write('\n[fields.language]\ntype = "choice"\nvalues = { en = "English", es = "Español" }\n')
    mailroom.commit()
    ticket = mailroom.ok("new", "Caldera", "--requester", ANA, "--set", "language=es")
    assert words(outbox(mailroom)[-1]) == f"Hola {ANA}: {ticket} está en revisión.\n"


def test_whoever_speaks_another_language_writes_the_same_letter(mailroom: Office) -> None:
    mailroom.ok("--lang", "es", "new", "Caldera", "--requester", ANA)
    mailroom.ok("--lang", "es", "advance", mailroom.ok("new", "Otra", "--owner", "ana"), "in-progress")
    assert words(outbox(mailroom)[0]).startswith("Hello ")
    assert words(outbox(mailroom)[-1]).startswith("advance: Open -> In progress\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hola\n{{ ticket.nombre }}", 'templates/en/received.txt.j2:2: there is no "nombre" to read'),
        (
            "{% include '../tk.toml' %}",
            'templates/en/received.txt.j2:1: there is no template "../tk.toml" beside it',
        ),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "templates/en/received.txt.j2:1: it does not end"),
        (None, "templates/en/received.txt.j2: there is no such template"),
    ],
)
def test_a_template_that_fails_stops_the_command_and_nothing_is_changed(
    mailroom: Office, text: str | None, sentence: str
) -> None:
    template(mailroom, "es/received", "x").unlink()
    file = template(mailroom, "en/received", text or "")
    if text is None:
        file.unlink()
    mailroom.commit()
    with unchanged(mailroom):
        refused = mailroom.run("new", "Caldera", "--requester", ANA)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"tk: {sentence}")
    assert refused.err.endswith("hint: nothing was changed; mend the template, tk check says when it is right\n")


def test_without_a_commit_the_letter_is_written_and_no_more(mailroom: Office) -> None:
    head = mailroom.head()
    mailroom.ok("new", "Caldera", "--requester", ANA, "--no-commit")
    assert mailroom.head() == head
    assert len(outbox(mailroom)) == 1


def test_a_hook_that_refuses_leaves_no_letter(mailroom: Office) -> None:
    hook = mailroom.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with unchanged(mailroom):
        assert mailroom.run("new", "Caldera", "--requester", ANA).code == 1
    assert not (mailroom.root / "outbox").exists()


def test_an_outbox_that_leads_out_of_the_desk_takes_no_letter(mailroom: Office, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (mailroom.root / "outbox").symlink_to(away)
    refused = mailroom.run("new", "Caldera", "--requester", ANA)
    assert refused.code == 1
    assert "lies outside the desk, or is reached by a symbolic link" in refused.err
    assert list(away.iterdir()) == []


def test_an_edit_by_hand_writes_as_a_command_does(mailroom: Office) -> None:
    ticket = mailroom.ok("new", "Caldera", "--requester", ANA, "--owner", "ana")
    script = "#!/bin/sh\nsed -i 's/^status: .*/status: in-progress/' \"$1\"\n"
    editor = mailroom.root.parent / "editor"
    editor.write_text(script)
    editor.chmod(0o755)
    mailroom.wait()
    done = mailroom.tk("edit", ticket, GIT_EDITOR=str(editor), **mailroom.environment())
    assert done.code == 0, done
    assert [letter["Tk-Cause"] for letter in outbox(mailroom)] == ["received new", "moved advance"]


SWEEP = """
[[sweep]]
name = "close"
when = { status = "solved", idle = ">= 4d" }
advance = "closed"

[[sweep]]
name = "stale"
when = { status = "open", in-status = ">= 2d" }
report = "stale for {in-status}"

[[notify]]
name = "closed"
action = "sweep.close"
to = ["@requester", "@owner", "supervisor"]
template = "updated"

[[notify]]
name = "stale"
action = "sweep.stale"
to = ["supervisor"]
template = "updated"
"""


def letters_in(office: Office) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (office.root / "outbox").iterdir()}


def test_two_clones_that_sweep_write_the_same_letters(mailroom: Office, tmp_path: Path) -> None:
    """At different times, by different people, who are readers as well: to the byte, and once."""
    with (mailroom.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write(SWEEP)
    mailroom.commit()
    ticket = mailroom.ok("new", "Caldera", "--requester", ANA, "--owner", "ana")
    mailroom.ok("new", "Otra")
    mailroom.ok("advance", ticket, "in-progress")
    mailroom.ok("advance", ticket, "solved")
    before = letters_in(mailroom)
    mailroom.wait(5 * 24 * 60)
    other = mailroom.clone(tmp_path / "other")
    mailroom.ok("sweep")
    other.wait(90)
    with other.by(AGENT):
        other.ok("--lang", "es", "sweep")
    made = {name: data for name, data in letters_in(mailroom).items() if name not in before}
    assert {name: data for name, data in letters_in(other).items() if name not in before} == made
    causes = sorted((letter["Tk-Cause"], letter["To"]) for letter in outbox(mailroom) if "sweep" in letter["Tk-Cause"])
    assert causes == [
        ("closed sweep.close", "Ana Ruiz <ana@example.com>"),
        ("closed sweep.close", "María López <mlopez@example.com>"),
        ("closed sweep.close", ANA),
        ("stale sweep.stale", "María López <mlopez@example.com>"),
    ]
    assert len(made) == 6  # the step to closed is told to owner and supervisor, too
    files = mailroom.git("show", "--name-only", "--format=", "HEAD").splitlines()
    assert len([file for file in files if file.startswith("outbox/")]) == 6
    mailroom.wait(24 * 60)
    head = mailroom.head()
    mailroom.ok("sweep")
    assert mailroom.head() == head
    assert mailroom.ok("audit") == ""


def test_a_sweep_that_is_only_looked_at_writes_no_letter(mailroom: Office) -> None:
    with (mailroom.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write(SWEEP)
    mailroom.commit()
    mailroom.ok("new", "Otra")
    mailroom.wait(5 * 24 * 60)
    mailroom.ok("sweep", "--dry-run")
    assert outbox(mailroom) == []
    template(mailroom, "en/updated", "{{ nothing }}")
    mailroom.commit()
    with unchanged(mailroom):
        refused = mailroom.run("sweep")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith('tk: templates/en/updated.txt.j2:1: there is no "nothing" to read\n')


@pytest.mark.parametrize("letters", [False, True])
def test_only_a_command_that_writes_a_letter_loads_what_letters_need(office: Office, letters: bool) -> None:
    if letters:
        write_letters(office)
    code = (
        "import os, sys; sys.argv = ['tk', 'new', 'Caldera', '--requester', 'ana@example.cl'];"
        "os._exit = lambda status: print(*sorted({'jinja2', 'email.message'} & set(sys.modules)));"
        "from tk.cli.main import main; main()"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), **office.environment()}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=office.root, env=env, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[1] == ("email.message jinja2" if letters else "")
