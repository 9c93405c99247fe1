"""Looking into the policy: what is written in tk.toml, section by section."""

from typing import NamedTuple

from tk.core.names import nearest
from tk.core.written.sections import sections
from tk.core.written.toml import NotToml, loads
from tk.errors import PolicyBroken, WrongUsage, say
from tk.store.desk import Desk


class Written(NamedTuple):
    """What is written: the text, remarks and all, and what it says, as TOML has it."""

    text: str
    data: object


def written(desk: Desk, section: str | None) -> Written:
    """Return what tk.toml says, of all or of one section.

    Raises:
        WrongUsage: there is no such section in this tk.toml.
        PolicyBroken: it is no TOML.
    """
    try:
        text = desk.policy_data.decode("utf-8-sig")
        data = loads(text)
    except ValueError as error:
        why = error.why if isinstance(error, NotToml) else error
        message = say("tk.toml cannot be read: {why}", why=why)
        raise PolicyBroken(message, say("tk policy check says more")) from None
    if section is None:
        return Written(text, data)
    name = section.strip("[]")
    if name not in data:
        near = nearest(name, data)
        hint = say("the choice is: {keys}", keys=", ".join(data))
        if near is not None:
            hint = say('did you mean "{near}"?', near=near)
        raise WrongUsage(say("tk.toml of this desk has no section [{name}]", name=name), hint)
    held = next((each.text for each in sections(text) if each.name == name), "")
    return Written(held, data[name])
