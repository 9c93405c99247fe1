"""Templates of letters: found in the desk by language, rendered in the sandbox, their faults told by file and line.

The letter NAME is `templates/LANGUAGE/NAME.txt.j2`. A part that it includes, extends or imports lies in one of the same
folders and is named alone, so nothing outside `templates/` can be reached.
"""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import BaseLoader, Environment, Template, TemplateNotFound, TemplateSyntaxError

from tk.core.instant import parse_instant
from tk.core.review.governed import ENDING, TEMPLATES, is_language
from tk.core.text import normalise, one_line, shown
from tk.errors import Message, PolicyBroken, TkError, say
from tk.post.sandbox import Budget, Overrun, Sandbox
from tk.store.desk import Desk

_PART = "_"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*", re.ASCII)


class BadTemplate(PolicyBroken):
    """A template that is not there, or that cannot be rendered: `path` and `line` (0 for none) say where, `why` why."""

    def __init__(self, path: str, line: int, why: Message) -> None:
        self.path, self.line, self.why = path, line, why
        message = say("{path}:{line}: {why}", path=path, line=line, why=why)
        super().__init__(message if line else say("{path}: {why}", path=path, why=why))
        self.hint = say("nothing was changed; mend the template, tk check says when it is right")


class Templates:
    """The templates of a desk, each read when a letter needs it and compiled once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._loader = _Folders(desk)
        self._sandbox = Sandbox(self._loader, {"when": _when})

    def order(self, wanted: str | None) -> tuple[str, ...]:
        """Return the languages whose folders are looked into: the one wanted, the desk's own, then any, by name."""
        first = [wanted] if wanted and is_language(wanted) else []
        return tuple(dict.fromkeys([*first, self._desk.policy.desk.own_language, *_languages(self._desk)]))

    def names(self) -> list[str]:
        """Return the names of the desk's letters; what begins with an underscore is a part of others."""
        return sorted({name for _, name in self.letters()})

    def letters(self) -> list[tuple[str, str]]:
        """Return each letter that there is, its language and its name."""
        found = Path(self._desk.repo.root, TEMPLATES).glob(f"*/*{ENDING}")
        places = ((place.parent.name, place.name.removesuffix(ENDING)) for place in found)
        return sorted((language, name) for language, name in places if not name.startswith(_PART))

    def render(self, name: str, languages: Sequence[str], given: Mapping[str, object]) -> str:
        """Return the text that the template makes of `given`, its lines ended by LF, without outer blank lines.

        Args:
            name: of the letter, without its ending.
            languages: of the folders that are looked into, in this order.
            given: what the template may read.

        Raises:
            BadTemplate: there is none, it reads what is not there, reaches outside, or does more than a letter needs.
        """
        file = f"{name}{ENDING}"
        self._loader.languages = tuple(languages)
        self._sandbox.budget = Budget()
        try:
            text = self._sandbox.get_template(file).render(given)
        except TkError:
            raise
        except Exception as error:
            raise self._fault(error, file) from error
        return normalise(text)

    def path(self, name: str, languages: Sequence[str]) -> str | None:
        """Return where the letter's template lies; None where there is none."""
        self._loader.languages = tuple(languages)
        found = self._loader.find(f"{name}{ENDING}")
        return None if found is None else found[0]

    def _fault(self, error: Exception, file: str) -> BadTemplate:
        found = self._loader.find(file)
        if found is None:
            return BadTemplate(f"{TEMPLATES}/{self._loader.languages[0]}/{file}", 0, say("there is no such template"))
        if isinstance(error, TemplateSyntaxError):
            return BadTemplate(
                error.filename or found[0],
                error.lineno,
                say("{why}", why=one_line(error.message or "").removesuffix(".")),
            )
        path, line = _place(error.__traceback__, found[0])
        return BadTemplate(path, line, _why(error))


def _why(error: Exception) -> Message:
    """Return what went wrong in a sentence."""
    match error:
        case Overrun():
            return error.message
        case RecursionError():
            return say("it does not end: it calls itself again and again")
        case TemplateNotFound():
            return say('there is no template "{name}" beside it', name=shown(str(error.name)))
    return say("{why}", why=one_line(str(error)).removesuffix(".") or type(error).__name__)


def _place(trace: TracebackType | None, path: str) -> tuple[str, int]:
    """Return the innermost place in a template that an error came through."""
    line = 0
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(f"{TEMPLATES}/"):
            path, line = file, trace.tb_lineno
        trace = trace.tb_next
    return path, line


class _Folders(BaseLoader):
    """Reads templates out of the desk's folders, those of `languages` in their order."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.languages: tuple[str, ...] = ()

    def load(self, environment: Environment, name: str, given: MutableMapping[str, Any] | None = None) -> Template:
        """Return the template called `name`."""
        found = self.find(name)
        if found is None or not isinstance(environment, Sandbox):
            raise TemplateNotFound(name)
        path, data = found
        try:
            source = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadTemplate(path, 0, say("not UTF-8 text")) from None
        return environment.built(source, name, path, {} if given is None else given)

    def find(self, name: str) -> tuple[str, bytes] | None:
        """Return the path and content of the first file called `name`; None where there is none, or that is no name."""
        if not _NAME.fullmatch(name):
            return None
        for language in self.languages:
            path = f"{TEMPLATES}/{language}/{name}"
            data = self._desk.content(path) if _lies_inside(self._desk, path) else None
            if data is not None:
                return path, data
        return None


def _lies_inside(desk: Desk, path: str) -> bool:
    """Return whether a path of a template leads to a file of the folder of templates, links followed."""
    root = desk.repo.root
    return (root / path).resolve().is_relative_to(root / TEMPLATES)


def _languages(desk: Desk) -> list[str]:
    folder = Path(desk.repo.root, TEMPLATES)
    return sorted(place.name for place in folder.glob("*/") if is_language(place.name))


def _when(text: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """Return an instant of a ticket as people read it; text that is none stays as it is."""
    try:
        return parse_instant(text).strftime(form)
    except ValueError:
        return text
