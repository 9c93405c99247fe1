import copy
import hashlib
import pickle
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tk
from tests.policies import DESK, desk_policy, document, policies, policy_texts
from tk.core.conditions.language import Condition
from tk.core.conditions.language import Test as Leaf
from tk.core.finding import Finding, in_order
from tk.core.policy import Policy
from tk.core.written.reader import Reading, read

SIMPLE = (Path(tk.__file__).parent / "presets" / "simple" / "tk.toml").read_text(encoding="utf-8")

LEAST = """\
[desk]
name = "Desk"
zone = "UTC"
language = "en"
[statuses.open]
kind = "open"
to = ["closed"]
[statuses.closed]
kind = "closed"
"""
"""The least policy there is, nine lines long."""


def told(reading: Reading) -> list[tuple[int, int, str]]:
    return [(finding.line, finding.column, finding.code) for finding in reading.findings]


def only(text: str) -> Finding:
    """Return the one finding there is in `text`."""
    reading = read(text)
    assert len(reading.findings) == 1, [(f.line, str(f.message)) for f in reading.findings]
    return reading.findings[0]


def policy_of(text: str) -> Policy:
    policy = read(text).policy
    assert policy is not None
    return policy


@pytest.mark.parametrize("text", [SIMPLE, DESK, LEAST], ids=["simple", "desk", "least"])
def test_a_right_policy_has_no_findings(text: str) -> None:
    assert read(text).findings == ()


def test_the_simple_preset_has_the_fixed_names() -> None:
    policy = policy_of(SIMPLE)
    assert list(policy.statuses.entries) == ["open", "in-progress", "solved", "closed"]
    assert list(policy.priorities.entries) == ["low", "normal", "high", "urgent"]
    assert [priority.rank for priority in policy.priorities.entries.values()] == [0, 1, 2, 3]
    assert list(policy.events.entries) == ["note", "call-in", "call-out", "mail-in", "mail-out"]
    assert {role.key: [grant.pattern for grant in role.may] for role in policy.roles.entries.values()} == {
        "agent": ["*"],
        "supervisor": ["*"],
        "importer": ["import"],
        "anyone": ["*"],
    }
    assert policy.desk.start == "open"
    assert policy.people.entries == {}


def test_the_simple_preset_speaks_english_and_spanish() -> None:
    policy = policy_of(SIMPLE)
    for names in (policy.statuses, policy.priorities, policy.types, policy.channels, policy.events, policy.roles):
        assert all(set(entry.labels) == {"en", "es"} for entry in names.entries.values())
    assert all(set(branch.labels) == {"en", "es"} for branch in policy.categories.entries.values())


def test_a_new_status_category_and_role_are_a_change_of_the_file_alone() -> None:
    added = """
[statuses.waiting]
label = { en = "Waiting", es = "En espera" }
kind = "waiting"
to = ["open"]
[categories.garden.sub.roses]
[roles.gardener]
may = [{ action = "advance", when = { category = "garden/**", new.status = "Waiting" } }]
"""
    text = SIMPLE.replace('to = ["open", "solved", "closed"]', 'to = ["open", "solved", "closed", "waiting"]') + added
    reading = read(text)
    assert reading.findings == ()
    assert reading.policy is not None
    assert reading.policy.kind("waiting") == "waiting"
    assert reading.policy.categories.find("Garden/Roses") == "garden/roses"
    (grant,) = reading.policy.roles.entries["gardener"].may
    assert grant.when == Condition((Leaf("category", "under", ("garden",)), Leaf("new.status", "is", ("waiting",))))


def test_everything_carries_its_line() -> None:
    policy, lines = desk_policy(), DESK.split("\n")
    assert lines[policy.statuses.entries["awaiting-documents"].line - 1] == "[statuses.awaiting-documents]"
    assert lines[policy.priorities.entries["normal"].line - 1] == 'normal = "Normal"'
    assert lines[policy.categories.entries["medidor/cobranza/reclamos"].line - 1] == 'reclamos = "Reclamos"'
    assert lines[policy.roles.entries["finance"].line - 1] == "[roles.finance]"
    assert lines[policy.requirements[1].line + 0] == 'name = "resolution"'
    grant = next(grant for grant in policy.roles.entries["agent"].may if grant.pattern == "assign")
    assert '{ action = "assign"' in lines[grant.line - 1]


def test_the_parts_of_a_policy_are_read() -> None:
    policy = desk_policy()
    assert policy.desk.zone == "America/Bogota"
    assert policy.events.entries["follow-up"].follow_up
    assert policy.events.entries["call-in"].contact == "from"
    line = policy.fields.entries["line"]
    assert line.choices is not None
    assert line.choices.find("bottled") == "envasado"
    resolution = policy.fields.entries["resolution"]
    assert resolution.tree is not None
    assert resolution.tree.find("replaced/valvula") == "replaced/válvula"
    assert policy.people.entries["mlopez"].emails == ("mlopez@example.com", "maria@example.org")
    assert policy.people.entries["pnunez"].roles == ("agent", "finance")
    rule = policy.requirements[2]
    assert (rule.key, rule.since, rule.until) == ("follow-ups", date(2026, 1, 1), date(2027, 1, 1))
    assert policy.requirements[1].fields == ("resolution",)


def test_the_digest_is_of_the_text() -> None:
    assert policy_of(LEAST).digest == hashlib.sha256(LEAST.encode()).hexdigest()


def test_without_a_start_the_first_status_is_it() -> None:
    assert policy_of(LEAST).desk.start == "open"


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    reading = read("\ufeff" + LEAST.replace("\n", "\r\n"))
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("added", "place", "code", "says"),
    [
        ("[statuses.x]\nkinds = 3\nkind = 'closed'", (11, 1), "unknown-key", "in [statuses.x]; did you mean `kind`?"),
        ("[rolls.x]", (10, 2), "unknown-key", "unknown key `rolls` in tk.toml; did you mean `roles`?"),
        ("[survey]", (10, 2), "unknown-key", "this version of tk does not know [survey] yet"),
        ("[types]\nx = { label = 'X', zz = 1 }", (11, 20), "unknown-key", "it takes label"),
        ("[fields.x]\nlabel = 'X'", (10, 9), "missing-key", "[fields.x] needs type"),
        ("[fields.x]\ntype = 'choice'", (10, 9), "missing-key", "needs values"),
        ("[fields.x]\ntype = 'tree'", (10, 9), "missing-key", "needs tree"),
        ("[fields.x]\ntype = 'text'\nvalues = ['a']", (12, 1), "unknown-key", "belongs to a field of type choice"),
        ("[[require]]\nname = 'x'\naction = 'new'", (10, 3), "missing-key", "needs `that` or `fields`"),
        ("[[require]]\naction = 'new'\nfields = ['owner']", (10, 3), "missing-key", "require[1] needs name"),
        ("[types]\nx = 3", (11, 5), "bad-type", "types.x must be text or a table, not a number"),
        ("[types]\nx = { en = true }", (11, 12), "bad-type", "must be text, not true or false"),
        ("[roles.agent]\nmay = ['*', 4]", (11, 13), "bad-type", "roles.agent.may[2]"),
        ("[people.ana]\nemail = 2026-01-01", (11, 9), "bad-type", "not a day"),
        ("[events.x]\nfollow-up = 'yes'", (11, 13), "bad-type", "must be true or false, not text"),
        ("[people.x]\nsigning-keys = ['ssh-ed25519 AAAA']", (11, 17), "bad-value", "no public SSH key"),
        ("[fields.x]\ntype = 'nmber'", (11, 8), "bad-value", 'did you mean "number"?'),
        ("[fields.x]\ntype = 'qqq'", (11, 8), "bad-value", "it is one of choice, date, flag"),
        ("[fields.Level]\ntype = 'number'", (10, 9), "bad-value", 'did you mean "level"?'),
        ('[types]\nx = "a\\nb"', (11, 5), "bad-value", "one line"),
        ("[types]\nx = { label = { eng = 'X' } }", (11, 17), "bad-value", "two letters"),
        ("[categories]\n'a/b' = 'x'", (11, 1), "bad-value", "no /"),
        ("[categories]\n'a ' = 'x'", (11, 1), "bad-value", 'did you mean "a"?'),
        ("[categories]\n[categories.a.sub.b.sub.c.sub.d]", (11, 27), "bad-value", "three levels"),
        ("[people.ana]\nemail = 'ana'", (11, 9), "bad-value", "no address"),
        (
            "[[require]]\nname = 'x'\naction = 'new'\nfields = ['owner']\nfrom = 2026-02-01\nuntil = '2026-02-01'",
            (15, 9),
            "bad-value",
            "not after",
        ),
        (
            "[[require]]\nname = 'x'\naction = 'new'\nfields = ['owner']\nfrom = '2026-02-30'",
            (14, 8),
            "bad-value",
            "no day",
        ),
        (
            "[people.ana]\nroles = ['agnt']\n[roles.agent]\nmay = ['*']",
            (11, 10),
            "unknown-name",
            'did you mean "agent"?',
        ),
        ("[people.ana]\nteam = 'sport'\n[teams]\nsupport = 'S'", (11, 8), "unknown-name", 'did you mean "support"?'),
        ("[roles.x]\nmay = ['lgo.*']", (11, 8), "unknown-name", 'did you mean "log.*"?'),
        ("[roles.x]\nmay = ['log']", (11, 8), "unknown-name", "write log.* for all"),
        ("[roles.x]\nmay = ['log.nota']\n[events]\nnote = ''", (11, 8), "unknown-name", 'did you mean "log.note"?'),
        ("[roles.x]\nmay = ['set.titel']", (11, 8), "unknown-name", 'did you mean "set.title"?'),
        (
            "[[require]]\nname = 'x'\naction = 'new'\nfields = ['ownr']",
            (13, 11),
            "unknown-name",
            'did you mean "owner"?',
        ),
        (
            "[roles.x]\nmay = [{ action = '*', when = { status = ['open', 'closd'] } }]",
            (11, 51),
            "unknown-name",
            'did you mean "closed"?',
        ),
        (
            "[[require]]\nname = 'x'\naction = 'new'\nthat.idle = '< 3bd'",
            (13, 13),
            "bad-condition",
            "business time needs a calendar, and this desk has none",
        ),
        ("[roles.x]\nmay = ['set.owner']", (11, 8), "unknown-name", "no action"),
        ("[events.x]\nfollow-up = 10:00:00", (11, 13), "bad-type", "must be true or false, not a time"),
        (
            "[[require]]\nname = 'x'\naction = 'new'\nfields = ['owner']\n"
            "[[require]]\nname = 'x'\naction = 'new'\nfields = ['owner']",
            (15, 8),
            "duplicate-name",
            'another rule of [[require]] is called "x"',
        ),
        (
            "[roles.x]\nmay = [{ action = '*', when = { a" + ".a" * 25 + " = 1 } }]",
            (11, 31),
            "bad-condition",
            "too deep",
        ),
        ("[people.a]\nemail='x@y'\n[people.b]\nemail='X@y'", (13, 7), "duplicate-name", "address of a already"),
        ("[fields.status]\ntype = 'text'", (10, 9), "duplicate-name", "cannot be called status"),
        ("[fields.idle]\ntype = 'text'", (10, 9), "duplicate-name", "cannot be called idle"),
        ("[fields.x]\ntype = 'choice'\nvalues = ['a', 'a']", (12, 16), "duplicate-name", "stands here twice"),
        (
            "[types]\na = 'Año'\nb = { en = 'x', es = 'ano' }",
            (12, 22),
            "duplicate-label",
            '"ano" names types.a already',
        ),
        ("[types]\na = 'b'\nb = 'B'", (11, 5), "duplicate-label", "names types.b already"),
        ("[people.ana]\n[teams.x]\nlabel = 'ANA'", (12, 9), "duplicate-label", "names people.ana already"),
        ("[categories.a.sub]\nx = 'Y'\ny = ''", (11, 5), "duplicate-label", "names a/y already"),
        ("[roles.idler]", (10, 8), "empty-role", "may do nothing"),
        ("[statuses.x]\nkind = 'closed'", (10, 11), "unreachable-status", "no way leads from open to x"),
    ],
)
def test_a_mistake_is_found_where_it_stands(added: str, place: tuple[int, int], code: str, says: str) -> None:
    reading = read(f"{LEAST}{added}\n")
    assert [(*place, code)] == [
        where for where in told(reading) if where[2] != "unreachable-status" or code == where[2]
    ]
    assert any(says.replace("three", "3") in str(finding.message) for finding in reading.findings)
    assert reading.policy is not None
    assert reading.policy.kind("open") == "open"


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ('zone = "UTC"', 'zone = "Madrid/"', (3, 8), "bad-zone"),
        ('zone = "UTC"\n', "", (1, 2), "missing-key"),
        ('language = "en"', 'language = "English"', (4, 12), "bad-value"),
        ('language = "en"', 'language = "en"; x', (4, 16), "toml"),
        ('language = "en"', 'language = "en"\nprefix = "tk"', (5, 10), "bad-value"),
        ('language = "en"', 'language = "en"\nstart = "Opne"', (5, 9), "unknown-name"),
        ('language = "en"', 'language = "en"\nformat = 2', (5, 10), "newer-format"),
        ('language = "en"', 'language = "en"\nformat = 0', (5, 10), "bad-value"),
        ('to = ["closed"]', 'to = ["closed", "opne"]', (7, 17), "unknown-name"),
        ('to = ["closed"]', 'to = ["closed", "closed"]', (7, 17), "duplicate-name"),
        ('kind = "open"', 'kind = "opened"', (6, 8), "bad-value"),
        ('[statuses.open]\nkind = "open"', "[statuses.open]", (5, 11), "missing-key"),
    ],
)
def test_a_mistake_in_desk_or_statuses_is_found(old: str, new: str, place: tuple[int, int], code: str) -> None:
    finding = only(LEAST.replace(old, new))
    assert (finding.line, finding.column, finding.code, finding.severity) == (*place, code, "error")


def test_a_newer_format_is_refused_in_one_sentence() -> None:
    reading = read(LEAST.replace("[statuses.open]", "format = 2\nunknown = 1\n[statuses.open]", 1))
    assert reading.policy is None
    assert [str(f.message) for f in reading.findings] == ["written for a newer tk: format 2, this one reads 1"]


def test_a_status_that_cannot_be_left_is_doubtful_unless_closed() -> None:
    finding = only(LEAST.replace('kind = "closed"', 'kind = "solved"'))
    assert (finding.line, finding.code, finding.severity) == (8, "dead-end-status", "warning")


def test_a_misspelt_way_does_not_make_statuses_look_lost() -> None:
    assert told(read(LEAST.replace('["closed"]', '["clsed"]'))) == [(7, 7, "unknown-name")]


def test_strangers_may_be_allowed_nothing() -> None:
    assert read(LEAST + "[roles.anyone]\n").findings == ()


def test_a_label_in_place_of_a_key_is_answered_with_the_key() -> None:
    text = LEAST.replace('kind = "closed"', 'kind = "closed"\nlabel = "Cerrado"').replace('["closed"]', '["CERRADO"]')
    assert 'did you mean "closed"?' in str(only(text).message)
    assert policy_of(text).statuses.entries["open"].to == ("closed",)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = LEAST.replace('"UTC"', "3").replace('"closed"]', '"clsed"]') + "[rols]\n[types]\nX = 'x'\ny = 4\n"
    reading = read(text)
    assert told(reading) == [
        (3, 8, "bad-type"),
        (7, 7, "unknown-name"),
        (10, 2, "unknown-key"),
        (12, 1, "bad-value"),
        (13, 5, "bad-type"),
    ]
    assert all(finding.path == "tk.toml" for finding in reading.findings)
    assert read(text, "old/tk.toml").findings[0].path == "old/tk.toml"


def test_a_dropped_item_moves_no_other_item_s_place() -> None:
    assert told(read(f"{LEAST}[roles.x]\nmay = [7, 'lgo.*', 'rate']\n")) == [
        (11, 8, "bad-type"),
        (11, 11, "unknown-name"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[desk]",
        "desk = 3",
        "[statuses.open]",
        "[desk\n",
        "a = " + "[" * 100_000,
        "\x00",
        "\ud800",
        "[statuses]\n[desk]",
    ],
)
def test_what_makes_no_policy_is_said_and_no_more(text: str) -> None:
    reading = read(text)
    assert reading.policy is None
    assert any(finding.is_error for finding in reading.findings)


@pytest.mark.parametrize("inner", ["[", "{ a = "])
def test_nesting_ends_in_a_finding_at_any_depth(inner: str) -> None:
    closing = {"[": "]", "{ a = ": "}"}[inner]
    for depth in (*range(10, 60, 10), *range(250, 520, 3)):
        reading = read(f"{LEAST}[roles]\nx = {inner * depth}1{closing * depth}\n")
        assert reading.findings


def test_categories_nested_without_end_are_refused() -> None:
    text = LEAST + "[categories.a" + ".sub.a" * 40 + "]\n"
    assert [finding.code for finding in read(text).findings] == ["bad-value", "bad-value"]


def test_statuses_that_are_none_are_said() -> None:
    assert told(read(LEAST.partition("[statuses")[0] + "[statuses]\n")) == [(5, 2, "bad-value")]


def test_a_mistake_in_the_toml_is_found_by_line_and_column() -> None:
    assert told(read(LEAST + '[types]\nx = "a\n')) == [(11, 7, "toml")]
    assert told(read(LEAST + "[types")) == [(10, 7, "toml")]


def check_reading(text: str) -> Reading:
    """Read `text`, which must not raise, and check what is always true of a reading."""
    reading = read(text)
    lines = text.split("\n")
    assert reading.policy is not None or any(finding.is_error for finding in reading.findings)
    assert list(reading.findings) == in_order(list(reading.findings))
    for finding in reading.findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert str(finding.message)
    if reading.policy is not None:
        assert pickle.loads(pickle.dumps(reading.policy)) == reading.policy
        assert reading.policy.desk.start in reading.policy.statuses.entries
    return reading


PIECES = st.sampled_from(
    [
        "",
        "[",
        "]",
        "{",
        "}",
        "=",
        '"',
        "'",
        ".",
        ",",
        "\n",
        "#",
        "3",
        "true",
        "ñ",
        "\u0301",
        '""',
        "[[",
        "open",
        "2026-01-01",
        "x.y",
    ]
)


@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 6), PIECES), min_size=1, max_size=4))
def test_a_mutilated_policy_never_stops_the_reader(cuts: list[tuple[int, int, str]]) -> None:
    text = SIMPLE
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    check_reading(text)


def paths(data: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [above, *(path for key, value in inner for path in paths(value, (*above, key)))]


WHOLE = tomllib.loads(DESK)
SCALARS = st.sampled_from(
    ["", "x", "open", "!", "< 3", "a/b", "@actor", "*", "log.*", 0, -1, 2.5, True, date(2026, 1, 1)]
)
STRANGE: st.SearchStrategy[object] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["label", "en", "kind", "sub", "may", "a b", "x", ""]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.sampled_from([path for path in paths(WHOLE) if len(path) > 1]), STRANGE)
def test_a_strange_value_anywhere_is_at_worst_a_finding(path: tuple[str | int, ...], value: object) -> None:
    data = copy.deepcopy(WHOLE)
    held: Any = data
    for part in path[:-1]:
        held = held[part]
    held[path[-1]] = value
    if all(
        isinstance(table, dict)
        for section in data.values()
        for table in (section if isinstance(section, list) else [section])
    ):
        check_reading(document(data))


@given(policy_texts())
def test_a_generated_policy_is_read_without_errors(text: str) -> None:
    assert not any(finding.is_error for finding in check_reading(text).findings)


@given(policies())
def test_what_a_policy_names_is_there(policy: Policy) -> None:
    for status in policy.statuses.entries.values():
        assert set(status.to) <= set(policy.statuses.entries)
    for person in policy.people.entries.values():
        assert set(person.roles) <= set(policy.roles.entries)
        assert policy.person_of(person.emails[0]) == person
