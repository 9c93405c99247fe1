"""The JSON Schema of front matter accepts what a ticket may hold and nothing else."""

from importlib import import_module
from typing import Any

import pytest

from tests.policies import desk_policy
from tk.core.ticket import KEYS
from tk.core.ticket_schema import ticket_schema

Validator: Any = import_module("jsonschema").Draft202012Validator  # it has no types

WHOLE: dict[str, Any] = {
    "id": "TK-260812-7K3QX",
    "title": "Calentador no enciende",
    "status": "open",
    "created": "2026-08-12T09:14:03-05:00",
    "category": ["medidor", "cobranza"],
    "due": {"resolution": "2026-08-14T18:00:00-05:00"},
    "target": {"resolution": "16bh"},
    "links": [{"kind": "follows", "id": "TK-260701-0B2M4"}],
    "attachments": [{"file": "a.pdf", "kind": "invoice", "date": "2026-08-10"}],
    "requests": {"type": {"by": "mlopez", "at": "2026-08-12T09:14:03-05:00", "value": "fault"}},
    "approvals": {"refund": {"by": "zgomez", "at": "2026-08-12T09:14:03-05:00"}},
    "rating": {"value": "good", "by": "ana@example.cl", "at": "2026-08-12T09:14:03-05:00"},
    "level": 1,
    "line": "granel",
    "bought": "2026-08-01",
    "resolution": ["replaced", "sensor"],
    "first-call": True,
    "unknown": {"anything": ["goes"]},
}


def accepts(value: dict[str, Any], *, with_policy: bool = True) -> bool:
    schema = ticket_schema(desk_policy() if with_policy else None)
    Validator.check_schema(schema)
    return bool(Validator(schema).is_valid(value))


def test_every_key_of_a_ticket_is_in_it() -> None:
    properties = ticket_schema()["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == list(KEYS)


def test_a_whole_ticket_is_accepted() -> None:
    assert accepts(WHOLE)
    assert accepts(WHOLE, with_policy=False)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "mislaid"),
        ("priority", "hihg"),
        ("line", "other"),
        ("level", "two"),
        ("first-call", "yes"),
        ("resolution", "replaced"),
    ],
)
def test_what_the_policy_does_not_know_is_refused_only_by_its_schema(key: str, value: object) -> None:
    assert not accepts({**WHOLE, key: value})
    assert accepts({**WHOLE, key: value}, with_policy=False)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", 1),
        ("tags", "a"),
        ("target", {"resolution": "soon"}),
        ("target", {"resolution": "1234567d"}),
        ("links", [{"kind": "follows"}]),
        ("attachments", [{"file": "a", "size": "1"}]),
        ("rating", {"value": "fine", "by": "a", "at": "x"}),
    ],
)
def test_a_value_of_another_shape_is_refused(key: str, value: object) -> None:
    assert not accepts({**WHOLE, key: value}, with_policy=False)


@pytest.mark.parametrize("key", ["id", "title", "status", "created"])
def test_without_what_a_ticket_needs_it_is_none(key: str) -> None:
    assert not accepts({name: value for name, value in WHOLE.items() if name != key})
