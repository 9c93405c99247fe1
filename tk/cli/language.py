"""The language of messages, help and labels: `--lang`, else that of tk.toml, else that of the locale.

English is what the code is written in; another language is a catalogue of gettext in tk/locale. click asks gettext for
its own words, so gettext is told of the same catalogue.
"""

import copy
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from inspect import cleandoc

import click

from tk.errors import translated, translation

LANGUAGES = ("en", "es")
"""The languages that tk speaks."""

LOCALE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")
"""The folder of the catalogues."""

DOMAIN = "tk"

_SENTENCE = re.compile(r'"([^"]* [^"]*)"')

_OWN_WORD = re.compile(r'^language\s*=\s*"([a-z]{2})"', re.MULTILINE)


def chosen(lang: str, steps: Sequence[str]) -> str:
    """Return the language for a command: `lang` unless "", else of the desk that `steps` lead to, else of the locale.

    What the desk says is looked up in its tk.toml without reading all of it; a desk may well speak a language that tk
    does not.
    """
    return lang or _of_desk(steps) or of_locale()


def spoken_at(folder: str, lang: str | None) -> str:
    """Return the language that a command started for a folder speaks, English where tk does not speak the desk's."""
    language = chosen(lang or "", (folder,))
    return language if language in LANGUAGES else "en"


def of_locale() -> str:
    """Return the language of the user's locale, English where tk speaks none that it asks for.

    As gettext has it, whether or not the system has the locale: what LANGUAGE lists goes before the locale's own, but
    not where that is C, which asks for the words as they are.
    """
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "C")
    if re.split("[.@]", locale)[0] in {"C", "POSIX"}:
        return "en"
    wanted = _wanted[0] if _wanted else os.environ.get("LANGUAGE", "")
    spoken = (re.split("[_.@]", name)[0] for name in (*wanted.split(":"), locale))
    return next((language for language in spoken if language in LANGUAGES), "en")


_wanted: list[str] = []
"""What LANGUAGE lists, as the user has it: `speaking` sets another."""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Have everything in the block said in a language: messages, help, click's own words; English where tk has none."""
    if language == "en" or language not in LANGUAGES:
        with translated(str):
            yield
        return
    import gettext  # who speaks English does without it

    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    _wanted.append(before or "")
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
    try:
        with translated(gettext.translation(DOMAIN, LOCALE, [language]).gettext):
            yield
    finally:
        _wanted.pop()
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def in_language(command: click.Command) -> click.Command:
    """Return a command whose help is in the language spoken; the command itself where that is English."""
    translate = translation()
    if translate is str:
        return command
    spoken = copy.copy(command)
    vars(spoken)["_help_option"] = None  # click keeps the one it made, in the language of then
    spoken.help = text_in_language(command.help, translate)
    spoken.epilog = text_in_language(command.epilog, translate)
    spoken.options_metavar = command.options_metavar and translate(command.options_metavar)
    spoken.params = [_param(param, translate) for param in command.params]
    return spoken


def paragraphs(text: str) -> list[str]:
    """Return what of a help text is translated one by one: its paragraphs, each on one line, without examples."""
    return [" ".join(part.split()) for part in cleandoc(text).split("\n\n") if not part.startswith("\b")]


def quoted(text: str) -> list[str]:
    """Return what of a help text's examples is translated: the sentences in quotes."""
    parts = cleandoc(text).split("\n\n")
    return [found[1] for part in parts if part.startswith("\b") for found in _SENTENCE.finditer(part)]


def text_in_language(text: str | None, translate: Callable[[str], str]) -> str | None:
    """Return a help text translated paragraph by paragraph; of an example its heading and the sentences in quotes."""
    if text is None:
        return None
    parts = (
        _example(part, translate) if part.startswith("\b") else translate(" ".join(part.split()))
        for part in cleandoc(text).split("\n\n")
    )
    return "\n\n".join(parts)


def _example(text: str, translate: Callable[[str], str]) -> str:
    headed = text.replace("Example:", translate("Example:"), 1)
    return _SENTENCE.sub(lambda found: f'"{translate(found[1])}"', headed)


def _param(param: click.Parameter, translate: Callable[[str], str]) -> click.Parameter:
    if not isinstance(param, click.Option) or param.help is None:
        return param
    spoken = copy.copy(param)
    spoken.help = translate(" ".join(param.help.split()))
    return spoken


def _of_desk(steps: Sequence[str]) -> str:
    """Return the language that the tk.toml in or above a folder names, "" where there is none."""
    try:
        folder = os.path.realpath(os.path.join(os.getcwd(), *steps))
    except OSError:
        return ""
    while True:
        try:
            with open(os.path.join(folder, "tk.toml"), encoding="utf-8", errors="replace") as policy:
                found = _OWN_WORD.search(policy.read(4096))
            return "" if found is None else found[1]
        except OSError:
            folder, before = os.path.dirname(folder), folder
            if folder == before:
                return ""
