"""Exports of other help desks, and folders of other trackers: each ticket with its origin, once."""

import json
from pathlib import Path

import pytest

from tests.world import Desk

MAP = """\
ignore = ["Ext"]
[columns]
case = "Number"
title = "Short description"
description = "Description"
status = "State"
priority = "Priority"
owner = "Assigned to"
requester = "Caller"
created = "Opened"
updated = "Updated"
creator = "Opened by"
tags = "Labels"
[time]
format = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]
[values.status]
"In Arbeit" = "in-progress"
Erledigt = "@solved"
Neu = "@new"
[values.priority]
"1" = "urgent"
[people]
"M. López" = "mlopez"
[unnamed]
people = "stranger"
"""

EXPORT = """\
Number;Short description;Description;State;Priority;Assigned to;Caller;Opened;Updated;Opened by;Labels;Ext
INC001;Heater is cold;"It's
cold.";In Arbeit;1;M. López;ana@example.cl;05.01.2026 09:00;06.01.2026;web form;"a,b";x
INC002;;;Neu;;;;07.01.2026;;;;x
INC003;Done already;;Erledigt;1;;;01.01.2026;02.01.2026 10:00;M. López;;x
"""


def files(desk: Desk, export: str = EXPORT, held: str = MAP, name: str = "old.csv") -> tuple[str, str, str, str]:
    """Write export and map beside the desk and return the words that import them."""
    (desk.root.parent / name).write_text(export, encoding="utf-8")
    (desk.root.parent / "old.map.toml").write_text(held, encoding="utf-8")
    return "tickets", f"../{name}", "--map", "../old.map.toml"


def show(desk: Desk, ticket: str) -> dict[str, object]:
    held: dict[str, object] = json.loads(desk.ok("show", ticket, "--json"))
    return held


def links_of(desk: Desk, ticket: str) -> list[dict[str, str]]:
    held: list[dict[str, str]] = json.loads(desk.ok("show", ticket, "--json"))["links"]
    return held


def test_each_row_is_a_ticket_as_it_stood_with_its_origin(desk: Desk) -> None:
    told = desk.ok("import", *files(desk))
    assert told == "3 new tickets, 0 changed; 5 changes in 5 commits; there already: 0, left out: 0"
    first = show(desk, "INC001")
    assert first["aliases"] == ["INC001"]
    assert first["created"] == "2026-01-05T09:00:00-05:00"
    assert first["updated"] == first["status_since"] == "2026-01-06T00:00:00-05:00"
    assert (first["status"], first["priority"], first["owner"]) == ("in-progress", "urgent", "mlopez")
    assert (first["requester"], first["creator"], first["tags"]) == (
        "ana@example.cl",
        "web-form@import.invalid",
        ["a", "b"],
    )
    assert (first["title"], first["description"]) == ("Heater is cold", "It's\ncold.")
    second, third = show(desk, "INC002"), show(desk, "INC003")
    assert (second["title"], second["status"], second["creator"]) == ("INC002", "open", "mlopez")
    assert (third["status"], third["status_since"]) == ("solved", "2026-01-02T10:00:00-05:00")
    assert desk.ok("check", "--strict") == ""
    assert desk.run("audit", "--strict").code == 0


def test_c26_an_import_run_twice_creates_nothing_new(desk: Desk) -> None:
    """C26: open incidents of the old system are migrated, with their origin; a second run adds nothing."""
    words = files(desk)
    desk.ok("import", *words)
    head = desk.git("rev-parse", "HEAD")
    desk.ok("set", "INC001", "priority=low")
    again = json.loads(desk.ok("import", *words, "--json"))
    assert (again["new"], again["changed"], again["arrived"], again["known"]) == (0, 0, 0, 5)
    assert desk.git("rev-list", "--count", f"{head}..HEAD") == "1"
    assert show(desk, "INC001")["priority"] == "low"


def test_objects_of_json_are_tickets_too(desk: Desk) -> None:
    export = json.dumps({"issues": [{"key": "P-1", "fields": {"summary": "Broken", "status": {"name": "closed"}}}]})
    held = (
        '[file]\nrecords = "issues"\n[columns]\ncase = "key"\ntitle = "fields.summary"\nstatus = "fields.status.name"\n'
    )
    desk.ok("import", *files(desk, export, held, "old.json"))
    assert (show(desk, "P-1")["title"], show(desk, "P-1")["status"]) == ("Broken", "closed")


def test_a_status_is_reached_by_the_ways_that_the_desk_has(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace('to = ["in-progress", "solved", "closed"]', 'to = ["in-progress"]', 1), "utf-8")
    desk.git("commit", "-qam", "fewer ways")
    desk.ok("import", *files(desk))
    assert show(desk, "INC003")["status"] == "solved"
    assert "open → in-progress" in desk.git("log", "--format=%s")
    assert desk.run("audit", "--strict", "HEAD~5..").code == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("06.01.2026;web", "soon;web", 2, '"soon" is no instant as the map writes them'),
        ("INC002;", ";", 4, "the row names no case"),
        ("In Arbeit", "Warten", 2, 'unknown status "Warten"'),
        ("M. López;ana", "Nobody;ana", 2, 'unknown person "Nobody"'),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_left_out(desk: Desk, old: str, new: str, line: int, why: str) -> None:
    words = files(desk, EXPORT.replace(old, new))
    result = desk.run("import", *words)
    assert result.code == 0
    assert f"../old.csv:{line}" in result.err
    assert why in result.err
    assert result.out.startswith("2 new tickets")
    assert desk.run("import", *words, "--strict").code == 1


def test_squashed_it_needs_the_importer(desk: Desk) -> None:
    words = files(desk)
    result = desk.run("import", *words, "--squash")
    assert (result.code, result.out) == (1, "")
    assert "has no role importer" in result.err
    policy = desk.root / "tk.toml"
    text = policy.read_text(encoding="utf-8").replace('"supervisor", "agent"]', '"supervisor", "agent", "importer"]')
    policy.write_text(text, encoding="utf-8")
    desk.git("commit", "-qam", "an importer")
    desk.ok("import", *words, "--squash")
    assert desk.git("log", "-1", "--format=%s") == "Import 3 tickets"
    result = desk.run("audit", "HEAD~1..", "--strict")
    assert (result.code, "note[imported]" in result.out) == (0, True)


TICKET = """\
---
id: nw-5c46
status: in_progress
deps: [nw-1111]
created: 2026-01-01T12:00:00Z
type: incident
priority: 1
assignee: María López
tags: [no, 0123]
---
# SSE connection

Handle them.
"""

TASK = """\
---
id: task-7
title: Add thing
status: Done
assignee:
  - '@mlopez'
reporter: '@sara'
created_date: '2026-06-08 10:11'
updated_date: '2026-06-09'
labels: [a, b]
priority: medium
---
## Description
x
"""


def folder(desk: Desk, **documents: str | bytes) -> Path:
    place = desk.root.parent / "tracker"
    place.mkdir()
    for name, text in documents.items():
        (place / f"{name}.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def test_tickets_of_ticket_are_known_by_themselves(desk: Desk) -> None:
    folder(desk, one=TICKET, readme="# no front matter\n")
    told = desk.run("import", "folder", "../tracker")
    assert told.out == "1 new ticket, 0 changed; 2 changes in 2 commits; there already: 0, left out: 1\n"
    assert "nw-1111 is linked, and is no ticket of this desk" in told.err
    held = show(desk, "nw-5c46")
    assert (held["title"], held["description"]) == ("SSE connection", "Handle them.")
    assert (held["status"], held["priority"], held["owner"]) == ("in-progress", "high", "mlopez")
    assert (held["tags"], held["created"]) == (["no", "0123"], "2026-01-01T07:00:00-05:00")
    assert json.loads(desk.ok("import", "folder", "../tracker", "--json"))["new"] == 0
    assert desk.run("audit", "--strict").code == 0


def test_tasks_of_backlog_md_are_known_by_themselves(desk: Desk) -> None:
    folder(desk, one=TASK)
    desk.ok("import", "folder", "../tracker")
    held = show(desk, "task-7")
    assert (held["title"], held["status"], held["owner"]) == ("Add thing", "closed", "mlopez")
    assert (held["priority"], held["updated"]) == ("normal", "2026-06-09T00:00:00-05:00")
    assert held["creator"] == "sara@import.invalid"


def test_what_is_unknown_here_is_told_by_file_and_left_out(desk: Desk) -> None:
    folder(
        desk,
        one=TICKET.replace("type: incident", "type: epic"),
        broken="---\nid: [x\n---\n",
        latin="---\né".encode("latin-1"),
    )
    result = desk.run("import", "folder", "../tracker")
    assert result.out.startswith("1 new ticket")
    assert '../tracker/one.md: type "epic" is unknown here and left out; rows: 1' in result.err
    assert "../tracker/broken.md:3: the front matter is no YAML" in result.err
    assert "../tracker/latin.md: this file is not UTF-8 text" in result.err


def test_front_matter_can_do_no_harm(desk: Desk) -> None:
    bomb = "---\nid: x\nstatus: open\ncreated: 2026-01-01\na0: &a0 [x, x]\n"
    bomb += "".join(f"a{n}: &a{n} {{p: *a{n - 1}, q: *a{n - 1}}}\n" for n in range(1, 30)) + "---\n"
    folder(
        desk, bomb=bomb, deep="---\nid: " + "[" * 30_000 + "\n---\n", tag="---\nid: !!python/object:os.system x\n---\n"
    )
    result = desk.run("import", "folder", "../tracker")
    assert result.code in {0, 2}
    assert "Traceback" not in result.err
    assert "deep.md: the front matter is nested too deep to be read" in result.err


def test_another_folder_needs_a_map_and_a_place_that_is_none_is_told(desk: Desk) -> None:
    folder(desk, one="---\nnumber: 7\nname: Cold\n---\nText\n")
    assert "--map says how to read it" in desk.run("import", "folder", "../tracker").err
    (desk.root.parent / "m.toml").write_text(
        '[columns]\ncase = "number"\ntitle = "name"\ndescription = "body"\n', "utf-8"
    )
    assert (
        'the map names the column "path" nowhere'
        in desk.run("import", "folder", "../tracker", "--map", "../m.toml").err
    )
    with (desk.root.parent / "m.toml").open("a", encoding="utf-8") as file:
        file.write('[unnamed]\ncolumns = "ignore"\n')
    desk.ok("import", "folder", "../tracker", "--map", "../m.toml")
    assert show(desk, "7")["description"] == "Text"
    assert "../nowhere is no folder" in desk.run("import", "folder", "../nowhere").err
    (desk.root.parent / "empty").mkdir()
    assert "holds no Markdown files" in desk.run("import", "folder", "../empty").err


def test_what_tickets_are_linked_to_is_written_in_both(desk: Desk) -> None:
    other = TICKET.replace("nw-5c46", "nw-1111").replace("[nw-1111]", "[]").replace("2026-01-01", "2026-01-02")
    place = folder(desk, one=TICKET, other=other)
    assert desk.run("import", "folder", "../tracker").err == ""
    first, second = show(desk, "nw-5c46"), show(desk, "nw-1111")
    assert first["links"] == [{"kind": "blocked-by", "id": second["id"]}]
    assert second["links"] == [{"kind": "blocks", "id": first["id"]}]
    assert (first["updated"], second["updated"]) == ("2026-01-02T07:00:00-05:00", "2026-01-02T07:00:00-05:00")
    desk.ok("set", "nw-1111", "priority=low")
    (place / "third.md").write_text(TICKET.replace("id: nw-5c46", "id: nw-2"), encoding="utf-8")
    (place / "fourth.md").write_text(TICKET.replace("id: nw-5c46", "id: nw-4").replace("[nw-1111]", "[nw-9]"), "utf-8")
    result = desk.run("import", "folder", "../tracker")
    assert result.err == "../tracker/fourth.md: nw-9 is linked, and is no ticket of this desk\n"
    assert {"kind": "blocks", "id": show(desk, "nw-2")["id"]} in links_of(desk, "nw-1111")
    assert desk.ok("check", "--strict") == ""
    assert desk.run("audit", "--strict").code == 0
