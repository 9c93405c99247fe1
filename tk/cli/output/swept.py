"""What a sweep found and did, in words: a line for each rule and ticket, findings for forges, JSON for programs."""

from collections.abc import Iterator

from tk.cli.app import App
from tk.cli.output.deeds import deed
from tk.cli.output.findings import write_findings
from tk.cli.output.render import write_json
from tk.cli.output.voice import Voice, voice_of
from tk.core.conditions.language import describe
from tk.core.finding import Finding
from tk.core.instant import format_instant
from tk.core.policy import Policy
from tk.core.portrait import plain
from tk.core.review.contrast import contrast
from tk.core.sweep import BREACH, NOTIFY, REPORT, RESTAMP, Firing, Step
from tk.core.ticket import attribute
from tk.errors import Message, say
from tk.services.sweep import Case, Overdue, Swept
from tk.store.desk import Desk
from tk.store.revision import Changed


def write(app: App, desk: Desk, found: Swept, form: str, *, dry_run: bool) -> None:
    """Write what a sweep found in one of the forms of a review."""
    voice = voice_of(app, desk)
    if form == "json":
        write_json(app, portrait(desk.policy, found))
    elif form == "text":
        write_findings(app, found.findings, form)
        apart = "\n    " if voice.for_people else " "
        for case in found.cases:
            for firing in case.firings:
                app.out(line(voice, case, firing, why=dry_run, apart=apart))
    else:
        write_findings(app, findings(voice, found, dry_run=dry_run), form)


def portrait(policy: Policy, found: Swept) -> dict[str, object]:
    """Return the sweep under the names that programs rely on (design, section 4)."""
    return {
        "as_of": format_instant(found.at),
        "scanned": found.scanned,
        "changed": found.changed,
        "commit": found.commit,
        "actions": [
            action
            for case in found.cases
            for firing in case.firings
            for action in _actions(policy, case.revision.after.id, firing)
        ],
        "overdue": [_late(late) for late in found.overdue],
    }


def _actions(policy: Policy, ticket: str, firing: Firing) -> Iterator[dict[str, object]]:
    """Yield what a rule did; one that only speaks is an action without changes."""
    done = [(step.action.name, _changes(policy, step)) for step in firing.steps]
    for name, changed in done or [(REPORT.name, [])]:
        yield {
            "ticket": ticket,
            "rule": firing.rule or None,
            "action": name,
            "changes": changed,
            "report": firing.report,
        }


def _changes(policy: Policy, step: Step) -> list[dict[str, object]]:
    return [
        {"field": attribute(change.field), "from": plain(change.before), "to": plain(change.after)}
        for change in contrast(policy, step.before, step.after).changes
    ]


def _late(late: Overdue) -> dict[str, object]:
    return {
        "ticket": late.ticket,
        "clock": late.clock,
        "due": format_instant(late.due),
        "late_seconds": late.late_seconds,
    }


def findings(voice: Voice, found: Swept, *, dry_run: bool) -> list[Finding]:
    """Return what happened, what is reported and what is overdue as findings on the tickets' files."""
    told = [
        _finding(case, firing, say("{sentence}", sentence=line(voice, case, firing, why=dry_run)))
        for case in found.cases
        for firing in case.firings
    ]
    overdue = [
        Finding(late.path, 0, 0, "overdue", "warning", _overdue(voice, late), ticket=late.ticket)
        for late in found.overdue
    ]
    return [*found.findings, *told, *overdue]


def _finding(case: Case, firing: Firing, message: Message) -> Finding:
    code, severity = ("swept", "note") if firing.steps else ("sweep-report", "warning")
    return Finding(case.revision.path, 0, 0, code, severity, message, ticket=case.revision.after.id)


def _overdue(voice: Voice, late: Overdue) -> Message:
    return say("{id}: {clock} was due {at}", id=late.ticket, clock=late.clock, at=voice.time(late.due))


def line(voice: Voice, case: Case, firing: Firing, *, why: bool, apart: str = " ") -> str:
    """Return what a rule did to a ticket and has to say of it; with `why`, behind `apart`, why it holds since when."""
    parts = [words for step in firing.steps for words in _deeds(voice, case, step)]
    parts += [firing.report] if firing.report else []
    rule = next((rule for rule in voice.policy.sweeps if rule.key == firing.rule), None)
    name = str(say("clocks")) if rule is None else rule.key
    told = f"{case.revision.after.id} {name}: {', '.join(parts)}"
    if rule is None or not why:
        return told
    reason = say("{condition}; since {at}", condition=describe(rule.when), at=voice.time(firing.due))
    return f"{told}{apart}({reason}; tk.toml:{rule.line})"


def _deeds(voice: Voice, case: Case, step: Step) -> Iterator[str]:
    before, after = step.before, step.after
    if step.action == BREACH:
        for clock, due in after.breached.items():
            if before.breached.get(clock) != due:
                yield str(say("{clock} missed: it was due {at}", clock=clock, at=voice.time(due)))
    elif step.action == RESTAMP:
        yield voice.change("due", before.due, after.due)
    elif step.action == NOTIFY:
        yield str(say("letters"))
    elif step.action != REPORT:
        yield deed(voice, Changed(before, after, case.revision.path, (step.action,), None), step.action)
