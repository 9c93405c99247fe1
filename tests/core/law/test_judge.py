"""The law and its inverse, for every action on every ticket under every policy."""

from hypothesis import event as noted
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import AT, Case, actions, actor, cases, event, lenient, ticket
from tests.policies import desk_policy
from tk.core.action import ORDER, Action, Draft
from tk.core.facts import NOTHING
from tk.core.law.difference import derive, in_order
from tk.core.law.effect import apply
from tk.core.law.hearing import Hearing
from tk.core.law.judge import enact
from tk.core.review.objections import review
from tk.core.ticket import Ticket
from tk.core.verdict import Refusal

LAWLESS = {"not-allowed", "requirement", "transition"}
"""Why an action is refused that makes sense in itself."""

COMMAND = tuple(verb for verb in ORDER if verb != "new")


def drawn(data: st.DataObject, verbs: tuple[str, ...] = ()) -> tuple[Case, Action]:
    case = data.draw(cases())
    return case, data.draw(actions(case, ("new",) if case.before is None else verbs))


@settings(max_examples=250)
@given(st.data())
def test_what_one_action_made_gives_back_that_action(data: st.DataObject) -> None:
    case, action = drawn(data)
    after = case.judge(action)
    if isinstance(after, Refusal):
        noted(f"{action.verb} {after.code}")
        if after.code not in LAWLESS:
            return
        after = apply(case.policy, case.before, action, case.actor, case.at)
    noted(f"{action.verb} done")
    if after != case.before:
        assert derive(case.policy, case.before, after, case.actor) == (action,)


@settings(max_examples=150)
@given(st.data())
def test_every_verb_can_be_done_and_gives_itself_back(data: st.DataObject) -> None:
    """Where everything is allowed to everybody, so that hardly an action is lost to a refusal."""
    case = data.draw(cases())
    case = case._replace(policy=lenient(case.policy))
    action = data.draw(actions(case, ("new",) if case.before is None else COMMAND))
    after = case.judge(action)
    if isinstance(after, Ticket) and after != case.before:
        assert derive(case.policy, case.before, after, case.actor) == (action,)
        assert review(case.policy, NOTHING, case.before, after, case.actor, AT) == []


@settings(max_examples=150)
@given(st.data(), st.text(), st.text(), st.none() | st.text() | st.binary() | st.lists(st.text()) | st.just(AT))
def test_the_law_answers_whatever_is_asked(data: st.DataObject, verb: str, thing: str, value: object) -> None:
    case, action = drawn(data)
    verb = data.draw(st.sampled_from([verb, *ORDER]))
    for asked in (action, Action(verb, thing, value), action._replace(value=value), action._replace(object=thing)):
        answer = case.judge(asked)
        forced = enact(Hearing(case.policy, NOTHING, case.actor, case.at), case.before, asked)
        assert isinstance(forced, Ticket)
        if isinstance(answer, Refusal):
            assert str(answer.message)
            assert answer.instead is None or str(answer.instead)
        else:
            assert answer == forced


def key_of(action: Action) -> tuple[str, object]:
    """Return what two actions of one command cannot both change."""
    match action.verb:
        case "log" | "log-for":
            return "log", getattr(action.value, "id", None)
        case "attach":
            return "attach", getattr(action.value, "file", None)
        case "set" | "request" | "approve" | "link":
            return action.verb, action.object
    return action.verb, None


@settings(max_examples=150)
@given(st.data())
def test_a_command_of_several_actions_is_read_back_whole_and_has_no_objection(data: st.DataObject) -> None:
    case, first = drawn(data, COMMAND)
    verbs = COMMAND if case.before is not None else tuple(verb for verb in COMMAND if verb != "set")
    later = data.draw(st.lists(actions(case, verbs), max_size=6, unique_by=key_of))
    planned = {key_of(action): action for action in (*later, first)}
    done: list[Action] = []
    state = case.before
    for action in in_order(case.policy, planned.values()):
        after = case._replace(before=state).judge(action)
        if isinstance(after, Ticket) and after != state:
            done.append(action)
            state = after
    if state is not None:
        assert derive(case.policy, case.before, state, case.actor) == tuple(done)
        assert review(case.policy, NOTHING, case.before, state, case.actor, AT) == []


def test_an_action_that_changes_nothing_is_allowed_to_everybody() -> None:
    case = Case(desk_policy(), ticket(priority="high"), actor("stranger"))
    assert case.judge(Action("set", "priority", "high")) is case.before
    assert case.judge(Action("advance", "", "open")) is case.before


def test_a_new_ticket_is_stamped_and_starts_where_the_policy_says() -> None:
    draft = Draft("TK-260812-7K3QX", "Fuga", "Sale agua.", {"priority": "high", "level": "2"})
    after = Case(desk_policy(), None, actor()).judge(Action("new", "", draft))
    assert after == Ticket(
        "TK-260812-7K3QX",
        title="Fuga",
        status="new",
        status_since=AT,
        priority="high",
        creator="mlopez",
        created=AT,
        updated=AT,
        fields={"level": "2"},
        description="Sale agua.",
    )


def test_the_first_no_counts_sense_before_right_before_requirement() -> None:
    nobody = Case(desk_policy(), ticket(type="warranty"), actor("stranger"))
    refusals = [nobody.judge(Action("advance", "", status)) for status in ("openx", "solved")]
    refusals.append(nobody._replace(actor=actor("zgomez")).judge(Action("advance", "", "solved")))
    assert [refusal.code for refusal in refusals if isinstance(refusal, Refusal)] == [
        "unknown-status",
        "not-allowed",
        "requirement",
    ]


def test_a_stranger_may_what_anyone_may() -> None:
    note = event(by="stranger@example.com")
    after = Case(desk_policy(), ticket(), actor("stranger")).judge(Action("log", "note", note))
    assert isinstance(after, Ticket)
    assert after.events == (note,)
