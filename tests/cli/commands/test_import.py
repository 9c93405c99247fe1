"""`tk import` and `tk export events` at the prompt: results, remarks, mistakes, in English and in Spanish."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.logs import LOG, MAP, PEOPLE, REAL, REAL_MAP
from tests.still import unchanged
from tests.world import Desk, run_here


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Return a desk that knows the people of the log, with log and map beside it."""
    policy = desk.root / "tk.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + PEOPLE, encoding="utf-8")
    desk.git("commit", "-qam", "people")
    (desk.root.parent / "log.csv").write_text(LOG, encoding="utf-8")
    (desk.root.parent / "map.toml").write_text(MAP, encoding="utf-8")
    return desk


IMPORT = ("import", "events", "../log.csv", "--map", "../map.toml")


def rows(text: str) -> list[tuple[tuple[str, str], ...]]:
    """Return the events of a log whatever their order and that of its columns."""
    header, *lines = csv.reader(io.StringIO(text))
    seen: Counter[str] = Counter()
    names = []
    for name in header:
        seen[name] += 1
        names.append(f"{name}#{seen[name]}")
    return sorted(tuple(sorted(zip(names, line, strict=True))) for line in lines)


def test_counts_are_the_result_and_what_was_left_out_is_said_beside(busy: Desk) -> None:
    log = busy.root.parent / "log.csv"
    log.write_text(LOG + "A-1,opend,2026-01-10 12:00:00,Raul,Tief,Tief,acme,,7\n", encoding="utf-8")
    result = busy.run(*IMPORT)
    assert result.out == "2 new tickets, 0 changed; 8 changes in 8 commits; there already: 0, left out: 1\n"
    assert result.err == '../log.csv:11:1: the map does not name the activity "opend": [activities] can\n'
    assert result.code == 0


def test_programs_get_every_count_and_finding(busy: Desk) -> None:
    done = json.loads(busy.ok(*IMPORT, "--json"))
    assert done == {
        "new": 2,
        "changed": 0,
        "arrived": 8,
        "known": 0,
        "findings": [],
        "commits": 8,
        "commit": busy.git("rev-parse", "HEAD"),
        "skipped": 0,
    }


def test_many_findings_are_counted(busy: Desk) -> None:
    lines = "".join(f"A-{number},opend,x,y,Tief,Tief,,,7\n" for number in range(30))
    (busy.root.parent / "log.csv").write_text(LOG.splitlines()[0] + "\n" + lines, encoding="utf-8")
    result = busy.run(*IMPORT)
    assert len(result.err.splitlines()) == 21
    assert "and 10 more; --json lists them all" in result.err
    assert len(json.loads(busy.ok(*IMPORT, "--json"))["findings"]) == 30


def test_a_dry_run_says_so_and_does_nothing(busy: Desk) -> None:
    with unchanged(busy):
        result = busy.run(*IMPORT, "--dry-run")
    assert result.out.startswith("2 new tickets")
    assert result.err == "nothing was done: this was a dry run\n"


def test_a_log_goes_out_by_its_map_as_it_came_in(busy: Desk) -> None:
    (busy.root.parent / "map.toml").write_text(MAP.replace(', text = "{What} by {who}"', ""), encoding="utf-8")
    busy.ok(*IMPORT)
    header, *lines = csv.reader(io.StringIO(LOG))
    kept = io.StringIO()
    sheet = csv.writer(kept)
    sheet.writerows([header[:-1], *(line[:-1] for line in lines)])  # without the column that the map ignores
    out = busy.ok("export", "events", "--map", "../map.toml")
    assert "'=1+1" in out
    assert rows(out.replace("'=1+1", "=1+1")) == rows(kept.getvalue())


def test_stdin_is_a_file_too(busy: Desk) -> None:
    result = busy.tk("import", "events", "-", "--map", "../map.toml", stdin=LOG)
    assert (result.code, result.out.split(";")[0]) == (0, "2 new tickets, 0 changed")


def test_a_name_from_elsewhere_finds_the_ticket(busy: Desk) -> None:
    busy.ok(*IMPORT)
    assert "title:\tCase B 2: first line second line" in busy.ok("show", "B 2")
    assert busy.run("show", "B").code == 1


@pytest.mark.parametrize(
    ("argv", "why", "code"),
    [
        (("import", "events", "../nowhere.csv", "--map", "../map.toml"), "../nowhere.csv: No such file", 2),
        (("import", "events", "../log.csv", "--map", "../nowhere.toml"), "../nowhere.toml: No such file", 2),
        (("import", "events", "../log.csv"), "tk did not write ../log.csv: --map says how to read it", 2),
        (("import", "tickets", "../log.csv"), "--map says how ../log.csv is to be read", 2),
        (("import", "events", "..", "--map", "../map.toml"), "..: Is a directory", 2),
        (("import", "evnts", "x"), "did you mean `tk import events`?", 2),
        (("import", "events"), "missing argument", 2),
        ((*IMPORT, "--strct"), "there is no option --strct", 2),
        (("import", "events", "../tk.toml", "--map", "../tk.toml"), "../tk.toml: No such file", 2),
        (("import", "events", "../log.csv", "--map", "tk.toml"), "unknown key `desk` in tk.toml", 2),
    ],
)
def test_mistakes_are_told_and_nothing_is_done(busy: Desk, argv: tuple[str, ...], why: str, code: int) -> None:
    with unchanged(busy):
        result = busy.run(*argv)
    assert (result.code, result.out) == (code, "")
    assert why in result.err
    assert "Traceback" not in result.err


def test_strictly_it_is_refused_with_a_code_for_programs(busy: Desk) -> None:
    (busy.root.parent / "log.csv").write_text(LOG.replace("2026-01-05 09:10:00", "?"), encoding="utf-8")
    with unchanged(busy):
        result = busy.run(*IMPORT, "--strict", "--json")
    assert result.code == 1
    told = json.loads(result.err)
    assert (told["error"], told["hint"]) == ("strict", "nothing was imported: 1 rows cannot be")


def test_no_word_of_the_file_acts_on_a_terminal(busy: Desk) -> None:
    (busy.root.parent / "log.csv").write_text(LOG.replace("A-1,opened", "A-1,\x1b[31mred"), encoding="utf-8")
    assert "\x1b" not in busy.run(*IMPORT).err


def test_in_spanish(busy: Desk) -> None:
    told = run_here("-C", str(busy.root), "--lang", "es", *IMPORT, "--dry-run")
    assert told.out.startswith("2 tickets nuevos, 0 modificados; 8 cambios en 0 commits")
    assert "no se hizo nada" in told.err
    helped = run_here("--lang", "es", "import", "--help").out
    assert "Ejemplo:" in helped
    assert "Importa un registro de eventos" in helped
    assert "Importa un registro de eventos" in run_here("--lang", "es", "import", "events", "--help").out


@pytest.mark.parametrize(
    "argv", [("import", verb) for verb in ("events", "tickets", "folder")] + [("export", "events")]
)
def test_each_has_help_with_an_example(argv: tuple[str, ...]) -> None:
    told = run_here(*argv, "--help").out
    assert f"  tk {' '.join(argv)} " in told.partition("Example:")[2]
    assert max(map(len, told.splitlines())) <= 80


def test_the_demo_runs_on_a_log_as_it_was_published(tmp_path: Path) -> None:
    """An excerpt of the suite's own making, in the dress of the real log."""
    header = (
        "Case ID,Activity,Resource,Complete Timestamp,Variant,Variant index,Variant,seriousness,customer,product,"
        "responsible_section,seriousness_2,service_level,service_type,support_section,workgroup\n"
    )
    rest = ",Variant 1,1,Variant 1,Value 1,Value 3,Value 2,Value 1,Value 1,Value 2,Value 1,Value 1,Value 1\n"
    events = (("Assign seriousness", 1, "09 14:50:17"), ("Closed", 22, "10 08:00:00"), ("Closed", 22, "10 08:00:00"))
    log = tmp_path / "log.csv"
    lines = (f"Case 1820,{activity},Value {who},2012/10/{day}.000{rest}" for activity, who, day in events)
    log.write_text(header + "".join(lines), encoding="utf-8")
    result = run_here("demo", str(tmp_path / "desk"), "--real", str(log))
    assert result.code == 0, result
    assert "1 new ticket, 0 changed; 3 changes in 3 commits" in result.out
    desk = Desk(tmp_path / "desk")
    assert rows(desk.ok("export", "events", "--map", str(REAL_MAP))) == rows(log.read_text(encoding="utf-8"))
    assert "there is no such file" in run_here("demo", "--real", str(tmp_path / "no.csv")).err


@pytest.mark.skipif(not REAL.exists(), reason=f"the real log is not here: {REAL.name} lies beside the project")
def test_the_real_log_comes_in_and_goes_out_event_by_event(tmp_path: Path) -> None:
    """21,348 events of 4,580 tickets in one pass, known again the next time, lawful, and the same when exported."""
    root = tmp_path / "desk"
    assert run_here("demo", str(root), "--real", str(REAL)).code == 0
    desk = Desk(root)
    assert desk.git("rev-list", "--count", "HEAD") == str(21_348 + 2)
    assert len(list(root.glob("tickets/*/*/*/*.md"))) == 4_580
    exported = desk.ok("export", "events", "--map", str(REAL_MAP))
    assert rows(exported) == rows(REAL.read_text(encoding="utf-8"))
    assert desk.git("status", "--porcelain") == ""
    time = json.loads(desk.ok("report", "time", "--json"))["totals"]["first_to_last"]
    assert (time["tickets"], time["mean_days"], time["median_days"]) == (4_580, 40.858, 39.859)
    ways = json.loads(desk.ok("report", "paths", "--by", "activity", "--json"))["totals"]
    assert ways == {"tickets": 4_580, "variants": 226, "activities": 14}


def test_what_nobody_is_said_to_have_done_is_the_importers(busy: Desk) -> None:
    (busy.root.parent / "log.csv").write_text("Case,What,When\nA,opened,2026-01-05T09:00:00Z\n", encoding="utf-8")
    held = '[columns]\ncase = "Case"\nactivity = "What"\nat = "When"\n[activities]\nopened = "note"\n'
    (busy.root.parent / "map.toml").write_text(held, encoding="utf-8")
    busy.ok(*IMPORT)
    told = json.loads(busy.ok("show", "A", "--json"))
    assert (told["creator"], told["events"][0]["by"]) == ("mlopez", "mlopez")
    assert json.loads(busy.ok(*IMPORT, "--json"))["known"] == 1
    assert busy.run("audit", "--strict").code == 0
