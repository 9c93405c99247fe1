"""Policies for tests: `desk_policy()`, made by hand, and the strategy `policies()`; both read as a desk's file is."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from hypothesis import strategies as st

from tk.core.policy import FIELD_TYPES, KINDS, Policy
from tk.core.written.reader import read

DESK = """\
[desk]
name = "Mesa de ayuda"
prefix = "TK"
zone = "America/Bogota"
language = "es"
format = 1
start = "new"

[statuses.new]
label = { en = "New", es = "Nuevo" }
kind = "new"
to = ["open", "pending", "solved", "closed"]

[statuses.open]
label = { en = "Open", es = "Abierto" }
kind = "open"
to = ["pending", "on-hold", "solved"]

[statuses.pending]
label = { en = "Pending", es = "Pendiente" }
kind = "waiting"
to = ["open", "solved"]

[statuses.on-hold]
label = { en = "On hold", es = "En espera" }
kind = "waiting"
to = ["open", "solved"]

[statuses.awaiting-documents]
label = { en = "Awaiting documents", es = "Sin documentación completa" }
kind = "waiting"
to = ["open", "closed"]

[statuses.solved]
label = { en = "Solved", es = "Resuelto" }
kind = "solved"
to = ["open", "closed", "awaiting-documents"]

[statuses.closed]
label = { en = "Closed", es = "Cerrado" }
kind = "closed"
to = ["open"]

[priorities]
low = { en = "Low", es = "Baja" }
normal = "Normal"
high = { en = "High", es = "Alta" }
urgent = { en = "Urgent", es = "Urgente" }

[types]
incident = { en = "Incident", es = "Incidente" }
warranty = { en = "Report on process", es = "Informes sobre proceso" }
fault = { en = "Fault", es = "Falla" }

[categories.medidor]
label = { en = "Meter", es = "Medidor" }
[categories.medidor.sub.cobranza]
label = { en = "Billing", es = "Cobranza" }
[categories.medidor.sub.cobranza.sub]
"gestión de cobranza" = { en = "Debt collection", es = "Gestión de cobranza" }
reclamos = "Reclamos"
[categories.medidor.sub.lectura]
[categories."garantía"]
label = { en = "Warranty", es = "Garantía" }

[channels]
phone = { en = "Phone", es = "Teléfono" }
mail = { en = "Mail", es = "Correo electrónico" }
web = "Web"

[events]
note = { en = "Note", es = "Nota" }
[events.call-in]
label = { en = "Incoming call", es = "Llamada entrante" }
contact = "from"
[events.call-out]
label = { en = "Outgoing call", es = "Llamada saliente" }
contact = "to"
[events.mail-in]
label = { en = "Incoming mail", es = "Correo electrónico de entrada" }
contact = "from"
[events.mail-out]
label = { en = "Outgoing mail", es = "Correo electrónico de salida" }
contact = "to"
[events.follow-up]
label = { en = "Follow-up", es = "Seguimiento" }
contact = "to"
follow-up = true

[fields.serial]
label = { en = "Serial number", es = "Número de serie" }
type = "text"
[fields.level]
label = { en = "Level", es = "Nivel" }
type = "number"
[fields.bought]
label = { en = "Bought on", es = "Fecha de compra" }
type = "date"
[fields.line]
label = { en = "Product line", es = "Línea de producto" }
type = "choice"
values = { medidor = "Medidor", envasado = { en = "Bottled", es = "Envasado" }, granel = "Granel" }
[fields.resolution]
label = { en = "Resolution", es = "Resolución" }
type = "tree"
tree.replaced.sub = { "válvula" = "Válvula", sensor = "Sensor" }
tree.explained = { en = "Explained", es = "Explicado" }
[fields.consultant]
label = { en = "Consultant", es = "Consultora" }
type = "person"
[fields.first-call]
label = { en = "Solved on first call", es = "Resuelto en la primera llamada" }
type = "flag"

[links]
relates = { en = "Related to", es = "Relacionado con" }
see = "See"
[links.follows]
label = { en = "Follows", es = "Sigue a" }
inverse = "followed-by"
acyclic = true
[links.followed-by]
label = { en = "Followed by", es = "Seguido por" }

[attachments]
limit = "25MB"
[attachments.kinds]
purchase-note = { en = "Purchase note", es = "Nota de compra" }
invoice = { en = "Invoice", es = "Factura" }

[requests]
call = { en = "Call back", es = "Volver a llamar" }
refund = { en = "Refund", es = "Reembolso" }
[requests.type]
label = { en = "Change of type", es = "Cambio de tipo" }
field = "type"
[requests.resolution]
field = "resolution"

[approvals]
refund = { en = "Refund", es = "Reembolso" }
reinstall = { en = "Reinstallation", es = "Reinstalación" }
visto-bueno = "Visto bueno"

[customers]
file = "registers/customers.csv"
key = "customer"
columns = ["maintenance", "since", "until"]

[units]
file = "registers/units.csv"
key = "serial"
columns = ["item", "billed", "visits"]

[teams]
support = { en = "Support", es = "Soporte" }
finance = { en = "Finance", es = "Finanzas" }

[people.mlopez]
name = "María López"
email = ["mlopez@example.com", "maria@example.org"]
roles = ["agent"]
team = "support"
[people.zgomez]
name = "Zoé Gómez"
email = "zgomez@example.com"
roles = ["supervisor"]
team = "support"
[people.pnunez]
name = "Pía Núñez"
email = "pnunez@example.com"
roles = ["agent", "finance"]
team = "finance"

[roles.agent]
label = { en = "Agent", es = "Agente" }
may = [
    "new", "advance", "log.*", "attach.*", "link.*", "schedule", "request.*", "undo", "set.title", "set.description",
    "set.priority", "set.category", "set.serial", "set.level", "set.bought", "set.line", "set.resolution",
    "set.first-call", "set.consultant", "set.tags",
    { action = "set.channel", when = { owner = "@actor" } },
    { action = "assign", when = { owner = "!", new.owner = "@actor" } },
]
[roles.supervisor]
label = { en = "Supervisor", es = "Supervisora" }
may = ["*"]
[roles.finance]
label = { en = "Finance area", es = "Área de finanzas" }
may = ["approve.refund"]
[roles.anyone]
label = { en = "Anyone", es = "Cualquiera" }
may = ["log.note", { action = "rate", when = { kind = ["solved", "closed"] } }]

[[require]]
name = "purchase-document"
label = { en = "a document with the purchase date", es = "un documento con la fecha de compra" }
action = "advance"
when = { type = "warranty", new.status = "solved" }
that = { any = [{ attachments.purchase-note = ">= 1" }, { attachments.invoice = ">= 1" }] }

[[require]]
name = "resolution"
label = { en = "a resolution", es = "una resolución" }
action = "advance"
when = { type = "fault", new.status = "solved" }
fields = ["resolution"]

[[require]]
name = "follow-ups"
action = "advance"
when = { status = "awaiting-documents", new.status = "closed" }
that = { events.follow-up = ">= 3" }
from = 2026-01-01
until = 2027-01-01
"""
"""A desk with a bit of everything: all kinds of status, all types of field, three levels, accents, conditions."""


@lru_cache
def desk_policy() -> Policy:
    """Return the policy that `DESK` writes."""
    return policy_of(DESK)


def policy_of(text: str) -> Policy:
    """Return the policy that `text` writes; there must be nothing wrong with it."""
    policy, findings = read(text)
    wrong = [f"{f.line}:{f.column} {f.code}: {f.message}" for f in findings if f.is_error]
    assert policy is not None, wrong
    assert not wrong, wrong
    return policy


def written(value: object) -> str:
    """Return a value as TOML writes it in one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{written(str(key))} = {written(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def document(sections: Mapping[str, Mapping[str, object] | list[Mapping[str, object]]]) -> str:
    """Return sections as the text of a tk.toml, every value in one line; a list is an array of tables."""
    lines: list[str] = []
    for name, section in sections.items():
        tables = section if isinstance(section, list) else [section]
        for table in tables:
            lines.append(f"[[{name}]]" if isinstance(section, list) else f"[{name}]")
            lines += (f"{written(str(key))} = {written(value)}" for key, value in table.items())
    return "\n".join(lines) + "\n"


_WORDS = st.sampled_from(["Teléfono", "En espera", "Gestión", "Año", "Zona Ñ", "Ärger", "Plain", "Two words", "日本"])
_STATUSES = ("new", "open", "pending", "on-hold", "solved", "closed", "awaiting-documents")
_EVENTS = ("note", "call-in", "call-out", "mail-in", "mail-out", "follow-up")
_STEPS = ("medidor", "cobranza", "gestión de cobranza", "garantía", "encendido", "Año nuevo", "x")
_PEOPLE = ("ana", "bruno", "zoe", "mlopez", "p-2")
_FIELDS = ("level", "serial", "bought", "line", "resolution", "consultant", "first-call", "nota-2")
_VERBS = ("new", "advance", "assign", "schedule", "rate", "undo", "set.*", "log.*", "log-for.*", "attach.*", "link.*")

_CONDITIONS: st.SearchStrategy[dict[str, object]] = st.sampled_from(
    [
        {"owner": "@actor"},
        {"owner": ["!", "@actor"]},
        {"not.kind": "closed"},
        {"idle": "< 4d", "actor.role": "agent"},
        {"any": [{"overdue": True}, {"events.note": ">= 1"}]},
        {"priority": "high", "new.kind": ["solved", "closed"]},
    ]
)


def _some(pool: Sequence[str], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(pool), unique=True, min_size=least, max_size=len(pool))


@st.composite
def _labels(draw: st.DrawFn, keys: Sequence[str]) -> dict[str, object]:
    """Draw labels for `keys`: none, one for all languages, or Spanish and English; each made its own by the key."""
    made: dict[str, object] = {}
    for key in keys:
        word = f"{draw(_WORDS)} {key} l"
        made[key] = draw(st.sampled_from(["", word, {"es": word, "en": f"{word} en"}]))
    return made


@st.composite
def _tree(draw: st.DrawFn, level: int = 3) -> dict[str, object]:
    made: dict[str, object] = {}
    for step in draw(st.lists(st.sampled_from(_STEPS), unique=True, min_size=1, max_size=3)):
        sub = draw(_tree(level - 1)) if level > 1 and draw(st.booleans()) else None
        made[step] = f"{step} l" if sub is None else {"label": {"es": f"{step} l"}, "sub": sub}
    return made


@st.composite
def _field(draw: st.DrawFn, key: str) -> dict[str, object]:
    kind = draw(st.sampled_from(FIELD_TYPES))
    field: dict[str, object] = {"type": kind, "label": f"Campo {key}"}
    if kind == "choice":
        field["values"] = draw(_some(_STEPS, least=1))
    if kind == "tree":
        field["tree"] = draw(_tree(2))
    return field


@st.composite
def _statuses(draw: st.DrawFn) -> dict[str, object]:
    keys = draw(_some(_STATUSES, least=2))
    labels = draw(_labels(keys))
    return {key: {"label": labels[key], "kind": draw(st.sampled_from(KINDS)), "to": draw(_some(keys))} for key in keys}


@st.composite
def _grants(draw: st.DrawFn) -> list[object]:
    actions = draw(_some(_VERBS, least=1))
    limited = [{"action": action, "when": draw(_CONDITIONS)} for action in actions[::2]]
    made: list[object] = [*limited, *actions[1::2]]
    return draw(st.sampled_from([made, ["*"]]))


@st.composite
def _rules(draw: st.DrawFn) -> list[Mapping[str, object]]:
    rules: list[Mapping[str, object]] = []
    for number in range(draw(st.integers(0, 2))):
        rule: dict[str, object] = {"name": f"rule-{number}", "action": draw(st.sampled_from(_VERBS))}
        rule["that"] = draw(_CONDITIONS)
        if draw(st.booleans()):
            rule["when"] = draw(_CONDITIONS)
        rules.append(rule)
    return rules


@st.composite
def _deadlines(draw: st.DrawFn, statuses: Sequence[str]) -> list[Mapping[str, object]]:
    """Draw deadlines: of each clock none, for any priority or by priority, in natural or business time."""
    lengths = st.sampled_from(["30m", "24h", "3d", "90bh", "2bd"])
    rules: list[Mapping[str, object]] = []
    for clock in draw(_some(("first-response", "next-response", "resolution", "visit"))):
        by_priority = draw(st.booleans())
        target = {key: draw(lengths) for key in ("low", "high")} if by_priority else draw(lengths)
        rule: dict[str, object] = {"name": f"{clock}-1", "clock": clock, "target": target, "calendar": "office"}
        rule["stops"] = draw(_some(statuses))
        if clock == "visit":
            rule["start"] = {"status": draw(st.sampled_from(statuses))}
        rules.append(rule)
    return rules


@st.composite
def policy_texts(draw: st.DrawFn) -> str:
    """Draw the text of a tk.toml without errors (there may be warnings)."""
    statuses = draw(_statuses())
    roles = ("agent", "supervisor", "anyone")
    teams = draw(_some(("support", "finance", "sales")))
    people = {
        handle: {
            "name": f"Persona {handle} ñ",
            "email": [f"{handle}@example.com", f"{handle}@Example.org"],
            "roles": draw(_some(roles)),
            **({"team": draw(st.sampled_from(teams))} if teams else {}),
        }
        for handle in draw(_some(_PEOPLE, least=1))
    }
    sections: dict[str, Mapping[str, object] | list[Mapping[str, object]]] = {
        "desk": {"name": "Mesa", "zone": "America/Bogota", "language": draw(st.sampled_from(["es", "en"]))},
        "statuses": statuses,
        "priorities": draw(_labels(("low", "normal", "high", "urgent"))),
        "types": draw(_labels(draw(_some(("incident", "request", "fault"))))),
        "categories": draw(_tree()),
        "channels": draw(_labels(draw(_some(("phone", "mail", "web"))))),
        "events": draw(_labels(["note", *draw(_some(_EVENTS[1:]))])),
        "fields": {key: draw(_field(key)) for key in draw(_some(_FIELDS))},
        "links": {
            "follows": {"inverse": "followed-by", "acyclic": draw(st.booleans())},
            **draw(_labels(["followed-by", *draw(_some(("relates", "see")))])),
        },
        "requests": {**draw(_labels(draw(_some(("call", "refund"))))), "type": {"field": "type"}},
        "approvals": draw(_labels(draw(_some(("refund", "reinstall"))))),
        "attachments": {"limit": draw(st.sampled_from(["1 B", "25MB"])), "kinds": draw(_labels(("purchase-note",)))},
        "teams": draw(_labels(teams)),
        "people": people,
        "roles": {role: {"may": draw(_grants())} for role in roles},
        "require": draw(_rules()),
        "calendars": {"office": {"hours": {"mon-fri": ["09:00-13:00", "14:00-18:00"], "sun": ["22:00-06:00"]}}},
        "deadline": draw(_deadlines(list(statuses))),
    }
    return document(sections)


def policies() -> st.SearchStrategy[Policy]:
    """Draw policies: every kind of entry, with and without labels, trees of up to three levels, rules, conditions."""
    return policy_texts().map(policy_of)
