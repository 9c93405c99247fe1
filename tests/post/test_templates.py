"""Templates of letters: found by language, read-only, kept inside their folder, and ending by themselves."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.services.office import Office
from tk.post.templates import BadTemplate, Templates

GIVEN: Mapping[str, object] = {
    "ticket": {
        "id": "TK-260812-7K3QX",
        "title": "Caldera",
        "created": "2026-08-12T09:14:03-05:00",
        "owner": None,
        "tags": ["vip", "gas"],
        "fields": {"items": "3", "level": 2},
        "events": [{"text": "uno", "by": "ana"}, {"text": "dos", "by": "raul"}],
    },
    "big": "x" * 900,
}


@pytest.fixture
def room(office: Office) -> Office:
    """Return a desk with folders for templates."""
    for language in ("en", "es"):
        (office.root / "templates" / language).mkdir(parents=True)
    return office


def write(room: Office, text: str, name: str = "en/letter") -> Path:
    file = room.root / "templates" / f"{name}.txt.j2"
    file.write_text(text, encoding="utf-8")
    return file


def rendered(room: Office, text: str, languages: tuple[str, ...] = ("en",)) -> str:
    write(room, text)
    return Templates(room.opened()).render("letter", languages, GIVEN)


def fault(room: Office, text: str) -> BadTemplate:
    with pytest.raises(BadTemplate) as caught:
        rendered(room, text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{{ ticket.id }}: {{ ticket.title }}", "TK-260812-7K3QX: Caldera"),
        ("[{{ ticket.owner }}]", "[]"),
        ("{{ ticket.created|when }}", "2026-08-12 09:14"),
        ("{{ ticket.created|when('%d/%m/%Y') }}", "12/08/2026"),
        ("{{ ticket.tags|join(', ') }}", "vip, gas"),
        ("{{ ticket.events|join('; ', attribute='text') }}", "uno; dos"),
        ("{{ ticket.events[-1].text }} {{ ticket.title[:4] }}", "dos Cald"),
        ("{{ ticket.fields.items }} {{ ticket.fields['level'] + 1 }}", "3 3"),
        ("{% for k, v in ticket.fields|items %}{{ k }}={{ v }} {% endfor %}", "items=3 level=2 "),
        ("{% for e in ticket.events if e.by == 'ana' %}{{ loop.index }} {{ e.text }}{% endfor %}", "1 uno"),
        ("{% macro say(e) %}<{{ e.text }}>{% endmacro %}{{ say(ticket.events[0]) }}", "<uno>"),
        ("{{ 'a' ~ 1 ~ 'b' }}{{ 'c' + 'd' }}", "a1bcd"),
        ("{% set n = namespace(x=1) %}{% set n.x = n.x + 1 %}{{ n.x }}", "2"),
        ("\n\n  x\n\n", "  x"),
        ("<b>{{ '<&' }}</b>", "<b><&</b>"),
        ("{% if ticket.nothing is defined %}y{% else %}n{% endif %}", "n"),
        ("{{ ticket.nothing|default('-') }}", "-"),
        ("{{ 'ana' in ['ana', 'raul'] }} {{ {'a': 1}.a }} {{ (1, 2)|join('/') }}", "True 1 1/2"),
        ("{% include ['none.txt.j2', '_foot.txt.j2'] ignore missing %}x", "x"),
        (
            "{{ ticket.title|wordwrap(5) }}|{{ ticket.title|indent(4) }}|{{ 'x y'|truncate(255) }}",
            "Calde\nra|Caldera|x y",
        ),
    ],
)
def test_it_says_what_the_ticket_says(room: Office, text: str, made: str) -> None:
    assert rendered(room, text) == made


def test_parts_are_put_in_from_the_same_folders(room: Office) -> None:
    write(room, "Saludos, {{ ticket.title }}", "es/_foot")
    write(room, "{% block body %}{% endblock %}\n\n--\n{% include '_foot.txt.j2' %}", "en/_base")
    write(room, "{% macro hi() %}hi{% endmacro %}", "en/_macros")
    text = "{% extends '_base.txt.j2' %}{% from '_macros.txt.j2' import hi %}{% block body %}{{ hi() }}!{% endblock %}"
    assert rendered(room, text, ("en", "es")) == "hi!\n--\nSaludos, Caldera"


def test_the_language_wanted_goes_before_the_desks_own_and_that_before_any(room: Office) -> None:
    templates = Templates(room.opened())
    own = room.opened().policy.desk.own_language
    (room.root / "templates" / "pt").mkdir()
    assert templates.order("pt") == ("pt", own, *(other for other in ("en", "es") if other != own))
    assert templates.order("../x")[0] == own
    write(room, "português", "pt/letter")
    assert templates.render("letter", templates.order(None), GIVEN) == "português"
    write(room, "own", f"{own}/letter")
    assert templates.render("letter", templates.order(None), GIVEN) == "own"
    assert templates.render("letter", templates.order("pt"), GIVEN) == "português"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a\n{{ ticket.nothing }}", 2, 'there is no "nothing" to read'),
        ("{{ nothing }}", 1, 'there is no "nothing" to read'),
        ("a\n\n{% if x", 3, "unexpected end of template"),
        ("{% endfor %}", 1, "endfor"),
        ("a\n{{ ticket.title.upper() }}", 2, "upper"),
        ("{{ ticket.title.__class__ }}", 1, "__class__"),
        ("{{ ''['__class__'] }}", 1, "__class__"),
        ("{{ ''|attr('__class__') }}", 1, "attr"),
        ("{{ ticket.events }}", 1, "a list cannot be printed: loop over it, or join it"),
        ("{{ ticket }}", 1, "a list cannot be printed: loop over it, or join it"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ '%s' % 1 }}", 1, "% is not for these values"),
        ("{{ range(3)|join }}", 1, "range"),
        ("{{ lipsum() }}", 1, "lipsum"),
        ("{% import 'os' as os %}", 1, 'there is no template "os" beside it'),
        ("{{ self.__init__.__globals__ }}", 1, "__globals__"),
        ("{{ namespace.__init__ }}", 1, "__init__"),
    ],
)
def test_what_cannot_be_rendered_is_told_by_file_and_line(room: Office, text: str, line: int, why: str) -> None:
    bad = fault(room, text)
    assert (bad.path, bad.line) == ("templates/en/letter.txt.j2", line)
    assert why in str(bad.why)
    assert str(bad.message).startswith(f"templates/en/letter.txt.j2:{line}: ")


@pytest.mark.parametrize(
    "name",
    [
        "../../tk.toml",
        "/etc/passwd",
        "../en/letter.txt.j2",
        "en/letter.txt.j2",
        "..",
        ".hidden",
        "a\\\\b",
        "./letter.txt.j2",
        "outside.txt.j2",
        "ticket.txt.j2",
    ],
)
def test_nothing_outside_its_folders_is_read(room: Office, tmp_path: Path, name: str) -> None:
    """A link out of the desk, and one to another folder in it, lead to nothing."""
    (tmp_path / "secret").write_text("secret")
    (room.root / "templates/en/outside.txt.j2").symlink_to(tmp_path / "secret")
    (room.root / "templates/en/ticket.txt.j2").symlink_to(room.root / "tk.toml")
    bad = fault(room, f"\n{{% include '{name}' %}}")
    assert (bad.path, bad.line) == ("templates/en/letter.txt.j2", 2)
    assert "there is no template" in str(bad.why)


def test_a_folder_of_templates_that_leads_elsewhere_has_none(office: Office, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "letter.txt.j2").write_text("secret")
    (office.root / "templates").symlink_to(tmp_path)
    with pytest.raises(BadTemplate, match="there is no such template"):
        Templates(office.opened()).render("letter", ("en",), GIVEN)


@pytest.mark.parametrize(
    "text",
    [
        # loops in loops in loops
        "{% for a in big %}{% for b in big %}{% for c in big %}{% set d = 1 %}{% endfor %}{% endfor %}{% endfor %}",
        # macros that call themselves, deep or wide
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        # a letter that includes itself
        "{% include 'letter.txt.j2' %}",
        "{% extends 'letter.txt.j2' %}",
        # texts and numbers that double
        "{% set a = big %}" + "{% set a = a ~ a %}" * 40,
        "{% set a = big %}" + "{% set a = a + a %}" * 40,
        "{% set a = big %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40,
        "{% set a = [big] %}" + "{% set a = [a|join, a|join] %}" * 40 + "{{ a|join }}",
        "{% set a = 9999 %}" + "{% set a = a * a %}" * 40,
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 'x'|indent(1000000000) }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{% for a in big %}" + "y" * 5000 + "{% endfor %}",
        "{% for a in big recursive %}{{ loop(big) }}{% endfor %}",
        "{% set l = [big, big] %}" + "{% set l = [l, l] %}" * 60 + "{{ l }}",
        "{% set a = [1] %}{% set b = [1] %}" + "{% set a = [a, a] %}{% set b = [b, b] %}" * 40 + "{{ a == b }}",
        "{% set a = {'x': 1} %}" + "{% set a = {'x': a, 'y': a} %}" * 40 + "{{ a == a }}",
        "{% set a = (1, 2) %}" + "{% set a = (a, a) %}" * 40 + "{{ a in [a] }}",
        "{% macro f(n) %}{% if n %}{{ f(varargs, varargs) }}{% endif %}{% endmacro %}{{ f(1) }}",
        "{% set a = big %}" + "{% set a = a|wordwrap(1, wrapstring=a) %}" * 10,
        "{% set a = big %}" + "{% set a = a|indent(a) %}" * 10,
        "{% set a %}" + "\n" * 5000 + "{% endset %}{{ a|indent(1000) }}",
        "{% set n = namespace(x=big) %}{% for a in big %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "x" * 70_000,
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "".join(f"{{% for a{n} in big %}}" for n in range(25)) + "{% endfor %}" * 25,
    ],
    ids=lambda text: text[:40],
)
def test_a_template_that_would_not_end_ends_by_itself(room: Office, text: str) -> None:
    bad = fault(room, text)
    assert bad.path == "templates/en/letter.txt.j2"
    assert str(bad.why)


def test_a_letter_as_long_as_any_is_written(room: Office) -> None:
    made = rendered(room, "{% for c in big %}{{ loop.index }}. {{ ticket.title }}\n{% endfor %}")
    assert made.count("\n") == 899


def test_a_template_that_is_no_text_is_told(room: Office) -> None:
    write(room, "").write_bytes(b"\xff\xfe")
    with pytest.raises(BadTemplate, match=r"templates/en/letter\.txt\.j2: not UTF-8 text"):
        Templates(room.opened()).render("letter", ("en",), GIVEN)


def test_what_a_template_reads_cannot_be_changed_by_it(room: Office) -> None:
    for text in ("{% set ticket.title = 'x' %}", "{% do ticket.tags.append('x') %}", "{{ ticket.tags.append('x') }}"):
        fault(room, text)
