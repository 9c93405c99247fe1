"""The full text in every state of its file and of the desk: what it finds is what the files say."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.index.test_index import ALL, FOLDER, git, index_file, make, write
from tk.core.terms import Match, read_terms
from tk.store.index import Index, fulltext
from tk.store.index import schema as index_schema
from tk.store.progress import Progress
from tk.store.repo import find
from tk.store.sqlite_file import file_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make(tmp_path / "a desk, más")
    say(root, "AAAAA", "Calentador", "No enciende; hace RUIDO.")
    say(root, "BBBBB", "Medidor", "Señal débil del calentador.")
    return root


def say(root: Path, tail: str, title: str, text: str, more: str = "") -> Path:
    path = write(root, tail, title, more)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
    return path


def found(root: Path, text: str, limit: int | None = None) -> list[str]:
    with Index.open(find(root)) as index:
        return [row.title for row, _ in index.search(read_terms(text), limit, 0).hits]


def pieces(root: Path, text: str, length: int = 16) -> list[tuple[Match, ...]]:
    with Index.open(find(root)) as index:
        return [matches for _, matches in index.search(read_terms(text), None, length).hits]


def text_file(root: Path) -> Path:
    repo = find(root)
    return Path(file_of(str(repo.state), repo.prefix, fulltext.KEPT))


def changes(root: Path) -> int:
    """Return how many texts the file holds that another one made now would hold under the same numbers."""
    with sqlite3.connect(text_file(root)) as connection:
        return int(connection.execute("SELECT count(*) FROM held").fetchone()[0])


def test_case_and_accents_do_not_matter_and_every_word_must_occur(root: Path) -> None:
    assert found(root, "ruido") == found(root, "RÚIDO NO") == found(root, "enc* rui*") == ["Calentador"]
    assert found(root, "senal") == found(root, "SEÑAL DEBIL") == found(root, "sen\u0303al") == ["Medidor"]
    assert found(root, "ruido señal") == []


def test_words_begin_longer_ones_unless_they_are_short_or_in_quotes(root: Path) -> None:
    assert found(root, "calen") == ["Calentador", "Medidor"]
    assert found(root, '"calen"') == found(root, "ca") == found(root, "alentador") == []
    assert found(root, "ca*") == ["Calentador", "Medidor"]
    assert found(root, '"débil del calentador"') == found(root, '"debil del cal"*') == ["Medidor"]
    assert found(root, '"calentador del"') == []


@pytest.mark.parametrize(
    "text",
    [
        "AND ruido",
        'a"b',
        'ruido"',
        "NEAR(a b)",
        "-ruido",
        "title:ruido",
        "^x",
        "a + b",
        "{a b}: c",
        "x'y",
        "\udce9a",
        "*a",
    ],
)
def test_nothing_is_an_error_in_syntax(root: Path, text: str) -> None:
    found(root, text)
    assert index_file(root).exists()
    found(root, " ".join([text, *(f"w{number} " for number in range(600))]))


def test_the_title_ranks_before_the_requester_before_the_description_before_the_log(root: Path) -> None:
    heading = "## Log\n\n### 2026-08-12T10:00:00-05:00 note mlopez {#e-1 visibility=internal}\n\n"
    say(root, "CCCCC", "in the log", f"{heading}caldera caldera")
    say(root, "DDDDD", "described", "caldera caldera")
    say(root, "EEEEE", "asked for", "", more="requester: caldera@example.cl\n")
    say(root, "FFFFF", "caldera", "")
    order = ["caldera", "asked for", "described", "in the log"]
    assert found(root, "caldera") == order
    assert found(root, "caldera", limit=2) == order[:2]
    with Index.open(find(root)) as index:
        assert index.search(read_terms("caldera"), 2, 0).total == 4
        assert index.search(read_terms("caldera"), 4, 0).total == 4


def test_a_word_itself_ranks_before_longer_ones(root: Path) -> None:
    say(root, "EEEEE", "calderas", "")
    say(root, "DDDDD", "calderas nuevas y caldera", "")
    say(root, "CCCCC", "calderas y calderones", "")
    assert found(root, "caldera")[0] == "calderas nuevas y caldera"


def test_what_fits_alike_comes_by_the_latest_change_then_by_id(root: Path) -> None:
    for tail, day in (("EEEEE", 11), ("DDDDD", 12), ("CCCCC", 11)):
        say(root, tail, f"igual {tail}", "", more=f"updated: 2026-08-{day}T10:00:00-05:00\n")
    assert found(root, "igual") == ["igual DDDDD", "igual CCCCC", "igual EEEEE"]


def test_headings_of_events_are_no_text_and_what_only_looks_like_one_is(root: Path) -> None:
    heading = "## Log\n\n### 2026-08-12T10:00:00-05:00 call-out zgomez {#e-1}"
    say(root, "CCCCC", "three", f"\\## Log\n\n{heading}\n\nLlamada.\n\n### not an event\n\\### escaped\n")
    assert found(root, "zgomez") == found(root, '"call out"') == []
    assert found(root, "llamada") == found(root, '"not an event escaped"') == ["three"]


def test_each_field_shows_what_matches_in_it(root: Path) -> None:
    text = "Mucho antes de esto dijo que la nota de\ncompra del calentador se perdió en la mudanza de su hija\n"
    say(root, "CCCCC", "La nota", text, more="requester: nota@example.cl\n")
    assert pieces(root, '"nota de compra"', 6) == [
        (Match("description", "…la nota de compra del calentador…", ((4, 18),)),)
    ]
    assert pieces(root, "nota") == [
        (
            Match("title", "La nota", ((3, 7),)),
            Match(
                "description",
                "Mucho antes de esto dijo que la nota de compra del calentador se perdió en la…",
                ((32, 36),),
            ),
            Match("requester", "nota@example.cl", ((0, 4),)),
        )
    ]


def test_marks_in_a_text_are_not_taken_for_matches(root: Path) -> None:
    say(root, "CCCCC", "odd", "\x02no\x03 caldera \x02\x00")
    assert [match.words for match in pieces(root, "caldera")[0]] == [["caldera"]]


def test_what_changed_is_found_and_what_is_gone_is_not(root: Path) -> None:
    assert found(root, "ruido") == ["Calentador"]
    path = say(root, "AAAAA", "Calentador", "Gotea.")
    assert found(root, "ruido") == []
    assert found(root, "gotea") == ["Calentador"]
    path.rename(path.with_name("TK-260812-ZZZZZ.md"))
    say(root, "CCCCC", "Nuevo", "Gotea más.")
    assert sorted(found(root, "gotea")) == ["Calentador", "Nuevo"]
    git(root, "stash", "-q", "-u")
    assert found(root, "gotea") == []
    assert found(root, "one") == ["one"]
    assert changes(root) == 2


def test_a_number_is_never_given_to_another_text(root: Path) -> None:
    """The ticket with the highest number is the one that changes."""
    found(root, "ruido")
    for turn in range(4):
        say(root, "BBBBB", f"turn{turn}", f"word{turn}")
        assert found(root, f"word{turn}") == [f"turn{turn}"]
        assert found(root, f"word{turn - 1}" if turn else "señal") == []


def test_a_broken_file_is_not_searched_until_it_is_mended(root: Path) -> None:
    path = say(root, "AAAAA", "Calentador", "Ruido")
    whole = path.read_text()
    path.write_text(whole.replace("---\nid", "---\n[", 1))
    assert found(root, "ruido") == []
    path.write_text(whole)
    assert found(root, "ruido") == ["Calentador"]


@pytest.mark.usefixtures("settled")
def test_only_what_changed_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(root, "ruido")
    read: list[str] = []
    real = fulltext.from_files

    def noted(root: str) -> fulltext.Content:
        def content(path: str) -> bytes | None:
            read.append(path)
            return real(root)(path)

        return content

    monkeypatch.setattr(fulltext, "from_files", noted)
    assert found(root, "ruido") == ["Calentador"]
    assert read == []
    say(root, "BBBBB", "Medidor", "Ruido")
    assert len(found(root, "ruido")) == 2
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    assert len(found(root, "ruido")) == 2
    assert read == [f"{FOLDER}/TK-260812-BBBBB.md"]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every stamp be old enough to be trusted."""
    monkeypatch.setattr("tk.store.index_changes._RACY", -60_000_000_000)


@pytest.mark.usefixtures("settled")
def test_a_text_that_changed_under_the_search_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the index's look and the search's a file is edited, and then put back: the index never sees it."""
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    path = root / FOLDER / "TK-260812-AAAAA.md"
    with Index.open(find(root)) as index:
        say(root, "AAAAA", "Calentador", "meanwhile")
        assert len(index.search(read_terms("meanwhile"), None, 0).hits) == 1
    git(root, "checkout", "-q", ".")
    assert "RUIDO" in path.read_text()
    assert found(root, "meanwhile") == []
    assert found(root, "ruido") == ["Calentador"]


@pytest.mark.usefixtures("settled")
def test_a_file_that_went_under_the_search_is_found_when_it_is_back(root: Path) -> None:
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    with Index.open(find(root)) as index:
        (root / FOLDER / "TK-260812-AAAAA.md").unlink()
        assert index.search(read_terms("ruido"), None, 0).hits == []
    git(root, "checkout", "-q", ".")
    assert found(root, "ruido") == ["Calentador"]


def spoil_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")


def spoil_table(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE held")


def spoil_words(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE words_data SET block = x'00'")


def spoil_pages(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))


def forget_birth(file: Path) -> None:
    """As if the file were of another index, whose numbers mean other tickets."""
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE state SET birth = 'x'")
        connection.execute("UPDATE held SET number = number + 5")


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        spoil_version,
        spoil_table,
        spoil_words,
        spoil_pages,
        forget_birth,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no database at all, but long enough to look like one" * 99),
        lambda file: file.write_bytes(file.read_bytes()[:20000]),
    ],
    ids=[
        "deleted",
        "of another version",
        "a table gone",
        "words lost",
        "pages overwritten",
        "of another index",
        "empty",
        "garbage",
        "cut short",
    ],
)
@pytest.mark.parametrize("changed", [True, False])
def test_a_spoilt_file_is_made_anew(root: Path, spoil: Callable[[Path], object], changed: bool) -> None:
    found(root, "ruido")
    birth = token(root)
    spoil(text_file(root))
    if changed:
        say(root, "CCCCC", "Nuevo", "Calentador")
    both = ["Calentador", "Medidor"]
    assert sorted(found(root, "calentador")) == sorted([*both, "Nuevo"] if changed else both)
    assert text_file(root).stat().st_size > 0
    assert sorted(found(root, "calentador")) == sorted([*both, "Nuevo"] if changed else both)
    assert token(root) == birth, "the index was not at fault"


def token(root: Path) -> str:
    with sqlite3.connect(index_file(root)) as connection:
        return str(connection.execute("SELECT token FROM birth").fetchone()[0])


def test_when_the_index_goes_its_numbers_go_with_it(root: Path) -> None:
    found(root, "ruido")
    index_file(root).unlink()
    say(root, "00000", "Otro", "el primero de todos: señal")
    assert found(root, "ruido") == ["Calentador"]
    assert sorted(found(root, "señal")) == ["Medidor", "Otro"]


def test_damage_of_the_index_that_only_a_search_meets_is_healed(root: Path) -> None:
    found(root, "ruido")
    with Index.open(find(root)) as index:
        index._connection.execute("DROP TABLE birth")
        assert [row.title for row, _ in index.search(read_terms("ruido"), None, 4).hits] == ["Calentador"]
    assert found(root, "ruido") == ["Calentador"]


def test_damage_that_a_list_of_words_meets_is_healed(root: Path) -> None:
    found(root, "ruido")
    with sqlite3.connect(text_file(root)) as connection:
        connection.execute("DELETE FROM words_data")
    with Index.open(find(root)) as index:
        selection = ALL._replace(words=read_terms("ruido"))
        assert [row.title for row in index.rows(selection)] == ["Calentador"]
        assert index.count(selection) == 1


def test_a_list_joins_words_with_the_rest_of_the_query(root: Path) -> None:
    with Index.open(find(root)) as index:

        def listed(words: str, *without: str) -> list[str]:
            selection = ALL._replace(words=read_terms(words), without=tuple(map(read_terms, without)))
            rows = index.rows(selection)
            assert index.count(selection) == len(rows)
            return [row.title for row in rows]

        assert listed("calentador") == ["Calentador", "Medidor"]
        assert listed("calentador", "señal") == listed("", "señal calentador") == ["Calentador"]
        assert listed("calentador", "señal", "ruido") == []
        assert listed("calentador", "señal ruido") == ["Calentador", "Medidor"]


def test_without_a_place_for_the_file_memory_will_do(root: Path) -> None:
    found(root, "ruido")
    text_file(root).unlink()
    text_file(root).mkdir()
    assert found(root, "ruido") == ["Calentador"]
    assert text_file(root).is_dir()


def test_without_a_place_for_the_index_either_memory_will_do(root: Path) -> None:
    (root / ".git/tk").write_text("in the way")
    assert found(root, "ruido") == ["Calentador"]
    assert pieces(root, "ruido")[0][0].words == ["RUIDO"]


def test_an_index_copied_into_memory_does_not_touch_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its numbers go on where the file's do, and soon mean other texts."""
    monkeypatch.setattr(index_schema, "PATIENCE", 0.0)
    found(root, "ruido")
    say(root, "CCCCC", "Nuevo", "ruido")
    before = text_file(root).read_bytes()
    other = sqlite3.connect(index_file(root), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert sorted(found(root, "ruido")) == ["Calentador", "Nuevo"]
    other.execute("ROLLBACK")
    other.close()
    assert text_file(root).read_bytes() == before
    say(root, "CCCCC", "Nuevo", "silencio")
    assert found(root, "ruido") == ["Calentador"]


def test_a_locked_file_does_not_stop_a_search(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_schema, "PATIENCE", 0.0)
    found(root, "ruido")
    say(root, "CCCCC", "Nuevo", "ruido")
    other = sqlite3.connect(text_file(root), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert sorted(found(root, "ruido")) == ["Calentador", "Nuevo"]
    other.execute("ROLLBACK")
    other.close()
    assert sorted(found(root, "ruido")) == ["Calentador", "Nuevo"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_in_a_read_only_folder_a_search_finds_all_the_same(root: Path) -> None:
    found(root, "ruido")
    say(root, "CCCCC", "Nuevo", "ruido")
    state = root / ".git/tk"
    state.chmod(0o500)
    try:
        assert sorted(found(root, "ruido")) == ["Calentador", "Nuevo"]
    finally:
        state.chmod(0o700)


def test_who_waited_for_another_search_goes_by_the_newer_index(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between one search's look at the file and its writing, another one brings both further."""
    found(root, "ruido")
    real = fulltext._bring

    def disturbed(connection: sqlite3.Connection, content: fulltext.Content, progress: Progress) -> None:
        monkeypatch.setattr(fulltext, "_bring", real)
        say(root, "AAAAA", "Calentador", "gotea")
        assert sorted(found(root, "gotea")) == ["Calentador", "Nuevo"]
        real(connection, content, progress)

    monkeypatch.setattr(fulltext, "_bring", disturbed)
    say(root, "CCCCC", "Nuevo", "gotea")
    assert sorted(found(root, "gotea")) == ["Calentador", "Nuevo"]
    assert found(root, "ruido") == []


def test_what_another_process_changes_after_the_search_began_does_not_tear_it(root: Path) -> None:
    with Index.open(find(root)) as index:
        say(root, "AAAAA", "Calentador", "gotea")
        assert found(root, "gotea") == ["Calentador"]  # brings index and text further than this one was opened at
        assert [row.title for row, _ in index.search(read_terms("gotea"), None, 0).hits] == ["Calentador"]


def test_processes_may_search_at_once(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.store.index.test_fulltext import found, say\n"
        "root, me = Path(sys.argv[1]), sys.argv[2]\n"
        "for turn in range(6):\n"
        "    say(root, 'C' + me * 4, f't{turn}', f'texto{me}x{turn}')\n"
        "    assert found(root, f'texto{me}x{turn}') == [f't{turn}'], found(root, 'texto*')\n"
        "    assert not turn or not found(root, f'texto{me}x{turn - 1}')\n"
    )
    command = [sys.executable, "-c", script, str(root)]
    here = Path(__file__).parents[2]
    running = [subprocess.Popen([*command, str(number)], cwd=here, env={**os.environ}) for number in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert found(root, "texto*") == ["t5"] * 4
    assert found(root, "ruido") == ["Calentador"]


def test_desks_in_one_repository_have_a_text_each(root: Path) -> None:
    (root / "sub/a").mkdir(parents=True)
    (root / "sub/a/tk.toml").write_text("")
    say(root / "sub/a", "AAAAA", "Otro", "silencio")
    assert found(root / "sub/a", "silencio") == ["Otro"]
    assert found(root, "silencio") == []
    assert found(root / "sub/a", "ruido") == []


def test_an_index_of_other_contents_is_searched_in_them(root: Path) -> None:
    """What is asked for the text is whoever opened the index, not the files."""
    with Index.open(find(root)) as opened:
        told = b"---\nid: x\n---\nalgo muy distinto\n"
        index = Index(find(root), opened._connection, "", lambda _: told)
        assert len(index.search(read_terms("distinto"), None, 0).hits) == 2
