"""What tk.toml says of decision tables, and the proof of each: no case left open, none answered twice."""

from collections.abc import Iterator, Mapping, Sequence

from tk.core.condition_terms import Path
from tk.core.decision import MOST_CASES, clashes, idle_rows, size, uncovered
from tk.core.policy import Policy
from tk.core.rules import Case, Complaint, Decision, Question, Row
from tk.core.vocabulary import Plain, Vocabulary, vocabulary
from tk.core.written import file
from tk.core.written.builder import LineOf, labels
from tk.core.written.faults import Faults
from tk.core.written.file_rules import Complaint as WrittenComplaint
from tk.core.written.file_rules import Decision as Written
from tk.core.written.file_rules import DecisionRow
from tk.core.written.file_terms import Entry
from tk.core.written.grammar import Grammar
from tk.errors import say


def add_decisions(policy: Policy, data: file.PolicyFile, line_of: LineOf, faults: Faults) -> Policy:
    """Return `policy` with the decision tables that `data` writes, each proved."""
    grammar = Grammar(policy, line_of, faults)
    decisions = vocabulary(_decision(grammar, key, written) for key, written in data.decision.items())
    for decision in decisions.entries.values():
        _prove(decision, faults)
    return policy._replace(decisions=decisions)


def _decision(grammar: Grammar, key: str, written: Written) -> Decision:
    path: Path = ("decision", key)
    questions = vocabulary(_questions(grammar, path, written))
    reasons = {} if written.complaint is None else written.complaint.reasons
    rows = [
        _row(grammar, questions, reasons, here, row)
        for here, row in grammar.faults.numbered((*path, "row"), written.row)
    ]
    if not rows:
        grammar.faults.add_key(path, "missing-key", say("a decision table needs rows: [[decision.{key}.row]]", key=key))
    impossible = grammar.faults.numbered((*path, "impossible"), written.impossible)
    return Decision(
        key,
        labels(written.label),
        questions,
        tuple(rows),
        tuple(_case(grammar, questions, case, here) for here, case in impossible),
        None if written.ask is None else grammar.group(written.ask, (*path, "ask")),
        _complaint(grammar, path, written.complaint),
        grammar.line(path),
    )


def _questions(grammar: Grammar, path: Path, written: Written) -> Iterator[Question]:
    for key, question in written.facts.items():
        here: Path = (*path, "facts", key)
        values = vocabulary(
            Plain(
                answer,
                labels(words if isinstance(words, str) else words.label),
                grammar.line((*here, "values", answer)),
            )
            for answer, words in question.values.items()
        )
        if len(values.entries) < 2:
            grammar.faults.add_key(here, "bad-value", say("a question needs two answers or more"))
        conditions = {}
        for answer, table in question.found.items():
            condition = grammar.condition(table, (*here, "found", answer))
            if answer not in values.entries:
                grammar.faults.unknown_of((*here, "found", answer), say("answer"), answer, values.entries)
            elif condition is not None:
                conditions[answer] = condition
        yield Question(key, labels(question.ask), values, conditions, question.record, grammar.line(here))


def _plain(grammar: Grammar, path: Path, written: Mapping[str, str | Entry]) -> Vocabulary[Plain]:
    words = {key: entry if isinstance(entry, str) else entry.label for key, entry in written.items()}
    return vocabulary(Plain(key, labels(label), grammar.line((*path, key))) for key, label in words.items())


def _row(
    grammar: Grammar, questions: Vocabulary[Question], reasons: Mapping[str, object], path: Path, written: DecisionRow
) -> Row:
    for here, reason in grammar.faults.numbered((*path, "may"), written.may):
        if reason not in reasons:
            grammar.faults.unknown_of(here, say("reason"), reason, reasons)
    if written.forbids and written.may:
        message = say("a row cannot both forbid a complaint and allow one")
        grammar.faults.add((*path, "forbids"), "contradiction", message)
    return Row(
        written.name,
        labels(written.advice),
        _case(grammar, questions, written.when, (*path, "when")),
        labels(written.reason),
        tuple(reason for reason in written.may if reason in reasons),
        written.forbids,
        None if written.ask is None else grammar.group(written.ask, (*path, "ask")),
        grammar.line(path),
    )


def _case(
    grammar: Grammar, questions: Vocabulary[Question], written: Mapping[str, str | Sequence[str]], path: Path
) -> Case:
    case: dict[str, tuple[str, ...]] = {}
    for fact, answers in written.items():
        question = questions.entries.get(fact)
        if question is None:
            grammar.faults.unknown_of((*path, fact), say("fact"), fact, questions.entries)
            continue
        listed = [answers] if isinstance(answers, str) else list(answers)
        for answer in listed:
            if answer not in question.values.entries:
                grammar.faults.unknown_of((*path, fact), say("answer"), answer, question.values.entries)
        case[fact] = tuple(answer for answer in listed if answer in question.values.entries)
    return case


def _complaint(grammar: Grammar, path: Path, written: WrittenComplaint | None) -> Complaint | None:
    if written is None:
        return None
    here: Path = (*path, "complaint")
    reasons = _plain(grammar, (*here, "reasons"), written.reasons)
    if written.field is not None and written.field not in grammar.settable():
        grammar.faults.unknown_of((*here, "field"), say("field"), written.field, grammar.settable())
    return Complaint(
        grammar.known(written.link, grammar.policy.links, (*here, "link"), say("kind of link")),
        reasons,
        written.field if written.field in grammar.settable() else None,
        grammar.values(written.set, (*here, "set")),
    )


def _prove(decision: Decision, faults: Faults) -> None:
    """Note the cases that no row covers, those that two rows answer differently, and the rows that never apply."""
    path: Path = ("decision", decision.key)
    if size(decision) > MOST_CASES:
        message = say("this table has more than {most} cases: make several of it", most=MOST_CASES)
        faults.add_key(path, "too-many-cases", message)
        return
    for clash in clashes(decision):
        position = decision.rows.index(clash.second)
        message = say(
            "rows {first} and {second} answer differently where {case}",
            first=clash.first.key,
            second=clash.second.key,
            case=_told(decision, {fact: (answer,) for fact, answer in clash.case.items()}),
        )
        faults.add_key((*path, "row", position), "ambiguous-case", message)
    for row in idle_rows(decision):
        message = say("row {row} can never apply: all of its cases are impossible", row=row.key)
        faults.warn((*path, "row", decision.rows.index(row)), "idle-row", message)
    for case in uncovered(decision):
        faults.warn(path, "uncovered-case", say("no row covers: {case}", case=_told(decision, case)))


def _told(decision: Decision, case: Case) -> str:
    """Return a case as tk.toml writes it: facts whose answers are all left out make no difference."""
    parts = []
    for fact, answers in case.items():
        values = decision.questions.entries[fact].values
        if len(answers) < len(values.entries):
            parts.append(f"{fact} = {'|'.join(answers)}")
    return ", ".join(parts) or "…"
