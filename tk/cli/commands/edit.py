"""`tk edit`: a ticket's file in the user's editor; what comes back is judged like any other change."""

import sys
from typing import NamedTuple

import click

from tk.cli import programs
from tk.cli.app import App, pass_app
from tk.cli.completing.complete import offering
from tk.cli.output.deeds import tell
from tk.cli.terminal.screen import is_terminal
from tk.cli.writing import changes
from tk.errors import Refused, TkError, say
from tk.services.edit import Unfit, rewrite
from tk.store import drafts
from tk.store.desk import Desk, ticket_of
from tk.store.drafts import Draft
from tk.store.revision import Changed


@click.command("edit")
@click.argument("ticket", metavar="ID", shell_complete=offering("tickets"))
@click.option("--anew", is_flag=True, help="Begin with the ticket as it is; drop what an earlier edit left behind.")
@changes
@pass_app
def command(app: App, ticket: str, anew: bool, as_json: bool, commit: bool) -> None:
    """Edit a ticket's file in your editor.

    The editor is git's: GIT_EDITOR, core.editor, VISUAL, EDITOR. What you save is checked, and each change asked of the
    policy; stamps such as updated and status-since are set for you. What cannot be kept comes back to the editor with
    the reasons. To give up, empty the file. What you wrote stays until it is in the desk: the next tk edit offers it.

    \b
    Example:
      tk edit 7k3
      tk edit 7k3 --anew
    """
    desk = app.desk
    desk.reading.usable()  # or what is written would be for nothing
    path = desk.locate(ticket)
    document = desk.read(path)
    held = ticket_of(document).id
    with drafts.held(desk.repo, path) as draft:
        if draft.is_kept and not anew:
            draft.renew(desk.repo, document.data)
            app.say(say("going on with what you wrote before; tk edit {id} --anew begins again", id=held))
        else:
            draft.begin(document.data)
        changed = _Editing(app, desk, path, held, draft).changed(commit=commit)
    if changed is None:
        app.say(say("{id}: nothing to change", id=held))
    elif not changed.actions and not as_json:
        app.say(say("{id}: written as you left it; nothing that the desk goes by has changed", id=held))
    else:
        tell(app, desk, changed, as_json=as_json)


class _Editing(NamedTuple):
    """One ticket in the editor, as often as it takes."""

    app: App
    desk: Desk
    path: str
    id: str
    draft: Draft

    def changed(self, *, commit: bool) -> Changed | None:
        """Return the change once it is made; None where there was nothing to change.

        Raises:
            TkError: it was given up, or cannot be; what was written is kept, and the hint says where.
        """
        text = self.draft.text()
        while True:
            refused, text = text, self._edited(text)
            base = self.draft.base.read_bytes()
            if text == base:
                self.draft.drop()
                return None
            try:
                changed = rewrite(self.desk, self.path, base, text, commit=commit)
            except Unfit as unfit:
                if not is_terminal(sys.stdin) or (text == refused and self._is_explained()):
                    raise self._kept(unfit, text) from None
                self.draft.explain(text, _above(unfit))
            except TkError as error:
                raise self._kept(error, text) from None
            else:
                self.draft.drop()
                return changed

    def _edited(self, text: bytes) -> bytes:
        """Return what the person makes of `text`."""
        try:
            programs.edit(self.app.folder, self.draft.file)
        except TkError as error:
            raise self._kept(error, self.draft.text() or text) from None
        edited = self.draft.text()
        if not edited.strip():
            raise self._kept(Refused("given-up", say("{id} is as it was: the file came back empty", id=self.id)), text)
        return edited

    def _is_explained(self) -> bool:
        """Whether the person has been told the reasons in the editor."""
        return self.draft.file.read_bytes() != self.draft.text()

    def _kept(self, error: TkError, text: bytes) -> TkError:
        """Return the error with where the text is kept as its hint; the ticket as it was needs no keeping."""
        if text == self.draft.base.read_bytes():
            self.draft.drop()
            return error
        self.draft.explain(text, ())
        kept = say("what you wrote is kept in {file}; tk edit {id} goes on with it", file=self.draft.file, id=self.id)
        error.hint = kept if error.hint is None else say("{hint}\n{kept}", hint=error.hint, kept=kept)
        return error


def _above(unfit: Unfit) -> list[str]:
    """Return the comment above a text that came back, each reason with the line it is about, counted below them."""
    first = str(say("This cannot be kept as it is:"))
    last = str(say("Mend it and save, or empty the file to give up. These lines go by themselves."))
    count = len(unfit.findings) + 2
    return [first, *(f"- {' '.join(reason.split())}" for reason in unfit.reasons(above=count)), last]
