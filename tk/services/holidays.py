"""The holidays of a country as a register: a draft that people look over before deadlines go by it."""

import csv
import re
from collections.abc import Mapping
from io import StringIO
from typing import NamedTuple

import holidays as library
from holidays.registry import COUNTRIES

from tk.core.names import fold, nearest
from tk.core.rules import HOLIDAY
from tk.errors import Message, WrongUsage, say

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
_MOST = 50
"""How many years a register may have at once: laws change, and nobody reviews more."""


class Wanted(NamedTuple):
    """Whose holidays: a country by code or English name, years such as 2026-2030, a region's code; the language."""

    country: str
    years: str
    region: str | None = None
    language: str = "en"


def register_of(wanted: Wanted) -> str:
    """Return the register in CSV: a line a day, in order, under the columns `date` and `name`.

    Raises:
        WrongUsage: the country or its region is not known, or the years are none.
    """
    code = _country(wanted.country)
    calendar = library.country_holidays(code, subdiv=_region(code, wanted.region), years=(), observed=True)
    years = _years(wanted.years, calendar.start_year, calendar.end_year)
    spoken = next((held for held in calendar.supported_languages if held.startswith(wanted.language)), None)
    made = library.country_holidays(
        code, subdiv=calendar.subdiv, years=years, language=spoken or calendar.default_language
    )
    text = StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow((HOLIDAY, "name"))
    sheet.writerows((day.isoformat(), name) for day, name in sorted(made.items()))
    return text.getvalue()


def countries() -> Mapping[str, str]:
    """Return each country's code with its English name."""
    return {code: key.replace("_", " ").title() for key, (_, code, *_rest) in COUNTRIES.items()}


def _country(text: str) -> str:
    codes = library.list_supported_countries(include_aliases=True)
    if text.upper() in codes:
        return text.upper()
    names = {fold(name): code for code, name in countries().items()}
    if fold(text) in names:
        return names[fold(text)]
    known = countries()
    near = nearest(text, known.values())
    hint = say("a country is named by its code, such as CL or MX, or in English")
    if near is not None:
        hint = say('did you mean "{near}"?', near=f"{names[fold(near)]} ({near})")
    raise WrongUsage(say('no country "{text}" is known', text=text), hint)


def _region(code: str, text: str | None) -> str | None:
    if text is None:
        return None
    known = library.list_supported_countries(include_aliases=True)[code]
    found = next((region for region in known if fold(region) == fold(text)), None)
    if found is not None:
        return str(found)
    raise WrongUsage(say('{country} has no region "{text}"', country=code, text=text), _choice(known))


def _choice(known: list[str]) -> Message:
    if not known:
        return say("its holidays are the same everywhere")
    return say("the choice is: {keys}", keys=", ".join(known))


def _years(text: str, first_known: int, last_known: int) -> range:
    match = _YEARS.fullmatch(text.strip())
    if match is None:
        raise WrongUsage(say('"{text}" are no years', text=text), say("write one as 2026, or several as 2026-2030"))
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise WrongUsage(say("{last} lies before {first}", last=last, first=first), say("write 2026-2030"))
    if last - first >= _MOST:
        raise WrongUsage(say("{count} years are too many; at most {most}", count=last - first + 1, most=_MOST))
    if first < first_known or last > last_known:
        message = say("only the years from {first} to {last} are known", first=first_known, last=last_known)
        raise WrongUsage(message, say("write 2026-2030"))
    return range(first, last + 1)
