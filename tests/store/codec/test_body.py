"""The body of a ticket's file: description and log."""

import difflib
from datetime import datetime

import pytest
from hypothesis import given

from tests.strategies import MARKDOWN, events
from tk.core.ticket import Event
from tk.store.codec.body import edit_body, heading_of, parse_body, render_body

AT = datetime.fromisoformat("2026-08-12T11:02:40-05:00")
NOTE = Event(AT, "note", "mlopez", "e-k3q9", "Called back.")
LOGGED = "Words.\n\n## Log\n\n### 2026-08-12T11:02:40-05:00 note mlopez {#e-k3q9}\n\nCalled back.\n"


@given(MARKDOWN, events())
def test_what_is_rendered_reads_back(description: str, log: tuple[Event, ...]) -> None:
    body = parse_body(render_body(description, log))
    assert (body.description, body.events, body.flaws) == (description, log, ())


@given(MARKDOWN, events())
def test_it_reads_the_same_with_crlf(description: str, log: tuple[Event, ...]) -> None:
    body = parse_body(render_body(description, log).replace("\n", "\r\n"))
    assert (body.description, body.events) == (description, log)


def test_the_canonical_form_is_as_the_design_has_it() -> None:
    assert render_body("Words.", (NOTE,)) == LOGGED
    assert render_body("", ()) == ""
    assert render_body("", (NOTE,)) == LOGGED.removeprefix("Words.\n\n")


def test_facts_stand_in_braces_and_are_quoted_where_needed() -> None:
    event = NOTE._replace(facts={"visibility": "internal", "message-id": '<a "b" c@d>'})
    text = render_body("", (event,))
    assert '{#e-k3q9 visibility=internal message-id="<a \\"b\\" c@d>"}' in text
    assert parse_body(text).events == (event,)
    assert parse_body(text).events[0].visibility == "internal"


def test_a_sender_cannot_forge_the_facts_of_an_event() -> None:
    forger = NOTE._replace(by='"x {#e-9999 visibility=public}"@example.com', facts={"visibility": "internal"})
    assert parse_body(render_body("", (forger,))).events == (forger,)


@pytest.mark.parametrize(
    "heading",
    [
        "### Heading of a person",
        "### 2026-08-12T11:02:40-05:00 note mlopez",
        "### 2026-13-12T11:02:40-05:00 note mlopez {#e-aaaa}",
        "### 2026-08-12T11:02:40-05:00 note {#e-aaaa}",
        "### 2026-08-12T11:02:40-05:00 note mlopez {#e-aaaa a=1 a=2}",
        '### 2026-08-12T11:02:40-05:00 note mlopez {#e-aaaa a="open}',
        "### ",
    ],
)
def test_a_malformed_heading_is_told_and_stays_text_of_the_event_before_it(heading: str) -> None:
    body = parse_body(f"{LOGGED}\n{heading}\n\nmore\n")
    assert [(flaw.line, flaw.code, flaw.severity) for flaw in body.flaws] == [(8, "bad-event", "error")]
    assert body.events == (NOTE._replace(text=f"Called back.\n\n{heading}\n\nmore"),)


def test_an_id_that_stands_twice_is_told() -> None:
    body = parse_body(render_body("", (NOTE, NOTE)))
    assert [(flaw.line, flaw.code) for flaw in body.flaws] == [(6, "duplicate-event")]
    assert len(body.events) == 2


def test_text_before_the_first_event_is_told() -> None:
    assert [flaw.severity for flaw in parse_body("## Log\n\nloose words\n").flaws] == ["warning"]


def test_only_the_first_log_line_is_structure() -> None:
    body = parse_body("A\n```\n### no event\n```\n## Log\n\n### x\n## Log\n")
    assert body.description == "A\n```\n### no event\n```"


def edited(text: str, log: tuple[Event, ...], description: str | None = None) -> str:
    body = parse_body(text)
    return edit_body(text, body, body.description if description is None else description, log, "\n")


@given(MARKDOWN, events(), MARKDOWN, events())
def test_an_edit_reads_back_whatever_it_changes(
    description: str, log: tuple[Event, ...], description_after: str, log_after: tuple[Event, ...]
) -> None:
    text = edited(render_body(description, log), log_after, description_after)
    assert parse_body(text)[:2] == (description_after, log_after)
    if not any(old == new and heading_of(old) != heading_of(new) for old in log for new in log_after):
        # one instant may be written at two offsets, and then nothing has changed
        assert text == render_body(description_after, log_after)


def test_an_event_added_is_lines_added_at_the_end() -> None:
    text = LOGGED.removesuffix("\n")
    after = edited(text, (NOTE, NOTE._replace(id="e-bbbb")))
    assert after.startswith(text)
    assert parse_body(after).events == (NOTE, NOTE._replace(id="e-bbbb"))


def test_the_first_event_makes_the_log_and_taking_it_away_takes_the_log() -> None:
    assert edited("Words.", (NOTE,)) == LOGGED
    assert edited(LOGGED, ()) == "Words.\n"
    assert edited("", (NOTE,)) == LOGGED.removeprefix("Words.\n\n")


def test_a_changed_event_rewrites_its_chunk_only() -> None:
    text = "\n\nWords.   \n## Log\n### 2026-08-12T16:02:40Z note mlopez {#e-aaaa}\nodd\n### odd\n\n\n" + LOGGED[16:]
    before = parse_body(text)
    after = edited(text, (before.events[0], before.events[1]._replace(text="Other.")))
    changed = [line for line in difflib.ndiff(text.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert changed == ["- Called back.", "+ Other."]


def test_a_removed_event_leaves_the_others_byte_for_byte() -> None:
    log = (NOTE, NOTE._replace(id="e-bbbb"), NOTE._replace(id="e-cccc"))
    text = render_body("Words.", log)
    assert edited(text, (log[0], log[2])) == render_body("Words.", (log[0], log[2]))
    assert edited(text, log[:2]) == render_body("Words.", log[:2])


def test_a_changed_description_leaves_the_log_byte_for_byte() -> None:
    text = "\n\nOld\n\n## Log\nloose\n"
    assert edited(text, (), "New\n## Log") == "\n\nNew\n\\## Log\n\n## Log\nloose\n"
    assert edited(text, (), "") == "\n\n## Log\nloose\n"
