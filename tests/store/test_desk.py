"""A desk finds its tickets by what people type, knows who acts and when, and reads its policy once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.commits import heard, silent
from tests.world import EMAIL, Desk
from tk.errors import AmbiguousTicket, DiskFailed, NoIdentity, NotADesk, Refused, UnknownTicket, UnreadableTicket
from tk.store.desk import Desk as Opened
from tk.store.desk import open_desk, ticket_of

AT = datetime(2026, 8, 12, 14, 14, 3, tzinfo=UTC)


def opened(desk: Desk, folder: Path | None = None) -> Opened:
    return open_desk(folder or desk.root, AT, silent)


def put(desk: Desk, ticket: str, *lines: str, title: str = "x") -> str:
    """Write a ticket by hand and return its path."""
    day = ticket.split("-")[1]
    path = f"tickets/20{day[:2]}/{day[2:4]}/{day[4:]}/{ticket}.md"
    file = desk.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    rest = "".join(f"{line}\n" for line in lines)
    file.write_text(f"---\nid: {ticket}\ntitle: {title}\nstatus: open\ncreated: 2026-08-12T09:14:03-05:00\n{rest}---\n")
    return path


@pytest.fixture
def paths(desk: Desk) -> dict[str, str]:
    """Return the paths of three tickets, of which the last has an old name."""
    return {
        "one": put(desk, "TK-260812-7K3QX", title="uno"),
        "two": put(desk, "TK-260812-7K4AB", title="dos"),
        "three": put(desk, "TK-260701-0B2M4", "aliases: [OLD-4711, 7k3]", title="tres"),
    }


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("TK-260812-7K3QX", "one"),
        ("tk-260812-7k3qx", "one"),
        ("260812-7K3", "one"),
        ("7k3q", "one"),
        (" 7K4 ", "two"),
        ("ob2m4", "three"),
        ("0", "three"),
        ("2607", "three"),
        ("260701", "three"),
        ("TK-2607", "three"),
        ("OLD-4711", "three"),
        ("7k3", "three"),
    ],
)
def test_a_ticket_answers_to_any_beginning_that_is_its_own(
    desk: Desk, paths: dict[str, str], text: str, which: str
) -> None:
    if text == "2607":  # four digits are no beginning of a last part that is there, nor of a day
        with pytest.raises(UnknownTicket):
            opened(desk).locate(text)
        return
    assert opened(desk).locate(text) == paths[which]


def test_an_exact_id_goes_before_an_alias(desk: Desk, paths: dict[str, str]) -> None:
    put(desk, "TK-260813-00001", "aliases: [TK-260812-7K3QX, TK-260812-00000]")
    assert opened(desk).locate("TK-260812-7K3QX") == paths["one"]
    assert opened(desk).locate("TK-260812-00000").endswith("TK-260813-00001.md")


def test_several_that_begin_so_are_named(desk: Desk, paths: dict[str, str]) -> None:
    with pytest.raises(AmbiguousTicket) as refusal:
        opened(desk).locate("7")
    assert str(refusal.value) == '"7" is the beginning of 2 tickets:\n  TK-260812-7K3QX uno\n  TK-260812-7K4AB dos'


def test_of_very_many_only_some_are_named(desk: Desk) -> None:
    for n in range(12):
        put(desk, f"TK-260812-9{n:04}")
    with pytest.raises(AmbiguousTicket, match="is the beginning of 12 tickets") as refusal:
        opened(desk).locate("9")
    assert len(str(refusal.value).splitlines()) == 12
    assert str(refusal.value).endswith("… 2")


@pytest.mark.parametrize("text", ["7K3QZ", "TK-260812-7K3QZ", "zzz", "", "ñ", "TK-260812-7K3QX-9", "../tk.toml", "%"])
def test_what_nothing_answers_to_is_said_to_be_unknown(desk: Desk, paths: dict[str, str], text: str) -> None:
    with pytest.raises(UnknownTicket, match="no ticket answers to") as refusal:
        opened(desk).locate(text)
    near = "TK-260812-7K3QX" in str(refusal.value.hint)
    assert near == text.endswith("7K3QZ")


def test_a_file_that_goes_meanwhile_is_gone(desk: Desk, paths: dict[str, str]) -> None:
    here = opened(desk)
    (desk.root / paths["one"]).unlink()
    with pytest.raises(UnknownTicket, match=f"{paths['one']} is gone"):
        here.read(paths["one"])


def test_a_ticket_that_is_a_link_out_of_the_desk_is_not_read(desk: Desk, paths: dict[str, str], tmp_path: Path) -> None:
    file = desk.root / paths["one"]
    (tmp_path / "x.md").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "x.md")
    with pytest.raises(Refused, match="symbolic link"):
        opened(desk).read(paths["one"])


def test_a_folder_in_a_tickets_place_is_no_ticket(desk: Desk, paths: dict[str, str]) -> None:
    (desk.root / paths["one"]).unlink()
    (desk.root / paths["one"]).mkdir()
    with pytest.raises(DiskFailed, match="not an ordinary file"):
        opened(desk).read(paths["one"])


def test_an_unreadable_ticket_says_where_and_what_to_do(desk: Desk, paths: dict[str, str]) -> None:
    (desk.root / paths["one"]).write_text("---\ntitle: x\n")
    document = opened(desk).read(paths["one"])
    with pytest.raises(UnreadableTicket, match=rf"{paths['one']}:1:1: ") as refusal:
        ticket_of(document)
    assert paths["one"] in str(refusal.value.hint)


def test_linked_tickets_are_at_hand_as_far_as_they_can_be_read(desk: Desk, paths: dict[str, str]) -> None:
    links = ["TK-260812-7K4AB", "TK-260701-0B2M4", "TK-260101-ZZZZZ", "nonsense"]
    put(desk, "TK-260812-7K3QX", "links:", *(f"- {{kind: follows, id: {link}}}" for link in links))
    (desk.root / paths["two"]).write_text("Hola\n")
    here = opened(desk)
    outside = here.outside(ticket_of(here.document("7k3q")))
    assert {name: ticket.title for name, ticket in outside.linked.items()} == {"TK-260701-0B2M4": "tres"}


def test_it_is_found_from_any_folder_within_it(desk: Desk, paths: dict[str, str]) -> None:
    assert opened(desk, desk.root / "tickets/2026").repo.root == desk.root


def test_the_time_is_told_in_the_desks_own_zone(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    policy.write_text(
        "".join(
            'zone = "Asia/Kolkata"\n' if line.startswith("zone = ") else line
            for line in policy.read_text(encoding="utf-8").splitlines(keepends=True)
        ),
        encoding="utf-8",
    )
    assert opened(desk).now.isoformat() == "2026-08-12T19:44:03+05:30"


def test_who_acts_is_gits_author(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (opened(desk).actor.handle, opened(desk).actor.email) == ("mlopez", EMAIL)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", EMAIL.upper())
    assert opened(desk).actor.handle == "mlopez"
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "x@y.org")
    assert (opened(desk).actor.handle, opened(desk).actor.roles) == (None, ("anyone",))


def test_whoever_only_reads_needs_no_identity(desk: Desk, paths: dict[str, str], sealed: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GIT_AUTHOR_EMAIL")
        patch.delenv("GIT_COMMITTER_EMAIL")
        (sealed / ".gitconfig").write_text("")
        here = opened(desk)
        assert ticket_of(here.document("7k3q")).title == "uno"
        with pytest.raises(NoIdentity):
            assert here.actor


def test_a_policy_that_goes_meanwhile_is_no_desk(desk: Desk) -> None:
    here = opened(desk)
    (desk.root / "tk.toml").unlink()
    with pytest.raises(NotADesk, match=r"tk\.toml cannot be read"):
        assert here.reading


def test_the_policy_is_read_once_a_command(desk: Desk) -> None:
    here = opened(desk)
    first = here.policy
    (desk.root / "tk.toml").write_text("= nonsense")
    assert here.policy is first


def test_opening_puts_right_what_an_interrupted_command_left(desk: Desk) -> None:
    said, remark = heard()
    (desk.root / ".git/tk/journal").mkdir(parents=True, exist_ok=True)
    here = open_desk(desk.root, AT, remark)
    assert (here.repo.root, said) == (desk.root, [])
