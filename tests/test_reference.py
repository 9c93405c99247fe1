"""The reference under docs is true and whole: commands, the policy's sections and keys, facts, actions, conditions."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests import policies, reference
from tests.world import ROOT
from tk.cli.group import rows, tk
from tk.core.action import DESK_WIDE, ORDER, WITH_OBJECT
from tk.core.condition_terms import REFERENCES
from tk.core.conditions import operands as condition_operands
from tk.core.conditions import testable as condition_facts
from tk.core.conditions.testable import Context, NoFact, look_up
from tk.core.policy import KINDS
from tk.core.register import FAMILIES
from tk.core.written.reader import read

POLICY = reference.POLICY.read_text(encoding="utf-8")

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

FREE = {
    *("title", "message", "requester", "customer", "unit", "date", "at", "when", "text", "limit", "name"),
    *("tags", "facts", "day", "as_of", "within", "since", "until", "years", "region", "source"),
}
"""What a person writes as they like: nothing can be offered for it."""

AROUND = {
    "desk": '[desk]\nname = "x"\nzone = "UTC"\nlanguage = "en"',
    "statuses": """
[statuses]
open = { kind = "open", to = ["solved"] }
awaiting-documents = { kind = "waiting", to = ["open"] }
solved = { kind = "solved", to = ["open", "closed"] }
closed = { kind = "closed" }
""",
    "priorities": '[priorities]\nlow = "Low"\nnormal = "Normal"\nhigh = "High"\nurgent = "Urgent"',
    "calendars": '[calendars.office]\nhours = { mon-fri = ["09:00-18:00"] }',
    "mail": '[mail]\naddress = "desk@example.com"',
    "teams": '[teams]\nsupport = "Support"',
    "types": '[types]\nincident = "Incident"',
    "events": '[events]\nnote = "Note"\nfollow-up = "Follow-up"',
    "fields": '[fields.resolution]\ntype = "text"',
}
"""What the examples in the reference take for granted, a section each; an example's own section stands instead."""


def parts() -> Iterator[tuple[str, str]]:
    """Yield each heading of the policy's reference with what stands under it."""
    for part in re.split(r"^## ", POLICY, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        yield heading, text


def part(heading: str) -> str:
    return next(text for name, text in parts() if name == heading)


def first_cells(text: str) -> list[str]:
    """Return the words in code in the first column of the tables in a text."""
    cells = (line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `"))
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def commands() -> Iterator[tuple[str, click.Command]]:
    yield "tk", tk
    for row in rows():
        found = tk.get_command(click.Context(tk), row.name)
        assert found is not None
        yield from reference.family(row.name, found)


def options(command: click.Command) -> set[str]:
    return {option for param in command.params for option in (*param.opts, *param.secondary_opts)}


def test_the_commands_are_told_as_they_tell_of_themselves() -> None:
    """`make docs` writes docs/commands.md anew."""
    assert reference.COMMANDS.read_text(encoding="utf-8") == reference.commands()


def test_the_tables_of_keys_are_those_of_the_code() -> None:
    """`make docs` writes them anew."""
    assert reference.policy(POLICY) == POLICY


@pytest.mark.parametrize("section", reference.sections())
def test_each_section_has_a_heading_prose_and_a_table_of_its_keys(section: str) -> None:
    found = [(head, text) for head, text in parts() if section in told_keys(text)]
    assert len(found) == 1, f"docs/policy.md has no table `<!-- keys of {section} -->`: write one with prose, make docs"
    ((heading, text),) = found
    assert re.search(rf"\[{section}\b", heading)
    prose = re.sub(r"```.*?```|<!--.*?-->", "", reference.REGION.sub("", text), flags=re.DOTALL)
    assert len(re.sub(r"^\|.*", "", prose, flags=re.MULTILINE).split()) >= 8, f"[{section}] needs some words"


def told_keys(text: str) -> set[str]:
    return {name for names, _ in reference.REGION.findall(text) for name in names.split()}


def test_no_table_of_keys_is_of_something_else() -> None:
    assert told_keys(POLICY) <= set(reference.sections())


def test_every_pattern_says_in_words_what_it_asks() -> None:
    assert all(reference.rules().values())


@pytest.mark.parametrize("block", re.findall(r"^```toml\n(.*?)^```$", POLICY, re.MULTILINE | re.DOTALL))
def test_each_example_of_toml_is_a_policy_s(block: str) -> None:
    given = tomllib.loads(block)
    around = "\n".join(text for name, text in AROUND.items() if name not in given)
    assert [str(finding.message) for finding in read(f"{around}\n{block}").findings if finding.is_error] == []


def test_every_action_is_in_the_table_and_no_other() -> None:
    told = {word.partition(".")[0] for word in first_cells(part("[roles.KEY]").split("The actions there are:")[1])}
    assert told == {*ORDER, *DESK_WIDE}
    assert {word.partition(".")[0] for word in first_cells(part("[roles.KEY]")) if "." in word} >= WITH_OBJECT


def test_every_fact_is_in_the_table() -> None:
    own, derived = condition_facts._OWN, condition_facts._DERIVED
    told = set(" ".join(first_cells(part("Conditions"))).split())
    assert {*own, *derived} - told == set()
    heads = {word.partition(".")[0] for word in told if "." in word}
    assert {*condition_facts._FAMILIES, *condition_facts._NAMED, "linked", "new"} - heads == set()


def test_every_fact_in_the_table_is_one() -> None:
    policy = read(policies.DESK).policy
    assert policy is not None
    context = Context.of(policy)
    names = {"TYPE": "note", "KIND": None, "NAME": None, "COLUMN": None, "CLOCK": "resolution", "FACT": "status"}
    for word in " ".join(first_cells(part("Conditions").split("| fact |")[1])).split():
        head, _, rest = word.partition(".")
        vocabulary = {"linked": "links", **{name: of for name, (of, _) in condition_facts._NAMED.items()}}.get(
            head, head
        )
        if vocabulary in context.names and not context.names[vocabulary].entries:
            continue
        register = policy.registers.entries.get(FAMILIES.get(head, ("",))[0])
        entry = register.column if register else next(iter(context.names.get(vocabulary, policy.statuses).entries), "")
        name = ".".join([head, *(names.get(step, step) or entry for step in rest.split(".") if step)])
        assert not isinstance(look_up(name, context), NoFact), name


def test_every_operator_and_reference_is_told() -> None:
    told = part("Conditions")
    signs = [*REFERENCES, condition_operands.NONE, "/**", "/*", "<", "<=", ">", ">=", "not.", "any = ["]
    assert [sign for sign in signs if sign not in told] == []


def test_every_kind_of_status_is_told() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in part("[statuses.KEY]")] == []


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_all_that_can_be_completed_is(name: str, command: click.Command) -> None:
    """A value that the desk, git, the disk or tk itself knows is offered to the shell."""
    for param in command.params:
        flag = isinstance(param, click.Option) and (param.is_flag or param.count)
        offered = isinstance(param.type, click.Choice) or getattr(param, "_custom_shell_complete", None) is not None
        assert flag or offered or param.name in FREE, (name, param.name)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.name))
def test_the_commands_and_options_that_the_documents_name_are_there(path: Path) -> None:
    text = reference.REGION.sub("", path.read_text(encoding="utf-8"))
    known = {
        name: {opt for param in command.params for opt in (*param.opts, *param.secondary_opts)}
        for name, command in commands()
    }
    for line in re.findall(r"`(tk [^`]+)`|^(?:    |\$ )(tk .*)$", text, re.MULTILINE):
        words = "".join(line).split(" #")[0].split()
        name = next((word for word in words[1:] if word in known), "tk")
        name = next((f"{name} {word}" for word in words[1:] if f"{name} {word}" in known), name)
        asked = [word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z][a-z-]*(=.*)?", word)]
        assert [word for word in asked if word not in known[name] | known["tk"] | {"--help"}] == [], line
        assert re.fullmatch(r"-.*|[A-Z]+|\W.*", words[1]) or words[1] in known, line
