"""`tk link`: both ends say it, at the prompt, in the files and in the history; each mistake gets its sentence."""

import json

import pytest

from tests.still import unchanged
from tests.world import Desk


@pytest.fixture
def pair(desk: Desk) -> tuple[str, str]:
    """Return two tickets, the older first."""
    first = desk.ok("new", "Monitor negro")
    desk.now = "2026-08-12T10:00:00-05:00"
    return first, desk.ok("new", "Monitor negro otra vez")


def links(desk: Desk, ticket: str) -> list[dict[str, str]]:
    held: list[dict[str, str]] = json.loads(desk.ok("show", ticket, "--json"))["links"]
    return held


def test_both_tickets_say_it_in_one_commit(desk: Desk, pair: tuple[str, str]) -> None:
    first, second = pair
    before = desk.git("rev-parse", "HEAD")
    assert desk.ok("link", second, "Duplica a", first).splitlines() == [
        f"{second} links: duplicates {first}",
        f"{first} links: duplicated-by {second}",
    ]
    assert desk.git("rev-list", "--count", f"{before}..HEAD") == "1"
    assert links(desk, second) == [{"kind": "duplicates", "id": first}]
    assert links(desk, first) == [{"kind": "duplicated-by", "id": second}]
    assert f"Duplicated by {second}" in desk.run("show", first, terminal=True).out
    for ticket, action in ((second, "link.duplicates"), (first, "link.duplicated-by")):
        assert json.loads(desk.ok("history", ticket, "--json"))[-1]["actions"] == [action]
    assert desk.ok("check") == desk.ok("audit") == ""
    assert desk.git("log", "-1", "--format=%s") == f"{second}: link duplicates"


def test_json_is_the_ticket_that_is_named_first(desk: Desk, pair: tuple[str, str]) -> None:
    held = json.loads(desk.ok("link", pair[1], "relates", pair[0], "--json"))
    assert (held["id"], held["links"]) == (pair[1], [{"kind": "relates", "id": pair[0]}])
    assert links(desk, pair[0]) == [{"kind": "relates", "id": pair[1]}]


@pytest.mark.parametrize("kind", ["follows", "duplicates", "blocks", "parent"])
def test_a_circle_is_refused_from_either_end_and_over_any_distance(
    desk: Desk, pair: tuple[str, str], kind: str
) -> None:
    first, second = pair
    third = desk.ok("new", "Tercero")
    desk.ok("link", first, kind, second)
    desk.ok("link", second, kind, third)
    for near, far in ((second, first), (third, first)):
        with unchanged(desk):
            refused = desk.run("link", near, kind, far)
        assert refused.code == 1
        assert "would lead back" in refused.err
    inverse = {"follows": "followed-by", "duplicates": "duplicated-by", "blocks": "blocked-by", "parent": "child"}[kind]
    assert desk.run("link", first, inverse, third).code == 1
    desk.ok("link", first, kind, third)


def test_each_mistake_gets_its_sentence(desk: Desk, pair: tuple[str, str]) -> None:
    first, second = pair
    desk.ok("link", first, "relates", second)
    for words, code, sentence in (
        ((first, "relates", first), 1, f"tk: {first}: a ticket cannot be linked to itself\n"),
        ((first, "relates", second), 1, f"tk: {first}: {second} is linked already as relates\n"),
        ((first, "dupliactes", second), 2, 'tk: unknown kind of link "dupliactes"\nhint: did you mean "duplicates"?\n'),
        ((first, "relates", "zzzzz"), 1, 'tk: no ticket answers to "zzzzz"\n'),
    ):
        with unchanged(desk):
            refused = desk.run("link", *words)
        assert (refused.code, refused.out) == (code, "")
        assert refused.err.startswith(sentence)


def test_an_end_that_is_missing_is_found_and_completed(desk: Desk, pair: tuple[str, str]) -> None:
    first, second = pair
    desk.ok("link", first, "blocks", second)
    file = desk.file(second)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f"links:\n- kind: blocked-by\n  id: {first}\n", ""), encoding="utf-8")
    desk.git("commit", "-qam", "lost")
    found = json.loads(desk.ok("check", "--json"))["findings"]
    assert [(each["code"], each["severity"], each["ticket"]) for each in found] == [
        ("one-sided-link", "warning", first)
    ]
    assert f"tk link {first} blocks {second} completes it" in found[0]["message"]
    assert desk.ok("link", first, "blocks", second) == f"{second} links: blocked-by {first}"
    assert desk.ok("check") == ""


def test_a_circle_by_hand_and_a_ticket_that_is_not_there_are_found(desk: Desk, pair: tuple[str, str]) -> None:
    first, second = pair
    for near, far in ((first, second), (second, first)):
        text = desk.file(near).read_text(encoding="utf-8")
        added = f"links:\n- kind: blocks\n  id: {far}\n- kind: relates\n  id: TK-260701-0B2M4\ncreated:"
        desk.file(near).write_text(text.replace("created:", added), encoding="utf-8")
    result = desk.run("check", "--json")
    codes = sorted(each["code"] for each in json.loads(result.out)["findings"])
    assert result.code == 1
    assert codes == ["link-circle"] * 2 + ["missing-link"] * 2 + ["one-sided-link"] * 2


def test_a_linked_ticket_that_cannot_be_read_is_not_said_to_be_missing(desk: Desk) -> None:
    one, other = desk.ok("new", "uno"), desk.ok("new", "dos")
    desk.ok("link", one, "relates", other)
    desk.file(other).write_text("Hola\n", encoding="utf-8")
    codes = [each["code"] for each in json.loads(desk.run("check", "--json").out)["findings"]]
    assert codes == ["no-front-matter"]
    desk.file(other).unlink()
    codes = [each["code"] for each in json.loads(desk.run("check", "--json").out)["findings"]]
    assert codes == ["missing-link"]
