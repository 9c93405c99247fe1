"""The tables of rules in tk.toml: requirements, consequences, routes, deadlines, sweeps, decisions, notices.

Beside them stand what rules go by: calendars and registers.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from tk.core.written.file_terms import Condition, Days, Key, Length, Line, ShortEntry, Spell, Step, Table, Words

Since = Annotated[date | None, Meta(description="The first day on which it applies.")]
Until = Annotated[date | None, Meta(description="The day from which it no longer applies.")]
When = Annotated[Condition | None, Meta(description="In which cases it applies; else in all.")]
Name = Annotated[Key, Meta(description="What refusals, commits and letters call the rule.", extra={"instead": "rule"})]
ActionName = Annotated[str, Meta(description="An action, such as advance, log.note or set.*.")]
To = Annotated[str | None, Meta(description="A person or a team; @creator, @owner or @actor.")]
Fields = Annotated[dict[str, str], Meta(description="Fields and the values they are given.")]


class Requirement(Table):
    """What must hold before an action."""

    name: Name
    action: ActionName
    label: Words = ""
    when: When = None
    that: Annotated[Condition | None, Meta(description="What must hold.")] = None
    fields: Annotated[list[str], Meta(description="Fields that must have a value.")] = []
    since: Since = field(name="from", default=None)
    until: Until = None


class Calendar(Table):
    """Hours in which somebody works: business time, or the shift of a person."""

    hours: Annotated[
        dict[Days, list[Spell]],
        Meta(description="Days, and the spells of each; one may pass midnight.", extra={"instead": {}}),
    ]
    label: Words = ""
    zone: Annotated[str | None, Meta(description="The time zone, an IANA name; the desk's unless said.")] = None
    holidays: Annotated[list[str], Meta(description="The registers whose days are holidays, in a column `date`.")] = []


class Cover(Table):
    """A term in a register: from one column's day to another's, both included."""

    since: Annotated[str | None, Meta(description="The column of the first day; always unless said.")] = field(
        name="from", default=None
    )
    until: Annotated[str | None, Meta(description="The column of the last day; for ever unless said.")] = None


class Register(Table):
    """A CSV table in the desk, its first line naming the columns."""

    file: Annotated[Line, Meta(description="Where it lies in the desk, under registers/.", extra={"instead": ""})]
    key: Annotated[Line, Meta(description="The column that tells the rows apart.", extra={"instead": ""})]
    columns: Annotated[list[Line], Meta(description="The other columns that it must have.")] = []
    covers: Annotated[
        dict[Key, Cover], Meta(description="Facts of terms: each active, expired, future or none on a day.")
    ] = {}
    required: Annotated[bool, Meta(description="Whether a ticket may name only what the register has.")] = False


class Mail(Table):
    """Who the desk's letters are from."""

    address: Annotated[Line, Meta(description="The desk's own address.", extra={"instead": ""})]
    name: Annotated[Line, Meta(description="The name beside it; the desk's unless said.")] = ""


class Consequence(Table):
    """What an action brings with it, applied once and leading to no further consequence."""

    name: Name
    action: ActionName
    label: Words = ""
    when: When = None
    set: Fields = {}
    copy: Annotated[dict[str, str], Meta(description="Fields, and the fact that each is given the value of.")] = {}
    assign: To = None
    advance: Annotated[str | None, Meta(description="The status it is moved to.")] = None
    note: Annotated[Words | None, Meta(description="What is noted in the log.")] = None
    since: Since = field(name="from", default=None)
    until: Until = None


class Route(Table):
    """To whom a ticket goes that nobody has."""

    name: Name
    label: Words = ""
    when: When = None
    to: To = None
    among: Annotated[list[str], Meta(description="People, teams or roles of whom one is chosen.")] = []
    pick: Annotated[Literal["least-loaded", "in-turn"], Meta(description="How one of them is chosen.")] = "least-loaded"
    register: Annotated[str | None, Meta(description="A register of codes, looked for in title and description.")] = (
        None
    )
    column: Annotated[str | None, Meta(description="The register's column of people or teams.")] = None
    since: Since = field(name="from", default=None)
    until: Until = None


class Deadline(Table):
    """How long a clock may run."""

    name: Name
    clock: Annotated[
        Key,
        Meta(
            description="first-response, next-response, resolution, or one of the desk's own.",
            extra={"instead": "resolution"},
        ),
    ]
    target: Annotated[
        Length | dict[Key, Length],
        Meta(description="The length of time, or one for each priority.", extra={"instead": "1d"}),
    ]
    label: Words = ""
    when: When = None
    calendar: Annotated[str | None, Meta(description="The calendar of business time.")] = None
    stops: Annotated[list[str], Meta(description="The statuses in which the clock stands still.")] = []
    start: Annotated[Condition | None, Meta(description="Of a clock of the desk's own: when it begins to run.")] = None
    end: Annotated[Condition | None, Meta(description="Of a clock of the desk's own: when it has done.")] = None
    since: Since = field(name="from", default=None)
    until: Until = None


class SweepRule(Table):
    """What falls due by itself, whoever runs the sweep."""

    name: Name
    when: Annotated[Condition, Meta(description="In which cases it falls due.", extra={"instead": {}})]
    label: Words = ""
    set: Fields = {}
    assign: To = None
    advance: Annotated[str | None, Meta(description="The status it is moved to.")] = None
    note: Annotated[Words | None, Meta(description="What is noted in the log.")] = None
    report: Annotated[Words | None, Meta(description="What the sweep says of it; {FACT} stands for a fact.")] = None
    once: Annotated[bool, Meta(description="Whether it is taken once for a ticket, and stamped in `fired`.")] = False
    since: Since = field(name="from", default=None)
    until: Until = None


class DecisionFact(Table):
    """A question of a decision table, and its answers."""

    values: Annotated[dict[Key, ShortEntry], Meta(description="The answers.", extra={"instead": {}})]
    ask: Annotated[Words, Meta(description="The question, for whoever has to answer it.")] = ""
    found: Annotated[
        dict[Key, Condition], Meta(description="Answers that the ticket gives, each with its condition.")
    ] = {}
    record: Annotated[bool, Meta(description="Whether it is asked for the record where no row depends on it.")] = False


class DecisionRow(Table):
    """A row of a decision table."""

    name: Annotated[Step, Meta(description="What advice calls the row.", extra={"instead": "row"})]
    advice: Annotated[Words, Meta(description="What to do.", extra={"instead": ""})]
    when: Annotated[
        dict[Key, str | list[str]], Meta(description="Facts and the answers it is for; all unless said.")
    ] = {}
    reason: Annotated[Words, Meta(description="Why.")] = ""
    may: Annotated[list[str], Meta(description="The reasons for which a complaint may then be filed.")] = []
    forbids: Annotated[bool, Meta(description="Whether filing another complaint is forbidden.")] = False
    ask: Annotated[To, Meta(description="Who decides instead: a person, team or role.")] = None


class Complaint(Table):
    """The ticket that a complaint makes, linked to the one it is about."""

    link: Annotated[str | None, Meta(description="The kind of link to the earlier ticket.")] = None
    reasons: Annotated[dict[Key, ShortEntry], Meta(description="The reasons there are.")] = {}
    field: Annotated[str | None, Meta(description="The field that holds the reason.")] = None
    set: Fields = {}


class Decision(Table):
    """A table of decisions over facts."""

    facts: Annotated[dict[Key, DecisionFact], Meta(description="The questions, in the order they are asked.")]
    row: Annotated[list[DecisionRow], Meta(description="The rows.")] = []
    label: Words = ""
    impossible: Annotated[
        list[dict[Key, str | list[str]]], Meta(description="Cases that cannot be, and that no row need cover.")
    ] = []
    ask: Annotated[To, Meta(description="Who decides what no row covers: a person, team or role.")] = None
    complaint: Annotated[Complaint | None, Meta(description="What `tk complain` files where the table allows it.")] = (
        None
    )


class Notice(Table):
    """Who is written to, and when."""

    name: Name
    action: Annotated[str, Meta(description="The action, or sweep.NAME for a sweep rule, that causes the letter.")]
    to: Annotated[
        list[str],
        Meta(
            description="@requester, @owner, @creator, @actor, people, teams, roles, addresses.", extra={"instead": []}
        ),
    ]
    template: Annotated[Key, Meta(description="The letter in templates/LANGUAGE/.", extra={"instead": "letter"})]
    label: Words = ""
    when: When = None
    since: Since = field(name="from", default=None)
    until: Until = None
