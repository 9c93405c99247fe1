"""A desk that writes letters: what its tk.toml says of mail, and templates."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TypeVar

from tests.world import Desk

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


D = TypeVar("D", bound=Desk)


def write_letters(desk: D) -> D:
    """Let a desk write letters, and commit that; return it."""
    with (desk.root / "tk.toml").open("a", encoding="utf-8") as policy:
        policy.write(MAIL)
    for name, text in TEMPLATES.items():
        template(desk, name, text)
    desk.git("add", "-A")
    desk.git("commit", "-qm", "by hand")
    return desk


def template(desk: Desk, name: str, text: str) -> Path:
    """Write the template of a letter."""
    file = desk.root / "templates" / f"{name}.txt.j2"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def outbox(desk: Desk) -> list[EmailMessage]:
    """Return the letters in the outbox, read as any mail program reads them."""
    files = sorted((desk.root / "outbox").glob("*"))
    return [message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=SMTP) for file in files]


def words(message: EmailMessage) -> str:
    """Return the text of a letter."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
