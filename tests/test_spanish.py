"""tk in Spanish: help, refusals, times, remarks and tables, while names for programs and in commits stay English."""

import json
import re
from pathlib import Path

import pytest

from tests.world import Desk, Result, run_here
from tk.cli.group import rows

COMMANDS = [row.name for row in rows()]

ENGLISH = re.compile(
    r"\b(usage|options?|example|show|print|the|this|with|and|of|is|not|error:|hint|invalid|missing|required|default"
    r"|unknown|did you mean|must|cannot|one|ago|warnings?|tickets? checked|commits? audited)\b",
    re.IGNORECASE,
)
"""Words that give an English sentence away."""

TYPED = re.compile(
    r'`[^`]*`|"[^"]*"|--?[a-z][a-z-]*|\[[^\]]*\]|\{[^}]*\}|tk [a-z]+ .*|[A-Z]{2,}'
    r"|\b(json|markdown)\b|\b[a-z]+:(?= )|^  [a-z]+  ",
    re.MULTILINE,
)
"""What people type and programs read, in whatever language."""


def prose(text: str) -> str:
    """Return a text without what people type."""
    return TYPED.sub(" ", text)


@pytest.fixture
def mesa(desk: Desk) -> Desk:
    """Return a desk whose language is Spanish."""
    policy = desk.root / "tk.toml"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace('language = "en"', 'language = "es"'), encoding="utf-8"
    )
    desk.git("commit", "--quiet", "--all", "--message", "Speak Spanish")
    return desk


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_holds_no_english(name: str) -> None:
    result = run_here("--lang", "es", *filter(None, [name]), "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Uso: tk")
    assert "Ejemplo:" in result.out
    assert "Opciones:" in result.out
    assert "Muestra esta ayuda y termina." in result.out
    assert ENGLISH.findall(prose(result.out)) == []


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (
            ("new",),
            "tk: falta el argumento 'TITLE'\nuso: tk new [OPCIONES] TITLE\nayuda: `tk new --help` explica el uso",
        ),
        (
            ("list", "--jsn"),
            "tk: no existe la opción --jsn\nuso: tk list [OPCIONES] [QUERY]...\nayuda: ¿quiso decir --json?",
        ),
        (("show", "a", "b"), "tk: hay un argumento de más (b)\n"),
        (("show", "a", "b", "c"), "tk: hay argumentos de más (b c)\n"),
        (("new", "x", "--tag"), "tk: la opción '--tag' necesita un argumento\n"),
        (("list", "--json=1"), "tk: la opción '--json' no lleva valor\n"),
        (("list", "--format", "xml"), "tk: valor no válido para '--format': 'xml' no es ninguno de 'table', "),
        (("list", "--json", "--format", "csv"), "--json y --format csv se contradicen"),
        (("lst",), "tk: no existe el comando 'lst'\nayuda: ¿quiso decir `tk list`?\n"),
        (("set", "x"), "tk: falta el argumento 'KEY=VALUE...'\n"),
        (("-C", "nowhere", "list"), "tk: -C nowhere: no existe esa carpeta\n"),
    ],
)
def test_wrong_usage_is_told_in_spanish(argv: tuple[str, ...], told: str) -> None:
    result = run_here("--lang", "es", *argv)
    assert (result.code, result.out) == (2, "")
    assert told in result.err


def test_outside_a_desk_the_locale_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    result = run_here("-C", str(tmp_path), "list")
    assert result == (2, "", f"tk: no es una mesa: no hay tk.toml en {tmp_path} ni más arriba\nayuda: tk init\n")
    assert run_here("--help").out.startswith("Uso: tk")
    assert run_here("--lang", "en", "--help").out.startswith("Usage: tk")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ("LANG=es_ES.UTF-8", "es"),
        ("LANG=es", "es"),
        ("LC_MESSAGES=es_PE.UTF-8 LANG=en_US.UTF-8", "es"),
        ("LC_ALL=es_CL@x LC_MESSAGES=en_US LANG=en_US.UTF-8", "es"),
        ("LC_ALL=en_US.UTF-8 LANG=es_ES.UTF-8", "en"),
        ("LC_ALL= LANG=es_ES.UTF-8", "es"),
        ("LANGUAGE=es LANG=en_US.UTF-8", "es"),
        ("LANGUAGE=qu:es_PE:en LANG=en_US.UTF-8", "es"),
        ("LANGUAGE=en LANG=es_ES.UTF-8", "en"),
        ("LANGUAGE=qu LANG=es_ES.UTF-8", "es"),
        ("LANGUAGE=es LANG=C.UTF-8", "en"),
        ("LANGUAGE=es LC_ALL=C LANG=es_ES.UTF-8", "en"),
        ("LANG=est", "en"),
    ],
)
def test_a_locale_is_heeded_as_gettext_heeds_it_installed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: str, language: str
) -> None:
    for name, value in (each.split("=") for each in variables.split(" ")):
        monkeypatch.setenv(name, value)
    usage = {"es": "Uso: tk", "en": "Usage: tk"}[language]
    assert run_here("-C", str(tmp_path), "--help").out.startswith(usage)
    assert run_here("-C", str(tmp_path), "--lang", "es", "init", "desk").code == 0
    assert f'language = "{language}"' in (tmp_path / "desk/tk.toml").read_text(encoding="utf-8")


def test_the_locale_reaches_a_process_of_its_own(mesa: Desk) -> None:
    outside = Desk(mesa.root.parent)
    assert outside.tk("list", LANG="es_CL.UTF-8").err.startswith("tk: no es una mesa: ")
    assert mesa.tk("list", "is:nada", LANG="en_US.UTF-8").err.endswith("\n")
    assert (
        "esta mesa" in mesa.tk("show", "zzz", LANG="en_US.UTF-8").err or "ningún ticket" in mesa.tk("show", "zzz").err
    )


def test_a_refusal_names_the_ways_in_the_desk_s_words(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    mesa.ok("advance", ticket, "cerrado")
    result = mesa.run("advance", ticket, "en curso")
    assert result.code == 1
    assert re.fullmatch(
        rf"tk: {ticket}: no se puede pasar de Cerrado a En curso \(tk\.toml:\d+\)\n"
        r"ayuda: desde Cerrado puede pasar a: Abierto\n",
        result.err,
    )


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (
            ("advance", "{id}", "resulto"),
            "tk: valor desconocido de status: «resulto»\nayuda: ¿quiso decir «Resuelto»?\n",
        ),
        (
            ("set", "{id}", "priority=urgnt"),
            "tk: valor desconocido de priority: «urgnt»\nayuda: ¿quiso decir «urgent»?\n",
        ),
        (
            ("assign", "{id}", "pepe"),
            "tk: persona o equipo desconocido: «pepe»\nayuda: las personas y los equipos son: ",
        ),
        (("set", "{id}", "status=open"), "tk: «status» no se cambia con set: tiene su propio comando\nayuda: use: tk "),
        (("set", "{id}", "priority"), "tk: «priority» no tiene la forma KEY=VALUE\nayuda: por ejemplo priority=high\n"),
        (("log", "{id}", "note"), "tk: ¿qué ocurrió? falta el texto\nayuda: indíquelo con -m TEXT o -F FILE\n"),
        (
            ("list", "estatus:open"),
            "tk: «estatus:open»: una consulta no tiene el campo «estatus»\nayuda: ¿quiso decir ",
        ),
        (
            ("audit", "nowhere"),
            "tk: git no conoce ninguna revisión ni rango «nowhere»\nayuda: escríbalo como en git log",
        ),
    ],
)
def test_what_a_desk_does_not_know_is_told_in_spanish(mesa: Desk, argv: tuple[str, ...], told: str) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    result = mesa.run(*(word.format(id=ticket) for word in argv))
    assert result.code == 2
    assert result.err.startswith(told)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-08-12T09:14:30-05:00", "ahora mismo"),
        ("2026-08-12T09:20:03-05:00", "hace 6 min"),
        ("2026-08-12T12:14:03-05:00", "hace 3 h"),
        ("2026-08-13T10:14:03-05:00", "hace 1 día"),
        ("2026-08-15T10:14:03-05:00", "hace 3 días"),
    ],
)
def test_times_are_told_as_people_say_them(mesa: Desk, now: str, told: str) -> None:
    mesa.ok("new", "Calentador no enciende")
    mesa.now = now
    assert mesa.run("list", terminal=True).out.splitlines()[1].endswith(told)


def test_days_and_numbers_are_written_as_in_spanish(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    mesa.now = "2026-12-24T09:14:03-05:00"
    assert plain(mesa.run("list", terminal=True)).splitlines()[1].endswith("  12 ago")
    assert "12 ago 2026 09:14\n" in plain(mesa.run("show", ticket, terminal=True))
    assert "12 Aug 2026 09:14\n" in plain(mesa.run("--lang", "en", "show", ticket, terminal=True))
    assert "created:\t2026-08-12T" in mesa.ok("show", ticket)


def test_a_terminal_reads_tables_and_tickets_in_spanish(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende", "--priority", "alta", "--owner", "me")
    listed = mesa.run("list", terminal=True)
    assert plain(listed).split("\n")[0].split() == ["ID", "ESTADO", "PRIORIDAD", "RESPONSABLE", "TÍTULO", "CAMBIO"]
    shown = plain(mesa.run("show", ticket, terminal=True))
    assert "estado:        Abierto (open)\n" in shown
    assert "prioridad:     Alta (high)\n" in shown
    assert "responsable:   María López (mlopez)\n" in shown
    told = plain(mesa.run("history", ticket, terminal=True))
    assert "    prioridad: Alta\n" in told
    assert "MODELO" in plain(mesa.run("presets", terminal=True))


def test_an_edit_by_hand_is_told_as_not_committed_yet(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    file = mesa.file(ticket)
    file.write_text(file.read_text(encoding="utf-8").replace("no enciende", "gotea"), encoding="utf-8")
    assert "todavía sin commit" in mesa.ok("history", ticket)


def test_remarks_count_in_spanish(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    assert mesa.run("check").err == "revisión de 1 ticket: 0 errores, 0 avisos\n"
    assert mesa.run("audit").err == "auditoría de 3 commits: 0 rechazos, 0 sin poder juzgar\n"
    file = mesa.file(ticket)
    file.write_text(file.read_text(encoding="utf-8").replace("status: open", "status: cerado"), encoding="utf-8")
    result = mesa.run("check")
    assert result.err == "revisión de 1 ticket: 1 error, 0 avisos\n"
    assert "error[unknown-status] en esta mesa no hay status «cerado»; ¿quiso decir «Cerrado»?" in result.out


def test_a_warning_is_an_aviso(mesa: Desk) -> None:
    file = mesa.file(mesa.ok("new", "Calentador no enciende"))
    file.write_text(
        file.read_text(encoding="utf-8").replace("status: open", "status: open\ncolor: red"), encoding="utf-8"
    )
    assert ": aviso[unknown-field] clave desconocida color; se conserva, " in mesa.run("check").out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("format = 1 ", 'format = "1" ', "desk.format debe ser un número entero, no texto"),
        ("format = 1 ", "format = 09:14:03 ", "desk.format debe ser un número entero, no una hora"),
        ('start = "open" ', "start = [1] ", "desk.start debe ser texto, no una lista"),
        ('start = "open" ', 'start = "opn" ', "no hay estado «opn»; ¿quiso decir «open»?"),
        ('prefix = "TK" ', 'prefix = "tk-" ', "un prefijo lleva hasta diez mayúsculas y cifras"),
        ('language = "es"', 'language = "spanish"', "un idioma son dos letras, como es"),
        ('"supervisor", "agent"]', '"supervisor", "agente"]', "no hay rol «agente»; ¿quiso decir «agent»?"),
        ('email = "mlopez@example.com"', "email = 3", "debe ser texto o una lista, no un número"),
        ('inverse = "blocked-by"', 'inverse = "bloqued-by"', "no hay clase de enlace «bloqued-by»; ¿quiso decir «bl"),
        ("[desk]", "[desk]\nname", "esto no es TOML: falta '=' después de la clave"),
        ("[statuses.open]", "[desk]\n[statuses.open]", "esto no es TOML: desk no se puede declarar dos veces"),
        ("[channels]", '[fields.n]\ntype = "choice"\n[channels]', "un campo de tipo choice necesita values"),
    ],
)
def test_what_is_wrong_with_the_policy_is_told_without_english_words(mesa: Desk, old: str, new: str, told: str) -> None:
    policy = mesa.root / "tk.toml"
    text = policy.read_text(encoding="utf-8")
    assert old in text
    policy.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = mesa.run("--lang", "es", "check")
    assert (result.code, told in result.out) == (1, True), result.out
    assert ENGLISH.findall(prose(result.out)) == []


def test_reasons_of_git_and_of_the_system_are_told_in_spanish(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    assert mesa.run("log", ticket, "note", "-F", "nada.txt").err == "tk: nada.txt: no existe ese archivo o carpeta\n"
    broken = mesa.file(ticket)
    broken.write_text(broken.read_text(encoding="utf-8").replace("title: ", "title: x: "), encoding="utf-8")
    assert "esto no es YAML (aquí no puede ir «: »)" in mesa.run("list").err
    assert "esto no es YAML (aquí no puede ir «: »)" in mesa.run("list").err, "kept by the index"
    (mesa.root / ".git" / "config").write_text("[core", encoding="utf-8")
    assert "la línea 2 de la configuración .git/config está mal" in mesa.run("audit").err


def test_what_presets_are_for_is_told_in_spanish(desk: Desk) -> None:
    assert ENGLISH.findall(prose(desk.ok("--lang", "es", "presets"))) == []


def test_the_doctor_speaks_spanish(mesa: Desk) -> None:
    out = mesa.ok("doctor")
    assert [line[:17].rstrip() for line in out.splitlines()] == [
        "bien git:",
        "bien repositorio:",
        "bien identidad:",
        "bien política:",
        "bien tickets:",
        "bien fusión:",
        "bien datos de tk:",
    ]
    assert ENGLISH.findall(prose(out)) == []


def test_the_demo_is_a_day_in_spanish(tmp_path: Path) -> None:
    result = run_here("--lang", "es", "demo", str(tmp_path / "demo"))
    assert result.code == 0
    assert "tk new 'Calentador no enciende tras la reinstalación'" in result.out
    assert f"La mesa queda en {tmp_path / 'demo'}: pruebe " in result.out
    assert "no se puede pasar de Cerrado a En curso" in result.err
    assert ENGLISH.findall(prose(result.err)) == []


def test_english_can_be_asked_for_in_a_spanish_desk(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    shown = plain(mesa.run("--lang", "en", "show", ticket, terminal=True))
    assert re.search(r"^status: +Open$", shown, re.MULTILINE)
    assert mesa.run("--lang", "en", "check").err == "1 ticket checked: 0 errors, 0 warnings\n"
    assert mesa.run("--lang", "en", "show", "zzz").err.startswith('tk: no ticket answers to "zzz"\nhint: ')


@pytest.mark.parametrize("lang", ["en", "es"])
def test_programs_read_the_same_names_and_codes(mesa: Desk, lang: str) -> None:
    ticket = mesa.ok("new", "Calentador no enciende", "--priority", "high")
    (listed,) = json.loads(mesa.ok("--lang", lang, "list", "--json"))
    assert (listed["status"], listed["priority"], listed["status_kind"]) == ("open", "high", "open")
    assert mesa.ok("--lang", lang, "list").split("\t")[:3] == [ticket, "open", "high"]
    assert mesa.ok("--lang", lang, "show", ticket).splitlines()[2:4] == [
        "status:\topen",
        "status-since:\t2026-08-12T09:14:03-05:00",
    ]
    assert [sign["about"] for sign in json.loads(mesa.ok("--lang", lang, "doctor", "--json"))][:2] == [
        "git",
        "repository",
    ]
    refused = json.loads(mesa.run("--lang", lang, "show", "zzz", "--json").err)
    assert (list(refused), refused["error"]) == (["error", "message", "hint"], "unknown-ticket")


def test_commit_messages_stay_english(mesa: Desk) -> None:
    ticket = mesa.ok("new", "Calentador no enciende")
    mesa.ok("advance", ticket, "solved")
    mesa.ok("set", ticket, "priority=high")
    told = mesa.git("log", "-3", "--format=%B")
    assert "Tk-Action: " in told
    assert "prioridad" not in told
    assert "Calentador" not in told
    assert "estado" not in told


def plain(result: Result) -> str:
    """Return what a terminal was told, without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", result.out)
