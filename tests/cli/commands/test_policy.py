"""`tk policy`: the policy checked alone, shown as it is written, and registers of holidays drafted."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from tests.world import Desk, run_here


def test_a_sound_policy_is_checked_without_the_tickets(desk: Desk) -> None:
    ticket = desk.ok("new", "Heater")
    desk.file(ticket).write_text("broken", encoding="utf-8")
    assert desk.run("check").code == 1
    done = desk.run("policy", "check")
    assert (done.code, done.out) == (0, "")
    assert "the policy was checked: 0 errors, 0 warnings" in done.err


def test_what_is_wrong_is_told_by_line_in_every_form(desk: Desk) -> None:
    with (desk.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write('[registers.x]\nfile = "registers/x.csv"\nkey = "date"\n')
        policy.write('[[deadline]]\nname = "d"\nclock = "resoluton"\ntarget = "8h"\n')
    done = desk.run("policy", "check", "--json")
    found = json.loads(done.out)["findings"]
    assert done.code == 1
    assert {(each["path"], each["code"]) for each in found} == {
        ("tk.toml", "no-start"),
        ("registers/x.csv", "missing-register"),
    }
    assert "did you mean resolution?" in desk.run("policy", "check").out
    assert "::error" in desk.run("policy", "check", "--format", "github").out


def test_warnings_fail_where_that_is_asked(desk: Desk) -> None:
    with (desk.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write('[[deadline]]\nname = "d"\nclock = "resolution"\ntarget = { low = "8h" }\n')
    assert desk.run("policy", "check").code == 0
    assert desk.run("policy", "check", "--strict").code == 1


def test_an_unknown_zone_of_a_calendar_is_told_where_it_stands(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    before = policy.read_text(encoding="utf-8").count("\n")
    with policy.open("a", encoding="utf-8") as text:
        text.write('[calendars.office]\nzone = "Europe/Atlantis"\nhours.mon = ["09:00-18:00"]\n')
    (found,) = json.loads(desk.run("policy", "check", "--json").out)["findings"]
    assert (found["code"], found["line"]) == ("bad-zone", before + 2)
    assert desk.run("new", "Heater").code == 2
    assert desk.run("list").code == 0


def test_the_policy_is_shown_as_it_is_written(desk: Desk) -> None:
    text = (desk.root / "tk.toml").read_text(encoding="utf-8")
    assert desk.ok("policy", "show") == text.rstrip("\n")
    section = desk.ok("policy", "show", "statuses")
    assert section in text or all(line in text for line in section.splitlines())
    assert "[statuses.open]" in section
    assert "[priorities]" not in section
    assert desk.ok("policy", "show", "[statuses]") == section
    assert list(json.loads(desk.ok("policy", "show", "statuses", "--json"))) == [
        "open",
        "in-progress",
        "solved",
        "closed",
    ]


def test_sections_in_several_places_and_their_remarks_belong_together(desk: Desk) -> None:
    with (desk.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write('\n# Of the first.\n[[require]]\nname = "a"\naction = "new"\nfields = ["owner"]\n')
        policy.write('[teams]\nours = "Ours"\n# Of the second.\n[[require]]\nname = "b"\naction = "new"\n')
        policy.write('fields = ["team"]\nfrom = 2026-01-01\n')
    assert desk.ok("policy", "show", "require") == (
        '# Of the first.\n[[require]]\nname = "a"\naction = "new"\nfields = ["owner"]\n'
        '# Of the second.\n[[require]]\nname = "b"\naction = "new"\nfields = ["team"]\nfrom = 2026-01-01'
    )
    held = json.loads(desk.ok("policy", "show", "require", "--json"))
    assert held[1]["from"] == "2026-01-01"


def test_the_policy_of_then(desk: Desk) -> None:
    policy = desk.root / "tk.toml"
    before = policy.read_text(encoding="utf-8")
    policy.write_text(before + '\n[teams]\nours = "Ours"\n', encoding="utf-8")
    desk.git("commit", "-qam", "Form a team")
    assert "[teams]" in desk.ok("policy", "show")
    assert desk.run("policy", "show", "teams", "--at", "HEAD^").code == 2


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("show", "statusses"), ["no section [statusses]", 'did you mean "statuses"?']),
        (("show", "nothing-like-it"), ["no section", "the choice is: desk"]),
        (("shwo",), ["there is no command 'policy shwo'", "did you mean `tk policy show`?"]),
        (("holidays", "Chil", "2026"), ['no country "Chil" is known', 'did you mean "CL (Chile)"?']),
        (("holidays", "Xyzzy", "2026"), ["no country", "such as CL or MX"]),
        (("holidays", "CL", "soon"), ['"soon" are no years', "2026-2030"]),
        (("holidays", "CL", "2030-2026"), ["2026 lies before 2030"]),
        (("holidays", "CL", "1960-2030"), ["71 years are too many; at most 50"]),
        (("holidays", "CL", "1200"), ["only the years from 1915 to 2100 are known"]),
        (("holidays", "CL", "2026", "--region", "QQ"), ['CL has no region "QQ"', "the choice is: AI"]),
        (("holidays", "CL", "2026", "-o", "."), [". is no ordinary file"]),
    ],
)
def test_what_makes_no_sense_is_told(desk: Desk, argv: tuple[str, ...], words: list[str]) -> None:
    done = desk.run("policy", *argv)
    assert (done.code, done.out) == (2, "")
    for word in words:
        assert word in done.err


def test_no_toml_cannot_be_shown(desk: Desk) -> None:
    (desk.root / "tk.toml").write_text("[desk\n", encoding="utf-8")
    done = desk.run("policy", "show")
    assert done.code == 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("country", "day", "name"), [("CL", "2026-09-18", "Independencia"), ("mexico", "2027-09-16", "")]
)
def test_holidays_come_as_a_register_in_the_language_spoken(country: str, day: str, name: str) -> None:
    done = run_here("--lang", "es", "policy", "holidays", country, "2026-2027")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    days = [date.fromisoformat(row["date"]) for row in rows]
    assert days == sorted(set(days))
    assert {each.year for each in days} == {2026, 2027}
    assert name in next(row["name"] for row in rows if row["date"] == day)


def test_holidays_go_into_a_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "registers" / "holidays.csv"
    done = run_here("-C", str(tmp_path), "policy", "holidays", "MX", "2026", "-o", "registers/holidays.csv")
    assert (done.code, done.out) == (0, "")
    assert "look them over" in done.err
    assert file.read_text(encoding="utf-8").startswith("date,name\n2026-01-01,")
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "registers").write_text("", encoding="utf-8")
    done = run_here("-C", str(tmp_path), "policy", "holidays", "MX", "2026", "-o", "registers/holidays.csv")
    assert done.code == 2
    assert "registers/holidays.csv" in done.err
