"""Letters made of templates and what a change did: those of notices, and what a person answers."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tk.core.address import mailable
from tk.core.names import nearest
from tk.core.notice import Posting, Recipient
from tk.core.policy import Plain, Policy, Vocabulary, vocabulary
from tk.core.text import shown
from tk.core.ticket import INTERNAL, Event, Ticket
from tk.errors import PolicyBroken, WrongUsage, say
from tk.post import view
from tk.post.letter import Enclosed, Letter, Origin
from tk.post.templates import Templates
from tk.store.desk import Desk
from tk.store.revision import Revision

REPLY, REPLY_CAUSE = "reply", "log.mail-out"
"""What stands for a notice's name, and what causes it, in a letter that a person writes."""

LANGUAGE = "language"
"""The custom field, where a desk has one, that says in which language a ticket's letters are."""


ANSWERS: Vocabulary[Plain] = vocabulary(
    [
        Plain(
            "provisional",
            {
                "en": "This answer is provisional: your request stays open.",
                "es": "Esta respuesta es provisional: su solicitud sigue abierta.",
            },
        ),
        Plain(
            "definitive",
            {
                "en": "This is the definitive answer to your request.",
                "es": "Esta es la respuesta definitiva a su solicitud.",
            },
        ),
    ]
)
"""What an answer can be (desks.md E8), each with the sentence that tells the requester so."""


NO_ANSWER: Mapping[str, object] = {"text": "", "answer": None, "answer_words": ""}
"""What the template of a letter reads of an answer where it is none."""


class Answer(NamedTuple):
    """What a person answers: the words, the template that they go into, which of `ANSWERS` it is, documents."""

    words: str
    template: str | None = None
    kind: str | None = None
    enclosed: tuple[Enclosed, ...] = ()


class Content(NamedTuple):
    """A ticket's change, as the letter about it reads it."""

    before: Ticket | None
    after: Ticket
    path: str


class Writer:
    """Writes the letters of one command."""

    def __init__(self, desk: Desk) -> None:
        self.policy = desk.policy
        self.sender = sender_of(desk.policy)
        self._templates = Templates(desk)

    def of_notice(self, revision: Revision, posting: Posting) -> Iterator[Letter]:
        """Yield the letters of a notice that a change met, one for each reader; raises as `text`."""
        notice, ticket = posting.notice, revision.after
        origin = Origin(ticket.id, notice.key, posting.cause, posting.at, posting.mark)
        content = Content(revision.before, ticket, revision.path)
        for reader in posting.to:
            given = {"cause": posting.cause, "to": view.to(reader)}
            text = self.text(notice.template, content, given)
            yield Letter(origin, self.sender, reader, ticket.title, text, thread(ticket, origin.mark))

    def assure(self, template: str) -> None:
        """Raise WrongUsage, with the nearest name, where no letter of the desk is called so."""
        names = self._templates.names()
        if template not in names:
            near = nearest(template, names)
            hint = say("the templates are: {names}", names=", ".join(names) or "-")
            if near is not None:
                hint = say('did you mean "{near}"?', near=near)
            raise WrongUsage(say('there is no template "{name}"', name=shown(template)), hint)

    def answer_text(self, answer: Answer, content: Content, reader: Recipient) -> str:
        """Return the text of an answer: by its template, else its words and which kind of answer it is; as `text`."""
        language = language_of(content.after) or self.policy.desk.own_language
        told = ANSWERS.label(answer.kind, language)
        if answer.template is None:
            return "\n\n".join(filter(None, (answer.words, told)))
        given = {"text": answer.words, "answer": answer.kind, "answer_words": told}
        return self.text(answer.template, content, {"cause": REPLY_CAUSE, "to": view.to(reader), **given})

    def of_answer(self, ticket: Ticket, answer: Answer, reader: Recipient, event: Event) -> Letter:
        """Return the letter that a person writes by himself, which `event` tells of."""
        origin = Origin(ticket.id, REPLY, REPLY_CAUSE, event.at, event.id)
        return Letter(
            origin,
            self.sender,
            reader,
            ticket.title,
            event.text,
            thread(ticket, event.id),
            answer.enclosed,
            answer.kind,
            is_automatic=False,
        )

    def text(self, template: str, content: Content, given: Mapping[str, object]) -> str:
        """Return the text of a letter.

        Raises:
            BadTemplate: the desk has no such template, or it cannot be rendered.
        """
        languages = self._templates.order(language_of(content.after))
        path = self._templates.path(template, languages)
        spoken = path.split("/")[1] if path is not None else languages[0]
        read = view.view(self.policy, spoken, content.before, content.after, content.path)
        return self._templates.render(template, languages, {**read, **NO_ANSWER, **given})


def sender_of(policy: Policy) -> Recipient:
    """Return whom the desk's letters are from; raise PolicyBroken where tk.toml does not say."""
    address = None if policy.mail is None else mailable(policy.mail.address)
    if policy.mail is None or address is None:
        message = say("tk.toml does not say whom letters are from")
        raise PolicyBroken(message, say('[mail] address = "help@example.com" says it'))
    return Recipient(address, policy.mail.name)


def language_of(ticket: Ticket) -> str | None:
    """Return the language that a ticket asks for its letters, None for the desk's own."""
    wanted = ticket.fields.get(LANGUAGE)
    return wanted if isinstance(wanted, str) else None


def thread(ticket: Ticket, but: str = "") -> tuple[str, ...]:
    """Return the ids of the letters that the log tells of, the latest last, but that of the event `but`."""
    seen = (event for event in ticket.events if event.visibility != INTERNAL and event.id != but)
    return tuple(event.facts["message-id"] for event in seen if "message-id" in event.facts)


def put(desk: Desk, letter: Letter, made: dict[str, bytes]) -> Letter:
    """Put a letter among those `made`, numbered where the outbox has another one of that name; return it as put.

    One that lies there already, to the byte, is not written again.
    """
    while True:
        data, path = letter.written(), letter.path
        there = made.get(path) or desk.content(path)
        if there is None:
            made[path] = data
        if there in {None, data}:
            return letter
        letter = letter._replace(origin=letter.origin._replace(number=letter.origin.number + 1))
