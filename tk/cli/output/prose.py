"""Markdown as people like to read it, on a terminal: headings, lists, tables, quotes and code, set to its width.

A ticket's text is a stranger's, and mostly written as mail is. So its lines stay lines; what looks like HTML stands
there as it was typed; a row of dashes under a line makes no heading; every address of a link is shown. Nothing that a
terminal might obey comes through, written out as an entity or not.
"""

import re
from collections.abc import Iterable, Iterator
from io import StringIO

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console
from rich.markdown import Markdown
from rich.theme import Theme

from tk.cli.terminal.safe import safe

_LONGEST = 1 << 16
"""Letters up to which a text is set: what is longer is no letter but a log file, and is shown as it stands."""

_LEAST = 20
"""Columns that a text is given even where the terminal is narrower."""

_DEEPEST = 12
_NARROWEST = 5
"""How deep quotes and lists may lie in one another, and how many columns of a table each take, to be seen."""

_PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["strikethrough", "table"])
    .disable(["lheading", "reference", "html_block", "html_inline"])
)

_STYLES = re.compile(r"\x1b\[[\d;]*m")

_THEME = Theme(
    {
        "markdown.h1": "bold underline",
        "markdown.h2": "bold underline",
        "markdown.h3": "bold",
        "markdown.code": "cyan",
        "markdown.code_block": "cyan",
        "markdown.block_quote": "dim",
        "markdown.item.number": "bold",
        "markdown.table.border": "dim",
        "markdown.table.header": "bold",
        "markdown.link": "underline",
        "markdown.link_url": "underline",
    }
)


def prose(text: str, wide: int, *, colored: bool) -> Iterator[str]:
    """Yield the lines of a text in at most `wide` columns; `colored`, they carry colours and styles."""
    tokens = _PARSER.parse(safe(text)) if len(text) <= _LONGEST else None
    if tokens is None or not _fits(tokens, wide):
        yield from safe(text).splitlines()
        return
    markdown = Markdown("", code_theme="ansi_dark", hyperlinks=False)
    markdown.parsed = list(_plain(tokens))
    shown = StringIO()
    console = Console(
        file=shown,
        width=max(wide, _LEAST),
        theme=_THEME,
        force_terminal=colored,
        color_system="standard" if colored else None,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
    )
    console.print(markdown)
    yield from _closed_up(line.rstrip() for line in shown.getvalue().split("\n"))


def _fits(tokens: list[Token], wide: int) -> bool:
    """Whether nothing lies so deep, and no table is so wide, that some of it would not be seen."""
    columns = 0
    for token in tokens:
        columns = 0 if token.type == "tr_open" else columns + (token.type in {"th_open", "td_open"})
        if token.level > _DEEPEST or columns * _NARROWEST > wide:
            return False
    return True


def _closed_up(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines without empty ones at the ends, and no two of them together."""
    waiting = started = False
    for line in lines:
        is_empty = not _STYLES.sub("", line).strip()
        if not is_empty:
            if waiting and started:
                yield ""
            yield line
            started = True
        waiting = is_empty


def _plain(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens with nothing in them that acts, and each such that all of it is seen."""
    for token in tokens:
        token.content = safe(token.content)
        token.info = ""  # a language would have the code painted
        match token.type:
            case "softbreak":
                token.type = "hardbreak"
            case "image":
                yield _words(f"{token.content} ({safe(str(token.attrs['src']))})".lstrip())
                continue
            case "link_open":
                token.attrs["href"] = safe(str(token.attrs["href"]))
        if token.tag == "h1":
            token.tag = "h2"  # which is not set in the middle
        if token.children is not None:
            token.children = list(_plain(_without_doubles(token.children)))
        yield token


def _without_doubles(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens without the links around what is an address already."""
    return (token for token in tokens if token.markup != "autolink")


def _words(text: str) -> Token:
    return Token("text", "", 0, content=text)
