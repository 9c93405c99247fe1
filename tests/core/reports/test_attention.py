"""`attention` lists the open tickets to look at, and why (rules A4, A16)."""

from tests.core.reports.lives import at, life, question, stamp
from tk.core.chronicle import Life
from tk.core.reports.attention import LONGEST, attention
from tk.core.reports.values import plain

NEXT = {"follow_up": stamp("30")}


def why(*lives: Life) -> dict[str, list[tuple[object, object]]]:
    """Return ids and instants by reason."""
    found: dict[str, list[tuple[object, object]]] = {}
    for reason, number, _, _, since, _ in attention(question("20"), lives).rows:
        found.setdefault(str(plain(reason)), []).append((number, since))
    return found


def test_a16_a_ticket_tried_by_one_call_only_is_listed() -> None:
    one = life("TK-1", ("1", "status=open"), ("2", "call-out zgomez"), **NEXT)
    two = life("TK-2", ("1", "status=open"), ("2", "call-out zgomez"), ("3", "call-out zgomez"), **NEXT)
    mail = life("TK-3", ("1", "status=open"), ("2", "call-out zgomez"), ("3", "mail-out zgomez"), **NEXT)
    answered = life("TK-4", ("1", "status=open"), ("2", "call-out zgomez"), ("3", "mail-in ana@example.cl"), **NEXT)
    solved = life("TK-5", ("1", "status=open"), ("2", "call-out zgomez"), ("3", "status=solved"), **NEXT)
    by_mail = life("TK-6", ("1", "status=open"), ("2", "mail-out zgomez"), **NEXT)
    assert why(one, two, mail, answered, solved, by_mail)["one-call"] == [("TK-1", at("2"))]


def test_a4_a_ticket_with_an_owner_and_without_a_next_step_is_listed() -> None:
    ahead = life("TK-1", ("1", "status=open", "owner=mlopez"), follow_up=stamp("30"))
    behind = life("TK-2", ("1", "status=open", "owner=mlopez"), follow_up=stamp("19"))
    nowhere = life("TK-3", ("2", "status=pending", "owner=mlopez"))
    nobodys = life("TK-4", ("1", "status=open"))
    assert why(ahead, behind, nowhere, nobodys)["no-next-step"] == [("TK-2", at("1")), ("TK-3", at("2"))]


def test_those_wait_longest_whom_nobody_has_told_anything_for_longest() -> None:
    told = life("TK-1", ("1", "status=open"), ("9", "mail-out zgomez"))
    ours = life("TK-2", ("2", "status=open"))
    theirs = life("TK-3", ("1", "status=pending"))
    assert why(told, ours, theirs)["longest-waiting"] == [("TK-2", at("2")), ("TK-1", at("9"))]
    many = [life(f"TK-{n}", (str(1 + n), "status=new")) for n in range(LONGEST + 3)]
    assert [number for number, _ in why(*many)["longest-waiting"]] == [f"TK-{n}" for n in range(LONGEST)]


def test_a_ticket_that_goes_back_and_forth_is_listed() -> None:
    owners = ["mlopez", "zgomez", "mlopez", "zgomez"]
    steps = [(str(1 + n), "status=open", f"owner={owner}") for n, owner in enumerate(owners)]
    assert why(life("TK-1", *steps, **NEXT))["ping-pong"] == [("TK-1", at("4"))]
    assert "ping-pong" not in why(life("TK-2", *steps[:3], **NEXT))
    round_trip = [(str(1 + n), f"owner={owner}", "status=open") for n, owner in enumerate(["a", "b", "c", "d"])]
    assert "ping-pong" not in why(life("TK-3", *round_trip, **NEXT))


def test_totals_count_each_reason() -> None:
    made = attention(question("20"), [life("TK-1", ("1", "status=open", "owner=mlopez"), ("2", "call-out mlopez"))])
    assert made.totals == {"open": 1, "one_call": 1, "no_next_step": 1, "longest_waiting": 1, "ping_pong": 0}
