"""Markdown for pages of a forge: what strangers wrote stands in code spans, where nothing is a link or a mention.

Outside of one, `@name` would call somebody, `fixes #3` close an issue, `![](address)` tell who reads the page.
"""

import re
from collections.abc import Iterator, Sequence
from string import Formatter

from tk.cli.output.review import SHORT, WORDS
from tk.cli.output.telling import Telling
from tk.cli.terminal.safe import cell
from tk.core.finding import Finding
from tk.core.numbers import Number, counted
from tk.errors import Message, say, translation

_TICKS = re.compile("`+")
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~@&!])")


def code(text: str) -> str:
    """Return `text` on one line as a code span, whatever it holds; "" as it is."""
    line = cell(text).strip()
    if not line:
        return ""
    fence = "`" * (1 + max((len(found) for found in _TICKS.findall(line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def sentence(message: Message) -> str:
    """Return a message in the language spoken, its values as code spans, so that only the code's own words speak."""
    template = translation()(message.template)
    if "`" in template:
        return code(str(message))
    return "".join(_parts(template, message))


def _parts(template: str, message: Message) -> Iterator[str]:
    reader = Formatter()
    for words, name, _, _ in reader.parse(template):
        yield escaped(words)
        if name is not None:
            value, _ = reader.get_field(name, (), message.values)
            if isinstance(value, Message):
                yield sentence(value)
            else:
                yield str(value) if isinstance(value, int | Number) else code(str(value))


def escaped(text: str) -> str:
    """Return words of our own so that Markdown takes them for words."""
    return _MARKUP.sub(r"\\\1", text)


def listed(findings: Sequence[Finding]) -> str:
    """Return findings as a list in Markdown, under a line that counts them."""
    errors = sum(finding.is_error for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    heading = say(
        "{errors}, {warnings}",
        errors=counted(errors, "{count} error", "{count} errors"),
        warnings=counted(warnings, "{count} warning", "{count} warnings"),
    )
    return "\n".join((f"**{sentence(heading)}**", *([""] if findings else []), *map(_item, findings)))


def told(heading: Message, tellings: Sequence[Telling]) -> str:
    """Return changes as a list in Markdown, fit for the description of a pull request."""
    return "\n".join((f"**{sentence(heading)}**", *([""] if tellings else []), *map(_change, tellings)))


def _change(telling: Telling) -> str:
    title = f" {code(telling.title)}" if telling.title else ""
    return f"- {code(telling.name)}{title}: {'; '.join(map(sentence, telling.parts))}"


def _item(finding: Finding) -> str:
    line = f":{finding.line}" if finding.line else ""
    where = ", ".join(filter(None, (code(finding.path + line), (finding.commit or "")[:SHORT])))
    told = f"- **{WORDS[finding.severity]}** {code(finding.code)} {sentence(finding.message)}"
    return f"{told} ({where})" if where else told
