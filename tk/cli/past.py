"""The desk that a command looks at with `--at`: as it stood."""

from tk.cli.app import App
from tk.cli.output.times import moment
from tk.errors import say
from tk.store.past import SHORT, Past, as_of


def desk_then(app: App, at: str) -> Past:
    """Return the desk as it stood at a commit or date, and set the app's clock to then: ages are told as they were."""
    past = as_of(app.desk, at)
    if app.is_terminal:
        when = moment(past.now)
        app.say(say("as it stood at {when}, in commit {commit}", when=when, commit=past.commit[:SHORT]))
    app.now = past.now
    return past
