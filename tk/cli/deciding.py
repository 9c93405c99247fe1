"""What `tk advise` and `tk complain` share: facts given and asked for, and advice told."""

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from tk.cli.app import App
from tk.cli.completing.complete import offering
from tk.cli.terminal.safe import cell
from tk.cli.terminal.screen import is_terminal
from tk.core.policy import Policy
from tk.core.portrait import Json
from tk.core.rules import Question
from tk.core.vocabulary import in_language
from tk.errors import say
from tk.services.advise import Asked

F = TypeVar("F", bound=Callable[..., object])


def facts_given(function: F) -> F:
    """Give a command `--fact NAME=VALUE` (as `facts`), which may be repeated."""
    told = "A fact of the table; may be repeated."
    offered = offering("answers")
    return click.option("--fact", "facts", metavar="NAME=VALUE", multiple=True, shell_complete=offered, help=told)(
        function
    )


def asked_for(app: App, found: Asked, again: Callable[[list[str]], Asked]) -> Asked:
    """Ask the person at the terminal for what is missing, one fact after another; in a pipe ask nothing."""
    if not (app.is_terminal and is_terminal(sys.stdin)):
        return found
    told: list[str] = []
    while found.advice.missing:
        question = found.advice.missing[0]
        told.append(f"{question.key}={_answer(app, question)}")
        found = again(told)
    return found


def _answer(app: App, question: Question) -> str:
    """Return the answer that the person chooses, by its number, key or label."""
    language = app.desk.policy.desk.language
    app.out(cell(in_language(question.labels, language) or question.key))
    keys = list(question.values.entries)
    for number, key in enumerate(keys, 1):
        app.out(f"  {number}  {cell(question.values.label(key, language))}")
    while True:
        text = click.prompt(str(say("Which?")), prompt_suffix=" ")
        if text.isdecimal() and 0 < int(text) <= len(keys):
            return keys[int(text) - 1]
        named = question.values.find(text)
        if named is not None:
            return named
        app.say(say("write one of the numbers or answers above"))


def tell_advice(app: App, policy: Policy, found: Asked) -> None:
    """Say what the table advises, why, and what can be done now."""
    advice, language = found.advice, policy.desk.language
    label = in_language(advice.decision.labels, language) or advice.decision.key
    if advice.row is None and advice.missing:
        app.out(str(say("{table} still needs to know:", table=cell(label))))
        for question in advice.missing:
            words = cell(in_language(question.labels, language))
            app.out(f"  --fact {question.key}={'|'.join(question.values.entries)}  {words}".rstrip())
        return
    if advice.row is None:
        app.out(str(say("not covered by the table {table}: {facts}", table=cell(label), facts=_facts(found))))
        who = advice.decision.ask
        app.say(say("ask: {who}", who=who) if who else say("nobody is named to ask; [decision] in tk.toml can"))
        return
    row = advice.row
    app.out(app.styled(cell(in_language(row.labels, language)), bold=True))
    app.out(str(say("{table}, row {row}: {facts}", table=cell(label), row=row.key, facts=_facts(found))))
    reason = in_language(row.reason, language)
    if reason:
        app.out(cell(reason))
    for line in _offers(found):
        app.out(line)


def _facts(found: Asked) -> str:
    return ", ".join(f"{name} = {answer}" for name, answer in found.advice.answers.items())


def _offers(found: Asked) -> list[str]:
    row, ticket = found.advice.row, "ID" if found.ticket is None else found.ticket.id
    assert row is not None
    lines = [f"  tk complain {ticket} --reason {reason}" for reason in row.may]
    if row.ask is not None:
        lines.append(str(say("ask: {who}", who=row.ask)))
    if row.forbids:
        lines.append(str(say("no further complaint may be filed")))
    return lines


def portrait(policy: Policy, found: Asked) -> Json:
    """Return advice as programs read it (design, section 4)."""
    advice, language = found.advice, policy.desk.language
    row = advice.row
    actions: list[Json] = []
    if row is not None:
        actions += [{"action": "complain", "reason": reason} for reason in row.may]
        actions += [{"action": "ask", "who": row.ask}] if row.ask is not None else []
    elif not advice.missing and advice.decision.ask is not None:
        actions.append({"action": "ask", "who": advice.decision.ask})
    return {
        "ticket": None if found.ticket is None else found.ticket.id,
        "table": advice.decision.key,
        "row": None if row is None else row.key,
        "facts": dict(advice.answers),
        "missing": [_question(question, language) for question in advice.missing],
        "advice": None if row is None else in_language(row.labels, language),
        "reason": None if row is None else in_language(row.reason, language) or None,
        "forbids": row is not None and row.forbids,
        "actions": actions,
    }


def _question(question: Question, language: str) -> Json:
    return {
        "fact": question.key,
        "ask": in_language(question.labels, language),
        "values": list(question.values.entries),
    }
