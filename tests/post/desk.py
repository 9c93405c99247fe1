"""A desk that writes letters: what its tk.toml says of mail, and templates."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from tests.services.office import Office

ANA = "ana@example.cl"

MAIL = """
[mail]
address = "mesa@example.com"
name = "Mesa de ayuda"

[[notify]]
name = "received"
action = "new"
to = ["@requester"]
template = "received"

[[notify]]
name = "updated"
action = "log.*"
to = ["@requester"]
template = "updated"

[[notify]]
name = "moved"
action = "advance"
to = ["@owner", "supervisor"]
template = "updated"
"""

TEMPLATES = {
    "en/received": "Hello {{ to.name or to.address }}: {{ ticket.id }} is under review.\n\n{{ ticket.title }}\n",
    "es/received": "Hola {{ to.name or to.address }}: {{ ticket.id }} está en revisión.\n",
    "en/updated": (
        "{{ cause }}: {{ was.status }} -> {{ words.status }}\n"
        "{% for event in new_events %}\nnew: {{ event.text }}\n{% endfor %}\n"
        "{% for event in ticket.events %}\nall: {{ event.text }}\n{% endfor %}\n{{ text }}|{{ answer_words }}\n"
    ),
}


def write_letters(office: Office) -> Office:
    """Let an office write letters, and commit that."""
    with (office.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write(MAIL)
    for name, text in TEMPLATES.items():
        template(office, name, text)
    office.commit()
    return office


def template(office: Office, name: str, text: str) -> Path:
    """Write the template of a letter."""
    file = office.root / "templates" / f"{name}.txt.j2"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def outbox(office: Office) -> list[EmailMessage]:
    """Return the letters in the outbox, read as any mail program reads them."""
    files = sorted((office.root / "outbox").glob("*"))
    return [message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=SMTP) for file in files]


def words(message: EmailMessage) -> str:
    """Return the text of a letter."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
