"""Many merges asked at once tell what each told by itself, by either way of finding where their sides parted."""

import pytest

from tests.services.office import Office
from tests.store.test_chronicle import random_day
from tk.store import history
from tk.store.history import Range
from tk.store.merging import merges
from tk.store.repo import find


@pytest.mark.parametrize("seed", range(20, 23))
def test_all_at_once_is_one_by_one(office: Office, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random_day(office, seed)
    repo, tip = find(office.root), office.head()
    made = [commit for commit, _ in history.walk(repo, Range((tip,))) if len(commit.parents) > 1]
    wanted = {commit.oid: touches for commit in made if (touches := history.of_merge(repo, commit))}
    few = {commit.oid: touches for commit, touches in merges.own_touches(repo, made, tip)}
    monkeypatch.setattr(merges, "_FEW", -1)
    many = {commit.oid: touches for commit, touches in merges.own_touches(repo, made, tip)}
    assert few == many == wanted


def test_histories_with_nothing_in_common_are_merged_from_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.ok("new", "Uno")
    office.git("checkout", "-q", "--orphan", "other")
    office.replace(number, "title: Uno", "title: Dos")
    office.commit()
    office.git("checkout", "-q", "main")
    assert office.try_git("merge", "--allow-unrelated-histories", "other").returncode == 1
    office.git("checkout", "--theirs", "--", str(office.file(number)))
    office.commit()
    repo, tip = find(office.root), office.head()
    made = [commit for commit, _ in history.walk(repo, Range((tip,))) if len(commit.parents) > 1]
    monkeypatch.setattr(merges, "_FEW", -1)
    ((merge, touches),) = merges.own_touches(repo, made, tip)
    assert merge.oid == tip
    assert touches == history.of_merge(repo, merge)


def test_a_merge_of_more_than_two_sides_is_seen_against_them_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [office.ok("new", f"T{n}") for n in range(3)]
    for place, number in enumerate(numbers):
        office.git("checkout", "-q", "-b", f"b{place}", "main")
        office.ok("set", number, "priority=high")
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-edit", "b0", "b1", "b2")
    repo, tip = find(office.root), office.head()
    (made,) = [commit for commit, _ in history.walk(repo, Range((tip,))) if len(commit.parents) > 2]
    for few in (32, -1):
        monkeypatch.setattr(merges, "_FEW", few)
        assert list(merges.own_touches(repo, [made], tip)) == []
