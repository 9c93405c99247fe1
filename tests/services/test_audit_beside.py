"""What lies beside a ticket in an audit: honest work is clean, and each forgery is found by the commit that made it."""

from collections.abc import Callable

import pytest

from tests.services.office import AGENT, OTHER, STRANGER, Office

LIMIT = 4096


@pytest.fixture
def ticket(office: Office) -> str:
    """Return a ticket of Ana's with a photo, in an office where agents may attach, link and ask, up to four KB."""
    office.policy('"advance", "undo"]', '"advance", "undo", "attach.*", "link.*", "request.*", "schedule", "rate"]')
    office.policy('limit = "25MB"', 'limit = "4KB"')
    office.commit("tk.toml")
    (office.root.parent / "foto.jpg").write_bytes(b"\xff\xd8\x00")
    with office.by(AGENT):
        number = office.ok("new", "Monitor negro", "--owner", "ana")
        office.ok("attach", number, "../foto.jpg", "--kind", "photo")
    return number


def since(office: Office, base: str) -> set[tuple[str | None, str]]:
    return {(finding.commit, finding.code) for finding in office.audit(f"{base}..").findings}


def enter(office: Office, ticket: str, text: str) -> None:
    """Write lines into the front matter by hand, and move `updated` as tk would."""
    file = office.file(ticket)
    lines = file.read_text(encoding="utf-8").splitlines()
    later = office.now
    office.wait()
    moved = [f"updated: {office.now}" if line.startswith("updated:") else line for line in lines]
    office.now = later
    at = next(place for place, line in enumerate(moved) if line.startswith("created:"))
    file.write_text("\n".join([*moved[:at], text.format(at=_soon(office)), *moved[at:]]) + "\n", encoding="utf-8")


def _soon(office: Office) -> str:
    now = office.now
    office.wait()
    soon, office.now = office.now, now
    return soon


def add_document(office: Office, ticket: str, name: str, data: bytes | None, kind: str = "photo") -> None:
    folder = office.file(ticket).with_suffix("")
    if data is not None:
        (folder / name).write_bytes(data)
    office.replace(ticket, "  kind: photo\n", f"  kind: photo\n- file: {name}\n  kind: {kind}\n")
    enter(office, ticket, "# by hand")


def test_a_day_of_honest_work_beside_tickets_is_clean(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        other = office.ok("new", "Otra pantalla")
        office.ok("link", ticket, "blocks", other)
        office.ok("link", other, "follows", ticket)
        office.ok("request", ticket, "priority", "urgent")
        office.ok("schedule", ticket, "tomorrow 10:00", "-m", "Llamar.")
        (office.root.parent / "nota.pdf").write_bytes(b"x" * (LIMIT - 3))
        office.ok("log", ticket, "mail-in", "-m", "Mandó la nota.", "--attach", "../nota.pdf")
        office.ok("rate", ticket, "good")
    office.ok("approve", ticket, "visto bueno")
    assert office.audit().findings == ()


def test_a_new_ticket_may_come_with_its_documents_and_links_in_one_commit(office: Office, ticket: str) -> None:
    """As a squash, or a commit of what was written with --no-commit, brings it."""
    with office.by(AGENT):
        other = office.ok("new", "Otra", "--no-commit")
        for words in (("attach", other, "../foto.jpg"), ("link", other, "follows", ticket)):
            office.wait(-1)  # all in one minute: what a squash says of times before it has no commit to show
            office.ok(*words, "--no-commit")
        office.commit()
    assert office.audit().findings == ()


FORGED: dict[str, tuple[Callable[[Office, str], None], str]] = {
    "a document that is not there": (lambda o, t: add_document(o, t, "nada.pdf", None), "missing-attachment"),
    "more than may lie there": (lambda o, t: add_document(o, t, "b.bin", b"x" * (LIMIT - 2)), "over-limit"),
    "a kind of document that nobody knows": (lambda o, t: add_document(o, t, "b", b"x", "secret"), "unknown-document"),
    "a name that no system should store": (lambda o, t: add_document(o, t, "a:b", b"x"), "bad-name"),
    "a document altered": (lambda o, t: alter(o, t, b"other"), "attachment-altered"),
    "a document removed": (lambda o, t: alter(o, t, None), "attachment-altered"),
    "a kind of link that nobody knows": (
        lambda o, t: enter(o, t, "links:\n- kind: hates\n  id: TK-260812-0B2M4"),
        "unknown-link",
    ),
    "a link to itself": (lambda o, t: enter(o, t, f"links:\n- kind: relates\n  id: {t}"), "bad-link"),
    "a request that nobody knows": (
        lambda o, t: enter(o, t, "requests:\n  money: {{by: ana, at: {at}}}"),
        "unknown-request",
    ),
    "a request for what there is not": (
        lambda o, t: enter(o, t, "requests:\n  priority: {{by: ana, at: {at}, value: huge}}"),
        "unknown-priority",
    ),
    "an approval by who may not": (
        lambda o, t: enter(o, t, "approvals:\n  go-ahead: {{by: ana, at: {at}}}"),
        "not-allowed",
    ),
}


def alter(office: Office, ticket: str, data: bytes | None) -> None:
    file = office.file(ticket).with_suffix("") / "foto.jpg"
    if data is None:
        file.unlink()
    else:
        file.write_bytes(data)


@pytest.mark.parametrize("name", FORGED)
def test_a_forgery_is_found_by_its_commit(office: Office, ticket: str, name: str) -> None:
    forge, code = FORGED[name]
    base = office.head()
    forge(office, ticket)
    with office.by(AGENT):
        commit = office.commit()
    assert since(office, base) == {(commit, code)}


def test_a_symbolic_link_is_no_document(office: Office, ticket: str) -> None:
    base = office.head()
    (office.file(ticket).with_suffix("") / "b.pdf").symlink_to("/etc/passwd")
    add_document(office, ticket, "b.pdf", None)
    with office.by(AGENT):
        commit = office.commit()
    assert since(office, base) == {(commit, "missing-attachment"), (commit, "symlink")}


def test_a_circle_is_found_even_where_one_commit_makes_all_of_it(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        other = office.ok("new", "Otra")
        base = office.head()
        enter(office, ticket, f"links:\n- kind: blocks\n  id: {other}")
        enter(office, other, f"links:\n- kind: blocks\n  id: {ticket}")
        commit = office.commit()
    assert since(office, base) == {(commit, "link-circle")}


def test_a_file_that_no_ticket_lists_is_told_and_taking_it_away_is_nobodys_business(
    office: Office, ticket: str
) -> None:
    base = office.head()
    stray = office.file(ticket).with_suffix("") / "borrador.txt"
    commits = []
    for text in ("uno", "dos"):
        stray.write_text(text)
        commits.append(office.commit())
    found = office.audit(f"{base}..").findings
    assert [(each.commit, each.ticket, each.code, each.severity, each.verdict) for each in found] == [
        (commit, ticket, "stray-file", "warning", "allowed") for commit in commits
    ]
    base = office.head()
    stray.unlink()
    with office.by(OTHER):
        office.ok("log", ticket, "note", "-m", "Visto.")
        office.commit()
    assert since(office, base) == set()


STRAYS = {
    "a file that nobody lists": ("{t}/b.txt", "stray-file"),
    "a folder beside a ticket": ("{t}/deep/b.txt", "stray-file"),
    "a file where a ticket's folder will be": ("TK-260812-00000", "stray-file"),
    "a file where a day's folder will be": ("../13", "stray-file"),
    "a name in other capitals": ("{t}/FOTO.jpg", "misplaced"),
    "a ticket's folder in other capitals": ("{l}/foto.jpg", "misplaced"),
    "a ticket's file in other capitals": ("{t}.MD", "misplaced"),
    "a name with a point behind": ("{t}./foto.jpg", "misplaced"),
    "all tickets in other capitals": ("../../../../Tickets/2026/08/12/{t}.md", "misplaced"),
    "a link": ("../../x -> /etc/passwd", "symlink"),
    "a link in the place of a folder": ("../13 -> ../../../.git", "symlink"),
    "a link among a ticket's files": ("{t}/.b -> foto.jpg", "symlink"),
    "a hidden file": (".DS_Store", ""),
}


def put(office: Office, ticket: str, words: str, data: str = "Hola") -> None:
    """Write a file by its path from the folder of a ticket's day, or a link: `PATH -> PATH`."""
    path, _, to = words.format(t=ticket, l=ticket.lower()).partition(" -> ")
    file = office.file(ticket).parent / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if to:
        file.symlink_to(to)
    else:
        file.write_text(data)


@pytest.mark.parametrize("name", STRAYS)
@pytest.mark.parametrize("who", [AGENT, STRANGER])
def test_what_does_not_belong_among_tickets_is_found(office: Office, ticket: str, name: str, who: str) -> None:
    words, code = STRAYS[name]
    base = office.head()
    put(office, ticket, words)
    with office.by(who):
        commit = office.commit()
    told = "not-allowed" if code == "stray-file" and who == STRANGER else code
    assert since(office, base) == ({(commit, told)} if code else set())


def test_another_repository_has_no_place_among_tickets(office: Office, ticket: str) -> None:
    base = office.head()
    office.git("update-index", "--add", "--cacheinfo", f"160000,{base},tickets/module")
    with office.by(AGENT):
        office.git("commit", "-qm", "module")
    assert since(office, base) == {(office.head(), "not-a-file")}


def test_a_new_ticket_must_lie_where_its_id_says(office: Office, ticket: str) -> None:
    with office.by(STRANGER):
        number = office.ok("new", "Otro", "--no-commit")
        file = office.file(number)
        elsewhere = office.root / "tickets" / file.name
        file.rename(elsewhere)
        base, commit = office.head(), office.commit()
    found = office.audit(f"{base}..").findings
    assert [(each.commit, each.path, each.code) for each in found] == [(commit, f"tickets/{file.name}", "misplaced")]


def test_putting_back_by_hand_what_one_attached_is_lawful_and_what_another_did_is_not(
    office: Office, ticket: str
) -> None:
    with office.by(AGENT):
        office.wait()
        office.git("revert", "--no-edit", "HEAD")
    assert office.audit().findings == ()
    with office.by(AGENT):
        office.ok("attach", ticket, "../foto.jpg")
    base = office.head()
    with office.by(OTHER):
        office.wait()
        office.git("revert", "--no-edit", "HEAD")
    assert since(office, base) == {(office.head(), "stamp"), (office.head(), "attachment-altered")}


@pytest.mark.parametrize("data", [b"other", None])
def test_an_undo_covers_no_document_that_the_undone_commit_left_alone(
    office: Office, ticket: str, data: bytes | None
) -> None:
    file = office.file(ticket)
    with office.by(AGENT):
        whole = file.read_bytes()
        office.ok("log", ticket, "note", "-m", "Nada.")
        base = office.head()
        file.write_bytes(whole)
        alter(office, ticket, data)
        commit = office.commit()
    assert since(office, base) == {(commit, "attachment-altered")}


def test_an_undo_takes_back_the_documents_of_the_undone_commit_to_what_they_were(office: Office, ticket: str) -> None:
    with office.by(AGENT):
        whole = office.file(ticket).read_bytes()
        (office.root.parent / "nota.txt").write_text("Hola")
        office.ok("attach", ticket, "../nota.txt")
        base = office.head()
        put(office, ticket, "{t}/nota.txt", "Adiós")
        office.file(ticket).write_bytes(whole)
        commit = office.commit()
        assert since(office, base) == {(commit, "attachment-altered")}
        office.git("reset", "-q", "--hard", base)
        office.ok("undo", ticket)
    assert since(office, base) == set()


@pytest.mark.parametrize("data", [b"other", None])
def test_a_merge_leaves_the_documents_of_each_side_as_they_are(office: Office, ticket: str, data: bytes | None) -> None:
    base = office.head()
    office.git("checkout", "-q", "-b", "side")
    with office.by(AGENT):
        other = office.ok("new", "Otro")
        office.ok("attach", other, "../foto.jpg")
        office.git("checkout", "-q", "main")
        office.ok("log", ticket, "note", "-m", "Nada.")
        office.git("merge", "-q", "--no-commit", "side")
        alter(office, other, data)
        merge = office.commit()
    assert since(office, base) == {(merge, "attachment-altered")}


def test_a_merge_of_two_documents_of_one_name_may_not_lose_one(office: Office, ticket: str) -> None:
    base = office.head()
    office.git("checkout", "-q", "-b", "side")
    for branch, who in (("side", AGENT), ("main", OTHER)):
        office.git("checkout", "-q", branch)
        (office.root.parent / "nota.txt").write_text(branch)
        with office.by(who):
            office.ok("attach", ticket, "../nota.txt")
    office.try_git("merge", "-q", "side")
    office.git("checkout", "--ours", "--", ".")
    with office.by(OTHER):
        merge = office.commit()
    assert (merge, "attachment-altered") in since(office, base)


def test_a_document_is_known_from_when_its_ticket_could_last_be_read(office: Office, ticket: str) -> None:
    base = office.head()
    with office.by(AGENT):
        office.file(ticket).write_text("Hola")
        broken = office.commit()
        alter(office, ticket, b"other")
        commit = office.commit()
    assert since(office, base) == {(broken, "unreadable"), (commit, "attachment-altered")}


def test_two_branches_that_attach_and_link_merge_without_a_finding(office: Office, ticket: str) -> None:
    with office.by(OTHER):
        one, two = office.ok("new", "Uno"), office.ok("new", "Dos")
    office.git("checkout", "-q", "-b", "side")
    with office.by(AGENT):
        office.ok("link", one, "parent", ticket)
        office.ok("attach", one, "../foto.jpg")
    office.git("checkout", "-q", "main")
    with office.by(OTHER):
        office.ok("attach", two, "../foto.jpg")
    office.wait()
    office.git("merge", "-q", "--no-edit", "side")
    assert office.audit().findings == ()
