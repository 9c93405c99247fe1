"""Templates tried by `tk check`: of the desk, and those that come with presets."""

import json
import re
from pathlib import Path

import pytest

from tests.policies import desk_policy
from tests.post.desk import template
from tests.services.office import Office
from tests.world import ROOT, run_here
from tk.core.finding import Finding
from tk.post.trial import sample, try_templates
from tk.post.view import view
from tk.post.writer import NO_ANSWER
from tk.store import presets


def found(office: Office) -> list[tuple[str, int, str, str]]:
    return [(f.path, f.line, f.code, str(f.message)) for f in try_templates(office.opened())]


def line_of(office: Office, text: str) -> int:
    lines = (office.root / "tk.toml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line == text) - 1


def test_right_templates_are_no_finding(mailroom: Office) -> None:
    assert found(mailroom) == []
    assert mailroom.ok("check", "--strict") == ""


def test_a_notice_whose_template_is_not_there_is_told_at_its_line(mailroom: Office) -> None:
    for language in ("en", "es"):
        template(mailroom, f"{language}/received", "").unlink()
    line = line_of(mailroom, 'name = "received"')
    message = "[[notify]] received needs a template that is not there: templates/en/received.txt.j2"
    assert found(mailroom) == [("tk.toml", line, "missing-template", message)]
    told = mailroom.run("check")
    assert (told.code, told.out) == (1, f"tk.toml:{line}:1: error[missing-template] {message}\n")


def test_one_language_is_enough(mailroom: Office) -> None:
    template(mailroom, "es/received", "").unlink()
    template(mailroom, "pt/received", "Olá")
    template(mailroom, "en/received", "").unlink()
    assert found(mailroom) == []


def test_each_language_is_tried(mailroom: Office) -> None:
    template(mailroom, "es/received", "Hola\n{{ ticket.nombre }}\n")
    template(mailroom, "en/unused", "{% if %}")
    template(mailroom, "en/_part", "{% if %}")
    template(mailroom, "en/looping", "{% for a in ticket.title * 1000000 %}{% endfor %}")
    template(mailroom, "en/binary", "").write_bytes(b"\xff")
    assert [(path, line, code) for path, line, code, _ in found(mailroom)] == [
        ("templates/en/binary.txt.j2", 1, "bad-template"),
        ("templates/en/looping.txt.j2", 1, "bad-template"),
        ("templates/en/unused.txt.j2", 1, "bad-template"),
        ("templates/es/received.txt.j2", 2, "bad-template"),
    ]
    told = json.loads(mailroom.run("check", "--json").out)["findings"]
    assert told[-1]["message"] == 'there is no "nombre" to read'
    one = mailroom.run("check", "templates/es")
    assert (one.code, one.out.count("\n")) == (1, 1)
    assert mailroom.run("check", "tk.toml").out == ""


def test_a_desk_that_writes_no_letters_tries_none(office: Office) -> None:
    template(office, "en/unused", "{% if %}")
    assert office.run("check").out.count("bad-template") == 0


@pytest.mark.parametrize("preset", presets.names())
def test_the_letters_of_presets_render_in_each_language(tmp_path: Path, preset: str) -> None:
    assert run_here("init", str(tmp_path / "desk"), "--preset", preset).code == 0
    told = json.loads(run_here("-C", str(tmp_path / "desk"), "check", "--json").out)["findings"]
    assert [finding for finding in told if finding["code"].endswith("-template")] == []
    folder = tmp_path / "desk" / "templates"
    assert [place.name for place in sorted(folder.glob("en/*"))] == [
        place.name for place in sorted(folder.glob("es/*"))
    ]


def test_the_examples_of_the_documents_are_right(office: Office) -> None:
    guide = (ROOT / "docs/letters.md").read_text(encoding="utf-8")
    (policy,) = re.findall(r"^```toml\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    (text,) = re.findall(r"^```jinja\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    with (office.root / "tk.toml").open("a", encoding="utf-8") as file:
        file.write(policy)
    for name in ("received", "solved", "_closing"):
        template(office, f"en/{name}", text if name != "_closing" else "{{ desk.name }}\n")
    assert office.ok("check", "--strict") == ""
    read = {*view(desk_policy(), "en", None, sample(desk_policy()), "x"), *NO_ANSWER, "to", "cause"}
    named = re.findall(r"^\| (`.*?`) \|", guide.partition("| name | what it holds |")[2], re.MULTILINE)
    assert {word for row in named for word in re.findall(r"`(\w+)`", row)} == read


def test_findings_are_values(mailroom: Office) -> None:
    template(mailroom, "es/received", "{{ x }}")
    (finding,) = try_templates(mailroom.opened())
    assert isinstance(finding, Finding)
    assert finding.is_error
