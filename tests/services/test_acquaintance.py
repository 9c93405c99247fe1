"""Who asks is known already: his open tickets are told before another one is made (desks.md D2)."""

from tests.world import Desk


def test_open_tickets_of_the_requester_and_of_the_customer_are_told_before_the_new_one(desk: Desk) -> None:
    first = desk.ok("new", "First", "--requester", "Ana@example.cl")
    closed = desk.ok("new", "Second", "--requester", "ana@example.cl")
    desk.ok("advance", closed, "closed")
    other = desk.ok("new", "Third", "--customer", "sol")
    desk.ok("new", "Fourth", "--requester", "luis@example.cl")
    told = desk.run("new", "Fifth", "--requester", "ana@example.cl", "--customer", "sol").err
    assert told.splitlines()[0] == "there already, and not closed:"
    assert {line.split()[0] for line in told.splitlines()[1:]} == {first, closed, other} - {closed}


def test_who_is_new_here_is_told_of_nothing(desk: Desk) -> None:
    assert desk.run("new", "First", "--requester", "ana@example.cl").err == ""
    assert desk.run("new", "Second").err == ""
