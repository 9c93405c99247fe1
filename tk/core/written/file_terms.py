"""The small shapes that tk.toml is built of: names, words, lengths of time, conditions.

Of what `Meta(extra=…)` holds, `instead` is what a key that must be there is read as when it is not, so that one mistake
does not hide the rest of the file; `rule` is the message that says what a pattern asks.
"""

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from tk.errors import say

WORDS = "x-tk-words"
"""Marks in the schema where a string or a table of languages may stand for a whole entry."""

Language = Annotated[str, Meta(pattern="^[a-z]{2}$", extra={"rule": say("a language is two letters, such as en")})]
Line = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", extra={"rule": say("it must be one line of text")})]
Words: TypeAlias = Annotated[
    Line | dict[Language, Line], Meta(description="The desk's own words: text, or a table from language to text.")
]
Key = Annotated[
    str,
    Meta(
        pattern="^[a-z][a-z0-9-]*$",
        extra={"rule": say("a key is lower case letters, digits and hyphens, a letter first")},
    ),
]
Step = Annotated[
    str,
    Meta(
        pattern=r"^[^\s/*\x00-\x1f\x7f]([^/*\x00-\x1f\x7f]*[^\s/*\x00-\x1f\x7f])?$",
        extra={"rule": say("a name has no / and no *, and no space around it")},
    ),
]
Prefix = Annotated[
    str, Meta(pattern="^[A-Z][A-Z0-9]{0,9}$", extra={"rule": say("a prefix is up to ten capital letters and digits")})
]
Size = Annotated[
    str,
    Meta(
        pattern="^[1-9][0-9]{0,8} ?(B|KB|MB|GB)$",
        extra={"rule": say("a size is a number and B, KB, MB or GB, such as 25MB")},
    ),
]
Length = Annotated[
    str,
    Meta(
        pattern="^[0-9]{1,6}(m|h|d|w|bh|bd)$",
        extra={"rule": say("a length of time is a number and m, h, d, w, bh or bd, such as 24h or 3bd")},
    ),
]
Spell = Annotated[
    str,
    Meta(
        pattern="^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]$",
        extra={"rule": say("a spell of hours is written 09:00-18:00")},
    ),
]
Days = Annotated[
    str,
    Meta(
        pattern="^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$",
        extra={"rule": say("days are mon, tue, wed, thu, fri, sat, sun, or from one to another: mon-fri")},
    ),
]
Condition: TypeAlias = Annotated[
    dict[str, Any], Meta(description="Facts and what they must be; all must hold.", examples=[{"status": "solved"}])
]
Kind = Literal["new", "open", "waiting", "solved", "closed"]
FieldType = Literal["text", "number", "date", "choice", "tree", "person", "flag"]


class Table(Struct, forbid_unknown_fields=True, rename="kebab"):
    """A table of tk.toml, with no keys but its own."""


class Entry(Table):
    """Something with a label and nothing else; it may be written as the label alone."""

    label: Words = ""


SHORT = Meta(extra_json_schema={WORDS: True})
ShortEntry = Annotated[str | Entry, SHORT]
