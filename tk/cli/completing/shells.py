"""What a shell needs to complete tk's words, and what it is answered when it asks; by click's own mechanism.

From bash click takes the words, which break at `:` and `=`; here it takes the line, so that `status:open` and
`priority=high` complete, and lists titles and labels beside the words. zsh is told which words are but the beginning of
one, so that it puts no space behind `status:`, and fish is told words and titles parted by what stands in neither, so
that `status:open,solved` is one word.
"""

import os
import re
from contextlib import suppress

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    shell_complete,
    split_arg_string,
)

from tk.cli.terminal.screen import columns
from tk.cli.terminal.widths import cut, width

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


_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local kind word told found=1
    local -a whole begun
    while IFS=$'\\t' read -r kind word told; do
        word=${word//:/\\\\:}
        case $kind in
            plain) whole+=("$word${told:+:$told}") ;;
            begun) begun+=("$word${told:+:$told}") ;;
            file) _files && found=0 ;;
            dir) _files -/ && found=0 ;;
        esac
    done < <(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT - 1)) \\
        %(complete_var)s=zsh_complete ${(Q)words[1]} 2>/dev/null)
    (( $#whole )) && _describe -V '' whole -U && found=0
    (( $#begun )) && _describe -V '' begun -U -S '' && found=0
    return found
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""


class Zsh(ZshComplete):
    """What zsh asks, and what it is answered: a line a word, its kind, itself and what it means parted by tabs."""

    source_template = _ZSH

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line for a word: `plain`, `begun` where more is to follow without a space, `file` or `dir`."""
        kind = "begun" if item.type == "plain" and item.value.endswith((":", "=")) else item.type
        return f"{kind}\t{item.value}\t{item.help or ''}"


_SPECIAL = re.compile(r"""[\s"'\\$`&|;<>()*?!#~\[\]{}]""")
_SPECIAL_IN_QUOTES = re.compile(r"""["\\$`]""")


_FISH = """\
function %(complete_func)s
    for line in (COMP_WORDS=(commandline -cp) COMP_CWORD=(commandline -t) %(complete_var)s=fish_complete \\
            %(prog_name)s 2>/dev/null)
        set -l answer (string split -m 2 \\t -- $line)
        switch $answer[1]
            case file
                __fish_complete_path $answer[2]
            case dir
                __fish_complete_directories $answer[2]
            case plain
                printf '%%s\\t%%s\\n' $answer[2] "$answer[3]"
        end
    end
end

complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class Fish(FishComplete):
    """What fish asks, and what it is answered: a line a word, its kind, itself and what it means parted by tabs."""

    source_template = _FISH

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line for a word."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"


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
        if not listed:
            return f"plain,{_quoted(value)}"
        if not item.help:
            return f"plain,{value}"
        text = cut(f"{value:<{listed - len(start)}}  {item.help}", columns(None) - 2)
        return f"plain,{text}{' ' * (columns(None) // 2 - width(text))}"  # wide enough for a line of its own


def _quoted(word: str) -> str:
    """Return a word as bash takes it for one where it is put: within quotes, or bare."""
    line = os.environ["COMP_LINE"]
    if line.count("'") % 2:
        return word
    return (_SPECIAL_IN_QUOTES if line.count('"') % 2 else _SPECIAL).sub(r"\\\g<0>", word)


def _broken_off(incomplete: str) -> str:
    """Return the part of a word that bash takes for words of their own, as they end at `:` or `=`."""
    line, breaks = os.environ["COMP_LINE"], os.environ.get("COMP_WORDBREAKS", ":=")
    if line.count('"') % 2 or line.count("'") % 2:
        return ""  # within quotes it breaks nothing
    return incomplete[: max((incomplete.rfind(sign) + 1 for sign in ":=" if sign in breaks), default=0)]


def script(group: click.Command, shell: str) -> str:
    """Return what a shell is to read at its start."""
    _add_classes()
    found = get_completion_class(shell)
    return "" if found is None else found(group, {}, _PROGRAM, VARIABLE).source()


def answer(group: click.Command, instruction: str) -> int:
    """Answer a shell that asks what could come next; say nothing at all where anything goes wrong."""
    _add_classes()
    with suppress(Exception):
        return shell_complete(group, {}, _PROGRAM, VARIABLE, instruction)
    return 1


def _add_classes() -> None:
    """Have click know the shells as they are served here."""
    add_completion_class(Bash)
    add_completion_class(Fish)
    add_completion_class(Zsh)
