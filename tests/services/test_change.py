"""A change is asked of the law, written whole, committed once; or nothing has happened."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.services.office import AGENT, OTHER, STRANGER, Office
from tests.still import add_hook, unchanged
from tk.core.action import Action, Assignment
from tk.core.plan import Happening, Wanted
from tk.core.policy import Policy
from tk.core.ticket import Ticket
from tk.errors import (
    AmbiguousTicket,
    Busy,
    FileChanged,
    NoIdentity,
    PolicyBroken,
    Refused,
    TkError,
    UnknownTicket,
    UnreadableTicket,
    WrongUsage,
)
from tk.services import change
from tk.store.desk import Desk


@pytest.fixture
def ticket(office: Office) -> str:
    with office.by(AGENT):
        number = office.ok("new", "Monitor negro", "--priority", "low", "--tag", "sala")
    office.wait()
    return number


@pytest.fixture
def ana(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana is the one who works."""
    identify(monkeypatch, AGENT)


def identify(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", who)


TK = str(Path(sys.executable).with_name("tk"))


def message(office: Office) -> str:
    return office.git("log", "-1", "--format=%B").rstrip("\n")


# What each does


def test_a_new_ticket_is_a_file_and_a_commit(office: Office, ana: None) -> None:
    wanted = Wanted("Monitor\nnegro ", "No enciende.", {"priority": "Alta", "tags": "a, b"}, ("unit=SN 1",), "raul")
    made = change.open_ticket(office.opened(), wanted)
    held = made.ticket
    assert (made.before, held.title, held.priority, held.tags) == (None, "Monitor negro", "high", ("a", "b"))
    assert (held.unit, held.owner, held.creator, held.description) == ("SN 1", "raul", "ana", "No enciende.")
    assert [action.name for action in made.actions] == ["new", "assign"]
    assert made.commit == office.head()
    assert office.git("show", "--format=", "--name-status") == f"A\t{made.path}"
    assert office.git("status", "--porcelain") == ""
    assert office.audit(f"{made.commit}^..").findings == ()


def test_an_assignment_goes_to_a_person_and_back_to_nobody(office: Office, ticket: str, ana: None) -> None:
    given = change.assign(office.opened(), ticket, "Raúl Peña")
    assert (given.ticket.owner, given.actions) == ("raul", (Action("assign", "", Assignment("raul", None)),))
    assert change.assign(office.opened(), ticket, "me").ticket.owner == "ana"
    assert change.assign(office.opened(), ticket, "nobody").ticket.owner is None


def test_an_advance_brings_its_note_along(office: Office, ticket: str, ana: None) -> None:
    moved = change.advance(office.opened(), ticket, "solved", "Era el cable.")
    assert [action.name for action in moved.actions] == ["log.note", "advance"]
    assert (moved.ticket.status, moved.ticket.events[-1].text) == ("solved", "Era el cable.")
    assert moved.before is not None
    assert moved.before.status == "open"
    assert message(office).splitlines() == [
        f"{ticket}: log note, open → solved",
        "",
        f"Tk-Ticket: {ticket}",
        "Tk-Action: log.note",
        "Tk-Action: advance",
    ]


def test_an_empty_note_is_none(office: Office, ticket: str, ana: None) -> None:
    assert change.advance(office.opened(), ticket, "solved", " \n").ticket.events == ()


def test_an_event_is_logged_with_its_facts(office: Office, ticket: str, ana: None) -> None:
    happening = Happening("call-out", "No contesta.", "2026-08-12T08:00", internal=True, facts=("minutes=5",))
    (event,) = change.log(office.opened(), ticket, happening).ticket.events
    assert (event.type, event.by, event.at.isoformat()) == ("call-out", "ana", "2026-08-12T08:00:00-05:00")
    assert list(event.facts) == ["visibility", "minutes", "logged"]


def test_fields_are_set_together_in_one_commit(office: Office, ticket: str, ana: None) -> None:
    before = office.head()
    done = change.set_fields(office.opened(), ticket, ["priority=urgent", "tags+=norte", "tags-=sala"])
    assert (done.ticket.priority, done.ticket.tags) == ("urgent", ("norte",))
    assert office.git("rev-parse", "HEAD^") == before
    assert message(office).splitlines()[0] == f"{ticket}: set priority, set tags"


def test_what_changes_nothing_writes_nothing(office: Office, ticket: str, ana: None) -> None:
    with unchanged(office):
        same = change.set_fields(office.opened(), ticket, ["priority=low", "tags+=sala"])
        still = change.advance(office.opened(), ticket, "open")
    assert (same.actions, same.commit, still.actions, still.commit) == ((), None, (), None)
    assert same.before == same.ticket


def test_without_a_commit_the_file_alone_is_written(office: Office, ticket: str, ana: None) -> None:
    before = office.head()
    done = change.advance(office.opened(), ticket, "solved", commit=False)
    made = change.open_ticket(office.opened(), Wanted("Otro"), commit=False)
    assert (done.commit, made.commit, office.head()) == (None, None, before)
    assert office.git("status", "--porcelain").splitlines() == [f" M {done.path}", f"?? {made.path}"]


# The message


def test_no_words_of_a_ticket_go_into_a_message(office: Office, ana: None) -> None:
    """A stranger's words would act there: `fixes #3`, `[skip ci]`."""
    stranger = "fixes #3 [skip ci]"
    wanted = Wanted(stranger, stranger, {"requester": stranger, "customer": stranger, "tags": stranger})
    number = change.open_ticket(office.opened(), wanted).ticket.id
    change.log(office.opened(), number, Happening("note", stranger, facts=(f"about={stranger}",)))
    change.advance(office.opened(), number, "solved", stranger)
    change.set_fields(office.opened(), number, [f"tags={stranger}"])
    assert "fixes" not in office.git("log", "-4", "--format=%B")
    assert "skip" not in office.git("log", "-4", "--format=%B")


def test_the_desks_own_suffix_ends_the_subject(office: Office, ticket: str, ana: None) -> None:
    office.policy('start = "open"', 'start = "open"\nsubject-suffix = "[skip ci]"')
    office.commit("tk.toml")
    change.set_fields(office.opened(), ticket, ["priority=high"])
    assert office.git("log", "-1", "--format=%s") == f"{ticket}: set priority [skip ci]"
    assert office.git("log", "-1", "--format=%(trailers:key=Tk-Action,valueonly)").strip() == "set.priority"


def test_author_date_and_committer_are_the_commands(office: Office, ticket: str, ana: None) -> None:
    change.set_fields(office.opened(), ticket, ["priority=high"])
    assert office.git("log", "-1", "--format=%ae %aI %cI") == f"{AGENT} {office.now} {office.now}"


# What is refused, and leaves nothing


Deed = Callable[[Desk, str], object]

REFUSED: dict[str, tuple[Deed, type[TkError], str]] = {
    "an unknown status": (lambda d, t: change.advance(d, t, "opn"), WrongUsage, 'unknown status "opn"'),
    "no status where there are several ways": (
        lambda d, t: change.advance(d, t, None),
        WrongUsage,
        "more than one way",
    ),
    "an unknown person": (lambda d, t: change.assign(d, t, "raull"), WrongUsage, 'unknown person or team "raull"'),
    "an unknown event type": (lambda d, t: change.log(d, t, Happening("cal", "x")), WrongUsage, "unknown event type"),
    "a field that is none": (lambda d, t: change.set_fields(d, t, ["colour=red"]), WrongUsage, 'no field "colour"'),
    "a field without a value": (lambda d, t: change.set_fields(d, t, ["priority"]), WrongUsage, "is not KEY=VALUE"),
    "a field with an action of its own": (
        lambda d, t: change.set_fields(d, t, ["status=closed"]),
        WrongUsage,
        '"status" is not set but acted on',
    ),
    "an event of tomorrow": (
        lambda d, t: change.log(d, t, Happening("note", "x", "2026-08-13T09:00")),
        WrongUsage,
        "is yet to come",
    ),
    "what the role may not": (lambda d, t: change.set_fields(d, t, ["title=Otro"]), Refused, "ana may not set.title"),
    "the second of two": (
        lambda d, t: change.set_fields(d, t, ["priority=high", "title=Otro"]),
        Refused,
        "ana may not set.title",
    ),
    "an empty title": (lambda d, _: change.open_ticket(d, Wanted(" \n ")), WrongUsage, "a ticket needs a title"),
    "a new ticket of a priority that is none": (
        lambda d, _: change.open_ticket(d, Wanted("Hola", "", {"priority": "hihg"})),
        WrongUsage,
        'unknown priority "hihg"',
    ),
    "an unknown ticket": (lambda d, _: change.advance(d, "zzzzz", "solved"), UnknownTicket, "zzzzz"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_the_desk_as_it_was(office: Office, ticket: str, ana: None, name: str) -> None:
    deed, kind, words = REFUSED[name]
    desk = office.opened()
    with unchanged(office), pytest.raises(kind) as refusal:
        deed(desk, ticket)
    assert words in str(refusal.value)


def test_a_stranger_may_do_what_anyone_may(office: Office, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    identify(monkeypatch, STRANGER)
    assert change.open_ticket(office.opened(), Wanted("Ayuda")).ticket.creator == STRANGER
    with unchanged(office), pytest.raises(Refused, match="may not advance"):
        change.advance(office.opened(), ticket, "solved")


def test_without_an_identity_nothing_happens(
    office: Office, ticket: str, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))]:
        monkeypatch.delenv(name)
    (sealed / ".gitconfig").write_text("")
    with unchanged(office), pytest.raises(NoIdentity):
        change.set_fields(office.opened(), ticket, ["priority=high"])


def test_under_a_policy_with_an_error_nothing_is_changed(office: Office, ticket: str, ana: None) -> None:
    office.policy('kind = "solved"', 'kind = "solvd"')
    with unchanged(office), pytest.raises(PolicyBroken, match=r"tk\.toml:\d+:\d+: ") as broken:
        change.set_fields(office.opened(), ticket, ["priority=high"])
    assert "reading still works" in str(broken.value.hint)


def test_an_unreadable_ticket_is_not_changed(office: Office, ticket: str, ana: None) -> None:
    office.file(ticket).write_bytes(b"Hola\n")
    with unchanged(office), pytest.raises(UnreadableTicket, match=rf"{ticket}\.md:1:1: "):
        change.set_fields(office.opened(), ticket, ["priority=high"])


def test_a_hook_that_refuses_leaves_nothing(office: Office, ticket: str, ana: None) -> None:
    add_hook(office, "pre-commit", "echo no >&2; exit 1")
    with unchanged(office), pytest.raises(TkError, match="no"):
        change.set_fields(office.opened(), ticket, ["priority=high"])
    with unchanged(office), pytest.raises(TkError, match="no"):
        change.open_ticket(office.opened(), Wanted("Otro"))


def test_in_the_middle_of_a_merge_only_files_are_written(office: Office, ticket: str, ana: None) -> None:
    office.git("checkout", "-q", "-b", "side")
    office.ok("new", "Otro")
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-ff", "--no-commit", "side")
    with unchanged(office), pytest.raises(Busy):
        change.set_fields(office.opened(), ticket, ["priority=high"])
    assert change.set_fields(office.opened(), ticket, ["priority=high"], commit=False).commit is None


def test_a_file_that_changes_between_reading_and_writing_is_not_overwritten(
    office: Office, ticket: str, ana: None
) -> None:
    before, file = office.head(), office.file(ticket)

    def meanwhile(policy: Policy, held: Ticket) -> Iterator[Action]:
        file.write_bytes(file.read_bytes() + b"\nA line by hand.\n")
        yield Action("set", "priority", "high")

    with pytest.raises(FileChanged, match=ticket):
        change.act(office.opened(), ticket, meanwhile)
    assert file.read_bytes().endswith(b"A line by hand.\n")
    assert b"priority: low" in file.read_bytes()
    assert office.head() == before


def test_a_policy_that_changes_between_reading_and_writing_is_heeded(office: Office, ticket: str, ana: None) -> None:
    desk = office.opened()
    assert desk.policy
    office.policy('"set.priority", ', "")
    with unchanged(office), pytest.raises(FileChanged, match=r"tk\.toml"):
        change.set_fields(desk, ticket, ["priority=high"])


def test_whatever_a_plan_does_wrong_the_first_refusal_stands(office: Office, ticket: str, ana: None) -> None:
    def planned(policy: Policy, held: Ticket) -> Sequence[Action]:
        return [Action("advance", "", "closed"), Action("set", "title", "Otro"), Action("set", "priority", "high")]

    with unchanged(office), pytest.raises(Refused, match=r"set\.title"):
        change.act(office.opened(), ticket, planned)


# What else lies about


def test_only_the_ticket_is_committed_whatever_else_is_staged(office: Office, ticket: str, ana: None) -> None:
    (office.root / "staged.txt").write_text("1\n")
    other = office.ok("new", "Otro", "--no-commit")
    office.git("add", "-A")
    office.policy('name = "', 'name = "Mesa ')
    office.git("add", "tk.toml")
    office.policy("Mesa", "Otra mesa")
    before = office.git("status", "--porcelain")
    done = change.set_fields(office.opened(), ticket, ["priority=high"])
    made = change.open_ticket(office.opened(), Wanted("Más"))
    assert office.git("show", "--format=", "--name-only", "HEAD^") == done.path
    assert office.git("show", "--format=", "--name-only", "HEAD") == made.path
    assert office.git("status", "--porcelain") == before
    assert other in before


def test_a_ticket_edited_by_hand_before_takes_the_edit_along(office: Office, ticket: str, ana: None) -> None:
    """The file is one: what a person wrote in it goes with what tk writes, and the audit judges both."""
    office.replace(ticket, "Monitor negro", "Monitor azul")
    change.set_fields(office.opened(), ticket, ["priority=high"])
    assert office.git("status", "--porcelain") == ""
    assert [finding.code for finding in office.audit("HEAD^..").findings] == ["not-allowed"]


@pytest.mark.parametrize("folder", ["mesa", "año 2026/mesa de ayuda (niños)"])
def test_a_desk_in_a_folder_of_a_larger_repository(office: Office, tmp_path: Path, ana: None, folder: str) -> None:
    whole = Office(tmp_path / "repo con espacios", office.now)
    whole.root.mkdir()
    whole.git("init", "-q")
    desks = [Office(whole.root / folder, office.now), Office(whole.root / "otra", office.now)]
    for desk in desks:
        shutil.copytree(office.root, desk.root, ignore=shutil.ignore_patterns(".git"))
    whole.commit()
    (whole.root / "code.py").write_text("x\n")
    whole.git("add", "-A")
    made = change.open_ticket(desks[0].opened(), Wanted("Hola"))
    done = change.advance(desks[0].opened(), made.ticket.id, "solved", "Listo.")
    assert whole.git("-c", "core.quotePath=false", "show", "--format=", "--name-only") == f"{folder}/{done.path}"
    assert whole.git("status", "--porcelain") == "A  code.py"
    assert desks[0].audit("HEAD").findings == ()
    with pytest.raises(UnknownTicket):
        change.advance(desks[1].opened(), made.ticket.id, "solved")
    elsewhere = change.open_ticket(desks[1].opened(), Wanted("Adiós"))
    assert elsewhere.ticket.id != made.ticket.id
    assert desks[1].run("list", "--format", "ids").out.split() == [elsewhere.ticket.id]
    assert desks[0].run("list", "status:any", "--format", "ids").out.split() == [made.ticket.id]


def test_a_linked_worktree_is_a_desk_on_its_own_branch(office: Office, ticket: str, tmp_path: Path, ana: None) -> None:
    office.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "otro árbol"))
    tree = Office(tmp_path / "otro árbol", office.now)
    before = office.head()
    done = change.set_fields(tree.opened(), ticket[-5:], ["priority=high"])
    assert (tree.head(), tree.git("rev-parse", "side"), office.head()) == (done.commit, done.commit, before)
    assert (tree.git("status", "--porcelain"), office.git("status", "--porcelain")) == ("", "")


def test_on_a_detached_head_only_files_are_written(office: Office, ticket: str, ana: None) -> None:
    office.git("checkout", "-q", "--detach")
    with unchanged(office), pytest.raises(Busy, match="HEAD is detached"):
        change.set_fields(office.opened(), ticket, ["priority=high"])
    assert change.set_fields(office.opened(), ticket, ["priority=high"], commit=False).ticket.priority == "high"


def test_a_beginning_of_several_tickets_is_no_ticket(office: Office, ticket: str, ana: None) -> None:
    office.ok("new", "Otro")
    with unchanged(office), pytest.raises(AmbiguousTicket, match="is the beginning of 2 tickets"):
        change.set_fields(office.opened(), "TK-2608", ["priority=high"])


def test_two_people_at_once_both_land(office: Office, ticket: str) -> None:
    env = {**os.environ, **office.environment()}
    told = [
        subprocess.Popen([TK, "log", ticket, "note", "-m", str(n)], cwd=office.root, env=env, stdout=subprocess.PIPE)
        for n in range(4)
    ]
    assert [len(process.communicate()[0]) > 0 and process.returncode for process in told] == [0, 0, 0, 0]
    assert sorted(event.text for event in office.story(ticket).ticket.events) == ["0", "1", "2", "3"]
    assert office.git("status", "--porcelain") == ""
    with office.by(OTHER):
        assert office.audit("HEAD~4..").findings == ()
