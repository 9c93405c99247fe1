"""A policy is compiled once and kept; what is kept is never believed further than it was checked."""

import pickle
from pathlib import Path
from zlib import crc32

import pytest

import tk
from tests.policies import DESK as POLICY
from tk.errors import PolicyBroken
from tk.store import policies
from tk.store.policies import Reading, load

TEXT = POLICY.encode()


def cache(state: Path) -> Path:
    (kept,) = (state / "policies").iterdir()
    return kept


def summed(pickled: bytes) -> bytes:
    """Return what a cache of `TEXT` holds that has kept this."""
    body = TEXT + pickled
    return crc32(body).to_bytes(4, "big") + body


def compiled(reading: Reading) -> bytes:
    return summed(pickle.dumps(reading))


def marked(reading: Reading) -> Reading:
    """Return the reading with a mark by which it can be told from one that was read."""
    assert reading.policy is not None
    return reading._replace(policy=reading.policy._replace(desk=reading.policy.desk._replace(name="marked")))


def is_marked(reading: Reading) -> bool:
    return reading.policy is not None and reading.policy.desk.name == "marked"


def test_what_was_compiled_comes_back_the_same(tmp_path: Path) -> None:
    first = load(tmp_path, TEXT)
    assert first.usable().desk.prefix == first.readable().desk.prefix
    assert load(tmp_path, TEXT) == first


def test_the_second_time_it_is_not_read_again(tmp_path: Path) -> None:
    first = load(tmp_path, TEXT)
    cache(tmp_path).write_bytes(compiled(marked(first)))
    assert is_marked(load(tmp_path, TEXT))


def test_another_text_is_another_policy(tmp_path: Path) -> None:
    first = load(tmp_path, TEXT)
    cache(tmp_path).write_bytes(compiled(marked(first)))
    assert not is_marked(load(tmp_path, TEXT + b"\n"))
    assert len(list((tmp_path / "policies").iterdir())) == 2


def test_a_text_of_the_same_checksum_is_another_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "crc32", lambda _: 7)
    first, other = load(tmp_path, TEXT), TEXT.replace(b"open", b"OPEN")
    assert load(tmp_path, other) != first
    assert load(tmp_path, TEXT) == first
    assert len(list((tmp_path / "policies").iterdir())) == 1


def test_another_version_of_tk_compiles_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(tmp_path, TEXT)
    cache(tmp_path).write_bytes(compiled(marked(first)))
    assert cache(tmp_path).name.endswith(f"-{tk.__version__}")
    monkeypatch.setattr(policies, "__version__", "99.0")
    assert not is_marked(load(tmp_path, TEXT))


class Stranger:
    """Something that a policy is not."""


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"short",
        b"x" * 5000,
        summed(b"no pickle"),
        compiled(load(Path("/nonexistent"), TEXT))[:-9],
        summed(pickle.dumps("text")),
        summed(b"ctk.nowhere\nNothing\n."),
        summed(b"ctk.store.policies\nNothing\n."),
    ],
)
def test_a_spoilt_cache_is_read_past_and_mended(tmp_path: Path, spoilt: bytes) -> None:
    first = load(tmp_path, TEXT)
    cache(tmp_path).write_bytes(spoilt)
    assert load(tmp_path, TEXT) == first
    assert cache(tmp_path).read_bytes() == compiled(first)


def test_a_folder_in_the_caches_place_only_costs_time(tmp_path: Path) -> None:
    first = load(tmp_path, TEXT)
    kept = cache(tmp_path)
    kept.unlink()
    kept.mkdir()
    assert load(tmp_path, TEXT) == first


def test_where_nothing_can_be_written_it_is_read_each_time(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder would be")
    assert load(tmp_path / "state", TEXT) == load(tmp_path / "state", TEXT)
    assert load(Path("/proc/none"), TEXT).policy is not None


def test_old_ones_make_room(tmp_path: Path) -> None:
    for n in range(policies._KEPT + 3):
        load(tmp_path, b"%d = nonsense" % n)
    assert len(list((tmp_path / "policies").iterdir())) == policies._KEPT


def test_a_policy_with_a_mark_in_front_and_other_line_ends_says_the_same(tmp_path: Path) -> None:
    first = load(tmp_path, TEXT).usable()
    other = load(tmp_path, b"\xef\xbb\xbf" + TEXT.replace(b"\n", b"\r\n")).usable()
    assert other._replace(digest=first.digest) == first


def test_bytes_that_are_no_text_are_told_by_their_line(tmp_path: Path) -> None:
    reading = load(tmp_path, TEXT + b"\n# a\xf1o\n")
    (finding,) = reading.findings
    assert (reading.policy, finding.path, finding.code) == (None, "tk.toml", "encoding")
    assert finding.line == TEXT.count(b"\n") + 2


def test_a_zone_that_nobody_knows_is_an_error_and_reading_works(tmp_path: Path) -> None:
    lines = POLICY.splitlines(keepends=True)
    text = "".join('zone = "Mars/Olympus"\n' if line.startswith("zone") else line for line in lines)
    reading = load(tmp_path, text.encode())
    zones = [finding for finding in reading.findings if finding.code == "bad-zone"]
    assert [text.splitlines()[finding.line - 1] for finding in zones] == ['zone = "Mars/Olympus"']
    with pytest.raises(PolicyBroken, match="Mars/Olympus"):
        reading.usable()


def test_a_broken_one_says_its_first_error_and_how_many_more(tmp_path: Path) -> None:
    text = POLICY.replace("kind = ", "knid = ").encode()
    with pytest.raises(PolicyBroken, match=r"tk\.toml:\d+:\d+: ") as refusal:
        load(tmp_path, text).usable()
    assert "tk check lists them all" in str(refusal.value.hint)


@pytest.mark.parametrize("text", [b"", b"= nonsense", b"[desk]\nformat = 99\n"])
def test_what_is_no_policy_is_not_readable_either(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(PolicyBroken):
        load(tmp_path, text).readable()
