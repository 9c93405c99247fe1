"""git's own record of a merge that people must settle: `MERGE_HEAD` and the words for its commit."""

from contextlib import suppress

from tk.store.repo import Repo

_WORDS = ("MERGE_MSG", "MERGE_MODE", "AUTO_MERGE")


def other(repo: Repo) -> str | None:
    """Return the commit that is being merged; None where no merge is under way."""
    with suppress(OSError):
        return (repo.git_dir / "MERGE_HEAD").read_text(encoding="ascii", errors="replace").split("\n")[0] or None
    return None


def words(repo: Repo) -> str:
    """Return the message that git has ready for the commit of the merge; "" where there is none."""
    with suppress(OSError):
        return (repo.git_dir / "MERGE_MSG").read_text(encoding="utf-8", errors="replace")
    return ""


def begin(repo: Repo, oid: str, message: str) -> None:
    """Tell git that commit `oid` is being merged; in this order, or git would take the words for another commit's."""
    (repo.git_dir / "MERGE_MSG").write_text(message, encoding="utf-8")
    (repo.git_dir / "MERGE_MODE").write_text("", encoding="ascii")
    head = repo.git_dir / "tk" / "merge-head"
    head.write_text(f"{oid}\n", encoding="ascii")
    head.replace(repo.git_dir / "MERGE_HEAD")


def end(repo: Repo, oid: str | None) -> None:
    """Tell git that the merge of commit `oid` is over, if that is the one under way."""
    if oid is not None and other(repo) == oid:
        (repo.git_dir / "MERGE_HEAD").unlink(missing_ok=True)
        drop_words(repo)


def drop_words(repo: Repo) -> None:
    """Forget the words for the commit of a merge that did not begin, or has ended."""
    for name in _WORDS:
        (repo.git_dir / name).unlink(missing_ok=True)
