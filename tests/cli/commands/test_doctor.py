"""`tk doctor`: what a desk stands on."""

import json

import pytest

from tests.world import Desk
from tk.cli.commands import doctor
from tk.services.doctor import TOPICS

ABOUT = ["git", "repository", "identity", "policy", "tickets", "merging", "state"]


def test_a_sound_desk_is_good_all_over(desk: Desk) -> None:
    desk.ok("new", "Heater")
    result = desk.run("doctor")
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert [line[:5] for line in lines] == ["ok   "] * len(ABOUT)
    assert [line[5:].split(":")[0] for line in lines] == ABOUT
    assert "you are mlopez" in result.out


def test_every_topic_of_the_service_has_a_word_for_people() -> None:
    assert set(doctor._ABOUT) == set(TOPICS)


@pytest.mark.parametrize(("language", "word"), [("en", "signing"), ("es", "firmas")])
def test_a_signed_desk_is_told_whether_git_signs(desk: Desk, language: str, word: str) -> None:
    policy = desk.root / "tk.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace('zone = "', 'signed = true\nzone = "', 1))
    result = desk.run("--lang", language, "doctor")
    assert result.code == 1
    assert f" {word}:" in result.out
    about = [sign["about"] for sign in json.loads(desk.run("doctor", "--json").out)]
    assert about == [topic for topic in TOPICS if topic in {*ABOUT, "signing"}]


def test_a_program_reads_verdict_message_and_remedy(desk: Desk) -> None:
    signs = json.loads(desk.ok("doctor", "--json"))
    assert all(list(sign) == ["about", "verdict", "message", "remedy"] for sign in signs)
    assert [sign["about"] for sign in signs] == ABOUT


def test_a_stranger_is_told_how_to_become_a_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "stranger@example.com")
    result = desk.run("doctor")
    assert result.code == 0
    assert (
        "note identity:    stranger@example.com is no person of this desk and acts as anyone\n"
        "                  add yourself to [people] in tk.toml\n"
    ) in result.out


def test_a_broken_ticket_is_bad(desk: Desk) -> None:
    desk.file(desk.ok("new", "Heater")).write_text("", encoding="utf-8")
    result = desk.run("doctor")
    assert result.code == 1
    assert "\nbad  tickets:     1 ticket cannot be read\n                  tk check\n" in result.out
