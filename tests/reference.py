"""The reference under docs: `make docs` writes it anew from the code, and the tests hold it there.

docs/commands.md is made whole, of the table of commands and of each command's own help. In docs/policy.md the tables of
keys are made, of the shape of tk.toml: each stands between `<!-- keys of SECTION -->` and `<!-- end -->`, under a
heading that names the section and with prose around it that people write. SECTION may be several with the same keys.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from textwrap import fill
from typing import Any

import click

from tests.world import ROOT
from tk.cli import group
from tk.cli.language import paragraphs
from tk.core.written import file as policy_file
from tk.core.written import file_terms as policy_file_terms

COMMANDS = ROOT / "docs" / "commands.md"
POLICY = ROOT / "docs" / "policy.md"

REGION = re.compile(r"^<!-- keys of ([a-z -]+) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)

Node = Mapping[str, Any]


def rules() -> dict[str, str]:
    """Return what each pattern of tk.toml asks, in words."""
    annotated = (getattr(value, "__metadata__", ()) for value in vars(policy_file_terms).values())
    metas = (meta for found in annotated for meta in found if getattr(meta, "pattern", None) is not None)
    return {meta.pattern: str((meta.extra or {})["rule"]) for meta in metas}


def sections() -> list[str]:
    """Return the sections of tk.toml."""
    return list(_struct("PolicyFile")["properties"])


def policy(text: str) -> str:
    """Return the reference of the policy with its tables made anew."""
    return REGION.sub(lambda found: f"<!-- keys of {found[1]} -->\n{_region(found[1].split())}<!-- end -->", text)


def _struct(name: str) -> Node:
    found: Node = policy_file.schema()["$defs"][name]
    return found


def _region(names: list[str]) -> str:
    tables = [_table(_struct("PolicyFile")["properties"][name]) for name in names]
    if any(table != tables[0] for table in tables):
        raise ValueError(f"{', '.join(names)} have not the same keys: give each a table of its own")
    return tables[0]


def _table(section: Node) -> str:
    head = ["| key | value | |", "| --- | --- | --- |"]
    rows = (f"| `{key}` | {_cell(value)} | {_cell(told)} |" for key, value, told in _rows("", section, ()))
    return "\n".join([*head, *rows, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _rows(above: str, node: Node, seen: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Yield the keys of what stands at a node, those of tables within it too: path, value, meaning."""
    name = _named(node)
    if name is None or name in seen:
        return
    struct = _struct(name)
    for key, inner in struct["properties"].items():
        told = [inner.get("description", ""), *_rule(inner), *_default(key, inner, struct)]
        yield f"{above}{key}", _words(inner), " ".join(filter(None, told))
        step = ".KEY." if "additionalProperties" in inner else "."
        yield from _rows(f"{above}{key}{step}", inner, (*seen, name))


def _named(node: Node) -> str | None:
    """Return the name of the struct that a node is, or holds many of."""
    for key in ("additionalProperties", "items"):
        if isinstance(node.get(key), Mapping):
            return _named(node[key])
    if "$ref" in node:
        return str(node["$ref"]).rpartition("/")[2]
    return next((name for each in node.get("anyOf", ()) if (name := _named(each)) is not None), None)


def _rule(node: Node) -> Iterator[str]:
    patterns = [node["pattern"]] if "pattern" in node else []
    patterns += [each["pattern"] for each in node.get("anyOf", ()) if "pattern" in each]
    if "anyOf" in node and any("additionalProperties" in each for each in node["anyOf"]):
        return  # words, of which a line is told by `text`
    for pattern in patterns:
        rule = rules()[pattern]
        if _words({"type": "string", "pattern": pattern}) == "text" and "one line" not in rule:
            yield f"{rule[0].upper()}{rule[1:]}."


def _default(key: str, node: Node, struct: Node) -> Iterator[str]:
    if key in struct["required"]:
        yield "Required."
    elif node.get("default") not in (None, "", [], {}, False):
        yield f"`{node['default']}` unless said."


def _words(node: Node) -> str:
    """Return what a value may be."""
    if "anyOf" in node:
        parts = [_words(each) for each in node["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(parts))
    if "enum" in node:
        return ", ".join(f"`{each}`" for each in node["enum"])
    if node.get("type") == "array":
        return f"a list of {_words(node['items']).replace('a table', 'tables')}"
    if node.get("pattern") == _KEY:
        return "a key"
    if "examples" in node:
        return "a condition"
    return _TYPES.get(node.get("format", node.get("type")), "a table")


_KEY = next(pattern for pattern, rule in rules().items() if rule.startswith("a key is"))

_TYPES = {
    "boolean": "`true` or `false`",
    "date": "a day",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
}


def commands() -> str:
    """Return the reference of the commands."""
    parts = [
        "# Commands\n\n`make docs` makes this file of what the commands say of themselves; `tk COMMAND --help` prints"
        " the same,\nin your language. `-h` and `--help` are options of every command.\n",
        *_command("tk", group.tk),
    ]
    for title, rows in group.SECTIONS.items():
        parts.append(f"## {title}\n")
        for row in rows:
            found = group.tk.get_command(click.Context(group.tk), row.name)
            for name, command in () if found is None else family(row.name, found):
                parts += _command(f"tk {name}", command)
    return "\n".join(parts)


def family(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield a command and, of one that is a family of them, each member with its whole name."""
    yield name, command
    if isinstance(command, click.Group):
        for member in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), member)
            if found is not None:
                yield from family(f"{name} {member}", found)


def _command(name: str, command: click.Command) -> Iterator[str]:
    yield f"### {name}\n"
    with click.Context(command, info_name=name, help_option_names=["-h", "--help"]) as context:
        usage = " ".join(command.collect_usage_pieces(context))
        options = [param for param in command.params if isinstance(param, click.Option)]
        records = [option.get_help_record(context) for option in options]
    for paragraph in paragraphs(command.help or ""):
        yield f"{fill(_escaped(paragraph), 120, break_long_words=False, break_on_hyphens=False)}\n"
    yield f"    {name} {usage}\n"
    for part in cleandoc(command.help or "").split("\n\n"):
        if part.startswith("\b\n"):
            yield "".join(f"    {line}\n" for line in part.removeprefix("\b\n").splitlines())
    if records:
        yield "| option | |\n| --- | --- |"
    yield "".join(f"| `{_cell(record[0])}` | {_cell(_escaped(record[1]))} |\n" for record in records if record)


def _escaped(text: str) -> str:
    """Return a text of help as Markdown, its stars and angles as they are."""
    return re.sub(r"([*<>_])", r"\\\1", text)


if __name__ == "__main__":
    missing = [name for name in sections() if not re.search(rf"<!-- keys of .*\b{name}\b", POLICY.read_text("utf-8"))]
    for each in missing:
        sys.stderr.write(f"docs/policy.md says nothing of [{each}]: give it a heading, prose and a table of keys\n")
    POLICY.write_text(policy(POLICY.read_text(encoding="utf-8")), encoding="utf-8")
    COMMANDS.write_text(commands(), encoding="utf-8")
    sys.exit(bool(missing))
