"""The desk that is measured is a desk like any other: nothing is wrong with it, and its law allowed all of it."""

from collections import Counter
from pathlib import Path

import pytest

from tests.bench import desk
from tests.bench.years import BEGIN, END, LEAST, MOST, RECHECKED, years
from tests.world import Desk
from tk.core.instant import epoch

TICKETS = 40


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk.kept(tmp_path_factory.mktemp("cache"), TICKETS, MOST)


@pytest.fixture
def measured(kept: Path, tmp_path: Path) -> Desk:
    return Desk(desk.clone(kept, tmp_path / "desk"), END.isoformat())


def test_check_and_audit_find_nothing_in_it(measured: Desk) -> None:
    checked = measured.run("check")
    assert (checked.code, checked.out) == (0, "")
    assert f"{TICKETS} tickets checked: 0 errors, 0 warnings" in checked.err
    audited = measured.run("audit", "HEAD~100..HEAD")
    assert (audited.code, audited.out) == (0, "")
    assert "100 commits audited: 0 refusals" in audited.err


def test_it_is_packed_and_its_index_is_younger_than_its_files(measured: Desk, kept: Path) -> None:
    assert len(list(kept.glob("objects/pack/*.pack"))) == 1
    assert (kept / "objects/info/commit-graph").exists()
    assert measured.git("status", "--porcelain") == ""
    files = measured.root.glob("tickets/*/*/*/*.md")
    assert {int(file.stat().st_mtime) for file in files} == {epoch(END)}


def test_a_sweep_has_nothing_to_do_before_what_is_to_be_rechecked_falls_due(measured: Desk) -> None:
    assert "0 would be changed" in measured.run("sweep", "--dry-run").err
    due = measured.ok("list", "status:solved", f"tag:{RECHECKED}", "--format", "ids").split()
    swept = measured.ok("sweep", "--as-of", "2026-09-11T10:00:00-05:00")
    assert due
    assert all(f"{ticket} recheck: solved → closed" in swept for ticket in due)


def test_it_is_kept_and_made_only_once(kept: Path) -> None:
    made = kept.stat().st_ctime_ns
    assert desk.kept(kept.parent, TICKETS, MOST) == kept
    assert kept.stat().st_ctime_ns == made


@pytest.mark.parametrize("commits", [LEAST, MOST])
def test_its_years_are_the_same_each_time_and_in_order(commits: int) -> None:
    policy = desk.policy_of(desk.policy_text())
    first, second = (list(years(policy, TICKETS, commits)) for _ in range(2))
    assert first == second
    assert [commit.at for commit in first] == sorted(commit.at for commit in first)
    assert first[0].at == BEGIN
    assert first[-1].at <= END
    counts = Counter(commit.number for commit in first)
    assert set(counts) == set(range(TICKETS))
    assert max(counts.values()) == commits
    assert counts[1] == commits
    sizes = sorted(len(commit.data) for commit in first)
    assert 1_500 < sizes[-1] < 3_000
