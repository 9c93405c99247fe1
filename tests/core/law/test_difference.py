"""The actions that lie between two states of a ticket, in the order in which they are judged."""

from datetime import timedelta

from tests.cases import AT, Case, actor, event, ticket
from tests.policies import desk_policy, policy_of
from tk.core.action import Action, Assignment, Draft
from tk.core.facts import Actor
from tk.core.law.difference import derive, in_order
from tk.core.ticket import Approval, Attachment, Link, Rating, Request, Ticket

BEFORE = ticket(fields={"serial": "SN-1", "level": ""}, links=(Link("see", "TK-260701-0B2M4"),), events=(event(),))


def derived(after: Ticket, before: Ticket | None = BEFORE, who: str | None = "mlopez") -> list[Action]:
    return list(derive(desk_policy(), before, after, None if who is None else Actor(who, "")))


def test_everything_at_once_is_read_in_the_order_of_judging() -> None:
    note, said = event(id="e-bbbb"), event(id="e-cccc", by="ana@example.cl", type="call-in")
    after = BEFORE._replace(
        title="Other",
        tags=("b",),
        category=(),
        status="solved",
        owner="mlopez",
        follow_up=AT,
        links=(*BEFORE.links, Link("see", "TK-260701-00001")),
        attachments=(Attachment("a", "invoice"), Attachment("b")),
        requests={"type": Request("mlopez", AT, "fault"), "call": Request("mlopez", AT)},
        approvals={"z": Approval("mlopez", AT), "a": Approval("mlopez", AT)},
        rating=Rating("good", "mlopez", AT),
        fields={"color": "red", "level": "2", "a-key": "x"},
        description="words",
        events=(event(), note, said),
    )
    assert derived(after) == [
        Action("set", "title", "Other"),
        Action("set", "tags", ("b",)),
        Action("set", "serial", None),
        Action("set", "level", "2"),
        Action("set", "description", "words"),
        Action("set", "a-key", "x"),
        Action("set", "color", "red"),
        Action("attach", "invoice", Attachment("a", "invoice")),
        Action("attach", "", Attachment("b")),
        Action("request", "call"),
        Action("request", "type", "fault"),
        Action("approve", "a"),
        Action("approve", "z"),
        Action("log-for", "call-in", said),
        Action("log", "note", note),
        Action("link", "see", "TK-260701-00001"),
        Action("assign", "", Assignment("mlopez")),
        Action("schedule", "", AT),
        Action("advance", "", "solved"),
        Action("rate", "", "good"),
    ]
    assert in_order(desk_policy(), reversed(derived(after)))[:3] == derived(after)[:3]


def test_stamps_are_no_actions() -> None:
    later = AT + timedelta(hours=1)
    assert derived(BEFORE._replace(updated=later, status_since=later, due={"resolution": later}, activity=later)) == []


def test_an_empty_value_of_a_file_is_none() -> None:
    assert derived(BEFORE._replace(fields={"serial": "SN-1"})) == []
    assert derived(BEFORE._replace(fields={"serial": "SN-1", "level": (), "line": {}})) == []
    assert derived(BEFORE._replace(title="")) == [Action("set", "title", None)]


def test_a_new_ticket_is_a_draft_and_what_was_done_to_it_at_once() -> None:
    after = ticket(
        id="TK-260812-7K3QX", status="solved", owner="mlopez", priority="high", fields={"level": "2", "x": ""}
    )
    assert derived(after, None) == [
        Action("new", "", Draft("TK-260812-7K3QX", after.title, "", {"priority": "high", "level": "2"})),
        Action("assign", "", Assignment("mlopez")),
        Action("advance", "", "solved"),
    ]
    bare = Ticket("TK-260812-7K3QX")
    assert derived(bare, None) == [Action("new", "", Draft("TK-260812-7K3QX", "")), Action("advance", "", "")]


def test_whose_event_it_is_says_whether_it_was_logged_for_another() -> None:
    for by, who, verb in (
        ("mlopez", "mlopez", "log"),
        ("zgomez", "mlopez", "log"),
        ("ana@example.cl", "mlopez", "log-for"),
        ("ana@example.cl", "ana@example.cl", "log"),
        ("ana@example.cl", None, "log-for"),
    ):
        entered = event(id="e-bbbb", by=by)
        assert derived(BEFORE._replace(events=(event(), entered)), who=who) == [Action(verb, "note", entered)]


def test_a_second_event_of_an_id_was_added() -> None:
    double = BEFORE._replace(events=(event(), event(text="other")))
    assert derived(double) == [Action("log", "note", event(text="other"))]
    assert derived(double, double) == []


def test_the_order_of_judging_does_not_hang_on_the_order_of_typing() -> None:
    """An agent may set the priority of incidents alone: whichever was typed first, the command is judged alike."""
    policy = policy_of(
        '[desk]\nname = "D"\nzone = "UTC"\nlanguage = "en"\n[statuses.open]\nkind = "open"\n[priorities]\nlow = ""\n'
        'high = ""\n[types]\nfault = ""\nincident = ""\n[events]\nnote = ""\n[roles.anyone]\n'
        'may = ["set.type", { action = "set.priority", when = { type = "incident" } }]\n'
    )
    case = Case(policy, ticket(type="incident"), actor(policy=policy))
    typed = [Action("set", "type", "fault"), Action("set", "priority", "high")]
    for order in (typed, typed[::-1]):
        state = case.before
        for action in in_order(policy, order):
            answer = case._replace(before=state).judge(action)
            assert isinstance(answer, Ticket)
            state = answer
        assert state is not None
        assert derive(policy, case.before, state) == tuple(typed[::-1])


def test_a_verb_that_nobody_knows_is_judged_last() -> None:
    planned = [Action("undo"), Action("rate", "", "good"), Action("new")]
    assert [action.verb for action in in_order(desk_policy(), planned)] == ["new", "rate", "undo"]
