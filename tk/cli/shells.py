"""What a shell needs to complete tk's words, and what it is answered when it asks; by click's own mechanism.

zsh and fish are served by click as it is. From bash click takes the words, which break at `:` and `=`; here it takes
the line, so that `status:open` and `priority=high` complete, and lists titles and labels beside the words.
"""

import os
from contextlib import suppress

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    shell_complete,
    split_arg_string,
)

from tk.cli.screen import columns
from tk.cli.widths import cut, width

VARIABLE = "_TK_COMPLETE"
"""The environment variable by which a shell asks."""

SHELLS = ("bash", "zsh", "fish")

_PROGRAM = "tk"
_LISTING = "63"
"""bash's `COMP_TYPE` when it lists what could come next, and inserts nothing."""

_BASH = """\
%(complete_func)s() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            plain,*) COMPREPLY+=("${line#plain,}") ;;
            file) compopt -o default ;;
            dir) compopt -o dirnames ;;
            nospace) compopt -o nospace ;;
        esac
    done < <(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_TYPE="$COMP_TYPE" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        COLUMNS="$COLUMNS" %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """What bash asks, told by the line, and what it is answered."""

    source_template = _BASH

    def source(self) -> str:
        """Return the script; a bash too old for it (before 4.4) says so itself."""
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one under the cursor, and that one as far as it goes."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        incomplete = "" if line[-1:].isspace() or len(words) < 2 else words.pop()
        return words[1:], incomplete

    def complete(self) -> str:
        """Return the lines that the script reads."""
        args, incomplete = self.get_completion_args()
        items = self.get_completions(args, incomplete)
        shown = len(items) > 1 and os.environ.get("COMP_TYPE") == _LISTING
        start = _broken_off(incomplete)
        lines = [self._line(item, start, len(items) * shown and max(len(i.value) for i in items)) for item in items]
        if any(item.value.endswith((":", "=")) for item in items):
            lines.append("nospace")
        return "\n".join(lines)

    def _line(self, item: CompletionItem, start: str, listed: int) -> str:
        if item.type != "plain":
            return item.type
        value = str(item.value).removeprefix(start)
        if not listed or not item.help:
            return f"plain,{value}"
        text = cut(f"{value:<{listed - len(start)}}  {item.help}", columns(None) - 2)
        return f"plain,{text}{' ' * (columns(None) // 2 - width(text))}"  # wide enough for a line of its own


def _broken_off(incomplete: str) -> str:
    """Return the part of a word that bash takes for words of their own, as they end at `:` or `=`."""
    line, breaks = os.environ["COMP_LINE"], os.environ.get("COMP_WORDBREAKS", ":=")
    if line.count('"') % 2 or line.count("'") % 2:
        return ""  # within quotes it breaks nothing
    return incomplete[: max((incomplete.rfind(sign) + 1 for sign in ":=" if sign in breaks), default=0)]


def script(group: click.Command, shell: str) -> str:
    """Return what a shell is to read at its start."""
    add_completion_class(Bash)
    found = get_completion_class(shell)
    return "" if found is None else found(group, {}, _PROGRAM, VARIABLE).source()


def answer(group: click.Command, instruction: str) -> int:
    """Answer a shell that asks what could come next; say nothing at all where anything goes wrong."""
    add_completion_class(Bash)
    with suppress(Exception):
        return shell_complete(group, {}, _PROGRAM, VARIABLE, instruction)
    return 1
