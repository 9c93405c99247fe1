"""The JSON Schema of a ticket file's front matter (`tk schema ticket`): the table of its keys, for machines."""

from collections.abc import Mapping

from tk.core.policy import Policy
from tk.core.ticket import KEYS, REQUIRED

Schema = dict[str, object]

_INSTANT: Schema = {"type": "string", "format": "date-time"}
_DATE: Schema = {"type": "string", "format": "date"}
_TEXT: Schema = {"type": "string"}
_DURATION: Schema = {"type": "string", "pattern": "^([0-9]{1,9}b?[smh]|[0-9]{1,6}(d|w|bd))$"}


def _record(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _map_of(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_SHAPES: Mapping[str, Schema] = {
    "text": _TEXT,
    "texts": _list_of(_TEXT),
    "instant": _INSTANT,
    "instants": _map_of(_INSTANT),
    "durations": _map_of(_DURATION),
    "links": _list_of(_record(("kind", "id"), kind=_TEXT, id=_TEXT)),
    "attachments": _list_of(_record(("file",), file=_TEXT, kind=_TEXT, date=_DATE)),
    "requests": _map_of(_record(("by", "at"), by=_TEXT, at=_INSTANT, value=_TEXT)),
    "approvals": _map_of(_record(("by", "at"), by=_TEXT, at=_INSTANT)),
    "rating": _record(("value", "by", "at"), value={"enum": ["good", "bad"]}, by=_TEXT, at=_INSTANT),
}

_FIELDS: Mapping[str, Schema] = {
    "number": {"type": "number"},
    "date": _DATE,
    "flag": {"type": "boolean"},
    "tree": _list_of(_TEXT),
}


def ticket_schema(policy: Policy | None = None) -> Schema:
    """Return the schema; with a policy its vocabularies and custom fields are part of it."""
    properties: dict[str, Schema] = {key: _SHAPES[shape] for key, shape in KEYS.items()}
    if policy is not None:
        for key, vocabulary in {
            "status": policy.statuses.entries,
            "priority": policy.priorities.entries,
            "type": policy.types.entries,
            "channel": policy.channels.entries,
        }.items():
            properties[key] = {"enum": list(vocabulary)}
        for key, field in policy.fields.entries.items():
            choices = field.choices
            properties[key] = _FIELDS.get(field.type, _TEXT) if choices is None else {"enum": list(choices.entries)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a ticket",
        "type": "object",
        "properties": properties,
        "required": list(REQUIRED),
        "additionalProperties": True,
    }
