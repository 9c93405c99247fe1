"""Maps: how the words of a foreign file become those of a desk (docs/import.md describes every key)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from tk.core.written.faults import Fault, Faults
from tk.core.written.places import Place, Places, read_places
from tk.core.written.shape import fit_as
from tk.core.written.toml import NotToml, loads
from tk.errors import Message, WrongUsage, say

_MANY = 10


class Table(Struct, forbid_unknown_fields=True, rename="kebab"):
    """A table of a map, with no keys but its own."""


class File(Table):
    """How the file is written."""

    encoding: Annotated[str | None, Meta(description="Its encoding; UTF-8 unless said.")] = None
    delimiter: Annotated[str | None, Meta(description="What parts the cells of a CSV; found unless said.")] = None
    records: Annotated[str | None, Meta(description="The way to the list of objects in a JSON file.")] = None


class Time(Table):
    """How instants are written."""

    format: Annotated[str | list[str], Meta(description="As for strptime, one or a list; RFC 3339 unless said.")] = (
        "iso"
    )
    zone: Annotated[str | None, Meta(description="Where they lie without an offset; the desk's zone unless said.")] = (
        None
    )


class Activity(Table):
    """What an activity does to a ticket."""

    log: Annotated[str | None, Meta(description="The type of event that it is logged as.")] = None
    advance: Annotated[str | None, Meta(description="The status that it leads to.")] = None
    assign: Annotated[str | None, Meta(description="Whom the ticket goes to: @who did it, a person, a team.")] = None
    text: Annotated[str | None, Meta(description="The event's text; the column text unless said.")] = None
    internal: Annotated[bool, Meta(description="Whether the event stays inside the desk.")] = False
    skip: Annotated[bool, Meta(description="Whether rows of it are left out.")] = False


class Unnamed(Table):
    """What to do with what the map does not name."""

    columns: Literal["refuse", "ignore"] = "refuse"
    activities: Literal["refuse", "skip", "note"] = "refuse"
    values: Literal["refuse", "leave-out"] = "refuse"
    people: Literal["refuse", "stranger"] = "refuse"
    address: Annotated[str, Meta(description="The address of a stranger.")] = "{who}@import.invalid"


class Map(Table):
    """How the words of a foreign file become those of a desk."""

    columns: Annotated[dict[str, str | list[str]], Meta(description="What of a ticket or an event is in which column.")]
    file: File = field(default_factory=File)
    ignore: Annotated[list[str], Meta(description="Columns that are left out.")] = []
    time: Time = field(default_factory=Time)
    ticket: Annotated[dict[str, str], Meta(description="What a new ticket starts with, with {columns} in it.")] = {}
    values: Annotated[dict[str, dict[str, str]], Meta(description="Words of the file to values, by field.")] = {}
    people: Annotated[dict[str, str], Meta(description="Words of the file to handles, names or addresses.")] = {}
    activities: Annotated[dict[str, str | Activity], Meta(description="What each activity does.")] = {}
    facts: Annotated[dict[str, str], Meta(description="Further facts of an event, by column.")] = {}
    links: Annotated[dict[str, str], Meta(description="Kinds of link, by the column that lists the others.")] = {}
    unnamed: Unnamed = field(default_factory=Unnamed)

    def activity(self, word: str) -> Activity | None:
        """Return what the activity `word` does; None where the map does not name it."""
        found = self.activities.get(word)
        return Activity(log=found) if isinstance(found, str) else found


def read_map(name: str, data: bytes) -> Map:
    """Return the map that the file `name` holds; raise WrongUsage with every fault in it, line and column before."""
    try:
        text = data.decode("utf-8-sig")
        values = loads(text)
        places = read_places(text)
    except UnicodeDecodeError:
        raise WrongUsage(say("{path} is not UTF-8 text", path=name)) from None
    except NotToml as error:
        place = {"path": name, "line": error.line, "column": error.column}
        raise WrongUsage(say("{path}:{line}:{column}: {why}", **place, why=error.why)) from None
    faults = Faults()
    made = fit_as(Map, values, faults, name)
    if faults.found or made is None:
        raise _broken(name, faults.found, places)
    return made


def _broken(name: str, found: list[Fault], places: Places) -> WrongUsage:
    lines = [_line(name, fault, places) for fault in found]
    more = [str(each) for each in lines[1:_MANY]]
    if len(lines) > _MANY:
        more.append(str(say("and {count} more", count=len(lines) - _MANY)))
    return WrongUsage(lines[0], say("{lines}", lines="\n".join(more)) if more else None)


def _line(name: str, fault: Fault, places: Places) -> Message:
    place: Place = places.key(fault.path) if fault.on_key else places.value(fault.path)
    return say("{path}:{line}:{column}: {why}", path=name, line=place.line, column=place.column, why=fault.message)
