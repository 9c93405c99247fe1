"""What the sides of a merge come to, where two tickets had drawn one id."""

from typing import Any, cast

from tests.cases import ticket
from tk.core.ticket import Link
from tk.store.merging.merge_sides import Merging, _relinked

OLD, NEW = "TK-260812-0005C", "TK-260812-VATCC"
MERGE = Merging(cast(Any, None), cast(Any, None), {"a": ticket(id=NEW, aliases=(OLD,)), "b": ticket(id=OLD)})


def test_a_link_to_the_twin_that_moved_goes_with_it() -> None:
    began = ticket(links=(Link("see", OLD),))
    assert _relinked(MERGE, began, ticket(links=(Link("see", NEW),))).links == (Link("see", NEW),)


def test_where_each_side_linked_one_twin_both_links_stay() -> None:
    both = (Link("see", OLD), Link("see", NEW))
    assert _relinked(MERGE, ticket(links=both), ticket(links=both)).links == both
